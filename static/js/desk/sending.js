// What is sent from the composer leaves the box at once: what is typed next is the next step. Until the answer has come it
// is shown above the box, and kept with the draft; refused or lost it is back in the box as it was, with its outcome and its
// key, so that nothing is done twice. What was typed since waits above until that is sent, or is taken back.
//
// Conventions: data-held is what a field of the form stands for beside what it says; drafts.js keeps both.
import { body } from "../dom.js";
import { box, branch, chosen, composer, isAlt, openOutput, output, setChosen, setText, setWritesTo } from "./composer.js";
import { batchNow, namesIn, setBatch, takeBatch } from "./files.js";

const FIELDS = [box, output];
const QUICK = 200; // ms, and nobody needs to be told

/** What went, or is to go: the two texts, the outcome that was chosen, the branch, its files, and whether it is a message.
 * @typedef {{texts: string[], outcome: string, branch: string, batch: string, isMessage?: boolean}} Item */

/** @type {(Item & {key: string, isShown?: boolean}) | null} */
let sent = null;
let hasFailed = false; // what went last is in the box again, or could not go
let to = ""; // the branch that was chosen since
/** @type {Item[]} what Ctrl+Enter was pressed for since, in turn */
let waiting = [];
/** @type {Item[]} what was half typed when the last one failed */
let aside = [];
/** @type {Item | null} what the composer says as it is replaced */
let since = null;

/** @param {EventTarget | null | undefined} asked the form, or one of its buttons */
const isOurs = (asked) => asked instanceof Element && asked.closest("#composer") !== null;
/** @param {Element | null} field */
const isIn = (field) => field !== null && document.activeElement === field;
/** @returns {Item} */
const now = () => ({
  texts: FIELDS.map((field) => field()?.value || ""),
  outcome: chosen()?.value || "",
  branch: branch()?.value || "",
  batch: batchNow(),
});
const key = () => /** @type {HTMLInputElement | null | undefined} */ (composer()?.querySelector("[name=form_key]"));
/** @param {string[]} parts */
const joined = (parts) => parts.filter(Boolean).join("\n");

/** @param {string[]} values */
function put(values) {
  for (const [at, field] of FIELDS.entries()) {
    const [found, text] = [field(), values[at] || ""];
    if (found && found.value !== text) setText(found, text);
  }
  if (!values[1]) output()?.closest("details")?.removeAttribute("open");
}

/** It is what is in the box. @param {Item} item */
function fill(item) {
  put(item.texts);
  setChosen(item.outcome);
  setWritesTo(item.branch);
  setBatch(item.batch);
}

/** Is a hand in it, or was when a busy button lost it the focus? */
const isWritten = () => (document.activeElement === body && !hasLeft) || composer()?.contains(document.activeElement);

// --- it goes -------------------------------------------------------------------------------------

let hasLeft = false;
document.addEventListener("keydown", (event) => {
  hasLeft ||= event.key === "Escape";
  if (!sent || event.isComposing || event.repeat || !composer()?.contains(/** @type {Node} */ (event.target))) return;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) queue(false);
  if (event.code === "KeyM" && isAlt(event)) queue(true);
});

// "Send as a message" asks by itself: while it does, the buttons of the outcomes can be pressed.
document.addEventListener("click", (event) => {
  const { target } = event;
  const button = sent && target instanceof Element && /** @type {HTMLButtonElement | null} */ (target.closest("#composer :is([name=outcome], [data-message])"));
  if (!button) return;
  event.preventDefault();
  event.stopPropagation();
  queue(button.matches("[data-message]"), button.value);
}, true);

/** The next one, while one is on its way. A message may be an output alone. @param {boolean} isMessage @param {string} [outcome] */
function queue(isMessage, outcome) {
  const item = now();
  const [text = ""] = item.texts;
  if (!(isMessage ? joined(item.texts) : text).trim()) return;
  waiting.push({ ...item, outcome: outcome || item.outcome, isMessage });
  next();
}

/** An empty box for what comes next, in which one goes on. */
function next() {
  const isHere = isWritten();
  put([]);
  setChosen("");
  setBatch();
  hold();
  if (isHere) box()?.focus();
}

document.addEventListener("htmx:beforeRequest", ({ detail }) => {
  if (!isOurs(detail.elt)) return;
  const going = (sent = { ...now(), key: key()?.value || "" });
  [to, hasLeft, hasFailed] = ["", false, false];
  next();
  setTimeout(() => {
    if (sent !== going) return;
    sent.isShown = true;
    draw();
  }, QUICK);
});

document.addEventListener("change", ({ target }) => {
  if (sent && target === branch()) to = branch()?.value || "";
});

// --- the answer ----------------------------------------------------------------------------------

