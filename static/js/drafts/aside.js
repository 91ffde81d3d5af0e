// What a form has no field for any more, as after an upgrade, is set aside and offered to be copied.
import { evict, newId, read, write } from "./store.js";
import { WRITTEN, fieldsOf, forms, placeOf } from "./values.js";

const WHY = "You typed this and did not send it. There is no field for it here any more.";
const CHOICE = /^[\d:.TZ+-]*$|^\w+:\d+$/; // numbers, times, and keys as user:7

/** A place of its own: sending or discarding the form's draft does not touch it. @param {string} place */
const asideOf = (place) => `${place}#aside`;

/** The draft for a form. What no form of its place can show goes aside, and comes back as soon as one can.
 * @param {HTMLFormElement} form @returns {Draft | null} */
export function take(form) {
  const place = placeOf(form);
  const [draft, aside] = [read(place), read(asideOf(place))];
  const fields = fieldsAt(place);
  const names = new Set(fields.map(({ name }) => name));
  const isHere = (/** @type {string} */ name) => names.has(name);
  if (Object.keys(draft?.values || {}).every(isHere) && !Object.keys(aside?.values || {}).some(isHere)) return draft;
  const all = Object.entries({ ...aside?.values, ...draft?.values });
  const apart = all.filter(([name]) => !isHere(name));
  if (!put(asideOf(place), textsIn(apart, fields).length ? apart : [])) return draft; // no room: it stays where it is
  put(place, all.filter(([name]) => isHere(name)));
  return read(place);
}

/** @param {string} place @param {[string, string[]][]} values */
function put(place, values) {
  if (values.length) return write(place, { id: newId(), at: Date.now(), values: Object.fromEntries(values) });
  evict(place);
  return true;
}

/** @param {string} place */
const fieldsAt = (place) => forms().filter((form) => placeOf(form) === place).flatMap(fieldsOf);

/** Those that somebody wrote: it tells by the fields of like names, s7-park-notes by s7-escalate-notes.
 * @param {[string, string[]][]} values @param {Field[]} fields */
const textsIn = (values, fields) =>
  values.flatMap(([name, texts]) => {
    const like = fields.filter((field) => lastOf(field.name) === lastOf(name));
    return like.length && !like.some((field) => field.matches(WRITTEN)) ? [] : texts.filter((text) => !CHOICE.test(text.trim()));
  });
/** @param {string} name */
const lastOf = (name) => name.split("-").pop();

/** At the first form of its place, as it stands now: it may have gone in another tab. */
export function showAside() {
  const done = new Set();
  for (const form of forms()) {
    const place = placeOf(form);
    draw(form, done.has(place) ? null : read(asideOf(place)));
    done.add(place);
  }
}

/** @param {HTMLFormElement} form @param {Draft | null} aside */
function draw(form, aside) {
  const old = /** @type {HTMLElement | null} */ (form.querySelector(":scope > .draft-aside"));
  if (old && old.dataset.id === aside?.id) return;
  old?.remove();
  if (!aside) return;
  const section = Object.assign(document.createElement("section"), { className: "draft-aside notice", ariaLabel: "Your text, to copy" });
  section.dataset.id = aside.id;
  const texts = textsIn(Object.entries(aside.values), fieldsAt(placeOf(form)));
  const shown = texts.map((textContent) => Object.assign(document.createElement("pre"), { textContent, tabIndex: 0 }));
  const why = Object.assign(document.createElement("p"), { textContent: WHY });
  const button = Object.assign(document.createElement("button"), { type: "button", className: "button small", textContent: "Discard" });
  button.addEventListener("click", () => (evict(asideOf(placeOf(form))), showAside()));
  section.append(why, ...shown, button);
  form.append(section);
}
