// What narrows the list: chosen is done, with an address that says only what is chosen.
import { all, recall } from "../dom.js";

document.addEventListener("change", (event) => {
  const field = /** @type {HTMLInputElement} */ (event.target);
  if (!field.matches(".filters :is(select, [type=checkbox])") || field.closest("details")) return;
  recall(HAND, choiceOf(field), "sessionStorage");
  field.form?.requestSubmit();
});
// The page comes anew with each choice: the focus stays where it was.
const HAND = "chose";
const choiceOf = (/** @type {HTMLInputElement} */ { name, type, value }) => (type === "checkbox" ? `${name}=${value}` : name);
const chose = recall(HAND, undefined, "sessionStorage");
if (chose) /** @type {HTMLInputElement[]} */ (all(".filters [name]")).find((field) => choiceOf(field) === chose)?.focus({ preventScroll: true });
recall(HAND, "", "sessionStorage");
// Back by the browser's own button: it says again what the address says.
addEventListener("pageshow", ({ persisted }) => persisted && /** @type {HTMLFormElement[]} */ (all("form.filters")).forEach((form) => form.reset()));
document.addEventListener("formdata", (event) => {
  const { formData } = event;
  if (!/** @type {Element} */ (event.target).matches(".filters")) return;
  for (const [name, value] of Array.from(formData)) if (value === "") formData.delete(name);
});
