/* The things of a layer: their data as it came, the signs they are drawn with, and which of them lies
   under a finger. Signs are drawn once each and stamped; what would cover its like is left out. Each
   is drawn in two goes, so that what is abnormal in any layer lies above all that is not. */
(() => {
  "use strict";
  const { ground, text } = window.CommandCenter;
  const SCALE = 100000;
  const [SOME, MANY] = [200, 1500];
  const CELL = 24;
  const DOT = 2.5;
  const FAINT = 0.65; // of what is so dense that it is drawn as dots
  const INKS = { quiet: "ink3", series: "series", off: "ink3", warning: "warn", alarm: "alarm" };

  const SHAPES = {
    circle: (c, r) => c.arc(0, 0, r, 0, 7),
    ring: (c, r) => c.arc(0, 0, r, 0, 7),
    square: (c, r) => c.rect(-r * 0.9, -r * 0.9, r * 1.8, r * 1.8),
    triangle: (c, r) => polygon(c, [[0, -r * 1.1], [r, r * 0.8], [-r, r * 0.8]]),
    diamond: (c, r) => polygon(c, [[0, -r * 1.15], [r * 1.15, 0], [0, r * 1.15], [-r * 1.15, 0]]),
    drop: (c, r) => {
      c.moveTo(0, -r * 1.3);
      c.quadraticCurveTo(r * 1.2, 0.1 * r, r * 0.75, r * 0.7);
      c.arc(0, r * 0.35, r * 0.83, 0.45, Math.PI - 0.45);
      c.quadraticCurveTo(-r * 1.2, 0.1 * r, 0, -r * 1.3);
    },
    house: (c, r) => polygon(c, [[0, -r * 1.15], [r * 1.1, -r * 0.1], [r * 0.8, -r * 0.1], [r * 0.8, r], [-r * 0.8, r], [-r * 0.8, -r * 0.1], [-r * 1.1, -r * 0.1]]),
    hexagon: (c, r) => polygon(c, [0, 1, 2, 3, 4, 5].map((i) => [r * 1.1 * Math.sin((i * Math.PI) / 3), -r * 1.1 * Math.cos((i * Math.PI) / 3)])),
    dam: (c, r) => polygon(c, [[-r * 0.5, -r * 0.9], [r * 0.5, -r * 0.9], [r * 1.15, r * 0.9], [-r * 1.15, r * 0.9]]),
    pentagon: (c, r) => polygon(c, [0, 1, 2, 3, 4].map((i) => [r * 1.15 * Math.sin((i * Math.PI) / 2.5), -r * 1.15 * Math.cos((i * Math.PI) / 2.5)])),
    target: (c, r) => {
      c.arc(0, 0, r * 1.1, 0, 7);
      c.moveTo(r * 0.75, 0);
      c.arc(0, 0, r * 0.75, 2 * Math.PI, 0, true); // the other way round: a hole
      c.moveTo(r * 0.4, 0);
      c.arc(0, 0, r * 0.4, 0, 7);
    },
    camera: (c, r) => polygon(c, [[-r * 1.15, -r * 0.7], [r * 0.4, -r * 0.7], [r * 0.4, -r * 0.25], [r * 1.15, -r * 0.75], [r * 1.15, r * 0.75], [r * 0.4, r * 0.25], [r * 0.4, r * 0.7], [-r * 1.15, r * 0.7]]),
    fan: (c, r) => {
      c.moveTo(0, r);
      c.arc(0, r, r * 1.9, -Math.PI * 0.78, -Math.PI * 0.22);
      c.closePath();
    },
    bus: (c, r) => c.roundRect(-r * 0.75, -r, r * 1.5, r * 2, r * 0.4),
    cross: (c, r) => {
      const w = r * 0.38;
      polygon(c, [[-w, -r], [w, -r], [w, -w], [r, -w], [r, w], [w, w], [w, r], [-w, r], [-w, w], [-r, w], [-r, -w], [-w, -w]]);
    },
  };

  const polygon = (c, points) => {
    points.forEach(([x, y], i) => (i ? c.lineTo(x, y) : c.moveTo(x, y)));
    c.closePath();
  };

  const sprites = new Map();

  /** A sign as a picture; hollow where it says that something is off. */
  const sprite = (shape, colour, hollow, radius, rim, ratio) => {
    const key = [shape, colour, hollow, radius, rim, ratio].join();
    if (sprites.has(key)) return sprites.get(key);
    const half = Math.ceil(radius * 1.4 + 2);
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = Math.ceil(half * 2 * ratio);
    const c = canvas.getContext("2d");
    c.scale(ratio, ratio);
    c.translate(half, half);
    c.beginPath();
    (SHAPES[shape] || SHAPES.circle)(c, radius);
    c.lineWidth = radius > 3 ? 2.5 : 1.5;
    c.strokeStyle = rim;
    c.stroke();
    if (hollow || shape === "ring") {
      c.fillStyle = rim;
      c.fill();
      c.lineWidth = radius > 3 ? 1.5 : 1;
      c.strokeStyle = colour;
      c.stroke();
    } else {
      c.fillStyle = colour;
      c.fill();
    }
    const made = { canvas, half };
    if (sprites.size > 400) sprites.clear();
    sprites.set(key, made);
    return made;
  };

  /** The sign of a class: its own, else its layer's. */
  const shapeOf = (config, one) => one.shape || config.shape;

  const colourOf = (one, ink) => one.colour || ink[INKS[one.ink] || "series"];

  class Points {
    /** `config` is what the page says of the layer. */
    constructor(config) {
      this.config = config;
      this.version = "";
      this.count = 0;
      this.aside = [];
      this.body = null;
    }

    take(body) {
      const { lon = [], lat = [] } = body;
      this.body = body;
      this.version = body.version;
      this.count = body.id.length;
      this.aside = body.aside || [];
      this.x = new Float64Array(lon.length);
      this.y = new Float64Array(lon.length);
      for (let i = 0; i < lon.length; i += 1) [this.x[i], this.y[i]] = ground.project(lon[i] / SCALE, lat[i] / SCALE);
      this.counts = this.config.classes.map(() => 0);
      for (const index of body.class) this.counts[index] += 1;
      const later = (a, b) => this.weight(a) - this.weight(b) || this.counts[b] - this.counts[a];
      this.order = this.config.classes.map((_, index) => index).sort(later);
    }

    /** Whether its classes are those that a body's things were put into. */
    fits(body) {
      return body.classed === this.config.classed;
    }

    /** Take up the layer's classes as `/api/map/layers` says them. */
    reclass({ classes, classed }) {
      const { language } = text.context;
      this.config.classes = classes.map((one) => ({ ...one, title: one.title[language] }));
      this.config.classed = classed;
    }

    /** What is abnormal is drawn last, so that nothing lies above it; of the rest what there is many
        of lies under what is rare. */
    weight(index) {
      return { warning: 1, alarm: 2 }[this.config.classes[index].ink] ?? 0;
    }

    abnormal(index) {
      return this.weight(index) > 0;
    }

    /** Whether a class is so many that from afar its things are dots. */
    dense(index) {
      return !this.abnormal(index) && (this.counts[index] > SOME || this.count > MANY);
    }

    /** Whether any of it is; the legend says so. */
    get thinned() {
      return Boolean(this.body) && this.order.some((index) => this.dense(index));
    }

    radius(view, index) {
      const near = Math.max(0, Math.min(5, view.zoom - 10));
      if (this.dense(index)) return 1.6 + near * (this.count > MANY ? 0.7 : 0.9);
      return (this.abnormal(index) ? 5.5 : 4.2) + near * 0.7;
    }

    /** Draws what is abnormal, or all else; `few` of it alone where only classes of so many are. A
        `calm` map leaves out where nothing is going on. */
    draw(context, view, ink, ratio, _land, { abnormal, few = Infinity, calm = false }) {
      if (!this.body) return;
      const classes = this.body.class;
      for (const index of this.order) {
        if (this.abnormal(index) !== abnormal || !this.counts[index] || this.counts[index] > few) continue;
        const one = this.config.classes[index];
        if (calm && one.ink === "off") continue;
        const radius = Math.round(this.radius(view, index) * 2) / 2;
        if (radius < DOT) {
          context.globalAlpha = FAINT;
          this.dot(context, view, classes, index, colourOf(one, ink), radius);
          context.globalAlpha = 1;
          continue;
        }
        const { canvas, half } = sprite(shapeOf(this.config, one), colourOf(one, ink), one.ink === "off", radius, ink.panel, ratio);
        this.stamp(context, view, classes, index, canvas, half, Math.max(1, radius / 2));
      }
    }

    /** So small that no shape can be told: plain squares, which cost least. */
    dot(context, view, classes, index, colour, radius) {
      const size = Math.max(2, Math.round(radius * 2));
      context.fillStyle = colour;
      this.each(view, classes, index, size * 0.75, (x, y) => context.fillRect(x - (size >> 1), y - (size >> 1), size, size));
    }

    stamp(context, view, classes, index, picture, half, step) {
      const size = half * 2;
      this.each(view, classes, index, step, (x, y) => context.drawImage(picture, x - half, y - half, size, size));
    }

    /** Each place of a class that is seen, on whole pixels, once where several fall together. */
    each(view, classes, index, step, draw) {
      const { x: xs, y: ys } = this;
      const across = Math.ceil(view.width / step) + 1;
      const seen = new Uint8Array(across * (Math.ceil(view.height / step) + 1));
      const [east, north, k] = [view.centre[0], view.centre[1], view.k];
      const [midX, midY, width, height] = [view.width / 2, view.height / 2, view.width, view.height];
      for (let i = 0; i < xs.length; i += 1) {
        if (classes[i] !== index) continue;
        const x = Math.round((xs[i] - east) * k + midX);
        const y = Math.round((ys[i] - north) * k + midY);
        if (x < 0 || y < 0 || x > width || y > height) continue;
        const cell = Math.floor(y / step) * across + Math.floor(x / step);
        if (seen[cell]) continue;
        seen[cell] = 1;
        draw(x, y);
      }
    }

    /** The thing under a place of the screen; what is drawn last is found first. `covering` finds
        what is abnormal alone, and only where its sign itself lies. */
    hit(view, left, top, _land, covering = false) {
      if (!this.body) return null;
      const places = this.config.classes.map((_, index) => this.order.indexOf(index));
      const reaches = this.config.classes.map((_, index) => this.radius(view, index) + (covering ? 1 : 6));
      let [best, least] = [-1, CELL * CELL];
      for (let i = 0; i < this.x.length; i += 1) {
        const index = this.body.class[i];
        if (covering && !this.abnormal(index)) continue;
        const dx = view.left(this.x[i]) - left;
        const dy = view.top(this.y[i]) - top;
        const away = dx * dx + dy * dy - places[index] * 12;
        if (dx * dx + dy * dy < reaches[index] ** 2 && away < least) [best, least] = [i, away];
      }
      return best < 0 ? null : this.found(best);
    }

    found(i) {
      const { id, label, value, lon, lat } = this.body;
      return {
        layer: this.config.key, id: id[i], label: this.named(i), lon: lon[i] / SCALE, lat: lat[i] / SCALE,
        state: this.config.classes[this.body.class[i]].title, value: value[i], unit: this.config.unit,
        x: this.x[i], y: this.y[i],
      };
    }

    named(i) {
      const label = this.body.label[i];
      return label === null ? "" : nameOf(this.config, label);
    }
  }

  class Lines extends Points {
    take(body) {
      super.take(body);
      this.x = this.y = [];
    }

    get thinned() {
      return false;
    }

    draw(context, view, ink, _ratio, land, { abnormal, few }) {
      if (!this.body || few) return; // Names may stand on lines.
      this.body.line.forEach((code, i) => {
        const line = land.lines.get(code);
        if (!line || this.abnormal(this.body.class[i]) !== abnormal) return;
        const width = Math.max(3, 4 + (view.zoom - 10) * 1.2);
        ground.stroke(context, [line], view, ink.panel, width + 2.5, false);
        ground.stroke(context, [line], view, colourOf(this.config.classes[this.body.class[i]], ink), width, false);
      });
    }

    hit(view, left, top, land, covering) {
      if (!this.body || covering) return null;
      const near = this.body.line.findIndex((code) => {
        const line = land.lines.get(code);
        return line && line.lines.some((points) => distance(points, view, left, top) < 9);
      });
      if (near < 0) return null;
      const { id, value } = this.body;
      const state = this.config.classes[this.body.class[near]].title;
      return { layer: this.config.key, id: id[near], label: this.named(near), state, value: value[near], unit: this.config.unit };
    }
  }

  /** What a code is called: by itself, or by its form, as `dimension_text` of dashboard/clerk.py says. */
  const nameOf = ({ labels, like }, code) => {
    if (labels[code] || !like) return labels[code] || code;
    const found = new RegExp(`^(?:${like[0]})$`, "u").exec(code);
    return found ? like[1].replace("{}", found[1]) : code;
  };

  /** Pixels from a line to a place of the screen. */
  const distance = (line, view, x, y) => {
    let least = Infinity;
    for (let i = 0; i + 3 < line.length; i += 2) {
      const [ax, ay] = [view.left(line[i]), view.top(line[i + 1])];
      const [bx, by] = [view.left(line[i + 2]) - ax, view.top(line[i + 3]) - ay];
      const along = Math.max(0, Math.min(1, ((x - ax) * bx + (y - ay) * by) / (bx * bx + by * by || 1)));
      least = Math.min(least, Math.hypot(ax + along * bx - x, ay + along * by - y));
    }
    return least;
  };

  Object.assign((window.CommandCenter ??= {}), { marks: { INKS, Lines, Points, colourOf, nameOf, shapeOf, sprite } });
})();
