// A step is changed where it stands: the form of its own page comes up under it. Esc and Cancel close it, drafts.js
// keeps what was half typed. Elsewhere, or where the form cannot be had, the link is followed.
import { byId, isPlainClick, send } from "../dom.js";
import { isChanged } from "../live/hand.js";
import { tell } from "./cards.js";
import { box, composer, focusComposer } from "./composer.js";

const FORM = "main form.form"; // on the page of a change

/** @type {{item: HTMLLIElement, step: string, address: string, back: () => void} | null} the one that is open */
let open = null;
let asking = ""; // the address that is being fetched
/** @type {HTMLElement | null} where somebody types while the trail is drawn anew */
let typing = null;

/** @param {Node | null | undefined} node */
const isIn = (node) => Boolean(node && open?.item.contains(node));
const form = () => /** @type {HTMLFormElement | null | undefined} */ (open?.item.querySelector("form"));

document.addEventListener("click", (event) => {
  const link = /** @type {Element} */ (event.target).closest("a");
  if (!link || event.defaultPrevented || !isPlainClick(event)) return;
  const isChange = link.matches("#trail [data-change]");
  if (!isChange && !(isIn(link) && link.matches(".actions a"))) return;
  event.preventDefault();
  isChange ? show(link) : close();
});

/** @param {HTMLAnchorElement} link */
async function show(link) {
  const step = link.closest(".step")?.id || "";
  if (open?.step === step) return focusFirst();
  if (asking || (open && !close())) return undefined;
  const isFromComposer = composer()?.contains(document.activeElement);
  asking = link.href;
  const found = await fetchForm(link.href);
  asking = "";
  if (!found) return location.assign(link.href);
  const item = Object.assign(document.createElement("li"), { className: "step-change" });
  item.append(found);
  const back = isFromComposer ? focusComposer : () => /** @type {HTMLElement | null} */ (document.querySelector(`#${step} [data-change]`))?.focus();
  open = { item, step, address: new URL(link.href).pathname, back };
  byId(step)?.after(item);
  makeReady();
  item.dispatchEvent(new CustomEvent("htmx:afterSwap", { bubbles: true })); // drafts.js brings back what was half typed
  return isFromComposer && box()?.value ? undefined : focusFirst();
}

/** @param {string} address @returns {Promise<Element | null>} */
async function fetchForm(address) {
  try {
    const answer = await fetch(address, { cache: "no-store" });
    if (!answer.ok || answer.redirected) return null;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    page.querySelector(FORM)?.setAttribute("aria-label", page.querySelector("h1")?.textContent || "");
    return page.querySelector(FORM);
  } catch {
    return null;
  }
}

/** Its answer brings the step. */
function makeReady() {
  const mine = form();
  if (!mine || !open) return;
  const { address, step } = open;
  mine.className = "form";
  const first = mine.querySelector("[autofocus]");
  first?.removeAttribute("autofocus"); // HTMX would focus it whenever the trail is drawn anew
  first?.setAttribute("data-first", "");
  for (const name of ["action", "hx-post"]) mine.setAttribute(name, address);
  for (const name of ["hx-target", "hx-select"]) mine.setAttribute(name, `#${step}`);
  mine.setAttribute("hx-swap", "outerHTML");
  window.htmx?.process(mine);
}

function focusFirst() {
  const first = /** @type {HTMLElement | null | undefined} */ (open?.item.querySelector("[aria-invalid=true], [data-first]"));
  first?.focus({ preventScroll: true });
  const show = () => open?.item.scrollIntoView({ block: "nearest" });
  show();
  requestAnimationFrame(() => setTimeout(show)); // with what drafts.js says below it
}

/** Whether it could be: not while something is typed or chosen that this browser does not keep. */
function close() {
  send("live:changed"); // drafts.js keeps what was typed a moment ago
  const isTyped = Array.from(form()?.querySelectorAll("textarea, select, [type=checkbox]") || []).some(isChanged);
  if (isTyped && !form()?.hasAttribute("data-kept")) {
    tell("Not closed: this browser does not keep what you typed.");
    return false;
  }
  leave();
  return true;
}

function leave() {
  const left = open;
  const isHere = isIn(document.activeElement);
  open = null;
  left?.item.remove();
  if (isHere) left?.back();
}

/** For Esc: whether it was pressed here. @param {EventTarget | null} target */
export function leaveChange(target) {
  const isHere = isIn(/** @type {Node} */ (target));
  if (isHere) close();
  return isHere;
}

// --- its answer ----------------------------------------------------------------------------------

document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  typing = isIn(document.activeElement) ? /** @type {HTMLElement} */ (document.activeElement) : null;
  if (!isIn(detail?.requestConfig?.elt) || detail.xhr.status !== 422) return;
  detail.target = form();
  detail.selectOverride = FORM;
});

document.addEventListener("htmx:afterSwap", () => {
  if (!open) return;
  const { item, step } = open;
  if (!item.isConnected) {
    // the trail was drawn anew around it
    byId(step) ? byId(step)?.after(item) : (open = null);
    typing?.focus({ preventScroll: true });
  }
  if (form()?.hasAttribute("hx-post")) return void window.htmx?.process(item);
  makeReady(); // it came back refused
  focusFirst();
});

document.addEventListener("htmx:afterRequest", ({ detail }) => {
  if (isIn(detail.elt) && detail.xhr.status >= 200 && detail.xhr.status < 300) leave();
});
