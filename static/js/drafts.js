// Drafts: what is half typed in a form is kept in this browser until it was sent or is discarded.
//
// A draft is one person's, of the address its form posts to. It holds what was changed, never a password, a token, a file
// or a hidden field. A form takes part when it posts and has a field to write in; data-no-draft keeps one out. The server
// says which draft it has accepted by a cookie, sent-ID: an answer of a sign-in page or a broken server costs nothing.
import { showAside } from "./drafts/aside.js";
import { back, follow, keep, keepAll, known, offer, recheck, sent, typed } from "./drafts/keep.js";
import { signOut } from "./drafts/sign-out.js";
import { forgetOld, me, mine, parse } from "./drafts/store.js";
import { takesPart } from "./drafts/values.js";

if (me) start();

function start() {
  forgetOld();
  offer();
  for (const kind of ["input", "change"]) document.addEventListener(kind, typed);
  // Fired for a form that is being sent, by the browser and by HTMX alike.
  document.addEventListener("formdata", (event) => {
    const form = /** @type {HTMLFormElement} */ (event.target);
    if (!takesPart(form)) return;
    keep(form);
    const { id, failed } = known.get(form) || {};
    if (!id || failed) return;
    sent.set(form, id);
    event.formData.set("draft", id);
  });
  document.addEventListener("submit", signOut, true);
  document.addEventListener("htmx:beforeSwap", keepAll);
  document.addEventListener("htmx:afterSwap", offer);
  document.body.addEventListener("live:changed", offer);
  document.addEventListener("visibilitychange", keepAll);
  addEventListener("pagehide", keepAll);
  addEventListener("pageshow", ({ persisted }) => persisted && back());
  addEventListener("storage", ({ key, oldValue, newValue }) => {
    const gone = key?.startsWith(mine) && newValue === null ? parse(oldValue) : null;
    if (gone) follow(gone.id);
    if (key?.startsWith(mine)) recheck();
    showAside();
  });
}
