// The trail of a session: earlier entries come above what is read, new ones below it, and the place is kept.
//
// #trail is the newest window; any other is read as pages are. [data-earlier] links to what is before it, [data-point] is
// a notice above it that nobody has seen.
import { all, byId, isPlainClick, recall } from "../dom.js";
import { settle } from "./morph.js";

const PLACE = `trail:${location.pathname}`; // in this tab: how far back it was read, for who comes back to the page
const MOST = 40; // windows that are fetched to come back to a place

const list = () => byId("trail");
const link = () => /** @type {HTMLAnchorElement | null} */ (document.querySelector("#trail-region a[data-earlier]"));
/** @param {Element | null | undefined} entry */
const refOf = (entry) => /** @type {HTMLElement | null | undefined} */ (entry?.querySelector("a.ref[id]"))?.id || "";

let beginning = ""; // the id of the session's first entry, once it is shown
let extended = false; // earlier entries have been fetched

document.addEventListener("click", (event) => {
  if (event.defaultPrevented || !isPlainClick(event)) return;
  const pressed = /** @type {Element} */ (event.target).closest("a");
  if (!pressed) return;
  if (pressed === link() && list()?.firstElementChild) {
    event.preventDefault();
    showEarlier().then((shown) => shown || location.assign(pressed.href));
  } else if (isOnThisPage(pressed)) {
    event.preventDefault();
    location.hash = pressed.hash;
  }
});

/** An entry that the link would fetch another window for. @param {HTMLAnchorElement} ref */
const isOnThisPage = (ref) =>
  ref.matches("main a.ref") && ref.pathname === location.pathname && ref.search !== location.search && byId(ref.hash.slice(1)) !== null;

let fetching = false;

/** The entries before the first one, above it; what is read stays where it is. Whether it could be done. */
async function showEarlier() {
  const first = list()?.firstElementChild;
  if (fetching || !first) return true;
  fetching = true;
  link()?.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(`${location.pathname}?until=${refOf(first)}`, { headers: { "X-Requested-With": "live" }, cache: "no-store" });
    if (!answer.ok || answer.redirected) return false;
    put(new DOMParser().parseFromString(await answer.text(), "text/html"), first);
    return true;
  } catch {
    return false;
  } finally {
    fetching = false;
    link()?.removeAttribute("aria-busy");
  }
}

/** @param {Document} fresh @param {Element} first */
function put(fresh, first) {
  const entries = all("ol.trail > li", fresh);
  const earlier = entries.slice(0, entries.findIndex((entry) => entry.id === first.id)).filter((entry) => !byId(entry.id));
  const { top } = first.getBoundingClientRect();
  first.before(...earlier);
  extended = true;
  if (!fresh.querySelector("a[data-earlier]")) beginning = list()?.firstElementChild?.id || "";
  earlier.forEach(settle); // and not the whole list, which may be long by now
  drawLink();
  scrollBy({ top: first.getBoundingClientRect().top - top, behavior: "instant" });
}

/** As far back as this page goes, whatever the server knows of it. */
function drawLink() {
  const earlier = link();
  const first = list()?.firstElementChild;
  if (!earlier || !first || !extended) return;
  earlier.href = `?at=${refOf(first)}#${refOf(first)}`;
  earlier.hidden = first.id === beginning;
}
document.body.addEventListener("live:changed", drawLink);

// --- the place -----------------------------------------------------------------------------------

const inView = () => all("#trail > li").find((entry) => entry.getBoundingClientRect().bottom > 0);

addEventListener("pagehide", () => {
  const entry = extended ? inView() : undefined;
  recall(PLACE, entry ? `${entry.id} ${Math.round(entry.getBoundingClientRect().top)}` : "", "sessionStorage");
});

/** Whoever comes back finds what they read, though the page that the server sends begins later. */
async function comeBack() {
  const [id = "", top = "0"] = (recall(PLACE, undefined, "sessionStorage") || "").split(" ");
  if (!id || !list()) return;
  for (let n = 0; n < MOST && !byId(id) && list()?.firstElementChild?.id !== beginning; n += 1) if (!(await showEarlier())) return;
  const entry = byId(id);
  if (entry) scrollBy({ top: entry.getBoundingClientRect().top - Number(top), behavior: "instant" });
}
const [opened] = /** @type {PerformanceNavigationTiming[]} */ (performance.getEntriesByType("navigation"));
if (opened?.type !== "navigate") addEventListener("load", () => setTimeout(comeBack));

// --- what is new, and what stands above ----------------------------------------------------------

/** @type {HTMLButtonElement | null} */
let pill = null;
let below = 0; // entries that came below what is read

/** @param {string} words @param {string} kind @param {() => unknown} act */
function showPill(words, kind, act) {
  const shown = pill?.isConnected ? pill : Object.assign(document.createElement("button"), { type: "button" });
  shown.className = `pill floating of-trail ${kind}`;
  shown.textContent = words;
  shown.onclick = () => {
    hidePill();
    act();
  };
  if (!shown.isConnected) byId("trail-region")?.before(shown);
  pill = shown;
}

function hidePill() {
  below = 0;
  pill?.remove();
  pill = null;
}

const newest = () => list()?.lastElementChild;

/** Is the end of it on the screen? @param {Element} trail */
export function isAtEnd(trail) {
  const { bottom } = trail.getBoundingClientRect();
  return bottom > 0 && bottom < innerHeight + 40;
}

/** Something has come where nobody looks; what is said of it. */
export function hasComeBelow() {
  const words = `${(below += 1)} new`;
  showPill(words, "down", () => newest()?.scrollIntoView({ block: "nearest" }));
  return words;
}

addEventListener("scroll", () => {
  const trail = list();
  if (pill?.matches(".down") && trail && isAtEnd(trail)) hidePill();
  if (pill?.matches(".up") && isSeen(pointed())) hidePill();
}, { passive: true });

/** What a reader of the newest has to know, and does not see there. */
const pointed = () => byId("since") || document.querySelector("#standing [data-point]");
/** @param {Element | null} notice */
const isSeen = (notice) => !notice || notice.getBoundingClientRect().bottom > 0;

/** A pill with its first words leads up to it. */
function pointUp() {
  const notice = pointed();
  const words = notice?.querySelector("h2, strong")?.textContent?.trim().replace(/\s+/g, " ");
  if (!notice || !words || isSeen(notice) || pill) return;
  showPill(words, "up", () => {
    notice.scrollIntoView({ block: "start" });
    notice.setAttribute("tabindex", "-1");
    /** @type {HTMLElement} */ (notice).focus({ preventScroll: true });
  });
}
if (document.querySelector("#trail[data-newest]")) addEventListener("load", () => setTimeout(pointUp));
