// The forms that take part, and what is typed or chosen in them.
import { mine } from "./store.js";

export const WRITTEN = "textarea, input:not([type]), input:is([type=text], [type=search], [type=url], [type=tel], [type=email])";
const CHOSEN = "select, input:is([type=checkbox], [type=radio], [type=number], [type=date], [type=time], [type=datetime-local])";
const SHOWN = "shown"; // hidden check sums: of the page on which it was typed, whatever a colleague has corrected since
const FIELDS = `${WRITTEN}, ${CHOSEN}, [name=${SHOWN}]`;
const SECRET = /csrf|password|passwd|secret|token(?!s$)|credential/i;

/** @param {HTMLFormElement} form @returns {Field[]} */
export const fieldsOf = (form) =>
  /** @type {Field[]} */ (Array.from(form.elements)).filter((field) => field.matches(FIELDS) && field.name && !SECRET.test(field.name));
/** @param {HTMLFormElement} form */
export const takesPart = (form) =>
  form.getAttribute("method")?.toLowerCase() === "post" && !("noDraft" in form.dataset) && fieldsOf(form).some((field) => field.matches(WRITTEN));
export const forms = () => Array.from(document.forms).filter(takesPart);
/** @param {HTMLFormElement} form */
export const placeOf = (form) => mine + new URL(form.getAttribute("action") || location.href, location.href).pathname;
/** It came back from the server with what was typed, so that its defaults are typed text, too. @param {HTMLFormElement} form */
export const cameBack = (form) => "typed" in form.dataset || form.querySelector("[aria-invalid=true]") !== null;

/** What is on its way from there is kept, too, until it has come (desk/sending.js). @param {Field} field */
function valueOf(field) {
  const { held } = field.dataset;
  if (held && field instanceof HTMLSelectElement) return [held];
  if (held) return [field.value ? `${held}\n${field.value}` : held];
  if (field instanceof HTMLSelectElement) return Array.from(field.selectedOptions, (option) => option.value);
  if (field.type === "checkbox" || field.type === "radio") return /** @type {HTMLInputElement} */ (field).checked ? [field.value] : [];
  return [field.value];
}

/** What the server wrote there. @param {Field} field */
function defaultOf(field) {
  if (field instanceof HTMLSelectElement) {
    const options = Array.from(field.options);
    const chosen = options.filter((option) => option.defaultSelected);
    return (chosen.length || field.multiple ? chosen : options.slice(0, 1)).map((option) => option.value);
  }
  if (field.type === "checkbox" || field.type === "radio") return /** @type {HTMLInputElement} */ (field).defaultChecked ? [field.value] : [];
  return [field.defaultValue];
}

/** @param {Field[]} fields @param {(field: Field) => string[]} read @returns {Values} */
function collect(fields, read) {
  /** @type {Values} */
  const values = {};
  for (const field of fields) (values[field.name] ||= []).push(...read(field));
  return values;
}

/** Written, or a choice that is as good as written. @param {Field} field */
const counts = (field) => field.matches(`${WRITTEN}, [data-counts]`);

/** What is typed or chosen here and is not the server's; null where nothing is written. @param {HTMLFormElement} form @returns {Values | null} */
export function changedIn(form) {
  const fields = fieldsOf(form);
  const [now, before] = [collect(fields, valueOf), collect(fields, defaultOf)];
  const all = cameBack(form);
  const differs = (/** @type {string} */ name) => (all ? now[name]?.join("") !== "" : now[name]?.join("\0") !== before[name]?.join("\0"));
  if (!fields.some((field) => counts(field) && differs(field.name))) return null;
  return Object.fromEntries(Object.entries(now).filter(([name]) => differs(name) || name === SHOWN));
}

/** @param {HTMLFormElement} form @param {Values} values */
export function fill(form, values) {
  /** @type {Record<string, number>} */
  const at = {};
  const fields = fieldsOf(form);
  for (const field of fields) {
    const wanted = values[field.name];
    if (!wanted || isOfBefore(field, wanted, fields)) continue;
    if (field instanceof HTMLSelectElement) for (const option of field.options) option.selected = wanted.includes(option.value);
    else if (field.type === "checkbox" || field.type === "radio") /** @type {HTMLInputElement} */ (field).checked = wanted.includes(field.value);
    else field.value = wanted[(at[field.name] = (at[field.name] ?? -1) + 1)] ?? "";
    for (let fold = field.closest("details:not(.menu)"); fold; fold = fold.parentElement?.closest("details:not(.menu)") || null) fold.setAttribute("open", "");
  }
}

/** A choice that is not offered any more: it stays as the server wrote it. @param {Field} field @param {string[]} wanted @param {Field[]} fields */
function isOfBefore(field, wanted, fields) {
  if (!wanted.length || (field.type !== "radio" && !(field instanceof HTMLSelectElement))) return false;
  const offered = field instanceof HTMLSelectElement ? Array.from(field.options) : fields.filter(({ name }) => name === field.name);
  return !offered.some(({ value }) => wanted.includes(value));
}
