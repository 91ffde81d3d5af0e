// The page, live: the socket and its gaps, pushed fragments, regions fetched again, times, theme and forms.
//
// Conventions: an element that may change has an id and is one partial. [data-live] regions are swapped from a fresh GET;
// the children of #cards and #trail (card-42, step-9, message-3) are also pushed. Nothing that is read moves, nothing
// that is typed is replaced. What is open inside [data-keep] stays, and a ticked input.select stays ticked.
//
// Other scripts talk to this one by events on <body>, so that each works where another does not. From here: live:ready
// (the socket is up), live:event and live:presence (detail: the frame), live:answer (something outside has answered),
// live:bell (it may have grown), live:changed (the page is up to date). To here: live:say (detail: a frame to send), live:refresh (fetch the regions).
import { setBusy } from "./busy.js";
import { all, body, byId, html, recall } from "./dom.js";
import { compose } from "./forms.js";
import { leave, resetTitle } from "./live/lists.js";
import { hurry, refetchSoon } from "./live/schedule.js";
import { checkSilence, connect, wakeSocket } from "./live/socket.js";
import { state } from "./live/state.js";
import "./live/trail.js";
import { theme } from "./theme.js";
import { expire, writeTimes } from "./times.js";
import { openToasts, passing } from "./toasts.js";

html.dataset.js = "";

/** Back from another tab, a sleep or another network. @param {boolean} [suspect] do not trust the socket */
function wake(suspect = false) {
  if (document.hidden) return;
  resetTitle();
  theme(); // chosen on another page
  writeTimes();
  expire();
  if (state.stale || state.misses || state.polling) hurry(0, 300);
  wakeSocket(suspect);
}

let tickedAt = Date.now();

/** A laptop that slept: the clock has gone on and nothing else, or this comes far too late. */
function tick() {
  const passed = Date.now() - tickedAt;
  tickedAt = Date.now();
  // A page in the background is woken once a minute only; what its socket hears, it hears at once.
  if (passed > 10000 && !document.hidden) wake(true);
  else checkSilence();
}

// What could not be replaced while a hand was on it.
document.addEventListener("focusout", () => setTimeout(() => (leave(), state.stale && refetchSoon(300, 800))));
document.addEventListener("pointerout", (event) => /** @type {Element} */ (event.target).closest?.("#cards") && setTimeout(leave));
document.addEventListener("toggle", () => state.stale && refetchSoon(300, 800), true);

body.addEventListener("live:refresh", () => refetchSoon(0, 0));

document.addEventListener("visibilitychange", () => wake());
addEventListener("online", () => wake(true));
navigator.connection?.addEventListener?.("change", () => wake(true));

addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  all("button[aria-busy]").forEach((button) => setBusy([/** @type {HTMLButtonElement} */ (button)], false));
  state.stale = true;
  wake();
});

/** Notices of this browser: where somebody wants them, or may say so. */
function notices() {
  const areWanted = body.dataset.user && recall(`notices-${body.dataset.user}`);
  if (areWanted || byId("notices")) import("./live/notices.js").catch(() => undefined); // the next page has them again
}

addEventListener("storage", notices); // turned on in another tab

theme();
writeTimes();
expire();
notices();
compose(); // before that, too: the first letter typed is text, not a key of the page
addEventListener("load", () => setTimeout(compose));
openToasts().forEach(passing);
setInterval(() => document.hidden || writeTimes(), 30000);
setInterval(tick, 1000);
if (body.dataset.seq) connect();
