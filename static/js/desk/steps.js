// The steps of a session, by keys: j and k move along them, 1 to 4 say how one ended that is to do.
import { all, byId, isVisible } from "../dom.js";
import { main, tell } from "./cards.js";

const OUTCOMES = ["failed", "ruled_out", "worked", "inconclusive"]; // in the order of the composer

const steps = () => all(".trail > .step", main);
/** @param {Element} step @returns {HTMLAnchorElement | null} */
const refOf = (step) => step.querySelector("a.ref[id]");
/** @param {Element} step */
const isToDo = (step) => step.matches(".pending");
/** @param {Element} step @param {string} outcome */
const buttonOf = (step, outcome) => /** @type {HTMLButtonElement | null} */ (byId(`${step.id}-${outcome}`));

let last = ""; // the step that had the focus last, by its id: what is drawn anew has the same
document.addEventListener("focusin", ({ target }) => {
  last = /** @type {Element} */ (target).closest(".trail > .step")?.id || last;
});
const marked = () => steps().find((step) => step.id === last) || null;

export const hasSteps = () => steps().length > 0;
export const hasToDo = () => byId("composer") !== null && steps().some(isToDo);

/** From nowhere: to the first that is to do, or up from the newest. @param {1 | -1} by */
export function moveAlong(by) {
  const items = steps();
  const item = marked();
  const next = item ? items[items.indexOf(item) + by] : (by > 0 && items.find(isToDo)) || items[items.length - 1];
  if (!next) return void (items.length && tell(by > 0 ? "This is the newest step." : "This is the first step that is shown."));
  refOf(next)?.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
  return undefined;
}

/** @param {number} number of the key */
export function setOutcome(number) {
  const step = marked();
  const ref = (step && refOf(step)?.textContent) || "";
  if (!step) return void (hasToDo() && tell("No step is marked. Move to one with j."));
  if (!isToDo(step)) return tell(`${ref} is not to do any more: its buttons change how it ended.`);
  const button = buttonOf(step, OUTCOMES[number - 1] || "");
  if (!button || !isVisible(button)) return undefined; // not for a viewer, or its answer is on its way
  refOf(step)?.focus({ preventScroll: true }); // which comes back with the answer
  button.click();
  return tell(`${ref}: ${button.textContent?.trim()}.`);
}
