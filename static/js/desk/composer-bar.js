// The composer as a bar, in a low or narrow window: it opens when one begins to write, and folds by its button, by Esc
// or by a click elsewhere. It shows the first line of what was typed.
//
// Conventions: html[data-composing] while it is open; --composer is how high the region is, so that the page's end and
// the toasts stand above it; --keyboard is what a phone's keyboard covers where it does not make the page smaller.
import { body, byId, html } from "../dom.js";
import { box } from "./composer.js";

const region = () => byId("composer-region");

/** A button of a folded bar is pressed where it stands: it does not open the bar under the finger. */
const OPENS = "textarea, select, input, summary";

document.addEventListener("focusin", ({ target }) => {
  const field = /** @type {Element} */ (target);
  if (region()?.contains(field) && field.matches(OPENS)) html.dataset.composing = "";
});

/** Esc, or the button: the text stays. */
export function leaveComposer() {
  delete html.dataset.composing;
  if (region()?.contains(document.activeElement)) /** @type {HTMLElement} */ (document.activeElement).blur();
}

document.addEventListener("click", (event) => {
  const target = /** @type {Element} */ (event.target);
  if (target.closest(".composer-close")) leaveComposer();
  else if (!target.isConnected || !region()) return;
  else if (!region()?.contains(target)) delete html.dataset.composing;
  else if (target.closest("[data-send]") && isFolded() && !box()?.value.trim()) {
    event.preventDefault(); // there is nothing to log: it is to be written first
    box()?.focus();
  }
});

// What opens under the buttons, which stick to the bar's end, comes into sight.
document.addEventListener("toggle", ({ target }) => {
  const opened = /** @type {HTMLDetailsElement} */ (target);
  if (opened.open && opened.matches("#composer details") && html.dataset.composing !== undefined) opened.scrollIntoView({ block: "nearest" });
}, true);

/** Its close button is shown in a bar that is open; its label only in one that is not folded. */
const isFolded = () => !byId("how-it-ended")?.checkVisibility();

// --- how much of the page it takes

const sizes = new ResizeObserver(() => html.style.setProperty("--composer", `${region()?.offsetHeight || 0}px`));
/** @type {Element | null} */
let measured = null;

function measure() {
  if (region() === measured) return;
  measured = region();
  sizes.disconnect();
  if (measured) sizes.observe(measured);
}

const view = window.visualViewport;
for (const kind of ["resize", "scroll"]) view?.addEventListener(kind, measureKeyboard);

/** Of a page that is zoomed in a part is out of sight, too: then nobody knows what a keyboard covers. */
function measureKeyboard() {
  const covered = view && view.scale < 1.01 ? Math.round(innerHeight - view.height - view.offsetTop) : 0;
  html.style.setProperty("--keyboard", `${Math.max(0, covered)}px`);
}

body.addEventListener("live:changed", measure);
document.addEventListener("htmx:afterSwap", measure);
if (region()?.contains(document.activeElement)) html.dataset.composing = ""; // a hand was quicker than this script
measure();
