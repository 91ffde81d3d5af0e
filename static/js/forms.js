// Forms: a fresh token, one request at a time, Ctrl+Enter, and what HTMX says of how it went.
import { buttonsOf, rememberPressed, setBusy } from "./busy.js";
import { body, byId, cookie } from "./dom.js";
import { FIELDS } from "./live/hand.js";
import { settle } from "./live/morph.js";
import { refetchSoon } from "./live/schedule.js";
import { forget } from "./live/seen.js";
import { toast } from "./toasts.js";

// The CSRF cookie changes at sign-in; a page left open since then holds an old token.
export const csrf = () => cookie("__Host-csrf") || cookie("csrf") || cookie("csrftoken");

document.addEventListener("htmx:configRequest", (event) => {
  const token = csrf();
  if (token) event.detail.headers["X-CSRFToken"] = token;
});

document.addEventListener("htmx:beforeRequest", (event) => {
  rememberPressed();
  setBusy(buttonsOf(event.detail.elt), true);
});
document.addEventListener("htmx:afterRequest", (event) => {
  const { elt, requestConfig } = event.detail;
  setBusy(buttonsOf(elt), false);
  if (requestConfig.verb !== "get") refetchSoon(100, 300);
});
// What was sent may have been done; forms have a key and verbs a position, by which they are not done twice.
const UNKNOWN = "The server cannot be reached. Try again: nothing is done twice.";
document.addEventListener("htmx:sendError", () => toast(UNKNOWN));
document.addEventListener("htmx:responseError", (event) => {
  const { status } = event.detail.xhr;
  if (status === 502 || status === 504) toast(UNKNOWN);
  else if (status >= 500 || status === 404) toast("That did not work. Nothing was changed: try again, or reload the page.");
});
// HTMX tells the element that asked how it went, and finds the toasts from there. One that a live event took off the
// page hears it all the same: out of sight, meanwhile.
document.addEventListener("htmx:beforeRequest", (event) => {
  const { elt, xhr } = event.detail;
  xhr.addEventListener("readystatechange", () => {
    if (xhr.readyState !== XMLHttpRequest.DONE || elt.isConnected) return;
    const apart = Object.assign(document.createElement("div"), { hidden: true });
    apart.append(elt);
    body.append(apart);
    xhr.addEventListener("loadend", () => apart.remove());
  });
});

document.addEventListener("htmx:afterSwap", (event) => {
  forget(/** @type {Element} */ (event.target));
  settle(body);
});

document.addEventListener("submit", (event) => {
  const form = /** @type {HTMLFormElement} */ (event.target);
  const token = csrf();
  for (const field of form.querySelectorAll("input[name=csrfmiddlewaretoken]")) {
    if (token) /** @type {HTMLInputElement} */ (field).value = token;
  }
  const button = /** @type {HTMLElement | null} */ (event.submitter);
  // After this turn, so that the button's own name and value are still sent.
  setTimeout(() => !event.defaultPrevented && setBusy(buttonsOf(button), true));
});

// Of several buttons Ctrl+Enter presses the one that was chosen, the one that is meant for it, the main one, the first.
const SENDS = ["[aria-pressed=true]", "[data-send]", ".primary", "button"];
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
  const field = /** @type {HTMLTextAreaElement} */ (event.target);
  if (!field.matches(FIELDS)) return; // a button is pressed itself, and #verb has buttons all over the page
  const buttons = buttonsOf(field.form).filter((found) => found.checkVisibility());
  const button = SENDS.map((kind) => buttons.find((found) => found.matches(kind))).find(Boolean);
  if (!button) return;
  event.preventDefault();
  if (!event.repeat && buttons.every((found) => !found.disabled)) button.click(); // else it is on its way
});

// An unfolded form has the focus in its first field: what is typed next are no keys of the page.
document.addEventListener("toggle", ({ target }) => {
  if (document.activeElement?.parentElement !== target) return;
  /** @type {HTMLElement | null | undefined} */ (document.querySelector("summary:focus + form .field :is(textarea, select, input)"))?.focus();
}, true);

/** Chromium passes over autofocus where the address has a fragment, which at load also takes the focus away. */
export function compose() {
  if (!new URLSearchParams(location.search).has("compose")) return;
  const fragment = location.hash.slice(1);
  const field = byId("composer_text");
  const { activeElement } = document;
  // A hand was quicker, unless the focus is where the fragment took it.
  if (activeElement && activeElement !== body && !activeElement.matches(":target, #composer *")) return;
  field?.focus({ preventScroll: fragment !== "" && fragment !== "composer" });
}
