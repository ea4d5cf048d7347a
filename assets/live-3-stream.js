/* The connection to /live, and the newest frame it brought. Never gives up: an EventSource that failed,
   or that nothing was heard from, is replaced, later and later, with jitter. The browser's own way of
   trying again is not used: all screens would be back at one moment after the web was. */
(() => {
  "use strict";
  const SECTIONS = ["readings", "sparks", "matters", "feeds", "facts", "layers"];
  const SILENCE = 40000;
  const FIRST_WAIT = 1000;
  const LONGEST_WAIT = 3000; // a wall is back within seconds of the web; refused connections cost it little

  class Stream {
    /** `onChange(sections)` after each event: per section the keys that changed, or null for all. */
    constructor(url, onChange, onConnection) {
      this.url = url;
      this.onChange = onChange;
      this.onConnection = onConnection;
      this.sections = Object.fromEntries(SECTIONS.map((name) => [name, new Map()]));
      this.connected = false;
      this.since = null; // server's time of the newest event, in ms
      this.seq = null;
      this.last = ""; // id of the newest event: whoever comes back with it is given what was missed
      this.offset = 0; // server's clock minus this one's, in ms
      this.heard = 0;
      this.attempts = 0;
      this.source = null;
      this.timer = 0;
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
      this.retry();
    }

    /** Milliseconds until what failed so many times is tried again: later and later, and not by all
        screens at one moment. */
    static waitAfter(attempts, longest = LONGEST_WAIT) {
      return Math.min(longest, FIRST_WAIT * 2 ** attempts) * (0.5 + Math.random() / 2);
    }

    retry() {
      if (this.timer) return;
      this.timer = setTimeout(() => this.open(), Stream.waitAfter(this.attempts));
      this.attempts = Math.min(this.attempts + 1, 10);
    }

    /** Called once a second: what is silent for too long is not alive. */
    watch() {
      if (this.timer || !this.source || performance.now() - this.heard <= SILENCE) return;
      this.last = ""; // What is long silent may be out of step: it begins anew.
      this.source.close();
      this.setConnected(false);
      this.retry();
    }

    /** A heartbeat: the web is there; `connected` false says that what feeds it is not. */
    beat(event) {
      let said = {};
      try {
        said = JSON.parse(event.data);
      } catch {
        said = {}; // A heartbeat need not say anything.
      }
      const connected = said.connected !== false && this.seq !== null;
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
      this.offset = this.seq === null || Math.abs(offset - this.offset) > 5000
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
