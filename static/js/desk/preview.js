// The preview beside the list: it shows one card, as its own page would.
import { body, isPlainClick, send } from "../dom.js";
import { WIDE, cardOf, heading, linkOf, numberOf, opened, preview, tell } from "./cards.js";
import { drawMarks, markRead } from "./marks.js";

/** @type {AbortController | null} */
let asking = null;

/** The address of this page with that card open; a reload or a link to a colleague shows it again. @param {string} number */
function address(number) {
  const url = new URL(location.href);
  number ? url.searchParams.set("open", number) : url.searchParams.delete("open");
  history.replaceState(history.state, "", url);
}

/** Show a card in the preview; one that is there already gets the focus. @param {HTMLElement} item */
export async function look(item) {
  const number = numberOf(item);
  if (number === opened() && preview?.firstElementChild?.id === `preview-${number}`) return heading()?.focus();
  address(number);
  outdated = "";
  markRead(number);
  drawMarks();
  const markup = await fetchPreview(item);
  if (markup !== null) keepPlace(item, () => show(markup));
  if (markup !== null && heading()) tell(`Preview: ${heading()?.textContent?.trim()}`);
  if (markup !== null && outdated === number) refresh();
  return undefined;
}

/** Null when somebody has moved on meanwhile, or the page is being left. @param {HTMLElement} item @returns {Promise<string | null>} */
export async function fetchPreview(item) {
  const { pathname, href } = /** @type {HTMLAnchorElement} */ (linkOf(item));
  asking?.abort();
  const mine = (asking = new AbortController());
  const slow = setTimeout(() => preview?.setAttribute("aria-busy", "true"), 200);
  try {
    const answer = await fetch(`${pathname}preview/`, { signal: mine.signal, cache: "no-store" });
    if (answer.ok && !answer.redirected) return await answer.text();
    if (answer.status === 429 || answer.status >= 500) return UNREAD;
    location.assign(href); // signed out, or gone: its own page says what is the matter
  } catch {
    if (!mine.signal.aborted) return UNREAD;
  } finally {
    clearTimeout(slow);
    if (mine === asking) preview?.removeAttribute("aria-busy");
  }
  return null;
}

// Live, so that the next look at the page puts the card in its place.
export const UNREAD = `<article id="preview-unread" class="brief" data-live><div class="brief-body">
  <p class="notice danger" role="alert">This card cannot be shown: the server does not answer. Try again.</p></div></article>`;

/** @param {string} markup */
function show(markup) {
  const template = document.createElement("template");
  template.innerHTML = markup;
  const article = template.content.firstElementChild;
  if (!preview || !article) return;
  preview.replaceChildren(article);
  preview.scrollTop = 0;
  window.htmx?.process(article);
  article.dispatchEvent(new CustomEvent("htmx:afterSwap", { bubbles: true })); // live.js writes the times, drafts.js brings back what was half typed
  drawMarks();
}

export function close() {
  const item = cardOf(opened());
  const inside = preview?.contains(document.activeElement);
  asking?.abort();
  address("");
  keepPlace(item, () => preview?.replaceChildren());
  drawMarks();
  if (item && inside) linkOf(item)?.focus({ preventScroll: true });
}

/** The list becomes wider or narrower: what is looked at stays where it is. @param {HTMLElement | null} item @param {() => void} change */
function keepPlace(item, change) {
  const before = item?.getBoundingClientRect().top || 0;
  change();
  if (item) scrollBy({ top: item.getBoundingClientRect().top - before, behavior: "instant" });
}

document.addEventListener("click", (event) => {
  const target = /** @type {Element} */ (event.target);
  if (target.closest("[data-close]")) return close();
  const item = /** @type {HTMLElement | null} */ (target.closest(".item-title a")?.closest(".desk .item"));
  if (!item || !preview || !WIDE.matches || !isPlainClick(event) || event.defaultPrevented || !numberOf(item)) return undefined;
  event.preventDefault();
  linkOf(item)?.focus({ preventScroll: true });
  return void look(item);
});

let outdated = "";
const refresh = () => send("live:refresh");

// What it shows has changed: at once, and not with the next look at the counts.
body.addEventListener("live:event", ({ detail: { session, handoff } }) => {
  const article = /** @type {HTMLElement | null | undefined} */ (preview?.firstElementChild);
  if (article?.dataset.session === String(session)) refresh();
  else if (opened() === String(handoff)) outdated = opened(); // while it is on its way
});
