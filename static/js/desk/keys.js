// Keys and their sheet: one letter presses what the page offers. On the queue it acts on the card that has the focus,
// else on the one that had it last.
//
// Esc and what is pressed with Ctrl works while one types, too; single letters never do.
import { all, body, byId, isVisible } from "../dom.js";
import { WIDE, cards, hasJustSlid, heading, linkOf, main, marked, numberOf, opened, preview, tell } from "./cards.js";
import { leaveChange } from "./change.js";
import { composer, focusComposer } from "./composer.js";
import { leaveComposer } from "./composer-bar.js";
import { areKeysOn, control } from "./marks.js";
import { UNREAD, close, fetchPreview, look } from "./preview.js";
import { boxes, tick } from "./selection.js";
import { hasSteps, hasToDo, moveAlong, setOutcome } from "./steps.js";

const sheet = /** @type {HTMLDialogElement | null} */ (byId("keys"));
let going = 0; // g was pressed: where to?

/** @type {Record<string, () => unknown>} */
const KEYS = {
  j: () => move(1),
  k: () => move(-1),
  x: () => toggle(),
  c: () => press("c"),
  e: () => press("e"),
  p: () => press("p"),
  r: () => press("r"),
  s: () => press("s"),
  m: () => markLineRead(),
  n: () => newSession()?.click(),
  ".": () => focusComposer(),
  u: () => use(control("u", document)),
  1: () => setOutcome(1),
  2: () => setOutcome(2),
  3: () => setOutcome(3),
  4: () => setOutcome(4),
  "/": () => search(),
  "?": () => open(),
  g: () => (going = window.setTimeout(() => (going = 0), 1500)),
};

document.addEventListener("keydown", (event) => {
  if (event.code !== "KeyK" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey || !field("/")) return;
  event.preventDefault(); // the browser's own search bar
  if (!event.repeat && !document.querySelector("dialog[open]")) search();
});

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.repeat || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (document.querySelector("dialog[open], :popover-open")) return; // which has keys of its own
  if (event.key === "Escape") return escape(event);
  if (isTyping(event.target) || (going && event.key.length > 1)) return;
  if (event.key === "Enter" && event.target === body) return void (marked() && linkOf(/** @type {HTMLElement} */ (marked()))?.click());
  const key = event.shiftKey ? event.key : letterOf(event);
  if (!areKeysOn() || (event.shiftKey && /^[a-z]$/i.test(key))) return;
  const act = going ? () => go(key) : KEYS[key];
  if (!act || (key === "/" && !field("/"))) return; // which is the browser's own where there is nothing to search
  event.preventDefault();
  act();
});

/** Caps Lock is no modifier; where the letters are others, the key that has ours is meant. @param {KeyboardEvent} event */
function letterOf({ key, code }) {
  return /^[^\0-\x7f]$/u.test(key) && /^Key[A-Z]$/.test(code) ? code.slice(3).toLowerCase() : key.toLowerCase();
}

/** @param {EventTarget | null} target */
function isTyping(target) {
  if (target instanceof HTMLInputElement) return !["checkbox", "radio", "button", "submit", "reset"].includes(target.type);
  return target instanceof HTMLElement && (target.isContentEditable || target.matches("textarea, select"));
}

/** What is open, the innermost first: a menu, a field in the preview, the preview. @param {KeyboardEvent} event */
function escape(event) {
  const menu = all("details.menu[open]").pop();
  if (menu) {
    menu.removeAttribute("open");
    menu.querySelector("summary")?.focus();
  } else if (leaveChange(event.target)) return;
  else if (composer()?.contains(/** @type {Node} */ (event.target))) leaveComposer();
  else if (isTyping(event.target)) {
    if (preview?.contains(/** @type {Node} */ (event.target))) heading()?.focus();
    else /** @type {HTMLElement} */ (event.target).blur(); // and the keys mean something again
  } else if (opened()) close();
}

document.addEventListener("click", (event) => {
  for (const menu of all("details.menu[open]")) menu.contains(/** @type {Node} */ (event.target)) || menu.removeAttribute("open");
});

/** @param {string} key */
function go(key) {
  clearTimeout(going);
  going = 0;
  all("[data-go]").find((place) => place.dataset.go === key)?.click();
}

/** @param {string} key @returns {HTMLInputElement | null} */
const field = (key) => document.querySelector(`input[data-key="${key}"]`);
/** @returns {HTMLElement | null} */
const newSession = () => document.querySelector("a[data-new]");

function search() {
  const found = field("/");
  const folded = found?.closest("details:not([open])");
  if (folded) folded.setAttribute("open", "");
  found?.focus();
  found?.select();
}

