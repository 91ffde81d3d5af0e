// Several cards at once: boxes, a range of them by Shift, how many there are, and what was done with them.
import { all, isVisible } from "../dom.js";

/** @type {HTMLInputElement | null} */
let ticked = null;
export const boxes = () => /** @type {HTMLInputElement[]} */ (all(".desk input.select")).filter((box) => !box.closest(".gone") && isVisible(box));

/** @param {HTMLInputElement} box @param {boolean} on */
export function tick(box, on) {
  box.checked = on;
  ticked = box;
  count();
}

export function count() {
  const chosen = boxes().filter((box) => box.checked).length;
  for (const words of all("[data-count]")) words.textContent = `${chosen} selected`;
  for (const words of all("[data-all]")) words.hidden = chosen === boxes().length;
}

document.addEventListener("click", (event) => {
  const box = /** @type {HTMLElement} */ (event.target);
  if (box.closest("[data-all]")) boxes().forEach((one) => tick(one, true));
  if (!(box instanceof HTMLInputElement) || !box.matches(".desk input.select")) return;
  const here = boxes();
  const [from, to] = [ticked?.isConnected ? here.indexOf(ticked) : -1, here.indexOf(box)];
  if (event.shiftKey && from >= 0) here.slice(Math.min(from, to), Math.max(from, to) + 1).forEach((one) => (one.checked = box.checked));
  tick(box, box.checked);
});
document.addEventListener("reset", () => setTimeout(count));
// Enter in a menu presses that menu's button, and not the first of the form.
document.addEventListener("keydown", (event) => {
  const field = /** @type {Element} */ (event.target);
  if (event.key !== "Enter" || event.ctrlKey || event.metaKey || event.isComposing || !field.matches("#bulk .menu-form input")) return;
  event.preventDefault();
  if (!event.repeat) field.closest(".menu-form")?.querySelector("button")?.click();
});

document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.detail.elt.id !== "bulk") return;
  all(".results").forEach((said) => said.remove());
  all("#bulk details[open]").forEach((menu) => menu.removeAttribute("open"));
});
// What was done is chosen no more; what was refused stays, to be tried otherwise.
document.addEventListener("htmx:afterSwap", () => {
  const done = all(".results").flatMap((said) => (said.dataset.done || "").split(" "));
  boxes().forEach((box) => done.includes(box.value) && (box.checked = false));
  all(".results[data-done]").forEach((said) => said.removeAttribute("data-done"));
  count();
});
