// Notices of this browser: what is new in the bell, while none of our pages is in sight; once, however many tabs there are.
//
// Kept in this browser, for each person: whether they want them, and the newest line that was shown or could be seen. A tab
// in sight holds a lock that the others can see. Who asks the server holds another, and leaves word when that was.
import { all, body, byId, recall } from "../dom.js";
import { csrf } from "../forms.js";

const { user } = body.dataset;
const WANTED = `notices-${user}`;
const LAST = `notices-last-${user}`; // the number of a line
const ASKED = `notices-asked-${user}`; // when the server was
const IN_SIGHT = `in-sight-${user}`;
const bell = /** @type {HTMLAnchorElement | null} */ (byId("bell"))?.href;

let fails = !("Notification" in window && navigator.locks); // a phone takes them from no page
const isOn = () => !fails && recall(WANTED) === "on" && Notification.permission === "granted";

function state() {
  if (fails) return "none";
  if (Notification.permission === "denied") return "blocked";
  return isOn() ? "on" : "off";
}

const parts = () => all("#notices > [data-notices]");

function draw() {
  const now = state();
  for (const part of parts()) part.hidden = part.dataset.notices !== now;
}

async function turnOn() {
  if ((await Notification.requestPermission()) !== "granted") return;
  recall(WANTED, "on");
  const line = await newest();
  if (line) recall(LAST, String(line.id)); // what is there is no news
  show("Notices of this browser are on", "notices");
  holdSight();
}

/** @param {MouseEvent} event */
async function press({ target }) {
  const part = /** @type {Element} */ (target).closest("#notices > [data-notices]");
  if (!part || !(/** @type {Element} */ (target).closest("button"))) return;
  if (/** @type {HTMLElement} */ (part).dataset.notices === "off") await turnOn();
  else recall(WANTED, "");
  draw();
  const shown = parts().find((one) => !one.hidden);
  (shown?.querySelector("button") || shown)?.focus();
}

/** @type {() => void} */
let letGo = () => undefined;

/** Others see that this tab is in sight, or not any more. */
function holdSight() {
  letGo();
  if (document.hidden || !isOn()) return;
  const whileShown = () => (document.hidden ? undefined : new Promise((done) => (letGo = () => done(undefined))));
  navigator.locks.request(IN_SIGHT, { mode: "shared" }, whileShown);
}

async function isInSight() {
  if (!document.hidden) return true;
  return (await navigator.locks.query()).held?.some((lock) => lock.name === IN_SIGHT) || false;
}

/** The bell may have grown. Every tab hears it, and one of them asks. */
function look() {
  const heardAt = Date.now();
  if (isOn()) navigator.locks.request(WANTED, () => ask(heardAt));
}

/** @param {number} heardAt */
async function ask(heardAt) {
  const askedAt = Date.now();
  if (Number(recall(ASKED)) >= heardAt) return; // another tab has
  const line = await newest();
  if (line === undefined) return;
  recall(ASKED, String(askedAt));
  if (!line) return;
  recall(LAST, String(line.id));
  if (await isInSight()) return;
  const notice = show(line.title, line.tag);
  if (notice) notice.onclick = () => (notice.close(), open(line));
}

/** The newest unread line after the last one; null: there is none; undefined: nobody answers. @returns {Promise<BellLine | null | undefined>} */
async function newest() {
  try {
    const [asked, signal] = [`${bell}newest/?after=${recall(LAST) || 0}`, AbortSignal.timeout(10000)];
    const answer = await fetch(asked, { headers: { "X-Requested-With": "live" }, cache: "no-store", signal });
    return answer.ok && !answer.redirected ? await answer.json() : undefined;
  } catch {
    return undefined; // the next one tells
  }
}

/** @param {string} title @param {string} tag a later notice with the same one takes its place */
function show(title, tag) {
  try {
    return new Notification(title, /** @type {NotificationOptions} */ ({ tag, renotify: true }));
  } catch {
    fails = true;
    draw();
    return null;
  }
}

/** Read, and shown: here where this page is about it, else in a tab of its own. @param {BellLine} line */
function open({ id, url }) {
  fetch(`${bell}${id}/read/`, { method: "POST", headers: { "X-CSRFToken": csrf() }, redirect: "manual", keepalive: true });
  window.focus();
  if (new URL(url, location.href).pathname !== location.pathname) window.open(url) || location.assign(url);
}

function follow() {
  draw();
  holdSight();
}

document.addEventListener("click", press);
document.addEventListener("visibilitychange", follow);
addEventListener("storage", ({ key }) => key === WANTED && follow());
body.addEventListener("live:bell", look);
body.addEventListener("live:ready", look);
follow();
if (document.documentElement.dataset.live === "live") look();
