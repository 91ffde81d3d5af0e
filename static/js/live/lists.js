// The lists: cards by priority and wait, the trail by arrival. What would move under a hand waits behind a pill.
import { announcer, body, byId } from "../dom.js";
import { FIELDS, HOVERS } from "./hand.js";
import { changed, settle } from "./morph.js";
import { refetchSoon } from "./schedule.js";
import { forget, seen } from "./seen.js";
import { hasComeBelow, isAtEnd } from "./trail.js";

/** Are there more cards than this page shows? @param {ParentNode} root */
const hasMore = (root) => root.querySelector(".pager a[rel=next]") !== null;

/** @param {Element} item */
export function place(item) {
  const { priority = "0", opened = "" } = /** @type {HTMLElement} */ (item).dataset;
  return /** @type {const} */ ([Number(priority), Date.parse(opened) || 0, Number(item.id.split("-").pop())]);
}

/** @param {Element} one @param {Element} other */
function comesBefore(one, other) {
  const [a, b] = [place(one), place(other)];
  return (a[0] - b[0] || a[1] - b[1] || a[2] - b[2]) < 0;
}

/** Whether the list is in order of data-priority; otherwise what comes, comes last. @param {Element} item */
export const isOrdered = (item) => "priority" in /** @type {HTMLElement} */ (item).dataset;

/** The item under the pointer or with the focus, if any. @param {Element} list */
const beingRead = (list) =>
  Array.from(list.children).find((item) => item.matches(":hover") || item.contains(document.activeElement));

/** @param {Element} list @param {Element} item */
function successor(list, item) {
  if (!isOrdered(item)) return null;
  const ids = isPlain() ? [] : order;
  const after = ids.slice(ids.indexOf(item.id) + 1);
  return Array.from(list.children).find((other) => other.id && other !== item && (isPlain() ? comesBefore(item, other) : after.includes(other.id))) || null;
}

// All that waits, by priority and wait, from the first: a card's place can be told without asking the server.
export const isPlain = () =>
  Array.from(new URLSearchParams(location.search)).every(
    ([name, value]) => !value || name === "open" || (name === "lane" && value === "waiting") || (name === "sort" && value === "priority"),
  );
/** @type {string[]} the server's last word on #cards, in order */
let order = [];
/** @param {string[]} ids */
export const setOrder = (ids) => void (order = ids);

/** Would something under the pointer move? @param {Element} list @param {Element | null} next */
function wouldMove(list, next) {
  const reading = beingRead(list);
  if (!next || !reading) return false;
  return next === reading || Boolean(next.compareDocumentPosition(reading) & Node.DOCUMENT_POSITION_FOLLOWING);
}

/** @type {Map<string, HTMLElement>} what came while something was being read */
export const held = new Map();
let unseen = 0; // cards that arrived while this tab was in the background
let title = document.title;

/** Somebody looks: nothing is news any more. */
export function resetTitle() {
  unseen = 0;
  document.title = title;
}

/** @param {string} now */
export function retitle(now) {
  if (now === title) return;
  document.title = document.title.replace(title, () => now);
  title = now;
}

const line = announcer("announcer");

/** @param {HTMLElement} list @param {HTMLElement} item */
export function insert(list, item) {
  const next = successor(list, item);
  if (!next && isOrdered(item) && hasMore(document)) return; // it belongs on a later page
  bringIn(list, item, next);
}

/** @param {HTMLElement} list @param {HTMLElement} item @param {Element | null} next */
function arrive(list, item, next) {
  const atEnd = !isOrdered(item) && isAtEnd(list);
  item.classList.add("new");
  item.addEventListener("animationend", () => item.classList.remove("new"), { once: true });
  list.insertBefore(item, next);
  if (list.id === "cards") clearEmpty();
  settle(item);
  if (atEnd && !document.hidden && !isWritingAbove()) item.scrollIntoView({ block: "nearest" });
  else if (!isOrdered(item) && !next) line.textContent = hasComeBelow();
  if (isOrdered(item)) tell(item);
}

/** It no longer says that nobody waits. */
function clearEmpty() {
  const empty = byId("cards-empty");
  empty?.replaceChildren();
  if (empty) forget(empty);
}

