// A field that was refused is red until it is mended: its error goes with the first input that may be right, and comes
// back with one that cannot be. What holds of the whole form is said until anything in it is changed.
//
// Where a zone is asked for, the browser's own is chosen beforehand.
//
// Conventions: the control is [aria-invalid=true], its error is named by aria-describedby and ends in _error, both stand
// in .field.invalid; data-limit is how much text fits. form[data-typed] came back with what was typed.
// form[data-own-zone] asks for a time_zone.

/** @type {WeakMap<Element, string>} what described a refused control, its error included */
const described = new WeakMap();

/** All controls of that name: a choice is made of several. @param {Field} field @returns {Field[]} */
const choices = (field) => /** @type {Field[]} */ (Array.from(field.form?.elements || [])).filter((one) => one.name === field.name && one.type !== "hidden");

/** @param {Field} field */
function isChanged(field) {
  if (field instanceof HTMLSelectElement) return Array.from(field.options).some((option) => option.selected !== option.defaultSelected);
  const { type, checked, defaultChecked } = /** @type {HTMLInputElement} */ (field);
  if (type === "checkbox" || type === "radio") return checked !== defaultChecked;
  return field.value.trim() !== field.defaultValue.trim();
}

/** @param {Field} field */
const fits = (field) => !(Array.from(field.value).length > Number(field.dataset.limit || Infinity));

/** Whether it may be right by now; the server knows more. @param {Field[]} fields */
const mayBeRight = (fields) => fields.some(isChanged) && fields.every((field) => field.validity.valid && fits(field));

/** @param {Element} element the control, or the fieldset around several @param {boolean} right */
function show(element, right) {
  const words = described.get(element) ?? element.getAttribute("aria-describedby") ?? "";
  described.set(element, words);
  const isError = (/** @type {string} */ id) => id.endsWith("_error");
  const ids = words.split(" ").filter(Boolean);
  for (const id of ids.filter(isError)) document.getElementById(id)?.toggleAttribute("hidden", right);
  const left = right ? ids.filter((id) => !isError(id)).join(" ") : words;
  left ? element.setAttribute("aria-describedby", left) : element.removeAttribute("aria-describedby");
}

/** @param {Event} event */
function look({ target }) {
  const field = /** @type {Field} */ (target);
  const { form } = field;
  if (!form || !field.name) return;
  for (const said of form.querySelectorAll(".errorlist.nonfield")) said.toggleAttribute("hidden", true);
  const fields = choices(field);
  if (!fields.some((one) => one.matches("[aria-invalid=true]") || described.has(one))) return;
  form.dataset.typed = "";
  const right = mayBeRight(fields);
  for (const one of fields) {
    right ? one.removeAttribute("aria-invalid") : one.setAttribute("aria-invalid", "true");
    show(one, right);
  }
  const group = field.closest("fieldset"); // of a choice, which is described as a whole
  if (group) show(group, right);
  field.closest(".field")?.classList.toggle("invalid", !right);
}

for (const kind of ["input", "change"]) document.addEventListener(kind, look);
// A hand may have been quicker than this script.
for (const form of document.querySelectorAll("form:has([aria-invalid=true], .errorlist.nonfield)")) {
  for (const field of form.querySelectorAll("input:not([type=hidden]), textarea, select")) {
    if (isChanged(/** @type {Field} */ (field))) look(/** @type {any} */ ({ target: field }));
  }
}

const own = new Intl.DateTimeFormat().resolvedOptions().timeZone;
for (const option of document.querySelectorAll("[data-own-zone] [name=time_zone] option")) {
  // As if it had come so: nobody has typed anything here, which drafts.js would keep.
  if (option instanceof HTMLOptionElement && option.value === own) option.selected = option.defaultSelected = true;
}
