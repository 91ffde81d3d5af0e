// A list of people while one types "@": arrows and Enter or Tab choose, a click does, Esc closes it and nothing else.
// What is put in is what a hand would have typed: the server finds the names in the text.
//
// Conventions: textarea[data-mentions] says where the people are fetched: <li data-name>; at the first "@", and for each
// beginning of a name where they are too many (ul[data-more]). The list is a popover in <main>, so that nothing cuts it off.
import { body } from "../dom.js";
import { tell } from "./cards.js";

const MOST = 8; // in the list
const TYPED = /(?<![\p{L}\p{M}\p{N}_@])@([\p{L}\p{M}\p{N}][^@\n]{0,40}|)$/u; // an "@" that begins a word, and what follows it
const REST = 150; // ms without a key, and the server is asked

const list = Object.assign(document.createElement("ul"), { id: "mentions", className: "mentions", popover: "manual" });
list.setAttribute("role", "listbox");
list.setAttribute("aria-label", "People to mention");
/** @type {HTMLTextAreaElement | null} the field it is open for */
let field = null;
let start = 0; // where its "@" stands
let asked = 0; // how often one has typed: an answer that comes late is of no use
let isChoosing = false;
let nobody = ""; // a beginning that was asked for and that nobody's name has: none that goes on from it is

/** @type {Map<string, Promise<HTMLElement | null>>} what was fetched, by what it was asked for */
const known = new Map();

/** Their <ul>; null where nobody answers: a name that is typed means the same. @param {string} address @returns {Promise<HTMLElement | null>} */
function fetched(address) {
  const asking = known.get(address) || fetch(address).then(async (answer) => {
    const template = document.createElement("template");
    if (answer.ok && !answer.redirected) template.innerHTML = await answer.text();
    return template.content.querySelector("ul");
  }).catch(() => null).then((found) => {
    if (!found) known.delete(address); // another time, perhaps
    return found;
  });
  known.set(address, asking);
  return asking;
}

/** Without accents and capitals. @param {string} text */
const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

/** Of these people, those with a word in their names that begins so, the first names first. @param {HTMLElement} people @param {string} typed */
function matching(people, typed) {
  const begins = plain(typed);
  const all = /** @type {HTMLElement[]} */ (Array.from(people.children)).map((item) => ({ item, name: plain(item.dataset.name || "") }));
  const first = all.filter(({ name }) => name.startsWith(begins));
  const found = [...first, ...all.filter((one) => !first.includes(one) && one.name.includes(` ${begins}`))];
  return found.length === 1 && found[0]?.name === begins ? [] : found.slice(0, MOST).map(({ item }) => item); // typed already
}

/** @param {HTMLTextAreaElement} of */
export async function look(of) {
  const mine = ++asked;
  const { value, selectionStart, selectionEnd } = of;
  const found = selectionStart === selectionEnd && TYPED.exec(value.slice(0, selectionStart));
  if (!found) return close();
  const [, typed = ""] = found;
  const address = of.dataset.mentions || "";
  let people = await fetched(address);
  if (people?.dataset.more !== undefined && typed) {
    if (nobody && typed.startsWith(nobody)) return close();
    await new Promise((rested) => setTimeout(rested, REST));
    if (mine === asked) people = await fetched(`${address}?q=${encodeURIComponent(typed)}`);
    if (people && !people.children.length) nobody = typed;
  }
  if (mine !== asked || document.activeElement !== of || of.selectionStart !== selectionStart) return undefined;
  const items = people ? matching(people, typed) : [];
  return items.length ? open(of, selectionStart - typed.length - 1, items) : close();
}

/** @param {HTMLTextAreaElement} of @param {number} at @param {HTMLElement[]} items */
function open(of, at, items) {
  const wasOpen = field !== null;
  [field, start] = [of, at];
  list.replaceChildren(...items.map((item, place) => {
    const option = /** @type {HTMLElement} */ (item.cloneNode(true));
    option.id = `mentions-${place}`;
    option.setAttribute("role", "option");
    return option;
  }));
  const main = of.closest("main") || body;
  if (list.parentElement !== main) main.append(list);
  if (!list.matches(":popover-open")) list.showPopover();
  of.setAttribute("aria-autocomplete", "list");
  of.setAttribute("aria-haspopup", "listbox");
  of.setAttribute("aria-controls", list.id);
  mark(0);
  place();
  if (!wasOpen) tell(`${items.length === 1 ? "One person" : `${items.length} people`} to mention.`);
}

