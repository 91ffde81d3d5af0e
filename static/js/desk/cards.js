// The list of cards: which one is marked, and which one is open in the preview.
import { all, announcer, body, byId, isVisible } from "../dom.js";

export const main = document.querySelector("main") || body;

const line = announcer();
/** To a screen reader; who sees the page sees it. @param {string} words */
export const tell = (words) => void (line.textContent = words);

/** @type {HTMLElement | null} the card that had the focus last */
let last = null;
export const cards = () => all(".list > .item:not(.gone)", main).filter((item) => linkOf(item) && isVisible(item));
/** Of a line of the bell a button, which has no address. @param {Element} item @returns {HTMLAnchorElement | null} */
export const linkOf = (item) => item.querySelector(".item-title :is(a, button)");
/** @param {Element | null | undefined} item */
export const numberOf = (item) => (item && linkOf(item)?.pathname?.match(/^\/handoffs\/(\d+)\/$/)?.[1]) || "";
/** @param {string} number */
export const cardOf = (number) => (number ? cards().find((item) => numberOf(item) === number) : undefined) || null;

document.addEventListener("focusin", (event) => {
  const item = /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest(".list > .item"));
  if (!item) return;
  const gone = last && !last.isConnected && !byId(last.id || "-");
  if (gone && performance.now() - handAt > 50) slidAt = performance.now();
  last = item;
});

let handAt = -Infinity; // a key or a pointer
let slidAt = -Infinity; // the marked card went and the next one came in its place, by no hand
for (const kind of ["keydown", "pointerdown"]) document.addEventListener(kind, () => (handAt = performance.now()), { capture: true, passive: true });

/** The card that keys act on. @returns {HTMLElement | null} */
export function marked() {
  if (preview?.contains(document.activeElement)) return cardOf(opened());
  const item = last?.isConnected ? last : byId(last?.id || "-");
  return item && isVisible(item) ? item : cardOf(opened());
}

export const WIDE = matchMedia("(min-width: 75rem)"); // as in css/queue.css
export const preview = byId("preview");

/** The number of the card in the preview, or on its way there. */
export const opened = () => (preview && WIDE.matches && new URLSearchParams(location.search).get("open")) || "";
export const heading = () => /** @type {HTMLElement | null | undefined} */ (preview?.querySelector("h2"));

/** The marked card went a moment ago: a key that was meant for it must not hit the next one. */
export const hasJustSlid = () => performance.now() - slidAt < 1000;