function toggle() {
  const box = /** @type {HTMLInputElement | null | undefined} */ (marked()?.querySelector("input.select"));
  if (!box || !isVisible(box)) return;
  tick(box, !box.checked);
  tell(box.checked ? "Selected." : "Not selected.");
}

/** Of the bell. */
function markLineRead() {
  const item = marked();
  if (!item) return control("m", main) && tell("No line is marked. Move to one with j.");
  return tell(use(control("m", item)) ? "Marked read." : "It is read.");
}

/** @param {1 | -1} by */
function move(by) {
  const items = cards();
  if (!items.length) return moveAlong(by);
  const item = marked();
  const next = items[item ? items.indexOf(item) + by : by > 0 ? 0 : items.length - 1];
  if (!next) return items.length ? tell(by > 0 ? "This is the last one." : "This is the first one.") : undefined;
  linkOf(next)?.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
  if (opened()) look(next);
  return undefined;
}

/** Press what this key stands for: on the queue, of the marked card; elsewhere, of this page. @param {string} key */
async function press(key) {
  if (main.querySelector(`[data-key="${key}"][aria-busy], .claim[aria-busy]`)) return undefined; // its answer is on its way
  if (!preview) return use(control(key, main));
  const item = marked();
  if (hasJustSlid()) return tell(`That card has gone. Now marked: ${item && linkOf(item)?.textContent?.trim()}`);
  if (!item || !numberOf(item)) return tell("No card is marked. Move to one with j.");
  const isShown = opened() === numberOf(item) && preview.firstElementChild?.id === `preview-${numberOf(item)}`;
  if (isShown && use(control(key, preview))) return undefined;
  const claim = key === "c" ? /** @type {HTMLElement | null} */ (item.querySelector(".claim")) : null;
  if (claim && isVisible(claim)) return claim.click();
  if (!WIDE.matches) return pressUnseen(key, item);
  if (!isShown) await look(item);
  return use(control(key, preview)) || tell("This key does nothing for this card.");
}

/** There is no room for a preview: its link is followed, its form is on the pick-up screen. @param {string} key @param {HTMLElement} item */
async function pressUnseen(key, item) {
  const markup = (await fetchPreview(item)) || "";
  if (markup === UNREAD) return tell("The server cannot be reached. Try again.");
  const found = new DOMParser().parseFromString(markup, "text/html").querySelector(`[data-key="${key}"]`);
  if (found) location.assign(found.getAttribute("href") || /** @type {HTMLAnchorElement} */ (linkOf(item)).href);
  else tell("This key does nothing for this card.");
  return undefined;
}

/** @param {HTMLElement | undefined} found */
function use(found) {
  const folded = found?.closest("summary")?.parentElement;
  if (folded) folded.setAttribute("open", "");
  if (folded) /** @type {HTMLElement | null} */ (folded.querySelector("textarea, select, input:not([type=hidden])"))?.focus();
  else found?.click();
  return found !== undefined;
}

// The sheet lists what works here.

/** @type {Record<string, () => unknown>} */
const WORKS = {
  list: () => cards().length,
  steps: hasSteps,
  todo: hasToDo,
  preview: () => preview && WIDE.matches,
  select: () => boxes().some(isVisible),
  "/": () => field("/"),
  c: () => control("c", main) || all(".desk .claim").some(isVisible),
  e: () => control("e", main) || works("own"),
  p: () => control("p", main) || works("own"),
  r: () => control("r", main) || works("own"),
  u: () => control("u", document),
  s: () => control("s", main),
  m: () => control("m", main),
  n: () => newSession(),
  compose: () => composer(),
  own: () => preview?.dataset.lane === "claimed" && cards().length && byId("bulk"),
  write: () => !composer() && document.querySelector("main form textarea"),
};
/** @param {string} what */
const works = (what) => Boolean(WORKS[what]?.());

function open() {
  if (!sheet) return;
  for (const line of all("[data-works]", sheet)) line.hidden = !works(line.dataset.works || "");
  for (const group of all("section", sheet)) group.hidden = all("[data-works]", group).length > 0 && all("dl > div:not([hidden])", group).length === 0;
  sheet.showModal();
}

document.addEventListener("click", (event) => {
  if (/** @type {Element} */ (event.target).closest("[data-sheet]")) open();
  if (sheet && event.target === sheet && isOutside(sheet, event)) sheet.close(); // the backdrop
});

/** @param {Element} element @param {MouseEvent} event */
function isOutside(element, { clientX: x, clientY: y }) {
  const { left, right, top, bottom } = element.getBoundingClientRect();
  return x < left || x > right || y < top || y > bottom;
}
