/* What stands still on a page (`layouts/markup.py`) is held as markup by the element in which it stands,
   and written here: part by part, and only what is another, so that an opened detail stays open and
   the keyboard stays where it is. Loaded before the scripts that look for what comes (`live.js`, `map.js`):
   observers are told in the order in which they began, and theirs shall find it written. */
(() => {
  "use strict";
  const HELD = "data-markup";
  const TOLD_BY_FRAMES = ["data-state", "data-level", "data-mark", "aria-label"];
  const written = new WeakMap(); // The attributes of an element that were written here.
  const ours = new WeakSet(); // What was written into an element that Dash made.

  const matches = (node, part) => {
    if (!node) return false;
    if (typeof part === "string") return node.nodeType === Node.TEXT_NODE;
    return node.localName === part[0] && node.dataset.key === part[1]["data-key"];
  };

  const make = (part) => {
    const node = typeof part === "string" ? document.createTextNode(part) : document.createElement(part[0]);
    write(node, part);
    return node;
  };

  const writeAttributes = (node, attributes) => {
    for (const name of Object.keys(written.get(node) || {})) {
      if (!(name in attributes)) node.removeAttribute(name);
    }
    for (const [name, value] of Object.entries(attributes)) {
      if (node.getAttribute(name) !== value) node.setAttribute(name, value);
    }
    written.set(node, attributes);
  };

  // A leaf that shows what it showed is kept up to date by the frames, which may be newer than this.
  const lives = (node, attributes) => {
    const before = written.get(node);
    if (!before || !attributes["data-live"] || attributes["data-field"] === "box") return false;
    const names = new Set([...Object.keys(before), ...Object.keys(attributes)]);
    return [...names].every((name) => TOLD_BY_FRAMES.includes(name) || before[name] === attributes[name]);
  };

  const write = (node, part) => {
    if (typeof part === "string") {
      if (node.data !== part) node.data = part;
      return;
    }
    if (lives(node, part[1])) return;
    writeAttributes(node, part[1]);
    writeParts(node, part[2]);
  };

  const writeParts = (node, parts) => {
    const keyed = new Map([...node.children].filter(({ dataset }) => dataset.key).map((one) => [one.dataset.key, one]));
    parts.forEach((part, index) => {
      const there = node.childNodes[index] || null;
      const key = typeof part === "string" ? undefined : part[1]["data-key"];
      const own = key ? keyed.get(key) : there;
      if (!matches(own, part)) node.insertBefore(make(part), there);
      else {
        if (own !== there) node.insertBefore(own, there);
        write(own, part);
      }
    });
    while (node.childNodes.length > parts.length) node.lastChild.remove();
  };

  /** Write what an element holds into it. One that holds nothing any more is Dash's own again. */
  const show = (holder) => {
    const held = holder.getAttribute(HELD);
    if (held !== null) {
      writeParts(holder, JSON.parse(held));
      for (const node of holder.childNodes) ours.add(node);
      return;
    }
    for (const node of [...holder.childNodes]) if (ours.has(node)) node.remove();
  };

  const showAll = (node) => {
    if (node.nodeType !== Node.ELEMENT_NODE) return;
    if (node.hasAttribute(HELD)) show(node);
    else for (const holder of node.querySelectorAll(`[${HELD}]`)) show(holder);
  };

  new MutationObserver((records) => {
    for (const { type, target, addedNodes } of records) {
      if (type === "attributes") show(target);
      else addedNodes.forEach(showAll);
    }
  }).observe(document.documentElement, { childList: true, subtree: true, attributes: true, attributeFilter: [HELD] });
  showAll(document.documentElement);
})();
