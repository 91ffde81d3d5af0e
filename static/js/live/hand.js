// What is being read or typed stays: what a hand is on, and where it is on the screen.
import { all, body, html } from "../dom.js";

export const HOVERS = matchMedia("(hover: hover)"); // a finger leaves nothing behind that could move
export const FIELDS = "textarea, select, input:not([type=hidden], .select)";
export const OPEN = "[data-keep]:is([open], :popover-open), [data-keep] :is([open], :popover-open)";
export const REFUSED = "form:is(:has([aria-invalid=true]), [data-typed])"; // came back with what was typed

/** Half-typed text, a control in use, or something open that asks to be kept. @param {Element} region */
export function isInUse(region) {
  const kept = `${OPEN}, ${REFUSED}`;
  return region.matches(kept) || Boolean(region.querySelector(kept)) || all(FIELDS, region).some(isTouched) || isTouched(region);
}

/** Has the focus, or says something else than the page came with. @param {Element} field */
export const isTouched = (field) => field.matches(FIELDS) && (field === document.activeElement || isChanged(field));

/** The fields that somebody typed or chose in, wherever the focus is; what came back refused is typed throughout. @returns {Field[]} */
export const typedIn = () => /** @type {Field[]} */ (all(FIELDS)).filter((field) => isChanged(field) || (field.form?.matches(REFUSED) && field.value));

/** Says, or stands for, something else than the page came with. @param {Element} field */
export function isChanged(field) {
  if ("held" in /** @type {HTMLElement} */ (field).dataset) return true;
  if (field instanceof HTMLSelectElement) return isChosen(field);
  const { type, value, defaultValue, checked, defaultChecked } = /** @type {HTMLInputElement} */ (field);
  return type === "checkbox" || type === "radio" ? checked !== defaultChecked : value !== defaultValue;
}

/** Another choice than the page came with. @param {HTMLSelectElement} select */
function isChosen(select) {
  const options = Array.from(select.options);
  if (select.multiple || options.some((option) => option.defaultSelected)) return options.some((option) => option.selected !== option.defaultSelected);
  return select.selectedIndex > 0;
}

html.style.overflowAnchor = "none"; // not every browser has it, and it does not know what is typed in

/** What is typed in, pointed at or read stays where it is on the screen. @param {() => void} change */
export function steady(change) {
  const eyes = inView().map((eye) => /** @type {const} */ ([eye, eye.getBoundingClientRect().top]));
  change();
  const [eye, top] = eyes.find(([eye]) => eye.isConnected) || [];
  const moved = eye ? eye.getBoundingClientRect().top - Number(top) : 0;
  if (Math.abs(moved) >= 1) scrollBy({ top: moved, behavior: "instant" });
}

/** What the reader looks at, most likely first. @returns {Element[]} */
function inView() {
  const focused = document.activeElement;
  const active = focused?.closest("#composer-region") ? null : focused; // it stands still whatever moves behind it
  const pointed = document.querySelector(".item:hover, .trail > :hover");
  const rest = all("main [id]").filter((part) => part.getBoundingClientRect().top >= 0 && isInView(part));
  return [active && active !== body && isInView(active) ? active : [], pointed || [], rest.slice(0, 10)].flat();
}

/** @param {Element} part */
function isInView(part) {
  const { top, bottom, height } = part.getBoundingClientRect();
  return height > 0 && bottom > 0 && top < innerHeight;
}
