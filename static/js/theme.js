// Light, dark, or as the system has it.
import { all, cookie, html } from "./dom.js";

const THEMES = ["system", "light", "dark"];

/** As chosen; a cookie, so that the server draws the next page right at first paint. @param {string} [chosen] */
export function theme(chosen) {
  if (chosen) document.cookie = `theme=${chosen}; path=/; max-age=31536000; samesite=lax`;
  const now = THEMES.includes(cookie("theme")) ? cookie("theme") : "system";
  if (now === "system") delete html.dataset.theme;
  else html.dataset.theme = now;
  for (const button of all("[data-theme-choice]")) button.setAttribute("aria-pressed", String(button.dataset.themeChoice === now));
}

document.addEventListener("click", ({ target }) => {
  const choice = /** @type {HTMLElement | null} */ (/** @type {Element} */ (target).closest("[data-theme-choice]"));
  if (choice) theme(choice.dataset.themeChoice);
});
