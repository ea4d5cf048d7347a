/* Leaves that speak of more than one reading: what waits, feeds, departments, responses, the clock.
   Every function brings its nodes up to date from the sections; texts are set only where they differ. */
(() => {
  "use strict";
  const { text } = window.CommandCenter;
  const MARKS = ["none", "late", "warning", "alarm"];
  const LEVELS = ["normal", "warning", "alarm"];
  const parsed = new WeakMap();

  /** JSON of a data attribute, read once for each value it has. */
  const json = (node, name) => {
    const source = node.dataset[name] || "{}";
    const known = parsed.get(node);
    if (known && known.source === source) return known.value;
    const value = JSON.parse(source);
    parsed.set(node, { source, value });
    return value;
  };

  /** Set a text without replacing the text node that Dash made. */
  const setText = (node, value) => {
    const first = node.firstChild;
    if (first && first.nodeType === 3 && !first.nextSibling) {
      if (first.nodeValue === value) return false;
      first.nodeValue = value;
      return true;
    }
    if (node.textContent === value) return false;
    node.textContent = value;
    return true;
  };

  const setData = (node, name, value) => {
    if (node.dataset[name] !== value) node.dataset[name] = value;
  };

  const setHidden = (node, hidden) => {
    if (node.hidden !== hidden) node.hidden = hidden;
  };

  const setMark = (node, mark) => {
    if (node.dataset.mark === mark) return;
    node.dataset.mark = mark;
    node.setAttribute("aria-label", text.markWord(mark));
  };

  const worse = (order) => (a, b) => (order.indexOf(b) > order.indexOf(a) ? b : a);

  // What waits

  const markOfMatter = (matter) => (matter.kind === "feed" ? "late" : matter.level);
  const rank = (matter) => (matter.kind === "feed" ? 2 : matter.level === "alarm" ? 0 : matter.level === "warning" ? 1 : 2);
  const TO_THE_MINUTE = "2026-11-22T08:42".length;
  const orderKey = (matter) => [
    rank(matter),
    (matter.due || "~").slice(0, TO_THE_MINUTE),
    -(matter.excess || 0),
    matter.since,
    matter.id,
  ];

  const byUrgency = (a, b) => {
    const left = orderKey(a);
    const right = orderKey(b);
    for (let i = 0; i < left.length; i++) {
      if (left[i] < right[i]) return -1;
      if (left[i] > right[i]) return 1;
    }
    return 0;
  };

  const orderedMatters = (sections) => [...sections.matters.values()].sort(byUrgency);
  const ofDepartment = (matters, department) =>
    department ? matters.filter((matter) => matter.department === department) : matters;

  const summary = (node, matters, now) => {
    const open = ofDepartment(matters, node.dataset.mattersSummary);
    const overdue = open.filter((matter) => text.due(matter, now).urgency === "over").length;
    setText(node, open.length ? text.fill("pending_summary", open.length, overdue) : "");
  };

  const fits = new WeakMap();

  /** How many lines the box of a list has room for; all of them where it may grow. Measured again
      only when what is written in them, or the box itself, has changed. */
  const roomFor = (node, lines, open, size) => {
    const box = node.querySelector(".matter-lines");
    const count = Math.min(open.length, lines.length);
    const written = open.slice(0, count).map((matter) => matter.title[text.context.language]);
    const key = [...written, size && size.width, size && size.height].join("|");
    const known = fits.get(node);
    if (known && known.key === key) return known.count;
    let shown = count;
    if (getComputedStyle(box).overflowY === "hidden") {
      lines.forEach((line, i) => setHidden(line, i >= count));
      const bottom = box.getBoundingClientRect().bottom + 1;
      const over = [...lines].slice(0, count).findIndex((line) => line.getBoundingClientRect().bottom > bottom);
      shown = over < 0 ? count : Math.max(1, over);
    }
    fits.set(node, { key, count: shown });
    return shown;
  };

  const list = (node, matters, now, size) => {
    const open = ofDepartment(matters, node.dataset.matters);
    const owners = json(node, "owners");
    const lines = node.querySelectorAll(".matter");
    lines.forEach((line, i) => i < open.length && matterLine(line, open[i], owners, now));
    const shown = roomFor(node, lines, open, size);
    lines.forEach((line, i) => setHidden(line, i >= shown));
    const [rest, none] = [node.querySelector(".matter-rest"), node.querySelector(".matter-none")];
    setText(rest, open.length > shown ? text.fill("more_pending", open.length - shown) : "");
    setHidden(none, open.length > 0);
  };

  const matterLine = (line, matter, owners, now) => {
    const [mark, title, dueNode, place, elapsed] = line.children;
    const language = text.context.language;
    const due = text.due(matter, now);
    const where = [matter.place[language], owners[matter.department]];
    const href = matter.indicator ? `/indicator/${matter.indicator}` : "/status";
    setMark(mark, markOfMatter(matter));
    setText(title, matter.title[language]);
    setLink(title, href);
    setText(dueNode, due.text);
    setData(dueNode, "due", due.urgency);
    setText(place, where.filter(Boolean).join("\u3000"));
    setText(elapsed, text.fill("elapsed", text.span((now - Date.parse(matter.since)) / 1000)));
  };

  const worst = (node, matters) => {
    const marks = ofDepartment(matters, node.dataset.worst).map(markOfMatter);
    setMark(node.firstElementChild, marks.reduce(worse(MARKS), "none"));
  };

  // Feeds, ages of several, responses

  const setLink = (node, href) => {
    if (node.getAttribute("href") !== href) node.setAttribute("href", href);
  };

  const statesOf = (entries, now) => entries.map(([key, entry]) => ({ key, entry, state: text.stateOf(entry, now) }));
  const badness = ({ key, entry, state }) => [9 - text.STATES.indexOf(state), entry.as_of || "", key].join(" ");
  const worstFirst = (found) => found.sort((a, b) => (badness(a) < badness(b) ? -1 : 1));

  /** The worst by name, and where it is told of: a feed that is down, else a number that is late. */
  const worstOf = (down, late, known, now) => {
    if (down.length) {
      const { key, state } = down[0];
      return [`${known.feeds[key] || key} ${text.stateWord(state)}`, known.down + key.split(".")[0]];
    }
    const { key, entry } = late[0];
    return [`${known.numbers[key]} ${text.age(entry, now)}`, `/indicator/${key}`];
  };

  /** How many feeds are up, and how many numbers are late: derived ones are as old as their oldest
      input, though all feeds are up. */
  const feeds = (node, sections, now) => {
    const known = json(node, "feeds");
    const all = statesOf([...sections.feeds.entries()], now);
    const down = worstFirst(all.filter(({ state }) => state !== "fresh" && text.STATES.includes(state)));
    const numbers = statesOf(Object.keys(known.numbers).map((key) => [key, sections.readings.get(key)]), now);
    const late = worstFirst(numbers.filter(({ state }) => text.isLate(state)));
    const wrong = down.length + late.length > 0;
    const [line, worst] = node.children;
    setMark(line.firstElementChild, wrong ? "late" : "none");
    setText(line.querySelector(".feeds-summary"), text.fill("feeds_up", all.length - down.length, all.length));
    const count = late.length === 1 ? "one_number_late" : "numbers_late";
    setText(line.querySelector(".feeds-late"), late.length ? text.fill(count, late.length) : "");
    setLink(line, late.length ? known.late : known.status);
    const [said, to] = wrong ? worstOf(down, late, known, now) : [all.length ? text.fill("all_feeds_up") : "", known.status];
    setText(worst, said);
    setLink(worst, to);
  };

  const oldest = (node, sections, now) => {
    const entries = node.dataset.oldest.split(" ").map((key) => sections.readings.get(key) || null);
    const found = text.ages(entries, now);
    const late = node.dataset.values ? text.late(entries[0], now, json(node, "values")) : found.late;
    setData(node, "state", found.state);
    setMark(node.querySelector(".mark"), late ? "late" : "none");
    setText(node.querySelector(".oldest-text"), found.asOf);
    setText(node.querySelector(".oldest-late"), late);
    const age = node.querySelector(".oldest-age");
    if (age) setText(age, found.age);
  };

  const response = (node, sections) => {
    const values = json(node, "values");
    let level = "normal";
    const stated = [];
    for (const key of node.dataset.keys.split(" ")) {
      const reading = sections.readings.get(key);
      const part = reading && reading.parts && reading.parts[node.dataset.response];
      if (!part) continue;
      level = worse(LEVELS)(level, part.level || "normal");
      const said = part.text && ((values[key] || {})[part.text] ?? part.text);
      if (said) stated.push(said);
    }
    setData(node, "level", level);
    setMark(node.querySelector(".mark"), level === "normal" ? "none" : level);
    setText(node.querySelector(".response-text"), stated.join(" ") || text.DASH);
  };

  // Bars (see layouts/live_bars.py)

  const valueOf = (reading, part, now) => {
    if (!reading || !text.trusted(text.stateOf(reading, now))) return 0;
    const own = part === undefined ? reading : (reading.parts || {})[part];
    return (own && own.value) || 0;
  };

  const sizeOn = (value, side) => Math.max(0, side === "under" ? -value : value);

  const setLength = (node, name, value) => {
    const said = String(value);
    if (Number(node.getAttribute(name)) !== value) node.setAttribute(name, said);
  };

  const bar = (node, readings, now) => {
    const { live, part, less, among, full, side, tick } = node.dataset;
    const reading = readings.get(live);
    const size = (key) => sizeOn(valueOf(readings.get(key), part, now), side);
    const values = among
      ? among.split(" ").map((key) => valueOf(readings.get(key), undefined, now))
      : Object.keys((reading && reading.parts) || {}).map((code) => valueOf(reading, code, now));
    const all = values.map((value) => (side ? Math.abs(value) : sizeOn(value)));
    setLength(node, "max", Math.max(Number(full || 0), ...all) || 1);
    setLength(node, "value", tick ? Number(tick) : Math.max(0, size(live) - (less ? size(less) : 0)));
  };

  /** What the named parts of a reading come to; null where it is not to be trusted. */
  const sum = (reading, state) => {
    const named = Object.entries((reading && reading.parts) || {});
    if (!named.length || !text.trusted(state)) return null;
    return named.reduce((total, [code, part]) => total + (code ? part.value || 0 : 0), 0);
  };

  const clock = (node, now) => {
    setText(node, node.dataset.clock === "date" ? text.day(now) : text.clock(now));
  };

  const connection = (node, stream, quiet) => {
    const lost = !stream.connected && !quiet;
    setHidden(node, !lost);
    if (!lost) return;
    const since = stream.since;
    setText(node, since === null ? text.fill("connection_lost_empty") : text.fill("connection_lost", text.clock(since)));
  };

  window.CommandCenter.board = {
    bar, clock, connection, feeds, json, list, oldest, orderedMatters, response, setData, setHidden,
    setMark, setText, sum, summary, worst,
  };
})();