let goesOn = () => {}; // where one was
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (!isOurs(detail?.requestConfig?.elt)) return;
  since = now();
  if (detail.xhr.status < 300) {
    sent = null;
    hold(); // drafts.js does not keep it any more
  }
  const isHere = isWritten();
  goesOn = isIn(output()) ? openOutput : () => isHere && box()?.focus();
});

document.addEventListener("htmx:afterSwap", ({ detail }) => {
  if (!isOurs(detail?.requestConfig?.elt)) return;
  const { status, responseURL } = detail.xhr;
  if (status < 300) {
    const [text = "", printed = ""] = since?.texts || [];
    setWritesTo(to || text || printed ? since?.branch || "" : "");
    history.replaceState(history.state, "", responseURL); // what this page shows now, when it is fetched again
    put([text.trimStart(), printed]);
    setChosen(since?.outcome || "");
  }
  // At once: what is typed until HTMX or the browser does as autofocus says would be keys of the page. And neither asks
  // whether somebody has left meanwhile, or whether the attribute is still there.
  if (box()?.hasAttribute("data-goes-on")) goesOn();
});

document.addEventListener("htmx:afterRequest", ({ detail }) => {
  if (!isOurs(detail?.requestConfig?.elt)) return;
  if (sent) putBack(sent); // also where a sign-in page answers
  sent = since = null;
  hold();
});

/** As it was. @param {Item & {key: string}} item */
function putBack(item) {
  const typed = since || now();
  const isEmpty = !joined(item.texts).trim();
  if (!isEmpty && (joined(typed.texts).trim() || namesIn(typed.batch))) aside.push(typed);
  hasFailed = !isEmpty;
  const field = key();
  if (field) field.value = item.key;
  fill(isEmpty ? { ...typed, outcome: typed.outcome || item.outcome } : item);
  if (isEmpty) takeBatch(item.batch);
}

document.addEventListener("htmx:afterSettle", () => {
  if (sent || hasFailed || !composer()) return;
  const item = waiting.shift();
  if (!item && !aside.length) return;
  if (!item) return takeBack();
  const [typed, before] = [now(), to];
  fill(item);
  const press = item.isMessage ? "[data-message]" : `[name=outcome][value="${item.outcome || "pending"}"]`;
  /** @type {HTMLElement | null | undefined} */ (composer()?.querySelector(press))?.click();
  to = before;
  hasFailed = !sent;
  fill(typed);
  if (!hasFailed) return;
  waiting.unshift(item);
  hold();
});

document.addEventListener("draft:discarded", ({ target }) => {
  if (target !== composer()) return;
  for (const { batch } of [...waiting, ...aside]) takeBatch(batch);
  [waiting, aside, hasFailed] = [[], [], false];
  hold();
});

/** All that waits comes into the box, above what is typed there. */
function takeBack() {
  const items = [...waiting, ...aside];
  [waiting, aside] = [[], []];
  for (const { batch } of items) takeBatch(batch);
  if (!joined(now().texts).trim()) setWritesTo(items[0]?.branch || "");
  put(FIELDS.map((_field, at) => joined([...items, now()].map((item) => item.texts[at] || ""))));
  if (!chosen()?.value) setChosen(items[0]?.outcome || "");
  hold();
  return undefined;
}

// --- what is held, and shown ---------------------------------------------------------------------

function hold() {
  const items = [...(sent ? [sent] : []), ...waiting, ...aside];
  for (const [at, field] of FIELDS.entries()) mark(field(), joined(items.map((item) => item.texts[at] || "")));
  mark(chosen(), items[0]?.outcome || "");
  draw();
}

/** @param {HTMLElement | null} field @param {string} held */
function mark(field, held) {
  if (!field || (field.dataset.held || "") === held) return;
  held ? (field.dataset.held = held) : delete field.dataset.held;
  field.dispatchEvent(new Event("change", { bubbles: true }));
}

/** @param {string} word @param {Item} item */
function row(word, { texts, batch }) {
  const line = document.createElement("span");
  const said = Object.assign(document.createElement("bdi"), { textContent: texts.find(Boolean) || namesIn(batch) });
  line.append(`${word} `, said);
  return line;
}

function draw() {
  const form = composer();
  const rows = [
    ...(sent?.isShown ? [row("Sending…", sent)] : []),
    ...waiting.map((item) => row("Next:", item)),
    ...aside.map((item) => row("Kept:", item)),
  ];
  const old = form?.querySelector(":scope > output.sending");
  if (!rows.length || !form) return old?.remove();
  const line = old || Object.assign(document.createElement("output"), { className: "sending" });
  if (!old) form.prepend(line);
  const button = Object.assign(document.createElement("button"), { type: "button", className: "button link", textContent: "Take back" });
  button.addEventListener("click", () => {
    takeBack();
    box()?.focus();
  });
  line.replaceChildren(...rows, ...(hasFailed ? [button] : []));
  return undefined;
}

body.addEventListener("live:changed", hold); // a composer that was drawn anew
