// The desk: keys and their sheet, the list with its marked card, the preview beside it, several cards at once.
//
// Conventions: a list is .list > .item, each with its link in .item-title. [data-key="c"] is pressed by that key, and
// says so; [data-go="q"] is gone to by g q. On the queue, #preview holds one article (preview-42) and ?open=42 says
// which; keys act on the card that has the focus, else on the one that had it last. What live.js replaces comes back
// without our marks: they are put on again at live:changed, before anything is painted.
//
// Those that are imported for their effect alone listen by themselves, in any order.
import "./desk/preview.js";
import "./desk/filters.js";
import "./desk/keys.js";
import "./desk/claim.js";
import "./desk/copy.js";
import "./desk/composer.js";
import "./desk/sending.js";
import "./desk/paste.js";
import "./desk/briefs.js";
import "./desk/files.js";
import { WIDE, opened } from "./desk/cards.js";
import { drawMarks, followKeysSetting, markRead } from "./desk/marks.js";
import { body } from "./dom.js";
import "./keyboard.js";

// The list of people comes with the first "@".
document.addEventListener("input", mention);

/** @param {Event} event */
async function mention({ target, isTrusted }) {
  if (!isTrusted || !(target instanceof HTMLTextAreaElement) || target.dataset.mentions === undefined || !target.value.includes("@")) return;
  document.removeEventListener("input", mention);
  const loaded = await import("./desk/mentions.js").catch(() => null); // without it a name that is typed means the same
  loaded ? loaded.look(target) : document.addEventListener("input", mention);
}

body.addEventListener("live:changed", drawMarks);
for (const kind of ["pageshow", "focus"]) addEventListener(kind, followKeysSetting);
WIDE.addEventListener("change", drawMarks);
if (opened()) markRead(opened());
drawMarks();
