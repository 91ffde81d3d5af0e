// The composer of a session: Alt+1 to 4 choose the outcome that Ctrl+Enter logs, Alt+O opens the output, Alt+M sends a
// message. Keys are known by their place: with Alt held they write other letters on a Mac.
//
// Once something is typed no colleague changes its branch; what is typed while a step is on its way begins the next.
import { all, body, byId } from "../dom.js";
import { tell } from "./cards.js";

const IS_MAC = /^(Mac|iP)/.test(navigator.platform); // there Option is both Alt and AltGraph

/** @returns {HTMLFormElement | null} */
export const composer = () => /** @type {HTMLFormElement | null} */ (byId("composer"));
export const box = () => /** @type {HTMLTextAreaElement | null} */ (byId("composer_text"));
export const output = () => /** @type {HTMLTextAreaElement | null} */ (byId("composer_free_text"));
const branch = () => /** @type {HTMLSelectElement | null} */ (byId("composer_branch"));
const outcomes = () => /** @type {HTMLButtonElement[]} */ (all("#composer [name=outcome]"));

let chosen = ""; // the outcome that Ctrl+Enter logs; none: it is to do

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
const isAlt = (event) => event.altKey && !event.ctrlKey && !event.metaKey && !event.shiftKey && (IS_MAC || !event.getModifierState("AltGraph"));

/** Once more takes it back. @param {number} at */
function choose(at) {
  const { value = "" } = outcomes()[at] || {};
  chosen = chosen === value ? "" : value;
  draw();
  tell(`Ctrl+Enter logs it as ${wordOf(chosen)}.`);
}

/** @param {string} outcome */
const wordOf = (outcome) => outcomes().find(({ value }) => value === (outcome || "pending"))?.dataset.word || "";

function openOutput() {
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
  for (const button of outcomes()) button.value === chosen ? button.setAttribute("aria-pressed", "true") : button.removeAttribute("aria-pressed");
  for (const word of all("#composer [data-logs-as]")) word.textContent = wordOf(chosen);
  const lines = output()?.value.trim() ? /** @type {HTMLTextAreaElement} */ (output()).value.trim().split("\n").length : 0;
  for (const count of all("#composer [data-lines]")) count.textContent = lines ? `, ${lines} ${lines === 1 ? "line" : "lines"}` : "";
}

let writesTo = ""; // the branch it named when typing began

document.addEventListener("input", ({ target }) => {
  const form = composer();
  if (!form?.contains(/** @type {Node} */ (target))) return;
  if (target === branch() || !writesTo) writesTo = branch()?.value || "";
  if (target === branch() && sent) to = writesTo;
  if (!box()?.value && !output()?.value) writesTo = "";
  draw();
});

body.addEventListener("live:changed", () => {
  const select = branch();
  const isOffered = select && Array.from(select.options).some(({ value }) => value === writesTo);
  if (writesTo && isOffered && select.value !== writesTo) select.value = writesTo;
  draw();
});

// --- a step on its way

const FIELDS = [box, output];
/** @param {Element | null} field */
const isIn = (field) => field !== null && document.activeElement === field;
/** What went: the texts, the outcome that was chosen, and whether it was sent from the output.
 * @type {{texts: string[], outcome: string, inOutput: boolean} | null} */
let sent = null;
let to = ""; // the branch that was chosen since
/** What Ctrl+Enter was pressed for since, in turn: each is a step of its own, and what is typed behind the last stays.
 * @type {{text: string, outcome: string}[]} */
let waiting = [];

/** @param {EventTarget | null | undefined} asked the form, or one of its buttons */
const isOurs = (asked) => asked instanceof Element && asked.closest("#composer") !== null;
/** @param {number} at */
const typedSince = (at) => {
  const [was, now] = [sent?.texts[at] || "", FIELDS[at]?.()?.value || ""];
  return now.startsWith(was) ? now.slice(was.length) : now; // drafts.js may have emptied it: the socket is quicker
};

/** @param {string} text @param {string} before */
const behind = (text, before) => (text.startsWith(before) ? text.slice(before.length) : text);

let hasLeft = false;
document.addEventListener("keydown", (event) => {
  hasLeft ||= event.key === "Escape";
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing || event.repeat) return;
  if (!sent || !composer()?.contains(/** @type {Node} */ (event.target))) return;
  const text = waiting.reduce((since, before) => behind(since, before.text), typedSince(0));
  if (!text.trim()) return;
  waiting.push({ text, outcome: chosen });
  chosen = "";
  draw();
});

document.addEventListener("htmx:beforeRequest", ({ detail }) => {
  if (!isOurs(detail.elt)) return;
  sent = { texts: FIELDS.map((field) => field()?.value || ""), outcome: chosen, inOutput: isIn(output()) };
  chosen = to = "";
  hasLeft = false;
});

/** @type {string[]} */
let typed = [];
let goesOn = () => {}; // where one was
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (!isOurs(detail?.requestConfig?.elt)) return;
  typed = FIELDS.map((_field, at) => typedSince(at));
  const isHere = (document.activeElement === body && !hasLeft) || composer()?.contains(document.activeElement);
  goesOn = isIn(output()) && (typed[1] || !sent?.inOutput) ? openOutput : () => isHere && box()?.focus();
});

document.addEventListener("htmx:afterSwap", ({ detail }) => {
  if (!isOurs(detail?.requestConfig?.elt)) return;
  const { status, responseURL } = detail.xhr;
  if (status < 300) {
    writesTo = to;
    history.replaceState(history.state, "", responseURL); // what this page shows now, when it is fetched again
    const select = branch();
    if (select && to) select.value = to;
  }
  for (const [at, field] of FIELDS.entries()) {
    const [now, since] = [field(), typed[at] || ""];
    if (now && since && status < 300) setText(now, now === box() ? since.trimStart() : since);
    else if (now && since && status === 422) setText(now, `${now.value}${since}`); // it came back with what was sent
  }
  typed = [];
  // At once: HTMX sets the focus a moment later, and what is typed until then would be keys of the page.
  if (box()?.autofocus) goesOn();
  box()?.removeAttribute("autofocus");
});

document.addEventListener("htmx:afterRequest", ({ detail }) => {
  if (!isOurs(detail?.requestConfig?.elt)) return;
  const { status } = detail.xhr;
  if (status < 200 || status >= 300) {
    waiting = [];
    chosen ||= sent?.outcome || ""; // it is still what is meant
  }
  sent = null;
  draw();
});

document.addEventListener("htmx:afterSettle", () => {
  const field = box();
  const next = sent || !field ? undefined : waiting.shift();
  if (!next || !field?.value.trim()) return;
  const [text, whole] = [next.text.trimStart(), field.value];
  if (whole.startsWith(text)) setText(field, text);
  [chosen, next.outcome] = [next.outcome, chosen];
  (outcomes().find(({ value }) => value === chosen) || outcomes().at(-1))?.click();
  chosen = next.outcome;
  setText(field, whole);
});

/** @param {HTMLTextAreaElement} field @param {string} text */
function setText(field, text) {
  field.value = text;
  if (text && field === output()) field.closest("details")?.setAttribute("open", "");
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

draw();
