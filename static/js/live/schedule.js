// When this page is fetched again: at the earliest wish, and not before a slow or failing server has had its rest.
import { state } from "./state.js";

/** @param {number} from @param {number} to */
export const between = (from, to) => from + Math.random() * (to - from);

/** @type {() => unknown} */
let refetch = () => undefined;
/**
 * What is done then: refetch.js gives it, and without that nothing is. What it changes makes wishes of its own, so that
 * it is given and not imported. @param {() => unknown} act */
export const onDue = (act) => void (refetch = act);

let refetchAt = 0;
let refetchTimer = 0;
let restUntil = 0; // no refetch before: the server is slow, or failing
let toldToWait = false; // by the server, which is obeyed whatever happens

/** One GET of this page, some time between `from` and `to` ms from now; the earliest wish counts. @param {number} from @param {number} to */
export function refetchSoon(from, to) {
  if (state.gone || !document.querySelector("[data-live]")) return;
  const now = performance.now();
  const at = Math.max(now + between(from, to), restUntil);
  if (refetchTimer && refetchAt <= at) return;
  clearTimeout(refetchTimer);
  refetchAt = at;
  refetchTimer = window.setTimeout(due, at - now);
}

/** Whatever failed may work now. @param {number} from @param {number} to */
export function hurry(from, to) {
  if (!toldToWait) restUntil = 0;
  refetchSoon(from, to);
}

function due() {
  refetchTimer = 0;
  refetch();
}

/** No fetch for this long. @param {number} ms */
export const rest = (ms) => void (restUntil = Math.max(restUntil, performance.now() + ms));

/** A fetch failed: the next is later each time, or when the server says. @param {number} ms @param {boolean} told */
export function restAfterMiss(ms, told) {
  toldToWait = told;
  restUntil = performance.now() + ms;
}
