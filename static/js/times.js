// Times as web/templatetags.py writes them, kept true and in the reader's zone; and what is true for a while.
import { all, body, html } from "./dom.js";

const LOCALE = html.lang || undefined;
const ZONE = known(body.dataset.zone); // the person's own setting; else the browser's

/** A browser may be older than a zone: then its own. @param {string} [timeZone] */
function known(timeZone) {
  try {
    return new Intl.DateTimeFormat("en", { timeZone }).resolvedOptions().timeZone;
  } catch {
    return undefined;
  }
}

/** @param {Intl.DateTimeFormatOptions} options @param {Date} date */
const written = (options, date) => new Intl.DateTimeFormat(LOCALE, { timeZone: ZONE, ...options }).format(date);

/** A length of time in its largest unit. @param {number} ms */
function span(ms) {
  const minutes = Math.floor(ms / 60000);
  if (minutes < 1) return "under a minute";
  if (minutes < 60) return `${minutes} min`;
  return minutes < 2880 ? `${Math.floor(minutes / 60)} h` : `${Math.floor(minutes / 1440)} days`;
}

/** @param {Date} then */
function relative(then) {
  const passed = Date.now() - then.getTime();
  if (passed < -1000) return `in ${span(-passed)}`;
  if (passed >= 60000) return `${span(passed)} ago`;
  const seconds = Math.max(1, Math.floor(passed / 1000));
  return seconds === 1 ? "1 second ago" : `${seconds} seconds ago`;
}

/** 2026-11-23, where the reader is. @param {Date} date */
const day = (date) => new Intl.DateTimeFormat("en-CA", { timeZone: ZONE, dateStyle: "short" }).format(date);
/** @param {Date} date */
const hours = (date) => written({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" }, date);
/** @param {Date} date */
const dayAndMonth = (date) => `${written({ day: "numeric" }, date)} ${written({ month: "short" }, date)}`;

/** @param {Date} then */
function clock(then) {
  const today = day(new Date());
  const days = Math.abs(Date.parse(day(then)) - Date.parse(today)) / 86400000;
  if (days === 0) return hours(then);
  if (days < 7) return `${written({ weekday: "short" }, then)} ${hours(then)}`;
  return day(then).slice(0, 4) === today.slice(0, 4) ? `${dayAndMonth(then)} ${hours(then)}` : exact(then);
}

/** @param {Date} then */
const exact = (then) => `${dayAndMonth(then)} ${day(then).slice(0, 4)} ${hours(then)}`;

/** @param {Date} then @type {Record<string, (then: Date) => string>} */
const WORDS = { ago: relative, waited: (then) => span(Math.max(0, Date.now() - then.getTime())), at: clock };

/** @param {ParentNode} [root] */
export function writeTimes(root = document) {
  for (const element of all("time[data-time]", root)) {
    const then = new Date(element.getAttribute("datetime") || "");
    const words = WORDS[element.dataset.time || ""];
    if (!words || Number.isNaN(then.getTime())) continue;
    const text = words(then);
    if (element.textContent !== text) element.textContent = text;
    element.title = exact(then);
  }
}

// What is only true for a while: data-until="2026-11-23T12:31:00+00:00".

let expiry = 0;

export function expire() {
  clearTimeout(expiry);
  const now = Date.now();
  let next = Infinity;
  for (const element of all("[data-until]:not([hidden])")) {
    const until = Date.parse(element.dataset.until || "");
    if (until <= now) element.hidden = true;
    else next = Math.min(next, until - now);
  }
  if (next < 86400000) expiry = window.setTimeout(expire, next + 10);
}
