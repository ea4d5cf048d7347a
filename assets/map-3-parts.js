/* An indicator on the map: districts or towns in shades, or stations as signs with their numbers.
   Shades are of the one series blue; what breaches a limit is amber or red and carries a sign. A part
   that is late is fainter and carries a clock; what is not to be trusted is not painted. */
(() => {
  "use strict";
  const { ground, live, marks, text } = window.CommandCenter;
  const LEVELS = { warning: "warn", alarm: "alarm" };
  const SIGNS = { warning: "△", alarm: "▲", late: "◷" };
  const FAINT = 0.5;
  const NAME = 16; // high is the name of an area, below which its number stands

  class Parts {
    constructor(config) {
      this.config = config;
      this.parts = {};
      this.told = null;
      this.tag = "";
      this.aside = [];
    }

    get count() {
      return Object.keys(this.parts).length;
    }

    /** What is drawn as a reading: its state, its own time, and how old that may be. */
    get reading() {
      return this.told && this.told.state ? this.told : null;
    }

    state() {
      return text.stateOf(this.reading, live.stream.now());
    }

    /** Its state, and which of its parts are late. */
    looks() {
      return [this.state(), ...text.lateParts(this.reading, live.stream.now())].join(" ");
    }

    /** Whether that is another than at the last look: then it is to be drawn anew. */
    aged() {
      const state = this.looks();
      const changed = this.told !== null && this.seenAs !== state;
      this.seenAs = state;
      return changed;
    }

    take(told) {
      this.told = told;
      this.parts = told.parts;
      const there = Object.values(this.parts).filter((part) => part.value !== null && !this.nothing(part));
      const values = there.map(({ value }) => value);
      this.least = Math.min(...values);
      this.most = Math.max(...values);
      this.seenAs = this.looks();
    }

    /** Whether there is nothing worth a number, such as no rain; never of what has no word for it. */
    nothing(part) {
      return Boolean(this.config.zero) && part.value !== null && !(part.level in LEVELS)
        && text.rounded(part.value, this.config.decimals || 0) === 0;
    }

    /** How many parts have nothing. */
    get dry() {
      return Object.values(this.parts).filter((part) => this.nothing(part)).length;
    }

    /** Darker is more; where more is better, darker is less: what is worse is seen first. */
    shade(value) {
      if (!(this.most > this.least)) return 0.1;
      const share = (value - this.least) / (this.most - this.least);
      return 0.1 + 0.55 * (this.config.good === "up" ? 1 - share : share);
    }

    written(part) {
      if (this.nothing(part)) return "";
      const sign = part.value === null ? "" : SIGNS[text.markOf(part, part.shownAs)] || "";
      return sign + text.number(part.value, this.config.decimals || 0);
    }

    numberInk(part, ink) {
      return part.shownAs === "fresh" ? ink.ink : ink.ink3;
    }

    strength(part) {
      return part.shownAs === "fresh" ? 1 : FAINT;
    }

    /** What is known of a code and as what it is shown, by its own time where it has one; without its
        value where that is not to be trusted. */
    partOf(code) {
      const known = this.parts[code];
      if (!known) return null;
      const part = text.partOf(this.reading, code);
      const shownAs = text.stateOf(part, live.stream.now());
      if (text.trusted(shownAs)) return { ...part, shownAs };
      return { ...known, value: null, level: "normal", text: null, colour: null, shownAs };
    }

    /** The colour of the areas, under rivers and roads. */
    drawAreas(context, view, ink, land) {
      this.drawnAs = this.looks();
      for (const area of land.areas(this.config.areas)) {
        const part = this.partOf(area.code);
        if (!part || part.value === null || this.nothing(part)) continue;
        context.globalAlpha = this.strength(part) * (part.level in LEVELS ? 0.45 : this.shade(part.value));
        ground.fill(context, area, view, ink[LEVELS[part.level]] || ink.series);
        context.globalAlpha = 1;
      }
    }

    drawNumbers(context, view, ink, land, taken) {
      context.textAlign = "center";
      context.textBaseline = "middle";
      for (const area of land.areas(this.config.areas)) {
        const part = this.partOf(area.code);
        if (!part || part.value === null || this.nothing(part)) continue;
        const [x, y] = [view.left(area.seat[0]), view.top(area.seat[1]) + NAME];
        context.font = `600 13px ${ink.face}`;
        const said = this.written(part);
        if (taken.take(x, y, context.measureText(said).width, 15)) ground.halo(context, said, x, y, ink, this.numberInk(part, ink));
      }
    }

    placed() {
      this.at ??= Object.entries(this.config.places || {}).map(([code, [lat, lon]]) => [code, ground.project(lon, lat), lon, lat]);
      return this.at;
    }

    draw(context, view, ink, ratio, _land, { abnormal, few = Infinity }) {
      if (this.count > few) return;
      this.drawnAs = this.looks();
      context.textAlign = "left";
      context.textBaseline = "middle";
      for (const [code, [px, py]] of this.placed()) {
        const part = this.partOf(code);
        if (!part || part.level in LEVELS !== abnormal) continue;
        const [x, y] = [view.left(px), view.top(py)];
        const colour = part.colour || ink[LEVELS[part.level]] || ink.series;
        const { canvas, half } = marks.sprite(this.config.shape, colour, part.value === null, 6.5, ink.ink2, ratio);
        context.globalAlpha = this.strength(part);
        context.drawImage(canvas, x - half, y - half, half * 2, half * 2);
        context.globalAlpha = 1;
        context.font = `600 12px ${ink.face}`;
        ground.halo(context, this.written(part), x + 10, y, ink, this.numberInk(part, ink));
      }
    }

    found(code, name) {
      const part = this.partOf(code);
      const late = part && part.shownAs !== "fresh";
      const said = [
        part && (part.text || (this.nothing(part) ? this.config.zero : "")),
        late && text.age(text.partOf(this.reading, code), live.stream.now()),
      ].filter(Boolean).join(" · ");
      return {
        layer: this.config.key, indicator: this.config.indicator, by: this.config.by, code, label: name,
        state: said, value: part ? part.value : null,
        n: part ? part.n : null, unit: this.config.unit, decimals: this.config.decimals,
      };
    }

    hit(view, left, top, land, covering = false) {
      for (const [code, [px, py]] of this.placed()) {
        const part = this.parts[code];
        if (!part || (covering && !(part.level in LEVELS))) continue;
        const away = Math.hypot(view.left(px) - left, view.top(py) - top);
        if (away < (covering ? 7.5 : 14)) return this.found(code, part.name[text.context.language]);
      }
      if (!this.config.areas || covering) return null;
      const area = land.areaAt(this.config.areas, ...view.under(left, top));
      return area && this.parts[area.code] ? this.found(area.code, area.name[text.context.language]) : null;
    }
  }

  Object.assign((window.CommandCenter ??= {}), { parts: { Parts } });
})();
