// This page is fetched again, with patience, and what came is shown.
import { toast } from "../toasts.js";
import { steady, typedIn } from "./hand.js";
import { between, hurry, onDue, refetchSoon, rest, restAfterMiss } from "./schedule.js";
import { address, alone, show, showState, state } from "./state.js";
import { swap, swapShell } from "./regions.js";

onDue(refetch);

let fetching = false;
/** @type {AbortController | null} */
let asking = null;

async function refetch() {
  if (document.hidden && !state.reloading) return void (state.stale = true); // when it is looked at again
  if (fetching) return refetchSoon(200, 500);
  fetching = true;
  state.stale = false;
  const began = performance.now();
  const asked = address();
  asking = new AbortController();
  const { signal } = asking;
  const patience = setTimeout((/** @type {AbortController} */ mine) => mine.abort("late"), howLong(), asking);
  try {
    const answer = await fetch(asked, { headers: { "X-Requested-With": "live" }, cache: "no-store", signal });
    const text = await answer.text();
    if (asked === address()) readAnswer(answer, text);
    else refetchSoon(0, 0); // for another address by now
  } catch {
    if (signal.reason === "again") hurry(0, 300);
    else missed(0); // no network, or none that answers
    if (signal.reason === "late" && state.misses < 3) hurry(0, 300);
  } finally {
    clearTimeout(patience);
    asking = null;
    fetching = false;
    rest(Math.min(5000, 3 * (performance.now() - began)));
    if (state.echo) refetchSoon(3000, 6000);
    state.echo = false;
  }
}

// After a loss the browser may send into dead connections: one by one they are given up.
const howLong = () => Math.min(30000, (state.reached ? 10000 : 3000) * 2 ** Math.max(0, state.misses - 2));

/** @param {Response} answer @param {string} text */
function readAnswer(answer, text) {
  if (new URL(answer.url).pathname.startsWith("/login")) return leaveTo(signIn());
  if (answer.status === 404 || answer.status === 410) return isGone();
  if (!answer.ok) return missed(Number(answer.headers.get("Retry-After")) || 0);
  state.misses = 0;
  state.reached = true;
  const fresh = new DOMParser().parseFromString(text, "text/html");
  // Sent elsewhere: this page has nothing to say any more. What every page has is still true.
  steady(() => (answer.redirected || alone ? swapShell(fresh) : swap(fresh)));
  return showState();
}

/** Ask again, later each time. @param {number} seconds what the server asks for */
function missed(seconds) {
  state.misses += 1;
  restAfterMiss(Math.max(1000 * seconds, between(0.5, 1) * Math.min(30000, 1000 * 2 ** state.misses)), seconds > 0);
  refetchSoon(0, 0);
  showState();
}

function isGone() {
  state.gone = true;
  toast("What this page showed is no longer there.");
  showState();
}

export function signIn() {
  const { pathname, search } = new URL(address(), location.href);
  return `/login/?next=${encodeURIComponent(pathname + search)}`;
}

// A part of the page that was asked for by itself, or by what somebody types, takes nobody off the page who is typing.
document.addEventListener("htmx:beforeOnLoad", (event) => {
  const { xhr, requestConfig } = event.detail;
  const address = xhr.getResponseHeader("HX-Redirect");
  const isAlone = requestConfig.verb === "get" || requestConfig.headers["X-Requested-With"] === "live";
  if (!isAlone || !address?.startsWith("/login/")) return;
  event.preventDefault();
  leaveTo(address);
});

/** To the sign-in page, unless that would lose what is half typed. @param {string} address */
export function leaveTo(address) {
  const typed = typedIn();
  if (!typed.length) return location.assign(address);
  const areKept = typed.every(({ form }) => form && "kept" in form.dataset); // drafts.js says so
  const then = areKept ? "your text is kept, reload to sign in" : "copy your text, then reload to sign in";
  steady(() => show("signed-out", `Signed out: ${then}`));
}

/** What was sent into the network that was. */
export const abortFetch = () => asking?.abort("again");
