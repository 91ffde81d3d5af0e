// Our marks on what the server wrote: which card is open, which were read, which key presses what, where Back leads.
import { all, html, isVisible, recall } from "../dom.js";
import { linkOf, numberOf, opened, preview } from "./cards.js";
import { count } from "./selection.js";

// Where "Back to the queue" leads: to the queue as this tab left it.
const BACK = "queue";
const keepBack = () => preview && recall(BACK, `${location.pathname}${location.search}`, "sessionStorage");

// What was opened here counts as seen, as a link does that was followed.
const SEEN = "seen";
const openedCards = new Set((recall(SEEN) || "").split(" "));

/** @param {string} number */
export function markRead(number) {
  openedCards.add(number);
  recall(SEEN, Array.from(openedCards).slice(-500).join(" "));
}

const switches = () => /** @type {HTMLInputElement[]} */ (all("input.keys-switch"));
const wanted = () => !document.cookie.split("; ").includes("keys=off");
let on = wanted();
export const areKeysOn = () => on;

document.addEventListener("change", (event) => {
  if (!switches().includes(/** @type {HTMLInputElement} */ (event.target))) return;
  on = /** @type {HTMLInputElement} */ (event.target).checked;
  document.cookie = `keys=${on ? "on" : "off"}; path=/; max-age=31536000; samesite=lax`;
  drawMarks();
});

/** @param {string} key @param {ParentNode} root @returns {HTMLElement | undefined} */
export const control = (key, root) => all(`[data-key="${key}"]`, root).find(isVisible);

export function drawMarks() {
  const number = opened();
  keepBack();
  const back = recall(BACK, undefined, "sessionStorage");
  if (back) for (const one of all("[data-back]")) one.setAttribute(one.tagName === "A" ? "href" : "value", back);
  for (const item of all(".desk .item")) {
    const mine = numberOf(item);
    item.classList.toggle("opened", mine !== "" && mine === number);
    item.classList.toggle("read", openedCards.has(mine));
    mine && mine === number ? linkOf(item)?.setAttribute("aria-current", "true") : linkOf(item)?.removeAttribute("aria-current");
  }
  html.toggleAttribute("data-keys", on);
  for (const part of all("[data-key]")) hint(part);
  for (const one of switches()) one.checked = on;
  count();
}

/** @param {HTMLElement} part */
function hint(part) {
  const key = part.dataset.key || "";
  on ? part.setAttribute("aria-keyshortcuts", key) : part.removeAttribute("aria-keyshortcuts");
  part.title = on ? `Key: ${key}` : "";
}

/** Chosen on another page meanwhile. */
export function followKeysSetting() {
  if (document.cookie) on = wanted();
  drawMarks();
}
