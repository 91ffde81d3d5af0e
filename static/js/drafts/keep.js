// What is typed is kept, offered again, and let go once it was sent or discarded.
import { showAside, take } from "./aside.js";
import { mine, newId, places, read, remove, write } from "./store.js";
import { WRITTEN, cameBack, changedIn, fieldsOf, fill, forms, placeOf, takesPart } from "./values.js";

const MOST = 300_000; // characters of one draft: the longest log fits, and some drafts beside it
const TOO_LONG = `Longer than a draft can be (${MOST.toLocaleString("en")} characters): send it before you leave this page.`;
const NOT_KEPT = "This browser does not keep drafts: send it before you leave this page.";

const REST = 300; // ms without a key, and it is kept

/** @typedef {{id: string, kept: string, given?: boolean, failed?: boolean}} Known
 * the draft a form wrote or was given last, its values, whether it was given it, and whether it could not write it */

/** @type {WeakMap<HTMLFormElement, Known>} */
export const known = new WeakMap();
/** @type {Map<HTMLFormElement, number>} typed in and not kept yet */
const pending = new Map();
/** @type {WeakMap<HTMLFormElement, string>} the id of the draft it was sent with last */
export const sent = new WeakMap();

/** The server has accepted what these drafts held: sent from here, or from another tab that did not see its answer yet. */
function forgetSent() {
  for (const [, id = ""] of document.cookie.matchAll(/(?:^|; )sent-(\w+)=/g)) {
    document.cookie = `sent-${id}=; path=/; max-age=0; samesite=lax`;
    for (const place of places(mine)) if (read(place)?.id === id) remove(place);
    follow(id);
  }
}

// --- kept while one types

/** @param {HTMLFormElement} form */
export function keep(form) {
  clearTimeout(pending.get(form));
  pending.delete(form);
  const place = placeOf(form);
  const { id = "", kept = "" } = known.get(form) || {};
  const values = changedIn(form);
  if (!values) {
    if (read(place)?.id === id) remove(place);
    known.set(form, { id: "", kept: "" });
    delete form.dataset.kept;
    return say(form, "");
  }
  const now = JSON.stringify(values);
  // That, or what was typed in another tab since; or it was sent, and the field says "change" as it leaves the page.
  if (now === kept && (read(place) || sent.get(form) === id)) return undefined;
  const draft = { id: newId(), at: Date.now(), values };
  const why = now.length > MOST ? TOO_LONG : write(place, draft) ? "" : NOT_KEPT;
  known.set(form, { id: draft.id, kept: now, failed: why !== "" });
  form.toggleAttribute("data-kept", why === ""); // live/refetch.js asks for it before it leaves
  if (why) return say(form, why);
  return [TOO_LONG, NOT_KEPT].includes(lineOf(form)?.textContent || "") ? say(form, "") : undefined;
}

export const keepAll = () => Array.from(pending.keys()).forEach(keep);

/** @param {Event} event */
export function typed({ target }) {
  const { form } = /** @type {Field} */ (target);
  if (!form || !takesPart(form)) return;
  clearTimeout(pending.get(form));
  pending.set(form, window.setTimeout(keep, REST, form));
}

// --- offered again

/** Once for each form that comes to stand on the page. */
export function offer() {
  forgetSent();
  keepAll();
  for (const form of forms()) if (!known.has(form)) restore(form);
  showAside();
}

/** @param {HTMLFormElement} form */
function restore(form) {
  const draft = take(form);
  const names = new Set(fieldsOf(form).map(({ name }) => name));
  const isWhole = Object.keys(draft?.values || {}).every((name) => names.has(name)); // else it is another form's, too
  known.set(form, { id: (isWhole && draft?.id) || "", kept: "" });
  if (cameBack(form)) return keep(form); // what came back is the newest
  if (!draft) return;
  const here = changedIn(form);
  if (here && Object.entries(here).some(([name, values]) => values.join("\0") !== draft.values[name]?.join("\0"))) return; // a hand was quicker
  fill(form, draft.values);
  form.dispatchEvent(new Event("draft:restored", { bubbles: true }));
  const now = changedIn(form);
  if (!now) return isWhole ? remove(placeOf(form)) : undefined; // the server says the same by now
  Object.assign(/** @type {Known} */ (known.get(form)), { kept: JSON.stringify(now), given: true });
  form.dataset.kept = "";
  say(form, "Draft restored", true);
}

/** @param {HTMLFormElement} form @returns {HTMLOutputElement | null} */
const lineOf = (form) => form.querySelector(":scope > output.draft");

/** A quiet line at the form's end, read out when it comes. @param {HTMLFormElement} form @param {string} words @param {boolean} [discardable] */
function say(form, words, discardable = false) {
  let line = lineOf(form);
  if (!words) return line?.remove();
  if (line?.textContent === words) return undefined;
  if (!line) form.append((line = Object.assign(document.createElement("output"), { className: "draft" })));
  const button = Object.assign(document.createElement("button"), { type: "button", className: "button quiet small", textContent: "Discard" });
  button.addEventListener("click", () => discard(form));
  // A moment later: a screen reader reads what changes in a live region, and not what it came with.
  const { isConnected } = line;
  const span = Object.assign(document.createElement("span"), { textContent: words });
  requestAnimationFrame(() => line.replaceChildren(span, ...(discardable && isConnected ? [button] : [])));
  return undefined;
}

/** @param {HTMLFormElement} form */
function discard(form) {
  const { id } = /** @type {Known} */ (known.get(form));
  clear(form);
  if (read(placeOf(form))?.id === id) remove(placeOf(form)); // and not what another tab has written there since
  form.dispatchEvent(new Event("draft:discarded", { bubbles: true }));
  say(form, "Draft discarded");
  fieldsOf(form).find((field) => field.matches(WRITTEN) && field.checkVisibility())?.focus();
}

/** As the server wrote it. @param {HTMLFormElement} form */
export function clear(form) {
  form.reset();
  known.set(form, { id: "", kept: "" });
  delete form.dataset.kept;
  clearTimeout(pending.get(form));
  pending.delete(form);
}

/** The draft that was sent, or discarded in another tab, goes from the forms that hold it, too, or were given it before
 * that tab went on with it; unless somebody has gone on typing. What was typed here is another draft, and stays.
 * @param {string} id */
export function follow(id) {
  for (const form of forms()) {
    const mark = known.get(form);
    if (!mark?.kept || cameBack(form) || JSON.stringify(changedIn(form)) !== mark.kept) continue;
    const there = read(placeOf(form));
    if (mark.id === id ? there?.id === id : there || !mark.given) continue; // the first: it was put back
    clear(form);
    say(form, "");
  }
}

/** Another tab has written or discarded drafts: what this one holds of them is kept no more, or not by itself. */
export function recheck() {
  for (const form of forms()) if (read(placeOf(form))?.id !== known.get(form)?.id) delete form.dataset.kept;
}

/** The browser shows the page again as it was left: by sending a form of it, perhaps, which the next page was told. */
export function back() {
  forgetSent();
  for (const form of forms()) {
    const { id = "" } = known.get(form) || {};
    if (id && sent.get(form) === id && !read(placeOf(form))) follow(id);
  }
}