/** Somebody types elsewhere than in the composer, which stays where it is. */
const isWritingAbove = () => document.activeElement?.matches(FIELDS) && !document.activeElement.closest("#composer");

/** @param {HTMLElement} item */
function tell(item) {
  const mine = item.dataset.sender === body.dataset.user;
  if (mine) return;
  line.textContent = `New: ${item.querySelector(".item-title")?.textContent?.trim() || ""}`;
  if (document.hidden) document.title = `(${++unseen}) ${title}`;
}

let unsorted = false; // cards have changed places, and one of them is being read

/** @param {HTMLElement} list */
export function showPill(list) {
  let pill = byId("new-cards");
  if (!held.size && !unsorted) return pill?.remove();
  if (!pill) {
    pill = Object.assign(document.createElement("button"), { id: "new-cards", type: "button", className: "pill" });
    pill.addEventListener("click", () => {
      const items = Array.from(held.values());
      held.clear();
      items.forEach((item) => arrive(list, item, successor(list, item)));
      sort(list);
      showPill(list);
      items[0]?.querySelector("a")?.focus();
    });
    // Not in the flow of the page: the pill itself moves nothing either, and covers no card.
    list.before(pill);
    pill.classList.add("floating");
  }
  const words = held.size ? `${held.size} new` : "Order changed";
  if (pill.textContent !== words) line.textContent = pill.textContent = words;
  if (document.hidden && held.size) document.title = `(${held.size}) ${title}`;
  return undefined;
}

/** The cards as they should stand. @param {HTMLElement} list */
function inOrder(list) {
  const places = new Map(order.map((id, at) => [id, at]));
  return Array.from(list.children).sort((one, other) =>
    isPlain() ? (comesBefore(one, other) ? -1 : 1) : (places.get(one.id) ?? Infinity) - (places.get(other.id) ?? Infinity),
  );
}

/** @param {HTMLElement} list */
function sort(list) {
  unsorted = false;
  const active = /** @type {HTMLElement} */ (document.activeElement);
  let next = /** @type {Element | null} */ (null);
  for (const item of inOrder(list).reverse()) {
    if (item.nextElementSibling !== next) list.insertBefore(item, next);
    next = item;
  }
  if (active !== document.activeElement) active.focus({ preventScroll: true });
  changed();
}

/** Now, or when nobody reads it. @param {HTMLElement} list */
export function sortSoon(list) {
  unsorted = inOrder(list).some((item, at) => item !== list.children[at]);
  if (unsorted && !beingRead(list)) sort(list);
  showPill(list);
}

/** Whoever has left the list finds it in order. */
export function leave() {
  const list = byId("cards");
  if (list && unsorted) sortSoon(list);
}

/** @param {HTMLElement} item */
export function remove(item) {
  const list = /** @type {HTMLElement} */ (item.parentElement);
  const reading = beingRead(list);
  const above = reading && (reading === item || reading.compareDocumentPosition(item) & Node.DOCUMENT_POSITION_PRECEDING);
  if (item.matches(".gone")) return undefined; // it is on its way already
  if (!above || !HOVERS.matches || !reading.matches(":hover")) return take(item);
  // Its neighbour must not slide under the pointer: it goes when the pointer does.
  item.classList.add("gone");
  item.inert = true;
  list.addEventListener("pointerleave", () => item.matches(".gone") && item.isConnected && take(item), { once: true });
  return undefined;
}

/** @param {HTMLElement} item */
function take(item) {
  const neighbour = item.nextElementSibling || item.previousElementSibling;
  const focused = item.contains(document.activeElement);
  item.remove();
  seen.delete(item.id);
  changed();
  if (!neighbour) refetchSoon(0, 300); // what an empty list says
  if (focused) /** @type {HTMLElement | null} */ (neighbour?.querySelector("a, button"))?.focus();
}

/** @param {HTMLElement} list @param {HTMLElement} item @param {Element | null} next */
export function bringIn(list, item, next) {
  if (!wouldMove(list, next)) return arrive(list, item, next);
  held.set(item.id, item);
  return showPill(list);
}
