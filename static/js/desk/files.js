// Files for the step or message that is being written: chosen, pasted or dropped, shown, and sent one by one once it is
// on record. What cannot be sent stays, with the reason and a Retry.
//
// The form says files_follow=NAME; a cookie files-NAME says which step or message was made. Each file has a key of its
// own: sent twice it is stored once. What goes while more is typed takes along the files that were chosen for it
// (desk/sending.js): a batch is of one step or message, and those of the box are of the one that is being written.
import { announcer, body, cookie } from "../dom.js";
import { csrf } from "../forms.js";
import { refetchSoon } from "../live/schedule.js";
import { composer } from "./composer.js";

/**
 * @typedef {object} Item
 * @property {string} key by which the server knows it again
 * @property {File} file
 * @property {string} batch the name of the step or message it is for
 * @property {string} place "step-12" or "message-4"; empty until that is on record
 * @property {string} error
 * @property {boolean} final whether it will never be taken
 * @property {number} tries
 * @property {XMLHttpRequest | null} request
 * @property {HTMLLIElement} row
 */

const AT_ONCE = 2;
const TRIES = 6; // of a server that is busy
const SMALL = 96; // pixels of a thumbnail
/** @type {Item[]} */
let items = [];
let batch = name(); // of what is in the box
let holds = 0; // how often a busy server has asked us to wait, and we still do: meanwhile nothing is sent
const said = announcer();

const attach = () => /** @type {HTMLElement | null} */ (document.querySelector("#composer .attach"));
/** @param {string} [of] */
const waiting = (of) => items.filter((item) => !item.place && !item.final && (!of || item.batch === of));

export const batchNow = () => batch;
/** Of what is in the box from here on; none: of something new. @param {string} [of] */
export const setBatch = (of) => void (batch = of || name());
/** @param {string} of */
export const namesIn = (of) => waiting(of).map((item) => item.file.name).join(", ");
/** What was to go apart is in the box now. @param {string} of */
export function takeBatch(of) {
  for (const item of waiting(of)) item.batch = batch;
}

// --- choosing ------------------------------------------------------------------------------------

document.addEventListener("change", ({ target }) => {
  if (!(target instanceof HTMLInputElement) || !target.matches("#composer [name=files]")) return;
  add(Array.from(target.files || []));
  target.value = "";
});

document.addEventListener("paste", (event) => {
  const { clipboardData: pasted } = event;
  if (!(event.target instanceof Element) || !event.target.closest("#composer") || !pasted?.files.length) return;
  if (pasted.types.includes("text/plain")) return; // a spreadsheet gives a picture beside the text that is meant
  event.preventDefault();
  add(Array.from(pasted.files, named));
});

// Anywhere on the page: a browser that is left to it opens the file in place of the session.
for (const kind of ["dragover", "dragleave", "drop"]) document.addEventListener(kind, (event) => drag(/** @type {DragEvent} */ (event)));

/** @param {DragEvent} event */
function drag(event) {
  const form = composer();
  if (!form || !event.dataTransfer?.types.includes("Files")) return;
  form.classList.toggle("dropping", event.type === "dragover");
  if (event.type === "dragleave") return;
  event.preventDefault();
  if (event.type === "drop") add(Array.from(event.dataTransfer.files));
}

/** Browsers call all that is pasted image.png. @param {File} file */
function named(file) {
  if (!/^image\.\w+$/.test(file.name)) return file;
  const clock = new Date().toTimeString().slice(0, 8).replaceAll(":", "-");
  return new File([file], `pasted-${clock}.${file.name.split(".")[1]}`, { type: file.type });
}

/** @param {File[]} files */
function add(files) {
  const most = Number(attach()?.dataset.most);
  for (const file of files) {
    const item = { key: name(), file, batch, place: "", error: "", final: false, tries: 0, request: null, row: document.createElement("li") };
    if (!file.size) refuse(item, "This file is empty.");
    else if (file.size > most) refuse(item, `This file has ${words(file.size)}, and at most ${words(most)} fit.`);
    items.push(item);
    draw(item);
    preview(item);
  }
  show();
  if (files.length) said.textContent = `${files.map((file) => file.name).join(", ")}: sent with the next step or message.`;
}

// --- sending -------------------------------------------------------------------------------------

document.addEventListener("formdata", (event) => {
  if (event.target === composer() && waiting(batch).length) event.formData.set("files_follow", batch);
});

document.addEventListener("htmx:afterRequest", () => {
  for (const of of new Set(waiting().map((item) => item.batch))) {
    const place = cookie(`files-${of}`);
    if (!place) continue;
    document.cookie = `files-${of}=; path=/; max-age=0; samesite=lax`;
    for (const item of waiting(of)) item.place = place;
    next();
  }
});

addEventListener("online", () => {
  for (const item of items) if (item.place && item.error && !item.final) retry(item);
});
addEventListener("beforeunload", (event) => {
  if (items.some((item) => !item.final)) event.preventDefault();
});

function next() {
  const sending = items.filter((item) => item.request).length;
  const due = holds ? [] : items.filter((item) => item.place && !item.error && !item.request);
  for (const item of due.slice(0, AT_ONCE - sending)) post(item);
  items.forEach(draw);
}

