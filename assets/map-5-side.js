/* What stands beside the map: each layer's count, age and legend, and what is not drawn. */
(() => {
  "use strict";
  const { board, marks, text } = window.CommandCenter;

  const make = (tag, name, said = "") => {
    const node = document.createElement(tag);
    if (name) node.className = name;
    node.textContent = said;
    return node;
  };

  /** A sign as large as the letters beside it, on a screen of any size. */
  const swatch = (shape, colour, hollow, ink) => {
    const root = parseFloat(getComputedStyle(document.documentElement).fontSize) || 16;
    const ratio = (Math.min(2, window.devicePixelRatio || 1) * root) / 16;
    const { canvas, half } = marks.sprite(shape, colour, hollow, 5, ink.panel, ratio);
    const copy = document.createElement("canvas");
    [copy.width, copy.height] = [canvas.width, canvas.height];
    copy.getContext("2d").drawImage(canvas, 0, 0);
    Object.assign(copy.style, { width: `${half / 8}rem`, height: `${half / 8}rem` });
    copy.className = "map-swatch";
    copy.setAttribute("aria-hidden", "true");
    return copy;
  };

  const bar = (colour) => {
    const node = make("span", "map-bar");
    node.style.background = colour;
    return node;
  };

  const entry = (sign, title, count) => {
    const item = make("li");
    item.append(sign, make("span", "map-class", title));
    if (count !== undefined) item.append(make("span", "map-class-count", text.number(count, 0)));
    return item;
  };

  /** The legend of a layer of points or lines: each class with how many are in it. */
  const classes = (thing, { ink, words, wall }) => {
    const { config, body } = thing;
    const counts = config.classes.map(() => (body ? 0 : undefined));
    if (body) for (const index of body.class) if (!(wall && config.classes[index].ink === "off")) counts[index] += 1;
    const entries = config.classes.map((one, index) => {
      const colour = marks.colourOf(one, ink);
      const sign = config.kind === "lines" ? bar(colour) : swatch(marks.shapeOf(config, one), colour, one.ink === "off", ink);
      return entry(sign, one.title, counts[index]);
    });
    return thing.thinned ? [...entries, make("li", "map-thinned", words.map_thinned)] : entries;
  };

  const shades = (thing, { ink, words }) => {
    const { config } = thing;
    if (thing.told && !text.trusted(thing.state())) return [];
    if (config.grades && config.grades.length) {
      return config.grades.map(({ title, colour }) => entry(swatch(config.shape, colour, false, ink), title));
    }
    const dry = thing.dry ? [entry(make("span", "map-bar"), config.zero, thing.dry)] : [];
    if (!(thing.most >= thing.least)) return dry.length || !thing.told ? dry : [make("li", "", words.map_nothing)];
    const ends = config.good === "up" ? [thing.most, thing.least] : [thing.least, thing.most];
    const said = ends.map((value) => text.number(value, config.decimals || 0));
    const ramp = make("span", "map-ramp");
    ramp.dataset.faint = String(thing.state() !== "fresh");
    const range = words.map_least_most.replace("{}", said[0]).replace("{}", said[1]);
    const items = [entry(ramp, `${range} ${config.unit}`)];
    items[0].lastChild.classList.add("map-range");
    for (const [level, sign] of [["warning", "△"], ["alarm", "▲"]]) {
      const many = Object.values(thing.parts).filter((part) => part.level === level).length;
      const one = bar(level === "alarm" ? ink.alarm : ink.warn);
      if (many) items.push(entry(one, `${sign} ${text.markWord(level)}`, many));
    }
    return [...items, ...dry];
  };

  const legend = (thing, shared) => (thing.config.kind === "indicator" ? shades(thing, shared) : classes(thing, shared));

  /** As of when an indicator is that is drawn, how old that is, and which of its parts are late: the
      same as beside its number on a page. */
  const indicatorAge = (thing, found, words, now) => {
    if (!text.trusted(text.stateOf(found, now))) return text.age(found, now);
    const names = Object.fromEntries(Object.entries(thing.parts).map(([code, { name }]) => [code, name[text.context.language]]));
    const at = `${words.as_of} ${text.asOf(found, now)}`;
    return [at, text.late(found, now, names) || text.age(found, now), text.latePartsText(found, now, names)].filter(Boolean).join(" · ");
  };

  /** What is said of a layer's age: of what is drawn of an indicator, else of its feed. Of points that
      are not had only that is said: what is drawn of them is older than their feed. */
  const ageOf = (thing, { failed, words, stream }) => {
    const { feeds, readings } = stream.sections;
    const { feed, indicator } = thing.config;
    const found = (feed ? feeds.get(feed) : thing.reading || readings.get(indicator)) || null;
    const now = stream.now();
    const said = feed ? text.age(found, now) : indicatorAge(thing, found, words, now);
    if (!failed.has(thing)) return { state: text.stateOf(found, now), said };
    return { state: "unavailable", said: thing.reading ? `${words.map_silent} · ${said}` : words.map_silent };
  };

  const layer = (node, thing, shared) => {
    const { on, words, stream, whole } = shared;
    board.setData(node, "on", String(on));
    const { said, state } = ageOf(thing, shared);
    board.setData(node, "state", state);
    board.setText(node.querySelector(".map-age"), on || shared.failed.has(thing) ? said : "");
    const told = stream.sections.layers.get(thing.config.place);
    const count = told ? told.drawn : thing.count || null;
    const many = count === null ? "" : text.number(count, 0);
    board.setText(node.querySelector(".map-count"), told && told.more ? words.map_truncated.replace("{}", many) : many);
    if (whole) node.querySelector(".map-legend").replaceChildren(...(on ? legend(thing, shared) : []));
  };

  /** What the areas are coloured by: its name and unit, as of when, and what its shades mean. */
  const area = (node, thing, shared) => {
    board.setHidden(node, !thing);
    if (!thing) return;
    const { words, whole } = shared;
    const { title, unit } = thing.config;
    const { said, state } = ageOf(thing, shared);
    board.setData(node, "state", state);
    board.setText(node.querySelector(".map-name"), [title, unit].filter(Boolean).join(" · "));
    board.setText(node.querySelector(".map-age"), said);
    if (whole) node.querySelector(".map-legend").replaceChildren(...legend(thing, shared));
  };

  /** Under a panel: each layer's name and age, and after it its classes, of them those that are there. */
  const foot = (list, things, shared) => {
    if (shared.whole) list.replaceChildren(...things.flatMap((thing) => named(thing, shared)));
    [...list.querySelectorAll(".map-legend-of")].forEach((head, index) => {
      const { said, state } = ageOf(things[index], shared);
      board.setData(head, "state", state);
      // On a wall only what is not as it should be is said of an age.
      board.setText(head.querySelector(".map-age"), shared.wall && state === "fresh" ? "" : said);
    });
  };

  const named = (thing, shared) => {
    const { words, wall } = shared;
    const entries = legend(thing, shared);
    const filled = entries.filter((one) => one.querySelector(".map-class-count")?.textContent !== "0");
    const head = make("li", "map-legend-of");
    head.append(make("span", "map-name", thing.config.title), make("span", "map-age"));
    if (!wall) return [head, ...(filled.length ? filled : entries.slice(0, 1))];
    if (!thing.body && !thing.told) return [head];
    // A wall has no more numbers than eyes hold: signs and names alone.
    for (const number of filled.flatMap((one) => [...one.querySelectorAll(".map-class-count, .map-range")])) number.remove();
    return [head, ...(filled.length ? filled : [make("li", "map-none", words.map_nothing)])];
  };

  const WHY = { missing: "map_missing", zero: "map_zero", swapped: "map_swapped", outside: "map_outside", unknown: "map_unknown" };

  /** Everything that is counted and not drawn, by layer and reason. */
  const aside = (node, things, stream, words) => {
    let total = 0;
    const parts = [];
    for (const { config, aside: rows } of things) {
      const told = stream.sections.layers.get(config.place);
      const counts = Object.entries((told && told.aside) || {});
      if (!counts.length) continue;
      const sum = counts.reduce((n, [, count]) => n + count, 0);
      total += sum;
      const why = counts.map(([name, count]) => `${words[WHY[name]]} ${text.number(count, 0)}`).join(" · ");
      parts.push(make("h3", "", words.map_aside_count.replace("{}", config.title).replace("{}", text.number(sum, 0))));
      parts.push(make("p", "panel-sub", why));
      const list = make("ul", "map-aside-rows");
      for (const row of rows || []) {
        const place = row.lat === null && row.lon === null ? "" : `${row.lat ?? "—"}, ${row.lon ?? "—"}`;
        const item = make("li");
        item.append(make("span", "near-name", row.label ? marks.nameOf(config, row.label) : row.id), make("span", "near-state", words[WHY[row.why]]), make("span", "near-way", place));
        list.append(item);
      }
      parts.push(list);
    }
    node.querySelector(".map-aside-count").textContent = text.number(total, 0);
    node.querySelector(".map-aside-list").replaceChildren(...parts);
  };

  /** What is under the mouse. */
  const tip = (node, found, left, top) => {
    node.hidden = !found;
    if (!found) return;
    const decimals = found.decimals ?? (Number.isInteger(found.value) ? 0 : 1);
    const number = found.value === null || found.value === undefined ? "" : text.quantity(found.value, found.unit || "", decimals);
    const n = found.n === null || found.n === undefined ? "" : text.sample(found);
    const said = [found.label, found.state, number, n].filter(Boolean).join(" · ");
    board.setText(node, said);
    Object.assign(node.style, { left: `${left}px`, top: `${top}px` });
  };

  Object.assign((window.CommandCenter ??= {}), { mapSide: { area, aside, foot, layer, tip } });
})();
