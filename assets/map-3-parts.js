/* An indicator on the map: districts or towns in shades, or stations as signs with their numbers.
   Shades are of the one series blue; what breaches a limit is amber or red and carries a sign. */
(() => {
  "use strict";
  const { ground, marks, text } = window.CommandCenter;
  const LEVELS = { warning: "warn", alarm: "alarm" };
  const SIGNS = { warning: "△", alarm: "▲" };

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

    take(told) {
      this.told = told;
      this.parts = told.parts;
      const values = Object.values(this.parts).map(({ value }) => value).filter((value) => value !== null);
      this.least = Math.min(...values);
      this.most = Math.max(...values);
    }

    /** Darker is more; where more is better, darker is less: what is worse is seen first. */
    shade(value) {
      if (!(this.most > this.least)) return 0.1;
      const share = (value - this.least) / (this.most - this.least);
      return 0.1 + 0.55 * (this.config.good === "up" ? 1 - share : share);
    }

    written(part) {
      return (SIGNS[part.level] || "") + text.number(part.value, this.config.decimals || 0);
    }

    /** The colour of the areas, under rivers and roads. */
    drawAreas(context, view, ink, land) {
      for (const area of land.areas(this.config.areas)) {
        const part = this.parts[area.code];
        if (!part || part.value === null) continue;
        context.globalAlpha = part.level in LEVELS ? 0.45 : this.shade(part.value);
        ground.fill(context, area, view, ink[LEVELS[part.level]] || ink.series);
        context.globalAlpha = 1;
      }
    }

    drawNumbers(context, view, ink, land, taken) {
      context.textAlign = "center";
      context.textBaseline = "middle";
      for (const area of land.areas(this.config.areas)) {
        const part = this.parts[area.code];
        if (!part || part.value === null) continue;
        const [x, y] = [view.left(area.seat[0]), view.top(area.seat[1]) + 15];
        context.font = `600 13px ${ink.face}`;
        const said = this.written(part);
        if (taken.take(x, y, context.measureText(said).width, 15)) ground.halo(context, said, x, y, ink, ink.ink);
      }
    }

    placed() {
      this.at ??= Object.entries(this.config.places || {}).map(([code, [lat, lon]]) => [code, ground.project(lon, lat), lon, lat]);
      return this.at;
    }

    draw(context, view, ink, ratio) {
      context.textAlign = "left";
      context.textBaseline = "middle";
      for (const [code, [px, py]] of this.placed()) {
        const part = this.parts[code];
        if (!part) continue;
        const [x, y] = [view.left(px), view.top(py)];
        const colour = part.colour || ink[LEVELS[part.level]] || ink.series;
        const { canvas, half } = marks.sprite(this.config.shape, colour, part.value === null, 6.5, ink.ink2, ratio);
        context.drawImage(canvas, x - half, y - half, half * 2, half * 2);
        context.font = `600 12px ${ink.face}`;
        ground.halo(context, this.written(part), x + 10, y, ink, ink.ink);
      }
    }

    found(code, name) {
      const part = this.parts[code];
      return {
        layer: this.config.key, indicator: this.config.indicator, by: this.config.by, code, label: name,
        state: part && part.text ? part.text : "", value: part ? part.value : null,
        n: part ? part.n : null, unit: this.config.unit, decimals: this.config.decimals,
      };
    }

    hit(view, left, top, land) {
      for (const [code, [px, py]] of this.placed()) {
        if (Math.hypot(view.left(px) - left, view.top(py) - top) < 14 && this.parts[code]) {
          return this.found(code, this.parts[code].name[text.context.language]);
        }
      }
      if (!this.config.areas) return null;
      const area = land.areaAt(this.config.areas, ...view.under(left, top));
      return area && this.parts[area.code] ? this.found(area.code, area.name[text.context.language]) : null;
    }
  }

  Object.assign((window.CommandCenter ??= {}), { parts: { Parts } });
})();
