// Toasts: what was done, and what did not work.
import { all, byId } from "./dom.js";

/** @param {string} text @param {"error" | "success"} [kind] @returns {HTMLElement} */
export function toast(text, kind = "error") {
  const box = document.createElement("div");
  box.className = `toast ${kind}`;
  box.setAttribute("role", kind === "error" ? "alert" : "status");
  box.append(Object.assign(document.createElement("p"), { textContent: text }));
  byId("toasts")?.append(box);
  passing(box);
  return box;
}

// Not from under a pointer or the focus, nor with something in it that can still be undone.
const HOLDS = ":hover, :focus-within, :has([data-until]:not([hidden]))";

/** Goes after ten seconds. @param {HTMLElement} box */
export function passing(box) {
  setTimeout(() => (box.matches(HOLDS) ? passing(box) : box.remove()), 10000);
}

/** What the server said was done; what it refused stays until it is closed. */
export const openToasts = () => all("#toasts > .toast:not(.error)");

document.addEventListener("click", ({ target }) => /** @type {Element} */ (target).closest(".toast .close")?.closest(".toast")?.remove());
