// Regions and lists, brought in line with a fresh copy of this page.
import { all, byId } from "../dom.js";
import { toast } from "../toasts.js";
import { HOVERS } from "./hand.js";
import { bringIn, held, remove, retitle, setOrder, sortSoon } from "./lists.js";
import { drop, renew, settle } from "./morph.js";
import { refetchSoon } from "./schedule.js";
import { lists, markup, pushed, regions, seen } from "./seen.js";
import { alone, state } from "./state.js";

/** @param {Document} fresh */
export function swapShell(fresh) {
  state.owed = 0;
  for (const region of regions().filter((one) => one.closest(".sidebar"))) {
    const now = fresh.getElementById(region.id);
    if (now) swapOne(region, now);
  }
  if (alone || byId("moved-on")) return;
  const box = toast("This has moved on meanwhile. Reload the page to see where it stands.");
  box.id = "moved-on";
}

/** @param {Document} fresh */
export function swap(fresh) {
  const seq = Number(fresh.body.dataset.seq) || 0;
  const before = regions();
  const now = regions(fresh);
  const ids = new Set(now.map((region) => region.id));
  for (const region of now) {
    // One inside another comes with it: by now its nodes may stand on this page.
    if (region.parentElement?.closest("[data-live][id]")) continue;
    const old = byId(region.id);
    if (!old) bring(region);
    else if (old !== region) swapOne(old, region);
  }
  for (const region of before) if (region.isConnected && !ids.has(region.id)) drop(region);
  for (const list of lists()) {
    const now = fresh.getElementById(list.id);
    if (now) merge(list, now, seq);
  }
  retitle(fresh.title);
  state.last = state.reloading ? seq : Math.max(state.last, seq);
  if (state.reloading || state.owed <= seq) state.owed = 0;
  state.reloading = false;
}

/** @param {HTMLElement} old @param {HTMLElement} now */
function swapOne(old, now) {
  const text = markup(now);
  if (seen.get(old.id) === text) return;
  if (wouldShift(old, now)) {
    state.stale = true;
    return refetchSoon(2000, 3000);
  }
  if (renew(old, now)) seen.set(now.id, text);
  else seen.delete(now.id);
}

let handAt = -Infinity; // when the pointer last moved
document.addEventListener("pointermove", () => (handAt = performance.now()), { passive: true });

/** Would another item come under a hand that is about to press? @param {HTMLElement} old @param {HTMLElement} now */
function wouldShift(old, now) {
  if (!HOVERS.matches || performance.now() - handAt > 5000) return false;
  const items = all(".item", old);
  const at = items.findIndex((item) => item.matches(":hover"));
  const fresh = all(".item", now);
  return at >= 0 && items.slice(0, at + 1).some((item, n) => !fresh[n] || nameOf(item) !== nameOf(fresh[n]));
}

/** @param {HTMLElement} item */
const nameOf = (item) => item.id || item.querySelector("a")?.getAttribute("href");

/** A region that was not there before goes where it stands on the fresh page. @param {HTMLElement} region */
function bring(region) {
  const text = markup(region);
  const { parentElement: parent } = region;
  const siblings = Array.from(parent?.children || []);
  const at = siblings.indexOf(region);
  const before = siblings.slice(0, at).reverse().find((one) => one.id && byId(one.id));
  const after = siblings.slice(at + 1).find((one) => one.id && byId(one.id));
  if (before) byId(before.id)?.after(region);
  else if (after) byId(after.id)?.before(region);
  else if (parent?.id && byId(parent.id)) byId(parent.id)?.prepend(region);
  else return void (state.stale = true);
  seen.set(region.id, text);
  settle(region);
}

/** Bring a list's items in line with the server's. @param {HTMLElement} list @param {HTMLElement} now @param {number} seq */
function merge(list, now, seq) {
  const fresh = /** @type {HTMLElement[]} */ (Array.from(now.children));
  const wanted = new Set(fresh.map((item) => item.id));
  const knows = (/** @type {string} */ id) => (pushed.get(id) || 0) <= seq; // pushed since: the page is behind
  if (list.id === "cards") {
    setOrder(fresh.map((item) => item.id));
    for (const id of Array.from(held.keys())) if (!wanted.has(id) && knows(id)) held.delete(id);
    // Nothing leaves a trail.
    for (const item of /** @type {HTMLElement[]} */ (Array.from(list.children))) if (!wanted.has(item.id) && knows(item.id)) remove(item);
  }
  for (const [at, item] of fresh.entries()) {
    if (knows(item.id)) mergeOne(list, item, fresh.slice(at + 1));
  }
  if (list.id !== "cards") return;
  sortSoon(list);
}

/** @param {HTMLElement} list @param {HTMLElement} item @param {HTMLElement[]} rest those that follow it */
function mergeOne(list, item, rest) {
  const text = markup(item);
  const old = byId(item.id);
  if (held.has(item.id)) return void held.set(item.id, item);
  if (!old) {
    const next = rest.map((one) => byId(one.id)).find((one) => one?.parentElement === list) || null;
    seen.set(item.id, text);
    return bringIn(list, item, next);
  }
  if (seen.get(item.id) === text && !old.matches(".gone")) return undefined;
  old.inert = false;
  if (renew(old, item)) seen.set(old.id, text);
  else seen.delete(old.id);
  return undefined;
}
