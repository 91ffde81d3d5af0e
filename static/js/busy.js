// A button whose answer is on its way is busy, and the focus comes back to it.
import { body, byId } from "./dom.js";

/** @param {Element | null} element @returns {HTMLButtonElement[]} */
export function buttonsOf(element) {
  if (element instanceof HTMLButtonElement) return [element];
  if (!(element instanceof HTMLFormElement)) return [];
  return /** @type {HTMLButtonElement[]} */ (
    Array.from(element.elements).filter((part) => part instanceof HTMLButtonElement && part.type === "submit" && !part.hidden)
  );
}

/** @param {HTMLButtonElement[]} buttons @param {boolean} busy */
export function setBusy(buttons, busy) {
  for (const button of buttons) {
    const focused = document.activeElement === button;
    button.disabled = busy;
    button.toggleAttribute("aria-busy", busy);
    if (focused) button.dataset.focused = "";
    if (!busy && "focused" in button.dataset) {
      delete button.dataset.focused;
      if (document.activeElement === body) button.focus();
    }
  }
}

let pressed = ""; // a busy button is disabled, which costs it the focus; its answer has one of the same id
export const rememberPressed = () => void (pressed = document.activeElement?.id || "");

document.addEventListener("focusin", () => (pressed = ""));
document.addEventListener("keydown", ({ key }) => key === "Escape" && (pressed = ""));
document.addEventListener("htmx:afterSettle", refocus);

export function refocus() {
  if (pressed && document.activeElement === body) byId(pressed)?.focus({ preventScroll: true });
}
