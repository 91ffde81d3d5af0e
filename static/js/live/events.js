// What happened: each event brings its fragments, counts and bells, and a wish to see the rest.
import { all, body, byId, send } from "../dom.js";
import { openToasts } from "../toasts.js";
import { steady } from "./hand.js";
import { held, insert, isOrdered, isPlain, place, remove, showPill, sortSoon } from "./lists.js";
import { renew } from "./morph.js";
import { refetchSoon } from "./schedule.js";
import { LISTS, forget, pushed, seen } from "./seen.js";
import { state } from "./state.js";

/** @type {Record<string, number>} what an event does to the number of claims */
const CLAIMS = { "handoff.claimed": 1, "handoff.claim_undone": -1, "handoff.released": -1, "handoff.expired": -1, "handoff.returned": -1 };

/** @param {LiveEvent} event */
export function happened(event) {
  state.last = event.seq;
  steady(() => event.fragments.forEach((fragment) => apply(fragment, event)));
  const [noun] = event.kind.split(".");
  if (event.seq > state.replayed) count("claimed", CLAIMS[event.kind] || 0);
  const here = body.dataset.watch === `session:${event.session}`;
  const handed = noun === "handoff" || noun === "session";
  // What was said here is no news once somebody else goes on; what I do in another tab contradicts nothing I was told.
  if (here && handed && event.actor !== Number(body.dataset.user)) openToasts().forEach((said) => said.remove());
  state.echo = state.echo || (here && handed);
  if (here) refetchSoon(100, 400); // who may do what here has changed
  else if (event.seq <= state.replayed) refetchSoon(100, 1500);
  else if (handed) refetchSoon(...inTime());
  else if (noun === "member" || noun === "account") refetchSoon(1000, 5000);
  else if ((noun === "step" || noun === "summary") && !isPushed()) refetchSoon(500, 2500);
  send("live:event", event);
}

/** Are cards and counts of this page pushed? */
const isPushed = () => body.dataset.watch === "queue" && isPlain();
// Counts and lists. Where the card itself came along there is time: a thousand screens must not all ask at once.
/** @returns {[number, number]} */
const inTime = () => (isPushed() ? [1000, 5000] : byId("cards") || byId("lane") ? [50, 500] : [300, 2500]);

/** @param {number} unread */
export function ring(unread) {
  for (const bell of all("[data-bell]")) {
    bell.textContent = unread ? String(unread) : "";
    bell.hidden = !unread;
    forget(bell);
  }
  if (byId("bell-lines")) refetchSoon(100, 500);
  send("live:bell");
}

/** A pushed fragment: replace by id, insert, or (empty) remove; null: the server could not draw it. @param {Fragment} fragment @param {LiveEvent} event */
function apply({ id, html: markup }, event) {
  if (markup === null) return refetchSoon(100, 1000);
  const old = byId(id);
  const list = byId(LISTS[id.split("-")[0] || ""] || "");
  const arrives = id.startsWith("card-") && Boolean(markup) && !old && !held.has(id);
  const leaves = id.startsWith("card-") && !markup && Boolean(old || held.has(id));
  if (arrives || leaves) count("waiting", arrives ? 1 : -1);
  if (leaves && !Number(byId("queue-count")?.textContent)) byId("longest")?.remove();
  if (leaves && isMine(old)) count("mine", -1);
  pushed.set(id, event.seq);
  seen.delete(id);
  if (!markup) {
    if (held.delete(id) && list) showPill(list);
    return old ? remove(old) : undefined;
  }
  const fresh = parse(markup);
  if (!fresh) return undefined;
  if (held.has(id)) return void held.set(id, fresh);
  // Whether it fits a filter or another page only the server knows.
  if (id.startsWith("card-") && !isPlain()) refetchSoon(50, 500);
  if (old) return change(old, fresh);
  if (!list || (id.startsWith("card-") && !isPlain())) return undefined;
  if (event.kind.endsWith(".changed")) return refetchSoon(100, 1000);
  if (list.id === "trail" && !event.kind.startsWith(/** @type {string} */ (id.split("-")[0]))) return undefined; // it is further up than this page shows
  insert(list, fresh);
  return arrives && isMine(fresh) ? count("mine", 1) : undefined;
}

/** A first guess at what is counted as `what`, until the server is asked. @param {string} what @param {number} by */
function count(what, by) {
  for (const place of all(`[data-count-of="${what}"]`)) {
    const empty = place.id === "queue-count" ? "" : "0";
    place.textContent = String(Math.max(0, Number(place.textContent) + by) || empty);
    forget(place);
  }
}

/** Whether it says "for you", which only the person's own style sheet knows. @param {Element | null} card */
const isMine = (card) => card?.querySelector(".for-you")?.checkVisibility() || false;

/** @param {HTMLElement} old @param {HTMLElement} fresh */
function change(old, fresh) {
  const list = old.parentElement;
  const moved = isOrdered(fresh) && String(place(old)) !== String(place(fresh));
  const done = renew(old, fresh);
  if (list?.id === "cards" && moved && isPlain()) sortSoon(list);
  return done;
}

/** @param {string} markup @returns {HTMLElement | null} */
function parse(markup) {
  const template = document.createElement("template");
  template.innerHTML = markup;
  return /** @type {HTMLElement | null} */ (template.content.firstElementChild);
}

/** @type {Map<number, string>} who is at the sessions of which this page says who has seen them */
const lookers = new Map();

// Who has come to look has seen it: the sender's page says so.
body.addEventListener("live:presence", ({ detail: { sessions } }) => {
  for (const { session, people } of sessions) {
    const here = people.map((one) => one.id).join();
    if (here === (lookers.get(session) ?? "") || !document.querySelector(`[data-seen-by="${session}"]`)) continue;
    lookers.set(session, here);
    refetchSoon(300, 1500);
  }
});
