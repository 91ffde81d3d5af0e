// @ts-check
// The page, live: the socket and its gaps, pushed fragments, regions fetched again, times, theme and forms.
//
// Conventions: an element that may change has an id and is one partial. [data-live] regions are swapped from a
// fresh GET of this page; the children of #cards and #trail (card-42, step-9, message-3) are also pushed as
// fragments. Nothing that is being read moves, nothing that is being typed is replaced. What is open inside
// [data-keep] stays, and a ticked input.select (a card chosen) stays ticked.
//
// Other scripts talk to this one by events on <body>. From here: live:ready (the socket is up and knows what this
// page watches), live:event and live:presence (detail: the frame), live:changed (the page was brought up to date).
// To here: live:say (detail: a frame to send), live:refresh (fetch the regions again, for instance at a new address).
"use strict";

(() => {
  const html = document.documentElement;
  const body = document.body;
  html.dataset.js = "";

  /** @param {string} id */
  const byId = (id) => document.getElementById(id);
  /** @param {string} selector @param {ParentNode} [root] @returns {HTMLElement[]} */
  const all = (selector, root = document) => Array.from(root.querySelectorAll(selector));
  /** @param {number} from @param {number} to */
  const between = (from, to) => from + Math.random() * (to - from);

  /** @param {string} name */
  function cookie(name) {
    const found = document.cookie.split("; ").find((pair) => pair.startsWith(`${name}=`));
    return found ? decodeURIComponent(found.slice(name.length + 1)) : "";
  }

  // --- times: as tags.py writes them on the server, kept true and in the reader's zone ---------

  const LOCALE = html.lang || undefined;
  const ZONE = body.dataset.zone || undefined; // the person's own setting; else the browser's

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
  function writeTimes(root = document) {
    for (const element of all("time[data-time]", root)) {
      const then = new Date(element.getAttribute("datetime") || "");
      const words = WORDS[element.dataset.time || ""];
      if (!words || Number.isNaN(then.getTime())) continue;
      const text = words(then);
      if (element.textContent !== text) element.textContent = text;
      element.title = exact(then);
    }
  }

  // --- theme -----------------------------------------------------------------------------------

  function switchTheme() {
    const dark = html.dataset.theme ? html.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    html.dataset.theme = dark ? "light" : "dark";
    // A cookie, so that the server draws the next page right at first paint.
    document.cookie = `theme=${html.dataset.theme}; path=/; max-age=31536000; samesite=lax`;
  }

  // --- forms: a fresh token, one request at a time, Ctrl+Enter ---------------------------------

  // The CSRF cookie changes at sign-in; a page left open since then holds an old token.
  const csrf = () => cookie("__Host-csrf") || cookie("csrf") || cookie("csrftoken");

  /** @param {Element | null} element @returns {HTMLButtonElement[]} */
  function buttonsOf(element) {
    if (element instanceof HTMLButtonElement) return [element];
    if (!(element instanceof HTMLFormElement)) return [];
    return /** @type {HTMLButtonElement[]} */ (
      Array.from(element.elements).filter((part) => part instanceof HTMLButtonElement && part.type === "submit")
    );
  }

  /** @param {HTMLButtonElement[]} buttons @param {boolean} busy */
  function setBusy(buttons, busy) {
    for (const button of buttons) {
      const focused = document.activeElement === button;
      button.disabled = busy;
      button.toggleAttribute("aria-busy", busy);
      if (focused) button.dataset.focused = "";
      if (!busy && "focused" in button.dataset) {
        delete button.dataset.focused;
        if (document.activeElement === body) button.focus();
      }
    }
  }

  document.addEventListener("htmx:configRequest", (event) => {
    const token = csrf();
    if (token) /** @type {CustomEvent} */ (event).detail.headers["X-CSRFToken"] = token;
  });
  let pressed = ""; // a busy button is disabled, which costs it the focus; its answer has one of the same id
  document.addEventListener("htmx:beforeRequest", (event) => {
    pressed = document.activeElement?.id || "";
    setBusy(buttonsOf(/** @type {CustomEvent} */ (event).detail.elt), true);
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const { elt, requestConfig } = /** @type {CustomEvent} */ (event).detail;
    setBusy(buttonsOf(elt), false);
    if (requestConfig.verb !== "get") refetchSoon(100, 300);
  });
  document.addEventListener("htmx:sendError", () => toast("The server cannot be reached. Nothing was changed: try again."));
  document.addEventListener("htmx:responseError", (event) => {
    const { status } = /** @type {CustomEvent} */ (event).detail.xhr;
    if (status >= 500 || status === 404) toast("That did not work. Nothing was changed: try again, or reload the page.");
  });
  document.addEventListener("focusin", () => (pressed = ""));
  document.addEventListener("htmx:afterSettle", refocus);

  function refocus() {
    if (pressed && document.activeElement === body) byId(pressed)?.focus({ preventScroll: true });
  }

  document.addEventListener("htmx:afterSwap", () => (writeTimes(), expire()));

  document.addEventListener("submit", (event) => {
    const form = /** @type {HTMLFormElement} */ (event.target);
    const token = csrf();
    for (const field of form.querySelectorAll("input[name=csrfmiddlewaretoken]")) {
      if (token) /** @type {HTMLInputElement} */ (field).value = token;
    }
    const button = /** @type {HTMLElement | null} */ (event.submitter);
    // After this turn, so that the button's own name and value are still sent.
    setTimeout(() => !event.defaultPrevented && setBusy(buttonsOf(button), true));
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
    const { form } = /** @type {HTMLTextAreaElement} */ (event.target);
    const buttons = form ? buttonsOf(form).filter((found) => !found.disabled) : [];
    const button = buttons.find((found) => found.matches("[data-send]")) || buttons.find((found) => found.matches(".primary")) || buttons[0];
    if (!button) return;
    event.preventDefault();
    button.click();
  });

  document.addEventListener("click", (event) => {
    const target = /** @type {Element} */ (event.target);
    if (target.closest("#theme")) switchTheme();
    target.closest(".toast .close")?.closest(".toast")?.remove();
  });

  /** @param {string} text */
  function toast(text) {
    const box = document.createElement("div");
    box.className = "toast error";
    box.setAttribute("role", "alert");
    box.append(Object.assign(document.createElement("p"), { textContent: text }));
    byId("toasts")?.append(box);
    passing(box);
  }

  /** Goes after ten seconds, but not from under a pointer or the focus. @param {HTMLElement} box */
  function passing(box) {
    setTimeout(() => (box.matches(":hover, :focus-within") ? passing(box) : box.remove()), 10000);
  }

  /** What the server said was done; what it refused stays until it is closed. */
  const news = () => all("#toasts > .toast:not(.error)");

  // --- what is only true for a while: data-until="2026-11-23T12:31:00+00:00" -------------------

  let expiry = 0;

  function expire() {
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

  // --- what is being read or typed stays -------------------------------------------------------

  const FIELDS = "textarea, select, input:not([type=hidden], .select)";
  const OPEN = "[data-keep]:is([open], :popover-open), [data-keep] :is([open], :popover-open)";

  /** Half-typed text, a control in use, or something open that asks to be kept. @param {Element} region */
  function isInUse(region) {
    const active = document.activeElement;
    if (active && region.contains(active) && active.matches(FIELDS)) return true;
    if (region.matches(OPEN) || region.querySelector(OPEN)) return true;
    return all(FIELDS, region).some((field) => {
      if (field instanceof HTMLSelectElement) return isChosen(field);
      const { type, value, defaultValue, checked, defaultChecked } = /** @type {HTMLInputElement} */ (field);
      return type === "checkbox" || type === "radio" ? checked !== defaultChecked : value !== defaultValue;
    });
  }

  /** Another choice than the page came with. @param {HTMLSelectElement} select */
  function isChosen(select) {
    const options = Array.from(select.options);
    if (select.multiple || options.some((option) => option.defaultSelected)) return options.some((option) => option.selected !== option.defaultSelected);
    return select.selectedIndex > 0;
  }

  const FOCUSABLE = "a[href], button, summary, [tabindex], input.select";

  /** @param {Element} region @returns {HTMLInputElement[]} */
  const choices = (region) => /** @type {HTMLInputElement[]} */ (all("input.select", region));

  /** Replace, and keep the focus on the same control; what was open or chosen stays so. @param {Element} old @param {Element} fresh */
  function replace(old, fresh) {
    const chosen = new Set(choices(old).flatMap((box) => (box.checked ? box.value : [])));
    choices(fresh).forEach((box) => (box.checked = chosen.has(box.value)));
    const focused = all(FOCUSABLE, old).indexOf(/** @type {HTMLElement} */ (document.activeElement));
    const open = all("details", old).map((part) => /** @type {HTMLDetailsElement} */ (part).open);
    all("details", fresh).forEach((part, at) => open[at] && (/** @type {HTMLDetailsElement} */ (part).open = true));
    old.replaceWith(fresh);
    settle(fresh);
    if (focused >= 0) all(FOCUSABLE, fresh)[focused]?.focus({ preventScroll: true });
  }

  /** @param {Element} fresh */
  function settle(fresh) {
    writeTimes(fresh);
    expire();
    refocus();
    // @ts-ignore: htmx is a global of its own script
    if (window.htmx) window.htmx.process(fresh);
    changed();
  }

  let told = false;

  /** Once for all that changes in one go. */
  function changed() {
    if (told) return;
    told = true;
    queueMicrotask(() => {
      told = false;
      send("live:changed");
    });
  }

  /** To the page's other scripts. @param {string} name @param {any} [detail] */
  const send = (name, detail) => body.dispatchEvent(new CustomEvent(name, { detail }));

  /** @param {string} markup @returns {HTMLElement | null} */
  function parse(markup) {
    const template = document.createElement("template");
    template.innerHTML = markup;
    return /** @type {HTMLElement | null} */ (template.content.firstElementChild);
  }

  // --- lists: cards by priority and wait, the trail by arrival ---------------------------------

  /** @type {Map<string, HTMLElement>} what came while something was being read */
  const held = new Map();
  let unseen = 0; // cards that arrived while this tab was in the background
  const title = document.title;

  const announcer = Object.assign(document.createElement("div"), { className: "visually-hidden" });
  announcer.setAttribute("role", "status");
  body.append(announcer);

  /** @type {Record<string, string>} the first word of an element's id: the list it belongs in */
  const LISTS = { card: "cards", step: "trail", message: "trail" };
  const lists = () => ["cards", "trail"].flatMap((id) => byId(id) || []);
  /** @param {Element | null} element */
  const isList = (element) => element?.id === "cards" || element?.id === "trail";
  /** Are there more cards than this page shows? @param {ParentNode} root */
  const hasMore = (root) => root.querySelector(".pager a[rel=next]") !== null;

  /** @param {Element} item */
  function place(item) {
    const { priority = "0", opened = "" } = /** @type {HTMLElement} */ (item).dataset;
    return /** @type {const} */ ([Number(priority), Date.parse(opened) || 0, Number(item.id.split("-").pop())]);
  }

  /** @param {Element} one @param {Element} other */
  function comesBefore(one, other) {
    const [a, b] = [place(one), place(other)];
    return (a[0] - b[0] || a[1] - b[1] || a[2] - b[2]) < 0;
  }

  /** Whether the list is in order of data-priority; otherwise what comes, comes last. @param {Element} item */
  const isOrdered = (item) => "priority" in /** @type {HTMLElement} */ (item).dataset;

  /** The item under the pointer or with the focus, if any. @param {Element} list */
  const beingRead = (list) =>
    Array.from(list.children).find((item) => item.matches(":hover") || item.contains(document.activeElement));

  /** @param {Element} list @param {Element} item */
  function successor(list, item) {
    if (!isOrdered(item)) return null;
    return Array.from(list.children).find((other) => other.id && other !== item && comesBefore(item, other)) || null;
  }

  /** Would something under the pointer move? @param {Element} list @param {Element | null} next */
  function wouldMove(list, next) {
    const reading = beingRead(list);
    if (!next || !reading) return false;
    return next === reading || Boolean(next.compareDocumentPosition(reading) & Node.DOCUMENT_POSITION_FOLLOWING);
  }

  /** @param {HTMLElement} list @param {HTMLElement} item */
  function insert(list, item) {
    const next = successor(list, item);
    if (!next && isOrdered(item) && hasMore(document)) return; // it belongs on a later page
    if (wouldMove(list, next)) {
      held.set(item.id, item);
      return showPill(list);
    }
    arrive(list, item, next);
  }

  /** @param {HTMLElement} list @param {HTMLElement} item @param {Element | null} next */
  function arrive(list, item, next) {
    const atEnd = !isOrdered(item) && isAtEnd(list);
    item.classList.add("new");
    item.addEventListener("animationend", () => item.classList.remove("new"), { once: true });
    list.insertBefore(item, next);
    if (list.id === "cards") byId("cards-empty")?.replaceChildren();
    settle(item);
    if (atEnd && !document.hidden) item.scrollIntoView({ block: "nearest" });
    if (isOrdered(item)) tell(item);
  }

  /** The reader is at the last line, so the page follows the conversation. @param {Element} list */
  function isAtEnd(list) {
    const { bottom } = list.getBoundingClientRect();
    return bottom > 0 && bottom < innerHeight + 40;
  }

  /** @param {HTMLElement} item */
  function tell(item) {
    const mine = item.dataset.sender === body.dataset.user;
    if (mine) return;
    announcer.textContent = `New: ${item.querySelector(".item-title")?.textContent?.trim() || ""}`;
    if (document.hidden) document.title = `(${++unseen}) ${title}`;
  }

  /** @param {HTMLElement} list */
  function showPill(list) {
    let pill = byId("new-cards");
    if (!pill) {
      pill = Object.assign(document.createElement("button"), { id: "new-cards", type: "button", className: "pill" });
      pill.addEventListener("click", () => {
        pill?.remove();
        const items = Array.from(held.values());
        held.clear();
        items.forEach((item) => arrive(list, item, successor(list, item)));
        items[0]?.querySelector("a")?.focus();
      });
      // Over the list and not in its flow: the pill itself moves nothing either.
      list.before(pill);
      pill.classList.add("floating");
    }
    pill.textContent = `${held.size} new`;
    announcer.textContent = pill.textContent;
    if (document.hidden) document.title = `(${held.size}) ${title}`;
  }

  const HOVERS = matchMedia("(hover: hover)"); // a finger leaves nothing behind that could move

  /** @param {HTMLElement} item */
  function remove(item) {
    const list = /** @type {HTMLElement} */ (item.parentElement);
    const reading = beingRead(list);
    const above = reading && (reading === item || reading.compareDocumentPosition(item) & Node.DOCUMENT_POSITION_PRECEDING);
    if (item.matches(".gone")) return undefined; // it is on its way already
    if (!above || !HOVERS.matches || !reading.matches(":hover")) return take(item);
    // Its neighbour must not slide under the pointer: it goes when the pointer does.
    item.classList.add("gone");
    item.inert = true;
    list.addEventListener("pointerleave", () => item.isConnected && take(item), { once: true });
    return undefined;
  }

  /** @param {HTMLElement} item */
  function take(item) {
    const neighbour = item.nextElementSibling || item.previousElementSibling;
    const focused = item.contains(document.activeElement);
    item.remove();
    changed();
    if (!neighbour) refetchSoon(0, 300); // what an empty list says
    if (focused) /** @type {HTMLElement | null} */ (neighbour?.querySelector("a, button"))?.focus();
  }

  /** A pushed fragment: replace by id, insert, or (empty) remove. @param {{id: string, html: string}} fragment */
  function apply({ id, html: markup }) {
    const old = byId(id);
    if (id.startsWith("card-") && Boolean(old || held.has(id)) !== Boolean(markup)) count(markup ? 1 : -1);
    if (!markup) {
      held.delete(id);
      if (byId("new-cards")) held.size ? (byId("new-cards").textContent = `${held.size} new`) : byId("new-cards").remove();
      return old ? remove(old) : undefined;
    }
    const fresh = parse(markup);
    if (!fresh) return undefined;
    if (held.has(id)) return void held.set(id, fresh);
    if (old) return change(old, fresh);
    const list = byId(LISTS[id.split("-")[0]] || "");
    if (!list) return undefined;
    // Whether it fits a filter or another page only the server knows.
    return location.search ? refetchSoon(200, 1000) : insert(list, fresh);
  }

  /** A first guess, until the server is asked. @param {number} by */
  function count(by) {
    const waiting = byId("queue-count");
    if (waiting) waiting.textContent = String(Math.max(0, Number(waiting.textContent) + by) || "");
    seen.delete("queue-count");
  }

  /** @param {HTMLElement} old @param {HTMLElement} fresh */
  function change(old, fresh) {
    if (isInUse(old)) return void (stale = true);
    const list = old.parentElement;
    const moved = isOrdered(fresh) && String(place(old)) !== String(place(fresh));
    replace(old, fresh);
    if (list && moved && isList(list) && !beingRead(list)) list.insertBefore(fresh, successor(list, fresh));
    return undefined;
  }

  // --- regions fetched again -------------------------------------------------------------------

  /** @type {Map<string, string>} what the server last wrote, by id: our own changes to the page are no difference */
  const seen = new Map();
  /** @param {Element} element */
  const markup = (element) => element.outerHTML.replace(/(<input type="hidden"[^>]* value=")[^"]*/g, "$1");
  const regions = () => all("[data-live][id]").filter((region) => !isList(region) && !isList(region.parentElement));
  for (const region of [...regions(), ...all("#cards > [id], #trail > [id]")]) seen.set(region.id, markup(region));

  let refetchAt = 0;
  let refetchTimer = 0;
  let fetching = false;

  /** One GET of this page, some time between `from` and `to` ms from now; the earliest wish counts. @param {number} from @param {number} to */
  function refetchSoon(from, to) {
    if (!document.querySelector("[data-live]")) return;
    const at = Date.now() + between(from, to);
    if (refetchTimer && refetchAt <= at) return;
    clearTimeout(refetchTimer);
    refetchAt = at;
    refetchTimer = window.setTimeout(refetch, at - Date.now());
  }

  async function refetch() {
    refetchTimer = 0;
    stale = false;
    if (document.hidden) return void (stale = true); // when it is looked at again
    if (fetching) return refetchSoon(500, 1000);
    fetching = true;
    try {
      const answer = await fetch(location.href, { headers: { "X-Requested-With": "live" }, cache: "no-store" });
      if (new URL(answer.url).pathname.startsWith("/login")) return leaveTo(signIn());
      if (answer.ok && !answer.redirected) swap(new DOMParser().parseFromString(await answer.text(), "text/html"));
    } catch {
      // No network: the socket notices too, and the badge says so.
    } finally {
      fetching = false;
    }
  }

  /** @param {Document} fresh */
  function swap(fresh) {
    for (const region of regions()) {
      const now = region.isConnected ? fresh.getElementById(region.id) : null;
      if (now) swapOne(region, now);
    }
    for (const list of lists()) {
      const now = fresh.getElementById(list.id);
      if (now) merge(list, now, hasMore(fresh));
    }
    last = Math.max(last, Number(fresh.body.dataset.seq) || 0);
  }

  /** @param {HTMLElement} old @param {HTMLElement} now */
  function swapOne(old, now) {
    const text = markup(now);
    if (seen.get(old.id) === text) return;
    if (isInUse(old)) return void (stale = true);
    seen.set(old.id, text);
    replace(old, document.adoptNode(now));
  }

  /** Bring a list's children in line with the server's, by id. @param {HTMLElement} list @param {HTMLElement} now @param {boolean} more */
  function merge(list, now, more) {
    const wanted = new Set(Array.from(now.children, (item) => item.id));
    const end = now.lastElementChild;
    for (const item of /** @type {HTMLElement[]} */ (Array.from(list.children))) {
      // Nothing leaves a trail; a card beyond this page's last is not known to be gone.
      if (isOrdered(item) && !wanted.has(item.id) && (!more || !end || comesBefore(item, end))) remove(item);
    }
    for (const item of /** @type {HTMLElement[]} */ (Array.from(now.children))) {
      const old = byId(item.id);
      const text = markup(item);
      if (!old && !held.has(item.id)) insert(list, document.adoptNode(item));
      else if (old && seen.get(item.id) !== text) change(old, document.adoptNode(item));
      seen.set(item.id, text);
    }
  }

  const signIn = () => `/login/?next=${encodeURIComponent(location.pathname + location.search)}`;

  /** To the sign-in page, unless that would lose what is half typed. @param {string} address */
  function leaveTo(address) {
    if (isInUse(body)) return show("polling", "Signed out: copy your text, then sign in again");
    return location.assign(address);
  }

  // --- the socket ------------------------------------------------------------------------------

  const BEAT = 5000;
  /** @type {WebSocket | null} */
  let socket = null;
  let last = Number(body.dataset.seq) || 0; // the newest number this page shows
  let failures = 0;
  let final = false;
  let stale = false;
  let connectTimer = 0;
  let silenceTimer = 0;
  let holeTimer = 0;
  let pollTimer = 0;

  /** @param {"live" | "reconnecting" | "polling"} state @param {string} words */
  function show(state, words) {
    html.dataset.live = state;
    const badge = byId("live-status");
    if (!badge) return;
    badge.dataset.state = state;
    badge.hidden = false;
    if (badge.textContent !== words) badge.textContent = words;
  }

  function connect() {
    clearTimeout(connectTimer);
    drop();
    const mine = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/ws/live/`);
    socket = mine;
    mine.onmessage = ({ data }) => mine === socket && hear(JSON.parse(data));
    mine.onclose = ({ code }) => mine === socket && lost(code);
    listenForSilence();
  }

  /** Let go of the socket: a dead network may take minutes to say that it closed. */
  function drop() {
    const old = socket;
    socket = null;
    old?.close();
  }

  /** @param {number} code */
  function lost(code) {
    drop();
    clearTimeout(silenceTimer);
    clearTimeout(holeTimer);
    holeTimer = 0;
    if (code === 4401) {
      final = true;
      return leaveTo(signIn());
    }
    failures += 1;
    final = final || code === 4403;
    if (final || failures > 2) poll();
    else show("reconnecting", "Reconnecting");
    if (!final) connectTimer = window.setTimeout(connect, between(0, Math.min(30000, 3000 * 2 ** (failures - 1))));
    return undefined;
  }

  /** Sockets do not get through: the page is fetched every 20 s, and we keep trying. */
  function poll() {
    show("polling", "Polling");
    if (!pollTimer) pollTimer = window.setInterval(() => refetchSoon(0, 2000), 20000);
  }

  /** Two beats missed: whatever the browser believes, nobody is there. */
  function listenForSilence() {
    clearTimeout(silenceTimer);
    silenceTimer = window.setTimeout(() => lost(1006), 2 * BEAT + 1500);
  }

  /** @param {object} message */
  const say = (message) => socket?.readyState === WebSocket.OPEN && socket.send(JSON.stringify(message));

  /** @param {any} message */
  function hear(message) {
    listenForSilence();
    switch (message.type) {
      case "ready":
        return ready(message.seq);
      case "event":
        return message.seq === last + 1 ? happened(message) : message.seq > last ? hole() : undefined;
      case "beat":
        return message.seq > last ? hole() : undefined;
      case "reload":
        return reload();
      case "bell":
        return ring(message.unread);
      case "presence":
        return send("live:presence", message);
      default:
        return undefined; // newer than this page
    }
  }

  /** @param {number} seq */
  function ready(seq) {
    failures = 0;
    clearInterval(pollTimer);
    pollTimer = 0;
    show("live", "Live");
    const [kind, pk] = (body.dataset.watch || "").split(":");
    if (kind) say({ type: "watch", ...(pk ? { [kind]: Number(pk) } : { page: kind }) });
    send("live:ready");
    if (seq > last) ask();
  }

  const ask = () => say({ type: "resume", after: last });

  /** Something is missing. It may be on its way; ask after a moment that differs from page to page. */
  function hole() {
    if (holeTimer) return;
    holeTimer = window.setTimeout(() => {
      holeTimer = 0;
      ask();
    }, between(500, 1500));
  }

  /** The gap is too old to be replayed: fetch the page once; its data-seq is where we go on. */
  function reload() {
    refetchSoon(200, 3000);
  }

  /** @param {{seq: number, kind: string, session: number | null, fragments: {id: string, html: string}[]}} event */
  function happened(event) {
    last = event.seq;
    event.fragments.forEach(apply);
    const [noun] = event.kind.split(".");
    const here = body.dataset.watch === `session:${event.session}`;
    if (here && (noun === "handoff" || noun === "session")) news().forEach((said) => said.remove()); // no news any more
    if (here) refetchSoon(100, 400); // who may do what here has changed
    // Counts and lists. Where the card itself came along there is time: a thousand screens must not all ask at once.
    else if (noun === "handoff" || noun === "session") body.dataset.watch ? refetchSoon(1000, 5000) : refetchSoon(300, 2500);
    send("live:event", event);
  }

  /** @param {number} unread */
  function ring(unread) {
    for (const bell of all("[data-bell]")) {
      bell.textContent = unread ? String(unread) : "";
      bell.hidden = !unread;
    }
  }

  /** Back from sleep, another tab or another network. */
  function wake() {
    if (document.hidden) return;
    unseen = 0;
    document.title = title;
    writeTimes();
    if (stale) refetchSoon(0, 300);
    if (!body.dataset.seq || final) return;
    if (socket?.readyState === WebSocket.OPEN) ask();
    else if (socket?.readyState !== WebSocket.CONNECTING) connect();
  }

  // What could not be replaced while a hand was on it.
  document.addEventListener("focusout", () => stale && refetchSoon(300, 800));
  document.addEventListener("toggle", () => stale && refetchSoon(300, 800), true);
  body.addEventListener("live:say", (event) => say(/** @type {CustomEvent} */ (event).detail));
  body.addEventListener("live:refresh", () => refetchSoon(0, 0));
  document.addEventListener("visibilitychange", wake);
  addEventListener("online", () => (failures = 0, wake()));
  addEventListener("offline", () => body.dataset.seq && !final && lost(1006));
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    all("button[aria-busy]").forEach((button) => setBusy([/** @type {HTMLButtonElement} */ (button)], false));
    stale = true;
    wake();
  });

  /** Chromium passes over autofocus where the address has a fragment, which at load also takes the focus away. */
  function compose() {
    if (!new URLSearchParams(location.search).has("compose")) return;
    const fragment = location.hash.slice(1);
    byId("composer_text")?.focus({ preventScroll: fragment !== "" && fragment !== "composer" });
  }

  writeTimes();
  expire();
  addEventListener("load", () => setTimeout(compose));
  news().forEach(passing);
  setInterval(() => document.hidden || writeTimes(), 30000);
  if (body.dataset.seq) connect();
})();
