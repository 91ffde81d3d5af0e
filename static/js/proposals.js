// What the AI proposes for a form stands below its fields, and goes into one when it is pressed for; a press more takes it back.
//
// Nothing moves under the hand, nothing that was typed is lost: what a field said before each press is kept with it, and
// a proposal that was reworded before it was taken back comes again as it was.
import { all, body } from "./dom.js";
import { steady } from "./live/hand.js";

/** What each press put where, the last on top, and what stood there before. @type {WeakMap<Field, {button: HTMLButtonElement, was: string}[]>} */
const pressed = new WeakMap();
/** Taken back with other words than they came with. @type {WeakMap<HTMLButtonElement, string>} */
const reworded = new WeakMap();
/** What had the focus before they came, and where. @type {[Element, number] | null} */
let eye = null;

/** @param {Element | null} [target] */
const isOurs = (target) => target?.id === "proposals";

document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const active = document.activeElement;
  if (isOurs(detail.target)) eye = active && active !== body ? [active, active.getBoundingClientRect().top] : null;
});

document.addEventListener("htmx:afterSwap", (event) => {
  const told = /** @type {Element} */ (event.target);
  if (!isOurs(told)) return;
  for (const list of all("[data-proposed]", told)) {
    const field = fieldOf(list);
    (field?.closest(".carried-line") ?? field?.closest(".field"))?.append(list); // last of what was found for it
  }
  if (eye) holdStill(...eye);
});

/** Where the page is too short to be scrolled so far, it becomes longer. @param {Element} active @param {number} top */
function holdStill(active, top) {
  const moved = active.getBoundingClientRect().top - top;
  const missing = moved - (document.documentElement.scrollHeight - innerHeight - scrollY);
  if (missing > 0) body.style.paddingBlockEnd = `${missing}px`;
  if (Math.abs(moved) >= 1) scrollBy({ top: moved, behavior: "instant" });
}

/** @param {HTMLElement} list @returns {Field | null} */
function fieldOf(list) {
  const field = list.closest("form")?.elements.namedItem(list.dataset.proposed || "");
  return field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement ? field : null;
}

document.addEventListener("click", ({ target }) => {
  const button = /** @type {HTMLButtonElement | null} */ (/** @type {Element} */ (target).closest("[data-proposed] button"));
  const list = /** @type {HTMLElement | null | undefined} */ (button?.closest("[data-proposed]"));
  const field = list && fieldOf(list);
  if (!button || !list || !field) return;
  const presses = pressed.get(field) ?? [];
  pressed.set(field, presses);
  const last = presses.at(-1);
  if (last?.button === button) {
    field.value === button.value ? reworded.delete(button) : reworded.set(button, field.value);
    presses.pop();
    steady(() => put(field, last.was));
  } else {
    presses.push({ button, was: field.value });
    steady(() => put(field, reworded.get(button) ?? button.value));
  }
  for (const one of /** @type {HTMLButtonElement[]} */ (all("button", list))) {
    one.textContent = presses.at(-1)?.button === one ? "Undo" : reworded.has(one) ? "Redo" : "Use";
  }
});

/** As a hand would: what listens to typing hears it. @param {Field} field @param {string} value */
function put(field, value) {
  field.value = value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}
