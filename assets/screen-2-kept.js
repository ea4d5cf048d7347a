/* What a stage shows where it starts without its center: the state and the newest numbers that it was
   told, kept in the browser, and a worker (stage-worker.js) that keeps the pages. All of it says of when
   it is; all of it goes when the screen is no longer paired. Where a browser keeps nothing (plain HTTP
   from another machine) everything else goes on as it is. */
(() => {
  "use strict";
  const PLACE = "cc-shown";
  const WORKER = "/wall/worker";
  const EVERY = 60000; // so old may the numbers be that are kept where nobody noticed the loss
  const PATIENCE = 4000;
  const version = document.documentElement.dataset.version;

  const read = async (name) => {
    const found = await (await caches.open(PLACE)).match(`/wall/${name}`);
    return found ? found.json() : null;
  };

  const write = async (name, value) => (await caches.open(PLACE)).put(`/wall/${name}`, Response.json(value));

  const until = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

  class Kept {
    constructor() {
      this.able = window.isSecureContext && "caches" in window && "serviceWorker" in navigator;
      this.worker = null;
      this.at = -EVERY; // when numbers were kept
      this.newest = ""; // the time of those
      this.settled = false;
    }

    /** What the browser lets be done; a disk that is full, or a browser that forbids it, stops nothing else. */
    async tried(work) {
      if (!this.able) return null;
      try {
        return await work();
      } catch (error) {
        window.CommandCenter.stage.note(`kept: ${error.message}`);
        return null;
      }
    }

    /** What was told last; null where nothing is kept, or by other scripts than these. */
    async state() {
      const found = await this.tried(() => read("state"));
      return found && found.version === version ? found : null;
    }

    /** The newest numbers; a page asks that was opened while nobody is there. */
    frame() {
      return this.tried(() => read("frame"));
    }

    /** Before anything is shown: what a page is made of has to pass the worker to be kept. */
    begin() {
      return this.tried(() => Promise.race([this.install(), until(PATIENCE)]));
    }

    async install() {
      const registered = await navigator.serviceWorker.register(`${WORKER}?v=${version}`, { scope: "/" });
      const worker = registered.installing || registered.waiting || registered.active;
      while (worker.state !== "activated") {
        await new Promise((done) => worker.addEventListener("statechange", done, { once: true }));
      }
      this.worker = worker;
      worker.postMessage({ begin: true });
      for (let waited = 0; waited < PATIENCE && !this.isIn(worker); waited += 50) await until(50);
    }

    isIn(worker) {
      return (navigator.serviceWorker.controller || {}).scriptURL === worker.scriptURL;
    }

    /** Another state, or another screen: nothing of the one before is shown again. */
    told(state, offset) {
      return this.tried(async () => {
        if (!state.screen) return;
        const before = await read("state");
        if (before && before.state.screen.key !== state.screen.key) await this.empty();
        await write("state", { version, state, offset });
      });
    }

    /** Called once a second with the window of the page that is shown. */
    look(inner) {
      const { stream } = (inner && inner.CommandCenter && inner.CommandCenter.live) || {};
      if (!this.able || !stream || stream.since === null || stream.recalled) return;
      this.settle();
      const newest = String(stream.since);
      if (newest === this.newest || (stream.connected && performance.now() - this.at < EVERY)) return;
      this.newest = newest;
      this.at = performance.now();
      this.tried(() => write("frame", stream.frame()));
    }

    /** Once, when a page is shown: what the stage was loaded with before the worker was there. */
    settle() {
      if (this.settled || !this.worker) return;
      this.settled = true;
      const own = performance.getEntriesByType("resource").map((entry) => new URL(entry.name));
      const things = own.filter(({ origin, pathname }) => origin === location.origin && /^\/(assets\/|_favicon)/.test(pathname));
      this.worker.postMessage({ keep: ["/wall", ...new Set(things.map(({ pathname, search }) => pathname + search))] });
    }

    /** The screen is no longer paired. */
    forget() {
      return this.tried(async () => {
        this.worker = null;
        this.settled = false;
        const registered = await navigator.serviceWorker.getRegistration("/");
        const workers = registered ? [registered.active, registered.waiting, registered.installing] : [];
        for (const worker of workers) if (worker) worker.postMessage({ forget: true });
        await this.empty();
        if (registered) await registered.unregister();
      });
    }

    async empty() {
      this.newest = "";
      for (const name of await caches.keys()) if (name === PLACE || name.startsWith("cc-stage-")) await caches.delete(name);
    }
  }

  (window.CommandCenter ??= {}).Kept = Kept;
})();
