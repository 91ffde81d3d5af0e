// @ts-check
// Drafts: what is half typed in a form is kept in this browser until it was sent or is discarded.
//
// A draft belongs to one person and one place, the address its form posts to: another person who signs in here is not
// offered it. It holds what was changed and nothing else, and never a password, a token, a file or a hidden field. A form
// takes part when it posts and has a field to write in; data-no-draft keeps one out. The server says which draft it has
// accepted by a cookie, sent-ID, so that an answer from a sign-in page or a broken server costs nothing.
"use strict";

(() => {
  const { body } = document;
  const me = document.currentScript?.dataset.user || "";
  const mine = `draft:${me}:`;
  const DAYS = 14; // and a draft is forgotten
  const MOST = 300_000; // characters of one draft: the longest log fits, and some drafts beside it
  const TOO_LONG = `Longer than a draft can be (${MOST.toLocaleString("en")} characters): send it before you leave this page.`;
  const NOT_KEPT = "This browser does not keep drafts: send it before you leave this page.";
  const FULL = ["QuotaExceededError", "NS_ERROR_DOM_QUOTA_REACHED"]; // as Chromium and Safari say it, and as Firefox does
  const REST = 300; // ms without a key, and it is kept
  const WRITTEN = "textarea, input:not([type]), input:is([type=text], [type=search], [type=url], [type=tel], [type=email])";
  const CHOSEN = "select, input:is([type=checkbox], [type=radio], [type=number], [type=date], [type=time], [type=datetime-local])";
  const SECRET = /csrf|password|passwd|secret|token|credential/i;

  /** @typedef {HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement} Field */
  /** @typedef {Record<string, string[]>} Values by field name */
  /** @typedef {{id: string, at: number, values: Values}} Draft */
  /** @typedef {{id: string, kept: string, given?: boolean}} Known the draft a form wrote or was given last, its values, and whether it was given it */

  const newId = () => `${Date.now().toString(36)}${Math.random().toString(36).slice(2, 10)}`;
  /** @type {WeakMap<HTMLFormElement, Known>} */
  const known = new WeakMap();
  /** @type {Map<HTMLFormElement, number>} typed in and not kept yet */
  const pending = new Map();
  /** @type {WeakMap<HTMLFormElement, string>} the id of the draft it was sent with last */
  const sent = new WeakMap();

  // --- forms and their fields ------------------------------------------------------------------

  /** @param {HTMLFormElement} form @returns {Field[]} */
  const fieldsOf = (form) => /** @type {Field[]} */ (Array.from(form.elements)).filter((field) => field.matches(`${WRITTEN}, ${CHOSEN}`) && field.name && !SECRET.test(field.name));
  /** @param {HTMLFormElement} form */
  const takesPart = (form) => form.getAttribute("method")?.toLowerCase() === "post" && !("noDraft" in form.dataset) && fieldsOf(form).some((field) => field.matches(WRITTEN));
  const forms = () => Array.from(document.forms).filter(takesPart);
  /** @param {HTMLFormElement} form */
  const placeOf = (form) => mine + new URL(form.getAttribute("action") || location.href, location.href).pathname;
  /** It came back from the server with what was typed, so that its defaults are typed text, too. @param {HTMLFormElement} form */
  const cameBack = (form) => "typed" in form.dataset || form.querySelector("[aria-invalid=true]") !== null;

  /** @param {Field} field */
  function valueOf(field) {
    if (field instanceof HTMLSelectElement) return Array.from(field.selectedOptions, (option) => option.value);
    if (field.type === "checkbox" || field.type === "radio") return /** @type {HTMLInputElement} */ (field).checked ? [field.value] : [];
    return [field.value];
  }

  /** What the server wrote there. @param {Field} field */
  function defaultOf(field) {
    if (field instanceof HTMLSelectElement) {
      const options = Array.from(field.options);
      const chosen = options.filter((option) => option.defaultSelected);
      return (chosen.length || field.multiple ? chosen : options.slice(0, 1)).map((option) => option.value);
    }
    if (field.type === "checkbox" || field.type === "radio") return /** @type {HTMLInputElement} */ (field).defaultChecked ? [field.value] : [];
    return [field.defaultValue];
  }

  /** @param {Field[]} fields @param {(field: Field) => string[]} read @returns {Values} */
  function collect(fields, read) {
    /** @type {Values} */
    const values = {};
    for (const field of fields) (values[field.name] ||= []).push(...read(field));
    return values;
  }

  /** What is typed or chosen here and is not the server's; null where nothing is written. @param {HTMLFormElement} form @returns {Values | null} */
  function changedIn(form) {
    const fields = fieldsOf(form);
    const [now, before] = [collect(fields, valueOf), collect(fields, defaultOf)];
    const all = cameBack(form);
    const differs = (/** @type {string} */ name) => (all ? now[name].join("") !== "" : now[name].join("\0") !== before[name].join("\0"));
    if (!fields.some((field) => field.matches(WRITTEN) && differs(field.name))) return null;
    return Object.fromEntries(Object.entries(now).filter(([name]) => differs(name)));
  }

  /** @param {HTMLFormElement} form @param {Values} values */
  function fill(form, values) {
    /** @type {Record<string, number>} */
    const at = {};
    for (const field of fieldsOf(form)) {
      const wanted = values[field.name];
      if (!wanted) continue;
      if (field instanceof HTMLSelectElement) for (const option of field.options) option.selected = wanted.includes(option.value);
      else if (field.type === "checkbox" || field.type === "radio") /** @type {HTMLInputElement} */ (field).checked = wanted.includes(field.value);
      else field.value = wanted[(at[field.name] = (at[field.name] ?? -1) + 1)] ?? "";
      for (let fold = field.closest("details:not(.menu)"); fold; fold = fold.parentElement?.closest("details:not(.menu)") || null) fold.setAttribute("open", "");
    }
  }

  // --- what this browser keeps -----------------------------------------------------------------

  /** The keys of the drafts here, of everybody or of one person. @param {string} [start] */
  function places(start = "draft:") {
    try {
      return Object.keys(localStorage).filter((key) => key.startsWith(start));
    } catch {
      return []; // storage is switched off
    }
  }

  /** @param {string} place @returns {Draft | null} */
  function read(place) {
    try {
      return JSON.parse(localStorage.getItem(place) || "null");
    } catch {
      return null;
    }
  }

  /** Other tabs follow: what they hold of it goes, too. @param {string} place */
  function remove(place) {
    if (places(place).includes(place)) localStorage.removeItem(place);
  }

  /** For want of room: it was neither sent nor discarded, so a tab that holds it goes on. Its place goes as an old one. @param {string} place */
  const evict = (place) => localStorage.setItem(place, "");

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
  function write(place, draft) {
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

  const forgetOld = () => places().filter(isOld).forEach(remove);

  /** The server has accepted what these drafts held: sent from here, or from another tab that did not see its answer yet. */
  function forgetSent() {
    for (const [, id] of document.cookie.matchAll(/(?:^|; )sent-(\w+)=/g)) {
      document.cookie = `sent-${id}=; path=/; max-age=0; samesite=lax`;
      for (const place of places(mine)) if (read(place)?.id === id) remove(place);
      follow(id);
    }
  }

  // --- kept while one types --------------------------------------------------------------------

  /** @param {HTMLFormElement} form */
  function keep(form) {
    clearTimeout(pending.get(form));
    pending.delete(form);
    const place = placeOf(form);
    const { id = "", kept = "" } = known.get(form) || {};
    const values = changedIn(form);
    if (!values) {
      if (read(place)?.id === id) remove(place);
      known.set(form, { id: "", kept: "" });
      delete form.dataset.unkept;
      return say(form, "");
    }
    const now = JSON.stringify(values);
    if (now === kept && read(place)) return undefined; // that, or what was typed in another tab since
    const draft = { id: newId(), at: Date.now(), values };
    known.set(form, { id: draft.id, kept: now });
    const why = now.length > MOST ? TOO_LONG : write(place, draft) ? "" : NOT_KEPT;
    form.toggleAttribute("data-unkept", why !== ""); // live.js reads it
    if (why) return say(form, why);
    return [TOO_LONG, NOT_KEPT].includes(lineOf(form)?.textContent || "") ? say(form, "") : undefined;
  }

  const keepAll = () => Array.from(pending.keys()).forEach(keep);

  /** @param {Event} event */
  function typed({ target }) {
    const { form } = /** @type {Field} */ (target);
    if (!form || !takesPart(form)) return;
    clearTimeout(pending.get(form));
    pending.set(form, window.setTimeout(keep, REST, form));
  }

  // --- offered again ---------------------------------------------------------------------------

  /** Once for each form that comes to stand on the page. */
  function offer() {
    forgetSent();
    keepAll();
    for (const form of forms()) if (!known.has(form)) restore(form);
  }

  /** @param {HTMLFormElement} form */
  function restore(form) {
    const draft = read(placeOf(form));
    known.set(form, { id: draft?.id || "", kept: "" });
    if (cameBack(form)) return keep(form); // what came back is the newest
    if (!draft) return;
    const here = changedIn(form);
    if (here && Object.entries(here).some(([name, values]) => values.join("\0") !== draft.values[name]?.join("\0"))) return; // a hand was quicker
    fill(form, draft.values);
    const now = changedIn(form);
    if (!now) return remove(placeOf(form)); // the server says the same by now
    Object.assign(/** @type {Known} */ (known.get(form)), { kept: JSON.stringify(now), given: true });
    say(form, "Draft restored", true);
  }

  /** @param {HTMLFormElement} form @returns {HTMLOutputElement | null} */
  const lineOf = (form) => form.querySelector(":scope > output.draft");

  /** A quiet line at the form's end, read out when it comes. @param {HTMLFormElement} form @param {string} words @param {boolean} [discardable] */
  function say(form, words, discardable = false) {
    let line = lineOf(form);
    if (!words) return line?.remove();
    if (line?.textContent === words) return undefined;
    if (!line) form.append((line = Object.assign(document.createElement("output"), { className: "draft" })));
    const button = Object.assign(document.createElement("button"), { type: "button", className: "button quiet small", textContent: "Discard" });
    button.addEventListener("click", () => discard(form));
    // A moment later: a screen reader reads what changes in a live region, and not what it came with.
    const { isConnected } = line;
    requestAnimationFrame(() => line.replaceChildren(Object.assign(document.createElement("span"), { textContent: words }), ...(discardable && isConnected ? [button] : [])));
    return undefined;
  }

  /** @param {HTMLFormElement} form */
  function discard(form) {
    const { id } = /** @type {Known} */ (known.get(form));
    clear(form);
    if (read(placeOf(form))?.id === id) remove(placeOf(form)); // and not what another tab has written there since
    say(form, "Draft discarded");
    fieldsOf(form).find((field) => field.matches(WRITTEN) && field.checkVisibility())?.focus();
  }

  /** As the server wrote it. @param {HTMLFormElement} form */
  function clear(form) {
    form.reset();
    known.set(form, { id: "", kept: "" });
    delete form.dataset.unkept;
    clearTimeout(pending.get(form));
    pending.delete(form);
  }

  /** The draft that was sent, or discarded in another tab, goes from the forms that hold it, too, or were given it before
   * that tab went on with it; unless somebody has gone on typing. What was typed here is another draft, and stays.
   * @param {string} id */
  function follow(id) {
    for (const form of forms()) {
      const mark = known.get(form);
      if (!mark?.kept || cameBack(form) || JSON.stringify(changedIn(form)) !== mark.kept) continue;
      const there = read(placeOf(form));
      if (mark.id === id ? there?.id === id : there || !mark.given) continue; // the first: it was put back
      clear(form);
      say(form, "");
    }
  }

  /** The browser shows the page again as it was left: by sending a form of it, perhaps, which the next page was told. */
  function back() {
    forgetSent();
    for (const form of forms()) {
      const { id = "" } = known.get(form) || {};
      if (id && sent.get(form) === id && !read(placeOf(form))) follow(id);
    }
  }

  /** @param {string} text of a draft that is gone */
  const idOf = (text) => /** @type {Draft} */ (JSON.parse(text)).id;

  // --- signing out: nothing of mine stays in a browser that others use ---------------------------

  /** @param {SubmitEvent} event */
  function signOut(event) {
    const form = /** @type {HTMLFormElement} */ (event.target);
    const address = event.submitter?.getAttribute("formaction") || form.getAttribute("action") || location.pathname;
    if (!address.endsWith("/logout/")) return;
    keepAll();
    const count = places(mine).filter(read).length;
    if (!count) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    ask(count, () => {
      places(mine).forEach(remove);
      for (const one of forms()) clear(one);
      form.requestSubmit(event.submitter);
    });
  }

  /** @param {number} count @param {() => void} agreed */
  function ask(count, agreed) {
    const dialog = document.createElement("dialog");
    const title = Object.assign(document.createElement("h2"), { id: "drafts-go", textContent: count > 1 ? `Sign out and discard ${count} drafts?` : "Sign out and discard a draft?" });
    const words = Object.assign(document.createElement("p"), { textContent: "What you typed and did not send is kept in this browser only while you are signed in here." });
    const choices = Object.assign(document.createElement("div"), { className: "actions" });
    for (const [textContent, className, press] of /** @type {const} */ ([["Sign out", "button primary", agreed], ["Stay signed in", "button", () => undefined]])) {
      const button = Object.assign(document.createElement("button"), { type: "button", className, textContent });
      button.addEventListener("click", () => (dialog.close(), press()));
      choices.append(button);
    }
    dialog.setAttribute("aria-labelledby", title.id);
    dialog.append(title, words, choices);
    dialog.addEventListener("close", () => dialog.remove());
    body.append(dialog);
    dialog.showModal();
  }

  if (!me) return;
  forgetOld();
  offer();
  for (const kind of ["input", "change"]) document.addEventListener(kind, typed);
  // Fired for a form that is being sent, by the browser and by HTMX alike.
  document.addEventListener("formdata", (event) => {
    const form = /** @type {HTMLFormElement} */ (event.target);
    if (!takesPart(form)) return;
    keep(form);
    const id = known.get(form)?.id;
    if (!id || "unkept" in form.dataset) return;
    sent.set(form, id);
    event.formData.set("draft", id);
  });
  document.addEventListener("submit", signOut, true);
  document.addEventListener("htmx:beforeSwap", keepAll);
  document.addEventListener("htmx:afterSwap", offer);
  body.addEventListener("live:changed", offer);
  document.addEventListener("visibilitychange", keepAll);
  addEventListener("pagehide", keepAll);
  addEventListener("pageshow", ({ persisted }) => persisted && back());
  addEventListener("storage", ({ key, oldValue, newValue }) => key?.startsWith(mine) && newValue === null && oldValue && follow(idOf(oldValue)));
})();
