// @ts-check
// The desk: keys and their sheet, the list with its marked card, the preview beside it, several cards at once.
//
// Conventions: a list is .list > .item, each with its link in .item-title. [data-key="c"] is pressed by that key, and
// says so; [data-go="q"] is gone to by g q. On the queue, #preview holds one article (preview-42) and ?open=42 says
// which; keys act on the card that has the focus, else on the one that had it last. What live.js replaces comes back
// without our marks: they are put on again at live:changed, before anything is painted.
"use strict";

(() => {
  const html = document.documentElement;
  const body = document.body;
  const main = document.querySelector("main") || body;

  /** @param {string} id */
  const byId = (id) => document.getElementById(id);
  /** @param {string} selector @param {ParentNode} [root] @returns {HTMLElement[]} */
  const all = (selector, root = document) => Array.from(root.querySelectorAll(selector));
  /** @param {Element} element */
  const isSeen = (element) => element.checkVisibility({ visibilityProperty: true }) && !element.matches(":disabled");

  const announcer = Object.assign(document.createElement("div"), { className: "visually-hidden" });
  announcer.setAttribute("role", "status");
  body.append(announcer);
  /** To a screen reader; who sees the page sees it. @param {string} words */
  const tell = (words) => void (announcer.textContent = words);

  // --- the list: one card is marked -------------------------------------------------------------

  /** @type {HTMLElement | null} the card that had the focus last */
  let last = null;
  const cards = () => all(".list > .item:not(.gone)", main).filter((item) => linkOf(item) && isSeen(item));
  /** @param {Element} item @returns {HTMLAnchorElement | null} */
  const linkOf = (item) => item.querySelector(".item-title a");
  /** @param {Element | null | undefined} item */
  const numberOf = (item) => (item && linkOf(item)?.pathname.match(/^\/handoffs\/(\d+)\/$/)?.[1]) || "";
  /** @param {string} number */
  const cardOf = (number) => (number ? cards().find((item) => numberOf(item) === number) : undefined) || null;

  document.addEventListener("focusin", (event) => {
    const item = /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest(".list > .item"));
    if (!item) return;
    const gone = last && !last.isConnected && !byId(last.id || "-");
    if (gone && performance.now() - handAt > 50) slidAt = performance.now();
    last = item;
  });

  let handAt = -Infinity; // a key or a pointer
  let slidAt = -Infinity; // the marked card went and the next one came in its place, by no hand
  for (const kind of ["keydown", "pointerdown"]) document.addEventListener(kind, () => (handAt = performance.now()), { capture: true, passive: true });

  /** The card that keys act on. @returns {HTMLElement | null} */
  function marked() {
    if (preview?.contains(document.activeElement)) return cardOf(opened());
    const item = last?.isConnected ? last : byId(last?.id || "-");
    return item && isSeen(item) ? item : cardOf(opened());
  }

  /** @param {1 | -1} by */
  function move(by) {
    const items = cards();
    const item = marked();
    const next = items[item ? items.indexOf(item) + by : by > 0 ? 0 : items.length - 1];
    if (!next) return items.length ? tell(by > 0 ? "This is the last one." : "This is the first one.") : undefined;
    linkOf(next)?.focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
    if (opened()) look(next);
    return undefined;
  }

  // --- the preview ------------------------------------------------------------------------------

  const WIDE = matchMedia("(min-width: 75rem)"); // as in app.css
  const preview = byId("preview");
  /** @type {AbortController | null} */
  let asking = null;

  /** The number of the card in the preview, or on its way there. */
  const opened = () => (preview && WIDE.matches && new URLSearchParams(location.search).get("open")) || "";
  const heading = () => /** @type {HTMLElement | null | undefined} */ (preview?.querySelector("h2"));

  /** The address of this page with that card open; a reload or a link to a colleague shows it again. @param {string} number */
  function address(number) {
    const url = new URL(location.href);
    number ? url.searchParams.set("open", number) : url.searchParams.delete("open");
    history.replaceState(history.state, "", url);
  }

  /** Show a card in the preview; one that is there already gets the focus. @param {HTMLElement} item */
  async function look(item) {
    const number = numberOf(item);
    if (number === opened() && preview?.firstElementChild?.id === `preview-${number}`) return heading()?.focus();
    address(number);
    outdated = "";
    read(number);
    dress();
    const markup = await fetchPreview(item);
    if (markup !== null) keepPlace(item, () => show(markup));
    if (markup !== null && heading()) tell(`Preview: ${heading()?.textContent?.trim()}`);
    if (markup !== null && outdated === number) refresh();
    return undefined;
  }

  /** Null when somebody has moved on meanwhile, or the page is being left. @param {HTMLElement} item @returns {Promise<string | null>} */
  async function fetchPreview(item) {
    const { pathname, href } = /** @type {HTMLAnchorElement} */ (linkOf(item));
    asking?.abort();
    const mine = (asking = new AbortController());
    const slow = setTimeout(() => preview?.setAttribute("aria-busy", "true"), 200);
    try {
      const answer = await fetch(`${pathname}preview/`, { signal: mine.signal, cache: "no-store" });
      if (answer.ok && !answer.redirected) return await answer.text();
      if (answer.status === 429 || answer.status >= 500) return UNREAD;
      location.assign(href); // signed out, or gone: its own page says what is the matter
    } catch {
      if (!mine.signal.aborted) return UNREAD;
    } finally {
      clearTimeout(slow);
      if (mine === asking) preview?.removeAttribute("aria-busy");
    }
    return null;
  }

  // Live, so that the next look at the page puts the card in its place.
  const UNREAD = `<article id="preview-unread" class="brief" data-live><div class="brief-body">
    <p class="notice danger" role="alert">This card cannot be shown: the server does not answer. Try again.</p></div></article>`;

  /** @param {string} markup */
  function show(markup) {
    const template = document.createElement("template");
    template.innerHTML = markup;
    const article = template.content.firstElementChild;
    if (!preview || !article) return;
    preview.replaceChildren(article);
    preview.scrollTop = 0;
    // @ts-ignore: htmx is a global of its own script
    if (window.htmx) window.htmx.process(article);
    article.dispatchEvent(new CustomEvent("htmx:afterSwap", { bubbles: true })); // live.js writes the times, drafts.js brings back what was half typed
    dress();
  }

  function close() {
    const item = cardOf(opened());
    const inside = preview?.contains(document.activeElement);
    asking?.abort();
    address("");
    keepPlace(item, () => preview?.replaceChildren());
    dress();
    if (item && inside) linkOf(item)?.focus({ preventScroll: true });
  }

  /** The list becomes wider or narrower: what is looked at stays where it is. @param {HTMLElement | null} item @param {() => void} change */
  function keepPlace(item, change) {
    const before = item?.getBoundingClientRect().top || 0;
    change();
    if (item) scrollBy({ top: item.getBoundingClientRect().top - before, behavior: "instant" });
  }

  document.addEventListener("click", (event) => {
    const target = /** @type {Element} */ (event.target);
    if (target.closest("[data-close]")) return close();
    const item = /** @type {HTMLElement | null} */ (target.closest(".item-title a")?.closest(".desk .item"));
    const plain = event.button === 0 && !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
    if (!item || !preview || !WIDE.matches || !plain || event.defaultPrevented || !numberOf(item)) return undefined;
    event.preventDefault();
    linkOf(item)?.focus({ preventScroll: true });
    return void look(item);
  });

  let outdated = "";
  const refresh = () => body.dispatchEvent(new CustomEvent("live:refresh"));

  // What it shows has changed: at once, and not with the next look at the counts.
  body.addEventListener("live:event", (event) => {
    const article = /** @type {HTMLElement | null | undefined} */ (preview?.firstElementChild);
    const { session, handoff } = /** @type {CustomEvent} */ (event).detail;
    if (article?.dataset.session === String(session)) refresh();
    else if (opened() === String(handoff)) outdated = opened(); // while it is on its way
  });

  // Where "Back to the queue" leads: to the queue as this tab left it.
  const BACK = "queue";
  const keepBack = () => preview && recall(BACK, `${location.pathname}${location.search}`, "sessionStorage");

  // What was opened here counts as seen, as a link does that was followed.
  const SEEN = "seen";
  const seen = new Set((recall(SEEN) || "").split(" "));

  /** @param {string} number */
  function read(number) {
    seen.add(number);
    recall(SEEN, Array.from(seen).slice(-500).join(" "));
  }

  /** Kept in this browser, where it keeps anything. @param {string} name @param {string} [value] @param {"localStorage" | "sessionStorage"} [where] */
  function recall(name, value, where = "localStorage") {
    try {
      if (value === undefined) return window[where].getItem(name);
      window[where].setItem(name, value);
    } catch {
      // Storage switched off or full: the dots come back, no more.
    }
    return null;
  }

  // --- what narrows the list: chosen is done, with an address that says only what is chosen -------

  document.addEventListener("change", (event) => {
    const field = /** @type {HTMLInputElement} */ (event.target);
    if (!field.matches(".filters :is(select, [type=checkbox])") || field.closest("details")) return;
    recall(HAND, choiceOf(field), "sessionStorage");
    field.form?.requestSubmit();
  });
  // The page comes anew with each choice: the focus stays where it was.
  const HAND = "chose";
  const choiceOf = (/** @type {HTMLInputElement} */ { name, type, value }) => (type === "checkbox" ? `${name}=${value}` : name);
  const chose = recall(HAND, undefined, "sessionStorage");
  if (chose) /** @type {HTMLInputElement[]} */ (all(".filters [name]")).find((field) => choiceOf(field) === chose)?.focus({ preventScroll: true });
  recall(HAND, "", "sessionStorage");
  // Back by the browser's own button: it says again what the address says.
  addEventListener("pageshow", ({ persisted }) => persisted && /** @type {HTMLFormElement[]} */ (all("form.filters")).forEach((form) => form.reset()));
  document.addEventListener("formdata", (event) => {
    const { formData } = event;
    if (!/** @type {Element} */ (event.target).matches(".filters")) return;
    for (const [name, value] of Array.from(formData)) if (value === "") formData.delete(name);
  });

  // --- several at once --------------------------------------------------------------------------

  /** @type {HTMLInputElement | null} */
  let ticked = null;
  const boxes = () => /** @type {HTMLInputElement[]} */ (all(".desk input.select")).filter((box) => !box.closest(".gone") && isSeen(box));

  /** @param {HTMLInputElement} box @param {boolean} on */
  function tick(box, on) {
    box.checked = on;
    ticked = box;
    count();
  }

  function count() {
    const chosen = boxes().filter((box) => box.checked).length;
    for (const words of all("[data-count]")) words.textContent = `${chosen} selected`;
    for (const words of all("[data-all]")) words.hidden = chosen === boxes().length;
  }

  document.addEventListener("click", (event) => {
    const box = /** @type {HTMLElement} */ (event.target);
    if (box.closest("[data-all]")) boxes().forEach((one) => tick(one, true));
    if (!(box instanceof HTMLInputElement) || !box.matches(".desk input.select")) return;
    const here = boxes();
    const [from, to] = [ticked?.isConnected ? here.indexOf(ticked) : -1, here.indexOf(box)];
    if (event.shiftKey && from >= 0) here.slice(Math.min(from, to), Math.max(from, to) + 1).forEach((one) => (one.checked = box.checked));
    tick(box, box.checked);
  });
  document.addEventListener("reset", () => setTimeout(count));
  // Enter in a menu presses that menu's button, and not the first of the form.
  document.addEventListener("keydown", (event) => {
    const field = /** @type {Element} */ (event.target);
    if (event.key !== "Enter" || event.ctrlKey || event.metaKey || event.isComposing || !field.matches("#bulk .menu-form input")) return;
    event.preventDefault();
    if (!event.repeat) field.closest(".menu-form")?.querySelector("button")?.click();
  });

  document.addEventListener("htmx:beforeRequest", (event) => {
    if (/** @type {CustomEvent} */ (event).detail.elt.id !== "bulk") return;
    all(".results").forEach((said) => said.remove());
    all("#bulk details[open]").forEach((menu) => menu.removeAttribute("open"));
  });
  // What was done is chosen no more; what was refused stays, to be tried otherwise.
  document.addEventListener("htmx:afterSwap", () => {
    const done = all(".results").flatMap((said) => (said.dataset.done || "").split(" "));
    boxes().forEach((box) => done.includes(box.value) && (box.checked = false));
    all(".results[data-done]").forEach((said) => said.removeAttribute("data-done"));
    count();
  });

  // --- keys -------------------------------------------------------------------------------------

  const sheet = /** @type {HTMLDialogElement | null} */ (byId("keys"));
  const switches = () => /** @type {HTMLInputElement[]} */ (all("input.keys-switch"));
  const wanted = () => !document.cookie.split("; ").includes("keys=off");
  let on = wanted();
  let going = 0; // g was pressed: where to?

  /** @type {Record<string, () => unknown>} */
  const KEYS = {
    j: () => move(1),
    k: () => move(-1),
    x: () => toggle(),
    c: () => press("c"),
    e: () => press("e"),
    p: () => press("p"),
    r: () => press("r"),
    u: () => use(control("u", document)),
    "/": () => search(),
    "?": () => open(),
    g: () => (going = window.setTimeout(() => (going = 0), 1500)),
  };

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.repeat || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (document.querySelector("dialog[open], :popover-open")) return; // which has keys of its own
    if (event.key === "Escape") return escape(event);
    if (isTyping(event.target) || (going && event.key.length > 1)) return;
    if (event.key === "Enter" && event.target === body) return void (marked() && linkOf(/** @type {HTMLElement} */ (marked()))?.click());
    const key = event.shiftKey ? event.key : letterOf(event);
    if (!on || (event.shiftKey && /^[a-z]$/i.test(key))) return;
    const act = going ? () => go(key) : KEYS[key];
    if (!act) return;
    event.preventDefault();
    act();
  });

  /** Caps Lock is no modifier; where the letters are others, the key that has ours is meant. @param {KeyboardEvent} event */
  function letterOf({ key, code }) {
    return /^[^\0-\x7f]$/u.test(key) && /^Key[A-Z]$/.test(code) ? code.slice(3).toLowerCase() : key.toLowerCase();
  }

  /** @param {EventTarget | null} target */
  function isTyping(target) {
    if (target instanceof HTMLInputElement) return !["checkbox", "radio", "button", "submit", "reset"].includes(target.type);
    return target instanceof HTMLElement && (target.isContentEditable || target.matches("textarea, select"));
  }

  /** What is open, the innermost first: a menu, a field in the preview, the preview. @param {KeyboardEvent} event */
  function escape(event) {
    const menu = all("details.menu[open]").pop();
    if (menu) {
      menu.removeAttribute("open");
      menu.querySelector("summary")?.focus();
    } else if (isTyping(event.target)) {
      if (preview?.contains(/** @type {Node} */ (event.target))) heading()?.focus();
      else /** @type {HTMLElement} */ (event.target).blur(); // and the keys mean something again
    } else if (opened()) close();
  }

  document.addEventListener("click", (event) => {
    for (const menu of all("details.menu[open]")) menu.contains(/** @type {Node} */ (event.target)) || menu.removeAttribute("open");
  });

  /** @param {string} key */
  function go(key) {
    clearTimeout(going);
    going = 0;
    all("[data-go]").find((place) => place.dataset.go === key)?.click();
  }

  function search() {
    const field = /** @type {HTMLInputElement | undefined} */ (all('[data-key="/"]')[0]);
    const folded = field?.closest("details:not([open])");
    if (folded) folded.setAttribute("open", "");
    field?.focus();
    field?.select();
  }

  function toggle() {
    const box = /** @type {HTMLInputElement | null | undefined} */ (marked()?.querySelector("input.select"));
    if (!box || !isSeen(box)) return;
    tick(box, !box.checked);
    tell(box.checked ? "Selected." : "Not selected.");
  }

  /** @param {string} key @param {ParentNode} root @returns {HTMLElement | undefined} */
  const control = (key, root) => all(`[data-key="${key}"]`, root).find(isSeen);

  /** Press what this key stands for: on the queue, of the marked card; elsewhere, of this page. @param {string} key */
  async function press(key) {
    if (main.querySelector(`[data-key="${key}"][aria-busy], .claim[aria-busy]`)) return undefined; // its answer is on its way
    if (!preview) return use(control(key, main));
    const item = marked();
    if (performance.now() - slidAt < 1000) return tell(`That card has gone. Now marked: ${item && linkOf(item)?.textContent?.trim()}`);
    if (!item || !numberOf(item)) return tell("No card is marked. Move to one with j.");
    const isShown = opened() === numberOf(item) && preview.firstElementChild?.id === `preview-${numberOf(item)}`;
    if (isShown && use(control(key, preview))) return undefined;
    const claim = key === "c" ? /** @type {HTMLElement | null} */ (item.querySelector(".claim")) : null;
    if (claim && isSeen(claim)) return claim.click();
    if (!WIDE.matches) return pressUnseen(key, item);
    if (!isShown) await look(item);
    return use(control(key, preview)) || tell("This key does nothing for this card.");
  }

  /** There is no room for a preview: its link is followed, its form is on the pick-up screen. @param {string} key @param {HTMLElement} item */
  async function pressUnseen(key, item) {
    const markup = (await fetchPreview(item)) || "";
    if (markup === UNREAD) return tell("The server cannot be reached. Try again.");
    const found = new DOMParser().parseFromString(markup, "text/html").querySelector(`[data-key="${key}"]`);
    if (found) location.assign(found.getAttribute("href") || /** @type {HTMLAnchorElement} */ (linkOf(item)).href);
    else tell("This key does nothing for this card.");
    return undefined;
  }

  /** @param {HTMLElement | undefined} found */
  function use(found) {
    const folded = found?.closest("summary")?.parentElement;
    if (folded) folded.setAttribute("open", "");
    if (folded) /** @type {HTMLElement | null} */ (folded.querySelector("textarea, select, input:not([type=hidden])"))?.focus();
    else found?.click();
    return found !== undefined;
  }

  // The sheet lists what works here.

  /** @type {Record<string, () => unknown>} */
  const WORKS = {
    list: () => cards().length,
    preview: () => preview && WIDE.matches,
    select: () => boxes().some(isSeen),
    "/": () => document.querySelector('[data-key="/"]'),
    c: () => control("c", main) || all(".desk .claim").some(isSeen),
    e: () => control("e", main) || works("own"),
    p: () => control("p", main) || works("own"),
    r: () => control("r", main) || works("own"),
    u: () => control("u", document),
    own: () => preview?.dataset.lane === "claimed" && cards().length && byId("bulk"),
    write: () => document.querySelector("main form textarea"),
  };
  /** @param {string} what */
  const works = (what) => Boolean(WORKS[what]?.());

  function open() {
    if (!sheet) return;
    for (const line of all("[data-works]", sheet)) line.hidden = !works(line.dataset.works || "");
    for (const group of all("section", sheet)) group.hidden = all("[data-works]", group).length > 0 && all("dl > div:not([hidden])", group).length === 0;
    sheet.showModal();
  }

  document.addEventListener("click", (event) => {
    if (/** @type {Element} */ (event.target).closest("[data-sheet]")) open();
    if (sheet && event.target === sheet && isOutside(sheet, event)) sheet.close(); // the backdrop
  });

  /** @param {Element} element @param {MouseEvent} event */
  function isOutside(element, { clientX: x, clientY: y }) {
    const { left, right, top, bottom } = element.getBoundingClientRect();
    return x < left || x > right || y < top || y > bottom;
  }

  document.addEventListener("change", (event) => {
    if (!switches().includes(/** @type {HTMLInputElement} */ (event.target))) return;
    on = /** @type {HTMLInputElement} */ (event.target).checked;
    document.cookie = `keys=${on ? "on" : "off"}; path=/; max-age=31536000; samesite=lax`;
    dress();
  });

  // --- who else is here -------------------------------------------------------------------------
  // <span class="here" data-here="7" hidden> shows the others at session 7. What we say of ourselves is where we
  // look and that we type, never what.

  /** @typedef {{id: number, name: string, typing: boolean}} Person */
  const RENEW = 10000; // the server forgets in 25 s who does not say it again
  const RESTS = 5000; // a hand that has rested this long types no more
  const FORGET = 20000; // without a socket nobody knows who is still there
  const FACES = 3;

  /** @type {Map<number, {people: Person[], more: number}>} by session, as the server said last */
  const present = new Map();
  const me = Number(body.dataset.user);
  /** My other tabs are me. @param {number} session */
  const others = (session) => (present.get(session)?.people || []).filter(({ id }) => id !== me);
  /** @param {number} session */
  const typists = (session) => others(session).filter(({ typing }) => typing);

  body.addEventListener("live:presence", (event) => {
    const told = /** @type {CustomEvent} */ (event).detail;
    if (told.all) present.clear();
    for (const { session, people, more = 0 } of told.sessions) people.length ? present.set(session, { people, more }) : present.delete(session);
    showPeople();
  });
  // Whoever has just done something there types no more; the server's word of it may come later.
  body.addEventListener("live:event", (event) => {
    const { session, actor } = /** @type {CustomEvent} */ (event).detail;
    const known = actor && present.get(session);
    if (!known) return;
    known.people = known.people.map((one) => (one.id === actor ? { ...one, typing: false } : one));
    showPeople();
  });
  body.addEventListener("live:changed", showPeople);
  document.addEventListener("htmx:afterSwap", showPeople);

  /** @type {WeakMap<Element, string>} */
  const drawn = new WeakMap();

  function showPeople() {
    for (const element of all(".here[data-here]")) {
      const session = Number(element.dataset.here);
      const people = others(session);
      const more = present.get(session)?.more || 0;
      const state = JSON.stringify([people, more]);
      if (drawn.get(element) === state || (!drawn.has(element) && !people.length)) continue;
      drawn.set(element, state);
      element.replaceChildren(...faces(people, more));
      element.title = people.map(({ name }) => name).join(", ");
      fit(element, people.length > 0);
    }
  }

  /** @param {Person[]} people @param {number} more */
  function faces(people, more) {
    const rest = Math.max(0, people.length - FACES) + more;
    const names = [...people.map(({ name }) => name), ...(more ? [`${more} more`] : [])];
    return [
      ...people.slice(0, FACES).map(face),
      ...(rest ? [part("span", "count", `+${rest}`, true)] : []),
      part("span", "visually-hidden", `Here: ${names.join(", ")}.`),
      ...(people.some(({ typing }) => typing) ? [part("span", "typing", `${typing(people)} typing`)] : []),
    ];
  }

  /** @param {Person} person */
  function face({ name }) {
    const words = name.split(/\s+/).filter(Boolean);
    const letters = [words[0], ...words.slice(1).slice(-1)].map((word) => Array.from(word || "")[0] || "");
    return part("b", "avatar", letters.join("").toUpperCase(), true);
  }

  /** "Bo is", "Bo and Cy are" @param {Person[]} people */
  function typing(people) {
    const names = people.flatMap((one) => (one.typing ? one.name.split(/\s+/)[0] : []));
    if (names.length > 2) return `${names.length} people are`;
    return `${names.join(" and ")} ${names.length > 1 ? "are" : "is"}`;
  }

  /** @param {string} tag @param {string} className @param {string} textContent @param {boolean} [silent] to a screen reader */
  function part(tag, className, textContent, silent = false) {
    const element = Object.assign(document.createElement(tag), { className, textContent });
    if (silent) element.setAttribute("aria-hidden", "true");
    return element;
  }

  /** Where the line has no room it lies over the line's end: nothing moves. @param {HTMLElement} element @param {boolean} shown */
  function fit(element, shown) {
    const line = element.parentElement;
    element.classList.remove("over");
    element.hidden = true;
    const height = line?.offsetHeight || 0;
    element.hidden = !shown;
    if (shown && line && height && line.offsetHeight > height) element.classList.add("over");
  }

  // What we say ourselves.

  const NOWHERE = JSON.stringify({ type: "presence", session: null });
  let said = NOWHERE;
  let saidAt = 0;
  let typedAt = 0;
  let knownAt = Date.now();
  const [watched, watchedId] = (body.dataset.watch || "").split(":");

  /** The session this page is about, or the one in the preview; none while nobody sees it. */
  function whereNow() {
    if (document.hidden) return null;
    if (watched === "session") return Number(watchedId);
    const article = /** @type {HTMLElement | null | undefined} */ (preview?.querySelector("[data-session]"));
    return article && isSeen(article) ? Number(article.dataset.session) : null;
  }

  /** At most once a second, but that we leave at once. */
  function sayWhere() {
    const session = whereNow();
    const frame = session ? { type: "presence", session, typing: Date.now() - typedAt < RESTS } : { type: "presence", session: null };
    const words = JSON.stringify(frame);
    const wait = words === said ? RENEW : words === NOWHERE ? 0 : 900;
    if ((words === said && !session) || Date.now() - saidAt < wait) return;
    said = words;
    saidAt = Date.now();
    body.dispatchEvent(new CustomEvent("live:say", { detail: frame }));
  }

  function forgetPeople() {
    if (html.dataset.live === "live") knownAt = Date.now();
    if (!present.size || Date.now() - knownAt < FORGET) return;
    present.clear();
    showPeople();
  }

  document.addEventListener("input", (event) => {
    const field = /** @type {Element} */ (event.target);
    const here = watched === "session" || preview?.contains(field);
    if (!here || !field.matches("textarea, input[type=text], input:not([type])")) return;
    typedAt = Date.now();
    sayWhere();
  });
  document.addEventListener("submit", () => {
    typedAt = saidAt = 0; // sent: nobody is to ask whether we still type
    sayWhere();
  });
  body.addEventListener("live:ready", () => (said = NOWHERE)); // a new socket, which knows nothing of us
  document.addEventListener("visibilitychange", sayWhere);
  addEventListener("pagehide", () => body.dispatchEvent(new CustomEvent("live:say", { detail: JSON.parse(NOWHERE) })));
  setInterval(() => (sayWhere(), forgetPeople()), 1000);

  // A claim while somebody else types there asks once.

  /** @type {Set<number>} */
  const agreed = new Set();

  /** The address a press of this claims at, if it does. @param {Element | null} button */
  function claimOf(button) {
    if (!(button instanceof HTMLButtonElement) || button.type !== "submit") return "";
    const address = button.getAttribute("formaction") || button.form?.getAttribute("action") || "";
    return address.endsWith("/claim/") ? address : "";
  }

  /** @param {Element} button */
  function sessionOf(button) {
    const near = /** @type {HTMLElement | null} */ (button.closest(".card, [data-session]"));
    const here = /** @type {HTMLElement | null | undefined} */ (near?.querySelector("[data-here]"));
    return Number(near?.dataset.session || here?.dataset.here || watchedId);
  }

  document.addEventListener("click", confirmClaim, true); // before HTMX and the form hear of it

  /** @param {MouseEvent} event */
  function confirmClaim(event) {
    const button = /** @type {Element} */ (event.target).closest("button");
    if (!button || !claimOf(button)) return;
    const session = sessionOf(button);
    const people = typists(session);
    if (!people.length || agreed.has(session)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    askFirst(button, session, `${typing(people)} typing here. Claim it anyway?`);
  }

  /** @param {HTMLButtonElement} button @param {number} session @param {string} words */
  function askFirst(button, session, words) {
    const address = claimOf(button);
    const dialog = document.createElement("dialog");
    const title = Object.assign(part("h2", "", words), { id: "claim-anyway" });
    const claim = choice("Claim", "button primary", () => (agreed.add(session), dialog.close(), claimNow(button, address)));
    const not = choice("Not now", "button", () => dialog.close());
    const choices = part("div", "actions", "");
    choices.append(claim, not);
    dialog.setAttribute("aria-labelledby", title.id);
    dialog.append(title, choices);
    dialog.addEventListener("close", () => {
      dialog.remove();
      if (document.activeElement === body) sameButton(button, address)?.focus();
    });
    body.append(dialog);
    dialog.showModal();
    not.focus(); // a held Enter must not answer for them
  }

  /** @param {string} textContent @param {string} className @param {() => void} press */
  function choice(textContent, className, press) {
    const button = Object.assign(document.createElement("button"), { type: "button", className, textContent });
    button.addEventListener("click", press);
    return button;
  }

  /** The one that was pressed, or what has come in its place meanwhile. @param {HTMLButtonElement} button @param {string} address */
  const sameButton = (button, address) =>
    button.isConnected ? button : Array.from(document.querySelectorAll("button")).find((other) => claimOf(other) === address && other.value === button.value);

  /** @param {HTMLButtonElement} button @param {string} address */
  function claimNow(button, address) {
    const same = sameButton(button, address);
    if (same) return same.click();
    const form = /** @type {HTMLFormElement} */ (byId("verb")); // the card has gone: the server says why
    form.action = address;
    return form.requestSubmit();
  }

  // --- our marks, put on again ------------------------------------------------------------------

  function dress() {
    const number = opened();
    keepBack();
    const back = recall(BACK, undefined, "sessionStorage");
    for (const one of back ? all("[data-back]") : []) one.setAttribute(one.tagName === "A" ? "href" : "value", back);
    for (const item of all(".desk .item")) {
      const mine = numberOf(item);
      item.classList.toggle("opened", mine !== "" && mine === number);
      item.classList.toggle("read", seen.has(mine));
      mine && mine === number ? linkOf(item)?.setAttribute("aria-current", "true") : linkOf(item)?.removeAttribute("aria-current");
    }
    html.toggleAttribute("data-keys", on);
    for (const part of all("[data-key]")) hint(part);
    for (const one of switches()) one.checked = on;
    count();
  }

  /** @param {HTMLElement} part */
  function hint(part) {
    const key = part.dataset.key || "";
    on ? part.setAttribute("aria-keyshortcuts", key) : part.removeAttribute("aria-keyshortcuts");
    part.title = on ? `Key: ${key}` : "";
  }

  body.addEventListener("live:changed", dress);
  for (const kind of ["pageshow", "focus"])
    addEventListener(kind, () => {
      if (document.cookie) on = wanted(); // chosen on another page meanwhile
      dress();
    });
  WIDE.addEventListener("change", dress);
  if (opened()) read(opened());
  dress();
})();
