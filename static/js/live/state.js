// What all parts know of this page, and the badge that says how far it can be trusted.
import { body, byId, html } from "../dom.js";

/** A page that answered a POST has an address that cannot be fetched. */
export const address = () => body.dataset.page || location.href;
/** It cannot be asked for again at all, as what was refused: only what every page has is kept true, from the first one's. */
export const alone = body.dataset.page === "/";

export const state = {
  last: Number(body.dataset.seq) || 0, // the newest number this page shows
  replayed: 0, // up to here events come without their fragments
  owed: 0, // a fetched page must show at least this before it is "Live" again
  live: false, // the socket has said that it is ready
  polling: false,
  reached: true, // a fetch has come back since the socket was lost
  misses: 0, // refetches that failed, in a row
  reloading: false, // the gap is too old to be replayed
  stale: false, // something could not be replaced while a hand was on it, or nobody looked
  echo: false, // ask once more a little later: who was told is written after the event
  gone: false, // what this page is about is no more
};

/** Live only when nothing is known to be missing; Polling only when that works. */
export function showState() {
  if (state.gone) show("reconnecting", "Gone");
  else if (state.live && !state.misses && !state.owed) show("live", "Live");
  else if (state.polling && state.reached && !state.misses) show("polling", "Polling");
  else show("reconnecting", "Reconnecting");
}

/** @param {"live" | "reconnecting" | "polling" | "signed-out"} kind @param {string} words */
export function show(kind, words) {
  html.dataset.live = kind;
  const badge = byId("live-status");
  if (!badge) return;
  badge.dataset.state = kind;
  badge.hidden = false;
  if (badge.textContent !== words) badge.textContent = words;
}
