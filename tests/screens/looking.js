/* What one look at a page finds, as somebody would who sees only what is painted. Every finding is a
   sentence; an empty list is what the test wants. Measures are in pixels of the page. */
() => {
  "use strict";
  const SLACK = 1.5;
  const SMALLEST = 0.6; // Of the page's own text; of a wall the root is 16 px of 1080.
  const root = document.documentElement;
  const unit = parseFloat(getComputedStyle(root).fontSize);
  const isWall = root.dataset.kind === "wall";

  const short = (text) => text.replace(/\s+/g, " ").trim().slice(0, 60);
  const name = (node) => {
    const box = node.closest(".panel, .tile, header, nav, section");
    const where = box && box !== node ? `${String(box.className).split(" ").slice(0, 2).join(".")} ` : "";
    return `${where}<${node.localName} ${String(node.className.baseVal ?? node.className)}>`;
  };

  const visible = (node) => node.checkVisibility({ opacityProperty: true, visibilityProperty: true });
  // Words for screen readers alone, and those that wait for the keyboard.
  const unseen = (node) => node.closest("caption.hidden, .skip-link, details:not([open]) > .pop, [hidden]");

  /** Texts as painted: one box per line, as high as its letters, cut by whatever scrolls or hides. */
  const texts = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const owner = node.parentElement;
    if (!node.nodeValue.trim() || !owner || unseen(owner) || !visible(owner)) continue;
    if (["SCRIPT", "STYLE", "OPTION"].includes(owner.tagName)) continue;
    const style = getComputedStyle(owner);
    const size = parseFloat(style.fontSize);
    range.selectNodeContents(node);
    const lines = [...range.getClientRects()].filter((box) => box.width > 0.5 && box.height > 0.5);
    texts.push({ node, owner, size, words: short(node.nodeValue), lines: lines.map((box) => letters(box, size)) });
  }

  function letters(box, size) {
    const middle = (box.top + box.bottom) / 2;
    const half = Math.min(box.height, size * 0.86) / 2;
    return { left: box.left, right: box.right, top: middle - half, bottom: middle + half };
  }

  const holders = new Map();
  const holder = (node) => {
    if (!holders.has(node)) {
      const style = getComputedStyle(node);
      const box = node.getBoundingClientRect();
      holders.set(node, { box, x: style.overflowX, y: style.overflowY, fixed: style.position === "fixed", sticky: style.position === "sticky" });
    }
    return holders.get(node);
  };
  const HIDES = ["hidden", "clip"];
  const SCROLLS = ["auto", "scroll"];
  const layer = (node) => {
    for (let at = node; at; at = at.parentElement) if (holder(at).fixed || holder(at).sticky) return at;
    return null;
  };

  // Out of sight

  const overflow = [];
  if (root.scrollWidth > root.clientWidth) overflow.push(`the document is ${root.scrollWidth} wide in ${root.clientWidth}`);
  if (isWall && innerWidth > innerHeight && root.scrollHeight > root.clientHeight) {
    overflow.push(`the wall is ${root.scrollHeight} high in ${root.clientHeight}`);
  }

  /** Whether the whole text can be had where it is cut short: its title says it all. */
  const declared = (node) => {
    const style = getComputedStyle(node);
    const says = node.closest("[title]");
    return !isWall && style.textOverflow === "ellipsis" && says && says.title.includes(node.textContent.trim());
  };

  const clipped = [];
  for (const { owner, lines, words } of texts) {
    let scrolled = false;
    for (let at = owner; at && at !== document.body; at = at.parentElement) {
      const { box, x, y, fixed } = holder(at);
      scrolled ||= SCROLLS.includes(x) || SCROLLS.includes(y);
      if (scrolled || fixed) break;
      const panel = at.matches(".panel, .tile, .badge, .switch, .main-svg");
      const wide = (HIDES.includes(x) || panel) && lines.some((line) => line.right > box.right + SLACK || line.left < box.left - SLACK);
      const high = (HIDES.includes(y) || panel) && lines.some((line) => line.bottom > box.bottom + SLACK || line.top < box.top - SLACK);
      if (wide && declared(at)) break;
      if (wide || high) {
        clipped.push(`“${words}” of ${name(owner)} leaves ${name(at)} ${wide ? "sideways" : "above or below"}`);
        break;
      }
    }
  }

  // One text over another

  const seen = (owner, line) => {
    const middle = [(line.left + line.right) / 2, (line.top + line.bottom) / 2];
    for (let at = owner.parentElement; at && at !== document.body; at = at.parentElement) {
      const { box, x, y } = holder(at);
      const cut = [...HIDES, ...SCROLLS];
      if (cut.includes(x) && (middle[0] > box.right || middle[0] < box.left)) return false;
      if (cut.includes(y) && (middle[1] > box.bottom || middle[1] < box.top)) return false;
    }
    return true;
  };
  const boxes = texts
    .flatMap((text) => text.lines.filter((line) => seen(text.owner, line)).map((line) => ({ ...text, ...line, layer: layer(text.owner) })))
    .sort((a, b) => a.top - b.top);
  const overlap = [];
  boxes.forEach((one, index) => {
    for (let next = index + 1; next < boxes.length && boxes[next].top < one.bottom - SLACK; next++) {
      const other = boxes[next];
      if (one.node === other.node || one.layer !== other.layer) continue;
      const across = Math.min(one.right, other.right) - Math.max(one.left, other.left);
      const down = Math.min(one.bottom, other.bottom) - other.top;
      if (across > SLACK && down > SLACK) overlap.push(`“${one.words}” and “${other.words}” in ${name(one.owner)}`);
    }
  });

  // Panels that say nothing

  // Copied small, so that the page's own canvases stay as they are.
  const copy = new OffscreenCanvas(96, 48).getContext("2d", { willReadFrequently: true });
  const painted = (canvas) => {
    if (!canvas.width || !canvas.height) return false;
    copy.clearRect(0, 0, 96, 48);
    copy.drawImage(canvas, 0, 0, 96, 48);
    return copy.getImageData(0, 0, 96, 48).data.some((value, index) => index % 4 === 3 && value > 0);
  };
  const drawn = (chart) => chart.querySelector(".scatterlayer .trace path, .heatmaplayer image, .hm image") !== null;
  const empty = [];
  for (const panel of document.querySelectorAll(".panel, .tile, .look-first, .wall-multiples")) {
    if (!visible(panel)) continue;
    const head = panel.querySelector(":scope > .panel-head, :scope > h2");
    const inside = texts.filter(({ owner }) => panel.contains(owner) && !(head && head.contains(owner)) && !owner.closest(".panel-sub, .panel-menu"));
    const charts = [...panel.querySelectorAll(".chart")];
    const why = [...panel.querySelectorAll(".panel-empty")].some((node) => visible(node) && node.textContent.trim());
    if (charts.length && !why && !charts.every(drawn)) empty.push(`${name(panel)} has a chart with nothing in it and no word for why`);
    if (!charts.length && !inside.length) empty.push(`${name(panel)} has no words`);
  }
  const sparks = window.CommandCenter?.live.stream.sections.sparks;
  for (const canvas of document.querySelectorAll("canvas.spark")) {
    const line = sparks.get(canvas.dataset.spark);
    const known = line ? line.values.filter((value) => value !== null) : [];
    if (known.length > 1 && visible(canvas) && !painted(canvas)) empty.push(`the line of ${canvas.dataset.spark} is not drawn`);
  }
  for (const canvas of document.querySelectorAll(".trend canvas")) {
    if (!painted(canvas) && !document.querySelector('.trend-label[data-kind="nothing"]:not([hidden])')) empty.push("the trend of the wall is not drawn");
  }

  // Words and letters

  const written = texts
    .filter(({ owner }) => !owner.closest("code, .sql"))
    .map(({ owner, node }) => ({ words: node.nodeValue.trim(), own: owner.closest("[lang]").lang === root.lang, place: name(owner) }));
  for (const node of document.querySelectorAll("[aria-label], [title], [alt], [placeholder]")) {
    if (node.closest("code, [hidden]") || node.closest("[lang]").lang !== root.lang) continue;
    for (const attribute of ["aria-label", "title", "alt", "placeholder"]) {
      const words = node.getAttribute(attribute);
      if (words) written.push({ words, own: true, place: `${attribute} of ${name(node)}` });
    }
  }
  const foreign = texts
    .filter(({ owner }) => !owner.closest("code, .sql") && !getComputedStyle(owner).fontFamily.startsWith('"Noto Sans SC Variable"'))
    .map(({ owner, words }) => `“${words}” of ${name(owner)}`);
  const unloaded = [...document.fonts].filter((face) => ["error", "loading"].includes(face.status))
    .map((face) => `${face.family} ${face.unicodeRange} is ${face.status}`);

  // Where things stand, for a second look

  const places = {};
  document.querySelectorAll(".navigation, .nav-link, .top, .page-head h1, .panel, .key-figure, .strip, .wall-title, .strip .clock, .multiple, .tile-wall").forEach((node, index) => {
    if (!visible(node)) return;
    const box = node.getBoundingClientRect();
    const rows = node.querySelectorAll("li, tr, .matter:not([hidden]), :is(.live-late, .live-late-parts, .oldest-late):not(:empty)").length;
    places[`${index} ${name(node)}`] = [box.left, box.top + scrollY, box.width, box.height, rows].map(Math.round);
  });

  return {
    overflow,
    clipped: [...new Set(clipped)],
    overlap: [...new Set(overlap)],
    empty,
    foreign: [...new Set(foreign)],
    unloaded,
    written,
    letters: [...new Set(texts.filter(({ owner }) => !owner.closest("code, .sql")).map(({ node }) => node.nodeValue).join(""))].join(""),
    numbers: [...document.querySelectorAll(".live-value, .live-signed, .focus-value")].filter(visible).length,
    loading: texts.some(({ words }) => ["正在取数", "Loading"].includes(words)),
    small: texts.filter(({ size }) => size < SMALLEST * unit).map(({ words, size }) => `${words} ${(size / unit).toFixed(2)}`),
    places,
  };
}
