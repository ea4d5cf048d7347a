/* What the things of the map are drawn from, asked of the web: points whose version is new, the parts
   of indicators, and the classes of a layer where its points were put into others. */
(() => {
  "use strict";
  const { live } = window.CommandCenter;
  const SOON = 3000; // ms between two questions for the parts of one indicator

  class Asked {
    /** `answered(taken)` is told of each answer, and of each that did not come. */
    constructor(answered) {
      this.answered = answered;
      this.failed = new Set();
      this.under = new Map(); // thing -> what is under way for it
    }

    /** Fetch what things lack: points whose version is not the stream's, and parts. */
    refresh(things, everything) {
      for (const thing of things) {
        const { key, kind, place } = thing.config;
        if (kind === "indicator") {
          if (everything || !thing.told || this.behind(thing)) this.ask(thing, `/api/map/values/${thing.config.indicator}?by=${thing.config.by}`);
          continue;
        }
        const told = live.stream.sections.layers.get(place);
        if (told ? told.version !== thing.version : !thing.version) this.ask(thing, `/api/map/points/${key}`);
      }
    }

    /** Whether its number on the screen is of another time than its parts that are drawn. */
    behind(thing) {
      const reading = live.stream.sections.readings.get(thing.config.indicator);
      const known = thing.told.as_of ?? null;
      return Boolean(reading) && reading.as_of !== known && performance.now() - thing.askedAt > SOON;
    }

    ask(thing, address) {
      if (this.under.has(thing)) return;
      thing.askedAt = performance.now();
      const asked = this.fetch(thing, address).finally(() => this.under.delete(thing));
      this.under.set(thing, asked);
    }

    async fetch(thing, address) {
      let taken = false;
      try {
        taken = await this.take(thing, await this.had(address));
        this.failed.delete(thing);
      } catch {
        this.failed.add(thing); // Said beside the layer; asked again with the next frame or beat.
      }
      this.answered(taken);
    }

    async had(address) {
      const answer = await fetch(address);
      if (!answer.ok) throw new Error(answer.statusText);
      return answer;
    }

    /** Whether it is other than what is drawn. What was classed by another catalogue than the page's
        is drawn with that one's classes, and not before the web knows them: else what is online might
        be called offline. */
    async take(thing, answer) {
      const tag = answer.headers.get("etag");
      if (tag && tag === thing.tag) return false;
      const body = await answer.json();
      if (thing.fits && !thing.fits(body)) {
        const layers = await (await this.had("/api/map/layers")).json();
        const found = layers.find(({ key }) => key === thing.config.key);
        if (!found || found.classed !== body.classed) throw new Error("classes");
        thing.reclass(found);
      }
      thing.take(body);
      thing.tag = tag;
      return true;
    }
  }

  (window.CommandCenter ??= {}).Asked = Asked;
})();
