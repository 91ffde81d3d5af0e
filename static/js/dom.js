// What live.js and desk.js both use: elements, what this browser keeps, events to each other, a line for screen readers.

export const html = document.documentElement;
export const body = document.body;

/** @param {string} id */
export const byId = (id) => document.getElementById(id);
/** @param {string} selector @param {ParentNode} [root] @returns {HTMLElement[]} */
export const all = (selector, root = document) => Array.from(root.querySelectorAll(selector));

/** @param {Element} element */
export const isVisible = (element) => element.checkVisibility({ visibilityProperty: true }) && !element.matches(":disabled");

/** Pressed as a link is, to be followed here: no other button, no new tab. @param {MouseEvent} event */
export const isPlainClick = (event) => event.button === 0 && !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);

/** Its value; "" where there is none, or one that nobody could have encoded so. @param {string} name */
export function cookie(name) {
  const found = document.cookie.split("; ").find((pair) => pair.startsWith(`${name}=`));
  try {
    return found ? decodeURIComponent(found.slice(name.length + 1)) : "";
  } catch {
    return "";
  }
}

/** Kept in this browser, where it keeps anything. @param {string} name @param {string} [value] @param {"localStorage" | "sessionStorage"} [where] */
export function recall(name, value, where = "localStorage") {
  try {
    if (value === undefined) return window[where].getItem(name);
    window[where].setItem(name, value);
  } catch {
    // Storage switched off or full: then it is forgotten, no more.
  }
  return null;
}

/** To the page's other scripts, on <body>. @param {string} name @param {unknown} [detail] */
export const send = (name, detail) => body.dispatchEvent(new CustomEvent(name, { detail }));

/** A line that only a screen reader reads: what is written into it is read out. @param {string} [id] */
export function announcer(id) {
  const line = Object.assign(document.createElement("div"), { className: "visually-hidden" }, id ? { id } : {});
  line.setAttribute("role", "status");
  body.append(line);
  return line;
}
