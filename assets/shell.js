/* The document around the application: its theme, its language, what kind of page it is, and moving
   between pages without loading them anew. Runs in the head, before anything is painted. */
(() => {
  "use strict";
  const root = document.documentElement;
  const YEAR = 365 * 24 * 3600;

  const stored = (name) => {
    const cookie = document.cookie.match(new RegExp(`(?:^|; )cc-${name}=([^;]*)`));
    if (cookie) return decodeURIComponent(cookie[1]);
    try {
      return localStorage.getItem(`cc-${name}`);
    } catch {
      return null; // Storage is forbidden here: the cookie, or nothing, decides.
    }
  };

  const store = (name, value) => {
    document.cookie = `cc-${name}=${value}; path=/; max-age=${YEAR}; samesite=lax`;
    try {
      localStorage.setItem(`cc-${name}`, value);
    } catch {
      // The cookie is enough.
    }
  };

  const isWall = () => location.pathname.startsWith("/wall/");
  // What a stage shows in a frame (`?on=screen`): nobody can press anything there.
  const isOnScreen = () => asked("on") === "screen";

  // Walls are dark and pages light until somebody chooses; pages then follow the browser's wish.
  const asked = (name) => new URLSearchParams(location.search).get(name);

  const themeInForce = () => {
    const chosen = asked("theme") || stored("theme");
    if (chosen === "dark" || chosen === "light") return chosen;
    return isWall() || matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  };

  const markCurrent = () => {
    for (const link of document.querySelectorAll(".nav-link")) {
      const path = link.getAttribute("href");
      if (path === location.pathname) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
  };

  // The room, in rem, in which a screen lays a wall out (`?room=120x67.5`); else its usual one counts.
  const markRoom = () => {
    const room = isWall() && /^(\d+\.?\d*)x(\d+\.?\d*)$/.exec(asked("room") || "");
    for (const [index, side] of ["wide", "high"].entries()) {
      if (room) root.style.setProperty(`--room-${side}`, room[index + 1]);
      else root.style.removeProperty(`--room-${side}`);
    }
  };

  const markDocument = () => {
    root.dataset.theme = themeInForce();
    root.dataset.kind = isWall() ? "wall" : isOnScreen() ? "screen" : "page";
    markRoom();
    root.lang = (asked("lang") || stored("lang")) === "en" ? "en" : "zh-CN";
    markCurrent();
  };

  const go = (path) => {
    moved = true;
    history.pushState({}, "", path);
    // What dcc.Link sends, so that dcc.Location takes notice.
    window.dispatchEvent(new CustomEvent("_dashprivate_pushstate"));
    window.scrollTo(0, 0);
  };

  /** What is chosen by a switch counts, not what the address asked for. */
  const forget = (name) => {
    const address = new URL(location.href);
    address.searchParams.delete(name);
    history.replaceState(history.state, "", address);
  };

  const onClick = (event) => {
    const target = event.target instanceof Element ? event.target : null;
    const control = target && target.closest("[data-switch]");
    if (control) {
      if (control.dataset.switch === "language") {
        store("lang", control.dataset.to);
        forget("lang");
        location.reload();
      } else {
        store("theme", root.dataset.theme === "dark" ? "light" : "dark");
        forget("theme");
        markDocument();
      }
      return;
    }
    const link = target && target.closest("a[data-within]");
    const plain = event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);
    if (link && plain && link.getAttribute("href") && !event.defaultPrevented) {
      event.preventDefault();
      go(link.getAttribute("href"));
    }
  };

  const name = () => (document.querySelector(".brand") || {}).textContent || "";

  /** A page that came: the window is called after it, and a keyboard whose link went away with the
      page before begins at it. */
  const onPage = () => {
    const page = document.getElementById("page");
    const heading = page && page.querySelector("h1");
    if (!heading) return;
    const title = heading.textContent;
    document.title = !name() || title === name() ? title : `${title} · ${name()}`;
    if (moved && document.activeElement === document.body) page.focus({ preventScroll: true });
    moved = false;
  };
  let moved = false;

  markDocument();
  document.addEventListener("click", onClick);
  window.addEventListener("popstate", markDocument);
  window.addEventListener("_dashprivate_pushstate", markDocument);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", markDocument);
  // The navigation is mounted some time after this script ran.
  const mounted = new MutationObserver(() => {
    if (!document.querySelector(".nav-link")) return;
    mounted.disconnect();
    markCurrent();
    new MutationObserver(onPage).observe(document.getElementById("page"), { childList: true });
    onPage();
  });
  mounted.observe(root, { childList: true, subtree: true });
})();
