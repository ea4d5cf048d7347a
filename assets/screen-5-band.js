/* The band of a critical matter: the worst alarm that is open, on every screen, whatever it shows. The
   matter itself comes onto the screen only when somebody at the desk lets it. */
(() => {
  "use strict";
  const { stage } = window.CommandCenter;
  const EVERY = 1000;
  const SIGN = "\u25b2";
  const MINUTE = 60000;

  /** Of the alarms the one that is due first, else the oldest. */
  const worst = (matters) =>
    matters.sort((a, b) => ((a.due || "~") + a.since < (b.due || "~") + b.since ? -1 : 1))[0] || null;

  const said = (matter, count, now, english) => {
    const minutes = Math.max(0, Math.floor((now - Date.parse(matter.since)) / MINUTE));
    const since = english ? `for ${minutes} min` : `\u5df2 ${minutes} \u5206`;
    const more = count < 2 ? "" : english ? `${count - 1} more` : `\u53e6\u6709 ${count - 1} \u9879`;
    return [`${SIGN} ${matter.title[english ? "en" : "zh"]}`, since, more].filter(Boolean).join("\u3000");
  };

  const show = () => {
    const node = document.getElementById("stage-band");
    let open = [];
    try {
      const { stream } = stage.frames.window.CommandCenter.live;
      open = [...stream.sections.matters.values()].filter((one) => one.level === "alarm" && one.kind !== "feed");
    } catch {
      return; // No page is shown, or one that knows of nothing: what was said stays until it is known.
    }
    // Guests see none: matters go to the desk alone.
    const silent = !stage.state || ["off", "visit"].includes(stage.state.showing.mode);
    const matter = silent ? null : worst(open);
    node.hidden = !matter;
    document.documentElement.dataset.band = String(Boolean(matter));
    if (!matter) return;
    const now = Date.now() + 1000 * (stage.offset || 0);
    const text = said(matter, open.length, now, document.documentElement.lang === "en");
    if (node.textContent !== text) node.textContent = text;
  };

  setInterval(show, EVERY);
})();
