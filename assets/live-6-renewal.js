/* A wall that nobody touches takes up a new catalogue by itself: it loads itself anew, not all walls
   at one moment, and only where somebody is there to answer. A browser that loads a page from a
   server that is just being started again would show its own error page for ever. */
(() => {
  "use strict";
  const KEPT = "cc-renewed";
  const FIRST = 2000;
  const SPREAD = 8000;
  const AGAIN = 60000; // the web may still know the old version: then once a minute, not in a circle

  class Renewal {
    constructor() {
      this.timer = 0;
    }

    /** Called whenever something is heard: `version` is what the collector goes by, `shown` what
        this page was made with. */
    hear(version, shown) {
      if (!version || !shown || version === shown || this.timer) return;
      if (document.documentElement.dataset.kind === "page") return;
      const [tried, at] = (sessionStorage.getItem(KEPT) || "").split("|");
      const rest = tried === version ? Math.max(0, Number(at) + AGAIN - Date.now()) : 0;
      this.timer = setTimeout(() => this.renew(version), rest + FIRST + Math.random() * SPREAD);
    }

    async renew(version) {
      try {
        const answer = await fetch("/healthz", { cache: "no-store" });
        if (!answer.ok) return;
      } catch {
        return; // Nobody is there; what is heard next leads here again.
      } finally {
        this.timer = 0;
      }
      sessionStorage.setItem(KEPT, `${version}|${Date.now()}`);
      const { stage } = (window.parent !== window && window.parent.CommandCenter) || {};
      // A stage has the new page ready before it shows it.
      if (stage) stage.frames.renew();
      else location.reload();
    }
  }

  (window.CommandCenter ??= {}).Renewal = Renewal;
})();
