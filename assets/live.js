/* Keeps every number on the screen up to date: applies the newest frame, once per animation frame,
   to the leaves that Python rendered (see layouts/live.py), wherever and whenever they are mounted.
   Dash loads assets by name: the numbered parts come before this one.
   Values age by themselves, by the server's clock, also while nothing comes. */
(() => {
  "use strict";
  const { board, draw, order, text, Stream, Focus, Renewal } = window.CommandCenter;
  const { stage } = (window.parent !== window && window.parent.CommandCenter) || {};
  const BOARDS = "[data-matters],[data-matters-summary],[data-worst],[data-feeds],[data-oldest],[data-response],[data-clock],[data-connection],[data-focus],[data-worst-first]";
  const ANY = `[data-live],[data-spark],[data-context],${BOARDS}`;
  const WATCHED = ["data-live", "data-field", "data-part", "data-spark", "data-oldest", "data-context", "data-row", "value", "max"];
  const AGING = ["age", "late", "late_parts"]; // fields that count on by themselves
  const FLASH_REST = 10000;
  const PATIENCE = 3000;

  const leaves = new Map(); // key -> leaves
  const sparks = new Map(); // key -> canvases
  const focuses = new Map(); // node -> Focus
  const sizes = new WeakMap();
  const drawnSparks = new WeakMap();
  const changes = new WeakMap();
  const observed = new Set();
  const states = new Map(); // key -> state and late parts as last shown
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const started = performance.now();
  const stats = { flushes: 0, total: 0, worst: 0, last: 0 };
  const renewal = new Renewal();

  let boards = {};
  let pending = { frame: 0, remount: true, all: true, tick: true, resized: true, matters: true, keys: new Set(), sparks: new Set() };

  const schedule = () => {
    if (!pending.frame) pending.frame = requestAnimationFrame(flush);
  };

  const onChange = (changed) => {
    // What is not a leaf follows the frame by itself: the map its layers.
    document.dispatchEvent(new CustomEvent("city-frame", { detail: changed }));
    if (changed.readings === null) pending.all = true;
    else changed.readings.forEach((key) => pending.keys.add(key));
    if (changed.sparks !== null) changed.sparks.forEach((key) => pending.sparks.add(key));
    pending.matters = true;
    schedule();
    renewal.hear((stream.sections.facts.get("catalogue") || {}).version, text.context.version);
  };

  const stream = new Stream("/live", onChange, () => {
    pending.tick = true;
    schedule();
  });
  if (stage) stream.kept = () => stage.kept.frame();

  // Finding leaves

  const group = (map, name, selector) => {
    map.clear();
    for (const node of document.querySelectorAll(selector)) {
      for (const key of keysOf(node, name)) {
        if (map.has(key)) map.get(key).push(node);
        else map.set(key, [node]);
      }
    }
  };

  /** A bar follows every number that its length depends on. */
  const keysOf = ({ dataset }, name) =>
    new Set([dataset[name], dataset.less, ...(dataset.among || "").split(" ")].filter(Boolean));

  const find = () => {
    const context = document.querySelector("[data-context]");
    if (context) text.setContext(board.json(context, "context"));
    group(leaves, "live", "[data-live]");
    group(sparks, "spark", "[data-spark]");
    boards = { matters: [], mattersSummary: [], worst: [], feeds: [], oldest: [], response: [], clock: [], connection: [], focus: [], worstFirst: [] };
    for (const node of document.querySelectorAll(BOARDS)) {
      for (const name of Object.keys(boards)) if (name in node.dataset) boards[name].push(node);
    }
    for (const node of focuses.keys()) if (!node.isConnected) focuses.delete(node);
    for (const node of boards.focus) if (!focuses.has(node)) focuses.set(node, new Focus(node, schedule));
    observeSizes();
  };

  const observeSizes = () => {
    const wanted = new Set([...sparks.values()].flat());
    for (const focus of focuses.values()) wanted.add(focus.canvas);
    for (const node of boards.matters) wanted.add(node.querySelector(".matter-lines"));
    for (const node of observed) {
      if (wanted.has(node)) continue;
      sizeObserver.unobserve(node);
      observed.delete(node);
    }
    for (const node of wanted) {
      if (observed.has(node)) continue;
      observed.add(node);
      sizeObserver.observe(node);
    }
  };

  const sizeObserver = new ResizeObserver((entries) => {
    for (const { target, contentRect } of entries) sizes.set(target, { width: contentRect.width, height: contentRect.height });
    pending.resized = true;
    schedule();
  });

  // One leaf

  const entryOf = (key, part) => text.partOf(stream.sections.readings.get(key), part);

  const textOf = (field, entry, state, data, now) => {
    const decimals = Number(data.decimals || 0);
    switch (field) {
      case "value": return text.value(entry, state, decimals, false);
      case "signed": return text.value(entry, state, decimals, true);
      case "unit": return text.unit(data.unit || "", entry, state, decimals);
      case "n": return text.sample(entry);
      case "sum": return text.number(board.sum(entry, state), 0);
      case "sum_unit": return text.counted(data.unit || "", board.sum(entry, state), 0);
      case "as_of": return text.asOf(entry, now);
      case "collected_at": return text.collected(entry);
      case "age": return text.age(entry, now);
      case "day_before":
      case "week_before": return text.compare(entry, field, data.unit || "", decimals, data.least);
      default: return null;
    }
  };

  const applyLeaf = (node, now, changed) => {
    const data = node.dataset;
    const entry = entryOf(data.live, data.part);
    const state = text.stateOf(entry, now);
    board.setData(node, "state", state);
    board.setData(node, "level", entry ? entry.level || "normal" : "normal");
    if (state === "unavailable" && entry.reason) node.title = text.reasonWord(entry.reason);
    else if (node.title) node.removeAttribute("title");
    if ("empty" in data) board.setData(node, "empty", String(!(entry && entry.value)));
    if (data.field === "bar") board.bar(node, stream.sections.readings, now);
    else if (data.field === "mark") board.setMark(node, text.markOf(entry, state));
    else if (data.field === "text") board.setText(node, text.stated(entry, board.json(node, "values")));
    else if (data.field === "worst") board.setText(node, text.worst(entry, board.json(node, "values")));
    else if (data.field === "late") board.setText(node, text.late(entry, now, board.json(node, "values")));
    else if (data.field === "late_parts") board.setText(node, text.latePartsText(entry, now, board.json(node, "values")));
    else {
      const said = textOf(data.field, entry, state, data, now);
      if (said !== null && board.setText(node, said) && changed) flash(node, data.field);
    }
  };

  /** Show once that a number changed: a layer over it fades, on the compositor alone. A number that
      changes all the time is alive to see, and does not pulse. */
  const flash = (node, field) => {
    if ((field !== "value" && field !== "signed") || still.matches || !node.animate) return;
    const now = performance.now();
    const before = changes.get(node) ?? started;
    changes.set(node, now);
    if (now - before < FLASH_REST) return;
    node.animate([{ opacity: 0.25 }, { opacity: 0 }], { duration: 1200, easing: "ease-out", pseudoElement: "::after" });
  };

  // One frame

  const flush = () => {
    const began = performance.now();
    const work = pending;
    pending = { frame: 0, remount: false, all: false, tick: false, resized: false, matters: false, keys: new Set(), sparks: new Set() };
    if (work.remount) {
      find();
      work.all = work.resized = true;
    }
    // Before the first frame what Python rendered stands.
    if (stream.seq !== null) {
      const now = stream.now();
      applyReadings(work, now);
      applyBoards(work, now);
      drawSparks(work);
    } else if (work.tick) applyClock(stream.now());
    mounted.takeRecords(); // What was just written needs no second look.
    const took = performance.now() - began;
    stats.flushes += 1;
    stats.total += took;
    stats.last = took;
    stats.worst = Math.max(stats.worst, took);
  };

  const applyReadings = (work, now) => {
    for (const [key, nodes] of leaves) {
      const changed = work.keys.has(key);
      const moved = (work.all || changed || work.tick) && aged(key, now);
      const whole = work.all || changed || moved;
      for (const node of nodes) {
        if (whole || (work.tick && AGING.includes(node.dataset.field))) applyLeaf(node, now, changed && !work.all);
      }
    }
  };

  /** Whether a reading's state, or which of its parts are late, is another than at the last look, which
      is every time that it is written too: else one that a frame made fresh, right after it was late,
      would never be late again. */
  const aged = (key, now) => {
    const reading = stream.sections.readings.get(key) || null;
    const state = [text.stateOf(reading, now), ...text.lateParts(reading, now)].join(" ");
    if (states.get(key) === state) return false;
    states.set(key, state);
    return true;
  };

  const applyClock = (now) => {
    boards.clock.forEach((node) => board.clock(node, now));
    const quiet = stream.seq === null && performance.now() - started < PATIENCE;
    boards.connection.forEach((node) => board.connection(node, stream, quiet));
  };

  const applyBoards = (work, now) => {
    const { sections } = stream;
    const matters = board.orderedMatters(sections);
    applyClock(now);
    if (!(work.all || work.tick || work.matters || work.resized)) return;
    boards.matters.forEach((node) => board.list(node, matters, now, sizes.get(node.querySelector(".matter-lines"))));
    boards.mattersSummary.forEach((node) => board.summary(node, matters, now));
    boards.worst.forEach((node) => board.worst(node, matters));
    boards.feeds.forEach((node) => board.feeds(node, sections, now));
    boards.oldest.forEach((node) => board.oldest(node, sections, now));
    boards.response.forEach((node) => board.response(node, sections));
    boards.worstFirst.forEach((node) => order.arrange(node, sections.readings, now));
    for (const focus of focuses.values()) {
      const size = sizes.get(focus.canvas);
      if (size) focus.size = size;
      focus.update(sections, matters, now);
    }
  };

  const drawSparks = (work) => {
    for (const [key, canvases] of sparks) {
      if (!(work.all || work.resized || work.sparks.has(key))) continue;
      const line = stream.sections.sparks.get(key);
      for (const canvas of canvases) drawSpark(canvas, line);
    }
  };

  const drawSpark = (canvas, line) => {
    const size = sizes.get(canvas);
    if (!size) return;
    const values = line ? line.values : [];
    const state = `${size.width}x${size.height}|${window.devicePixelRatio}|${theme}|${values.join(",")}`;
    if (drawnSparks.get(canvas) === state) return;
    drawnSparks.set(canvas, state);
    draw.spark(canvas, size, values);
  };

  // What else can change a screen

  let theme = "";
  const restyle = () => {
    draw.readUnit();
    draw.readColours();
    theme = `${document.documentElement.dataset.theme}|${getComputedStyle(document.documentElement).fontSize}`;
    for (const focus of focuses.values()) focus.redraw();
    pending.resized = true;
    schedule();
  };

  const concerns = (record) => {
    if (record.type === "attributes") return true;
    if (record.type === "characterData") return Boolean(record.target.parentElement && record.target.parentElement.closest(ANY));
    const has = (node) => node.nodeType === 1 && (node.matches(ANY) || node.querySelector(ANY) !== null);
    return [...record.addedNodes].some(has) || [...record.removedNodes].some(has);
  };

  const mounted = new MutationObserver((records) => {
    if (pending.remount || !records.some(concerns)) return;
    pending.remount = true;
    schedule();
  });

  const beat = () => {
    stream.watch();
    pending.tick = true;
    schedule();
    setTimeout(beat, 1000 - (stream.now() % 1000) + 5);
  };

  const start = () => {
    mounted.observe(document.body, { childList: true, subtree: true, characterData: true, attributes: true, attributeFilter: WATCHED });
    new MutationObserver(restyle).observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme", "data-kind"] });
    window.addEventListener("resize", restyle);
    restyle();
    stream.open();
    beat();
  };

  window.CommandCenter.live = { stats, stream, focuses, renewal };
  if (document.body) start();
  else document.addEventListener("DOMContentLoaded", start);
})();
