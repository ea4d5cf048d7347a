/* The view of a map: where it looks, how it is moved by mouse, finger and key, and its one canvas.
   Everything is drawn in units that grow with the letters of the page, so that a large wall is read
   as a desk is; the node and the mouse are in pixels. The canvas is larger than what is seen of it: a
   step of a drag moves it as it is, and only where its edge comes near is everything drawn anew. */
(() => {
  "use strict";
  const { ground } = window.CommandCenter;
  const MARGIN = 0.25;
  const [FARTHEST, CLOSEST] = [8.2, 16];
  const STEP = 90;
  const STEPS_KEPT = 100;
  const WALL = 1.35; // times as large as at a desk: it is read from the farthest seat
  const PHONE = "(max-width: 56rem) and (max-aspect-ratio: 1/1)"; // As the style has it: it is one's own.
  const START = { lon: 113.0, lat: 23.05, zoom: 9.5 };

  class View {
    /** `draw(context, view, ratio)` draws everything; `pick(left, top)` is told of a tap, `point` of
        where the mouse is; `settled` that the view has come to rest. Nobody moves that of a wall. */
    constructor(node, { draw, pick, point, settled }, wall = false) {
      Object.assign(this, { node, drawAll: draw, pick, point, settled, wall });
      this.canvas = document.createElement("canvas");
      this.canvas.className = "map-canvas";
      node.append(this.canvas);
      this.context = this.canvas.getContext("2d", { alpha: false });
      this.home = null;
      this.goHome();
      this.shift = [0, 0];
      this.fingers = new Map();
      this.frame = 0;
      this.stats = { draws: 0, last: 0, worst: 0, steps: [], first: 0 };
      new ResizeObserver(() => this.resize()).observe(node);
      if (!wall) this.listen();
    }

    get scale() {
      return ground.TILE * 2 ** this.zoom;
    }

    left(x) {
      return (x - this.centre[0]) * this.k + this.width / 2;
    }

    top(y) {
      return (y - this.centre[1]) * this.k + this.height / 2;
    }

    /** The projected place under one of the canvas. */
    under(left, top) {
      return [(left - this.width / 2) / this.k + this.centre[0], (top - this.height / 2) / this.k + this.centre[1]];
    }

    resize() {
      const { clientWidth, clientHeight } = this.node;
      if (!clientWidth || !clientHeight) return;
      this.margin = [clientWidth, clientHeight].map((size) => (this.wall ? 0 : Math.round(size * MARGIN)));
      const [wide, high] = [clientWidth + 2 * this.margin[0], clientHeight + 2 * this.margin[1]];
      const dense = Math.min(2, window.devicePixelRatio || 1);
      this.unit = parseFloat(getComputedStyle(document.documentElement).fontSize) / 16 || 1;
      if (this.wall && !matchMedia(PHONE).matches) this.unit *= WALL;
      this.ratio = dense * this.unit;
      [this.width, this.height] = [wide / this.unit, high / this.unit];
      [this.canvas.width, this.canvas.height] = [wide * dense, high * dense];
      Object.assign(this.canvas.style, {
        width: `${wide}px`, height: `${high}px`,
        left: `${-this.margin[0]}px`, top: `${-this.margin[1]}px`,
      });
      if (!this.moved) this.goHome();
      this.redraw();
    }

    /** Where the city lies, which is shown until somebody looks elsewhere. */
    settle(box) {
      this.home = box;
      if (!this.moved) this.goHome();
    }

    /** Show the city whole; about where it is, as long as its land is not here. */
    goHome() {
      if (this.home) this.fit(this.home);
      else [this.centre, this.zoom] = [ground.project(START.lon, START.lat), START.zoom];
    }

    /** Show a box whole, from edge to edge of what is seen. */
    fit(box) {
      const [wide, high] = [box[2] - box[0], box[3] - box[1]];
      // Below stands a line that says what the drawing is.
      const unit = this.unit || 1;
      const seen = [this.node.clientWidth - 24 * unit, this.node.clientHeight - 56 * unit];
      this.zoom = Math.log2(Math.max(1, Math.min(seen[0] / wide, seen[1] / high)) / ground.TILE);
      this.centre = [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2 + (16 * unit) / this.scale];
    }

    look(lon, lat, zoom) {
      this.centre = ground.project(lon, lat);
      this.zoom = Math.max(FARTHEST, Math.min(CLOSEST, zoom));
      this.moved = true;
      this.redraw();
    }

    redraw() {
      if (!this.frame && this.width) this.frame = requestAnimationFrame(() => this.drawNow());
    }

    drawNow() {
      cancelAnimationFrame(this.frame);
      this.frame = 0;
      const began = performance.now();
      this.k = this.scale / this.unit;
      this.shift = [0, 0];
      this.canvas.style.transform = "";
      this.context.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
      this.drawAll(this.context, this, this.ratio);
      const took = performance.now() - began;
      Object.assign(this.stats, { last: took, worst: Math.max(this.stats.worst, took), draws: this.stats.draws + 1 });
    }

    /** Move by so many pixels: the picture as it is, until its edge would show. */
    pan(dx, dy) {
      const began = performance.now();
      this.moved = true;
      this.centre = [this.centre[0] - dx / this.scale, this.centre[1] - dy / this.scale];
      this.shift = [this.shift[0] + dx, this.shift[1] + dy];
      const out = Math.abs(this.shift[0]) > this.margin[0] * 0.9 || Math.abs(this.shift[1]) > this.margin[1] * 0.9;
      if (out) this.drawNow();
      else this.canvas.style.transform = `translate(${this.shift[0]}px, ${this.shift[1]}px)`;
      this.stats.steps.push(performance.now() - began);
      if (this.stats.steps.length > STEPS_KEPT) this.stats.steps.shift(); // A wall pans for months.
    }

    /** Come closer or go farther, with what is under (`left`, `top`) of the node staying there. */
    zoomBy(levels, left = this.node.clientWidth / 2, top = this.node.clientHeight / 2) {
      const to = Math.max(FARTHEST, Math.min(CLOSEST, this.zoom + levels));
      const [dx, dy] = [left - this.node.clientWidth / 2, top - this.node.clientHeight / 2];
      const before = this.scale;
      this.zoom = to;
      this.centre = [this.centre[0] + dx / before - dx / this.scale, this.centre[1] + dy / before - dy / this.scale];
      this.moved = true;
      this.redraw();
      this.rest();
    }

    rest() {
      clearTimeout(this.resting);
      this.resting = setTimeout(() => {
        if (this.shift[0] || this.shift[1]) this.redraw();
        this.settled();
      }, 150);
    }

    placeOf(event) {
      const box = this.node.getBoundingClientRect();
      return [event.clientX - box.left, event.clientY - box.top];
    }

    /** From a place of the node to what `left` and `top` say of what is seen there. */
    onCanvas(left, top) {
      return [(left + this.margin[0]) / this.unit, (top + this.margin[1]) / this.unit];
    }

    listen() {
      const { node } = this;
      node.addEventListener("pointerdown", (event) => this.down(event));
      node.addEventListener("pointermove", (event) => this.move(event));
      for (const name of ["pointerup", "pointercancel"]) node.addEventListener(name, (event) => this.up(event));
      node.addEventListener("pointerleave", () => this.point(null));
      node.addEventListener("wheel", (event) => {
        event.preventDefault();
        this.zoomBy(-event.deltaY / 300, ...this.placeOf(event));
      }, { passive: false });
      node.addEventListener("dblclick", (event) => this.zoomBy(1, ...this.placeOf(event)));
      node.addEventListener("keydown", (event) => this.key(event));
    }

    down(event) {
      if (event.button > 0) return;
      this.node.setPointerCapture(event.pointerId);
      this.fingers.set(event.pointerId, this.placeOf(event));
      this.travelled = this.fingers.size > 1 ? Infinity : 0;
      this.point(null);
    }

    move(event) {
      const at = this.placeOf(event);
      const before = this.fingers.get(event.pointerId);
      if (!before) {
        if (event.pointerType === "mouse") this.point(at);
        return;
      }
      const spread = this.spread();
      this.fingers.set(event.pointerId, at);
      const [dx, dy] = [at[0] - before[0], at[1] - before[1]];
      this.travelled += Math.abs(dx) + Math.abs(dy);
      if (this.travelled < 5) return;
      if (this.fingers.size === 1) this.pan(dx, dy);
      else if (spread > 0) {
        const [first, second] = [...this.fingers.values()];
        this.zoomBy(Math.log2(this.spread() / spread), (first[0] + second[0]) / 2, (first[1] + second[1]) / 2);
      }
    }

    spread() {
      if (this.fingers.size < 2) return 0;
      const [first, second] = [...this.fingers.values()];
      return Math.hypot(first[0] - second[0], first[1] - second[1]);
    }

    up(event) {
      if (!this.fingers.delete(event.pointerId)) return;
      if (event.type === "pointerup" && this.travelled < 5) this.pick(...this.onCanvas(...this.placeOf(event)));
      else this.rest();
    }

    key(event) {
      const moves = { ArrowLeft: [STEP, 0], ArrowRight: [-STEP, 0], ArrowUp: [0, STEP], ArrowDown: [0, -STEP] };
      if (event.key in moves) this.pan(...moves[event.key]);
      else if (event.key === "+" || event.key === "=") this.zoomBy(0.5);
      else if (event.key === "-") this.zoomBy(-0.5);
      else if (event.key === "Enter") this.pick(...this.onCanvas(this.node.clientWidth / 2, this.node.clientHeight / 2));
      else return;
      event.preventDefault();
      this.rest();
    }
  }

  Object.assign((window.CommandCenter ??= {}), { View });
})();
