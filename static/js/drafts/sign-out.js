// Signing out: nothing of mine stays in a browser that others use.
import { keepAll, clear } from "./keep.js";
import { mine, places, read, remove } from "./store.js";
import { forms } from "./values.js";

/** @param {SubmitEvent} event */
export function signOut(event) {
  const form = /** @type {HTMLFormElement} */ (event.target);
  const address = event.submitter?.getAttribute("formaction") || form.getAttribute("action") || location.pathname;
  if (!address.endsWith("/logout/")) return;
  keepAll();
  const count = places(mine).filter(read).length;
  if (!count) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  ask(count, () => {
    places(mine).forEach(remove);
    for (const one of forms()) clear(one);
    form.requestSubmit(event.submitter);
  });
}

/** @param {number} count @param {() => void} agreed */
function ask(count, agreed) {
  const dialog = document.createElement("dialog");
  const question = count > 1 ? `Sign out and discard ${count} drafts?` : "Sign out and discard a draft?";
  const why = "What you typed and did not send is kept in this browser only while you are signed in here.";
  const title = Object.assign(document.createElement("h2"), { id: "drafts-go", textContent: question });
  const words = Object.assign(document.createElement("p"), { textContent: why });
  const choices = Object.assign(document.createElement("div"), { className: "actions" });
  const offered = /** @type {const} */ ([["Sign out", "button primary", agreed], ["Stay signed in", "button", () => undefined]]);
  for (const [textContent, className, press] of offered) {
    const button = Object.assign(document.createElement("button"), { type: "button", className, textContent });
    button.addEventListener("click", () => (dialog.close(), press()));
    choices.append(button);
  }
  dialog.setAttribute("aria-labelledby", title.id);
  dialog.append(title, words, choices);
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
