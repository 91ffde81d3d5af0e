// What a ticket says fills in what nobody has typed in a new session, and goes as soon as another number is typed.
import { all, body } from "./dom.js";

/** @param {Element | null | undefined} form @param {Map<string | undefined, string>} values */
function fillIn(form, values) {
  if (!(form instanceof HTMLFormElement) || !form.matches(".intake")) return;
  for (const field of /** @type {Field[]} */ (Array.from(form.elements))) {
    const value = values.get(field.name) ?? "";
    const ours = field.dataset.filled !== undefined && field.value === field.dataset.filled;
    if (value && field.value === value) field.dataset.filled = value; // as in a draft that is taken up
    if (field.name === "psa_ticket_id" || field.value === value || (!ours && field.value)) continue;
    Object.assign(field, { value }).dataset.filled = value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
}
document.addEventListener("htmx:afterSwap", (event) => {
  const told = /** @type {Element} */ (event.target);
  if (told.id !== "ticket-lookup") return;
  const values = new Map(all("[data-fills]", told).map((one) => [one.dataset.fills, /** @type {HTMLDataElement} */ (one).value]));
  const number = told.closest("form")?.querySelector("[name=psa_ticket_id]");
  if (values.has("psa_ticket_id") && number instanceof HTMLInputElement) {
    number.value = values.get("psa_ticket_id") ?? ""; // a match was picked
    number.focus();
  }
  fillIn(told.closest("form"), values);
});
body.addEventListener("input", (event) => {
  const field = /** @type {Field} */ (event.target);
  if (field.name === "psa_ticket_id") fillIn(field.form, new Map());
});
