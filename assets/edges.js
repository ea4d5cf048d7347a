/* What goes on to the side says so: the bar of pages on a phone and tables that are wider than the
   screen fade where there is more (assets/edges.css), and a table says it in words. */
(() => {
  "use strict";
  const BOXES = ".navigation, .table-box";
  const SLACK = 2; // Pixels that rounding makes.
  const known = new WeakSet();
  let waiting = 0;

  const set = (box, name, value) => {
    if ((box.dataset[name] || "") === value) return;
    if (value) box.dataset[name] = value;
    else delete box.dataset[name];
  };

  /** On which sides of a box there is more of it. */
  const tell = (box) => {
    const { scrollLeft, scrollWidth, clientWidth } = box;
    const before = scrollLeft > SLACK;
    const after = scrollWidth - clientWidth - scrollLeft > SLACK;
    set(box, "more", [before ? "before" : "", after ? "after" : ""].filter(Boolean).join(" "));
    if (!box.matches(".table-box")) return;
    const words = window.CommandCenter?.text?.context.words;
    set(box, "hint", scrollWidth - clientWidth > SLACK && words ? words.more_sideways : "");
  };

  /** The page that is shown stands in sight in the bar. */
  const showCurrent = () => {
    const bar = document.querySelector(".navigation");
    const link = bar && bar.querySelector("[aria-current=page]");
    if (!link || bar.scrollWidth - bar.clientWidth <= SLACK) return;
    const [outer, inner] = [bar.getBoundingClientRect(), link.getBoundingClientRect()];
    bar.scrollLeft += inner.left + inner.width / 2 - outer.left - outer.width / 2;
  };

  const sized = new ResizeObserver((entries) => {
    for (const { target } of entries) tell(target.matches(BOXES) ? target : target.closest(BOXES));
  });

  const find = () => {
    waiting = 0;
    for (const box of document.querySelectorAll(BOXES)) {
      if (known.has(box)) continue;
      known.add(box);
      box.addEventListener("scroll", () => tell(box), { passive: true });
      sized.observe(box);
      for (const part of box.children) sized.observe(part);
      tell(box);
      if (box.matches(".navigation")) showCurrent();
    }
  };

  const later = () => {
    waiting ||= requestAnimationFrame(find);
  };

  // Numbers change all the time, and bring texts only.
  const come = (records) => {
    if (records.some(({ addedNodes }) => [...addedNodes].some((node) => node.nodeType === Node.ELEMENT_NODE))) later();
  };

  new MutationObserver(come).observe(document.documentElement, { childList: true, subtree: true });
  for (const name of ["_dashprivate_pushstate", "popstate"]) {
    window.addEventListener(name, () => requestAnimationFrame(showCurrent));
  }
  later();
})();