/** @param {Item} item */
function post(item) {
  const address = attach()?.dataset.files;
  if (!address) return fail(item, "The composer is closed. Reload the page, and add it again.");
  const form = new FormData();
  const [kind = "", pk = ""] = item.place.split("-");
  form.set(kind, pk);
  form.set("file", item.file);
  const request = (item.request = new XMLHttpRequest());
  request.open("POST", address);
  request.setRequestHeader("X-CSRFToken", csrf());
  request.setRequestHeader("Idempotency-Key", item.key);
  request.upload.addEventListener("progress", ({ loaded, total }) => progress(item, loaded / total));
  request.addEventListener("load", () => answered(item, request));
  for (const kind of ["error", "timeout"]) {
    request.addEventListener(kind, () => fail(item, "The connection was lost. It is kept here: try again."));
  }
  request.addEventListener("abort", () => {
    drop(item);
    refetchSoon(100, 300); // it may have been stored before
    next();
  });
  request.send(form);
}

/** @param {Item} item @param {XMLHttpRequest} request */
function answered(item, request) {
  item.request = null;
  const { status } = request;
  if (status === 201) {
    drop(item);
    refetchSoon(100, 300);
    next();
  } else if ((status === 503 || status === 429) && item.tries < TRIES) {
    item.tries += 1;
    hold(Number(request.getResponseHeader("Retry-After")) || 2);
  } else if (status === 401 || (status === 403 && /CSRF/i.test(request.responseText))) {
    fail(item, "You are signed out. Sign in in another tab, then try again.");
  } else {
    fail(item, reason(request), status === 400 || status === 413);
  }
}

/** @param {number} seconds */
function hold(seconds) {
  holds += 1;
  setTimeout(() => {
    holds -= 1;
    next();
  }, seconds * 1000);
  next(); // shows what waits
}

/** What the API says is wrong. @param {XMLHttpRequest} request */
function reason(request) {
  try {
    const { detail, errors } = JSON.parse(request.responseText);
    return String(errors ? Object.values(errors).flat()[0] : detail);
  } catch {
    return "That did not work. It is kept here: try again.";
  }
}

/** @param {Item} item @param {string} error @param {boolean} [final] */
function fail(item, error, final = false) {
  item.request = null;
  refuse(item, error, final);
  said.textContent = `${item.file.name}: ${error}`;
  next();
}

/** @param {Item} item @param {string} error @param {boolean} [final] */
function refuse(item, error, final = true) {
  item.error = error;
  item.final = final;
}

/** @param {Item} item */
function retry(item) {
  item.error = "";
  item.tries = 0;
  next();
}

/** @param {Item} item */
function drop(item) {
  items = items.filter((other) => other !== item);
  item.row.remove();
}

// --- what is shown -------------------------------------------------------------------------------

for (const kind of ["htmx:afterSwap", "live:changed"]) body.addEventListener(kind, show);

/** The rows, in a composer that may have been drawn anew. */
function show() {
  const list = attach()?.querySelector(".attached");
  if (list && items.some((item) => item.row.parentElement !== list)) list.replaceChildren(...items.map((item) => item.row));
}

/** @param {Item} item */
function draw(item) {
  const { row, file, error, final, place, request } = item;
  const picture = row.querySelector("img, .file-kind");
  row.className = error ? "attached-file wrong" : "attached-file";
  const line = part("span", "file-name", file.name);
  line.title = file.name;
  const state = part("span", error ? "attached-error" : "muted", error || (place && !request ? "Waits" : words(file.size)));
  const sending = request ? [bar(item)] : [];
  const again = error && !final ? [button("Retry", () => retry(item))] : [];
  const away = request ? button("Cancel", () => request.abort(), file.name) : button("Remove", () => drop(item), file.name);
  row.replaceChildren(picture || part("span", "file-kind", file.name.split(".").pop() || ""), line, state, ...sending, ...again, away);
}

/** @param {Item} item */
function bar(item) {
  const found = item.row.querySelector("progress") || document.createElement("progress");
  found.max = 1;
  found.setAttribute("aria-label", `Sending ${item.file.name}`);
  return found;
}

/** @param {Item} item @param {number} share */
function progress(item, share) {
  const found = item.row.querySelector("progress");
  if (found) found.value = share;
}

/** A small picture in place of the ending; the site shows no other address than its own, so it is drawn. @param {Item} item */
async function preview(item) {
  if (!item.file.type.startsWith("image/")) return;
  try {
    const image = await createImageBitmap(item.file);
    const by = Math.min(1, SMALL / image.width, SMALL / image.height);
    const canvas = Object.assign(document.createElement("canvas"), { width: Math.max(1, image.width * by), height: Math.max(1, image.height * by) });
    canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
    image.close();
    const shown = Object.assign(document.createElement("img"), { src: canvas.toDataURL("image/webp", 0.8), alt: "" });
    item.row.querySelector(".file-kind")?.replaceWith(shown);
  } catch {
    // Not a picture after all: the server says so.
  }
}

/** @param {string} tag @param {string} css @param {string} text */
function part(tag, css, text) {
  return Object.assign(document.createElement(tag), { className: css, textContent: text });
}

/** @param {string} text @param {() => void} act @param {string} [of] */
function button(text, act, of = "") {
  const made = Object.assign(document.createElement("button"), { type: "button", className: "button link small", textContent: text });
  if (of) made.setAttribute("aria-label", `${text} ${of}`);
  made.addEventListener("click", act);
  return made;
}

/** 283 kB. @param {number} size */
function words(size) {
  if (size < 1000) return `${size} bytes`;
  return size < 1e6 ? `${Math.round(size / 1000)} kB` : `${(size / 1e6).toFixed(1).replace(".0", "")} MB`;
}

/** A name nobody else has; randomUUID() is for https alone. */
function name() {
  return Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
