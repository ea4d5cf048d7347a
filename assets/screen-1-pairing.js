/* A browser that is no screen yet: it shows a code of six digits and its QR until somebody enters it,
   for weeks if need be. The code renews itself; an outage is waited out. */
(() => {
  "use strict";
  const { waitAfter } = window.CommandCenter;
  const EVERY = 2000;
  const PATIENCE = 5000;

  class Pairing {
    /** `onPaired(screen)` is called once the browser holds the token of a device, `onUnpaired()` before a
        code is shown, `onSilent()` where nobody answers. */
    constructor(onPaired, onUnpaired, onSilent) {
      this.onPaired = onPaired;
      this.onUnpaired = onUnpaired;
      this.onSilent = onSilent;
      this.timer = 0;
      this.failures = 0;
      this.running = false;
      this.shown = "";
    }

    start() {
      if (this.running) return;
      this.running = true;
      this.ask();
    }

    stop() {
      this.running = false;
      clearTimeout(this.timer);
      this.node("").hidden = true;
    }

    /** How the pairing of this browser stands. Fails where nobody says so. */
    static async standing() {
      const headers = { "content-type": "application/json" };
      const answer = await fetch("/wall/pairing", { method: "POST", body: "{}", headers, signal: AbortSignal.timeout(PATIENCE) });
      if (!answer.ok) throw new Error(String(answer.status));
      return answer.json();
    }

    async ask() {
      try {
        const told = await Pairing.standing();
        if (!this.running) return;
        this.failures = 0;
        this.lost(false);
        if (told.state === "paired") {
          this.stop();
          this.onPaired(told.screen);
          return;
        }
        if (told.code !== this.shown) await this.onUnpaired();
        this.show(told);
      } catch {
        this.failures += 1;
        await this.onSilent(this.failures);
      }
      if (!this.running) return;
      const wait = this.failures ? waitAfter(this.failures) : EVERY * (0.75 + Math.random() / 2);
      this.timer = setTimeout(() => this.ask(), wait);
    }

    show(told) {
      this.node("").hidden = false;
      if (told.code === this.shown) return;
      this.shown = told.code;
      this.node("-code").textContent = `${told.code.slice(0, 3)} ${told.code.slice(3)}`;
      this.node("-address").textContent = told.address;
      const picture = this.node("-qr");
      picture.src = told.qr;
      picture.hidden = false;
    }

    lost(away) {
      document.getElementById("stage-lost").hidden = !away;
    }

    node(part) {
      return document.getElementById(`pairing${part}`);
    }
  }

  (window.CommandCenter ??= {}).Pairing = Pairing;
})();
