// A paste of several lines, or of a log, goes to the output of the step by itself; a quiet line says so and undoes it.
//
// What looks printed is known here as in sessions_app/pasted.py; tests/data/pasted.json holds both to the same rules.
import { box, output as out } from "./composer.js";

const FEW = 8; // so many sentences are no message any more
const LONG = 500; // characters of a single line

const COMMAND = /^\s*(?:(?:PS )?[A-Za-z]:\\[^>\n]{0,200}> *\S|PS ?> *\S|[\w.-]+@[\w.-]+[^$#\n]{0,80}[$#] *\S|\$ \S|[\w.()-]{2,40}#\s?[a-z]{2})/;
// Set in, in columns, with a time, a level or a number of an error, code, a table, a rule.
const PRINTED = new RegExp(
  [
    /^[\t ]+(?![-*•] )\S/, /[^\s.!?:](?: {2,}|\t)\S/, /\. \. \. /, /^\W{0,2}\d{4}-\d\d-\d\d[ T]/, /\b\d\d?:\d\d:\d\d\b/,
    /\b(?:ERROR|WARN|WARNING|INFO|DEBUG|FATAL|CRITICAL|TRACE)\b/, /\w(?:Exception|Error)\b: /, /\b0x[0-9a-fA-F]{4,}\b/,
    /^\s*at [\w.$<>]+\(/, /\w=\S/, /^[\s|+]*[-=─═]{3,}[-=─═\s|+]*$/, /^\s*[{}[\]<●○]/, /[;{}]$/, /\|.*\|/,
    /^(?:[Ee]rror|[Ff]atal|[Tt]raceback|[Cc]aused by|[Uu]nhandled)\b.{0,80}?[:(]/,
  ].map((one) => one.source).join("|"),
);

/** @param {string} line */
const isPrinted = (line) => PRINTED.test(line.trimEnd()) || COMMAND.test(line);
/** @param {string} line */
const isOfSomeWords = (line) => line.trim().split(/\s+/).length > 3;
/** As people write: of a few words with an end, or an item of a list. @param {string} line */
const isSentence = (line) => !isPrinted(line) && (/^\s*(?:[-*•]|\d{1,2}[.)]) \S/.test(line) || (isOfSomeWords(line) && /[.!?…:,;)"”]$/.test(line.trimEnd())));
/** It says what those below it are; with a blank line below, it is a heading of theirs. @param {string} line @param {string} below */
const opensOutput = (line, below) => COMMAND.test(line) || (/:\s*$/.test(line) && isOfSomeWords(line) && !isPrinted(line) && !/^\s*(?:\n|$)/.test(below));
/** @param {string} text */
const linesOf = (text) => text.split("\n").filter((line) => line.trim());

/** Is this paste an output, and no message? @param {string} text */
function isOutput(text) {
  const lines = linesOf(text);
  const [first = ""] = lines;
  if (lines.length > 2) return lines.length >= FEW || !lines.every(isSentence);
  if (lines.length === 2) return COMMAND.test(first) || lines.every(isPrinted);
  return first.length > LONG && isPrinted(first);
}

/** Its first line, where that says what the others are, and those. @param {string} text @returns {[string, string]} */
function split(text) {
  const [, above = "", first = "", below = ""] = /^(\s*\n)?([^\n]*)\n?([^]*)$/.exec(text) || [];
  return opensOutput(first, below) && below.trim() ? [first.trim(), below] : ["", above + first + (below && `\n${below}`)];
}

/**
 * What was moved last, and what both fields said before and after.
 * @typedef {{pasted: string, line: string, output: string, start: number, end: number, was: [string, string], is: [string, string]}} Move
 * @type {Move | null} */
let moved = null;
let asTyped = ""; // put back into the box by a hand: it is what was tried

document.addEventListener("paste", (event) => {
  const [text, output] = [box(), out()];
  const pasted = (event.clipboardData?.getData("text/plain") || "").replace(/\r\n?/g, "\n");
  if (!text || !output || event.target !== text || event.defaultPrevented || !isOutput(pasted)) return;
  event.preventDefault();
  move(text, output, pasted);
});

/** @param {HTMLTextAreaElement} text @param {HTMLTextAreaElement} output @param {string} pasted */
function move(text, output, pasted) {
  const { value, selectionStart: start, selectionEnd: end } = text;
  const typed = value.slice(0, start) + value.slice(end);
  const [line, below] = typed.trim() ? ["", pasted] : split(pasted);
  const was = /** @type {[string, string]} */ ([value, output.value]);
  const before = output.value && !output.value.endsWith("\n") ? `${output.value}\n` : output.value;
  fill(text, line || typed, line ? line.length : start);
  output.closest("details")?.setAttribute("open", "");
  fill(output, before + below);
  output.scrollTop = output.scrollHeight;
  moved = { pasted, line, output: below, start, end, was, is: [text.value, output.value] };
  const count = below.replace(/\n+$/, "").split("\n").length;
  say(output, `Moved ${count} line${count === 1 ? "" : "s"} to the output.`);
}

/** As a hand would: what listens to typing hears it. @param {HTMLTextAreaElement} field @param {string} value @param {number} [caret] */
function fill(field, value, caret) {
  field.value = value;
  if (caret !== undefined) field.setSelectionRange(caret, caret);
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

/** Back into the box, as a paste; what has been typed since stays. */
function undo() {
  const [text, output] = [box(), out()];
  if (!moved || !text || !output) return;
  const { pasted, line, start, end, was, is } = moved;
  const below = moved.output;
  moved = null;
  asTyped = pasted;
  const at = output.value.lastIndexOf(below);
  fill(output, output.value === is[1] ? was[1] : output.value.slice(0, at) + output.value.slice(at + below.length));
  const { value } = text;
  if (value === is[0]) fill(text, was[0].slice(0, start) + pasted + was[0].slice(end), start + pasted.length);
  else if (line && value.startsWith(line)) fill(text, pasted + value.slice(line.length), pasted.length);
  else fill(text, value ? `${value}\n${pasted}` : pasted, value.length + pasted.length + 1);
  if (!output.value) output.closest("details")?.removeAttribute("open");
  lineOf(output)?.remove();
  text.focus();
}

/** @param {HTMLTextAreaElement} output */
const lineOf = (output) => /** @type {HTMLOutputElement | null} */ (output.form?.querySelector("output.moved"));

/** A quiet line above the fold, read out when it comes. @param {HTMLTextAreaElement} output @param {string} words */
function say(output, words) {
  const line = lineOf(output) || Object.assign(document.createElement("output"), { className: "draft moved" });
  if (!line.isConnected) (output.closest("details") || output).before(line);
  const span = Object.assign(document.createElement("span"), { textContent: words });
  const button = Object.assign(document.createElement("button"), { type: "button", className: "button quiet small", textContent: "Undo" });
  button.addEventListener("click", undo);
  requestAnimationFrame(() => line.replaceChildren(span, button)); // what it came with would not be read out
}

document.addEventListener("keydown", (event) => {
  const [text, output] = [box(), out()];
  if (!moved || event.key.toLowerCase() !== "z" || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return;
  if (event.target !== text && event.target !== output) return;
  if (text?.value !== moved.is[0] || output?.value !== moved.is[1]) return; // something was typed since: the browser undoes that
  event.preventDefault();
  undo();
});

/** What was moved is no longer there: there is nothing to undo. */
function forget() {
  const output = out();
  if (!moved || !output || output.value.includes(moved.output)) return;
  moved = null;
  lineOf(output)?.remove();
}
for (const kind of ["input", "change"]) document.addEventListener(kind, forget);
document.addEventListener("reset", () => setTimeout(forget));

// The server moves a typed log to the output, too, and leaves what was put back.
document.addEventListener("formdata", ({ formData, target }) => {
  if (asTyped && target === box()?.form && box()?.value.includes(asTyped)) formData.set("as_typed", "on");
});
