/* The search that is there on every page: `/` or Ctrl+K opens it, letters ask `/api/search`, arrows
   choose, Enter opens. Where the server does not answer, it says so. */
(() => {
  "use strict";
  const PAUSE = 200; // Milliseconds without a letter before the server is asked.
  let asked = 0; // Numbers the questions, so that a late answer to an older one is not shown.
  let timer = 0;

  const dialog = () => document.getElementById("search");
  const list = () => document.getElementById("search-found");
  const words = (name) => dialog().dataset[name] || "";

  const say = (text) => {
    document.getElementById("search-said").textContent = text;
  };

  /** The field, made with the first opening. */
  const field = () => {
    const place = document.getElementById("search-field");
    const known = place.querySelector("input");
    if (known) return known;
    const input = document.createElement("input");
    Object.assign(input, { type: "search", autocomplete: "off", spellcheck: false });
    input.maxLength = Number(place.dataset.longest);
    input.placeholder = place.dataset.hint;
    for (const [name, value] of Object.entries({
      "aria-label": place.dataset.label,
      "aria-controls": "search-found",
      "aria-expanded": "true",
      "aria-autocomplete": "list",
      role: "combobox",
    })) input.setAttribute(name, value);
    input.addEventListener("input", onInput);
    place.append(input);
    return input;
  };

  const open = () => {
    if (!dialog() || dialog().open) return;
    dialog().showModal();
    const input = field();
    input.value = "";
    show([]);
    say("");
    input.focus();
  };

  const chosen = () => list().querySelector('[aria-selected="true"]');

  const choose = (item) => {
    for (const one of list().children) one.setAttribute("aria-selected", String(one === item));
    if (item) {
      item.scrollIntoView({ block: "nearest" });
      field().setAttribute("aria-activedescendant", item.id);
    } else field().removeAttribute("aria-activedescendant");
  };

  const line = (one, place) => {
    const language = words("language");
    const item = document.createElement("li");
    item.id = `search-found-${place}`;
    item.setAttribute("role", "option");
    item.dataset.href = one.href;
    const title = document.createElement("span");
    title.className = "search-title";
    title.textContent = one.title[language];
    const under = document.createElement("span");
    under.className = "search-under";
    under.textContent = one.under[language];
    item.append(title, under);
    return item;
  };

  const show = (found) => {
    list().replaceChildren(...found.map(line));
    choose(list().firstElementChild);
  };

  const ask = async (typed) => {
    const number = ++asked;
    let answer = null;
    try {
      const reply = await fetch(`/api/search?q=${encodeURIComponent(typed)}`);
      answer = reply.ok ? await reply.json() : null;
    } catch {
      answer = null; // No connection: said below, and the next letter asks again.
    }
    if (number !== asked) return;
    show(answer ? answer.found : []);
    if (!answer) return say(words("failed"));
    const language = words("language");
    const silent = answer.silent.map((one) => one.title[language]).join(language === "zh" ? "、" : ", ");
    const nothing = answer.found.length ? "" : words("nothing");
    say([nothing, silent && words("silent") + silent].filter(Boolean).join("　"));
  };

  const onInput = () => {
    clearTimeout(timer);
    const typed = field().value.trim();
    asked += 1;
    if (!typed) {
      show([]);
      say("");
      return;
    }
    timer = setTimeout(() => ask(typed), PAUSE);
  };

  const go = (item) => {
    if (!item) return;
    dialog().close();
    const path = item.dataset.href;
    // A wall is a document of its own kind.
    if (path.startsWith("/wall/") || location.pathname.startsWith("/wall/")) {
      location.assign(path);
      return;
    }
    const link = document.createElement("a");
    link.href = path;
    link.dataset.within = "true";
    document.body.append(link);
    link.click();
    link.remove();
  };

  const step = (by) => {
    const items = [...list().children];
    if (!items.length) return;
    const now = items.indexOf(chosen());
    choose(items[(now + by + items.length) % items.length]);
  };

  const KEYS = { ArrowDown: () => step(1), ArrowUp: () => step(-1), Enter: () => go(chosen()) };
  KEYS.Escape = () => dialog().close(); // Chromium would empty the field first.

  const isTyping = (node) =>
    node instanceof HTMLElement && (node.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(node.tagName));

  const onKey = (event) => {
    const box = dialog();
    if (!box) return;
    if (box.open) {
      if (KEYS[event.key] && !event.isComposing) {
        event.preventDefault();
        KEYS[event.key]();
      }
      return;
    }
    const byLetter = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k";
    const bySlash = event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey;
    if (byLetter || (bySlash && !isTyping(event.target))) {
      event.preventDefault();
      open();
    }
  };

  const onClick = (event) => {
    const target = event.target instanceof Element ? event.target : null;
    if (!target) return;
    if (target.closest('[data-search="open"]')) open();
    else if (target === dialog()) dialog().close(); // Beside the box.
    else if (target.closest("#search-found li")) go(target.closest("li"));
  };

  document.addEventListener("keydown", onKey);
  document.addEventListener("click", onClick);
})();
