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

  // --- times: as web/templatetags.py writes them on the server, kept true and in the reader's zone ---------

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

  const THEMES = ["system", "light", "dark"];

  /** As chosen; a cookie, so that the server draws the next page right at first paint. @param {string} [chosen] */
  function theme(chosen) {
    if (chosen) document.cookie = `theme=${chosen}; path=/; max-age=31536000; samesite=lax`;
    const now = THEMES.includes(cookie("theme")) ? cookie("theme") : "system";
    if (now === "system") delete html.dataset.theme;
    else html.dataset.theme = now;
    for (const button of all("[data-theme-choice]")) button.setAttribute("aria-pressed", String(button.dataset.themeChoice === now));
  }

  // --- forms: a fresh token, one request at a time, Ctrl+Enter ---------------------------------

  // The CSRF cookie changes at sign-in; a page left open since then holds an old token.
  const csrf = () => cookie("__Host-csrf") || cookie("csrf") || cookie("csrftoken");

  /** @param {Element | null} element @returns {HTMLButtonElement[]} */
  function buttonsOf(element) {
    if (element instanceof HTMLButtonElement) return [element];
    if (!(element instanceof HTMLFormElement)) return [];
    return /** @type {HTMLButtonElement[]} */ (
      Array.from(element.elements).filter((part) => part instanceof HTMLButtonElement && part.type === "submit" && !part.hidden)
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
  // HTMX tells the element that asked how it went, and finds the toasts from there. One that a live event has taken off
  // the page before its answer came hears it all the same: out of sight, while HTMX deals with the answer.
  document.addEventListener("htmx:beforeRequest", (event) => {
    /** @type {{elt: HTMLElement, xhr: XMLHttpRequest}} */
    const { elt, xhr } = /** @type {CustomEvent} */ (event).detail;
    xhr.addEventListener("readystatechange", () => {
      if (xhr.readyState !== XMLHttpRequest.DONE || elt.isConnected) return;
      const apart = Object.assign(document.createElement("div"), { hidden: true });
      apart.append(elt);
      body.append(apart);
      xhr.addEventListener("loadend", () => apart.remove());
    });
  });
  document.addEventListener("focusin", () => (pressed = ""));
  document.addEventListener("htmx:afterSettle", refocus);

  function refocus() {
    if (pressed && document.activeElement === body) byId(pressed)?.focus({ preventScroll: true });
  }

  document.addEventListener("htmx:afterSwap", (event) => {
    forget(/** @type {Element} */ (event.target));
    settle(body);
  });

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
    const field = /** @type {HTMLTextAreaElement} */ (event.target);
    if (!field.matches(FIELDS)) return; // a button is pressed itself, and #verb has buttons all over the page
    const buttons = buttonsOf(field.form).filter((found) => found.checkVisibility());
    const button = buttons.find((found) => found.matches("[data-send]")) || buttons.find((found) => found.matches(".primary")) || buttons[0];
    if (!button) return;
    event.preventDefault();
    if (!event.repeat && buttons.every((found) => !found.disabled)) button.click(); // else it is on its way
  });

  document.addEventListener("click", (event) => {
    const target = /** @type {Element} */ (event.target);
    const choice = /** @type {HTMLElement | null} */ (target.closest("[data-theme-choice]"));
    if (choice) theme(choice.dataset.themeChoice);
    target.closest(".toast .close")?.closest(".toast")?.remove();
  });

  /** @param {string} text @returns {HTMLElement} */
  function toast(text) {
    const box = document.createElement("div");
    box.className = "toast error";
    box.setAttribute("role", "alert");
    box.append(Object.assign(document.createElement("p"), { textContent: text }));
    byId("toasts")?.append(box);
    passing(box);
    return box;
  }

  // Not from under a pointer or the focus, nor with something in it that can still be undone.
  const HOLDS = ":hover, :focus-within, :has([data-until]:not([hidden]))";

  /** Goes after ten seconds. @param {HTMLElement} box */
  function passing(box) {
    setTimeout(() => (box.matches(HOLDS) ? passing(box) : box.remove()), 10000);
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
  const REFUSED = "form:is(:has([aria-invalid=true]), [data-typed])"; // came back with what was typed

  /** Half-typed text, a control in use, or something open that asks to be kept. @param {Element} region */
  function isInUse(region) {
    const kept = `${OPEN}, ${REFUSED}`;
    return region.matches(kept) || Boolean(region.querySelector(kept)) || all(FIELDS, region).some(isTouched) || isTouched(region);
  }

  /** Has the focus, or says something else than the page came with. @param {Element} field */
  function isTouched(field) {
    if (!field.matches(FIELDS)) return false;
    if (field === document.activeElement) return true;
    if (field instanceof HTMLSelectElement) return isChosen(field);
    const { type, value, defaultValue, checked, defaultChecked } = /** @type {HTMLInputElement} */ (field);
    return type === "checkbox" || type === "radio" ? checked !== defaultChecked : value !== defaultValue;
  }

  /** Another choice than the page came with. @param {HTMLSelectElement} select */
  function isChosen(select) {
    const options = Array.from(select.options);
    if (select.multiple || options.some((option) => option.defaultSelected)) return options.some((option) => option.selected !== option.defaultSelected);
    return select.selectedIndex > 0;
  }

  const FOCUSABLE = "a[href], button, summary, [tabindex], input.select";

  /** Is anything in here still not as the server wrote it, because a hand is on it? Then it is asked for again. */
  let kept = false;

  /**
   * Make an element what the server says now. Nodes stay where they can, and with them the focus, the caret, what
   * is half typed, scrolled, opened or chosen.
   * @param {Element} old @param {Element} now @returns {boolean} whether all of it could be done
   */
  function renew(old, now) {
    const active = /** @type {HTMLElement} */ (document.activeElement);
    const at = all(FOCUSABLE, old).indexOf(active);
    const before = kept;
    kept = false;
    if (old.nodeName === now.nodeName) morph(old, now);
    else if (isInUse(old)) kept = true;
    else old.replaceWith(now);
    const done = !kept;
    kept = before || kept;
    if (!done) stale = true;
    const here = old.isConnected ? old : now;
    settle(here);
    if (document.activeElement !== active && active.isConnected && active !== body) active.focus({ preventScroll: true });
    else if (at >= 0 && !active.isConnected) all(FOCUSABLE, here)[at]?.focus({ preventScroll: true });
    return done;
  }

  /** @param {Element} old @param {Element} now */
  function morph(old, now) {
    if (isOurs(old, now)) return;
    if (old.matches(OPEN) || old.matches(REFUSED)) return void (kept = true);
    const touched = isTouched(old) || old.matches(".select");
    dress(old, now, touched);
    if (old instanceof HTMLTextAreaElement || old instanceof HTMLInputElement) {
      if (!touched) fill(old, /** @type {HTMLInputElement} */ (now));
    } else if (old instanceof HTMLSelectElement) {
      const { value } = touched ? old : /** @type {HTMLSelectElement} */ (now);
      morphChildren(old, now);
      old.value = value;
    } else if (!isList(old)) morphChildren(old, now); // a list is merged, item by item
  }

  /** What this script and its neighbours write there themselves. @param {Element} old @param {Element} now */
  const isOurs = (old, now) =>
    old.matches("[data-here]") || (old.matches("time[data-time]") && ["datetime", "data-time"].every((name) => old.getAttribute(name) === now.getAttribute(name)));

  /** @param {HTMLInputElement | HTMLTextAreaElement} old @param {HTMLInputElement | HTMLTextAreaElement} now */
  function fill(old, now) {
    if (old instanceof HTMLTextAreaElement) old.defaultValue = now.defaultValue;
    else old.checked = /** @type {HTMLInputElement} */ (now).checked;
    if (old.value !== now.value) old.value = now.value;
  }

  /** The attributes. @param {Element} old @param {Element} now @param {boolean} touched */
  function dress(old, now, touched) {
    const ours = new Set(["open"]);
    if (touched) ["value", "checked"].forEach((name) => ours.add(name));
    if (old.hasAttribute("aria-busy")) ["aria-busy", "disabled", "data-focused"].forEach((name) => ours.add(name));
    if (old.hasAttribute("data-until") && old.getAttribute("data-until") === now.getAttribute("data-until")) ours.add("hidden");
    if (old.classList.contains("new")) now.classList.add("new"); // still sliding in
    for (const { name } of Array.from(old.attributes)) if (!ours.has(name) && !now.hasAttribute(name)) old.removeAttribute(name);
    for (const { name, value } of Array.from(now.attributes)) {
      if (!ours.has(name) && old.getAttribute(name) !== value) old.setAttribute(name, value);
    }
  }

  /** @param {Element} old @param {Element} now */
  function morphChildren(old, now) {
    const fresh = Array.from(now.childNodes);
    const ids = new Set(fresh.map((node) => /** @type {Element} */ (node).id));
    for (const child of Array.from(old.children)) if (child.id && !ids.has(child.id)) drop(child);
    let at = old.firstChild;
    for (const next of fresh) {
      const same = counterpart(old, at, next);
      if (!same) old.insertBefore(next, at);
      else if (same === at) at = at.nextSibling;
      else old.insertBefore(same, at);
      if (same instanceof Element) morph(same, /** @type {Element} */ (next));
      else if (same && same.nodeValue !== next.nodeValue) same.nodeValue = next.nodeValue;
    }
    for (let rest = at; rest; rest = at) {
      at = rest.nextSibling;
      drop(rest);
    }
  }

  /** @param {ChildNode} node */
  function drop(node) {
    if (node instanceof HTMLOutputElement) return undefined; // what drafts.js says of a form
    if (!(node instanceof Element) || !isInUse(node)) return node.remove();
    kept = true;
    if (!node.hasAttribute("data-outdated")) toast("What you are typing in has changed meanwhile: it may not be possible any more.");
    node.setAttribute("data-outdated", "");
    return undefined;
  }

  /** The child that is meant by `next`: by id, by the ids inside, else the next of its kind. @param {Element} old @param {ChildNode | null} at @param {Node} next */
  function counterpart(old, at, next) {
    const { id } = /** @type {Element} */ (next);
    if (id) return Array.from(old.children).find((child) => child.id === id && child.nodeName === next.nodeName) || null;
    const within = idsIn(next);
    for (let node = at; node; node = node.nextSibling) {
      if (node.nodeName !== next.nodeName || /** @type {Element} */ (node).id || hereOf(node) !== hereOf(next)) continue;
      const inside = idsIn(node);
      if (within.length || inside.length ? inside.some((one) => within.includes(one)) : true) return node;
    }
    return null;
  }

  /** @param {Node} node */
  const hereOf = (node) => /** @type {HTMLElement} */ (node).dataset?.here;
  /** @param {Node} node */
  const idsIn = (node) => (node instanceof Element ? all("[id]", node).map((part) => part.id) : []);

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

  html.style.overflowAnchor = "none"; // not every browser has it, and it does not know what is typed in

  /** What is typed in, pointed at or read stays where it is on the screen. @param {() => void} change */
  function steady(change) {
    const eyes = inView().map((eye) => /** @type {const} */ ([eye, eye.getBoundingClientRect().top]));
    change();
    const [eye, top] = eyes.find(([eye]) => eye.isConnected) || [];
    const moved = eye ? eye.getBoundingClientRect().top - Number(top) : 0;
    if (Math.abs(moved) >= 1) scrollBy({ top: moved, behavior: "instant" });
  }

  /** What the reader looks at, most likely first. @returns {Element[]} */
  function inView() {
    const active = document.activeElement;
    const pointed = document.querySelector(".item:hover, .trail > :hover");
    const rest = all("main [id]").filter((part) => part.getBoundingClientRect().top >= 0 && isInView(part));
    return [active && active !== body && isInView(active) ? active : [], pointed || [], rest.slice(0, 10)].flat();
  }

  /** @param {Element} part */
  function isInView(part) {
    const { top, bottom, height } = part.getBoundingClientRect();
    return height > 0 && bottom > 0 && top < innerHeight;
  }

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
  let title = document.title;

  /** @param {string} now */
  function retitle(now) {
    if (now === title) return;
    document.title = document.title.replace(title, () => now);
    title = now;
  }

  const announcer = Object.assign(document.createElement("div"), { id: "announcer", className: "visually-hidden" });
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
    const ids = isPlain() ? [] : order;
    const after = ids.slice(ids.indexOf(item.id) + 1);
    return Array.from(list.children).find((other) => other.id && other !== item && (isPlain() ? comesBefore(item, other) : after.includes(other.id))) || null;
  }

  // All that waits, by priority and wait, from the first: a card's place can be told without asking the server.
  const isPlain = () =>
    Array.from(new URLSearchParams(location.search)).every(
      ([name, value]) => !value || name === "open" || (name === "lane" && value === "waiting") || (name === "sort" && value === "priority"),
    );
  /** @type {string[]} the server's last word on #cards, in order */
  let order = [];

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
    bringIn(list, item, next);
  }

  /** @param {HTMLElement} list @param {HTMLElement} item @param {Element | null} next */
  function arrive(list, item, next) {
    const atEnd = !isOrdered(item) && isAtEnd(list);
    item.classList.add("new");
    item.addEventListener("animationend", () => item.classList.remove("new"), { once: true });
    list.insertBefore(item, next);
    if (list.id === "cards") clearEmpty();
    settle(item);
    if (atEnd && !document.hidden && !document.activeElement?.matches(FIELDS)) item.scrollIntoView({ block: "nearest" });
    if (isOrdered(item)) tell(item);
  }

  /** It no longer says that nobody waits. */
  function clearEmpty() {
    const empty = byId("cards-empty");
    empty?.replaceChildren();
    if (empty) forget(empty);
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

  let unsorted = false; // cards have changed places, and one of them is being read

  /** @param {HTMLElement} list */
  function showPill(list) {
    let pill = byId("new-cards");
    if (!held.size && !unsorted) return pill?.remove();
    if (!pill) {
      pill = Object.assign(document.createElement("button"), { id: "new-cards", type: "button", className: "pill" });
      pill.addEventListener("click", () => {
        const items = Array.from(held.values());
        held.clear();
        items.forEach((item) => arrive(list, item, successor(list, item)));
        sort(list);
        showPill(list);
        items[0]?.querySelector("a")?.focus();
      });
      // Not in the flow of the page: the pill itself moves nothing either, and covers no card.
      list.before(pill);
      pill.classList.add("floating");
    }
    const words = held.size ? `${held.size} new` : "Order changed";
    if (pill.textContent !== words) announcer.textContent = pill.textContent = words;
    if (document.hidden && held.size) document.title = `(${held.size}) ${title}`;
    return undefined;
  }

  /** The cards as they should stand. @param {HTMLElement} list */
  function inOrder(list) {
    const places = new Map(order.map((id, at) => [id, at]));
    return Array.from(list.children).sort((one, other) =>
      isPlain() ? (comesBefore(one, other) ? -1 : 1) : (places.get(one.id) ?? Infinity) - (places.get(other.id) ?? Infinity),
    );
  }

  /** @param {HTMLElement} list */
  function sort(list) {
    unsorted = false;
    const active = /** @type {HTMLElement} */ (document.activeElement);
    const wanted = inOrder(list);
    for (let at = wanted.length - 1, next = /** @type {Element | null} */ (null); at >= 0; next = wanted[at--]) {
      if (wanted[at].nextElementSibling !== next) list.insertBefore(wanted[at], next);
    }
    if (active !== document.activeElement) active.focus({ preventScroll: true });
    changed();
  }

  /** Now, or when nobody reads it. @param {HTMLElement} list */
  function sortSoon(list) {
    unsorted = inOrder(list).some((item, at) => item !== list.children[at]);
    if (unsorted && !beingRead(list)) sort(list);
    showPill(list);
  }

  /** Whoever has left the list finds it in order. */
  function leave() {
    const list = byId("cards");
    if (list && unsorted) sortSoon(list);
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
    list.addEventListener("pointerleave", () => item.matches(".gone") && item.isConnected && take(item), { once: true });
    return undefined;
  }

  /** @param {HTMLElement} item */
  function take(item) {
    const neighbour = item.nextElementSibling || item.previousElementSibling;
    const focused = item.contains(document.activeElement);
    item.remove();
    seen.delete(item.id);
    changed();
    if (!neighbour) refetchSoon(0, 300); // what an empty list says
    if (focused) /** @type {HTMLElement | null} */ (neighbour?.querySelector("a, button"))?.focus();
  }

  /** @type {Map<string, number>} the number with which an item was last pushed: an older page knows less of it */
  const pushed = new Map();

  /** A pushed fragment: replace by id, insert, or (empty) remove; null: the server could not draw it. @param {{id: string, html: string | null}} fragment @param {{seq: number, kind: string}} event */
  function apply({ id, html: markup }, event) {
    if (markup === null) return refetchSoon(100, 1000);
    const old = byId(id);
    const list = byId(LISTS[id.split("-")[0]] || "");
    const arrives = id.startsWith("card-") && Boolean(markup) && !old && !held.has(id);
    const leaves = id.startsWith("card-") && !markup && Boolean(old || held.has(id));
    if (arrives || leaves) count("waiting", arrives ? 1 : -1);
    if (leaves && !Number(byId("queue-count")?.textContent)) byId("longest")?.remove();
    if (leaves && isMine(old)) count("mine", -1);
    pushed.set(id, event.seq);
    seen.delete(id);
    if (!markup) {
      if (held.delete(id) && list) showPill(list);
      return old ? remove(old) : undefined;
    }
    const fresh = parse(markup);
    if (!fresh) return undefined;
    if (held.has(id)) return void held.set(id, fresh);
    // Whether it fits a filter or another page only the server knows.
    if (id.startsWith("card-") && !isPlain()) refetchSoon(50, 500);
    if (old) return change(old, fresh);
    if (!list || (id.startsWith("card-") && !isPlain())) return undefined;
    if (event.kind.endsWith(".changed")) return refetchSoon(100, 1000);
    insert(list, fresh);
    return arrives && isMine(fresh) ? count("mine", 1) : undefined;
  }

  /** A first guess at what is counted as `what`, until the server is asked. @param {string} what @param {number} by */
  function count(what, by) {
    for (const place of all(`[data-count-of="${what}"]`)) {
      const empty = place.id === "queue-count" ? "" : "0";
      place.textContent = String(Math.max(0, Number(place.textContent) + by) || empty);
      forget(place);
    }
  }

  /** Whether it says "for you", which only the person's own style sheet knows. @param {Element | null} card */
  const isMine = (card) => card?.querySelector(".for-you")?.checkVisibility() || false;

  /** @param {HTMLElement} old @param {HTMLElement} fresh */
  function change(old, fresh) {
    const list = old.parentElement;
    const moved = isOrdered(fresh) && String(place(old)) !== String(place(fresh));
    const done = renew(old, fresh);
    if (list?.id === "cards" && moved && isPlain()) sortSoon(list);
    return done;
  }

  // --- regions fetched again -------------------------------------------------------------------

  /** @type {Map<string, string>} what the server last wrote, by id: our own changes to the page are no difference */
  const seen = new Map();
  /** @param {Element} element */
  const markup = (element) => element.outerHTML.replace(/(<input type="hidden"[^>]* value=")[^"]*/g, "$1");
  /** @param {Document} [from] */
  const regions = (from = document) => all("[data-live][id]", from).filter((region) => !isList(region) && !isList(region.parentElement));
  for (const region of [...regions(), ...all("#cards > [id], #trail > [id]")]) seen.set(region.id, markup(region));

  /** Something else than a refetch has written here. @param {Element} element */
  function forget(element) {
    for (const part of [element, ...all("[id]", element)]) seen.delete(part.id);
    for (let region = element.closest("[data-live]"); region; region = region.parentElement?.closest("[data-live]") || null) seen.delete(region.id);
  }

  let refetchAt = 0;
  let refetchTimer = 0;
  let restUntil = 0; // no refetch before: the server is slow, or failing
  let misses = 0; // refetches that failed, in a row
  let toldToWait = false; // by the server, which is obeyed whatever happens
  let fetching = false;
  /** @type {AbortController | null} */
  let asking = null;
  let echo = false; // ask once more a little later: who was told is written after the event

  /** One GET of this page, some time between `from` and `to` ms from now; the earliest wish counts. @param {number} from @param {number} to */
  function refetchSoon(from, to) {
    if (gone || !document.querySelector("[data-live]")) return;
    const now = performance.now();
    const at = Math.max(now + between(from, to), restUntil);
    if (refetchTimer && refetchAt <= at) return;
    clearTimeout(refetchTimer);
    refetchAt = at;
    refetchTimer = window.setTimeout(refetch, at - now);
  }

  /** Whatever failed may work now. @param {number} from @param {number} to */
  function hurry(from, to) {
    if (!toldToWait) restUntil = 0;
    refetchSoon(from, to);
  }

  /** A page that answered a POST has an address that cannot be fetched. */
  const address = () => body.dataset.page || location.href;
  /** It cannot be asked for again at all, as what was refused: only what every page has is kept true, from the first one's. */
  const alone = body.dataset.page === "/";

  async function refetch() {
    refetchTimer = 0;
    if (document.hidden && !reloading) return void (stale = true); // when it is looked at again
    if (fetching) return refetchSoon(200, 500);
    fetching = true;
    stale = false;
    const began = performance.now();
    const asked = address();
    asking = new AbortController();
    const { signal } = asking;
    const patience = setTimeout((/** @type {AbortController} */ mine) => mine.abort("late"), howLong(), asking);
    try {
      const answer = await fetch(asked, { headers: { "X-Requested-With": "live" }, cache: "no-store", signal });
      const text = await answer.text();
      if (asked === address()) read(answer, text);
      else refetchSoon(0, 0); // for another address by now
    } catch {
      if (signal.reason === "again") hurry(0, 300);
      else missed(0); // no network, or none that answers
      if (signal.reason === "late" && misses < 3) hurry(0, 300);
    } finally {
      clearTimeout(patience);
      asking = null;
      fetching = false;
      restUntil = Math.max(restUntil, performance.now() + Math.min(5000, 3 * (performance.now() - began)));
      if (echo) refetchSoon(3000, 6000);
      echo = false;
    }
  }

  // After a loss the browser may still send into connections that are dead and do not know it: one by one they are given up.
  const howLong = () => Math.min(30000, (reached ? 10000 : 3000) * 2 ** Math.max(0, misses - 2));

  /** @param {Response} answer @param {string} text */
  function read(answer, text) {
    if (new URL(answer.url).pathname.startsWith("/login")) return leaveTo(signIn());
    if (answer.status === 404 || answer.status === 410) return isGone();
    if (!answer.ok) return missed(Number(answer.headers.get("Retry-After")) || 0);
    misses = 0;
    reached = true;
    const fresh = new DOMParser().parseFromString(text, "text/html");
    // Sent elsewhere: this page has nothing to say any more. What every page has is still true.
    steady(() => (answer.redirected || alone ? swapShell(fresh) : swap(fresh)));
    return showState();
  }

  /** Ask again, later each time. @param {number} seconds what the server asks for */
  function missed(seconds) {
    misses += 1;
    toldToWait = seconds > 0;
    restUntil = performance.now() + Math.max(1000 * seconds, between(0.5, 1) * Math.min(30000, 1000 * 2 ** misses));
    refetchSoon(0, 0);
    showState();
  }

  let gone = false; // what this page is about is no more

  function isGone() {
    gone = true;
    toast("What this page showed is no longer there.");
    showState();
  }

  /** @param {Document} fresh */
  function swapShell(fresh) {
    owed = 0;
    for (const region of regions().filter((one) => one.closest(".sidebar"))) {
      const now = fresh.getElementById(region.id);
      if (now) swapOne(region, now);
    }
    if (alone || byId("moved-on")) return;
    const box = toast("This has moved on meanwhile. Reload the page to see where it stands.");
    box.id = "moved-on";
  }

  /** @param {Document} fresh */
  function swap(fresh) {
    const seq = Number(fresh.body.dataset.seq) || 0;
    const before = regions();
    const now = regions(fresh);
    const ids = new Set(now.map((region) => region.id));
    for (const region of now) {
      // One inside another comes with it: by now its nodes may stand on this page.
      if (region.parentElement?.closest("[data-live][id]")) continue;
      const old = byId(region.id);
      if (!old) bring(region);
      else if (old !== region) swapOne(old, region);
    }
    for (const region of before) if (region.isConnected && !ids.has(region.id)) drop(region);
    for (const list of lists()) {
      const now = fresh.getElementById(list.id);
      if (now) merge(list, now, seq);
    }
    retitle(fresh.title);
    last = reloading ? seq : Math.max(last, seq);
    if (reloading || owed <= seq) owed = 0;
    reloading = false;
  }

  /** @param {HTMLElement} old @param {HTMLElement} now */
  function swapOne(old, now) {
    const text = markup(now);
    if (seen.get(old.id) === text) return;
    if (wouldShift(old, now)) {
      stale = true;
      return refetchSoon(2000, 3000);
    }
    if (renew(old, now)) seen.set(now.id, text);
    else seen.delete(now.id);
  }

  let handAt = -Infinity; // when the pointer last moved

  /** Would another item come under a hand that is about to press? @param {HTMLElement} old @param {HTMLElement} now */
  function wouldShift(old, now) {
    if (!HOVERS.matches || performance.now() - handAt > 5000) return false;
    const items = all(".item", old);
    const at = items.findIndex((item) => item.matches(":hover"));
    const fresh = all(".item", now);
    return at >= 0 && items.slice(0, at + 1).some((item, n) => !fresh[n] || nameOf(item) !== nameOf(fresh[n]));
  }

  /** @param {HTMLElement} item */
  const nameOf = (item) => item.id || item.querySelector("a")?.getAttribute("href");

  /** A region that was not there before goes where it stands on the fresh page. @param {HTMLElement} region */
  function bring(region) {
    const text = markup(region);
    const { parentElement: parent } = region;
    const siblings = Array.from(parent?.children || []);
    const at = siblings.indexOf(region);
    const before = siblings.slice(0, at).reverse().find((one) => one.id && byId(one.id));
    const after = siblings.slice(at + 1).find((one) => one.id && byId(one.id));
    if (before) byId(before.id)?.after(region);
    else if (after) byId(after.id)?.before(region);
    else if (parent?.id && byId(parent.id)) byId(parent.id)?.prepend(region);
    else return void (stale = true);
    seen.set(region.id, text);
    settle(region);
  }

  /** Bring a list's items in line with the server's. @param {HTMLElement} list @param {HTMLElement} now @param {number} seq */
  function merge(list, now, seq) {
    const fresh = /** @type {HTMLElement[]} */ (Array.from(now.children));
    const wanted = new Set(fresh.map((item) => item.id));
    const knows = (/** @type {string} */ id) => (pushed.get(id) || 0) <= seq; // pushed since: the page is behind
    if (list.id === "cards") {
      order = fresh.map((item) => item.id);
      for (const id of Array.from(held.keys())) if (!wanted.has(id) && knows(id)) held.delete(id);
      // Nothing leaves a trail.
      for (const item of /** @type {HTMLElement[]} */ (Array.from(list.children))) if (!wanted.has(item.id) && knows(item.id)) remove(item);
    }
    for (const [at, item] of fresh.entries()) {
      if (knows(item.id)) mergeOne(list, item, fresh.slice(at + 1));
    }
    if (list.id !== "cards") return;
    sortSoon(list);
  }


  /** @param {HTMLElement} list @param {HTMLElement} item @param {HTMLElement[]} rest those that follow it */
  function mergeOne(list, item, rest) {
    const text = markup(item);
    const old = byId(item.id);
    if (held.has(item.id)) return void held.set(item.id, item);
    if (!old) {
      const next = rest.map((one) => byId(one.id)).find((one) => one?.parentElement === list) || null;
      seen.set(item.id, text);
      return bringIn(list, item, next);
    }
    if (seen.get(item.id) === text && !old.matches(".gone")) return undefined;
    old.inert = false;
    if (renew(old, item)) seen.set(old.id, text);
    else seen.delete(old.id);
    return undefined;
  }

  /** @param {HTMLElement} list @param {HTMLElement} item @param {Element | null} next */
  function bringIn(list, item, next) {
    if (!wouldMove(list, next)) return arrive(list, item, next);
    held.set(item.id, item);
    return showPill(list);
  }

  function signIn() {
    const { pathname, search } = new URL(address(), location.href);
    return `/login/?next=${encodeURIComponent(pathname + search)}`;
  }

  /** To the sign-in page, unless that would lose what is half typed. @param {string} address */
  function leaveTo(address) {
    const unkept = document.querySelector("form[data-unkept]"); // drafts.js could not
    if (isInUse(body)) return show("polling", unkept ? "Signed out: copy your text, then reload to sign in" : "Signed out: your text is kept, reload to sign in");
    return location.assign(address);
  }

  // --- the socket ------------------------------------------------------------------------------

  const BEAT = 5000;
  const SILENCE = 2 * BEAT + 1500; // two beats missed: whatever the browser believes, nobody is there
  /** @type {WebSocket | null} */
  let socket = null;
  let last = Number(body.dataset.seq) || 0; // the newest number this page shows
  let replayed = 0; // up to here events come without their fragments
  let owed = 0; // a fetched page must show at least this before it is "Live" again
  let lives = 0; // how often the socket was ready
  let failures = 0;
  let final = false;
  let live = false; // the socket has said that it is ready
  let polling = false;
  let reached = true; // a fetch has come back since the socket was lost
  let reloading = false;
  let stale = false;
  const tab = `${Date.now().toString(36)}${Math.random().toString(36).slice(2)}`; // the same when this page comes back
  let heardAt = Date.now();
  let connectTimer = 0;
  let silenceTimer = 0;
  let holeTimer = 0;
  let pollTimer = 0;

  /** Live only when nothing is known to be missing; Polling only when that works. */
  function showState() {
    if (gone) show("reconnecting", "Gone");
    else if (live && !misses && !owed) show("live", "Live");
    else if (polling && reached && !misses) show("polling", "Polling");
    else show("reconnecting", "Reconnecting");
  }

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
    letGo();
    const mine = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/ws/live/?tab=${tab}`);
    socket = mine;
    mine.onmessage = ({ data }) => mine === socket && hear(JSON.parse(data));
    mine.onclose = ({ code }) => mine === socket && lost(code);
    heardAt = Date.now();
    listenForSilence(6000);
  }

  /** Let go of the socket: a dead network may take minutes to say that it closed. */
  function letGo() {
    const old = socket;
    socket = null;
    live = false;
    clearTimeout(silenceTimer);
    clearTimeout(holeTimer);
    holeTimer = 0;
    old?.close();
  }

  /** @param {number} code */
  function lost(code) {
    letGo();
    if (code === 4401) {
      final = true;
      return leaveTo(signIn());
    }
    failures += 1;
    if (failures === 1) reached = false;
    final = final || code === 4403;
    if (final || failures > 2) poll();
    showState();
    if (!final) connectTimer = window.setTimeout(connect, between(0, Math.min(30000, 3000 * 2 ** (failures - 1))));
    return undefined;
  }

  /** Sockets do not get through: the page is fetched now and every 20 s, and we keep trying. */
  function poll() {
    if (pollTimer) return;
    pollTimer = window.setInterval(() => refetchSoon(0, 2000), 20000);
    polling = true;
    refetchSoon(0, 1000);
  }

  function stopPolling() {
    clearInterval(pollTimer);
    pollTimer = 0;
    polling = false;
  }

  /** @param {number} [patience] */
  function listenForSilence(patience = SILENCE) {
    clearTimeout(silenceTimer);
    silenceTimer = window.setTimeout(() => lost(1006), patience);
  }

  /** @param {object} message */
  const say = (message) => socket?.readyState === WebSocket.OPEN && socket.send(JSON.stringify(message));

  /** @param {any} message */
  function hear(message) {
    heardAt = Date.now();
    listenForSilence();
    switch (message.type) {
      case "ready":
        return ready(message.seq);
      case "event":
        return message.seq === last + 1 ? happened(message) : message.seq > last ? hole(message.seq) : undefined;
      case "beat":
        return message.seq > last ? hole(message.seq) : undefined;
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
    const [kind, pk] = (body.dataset.watch || "").split(":");
    if (kind) say({ type: "watch", ...(pk ? { [kind]: Number(pk) } : { page: kind }) });
    send("live:ready");
    if (seq > last) {
      replayed = seq;
      if (lives) owed = seq;
    }
    if (seq !== last) ask(); // smaller: it has not read so far yet, or its numbers are not ours any more
    if (asking && lives) asking.abort("again"); // sent into the network that was
    if (misses) hurry(0, 1000);
    failures = 0;
    lives += 1;
    live = true;
    stopPolling();
    showState();
  }

  const ask = () => say({ type: "resume", after: last });

  /** Something is missing. It may be on its way; ask after a moment that differs from page to page. @param {number} seq */
  function hole(seq) {
    if (holeTimer) return;
    holeTimer = window.setTimeout(() => {
      holeTimer = 0;
      if (seq <= last) return;
      replayed = Math.max(replayed, seq);
      ask();
    }, between(500, 1500));
  }

  /** The gap is too old to be replayed: fetch the page once; its data-seq is where we go on. */
  function reload() {
    reloading = true;
    refetchSoon(100, 2500);
  }

  /** @type {Record<string, number>} what an event does to the number of claims */
  const CLAIMS = { "handoff.claimed": 1, "handoff.claim_undone": -1, "handoff.released": -1, "handoff.expired": -1, "handoff.returned": -1 };

  /** @param {{seq: number, kind: string, actor?: number | null, session: number | null, fragments: {id: string, html: string | null}[]}} event */
  function happened(event) {
    last = event.seq;
    steady(() => event.fragments.forEach((fragment) => apply(fragment, event)));
    const [noun] = event.kind.split(".");
    if (event.seq > replayed) count("claimed", CLAIMS[event.kind] || 0);
    const here = body.dataset.watch === `session:${event.session}`;
    const handed = noun === "handoff" || noun === "session";
    // What was said here is no news once somebody else goes on; what I do in another tab contradicts nothing I was told.
    if (here && handed && event.actor !== Number(body.dataset.user)) news().forEach((said) => said.remove());
    echo = echo || (here && handed);
    if (here) refetchSoon(100, 400); // who may do what here has changed
    else if (event.seq <= replayed) refetchSoon(100, 1500);
    else if (handed) refetchSoon(...inTime());
    else if (noun === "member" || noun === "account") refetchSoon(1000, 5000);
    else if ((noun === "step" || noun === "summary") && !isPushed()) refetchSoon(500, 2500);
    send("live:event", event);
  }

  /** Are cards and counts of this page pushed? */
  const isPushed = () => body.dataset.watch === "queue" && isPlain();
  // Counts and lists. Where the card itself came along there is time: a thousand screens must not all ask at once.
  /** @returns {[number, number]} */
  const inTime = () => (isPushed() ? [1000, 5000] : byId("cards") || byId("lane") ? [50, 500] : [300, 2500]);

  /** @param {number} unread */
  function ring(unread) {
    for (const bell of all("[data-bell]")) {
      bell.textContent = unread ? String(unread) : "";
      bell.hidden = !unread;
      forget(bell);
    }
    if (byId("bell-lines")) refetchSoon(100, 500);
  }

  /** Back from another tab, a sleep or another network. @param {boolean} [suspect] do not trust the socket */
  function wake(suspect = false) {
    if (document.hidden) return;
    unseen = 0;
    document.title = title;
    theme(); // chosen on another page
    writeTimes();
    expire();
    if (stale || misses || polling) hurry(0, 300);
    if (!body.dataset.seq || final) return;
    if (!suspect && Date.now() - heardAt < SILENCE && socket?.readyState === WebSocket.OPEN) return void ask();
    if (!suspect && socket?.readyState === WebSocket.CONNECTING) return;
    failures = 0;
    connect();
    showState();
  }

  /** @type {Map<number, string>} who is at the sessions of which this page says who has seen them */
  const lookers = new Map();

  let tickedAt = Date.now();

  /** A laptop that slept: the clock has gone on and nothing else, or this comes far too late. */
  function tick() {
    const passed = Date.now() - tickedAt;
    tickedAt = Date.now();
    // A page in the background is woken once a minute only; what its socket hears, it hears at once.
    if (passed > 10000 && !document.hidden) wake(true);
    else if (live && Date.now() - heardAt > SILENCE) lost(1006);
  }

  // What could not be replaced while a hand was on it.
  document.addEventListener("focusout", () => setTimeout(() => (leave(), stale && refetchSoon(300, 800))));
  document.addEventListener("pointerout", (event) => /** @type {Element} */ (event.target).closest?.("#cards") && setTimeout(leave));
  document.addEventListener("pointermove", () => (handAt = performance.now()), { passive: true });
  document.addEventListener("toggle", () => stale && refetchSoon(300, 800), true);
  body.addEventListener("live:say", (event) => say(/** @type {CustomEvent} */ (event).detail));
  body.addEventListener("live:refresh", () => refetchSoon(0, 0));
  // Who has come to look has seen it: the sender's page says so.
  body.addEventListener("live:presence", (event) => {
    /** @type {{sessions: {session: number, people: {id: number}[]}[]}} */
    const { sessions } = /** @type {CustomEvent} */ (event).detail;
    for (const { session, people } of sessions) {
      const here = people.map((one) => one.id).join();
      if (here === (lookers.get(session) ?? "") || !document.querySelector(`[data-seen-by="${session}"]`)) continue;
      lookers.set(session, here);
      refetchSoon(300, 1500);
    }
  });
  document.addEventListener("visibilitychange", () => wake());
  addEventListener("online", () => wake(true));
  // @ts-ignore: not in every browser
  navigator.connection?.addEventListener?.("change", () => wake(true));
  addEventListener("offline", () => body.dataset.seq && !final && lost(1006));
  addEventListener("pagehide", () => (clearTimeout(connectTimer), letGo()));
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
    const field = byId("composer_text");
    const { activeElement } = document;
    // A hand was quicker, unless the focus is where the fragment took it.
    if (activeElement && activeElement !== body && !activeElement.matches(":target, #composer *")) return;
    field?.focus({ preventScroll: fragment !== "" && fragment !== "composer" });
  }

  theme();
  writeTimes();
  expire();
  compose(); // before that, too: the first letter typed is text, not a key of the page
  addEventListener("load", () => setTimeout(compose));
  news().forEach(passing);
  setInterval(() => document.hidden || writeTimes(), 30000);
  setInterval(tick, 1000);
  if (body.dataset.seq) connect();
})();
