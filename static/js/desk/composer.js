// The composer of a session: Alt+1 to 4 choose the outcome that Ctrl+Enter logs, Alt+O opens the output, Alt+M sends a
// message. Keys are known by their place: with Alt held they write other letters on a Mac.
//
// Once something is typed no colleague changes its branch. What becomes of it when it is sent: sending.js.
import { all, body, byId } from "../dom.js";
import { tell } from "./cards.js";

const IS_MAC = /^(Mac|iP)/.test(navigator.platform); // there Option is both Alt and AltGraph

/** @returns {HTMLFormElement | null} */
export const composer = () => /** @type {HTMLFormElement | null} */ (byId("composer"));
export const box = () => /** @type {HTMLTextAreaElement | null} */ (byId("composer_text"));
export const output = () => /** @type {HTMLTextAreaElement | null} */ (byId("composer_free_text"));
export const branch = () => /** @type {HTMLSelectElement | null} */ (byId("composer_branch"));
/** The outcome that Ctrl+Enter logs, kept with a draft; none: it is to do. */
export const chosen = () => /** @type {HTMLSelectElement | null} */ (byId("composer_chosen"));
const outcomes = () => /** @type {HTMLButtonElement[]} */ (all("#composer [name=outcome]"));

/** @type {Record<string, () => void>} */
const ALT = {
  Digit1: () => choose(0),
  Digit2: () => choose(1),
  Digit3: () => choose(2),
  Digit4: () => choose(3),
  KeyO: openOutput,
  KeyM: () => /** @type {HTMLElement | null} */ (document.querySelector("#composer [data-message]"))?.click(),
};

document.addEventListener("keydown", (event) => {
  const { target, code } = event;
  if (event.defaultPrevented || event.isComposing || !composer()?.contains(/** @type {Node} */ (target))) return;
  if (event.key === "ArrowUp" && isPlain(event) && target === box() && !box()?.value) return rewordLast(event);
  const act = isAlt(event) ? ALT[code] : undefined;
  if (!act) return;
  event.preventDefault();
  if (!event.repeat) act();
});

/** @param {KeyboardEvent} event */
const isPlain = (event) => !event.altKey && !event.ctrlKey && !event.metaKey && !event.shiftKey;
/** Alt alone: AltGr writes letters. @param {KeyboardEvent} event */
export const isAlt = (event) => event.altKey && !event.ctrlKey && !event.metaKey && !event.shiftKey && (IS_MAC || !event.getModifierState("AltGraph"));

/** Once more takes it back. @param {number} at */
function choose(at) {
  const [{ value = "" }, field] = [outcomes()[at] || {}, chosen()];
  if (!field) return;
  setChosen(field.value === value ? "" : value);
  field.dispatchEvent(new Event("change", { bubbles: true })); // it is kept with the text
  tell(`Ctrl+Enter logs it as ${wordOf(field.value)}.`);
}

/** @param {string} outcome */
export function setChosen(outcome) {
  const field = chosen();
  if (field) field.value = outcome;
  draw();
}

/** @param {string} outcome */
const wordOf = (outcome) => outcomes().find(({ value }) => value === (outcome || "pending"))?.dataset.word || "";

export function openOutput() {
  output()?.closest("details")?.setAttribute("open", "");
  output()?.focus();
}

/** My last step here: its Change is pressed. @param {KeyboardEvent} event */
function rewordLast(event) {
  const mine = all(`#trail-region .step[data-author="${body.dataset.user}"]`).pop();
  const link = /** @type {HTMLAnchorElement | null | undefined} */ (mine?.querySelector("a[data-change]"));
  if (!link) return tell("You have logged no step here yet.");
  event.preventDefault();
  return link.click();
}

export const focusComposer = () => box()?.focus();

// --- what is drawn

function draw() {
  const outcome = chosen()?.value || "";
  for (const button of outcomes()) button.value === outcome ? button.setAttribute("aria-pressed", "true") : button.removeAttribute("aria-pressed");
  for (const word of all("#composer [data-logs-as]")) word.textContent = wordOf(outcome);
  const lines = output()?.value.trim() ? /** @type {HTMLTextAreaElement} */ (output()).value.trim().split("\n").length : 0;
  for (const count of all("#composer [data-lines]")) count.textContent = lines ? `, ${lines} ${lines === 1 ? "line" : "lines"}` : "";
}

let writesTo = ""; // the branch it named when typing began
/** Where it is offered still. @param {string} to */
export function setWritesTo(to) {
  writesTo = to;
  const select = branch();
  const isOffered = select && Array.from(select.options).some(({ value }) => value === to);
  if (to && isOffered && select.value !== to) select.value = to;
}

document.addEventListener("input", ({ target }) => {
  const form = composer();
  if (!form?.contains(/** @type {Node} */ (target))) return;
  if (target === branch() || !writesTo) writesTo = branch()?.value || "";
  if (!box()?.value && !output()?.value) writesTo = "";
  draw();
});

body.addEventListener("live:changed", () => {
  setWritesTo(writesTo);
  draw();
});

/** What is taken away is no typing. @param {HTMLTextAreaElement} field @param {string} text */
export function setText(field, text) {
  field.value = text;
  if (text && field === output()) field.closest("details")?.setAttribute("open", "");
  field.dispatchEvent(new Event(text ? "input" : "change", { bubbles: true }));
}

document.addEventListener("draft:restored", draw);
document.addEventListener("reset", () => setTimeout(draw));
draw();
