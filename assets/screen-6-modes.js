/* What is said above the picture (a drill, a response), and the key by which a visit is left at the
   screen itself. */
(() => {
  "use strict";
  const { stage } = window.CommandCenter;
  const root = document.documentElement;

  /** A strip above the picture, which makes room for it. */
  const say = (part, text, node = document.getElementById(`stage-${part}`)) => {
    document.getElementById(`stage-${part}`).hidden = !text;
    root.dataset[part] = String(Boolean(text));
    if (node.textContent !== text) node.textContent = text;
  };

  const show = (state) => {
    const said = (state && state.said) || {};
    say("drill", said.drill || "", document.querySelector("#stage-drill b"));
    say("response", said.response || "");
    // Else the page that was touched last would be given the key.
    if (isVisit() && document.activeElement) document.activeElement.blur();
    cover();
  };

  /** What is shown still while the first page for guests is on its way: it stays, without what they are
      not to see. */
  const cover = () => {
    const { shown } = stage.frames;
    try {
      const own = shown && new URLSearchParams(shown.query).has("visit");
      shown.frame.contentDocument.documentElement.dataset.visit = String(isVisit() && !own);
    } catch {
      // Nothing is shown, or a page of the browser itself.
    }
  };

  const isVisit = () => Boolean(stage.state && stage.state.showing.mode === "visit");

  const leave = async () => {
    try {
      const answer = await fetch("/wall/exit", { method: "POST", body: "{}", headers: { "content-type": "application/json" } });
      if (!answer.ok) throw new Error(String(answer.status));
    } catch (error) {
      stage.note(`exit: ${error.message}`);
    }
  };

  window.addEventListener("stage-state", (event) => show(event.detail));
  window.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && isVisit()) leave();
  });
})();
