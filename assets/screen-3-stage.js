/* The stage: does what the stream of orders says, and tells every ten seconds how it is. */
(() => {
  "use strict";
  const { Pairing, Frames, Kept, canvas, waitAfter } = window.CommandCenter;
  const BEAT = 10000;
  const SILENCE = 40000;
  const MOST_ERRORS = 10;
  const FRAME = 1000 / 60;
  const root = document.documentElement;

  class Stage {
    constructor() {
      this.frames = new Frames(document.getElementById("stage"), (text) => this.note(text));
      this.kept = new Kept();
      this.pairing = new Pairing(() => this.begin(), () => this.unpaired(), (times) => this.silent(times));
      this.source = null;
      this.state = null;
      this.heard = performance.now();
      this.offset = null; // the center's clock minus this one's, in seconds
      this.attempts = 0;
      this.timer = 0;
      this.dropped = 0;
      this.errors = [];
      window.addEventListener("error", (event) => this.note(String(event.message)));
      this.countDropped();
      setInterval(() => this.beat(), BEAT);
      setInterval(() => this.watch(), 1000);
    }

    // Beginning

    /** This browser is a screen. What it shows is kept from the first page on. */
    async begin() {
      await this.kept.begin();
      this.open();
    }

    /** It is none, or no more: what one before was shown is nobody's to see. */
    async unpaired() {
      if (this.state) this.clear();
      await this.kept.forget();
    }

    /** Nobody answers. What was shown last is shown again, as old as it is. */
    async silent(times) {
      const kept = this.state ? null : await this.kept.state();
      if (kept && !this.state) {
        this.offset = kept.offset;
        this.apply(kept.state);
      }
      if (this.state || times > 1) this.lost(true);
    }

    // Orders

    open() {
      clearTimeout(this.timer);
      this.timer = 0;
      if (this.source) this.source.close();
      this.heard = performance.now();
      const source = new EventSource("/wall/orders");
      this.source = source;
      const handle = (name, work) =>
        source.addEventListener(name, (event) => {
          if (source !== this.source) return;
          this.heard = performance.now();
          this.attempts = 0;
          this.lost(false);
          work(JSON.parse(event.data));
        });
      handle("state", (state) => this.take(state));
      handle("order", (order) => this.obey(order));
      // The center itself ended it, of this screen alone: there is nothing to wait for.
      handle("over", () => {
        source.close();
        this.reopen();
      });
      handle("heartbeat", (beat) => this.setClock(beat.at));
      source.addEventListener("error", () => source === this.source && this.fail());
    }

    fail() {
      this.source.close();
      this.source = null;
      this.lost(true);
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.reopen(), waitAfter(this.attempts));
      this.attempts += 1;
    }

    /** Whether this is a paired screen still: one that was revoked goes back to a code. */
    async reopen() {
      try {
        if ((await Pairing.standing()).state !== "paired") return this.unpair();
      } catch {
        // Nobody is there: the stream is tried all the same, and fails the same way.
      }
      this.open();
    }

    unpair() {
      this.clear();
      this.pairing.start();
    }

    clear() {
      clearTimeout(this.timer);
      if (this.source) this.source.close();
      this.source = null;
      this.state = null;
      this.frames.show([], "", false);
      this.lost(false);
      for (const part of ["message", "name"]) document.getElementById(`stage-${part}`).hidden = true;
      delete root.dataset.mode;
      delete root.dataset.night;
      window.dispatchEvent(new CustomEvent("stage-state", { detail: null }));
    }

    watch() {
      this.kept.look(this.frames.window);
      if (this.source && performance.now() - this.heard > SILENCE) this.fail();
    }

    take(state) {
      this.setClock(state.at);
      this.apply(state);
      this.kept.told(state, this.offset);
    }

    apply(state) {
      this.state = state;
      const { screen, showing, layout } = state;
      root.dataset.mode = showing.mode;
      root.dataset.night = String(showing.night);
      const look = new URLSearchParams({ on: "screen" });
      if (screen) {
        look.set("lang", screen.language);
        look.set("theme", screen.theme);
        root.dataset.theme = screen.theme;
        root.lang = screen.language === "en" ? "en" : "zh-CN";
        document.title = screen.title[screen.language];
        canvas.arrange(screen, layout);
      }
      if (showing.mode === "visit") look.set("visit", "1");
      const pages = showing.pages.map((page) => ({ ...page, room: layout.rooms[page.path] }));
      this.frames.show(pages, look.toString(), showing.held);
      this.say("message", showing.message || "");
      this.name(showing.identified ? screen : null);
      window.dispatchEvent(new CustomEvent("stage-state", { detail: state }));
    }

    /** Which screen this is, large enough for the room. */
    name(screen) {
      const node = document.getElementById("stage-name");
      node.hidden = !screen;
      if (!screen) return;
      const { language, title, room } = screen;
      node.querySelector("b").textContent = screen.number;
      node.querySelector("span").textContent = room ? `${title[language]}\n${room[language]}` : title[language];
    }

    say(part, text) {
      const node = document.getElementById(`stage-${part}`);
      node.hidden = !text;
      if (node.textContent !== text) node.textContent = text;
    }

    /** What is over at once; all else comes with the state. */
    obey(order) {
      if (order.kind === "next") this.frames.skip();
      if (order.kind === "reload") this.reload();
    }

    /** Only where somebody is there to answer: else the browser would show its own error for ever. */
    async reload() {
      try {
        const answer = await fetch("/healthz", { cache: "no-store" });
        if (answer.ok) location.reload();
      } catch (error) {
        this.note(`reload: ${error.message}`);
      }
    }

    lost(away) {
      // The page that is shown says by itself how old it is; without one it is said here.
      document.getElementById("stage-lost").hidden = !away || Boolean(this.frames.path);
    }

    setClock(at) {
      const ms = Date.parse(at);
      if (!Number.isNaN(ms)) this.offset = (ms - Date.now()) / 1000;
    }

    // Heartbeats

    async beat() {
      if (!this.state) return;
      const body = JSON.stringify({
        page: this.frames.path.slice(0, 200),
        version: root.dataset.version,
        width: innerWidth,
        height: innerHeight,
        dpr: devicePixelRatio,
        frame_age: this.frameAge(),
        dropped: Math.round(this.dropped),
        heap: performance.memory ? performance.memory.usedJSHeapSize : null,
        uptime: performance.now() / 1000,
        clock_offset: this.offset,
        errors: this.errors,
      });
      try {
        const headers = { "content-type": "application/json" };
        const answer = await fetch("/wall/heartbeat", { method: "POST", body, headers });
        if (answer.ok) this.errors = [];
      } catch {
        // It is missed, which is what there is to say.
      }
    }

    /** Seconds since the page that is shown heard anything; null where that cannot be known. */
    frameAge() {
      try {
        const inner = this.frames.window;
        return Math.max(0, (inner.performance.now() - inner.CommandCenter.live.stream.heard) / 1000);
      } catch {
        return null;
      }
    }

    /** Frames that could not be drawn since the main thread was busy: pictures are not asked for,
        which would keep a still wall drawing. */
    countDropped() {
      if (!(window.PerformanceObserver && PerformanceObserver.supportedEntryTypes.includes("longtask"))) return;
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) this.dropped += entry.duration / FRAME - 1;
      }).observe({ type: "longtask" });
    }

    note(text) {
      this.errors = [...this.errors, text.slice(0, 200)].slice(-MOST_ERRORS);
    }
  }

  window.CommandCenter.stage = new Stage();
  window.CommandCenter.stage.pairing.start();
})();
