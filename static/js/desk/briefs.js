// Folded briefs: each is fetched when it is opened, and again when something happens to its session while it is open.
import { all, body } from "../dom.js";

/** @param {Element} brief */
const read = (brief) => window.htmx?.trigger(brief, "read");

document.addEventListener("toggle", ({ target }) => {
  if (target instanceof Element && target.matches(".brief-folded[open]")) read(target);
}, true); // it does not bubble

body.addEventListener("live:event", ({ detail: { session } }) => all(`.brief-folded[open][data-session="${session}"]`).forEach(read));
