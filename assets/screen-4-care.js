/* What a screen does for itself while nobody is near: its picture moves a little so that nothing burns in,
   what hangs or grows is mended by steps, and new scripts are taken up at a moment that disturbs nobody. */
(() => {
  "use strict";
  const { stage } = window.CommandCenter;
  const GLIDE = 60000; // between two places of the picture
  const FARTHEST = 12; // px to either side, so 24 between the farthest two
  const LOOK = 10000;
  const OLD = 60; // seconds: heartbeats come every 15
  const FULL = 0.7; // of what the browser lets a page hold
  const PATIENT_LOOKS = 3; // between two steps against the same trouble
  const SPREAD = 55000;
  const STEPS = ["redraw", "renew", "reload"];

  class Care {
    constructor() {
      this.drawn = true;
      this.looks = 0; // in a row that found trouble
      this.newer = "";
      this.timer = 0;
      setInterval(() => this.glide(), GLIDE);
      setInterval(() => this.look(), LOOK);
    }

    /** The picture stands elsewhere a minute later; the style has it glide there. */
    glide(random = Math.random) {
      const place = () => Math.round((2 * random() - 1) * FARTHEST);
      document.getElementById("stage").style.transform = `translate(${place()}px, ${place()}px)`;
    }

    look() {
      const trouble = this.trouble();
      this.askForDrawing();
      if (trouble) this.mend(trouble);
      else this.looks = 0;
      this.renewItself();
    }

    /** What is the matter with the page that is shown; empty where nothing is, or nothing can be known. */
    trouble() {
      if (!stage.state || !stage.frames.path) return "";
      const memory = performance.memory;
      if (memory && memory.usedJSHeapSize > FULL * memory.jsHeapSizeLimit) return "heap";
      if (!this.drawn && !document.hidden) return "drawing";
      // Where the center is away nothing comes, and the page says so by itself.
      const heard = stage.source && performance.now() - stage.heard < 2 * LOOK;
      return heard && stage.frameAge() > OLD ? "frame age" : "";
    }

    /** Whether pictures are still drawn is known at the next look. */
    askForDrawing() {
      this.drawn = false;
      requestAnimationFrame(() => {
        this.drawn = true;
      });
    }

    /** A step at a time: the page is drawn anew, then exchanged for a fresh one, which gives back all
        that it held, then the stage loads itself anew. */
    mend(trouble) {
      const step = this.looks % PATIENT_LOOKS === 0 ? STEPS[Math.min(this.looks / PATIENT_LOOKS, STEPS.length - 1)] : "";
      this.looks += 1;
      if (!step) return;
      stage.note(`${trouble}: ${step}`);
      if (step === "redraw" && stage.frames.window) stage.frames.window.dispatchEvent(new Event("resize"));
      else if (step === "renew") stage.frames.renew();
      else if (step === "reload") stage.reload();
    }

    /** Newer scripts of the stage: not all screens at one moment, and not while a matter is critical. */
    renewItself() {
      const told = stage.state ? stage.state.version : "";
      const shown = document.documentElement.dataset.version;
      if (!told || told === shown) return;
      if (this.newer !== told) {
        this.newer = told;
        this.from = performance.now() + Math.random() * SPREAD;
      }
      if (performance.now() >= this.from && !this.critical()) stage.reload();
    }

    /** Whether a matter has the wall, or an alarm is open that the page knows of. */
    critical() {
      if (stage.state && stage.state.showing.mode === "taken") return true;
      try {
        const { matters } = stage.frames.window.CommandCenter.live.stream.sections;
        return [...matters.values()].some((matter) => matter.level === "alarm");
      } catch {
        return false; // A page of the browser itself knows of none.
      }
    }
  }

  window.CommandCenter.care = new Care();
})();
