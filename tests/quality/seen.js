// How measuring.py looks at a page: where each of these texts stands, and whether a reader sees it there.
// A text may span inline elements of one block; white space and case do not count.
(texts) => {
  const BREAK = "\n";
  const NOT_READ = new Set(["SCRIPT", "STYLE", "TEMPLATE", "NOSCRIPT", "TEXTAREA", "OPTION"]);
  const page = read();
  return texts.map((text) => occurrences(text.replace(/\s+/gu, " ").trim().toLowerCase()).map(place));

  /** All text of the page, character by character, with the node and the offset that each comes from. */
  function read() {
    const found = { text: "", nodes: [], offsets: [] };
    const add = (character, node, offset) => {
      found.text += character;
      for (let unit = 0; unit < character.length; unit++) { found.nodes.push(node); found.offsets.push(offset); }
    };
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
    let block = null;
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (node instanceof Element) {
        if (node.tagName === "BR") add(" ", node, 0);
        continue;
      }
      if (NOT_READ.has(node.parentElement.tagName)) continue;
      const here = blockOf(node.parentElement);
      if (here !== block) add(BREAK, node, 0);
      block = here;
      let offset = 0;
      for (const character of node.data) {
        if (!/\s/u.test(character)) {
          if (!/[\u00ad\u200b]/u.test(character)) add(character.toLowerCase(), node, offset);
        } else if (!/[ \n]$/.test(found.text)) add(" ", node, offset);
        offset += character.length;
      }
    }
    return found;
  }

  function blockOf(element) {
    while (/^(inline|contents)/.test(getComputedStyle(element).display) && element !== document.body) element = element.parentElement;
    return element;
  }

  /** Where a text begins and ends, each time it stands there by itself and not within a word. */
  function occurrences(wanted) {
    const found = [];
    const inWord = (one, other) => /^[\p{L}\p{N}]{2}$/u.test(`${one ?? ""}${other ?? ""}`);
    for (let at = page.text.indexOf(wanted); at !== -1; at = page.text.indexOf(wanted, at + 1)) {
      const end = at + wanted.length;
      if (!inWord(page.text[at - 1], wanted[0]) && !inWord(wanted.at(-1), page.text[end])) found.push([at, end]);
    }
    return found;
  }

  function place([begin, end]) {
    const parts = [];
    for (let at = begin; at < end; at++) {
      const [node, offset] = [page.nodes[at], page.offsets[at]];
      if (!(node instanceof Text)) continue;
      const last = parts.at(-1);
      if (last?.node === node) last.to = offset + 1;
      else parts.push({ node, from: offset, to: offset + 1 });
    }
    const hidden = parts.map(({ node }) => hiddenBy(node.parentElement)).find(Boolean) ?? "";
    const boxes = parts.flatMap(({ node, from, to }) => boxesOf(node, from, to));
    const kept = hidden || (boxes.length ? boxes.map(clippedBy).find(Boolean) ?? "" : "hidden");
    return {
      hidden: kept,
      bottom: Math.max(0, ...boxes.map(({ box }) => box.bottom + scrollY)),
      inView: !kept && boxes.every(isSeen),
    };
  }

  function boxesOf(node, from, to) {
    const range = document.createRange();
    range.setStart(node, from);
    range.setEnd(node, Math.min(to, node.length));
    return [...range.getClientRects()].filter((box) => box.width && box.height).map((box) => ({ box, node }));
  }

  function hiddenBy(element) {
    if (element.checkVisibility({ opacityProperty: true, visibilityProperty: true })) return "";
    return element.closest("details:not([open])") ? "folded" : "hidden";
  }

  /** What an element with an edge cuts off or scrolls away; an ellipsis takes the room of one more letter. */
  function clippedBy({ box, node }) {
    for (let element = node.parentElement; element !== document.body; element = element.parentElement) {
      const style = getComputedStyle(element);
      const [across, down] = [style.overflowX, style.overflowY];
      if (across === "visible" && down === "visible") continue;
      const edge = element.getBoundingClientRect();
      const dots = style.textOverflow === "ellipsis" && element.scrollWidth > element.clientWidth ? parseFloat(style.fontSize) : 0;
      const outside = (across !== "visible" && (box.left < edge.left - 1 || box.right > edge.right - dots + 1))
        || (down !== "visible" && (box.top < edge.top - 2 || box.bottom > edge.bottom + 2));
      if (outside) return /auto|scroll/.test(across + down) ? "scrolled away" : "cut off";
    }
    return "";
  }

  /** Whether it stands in the window with nothing opaque over its ends and its middle. */
  function isSeen({ box, node }) {
    if (box.top < 0 || box.bottom > innerHeight || box.left < 0 || box.right > innerWidth) return false;
    const y = (box.top + box.bottom) / 2;
    return [box.left + 1, (box.left + box.right) / 2, box.right - 1].every((x) => {
      for (const over of document.elementsFromPoint(x, y)) {
        if (over.contains(node) || node.parentElement.contains(over)) return true;
        if (isOpaque(over)) return false;
      }
      return false;
    });
  }

  function isOpaque(element) {
    const { backgroundColor, backgroundImage } = getComputedStyle(element);
    return backgroundImage !== "none" || !/^(transparent|rgba\(.*, 0\))$/.test(backgroundColor);
  }
}
