// One element is made what the server says now, node by node, around whatever a hand is on.
import { refocus } from "../busy.js";
import { all, body, send } from "../dom.js";
import { expire, writeTimes } from "../times.js";
import { toast } from "../toasts.js";
import { OPEN, REFUSED, isInUse, isTouched } from "./hand.js";
import { isList } from "./seen.js";
import { state } from "./state.js";

const FOCUSABLE = "a[href], button, summary, [tabindex], input.select";

/** Is anything in here still not as the server wrote it, because a hand is on it? Then it is asked for again. */
let kept = false;

/**
 * Make an element what the server says now. Nodes stay where they can, and with them the focus, the caret, what
 * is half typed, scrolled, opened or chosen.
 * @param {Element} old @param {Element} now @returns {boolean} whether all of it could be done
 */
export function renew(old, now) {
  const active = /** @type {HTMLElement} */ (document.activeElement);
  const at = all(FOCUSABLE, old).indexOf(active);
  const before = kept;
  kept = false;
  if (old.nodeName === now.nodeName) morph(old, now);
  else if (isInUse(old)) kept = true;
  else old.replaceWith(now);
  const done = !kept;
  kept = before || kept;
  if (!done) state.stale = true;
  const here = old.isConnected ? old : now;
  settle(here);
  if (document.activeElement !== active && active.isConnected && active !== body) active.focus({ preventScroll: true });
  else if (at >= 0 && !active.isConnected) all(FOCUSABLE, here)[at]?.focus({ preventScroll: true });
  return done;
}

/** @param {Element} old @param {Element} now */
function morph(old, now) {
  if (isOurs(old, now)) return;
  if (old.matches(OPEN) || old.matches(REFUSED)) return void (kept = true);
  const touched = isTouched(old) || old.matches(".select");
  setAttributes(old, now, touched);
  if (old instanceof HTMLTextAreaElement || old instanceof HTMLInputElement) {
    if (!touched) fill(old, /** @type {HTMLInputElement} */ (now));
  } else if (old instanceof HTMLSelectElement) {
    const { value } = touched ? old : /** @type {HTMLSelectElement} */ (now);
    morphChildren(old, now);
    old.value = value;
  } else if (!isList(old)) morphChildren(old, now); // a list is merged, item by item
}

/** What times.js and desk/presence.js write there themselves. @param {Element} old @param {Element} now */
const isOurs = (old, now) =>
  old.matches("[data-here]") ||
  (old.matches("time[data-time]") && ["datetime", "data-time"].every((name) => old.getAttribute(name) === now.getAttribute(name)));

/** @param {HTMLInputElement | HTMLTextAreaElement} old @param {HTMLInputElement | HTMLTextAreaElement} now */
function fill(old, now) {
  if (old instanceof HTMLTextAreaElement) old.defaultValue = now.defaultValue;
  else old.checked = /** @type {HTMLInputElement} */ (now).checked;
  if (old.value !== now.value) old.value = now.value;
}

/** The attributes. @param {Element} old @param {Element} now @param {boolean} touched */
function setAttributes(old, now, touched) {
  const ours = new Set(["open", "data-kept", "data-held"]);
  if (touched) ["value", "checked"].forEach((name) => ours.add(name));
  if (old.hasAttribute("aria-busy")) ["aria-busy", "disabled", "data-focused"].forEach((name) => ours.add(name));
  if (old.hasAttribute("data-until") && old.getAttribute("data-until") === now.getAttribute("data-until")) ours.add("hidden");
  if (old.classList.contains("new")) now.classList.add("new"); // still sliding in
  for (const { name } of Array.from(old.attributes)) if (!ours.has(name) && !now.hasAttribute(name)) old.removeAttribute(name);
  for (const { name, value } of Array.from(now.attributes)) {
    if (!ours.has(name) && old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
}

/** @param {Element} old @param {Element} now */
function morphChildren(old, now) {
  const fresh = Array.from(now.childNodes);
  const ids = new Set(fresh.map((node) => /** @type {Element} */ (node).id));
  for (const child of Array.from(old.children)) if (child.id && !ids.has(child.id)) drop(child);
  let at = old.firstChild;
  for (const next of fresh) {
    const same = counterpart(old, at, next);
    if (!same) old.insertBefore(next, at);
    else if (same === at) at = at.nextSibling;
    else old.insertBefore(same, at);
    if (same instanceof Element) morph(same, /** @type {Element} */ (next));
    else if (same && same.nodeValue !== next.nodeValue) same.nodeValue = next.nodeValue;
  }
  for (let rest = at; rest; rest = at) {
    at = rest.nextSibling;
    drop(rest);
  }
}

/** @param {ChildNode} node */
export function drop(node) {
  if (node instanceof HTMLOutputElement) return undefined; // what drafts.js says of a form
  if (!(node instanceof Element) || !isInUse(node)) return node.remove();
  kept = true;
  if (!node.hasAttribute("data-outdated")) toast("What you are typing in has changed meanwhile: it may not be possible any more.");
  node.setAttribute("data-outdated", "");
  return undefined;
}

/**
 * The child that is meant by `next`: by id, by the ids inside, else the next of its kind.
 * @param {Element} old @param {ChildNode | null} at @param {Node} next
 */
function counterpart(old, at, next) {
  const { id } = /** @type {Element} */ (next);
  if (id) return Array.from(old.children).find((child) => child.id === id && child.nodeName === next.nodeName) || null;
  const within = idsIn(next);
  for (let node = at; node; node = node.nextSibling) {
    if (node.nodeName !== next.nodeName || /** @type {Element} */ (node).id || hereOf(node) !== hereOf(next)) continue;
    const inside = idsIn(node);
    if (within.length || inside.length ? inside.some((one) => within.includes(one)) : true) return node;
  }
  return null;
}

/** @param {Node} node */
const hereOf = (node) => /** @type {HTMLElement} */ (node).dataset?.here;
/** @param {Node} node */
const idsIn = (node) => (node instanceof Element ? all("[id]", node).map((part) => part.id) : []);

/** @param {Element} fresh */
export function settle(fresh) {
  writeTimes(fresh);
  expire();
  refocus();
  window.htmx?.process(fresh);
  changed();
}

let told = false;

/** Once for all that changes in one go. */
export function changed() {
  if (told) return;
  told = true;
  queueMicrotask(() => {
    told = false;
    send("live:changed");
  });
}
