/* What pages ask the browser: whether it shows them light or dark and how large, for charts that no
   style sheet reaches (`assets/shell.js` writes the theme on the document), and to show the part
   that an address names once the page is there. */
(() => {
  "use strict";
  const root = document.documentElement;
  const PATIENCE = 10000; // Milliseconds in which a page comes, or its part is not looked for.
  const MENDING = 10000; // Longer than the server waits for its answers, so that none is asked twice.

  const theme = () => {
    const chosen = root.dataset.theme;
    if (chosen === "dark" || chosen === "light") return chosen;
    return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  };

  // Against a root of 16 pixels, which a large screen makes larger.
  const scale = () => Math.round((parseFloat(getComputedStyle(root).fontSize) / 16) * 100) / 100;

  const phone = matchMedia("(max-width: 48rem)");

  const scheme = () => ({ theme: theme(), scale: scale() || 1, narrow: phone.matches });

  const tellCharts = () => {
    const place = document.querySelector("[data-scheme]");
    if (place) window.dash_clientside.set_props(place.dataset.scheme, { data: scheme() });
  };

  const showPart = () => {
    const name = decodeURIComponent(location.hash.slice(1));
    const until = performance.now() + PATIENCE;
    const look = () => {
      const part = name && document.getElementById(name);
      if (part && part.closest(".page")) part.scrollIntoView();
      else if (name && performance.now() < until) setTimeout(look, 100);
    };
    look();
  };

  // What is still covered by a sign of waiting takes no focus.
  const focusWhenShown = (node, until) => {
    if (!node || document.activeElement === node || performance.now() > until) return;
    node.focus({ preventScroll: true });
    requestAnimationFrame(() => focusWhenShown(node, until));
  };

  /** Rows that were asked for are shown to the eye and to the keyboard, whose button may be gone. */
  const showRows = (event) => {
    const button = event.target instanceof Element && event.target.closest("[data-rows-ask]");
    const near = button && (button.closest(".list-item") || document);
    const box = near && near.querySelector(".rows-box");
    if (!box) return;
    const come = new MutationObserver(() => {
      come.disconnect();
      box.closest(".panel").scrollIntoView({ block: "nearest" });
      focusWhenShown(box.querySelector("[tabindex]"), performance.now() + 1000);
    });
    come.observe(box, { childList: true });
  };

  /** Dash's menus have a place for the keyboard that is hidden from screen readers though it can be
      reached: it gets the name of its menu instead. */
  const nameMenus = (records) => {
    // Numbers change all the time, and bring texts only.
    if (!records.some(({ addedNodes }) => [...addedNodes].some((node) => node.nodeType === Node.ELEMENT_NODE))) return;
    place();
    for (const target of document.querySelectorAll(".dash-dropdown-focus-target[aria-hidden]")) {
      const named = target.closest("[aria-label], fieldset");
      const legend = named && named.querySelector("legend");
      target.removeAttribute("aria-hidden");
      target.setAttribute("aria-label", (named && named.getAttribute("aria-label")) || (legend ? legend.textContent : ""));
    }
  };

  // A window that is moved to a larger screen, or turned: charts follow.
  let told = JSON.stringify(scheme());
  const onResize = () => {
    const now = JSON.stringify(scheme());
    if (now !== told) tellCharts();
    told = now;
  };

  // An answer that was long under way may draw charts as the page was shown when it was asked for.
  const said = () => `${theme()} ${Math.min(Math.max(scale() || 1, 0.5), 4).toFixed(2)}${phone.matches ? " narrow" : ""}`;
  const mend = () => {
    const now = said();
    const plots = [...document.querySelectorAll(".page .js-plotly-plot")];
    if (plots.some(({ layout }) => layout && layout.meta && layout.meta !== now)) tellCharts();
  };
  setInterval(mend, MENDING);

  /** A chart is as wide as its place at once: what was drawn for another width is not looked at. */
  const fit = (plot) => {
    const { _fullLayout: drawn, clientWidth: wide, clientHeight: high } = plot;
    if (!drawn || !wide || !high) return;
    const fits = Math.abs(drawn.width - wide) <= 1 && Math.abs(drawn.height - high) <= 1;
    const size = fits ? "" : `${wide} ${high}`;
    const again = tried.get(plot) === size;
    tried.set(plot, size);
    if (fits || again) return; // What one drawing did not make fit, the next would not either.
    window.Plotly.relayout(plot, { autosize: true, width: null, height: null });
  };
  const sized = new ResizeObserver((entries) => entries.forEach(({ target }) => fit(target)));
  const placed = new WeakSet();
  const tried = new WeakMap();
  const place = () => {
    for (const plot of document.querySelectorAll(".page .js-plotly-plot")) {
      if (placed.has(plot) || !plot.on) continue;
      placed.add(plot);
      sized.observe(plot);
      // Drawn anew while its place became another, it has the width of before.
      plot.on("plotly_afterplot", () => requestAnimationFrame(() => fit(plot)));
    }
  };

  window.dash_clientside = window.dash_clientside || {};
  window.dash_clientside.pages = { scheme };
  new MutationObserver(nameMenus).observe(root, { childList: true, subtree: true });
  new MutationObserver(tellCharts).observe(root, {
    attributes: true,
    attributeFilter: ["data-theme"],
  });
  window.addEventListener("_dashprivate_pushstate", showPart);
  window.addEventListener("popstate", showPart);
  document.addEventListener("click", showRows);
  window.addEventListener("resize", onResize);
  showPart();
})();
