// A claim while somebody else types there asks once.
import { body, byId } from "../dom.js";
import { part, typing, typists, watchedId } from "./presence.js";

/** @type {Set<number>} */
const agreed = new Set();

/** The address a press of this claims at, if it does. @param {Element | null} button */
function claimOf(button) {
  if (!(button instanceof HTMLButtonElement) || button.type !== "submit") return "";
  const address = button.getAttribute("formaction") || button.form?.getAttribute("action") || "";
  return address.endsWith("/claim/") ? address : "";
}

/** @param {Element} button */
function sessionOf(button) {
  const near = /** @type {HTMLElement | null} */ (button.closest(".card, [data-session]"));
  const here = /** @type {HTMLElement | null | undefined} */ (near?.querySelector("[data-here]"));
  return Number(near?.dataset.session || here?.dataset.here || watchedId);
}

document.addEventListener("click", confirmClaim, true); // before HTMX and the form hear of it

/** @param {MouseEvent} event */
function confirmClaim(event) {
  const button = /** @type {Element} */ (event.target).closest("button");
  if (!button || !claimOf(button)) return;
  const session = sessionOf(button);
  const people = typists(session);
  if (!people.length || agreed.has(session)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  askFirst(button, session, `${typing(people)} typing here. Claim it anyway?`);
}

/** @param {HTMLButtonElement} button @param {number} session @param {string} words */
function askFirst(button, session, words) {
  const address = claimOf(button);
  const dialog = document.createElement("dialog");
  const title = Object.assign(part("h2", "", words), { id: "claim-anyway" });
  const claim = choice("Claim", "button primary", () => (agreed.add(session), dialog.close(), claimNow(button, address)));
  const not = choice("Not now", "button", () => dialog.close());
  const choices = part("div", "actions", "");
  choices.append(claim, not);
  dialog.setAttribute("aria-labelledby", title.id);
  dialog.append(title, choices);
  dialog.addEventListener("close", () => {
    dialog.remove();
    if (document.activeElement === body) sameButton(button, address)?.focus();
  });
  body.append(dialog);
  dialog.showModal();
  not.focus(); // a held Enter must not answer for them
}

/** @param {string} textContent @param {string} className @param {() => void} press */
function choice(textContent, className, press) {
  const button = Object.assign(document.createElement("button"), { type: "button", className, textContent });
  button.addEventListener("click", press);
  return button;
}

/** The one that was pressed, or what has come in its place meanwhile. @param {HTMLButtonElement} button @param {string} address */
const sameButton = (button, address) =>
  button.isConnected ? button : Array.from(document.querySelectorAll("button")).find((other) => claimOf(other) === address && other.value === button.value);

/** @param {HTMLButtonElement} button @param {string} address */
function claimNow(button, address) {
  const same = sameButton(button, address);
  if (same) return same.click();
  const form = /** @type {HTMLFormElement} */ (byId("verb")); // the card has gone: the server says why
  form.action = address;
  return form.requestSubmit();
}
