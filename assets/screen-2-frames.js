/* The pages of a screen in two frames of the same origin: one is shown, the next is prepared before its
   turn. The stage itself never navigates; a frame that is thrown away gives back all that it held. */
(() => {
  "use strict";
  const AHEAD = 20000; // the next page is prepared so long before it is shown
  const PATIENCE = 20000; // a page that is not there by then is skipped
  const LOOK = 250;

  class Frames {
    /** `onTrouble(text)` hears of pages that did not come. */
    constructor(root, onTrouble) {
      this.root = root;
      this.onTrouble = onTrouble;
      this.pages = [];
      this.query = "";
      this.at = 0;
      this.shown = null; // { frame, path, query, room }
      this.next = null; // { frame, path, ready }
      this.held = false;
      this.hurry = 1; // how many times sooner pages are turned, where a benchmark has little time
      this.timers = new Set();
    }

    /** What is to be shown in turn. The same again changes nothing. */
    show(pages, query, held) {
      const news = JSON.stringify([pages, query]);
      const same = news === this.news;
      this.news = news;
      const before = this.held;
      this.held = held;
      if (same) {
        if (held && !before) this.stay();
        else if (before && !held) this.plan();
        return;
      }
      this.pages = pages;
      this.query = query;
      this.at = 0;
      this.forget();
      if (!pages.length) this.drop();
      else if (this.shown && this.isOf(this.shown, pages[0])) this.plan();
      else this.turn(0, 0);
    }

    /** What is shown stays, also where the next was on its way. */
    stay() {
      if (!this.shown) return;
      this.forget();
      this.ticket = null;
    }

    /** The next page at once, as the desk wishes. */
    skip() {
      if (this.pages.length > 1) this.turn((this.at + 1) % this.pages.length, 0);
    }

    /** The page that is shown anew, once it is ready: it was made with an older catalogue. */
    renew() {
      if (this.pages.length) this.turn(this.at, 0);
    }

    get path() {
      return this.shown ? this.shown.path : "";
    }

    get window() {
      return this.shown ? this.shown.frame.contentWindow : null;
    }

    /** When the page that is shown has had its time. */
    plan() {
      this.forget();
      if (this.pages.length < 2 || this.held) return;
      const dwell = (this.pages[this.at].dwell * 1000) / this.hurry;
      const next = (this.at + 1) % this.pages.length;
      this.later(() => this.prepare(next), Math.max(0, dwell - AHEAD));
      this.later(() => this.turn(next, 0), dwell);
    }

    /** Show a page as soon as it is ready; `failed` pages before it did not come. */
    async turn(index, failed) {
      this.forget();
      const ticket = (this.ticket = {});
      const candidate = this.prepare(index);
      const ready = await candidate.ready;
      if (ticket !== this.ticket) return;
      if (ready || !this.shown) {
        this.at = index;
        this.swap(candidate);
        if (ready) return this.plan();
        // The first page: better what there is of it than nothing, and another try.
        this.onTrouble(`${candidate.path}: not ready`);
        this.later(() => this.turn(index, 0), LOOK);
        return;
      }
      // What is shown stays: a wall is never blank. The page after the one that failed is tried.
      this.onTrouble(`${candidate.path}: skipped`);
      this.discard();
      const others = this.pages.length > 1 && failed < this.pages.length - 1;
      this.later(() => this.turn(others ? (index + 1) % this.pages.length : index, others ? failed + 1 : 0), others ? 0 : PATIENCE);
    }

    prepare(index) {
      const { path, room } = this.pages[index];
      if (this.next && this.isOf(this.next, this.pages[index])) return this.next;
      this.discard();
      const frame = document.createElement("iframe");
      frame.className = "stage-frame";
      frame.title = path;
      frame.src = window.CommandCenter.canvas.layOut(frame, path, this.query, room);
      this.next = { frame, path, query: this.query, room: String(room), ready: this.untilReady(frame) };
      this.root.append(frame);
      return this.next;
    }

    /** Whether a frame holds a page as it is to be seen now. */
    isOf(candidate, page) {
      return candidate.path === page.path && candidate.query === this.query && candidate.room === String(page.room);
    }

    swap(candidate) {
      const before = this.shown;
      this.shown = candidate;
      this.next = null;
      candidate.frame.classList.add("is-shown");
      if (before) before.frame.remove();
    }

    discard() {
      if (this.next) this.next.frame.remove();
      this.next = null;
    }

    /** Nothing is shown: the screen is dark. */
    drop() {
      this.ticket = null;
      this.discard();
      if (this.shown) this.shown.frame.remove();
      this.shown = null;
    }

    /** Whether a frame's page is there, with its first numbers; false after a while. */
    untilReady(frame) {
      const until = performance.now() + PATIENCE;
      return new Promise((resolve) => {
        const look = () => {
          if (!frame.isConnected) resolve(false);
          else if (Frames.isReady(frame)) resolve(true);
          else if (performance.now() > until) resolve(false);
          else setTimeout(look, LOOK);
        };
        setTimeout(look, LOOK);
      });
    }

    static isReady(frame) {
      try {
        const { document: inner, CommandCenter: center } = frame.contentWindow;
        const place = inner.getElementById("page");
        const live = center && center.live;
        return Boolean(place && place.firstElementChild && live && live.stream.seq !== null);
      } catch {
        return false; // A page of the browser itself, such as that of an error.
      }
    }

    later(work, milliseconds) {
      const timer = setTimeout(() => {
        this.timers.delete(timer);
        work();
      }, milliseconds);
      this.timers.add(timer);
    }

    forget() {
      for (const timer of this.timers) clearTimeout(timer);
      this.timers.clear();
    }
  }

  (window.CommandCenter ??= {}).Frames = Frames;
})();
