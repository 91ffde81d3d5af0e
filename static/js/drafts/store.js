// What this browser keeps of drafts, by person and place.

// Whose they are stands on the script element of drafts.js, or of what brings it: a module does not know its own.
export const me = /** @type {HTMLElement | null} */ (document.querySelector("script[data-user]"))?.dataset.user || "";
export const mine = `draft:${me}:`;
const DAYS = 14; // and a draft is forgotten

const FULL = ["QuotaExceededError", "NS_ERROR_DOM_QUOTA_REACHED"]; // as Chromium and Safari say it, and as Firefox does

export const newId = () => `${Date.now().toString(36)}${Math.random().toString(36).slice(2, 10)}`;

/** The keys of the drafts here, of everybody or of one person. @param {string} [start] */
export function places(start = "draft:") {
  try {
    return Object.keys(localStorage).filter((key) => key.startsWith(start));
  } catch {
    return []; // storage is switched off
  }
}

/** @param {string} place @returns {Draft | null} */
export function read(place) {
  try {
    return parse(localStorage.getItem(place));
  } catch {
    return null; // storage is switched off
  }
}

/** Null for what is no draft, whoever wrote it: then there is none, and it goes as an old one. @param {string | null} text @returns {Draft | null} */
export function parse(text) {
  try {
    const found = JSON.parse(text || "null");
    const isDraft = found?.values?.constructor === Object && Object.values(found.values).every(isTexts);
    return isDraft ? found : null;
  } catch {
    return null;
  }
}

/** @param {unknown} found */
const isTexts = (found) => Array.isArray(found) && found.every((one) => typeof one === "string");

/** Other tabs follow: what they hold of it goes, too. @param {string} place */
export function remove(place) {
  if (places(place).includes(place)) localStorage.removeItem(place);
}

/** Neither sent nor discarded, so a tab that holds it goes on. Its place goes as an old one. @param {string} place */
export function evict(place) {
  if (places(place).includes(place)) localStorage.setItem(place, "");
}

/** Whether there is room, and whether more could help. @param {string} place @param {string} text @returns {"kept" | "full" | "off"} */
function put(place, text) {
  try {
    localStorage.setItem(place, text);
    return "kept";
  } catch (error) {
    return error instanceof DOMException && FULL.includes(error.name) ? "full" : "off";
  }
}

/** Whether it is kept; where it is full, older drafts go, and come back if that is no help. @param {string} place @param {Draft} draft */
export function write(place, draft) {
  const text = JSON.stringify(draft);
  let done = put(place, text);
  /** @type {[string, string][]} */
  const gone = [];
  for (const old of done === "full" ? spare(place) : []) {
    gone.push([old, localStorage.getItem(old) || ""]);
    evict(old);
    done = put(place, text);
    if (done !== "full") break;
  }
  if (done !== "kept") for (const [old, was] of gone) put(old, was);
  return done === "kept";
}

/** What may go for it, the oldest first: my own and what is forgotten anyway, never another person's. @param {string} place */
const spare = (place) => places().filter((one) => one !== place && (one.startsWith(mine) || isOld(one))).sort((one, other) => ageOf(other) - ageOf(one));

/** @param {string} place */
const ageOf = (place) => Date.now() - (read(place)?.at || 0);
/** @param {string} place */
const isOld = (place) => ageOf(place) >= DAYS * 86_400_000;

export const forgetOld = () => places().filter(isOld).forEach(remove);
