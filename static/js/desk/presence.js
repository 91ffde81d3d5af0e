// Who else is here: <span class="here" data-here="7" hidden> shows the others at session 7. What we say of ourselves is
// where we look and that we type, never what.
import { all, body, html, isVisible, send } from "../dom.js";
import { preview } from "./cards.js";

const RENEW = 10000; // the server forgets in 25 s who does not say it again
const RESTS = 5000; // a hand that has rested this long types no more
const FORGET = 20000; // without a socket nobody knows who is still there
const FACES = 3;

/** @type {Map<number, {people: Person[], more: number}>} by session, as the server said last */
const present = new Map();
const me = Number(body.dataset.user);
/** My other tabs are me. @param {number} session */
const others = (session) => (present.get(session)?.people || []).filter(({ id }) => id !== me);
/** @param {number} session */
export const typists = (session) => others(session).filter(({ typing }) => typing);

body.addEventListener("live:presence", ({ detail: told }) => {
  if (told.all) present.clear();
  for (const { session, people, more = 0 } of told.sessions) people.length ? present.set(session, { people, more }) : present.delete(session);
  showPeople();
});
// Whoever has just done something there types no more; the server's word of it may come later.
body.addEventListener("live:event", ({ detail: { session, actor } }) => {
  const known = actor && session && present.get(session);
  if (!known) return;
  known.people = known.people.map((one) => (one.id === actor ? { ...one, typing: false } : one));
  showPeople();
});
body.addEventListener("live:changed", showPeople);
document.addEventListener("htmx:afterSwap", showPeople);

/** @type {WeakMap<Element, string>} */
const drawn = new WeakMap();

function showPeople() {
  for (const element of all(".here[data-here]")) {
    const session = Number(element.dataset.here);
    const people = others(session);
    const more = present.get(session)?.more || 0;
    const state = JSON.stringify([people, more]);
    if (drawn.get(element) === state || (!drawn.has(element) && !people.length)) continue;
    drawn.set(element, state);
    element.replaceChildren(...faces(people, more));
    element.title = people.map(({ name }) => name).join(", ");
    fit(element, people.length > 0);
  }
}

/** @param {Person[]} people @param {number} more */
function faces(people, more) {
  const rest = Math.max(0, people.length - FACES) + more;
  const names = [...people.map(({ name }) => name), ...(more ? [`${more} more`] : [])];
  return [
    ...people.slice(0, FACES).map(face),
    ...(rest ? [part("span", "count", `+${rest}`, true)] : []),
    part("span", "visually-hidden", `Here: ${names.join(", ")}.`),
    ...(people.some(({ typing }) => typing) ? [part("span", "typing", `${typing(people)} typing`)] : []),
  ];
}

/** @param {Person} person */
function face({ name }) {
  const words = name.split(/\s+/).filter(Boolean);
  const letters = [words[0], ...words.slice(1).slice(-1)].map((word) => Array.from(word || "")[0] || "");
  return part("b", "avatar", letters.join("").toUpperCase(), true);
}

/** "Bo is", "Bo and Cy are" @param {Person[]} people */
export function typing(people) {
  const names = people.flatMap((one) => (one.typing ? one.name.split(/\s+/)[0] : []));
  if (names.length > 2) return `${names.length} people are`;
  return `${names.join(" and ")} ${names.length > 1 ? "are" : "is"}`;
}

/** @param {string} tag @param {string} className @param {string} textContent @param {boolean} [silent] to a screen reader */
export function part(tag, className, textContent, silent = false) {
  const element = Object.assign(document.createElement(tag), { className, textContent });
  if (silent) element.setAttribute("aria-hidden", "true");
  return element;
}

/** Where the line has no room it lies over the line's end: nothing moves. @param {HTMLElement} element @param {boolean} shown */
function fit(element, shown) {
  const line = element.parentElement;
  element.classList.remove("over");
  element.hidden = true;
  const height = line?.offsetHeight || 0;
  element.hidden = !shown;
  if (shown && line && height && line.offsetHeight > height) element.classList.add("over");
}

// What we say ourselves.

const NOWHERE = JSON.stringify({ type: "presence", session: null });
let said = NOWHERE;
let saidAt = 0;
let typedAt = 0;
let knownAt = Date.now();
const [watched, id] = (body.dataset.watch || "").split(":");
export const watchedId = id;

/** The session this page is about, or the one in the preview; none while nobody sees it. */
function whereNow() {
  if (document.hidden) return null;
  if (watched === "session") return Number(watchedId);
  const article = /** @type {HTMLElement | null | undefined} */ (preview?.querySelector("[data-session]"));
  return article && isVisible(article) ? Number(article.dataset.session) : null;
}

/** At most once a second, but that we leave at once. */
function sayWhere() {
  const session = whereNow();
  const frame = session ? { type: "presence", session, typing: Date.now() - typedAt < RESTS } : { type: "presence", session: null };
  const words = JSON.stringify(frame);
  const wait = words === said ? RENEW : words === NOWHERE ? 0 : 900;
  if ((words === said && !session) || Date.now() - saidAt < wait) return;
  said = words;
  saidAt = Date.now();
  send("live:say", frame);
}

function forgetPeople() {
  if (html.dataset.live === "live") knownAt = Date.now();
  if (!present.size || Date.now() - knownAt < FORGET) return;
  present.clear();
  showPeople();
}

document.addEventListener("input", (event) => {
  const field = /** @type {Element} */ (event.target);
  const here = watched === "session" || preview?.contains(field);
  if (!here || !field.matches("textarea, input[type=text], input:not([type])")) return;
  typedAt = Date.now();
  sayWhere();
});
document.addEventListener("submit", () => {
  typedAt = saidAt = 0; // sent: nobody is to ask whether we still type
  sayWhere();
});
body.addEventListener("live:ready", () => (said = NOWHERE)); // a new socket, which knows nothing of us
document.addEventListener("visibilitychange", sayWhere);
addEventListener("pagehide", () => send("live:say", JSON.parse(NOWHERE)));
setInterval(() => (sayWhere(), forgetPeople()), 1000);
