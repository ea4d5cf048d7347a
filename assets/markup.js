/* Markup that the server tells anew every few seconds (`layouts/markup.py`) is written into the
   document part by part: what is the same is not touched, so that an opened detail stays open, the
   keyboard stays where it is, and a table of a thousand cells costs milliseconds. */
(() => {
  "use strict";
  const written = new WeakMap(); // Which attributes of an element are ours to take away again.

  const matches = (node, part) => {
    if (!node) return false;
    if (typeof part === "string") return node.nodeType === Node.TEXT_NODE;
    return node.nodeType === Node.ELEMENT_NODE && node.localName === part[0] && node.id === (part[1].id || "");
  };

  const make = (part) => {
    const node = typeof part === "string" ? document.createTextNode(part) : document.createElement(part[0]);
    write(node, part);
    return node;
  };

  const writeAttributes = (node, attributes) => {
    for (const name of written.get(node) || []) {
      if (!(name in attributes)) node.removeAttribute(name);
    }
    for (const [name, value] of Object.entries(attributes)) {
      if (node.getAttribute(name) !== value) node.setAttribute(name, value);
    }
    written.set(node, Object.keys(attributes));
  };

  // A leaf that shows what it showed is kept up to date by the frames, which may be newer than this.
  const lives = (node, { "data-live": key, "data-field": field }) =>
    Boolean(key) && written.has(node) && node.dataset.live === key && node.dataset.field === field;

  const write = (node, part) => {
    if (typeof part === "string") {
      if (node.data !== part) node.data = part;
      return;
    }
    const [, attributes, parts] = part;
    const kept = lives(node, attributes);
    if (!kept) writeAttributes(node, attributes);
    if (kept && parts.every((one) => typeof one === "string")) return;
    writeParts(node, parts);
  };

  const writeParts = (node, parts) => {
    const named = new Map([...node.children].filter(({ id }) => id).map((one) => [one.id, one]));
    parts.forEach((part, index) => {
      const there = node.childNodes[index] || null;
      const own = typeof part === "string" || !part[1].id ? there : named.get(part[1].id);
      if (!matches(own, part)) node.insertBefore(make(part), there);
      else {
        if (own !== there) node.insertBefore(own, there);
        write(own, part);
      }
    });
    while (node.childNodes.length > parts.length) node.lastChild.remove();
  };

  /** Write what the store holds into the element of this id. */
  const show = (parts, id) => {
    const place = document.getElementById(id);
    if (place && parts) writeParts(place, parts);
  };

  window.dash_clientside = window.dash_clientside || {};
  window.dash_clientside.markup = { show };
})();
