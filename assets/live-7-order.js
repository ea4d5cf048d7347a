/* Rows that stay worst first while their numbers change (see layouts/panels/order.py): a list is put
   in order again once in fifteen seconds at most, and at once where its rows were drawn anew. The row
   under the keyboard is not moved: the others go around it. */
(() => {
  "use strict";
  const { text } = window.CommandCenter;
  const REST = 15000;
  const RANK = { alarm: 0, warning: 1 };
  const NORMAL = 2;
  const lists = new WeakMap(); // list -> when it was put in order, and what its rows were then
  let held = null; // the row with the keyboard: its list by name, what it is, and which of its links

  const rowsOf = (list) => [...list.children].filter((row) => "row" in row.dataset);
  const rank = (level) => RANK[level] ?? NORMAL;

  /** By what a row stands among others: smaller is worse. Null where nothing is known of it. */
  const placeOf = (list, row, readings, now) => {
    const byValue = list.dataset.worstFirst === "values";
    const reading = readings.get(byValue ? row.dataset.of : row.dataset.row) || null;
    const known = reading !== null && text.trusted(text.stateOf(reading, now));
    const own = Number(row.dataset.place);
    if (!byValue) return known ? [rank(reading.level), reading.value ? 0 : 1, own] : [NORMAL, 1, own];
    if (!known) return null;
    const part = (reading.parts || {})[row.dataset.row] || {};
    const value = part.value ?? null;
    if (value === null) return [2, 0, 0, own];
    const { rising, least } = list.dataset;
    const few = least !== undefined && (part.n ?? null) !== null && part.n < Number(least);
    return [few ? 1 : 0, rank(part.level), rising === "true" ? value : -value, own];
  };

  const before = (a, b) => {
    for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return a[i] - b[i];
    return 0;
  };

  /** The rows in order; as they are where nothing is known of one. */
  const ordered = (list, readings, now) => {
    const rows = rowsOf(list);
    if (list.dataset.worstFirst === "still") return rows;
    const placed = rows.map((row) => ({ row, place: placeOf(list, row, readings, now) }));
    if (placed.some(({ place }) => place === null)) return rows;
    return placed.sort((a, b) => before(a.place, b.place)).map(({ row }) => row);
  };

  const move = (list, wanted) => {
    const staying = wanted.find((row) => row.contains(document.activeElement));
    const at = wanted.indexOf(staying);
    const behind = at < 0 ? wanted : wanted.slice(at + 1);
    for (let i = 0; i < at; i++) list.insertBefore(wanted[i], staying);
    for (const row of behind) list.append(row);
  };

  const REACHED = "a[href], summary, button, [tabindex]";
  const nameOf = (list) => `${(list.closest("[id]") || list).id} ${list.dataset.worstFirst}`;

  /** What is drawn anew under the keyboard is another row, or another node: it goes on with the row
      that it was on, where it has not gone elsewhere. */
  const follow = (list) => {
    const now = document.activeElement;
    if (held === null || held.list !== nameOf(list)) return;
    if (now !== document.body && !list.contains(now)) return;
    const row = rowsOf(list).find((one) => one.dataset.row === held.row);
    const link = row && row.querySelectorAll(REACHED)[held.index];
    if (link && link !== now) link.focus({ preventScroll: true });
  };

  /** Put one list in order, where it is time for it. */
  const arrange = (list, readings, now) => {
    const rows = rowsOf(list);
    const known = lists.get(list);
    const drawn = !known || rows.length !== known.names.size || rows.some((row) => known.names.get(row) !== row.dataset.row);
    if (!drawn && performance.now() - known.at < REST) return;
    if (drawn) follow(list);
    const wanted = ordered(list, readings, now);
    if (wanted.some((row, i) => row !== rows[i])) move(list, wanted);
    lists.set(list, { at: performance.now(), names: new Map(rows.map((row) => [row, row.dataset.row])) });
  };

  const hold = ({ target }) => {
    const row = target.closest("[data-worst-first] > [data-row]");
    const index = row ? [...row.querySelectorAll(REACHED)].indexOf(target) : -1;
    held = index < 0 ? null : { list: nameOf(row.parentElement), row: row.dataset.row, index };
  };

  // What is taken out of the page loses the keyboard without a word; who presses elsewhere takes it.
  document.addEventListener("focusin", hold);
  document.addEventListener("pointerdown", hold);

  window.CommandCenter.order = { arrange, ordered };
})();
