/* The map: mounts on every board that Python rendered, fetches what its layers are drawn from, again
   when the stream says that they are new, and keeps the address in step. Dash loads assets by name:
   the numbered parts come before this one. */
(() => {
  "use strict";
  const { Asked, ground, live, mapSide, marks, parts, text, View, waitAfter } = window.CommandCenter;
  const CHOSEN = "map-chosen";
  const EVERY = 15000;
  const PATIENCE = 2500;
  const LONGEST_WAIT = 15000;
  const FEW = 40; // things of a class that are drawn over names
  const boards = new Map();

  const inkOf = () => {
    const styles = getComputedStyle(document.documentElement);
    const read = (name) => styles.getPropertyValue(name).trim();
    return {
      bg: read("--map-around"), panel: read("--map-land"), line: read("--map-town"), border: read("--map-border"),
      water: read("--map-water"), road: read("--map-road"), ink: read("--ink"), ink2: read("--ink-2"),
      ink3: read("--ink-3"), series: read("--series"), warn: read("--warn"), alarm: read("--alarm"),
      select: read("--select"), face: read("--face"),
    };
  };

  const KINDS = { points: marks.Points, lines: marks.Lines, indicator: parts.Parts };

  class Board {
    constructor(node) {
      this.node = node;
      this.config = JSON.parse(node.dataset.map);
      this.things = new Map();
      for (const [key, layer] of Object.entries(this.config.layers)) this.things.set(key, new KINDS[layer.kind]({ key, ...layer }));
      this.shown = this.config.shown; // the uppermost first
      this.area = this.config.area ? new parts.Parts(this.config.area) : null;
      this.asked = new Asked((taken) => this.answered(taken));
      this.ink = inkOf();
      this.land = new ground.Ground(this.config.files);
      this.view = new View(node.querySelector(".map-view"), {
        draw: (context, view, ratio) => this.draw(context, view, ratio),
        pick: (left, top) => this.pick(left, top),
        point: (at) => this.point(at),
        settled: () => this.tell(),
      }, this.config.wall);
      node.addEventListener("click", (event) => this.click(event));
      const choice = node.querySelector("[data-map-areas]");
      if (choice) choice.value = choice.dataset.chosen;
      if (choice) choice.addEventListener("change", () => this.colourBy(choice));
      this.timer = setInterval(() => this.beat(), 1000);
      this.start();
    }

    async start() {
      const [lat, lon, zoom] = (new URLSearchParams(location.search).get("at") || "").split(",").map(Number);
      if (this.config.whole && lat && lon) this.view.look(lon, lat, zoom || 13);
      // What comes within a moment is drawn at once, and not once for each layer.
      this.starting = true;
      const landed = this.bring(0);
      this.refresh();
      await Promise.race([Promise.allSettled([landed, ...this.asked.under.values()]), new Promise((done) => setTimeout(done, PATIENCE))]);
      this.starting = false;
      this.list(true);
      this.view.drawNow();
      this.view.stats.first = performance.now();
      this.node.dataset.drawn = "true";
    }

    /** Fetch the land, again and again until it is here. What is drawn meanwhile stands without it. */
    async bring(attempts) {
      const whole = await this.land.load();
      this.node.querySelector(".map-silent").hidden = whole;
      if (this.land.box) this.view.settle(this.land.box);
      if (!this.starting) this.view.redraw();
      if (whole) return;
      setTimeout(() => this.node.isConnected && this.bring(attempts + 1), waitAfter(attempts + 1, LONGEST_WAIT));
    }

    /** The things that are on, the lowest first: areas, then lines, then signs as they are ordered. */
    visible() {
      const on = [...this.shown].reverse().map((key) => this.things.get(key)).filter(Boolean);
      return this.area ? [this.area, ...on] : on;
    }

    areaThing() {
      return this.visible().filter((thing) => thing.config.areas).at(-1) || null;
    }

    draw(context, view, ratio) {
      const { ink, land } = this;
      const language = text.context.language;
      const taken = new ground.Taken();
      const area = this.areaThing();
      ground.drawLand(context, land, view, ink);
      if (area) area.drawAreas(context, view, ink, land);
      ground.drawLines(context, land, view, ink);
      const drawn = (how) => {
        const asked = { calm: this.config.wall, ...how };
        for (const thing of this.visible()) if (!thing.config.areas) thing.draw(context, view, ink, ratio, land, asked);
      };
      drawn({ abnormal: false });
      drawn({ abnormal: true });
      ground.drawNames(context, land, view, ink, language, taken);
      // Of what is few, such as incidents, none may lie under a name: a town's stands where it is.
      drawn({ abnormal: false, few: FEW });
      if (area && !this.config.wall) area.drawNumbers(context, view, ink, land, taken);
      drawn({ abnormal: true, few: FEW });
      if (this.chosen && this.chosen.x !== undefined) this.ring(context, view);
    }

    ring(context, view) {
      context.beginPath();
      context.arc(view.left(this.chosen.x), view.top(this.chosen.y), 12, 0, 7);
      context.strokeStyle = this.ink.select;
      context.lineWidth = 3;
      context.stroke();
    }

    // What is drawn

    refresh(everything = false) {
      this.asked.refresh(this.visible(), everything);
    }

    /** An answer came, or none; `taken` where there is something new to draw. */
    answered(taken) {
      if (this.starting) return;
      if (taken) this.view.redraw();
      this.list(true);
    }

    hear(changed) {
      const drawn = this.visible().some(({ config }) => changed.readings && changed.readings.includes(config.indicator));
      if (drawn || changed.layers === null || changed.layers.length) this.refresh();
    }

    beat() {
      if (!this.node.isConnected) {
        clearInterval(this.timer);
        boards.delete(this.node);
        return;
      }
      const now = Date.now();
      if (document.visibilityState === "visible" && now - (this.round || now) >= EVERY) this.refresh(true);
      if (!this.round || now - this.round >= EVERY) this.round = now;
      const aged = !this.starting && this.visible().filter((thing) => thing.aged && thing.aged()).length > 0;
      if (aged) this.view.redraw();
      this.list(aged);
    }

    // What stands beside it

    list(whole) {
      const shared = { ink: this.ink, words: this.config.words, stream: live.stream, failed: this.asked.failed, whole, wall: this.config.wall };
      for (const node of this.node.querySelectorAll("[data-layer]")) {
        const { layer } = node.dataset;
        mapSide.layer(node, this.things.get(layer), { ...shared, on: this.shown.includes(layer) });
      }
      const area = this.node.querySelector("[data-map-area]");
      if (area) mapSide.area(area, this.area, shared);
      const foot = this.node.querySelector(".map-foot .map-legend");
      // On a wall what lies above is named first, if not all have room.
      if (foot) mapSide.foot(foot, this.config.wall ? this.visible().reverse() : this.visible(), shared);
      const aside = this.node.querySelector(".map-aside");
      if (aside && whole) mapSide.aside(aside, [...this.things.values()].filter(({ config }) => config.feed), live.stream, this.config.words);
    }

    click(event) {
      const target = event.target.closest("[data-map-switch],[data-map-up],[data-map-tool],[data-map-whole]");
      if (!target) return;
      const { mapSwitch, mapUp, mapTool } = target.dataset;
      if (mapSwitch) this.toggle(mapSwitch, target);
      else if (mapUp) this.raise(mapUp);
      else if (mapTool === "home") this.goHome();
      else if (mapTool) this.view.zoomBy(mapTool === "in" ? 0.7 : -0.7);
    }

    goHome() {
      this.view.goHome();
      this.view.redraw();
      this.view.rest();
    }

    toggle(key, button) {
      const on = !this.shown.includes(key);
      this.shown = on ? [key, ...this.shown] : this.shown.filter((one) => one !== key);
      this.sortShown();
      button.setAttribute("aria-pressed", String(on));
      this.changed();
    }

    /** Layers are drawn in the order of the list. */
    sortShown() {
      const order = [...this.node.querySelectorAll("[data-layer]")].map((node) => node.dataset.layer);
      if (order.length) this.shown.sort((a, b) => order.indexOf(a) - order.indexOf(b));
    }

    raise(key) {
      const node = this.node.querySelector(`[data-layer="${key}"]`);
      node.parentElement.prepend(node);
      this.sortShown();
      this.changed();
    }

    colourBy(choice) {
      const option = choice.selectedOptions[0];
      this.area = option && option.dataset.area ? new parts.Parts(JSON.parse(option.dataset.area)) : null;
      this.changed();
    }

    changed() {
      this.refresh();
      this.list(true);
      this.view.redraw();
      this.tell();
    }

    address() {
      const asked = new URLSearchParams(location.search);
      asked.set("layers", this.shown.join(","));
      if (this.area) asked.set("area", `${this.area.config.indicator}:${this.area.config.by}`);
      else asked.delete("area");
      const [lon, lat] = ground.unproject(...this.view.centre);
      if (this.view.moved) asked.set("at", [lat.toFixed(4), lon.toFixed(4), this.view.zoom.toFixed(1)].join());
      return asked.toString().replaceAll("%2C", ",").replaceAll("%3A", ":");
    }

    tell() {
      if (this.config.whole) history.replaceState(history.state, "", `${location.pathname}?${this.address()}`);
      const whole = this.node.querySelector("[data-map-whole]");
      if (whole) whole.href = `/map?${this.address()}`;
    }

    // What is chosen

    at(left, top) {
      const things = this.visible().reverse();
      const signs = things.filter(({ config }) => !config.areas);
      const area = this.areaThing();
      const first = (among, covering) => {
        for (const thing of among) {
          const found = thing.hit(this.view, left, top, this.land, covering);
          if (found) return found;
        }
        return null;
      };
      // What is abnormal lies above all else, of whatever layer it is.
      return first(signs, true) || first(area ? [...signs, area] : signs, false);
    }

    pick(left, top) {
      const found = this.at(left, top);
      this.chosen = found;
      this.view.redraw();
      if (!found) return;
      if (!this.config.whole) {
        if (found.lon) this.view.look(found.lon, found.lat, 13);
        this.tell();
        this.node.querySelector("[data-map-whole]").click();
        return;
      }
      window.dash_clientside.set_props(CHOSEN, { data: found });
      const card = document.getElementById("map-card");
      if (card && matchMedia("(max-width: 64rem)").matches) card.scrollIntoView({ block: "nearest" });
    }

    point(at) {
      const tip = this.node.querySelector(".map-tip");
      if (!at || !this.view.margin) {
        tip.hidden = true;
        return;
      }
      const found = this.at(...this.view.onCanvas(...at));
      mapSide.tip(tip, found, at[0], at[1]);
      this.view.node.dataset.over = String(Boolean(found));
    }

    restyle() {
      this.ink = inkOf();
      this.list(true);
      this.view.redraw();
    }
  }

  const mount = () => {
    for (const node of document.querySelectorAll("[data-map]")) if (!boards.has(node)) boards.set(node, new Board(node));
  };

  const start = () => {
    new MutationObserver(mount).observe(document.body, { childList: true, subtree: true });
    const restyle = () => boards.forEach((one) => one.restyle());
    new MutationObserver(restyle).observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
    document.addEventListener("city-frame", ({ detail }) => boards.forEach((one) => one.hear(detail)));
    mount();
  };

  window.CommandCenter.maps = boards;
  if (document.body) start();
  else document.addEventListener("DOMContentLoaded", start);
})();
