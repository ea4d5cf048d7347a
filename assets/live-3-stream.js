/* The connection to /live, and the newest frame it brought. Never gives up: an EventSource that failed,
   or that nothing was heard from, is replaced, with jitter (live-0-retry.js). The browser's own way of
   trying again is not used: all screens would be back at one moment after the web was. */
(() => {
  "use strict";
  const { waitAfter } = window.CommandCenter;
  const SECTIONS = ["readings", "sparks", "matters", "feeds", "facts", "layers"];
  const SILENCE = 40000;
  const QUIET = 2000; // on a wall: after that it is asked whether anybody is there
  const ANSWER = 1500;

  class Stream {
    /** `onChange(sections)` after each event: per section the keys that changed, or null for all. */
    constructor(url, onChange, onConnection) {
      this.url = url;
      this.onChange = onChange;
      this.onConnection = onConnection;
      this.kept = async () => null; // the newest frame of before, where a stage kept one
      this.sections = Object.fromEntries(SECTIONS.map((name) => [name, new Map()]));
      this.connected = false;
      this.since = null; // server's time of the newest event, in ms
      this.seq = null;
      this.last = ""; // id of the newest event: whoever comes back with it is given what was missed
      this.offset = 0; // server's clock minus this one's, in ms
      this.heard = 0;
      this.attempts = 1; // What never was alive is not lost with all others: it is tried again soon.
      this.source = null;
      this.timer = 0;
      this.asked = 0;
      this.asking = false;
      this.recalled = false;
      window.addEventListener("offline", () => this.source && !this.timer && this.fail());
    }

    now() {
      return Date.now() + this.offset;
    }

    open() {
      clearTimeout(this.timer);
      this.timer = 0;
      if (this.source) this.source.close();
      this.heard = performance.now();
      const source = new EventSource(this.last ? `${this.url}?last=${encodeURIComponent(this.last)}` : this.url);
      this.source = source;
      const guarded = (handle) => (event) => {
        if (source !== this.source) return;
        this.heard = performance.now();
        handle(event);
      };
      source.addEventListener("open", guarded(() => {}));
      source.addEventListener("snapshot", guarded((event) => this.take(event, true)));
      source.addEventListener("delta", guarded((event) => this.take(event, false)));
      source.addEventListener("heartbeat", guarded((event) => this.beat(event)));
      source.addEventListener("error", () => source === this.source && this.fail());
    }

    fail() {
      this.source.close();
      this.setConnected(false);
      if (this.seq === null) this.recall();
      this.retry();
    }

    retry() {
      if (this.timer) return;
      this.timer = setTimeout(() => this.open(), waitAfter(this.attempts));
      this.attempts += 1;
    }

    /** Called once a second: what is silent for too long is not alive. */
    watch() {
      if (this.timer || !this.source) return;
      const now = performance.now();
      if (now - this.heard > SILENCE) {
        this.last = ""; // What is long silent may be out of step: it begins anew.
        this.fail();
      } else if (now - Math.max(this.heard, this.asked) > QUIET && document.documentElement.dataset.kind !== "page") this.ask(this.source);
    }

    /** A cable that was pulled tells nobody, and a quiet city sends nothing: a wall, of which there are
        few, asks, so that it says within seconds what it is. */
    async ask(source) {
      if (this.asking) return;
      this.asking = true;
      const before = this.heard;
      let there = false;
      try {
        there = (await fetch("/healthz", { cache: "no-store", signal: AbortSignal.timeout(ANSWER) })).ok;
      } catch {
        there = false; // Nobody is there, or too far away.
      }
      this.asking = false;
      this.asked = performance.now();
      if (!there && source === this.source && before === this.heard && !this.timer) this.fail();
    }

    /** The frame that a stage kept, where nothing came yet: with the time of then, and not connected. */
    async recall() {
      const frame = await this.kept();
      if (!frame || this.seq !== null) return;
      this.recalled = true;
      this.offset = frame.offset;
      this.since = Date.parse(frame.at);
      this.seq = frame.seq;
      for (const name of SECTIONS) this.merge(name, frame[name] || {}, true);
      this.onChange(Object.fromEntries(SECTIONS.map((name) => [name, null])));
      this.setConnected(false);
    }

    /** The newest frame as a stage keeps it. */
    frame() {
      const sections = SECTIONS.map((name) => [name, Object.fromEntries(this.sections[name])]);
      return { seq: this.seq, at: new Date(this.since).toISOString(), offset: this.offset, ...Object.fromEntries(sections) };
    }

    /** A heartbeat: the web is there; `connected` false says that what feeds it is not. */
    beat(event) {
      let said = {};
      try {
        said = JSON.parse(event.data);
      } catch {
        said = {}; // A heartbeat need not say anything.
      }
      const connected = said.connected !== false && this.seq !== null && !this.recalled;
      this.setClock(said.at, connected);
      this.setConnected(connected);
    }

    setClock(at, whole = true) {
      const ms = at ? Date.parse(at) : NaN;
      if (Number.isNaN(ms)) return;
      if (whole) this.since = ms;
      const offset = ms - Date.now();
      // A frame that was long under way would make everything look younger: the largest of recent
      // offsets is the truest, drifting slowly so that a corrected clock is followed.
      this.offset = this.seq === null || this.recalled || Math.abs(offset - this.offset) > 5000
        ? offset
        : Math.max(offset, this.offset - 1);
    }

    take(event, whole) {
      const frame = JSON.parse(event.data);
      this.setClock(frame.at);
      this.seq = frame.seq;
      this.last = event.lastEventId;
      const changed = {};
      for (const name of SECTIONS) changed[name] = this.merge(name, frame[name] || {}, whole);
      this.attempts = 0;
      this.recalled = false;
      this.setConnected(true);
      this.onChange(changed);
    }

    merge(name, entries, whole) {
      const section = this.sections[name];
      if (whole) section.clear();
      for (const [key, entry] of Object.entries(entries)) {
        if (entry === null) section.delete(key);
        else section.set(key, entry);
      }
      return whole ? null : Object.keys(entries);
    }

    setConnected(connected) {
      if (connected === this.connected && this.told) return;
      this.told = true;
      this.connected = connected;
      this.onConnection();
    }

    close() {
      clearTimeout(this.timer);
      if (this.source) this.source.close();
      this.source = null;
    }
  }

  (window.CommandCenter ??= {}).Stream = Stream;
})();
