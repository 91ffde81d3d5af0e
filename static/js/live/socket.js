// The socket: it connects, notices silence, asks for what it missed, and polls where it does not get through.
import { body, send } from "../dom.js";
import { happened, ring } from "./events.js";
import { abortFetch, leaveTo, signIn } from "./refetch.js";
import { between, hurry, refetchSoon } from "./schedule.js";
import { showState, state } from "./state.js";

const BEAT = 5000;
const SILENCE = 2 * BEAT + 1500; // two beats missed: whatever the browser believes, nobody is there
/** @type {WebSocket | null} */
let socket = null;

let lives = 0; // how often the socket was ready
let failures = 0;
let final = false;

const tab = `${Date.now().toString(36)}${Math.random().toString(36).slice(2)}`; // the same when this page comes back
let heardAt = Date.now();
let connectTimer = 0;
let silenceTimer = 0;
let holeTimer = 0;
let pollTimer = 0;

export function connect() {
  clearTimeout(connectTimer);
  letGo();
  const mine = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/ws/live/?tab=${tab}`);
  socket = mine;
  mine.onmessage = ({ data }) => mine === socket && hear(JSON.parse(data));
  mine.onclose = ({ code }) => mine === socket && lost(code);
  heardAt = Date.now();
  listenForSilence(6000);
}

/** Let go of the socket: a dead network may take minutes to say that it closed. */
function letGo() {
  const old = socket;
  socket = null;
  state.live = false;
  clearTimeout(silenceTimer);
  clearTimeout(holeTimer);
  holeTimer = 0;
  old?.close();
}

/** @param {number} code */
function lost(code) {
  letGo();
  if (code === 4401) {
    final = true;
    return leaveTo(signIn());
  }
  failures += 1;
  if (failures === 1) state.reached = false;
  final = final || code === 4403;
  if (final || failures > 2) poll();
  showState();
  if (!final) connectTimer = window.setTimeout(connect, between(0, Math.min(30000, 3000 * 2 ** (failures - 1))));
  return undefined;
}

/** Sockets do not get through: the page is fetched now and every 20 s, and we keep trying. */
function poll() {
  if (pollTimer) return;
  pollTimer = window.setInterval(() => refetchSoon(0, 2000), 20000);
  state.polling = true;
  refetchSoon(0, 1000);
}

function stopPolling() {
  clearInterval(pollTimer);
  pollTimer = 0;
  state.polling = false;
}

/** @param {number} [patience] */
function listenForSilence(patience = SILENCE) {
  clearTimeout(silenceTimer);
  silenceTimer = window.setTimeout(() => lost(1006), patience);
}

/** @param {object} message */
const say = (message) => socket?.readyState === WebSocket.OPEN && socket.send(JSON.stringify(message));

/** @param {any} message */
function hear(message) {
  heardAt = Date.now();
  listenForSilence();
  switch (message.type) {
    case "ready":
      return ready(message.seq);
    case "event":
      return message.seq === state.last + 1 ? happened(message) : message.seq > state.last ? hole(message.seq) : undefined;
    case "beat":
      return message.seq > state.last ? hole(message.seq) : undefined;
    case "reload":
      return reload();
    case "bell":
      return ring(message.unread);
    case "answer":
      return send("live:answer");
    case "presence":
      return send("live:presence", message);
    default:
      return undefined; // newer than this page
  }
}

/** @param {number} seq */
function ready(seq) {
  const [kind, pk] = (body.dataset.watch || "").split(":");
  if (kind) say({ type: "watch", ...(pk ? { [kind]: Number(pk) } : { page: kind }) });
  send("live:ready");
  if (seq > state.last) {
    state.replayed = seq;
    if (lives) state.owed = seq;
  }
  if (seq !== state.last) ask(); // smaller: it has not read so far yet, or its numbers are not ours any more
  if (lives) abortFetch();
  if (state.misses) hurry(0, 1000);
  failures = 0;
  lives += 1;
  state.live = true;
  stopPolling();
  showState();
}

const ask = () => say({ type: "resume", after: state.last });

/** Something is missing. It may be on its way; ask after a moment that differs from page to page. @param {number} seq */
function hole(seq) {
  if (holeTimer) return;
  holeTimer = window.setTimeout(() => {
    holeTimer = 0;
    if (seq <= state.last) return;
    state.replayed = Math.max(state.replayed, seq);
    ask();
  }, between(500, 1500));
}

/** The gap is too old to be replayed: fetch the page once; its data-seq is where we go on. */
function reload() {
  state.reloading = true;
  refetchSoon(100, 2500);
}

/** Back after a while: ask what came meanwhile, or connect anew. @param {boolean} suspect do not trust the socket */
export function wakeSocket(suspect) {
  if (!body.dataset.seq || final) return;
  if (!suspect && Date.now() - heardAt < SILENCE && socket?.readyState === WebSocket.OPEN) return void ask();
  if (!suspect && socket?.readyState === WebSocket.CONNECTING) return;
  failures = 0;
  connect();
  showState();
}

/** The timer for it may have stood still. */
export function checkSilence() {
  if (state.live && Date.now() - heardAt > SILENCE) lost(1006);
}

body.addEventListener("live:say", ({ detail }) => say(detail));
addEventListener("offline", () => body.dataset.seq && !final && lost(1006));
addEventListener("pagehide", () => (clearTimeout(connectTimer), letGo()));