function close() {
  asked++;
  if (list.matches(":popover-open")) list.hidePopover();
  for (const name of ["aria-autocomplete", "aria-haspopup", "aria-controls", "aria-activedescendant"]) field?.removeAttribute(name);
  field = null;
}

const marked = () => Array.from(list.children).findIndex((option) => option.getAttribute("aria-selected") === "true");

/** @param {number} at */
function mark(at) {
  const { length } = list.children;
  for (const [number, option] of Array.from(list.children).entries()) {
    const isMarked = number === (at + length) % length;
    option.setAttribute("aria-selected", String(isMarked));
    if (!isMarked) continue;
    field?.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  }
}

/** Above the field or below it, where there is more room that no keyboard covers. */
function place() {
  if (!field) return;
  const { top, bottom, left, width } = field.getBoundingClientRect();
  const view = window.visualViewport;
  const [from, to] = [view?.offsetTop || 0, (view?.offsetTop || 0) + (view?.height || innerHeight)];
  const [above, below] = [top - from - 8, to - bottom - 8];
  const isAbove = below < list.scrollHeight + 2 && above > below;
  list.style.maxBlockSize = `${wholeAndHalf(Math.max(96, Math.min(360, isAbove ? above : below)))}px`;
  list.style.left = `${left}px`;
  list.style.maxInlineSize = `${width}px`;
  list.style.top = isAbove ? "auto" : `${bottom + 4}px`;
  list.style.bottom = isAbove ? `${innerHeight - top + 4}px` : "auto";
}

/** So high that the last name is cut in the middle where more follow: a list that ends with a whole one seems to have no
 * more. @param {number} room */
function wholeAndHalf(room) {
  const [row, around] = [/** @type {HTMLElement | null} */ (list.firstElementChild)?.offsetHeight || room, 6];
  if (list.scrollHeight + 2 <= room) return room;
  return Math.max(1.5, Math.floor((room - around) / row - 0.5) + 0.5) * row + around;
}

/** As a hand would: it can be undone, and what listens to typing hears it. @param {Element | undefined} option */
function choose(option) {
  const to = field;
  const name = /** @type {HTMLElement | undefined} */ (option)?.dataset.name;
  if (!to || !name) return;
  const [from, caret] = [start, to.selectionStart];
  close();
  isChoosing = true;
  to.setSelectionRange(from, caret);
  if (!document.execCommand("insertText", false, `@${name} `)) {
    to.setRangeText(`@${name} `, from, caret, "end");
    to.dispatchEvent(new Event("input", { bubbles: true }));
  }
  isChoosing = false;
}

/** @type {Record<string, () => void>} */
const KEYS = {
  ArrowDown: () => mark(marked() + 1),
  ArrowUp: () => mark(marked() - 1),
  Enter: () => choose(list.children[marked()]),
  Tab: () => choose(list.children[marked()]),
  Escape: close,
};

// First of all that listens: while it is open these keys are the list's.
document.addEventListener("keydown", (event) => {
  if (!field || event.target !== field || event.isComposing) return;
  const act = event.ctrlKey || event.metaKey || event.altKey || event.shiftKey ? undefined : KEYS[event.key];
  if (act) {
    event.preventDefault();
    event.stopPropagation();
    act();
  } else if (/^(Arrow(Left|Right)|Home|End|Page)/.test(event.key)) close();
}, true);

document.addEventListener("input", (event) => {
  const { target, isTrusted, inputType = "" } = /** @type {InputEvent} */ (event);
  if (isChoosing || !isTrusted || !(target instanceof HTMLTextAreaElement) || target.dataset.mentions === undefined) return;
  if (field && field !== target) close();
  if (!/^(insertText|insertComposition|delete)/.test(inputType)) close(); // a paste is no typing
  else if (inputType.startsWith("insert") || field) look(target);
});

list.addEventListener("mousedown", (event) => event.preventDefault()); // the field keeps the focus
list.addEventListener("click", ({ target }) => choose(/** @type {Element} */ (target).closest("[role=option]") || undefined));
document.addEventListener("pointerdown", ({ target }) => field && !list.contains(/** @type {Node} */ (target)) && close());
document.addEventListener("focusout", ({ target }) => target === field && close());
body.addEventListener("live:changed", () => field && (field.isConnected ? place() : close()));
for (const kind of ["resize", "scroll"]) {
  addEventListener(kind, (event) => event.target !== list && place(), true);
  window.visualViewport?.addEventListener(kind, place);
}
