/* What a reading says at a moment, in words: the same as layouts/live_text.py says for the first
   text of a leaf; a test holds the two equal. Words come from the shell, in one language. */
(() => {
  "use strict";
  const DASH = "—";
  const MINUS = "\u2212";
  const NBSP = "\u00a0";
  const TRUSTED = ["fresh", "late", "stale"];
  const STATES = ["fresh", "late", "stale", "unavailable"];
  const LATE = ["late", "stale"];
  const NOT_BY_AGE = ["clock_ahead", "partly_lapsed"]; // as in layouts/live_text.py
  const NAMED = 2; // as in layouts/live_text.py
  const SILENT = ["late", "stale", "unavailable"];
  const NEAR = 600;

  let context = { language: "zh", zone: "Asia/Shanghai", version: "", words: {} };
  const formatters = new Map();

  const setContext = (next) => {
    context = next;
    formatters.clear();
  };

  const fill = (name, ...parts) => {
    let next = 0;
    const word = context.words[name] || "";
    return word.replace(/\{(\d*)\}/g, (_, index) => String(parts[index === "" ? next++ : Number(index)]));
  };

  const formatter = (name, make) => {
    if (!formatters.has(name)) formatters.set(name, make());
    return formatters.get(name);
  };

  const locale = () => (context.language === "zh" ? "zh-CN" : "en-GB");

  const rounded = (value, decimals) => {
    const shown = Number(Math.abs(value).toFixed(decimals));
    return shown === 0 ? 0 : value < 0 ? -shown : shown;
  };

  const number = (value, decimals, signed = false) => {
    if (value === null || value === undefined || !Number.isFinite(value)) return DASH;
    const digits = { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
    const text = formatter(`n${decimals}`, () => new Intl.NumberFormat(locale(), digits)).format(Math.abs(value));
    const zero = !/[1-9]/.test(text);
    return (zero ? "" : value < 0 ? MINUS : signed ? "+" : "") + text;
  };

  /** The unit as it stands beside a value: `order` beside 1, else `orders` (dashboard/plurals.py). */
  const counted = (name, value, decimals) => {
    const one = (context.singulars || {})[name];
    if (one === undefined || value === null || value === undefined || !Number.isFinite(value)) return name;
    const digits = { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
    const rules = formatter(`p${decimals}`, () => new Intl.PluralRules(locale(), digits));
    return rules.select(Math.abs(value)) === "one" ? one : name;
  };

  const quantity = (value, name, decimals, signed = false) => {
    const shown = number(value, decimals, signed);
    const said = counted(name, value, decimals);
    return shown === DASH || !said ? shown : shown + NBSP + said;
  };

  const spanOf = (word, count) => fill(word, number(count, 0)).replace(/ /g, NBSP);

  const span = (seconds) => {
    const whole = Math.max(0, Math.floor(seconds));
    if (whole < 60) return spanOf("seconds", whole);
    if (whole < 2 * 3600) return spanOf("minutes", Math.floor(whole / 60));
    if (whole < 2 * 86400) return spanOf("hours", Math.floor(whole / 3600));
    return spanOf("days", Math.floor(whole / 86400));
  };

  const ago = (seconds) => {
    if (seconds < 1) return fill("just_now");
    if (seconds >= 60 && seconds < 2 * 3600) return spanOf("minutes_ago", Math.floor(seconds / 60));
    return fill("ago", span(seconds));
  };

  const partsOf = (ms) => {
    const wanted = {
      timeZone: context.zone, hourCycle: "h23", year: "numeric", month: "2-digit", day: "2-digit",
      hour: "2-digit", minute: "2-digit", second: "2-digit",
    };
    const made = formatter("clock", () => new Intl.DateTimeFormat("en-GB", wanted)).formatToParts(ms);
    return Object.fromEntries(made.map((part) => [part.type, part.value]));
  };

  const clock = (ms) => {
    const p = partsOf(ms);
    return `${p.hour}:${p.minute}:${p.second}`;
  };

  const day = (ms) => {
    const words = { timeZone: context.zone, weekday: "long", day: "numeric", month: "long", year: "numeric" };
    const made = formatter("day", () => new Intl.DateTimeFormat(locale(), words)).formatToParts(ms);
    const p = Object.fromEntries(made.map((part) => [part.type, part.value]));
    if (context.language === "zh") {
      const numbers = partsOf(ms);
      return `${numbers.year}年${Number(numbers.month)}月${Number(numbers.day)}日 ${p.weekday}`;
    }
    return `${p.weekday} ${p.day} ${p.month} ${p.year}`;
  };

  // To the second today; with its date, to the minute, on other days.
  const moment = (ms, now, seconds = true) => {
    const at = partsOf(ms);
    const today = partsOf(now);
    const time = `${at.hour}:${at.minute}`;
    if (at.day === today.day && at.month === today.month && at.year === today.year) {
      return seconds ? `${time}:${at.second}` : time;
    }
    const date = `${at.month}-${at.day} ${time}`;
    return at.year === today.year ? date : `${at.year}-${date}`;
  };

  const date = (ms) => {
    const p = partsOf(ms);
    return `${p.month}-${p.day}`;
  };

  const NOTHING = { value: null, n: null, level: "normal", text: null, worst: null };

  /** One part's share of a reading in the reading's own form. What has a time of its own is as old as
      that: another part's being late says nothing of it. */
  const partOf = (reading, part) => {
    if (!reading || part === undefined || part === null) return reading || null;
    const share = (reading.parts || {})[part] || {};
    const byAge = LATE.includes(reading.state) && !NOT_BY_AGE.includes(reading.reason);
    return { ...reading, ...NOTHING, ...(byAge && share.as_of ? { state: "fresh" } : {}), ...share };
  };

  const ageOf = (entry, now) => (entry.as_of ? Math.max(0, (now - Date.parse(entry.as_of)) / 1000) : null);

  const stateOf = (entry, now) => {
    if (!entry) return "waiting";
    const age = ageOf(entry, now);
    if (!TRUSTED.includes(entry.state) || age === null) return entry.state;
    const aged = (age > entry.late_after ? 1 : 0) + (age > entry.stale_after ? 1 : 0);
    return TRUSTED[Math.max(aged, TRUSTED.indexOf(entry.state))];
  };

  const markOf = (entry, state) => {
    const level = entry ? entry.level || "normal" : "normal";
    if (level !== "normal" && TRUSTED.includes(state)) return level;
    return SILENT.includes(state) ? "late" : "none";
  };

  const markWord = (mark) => fill(mark === "none" ? "normal" : mark);
  const stateWord = (state) => fill(state === "waiting" ? "waiting_for_data" : state);
  /** The words of a reason's code; what a server said (`code: detail`) is left to the status page. */
  const reasonWord = (reason) => (reason ? (context.reasons || {})[reason.split(":")[0]] || reason : "");
  const trusted = (state) => TRUSTED.includes(state);

  const value = (entry, state, decimals, signed) =>
    entry && trusted(state) ? number(entry.value, decimals, signed) : DASH;

  const unit = (name, entry, state, decimals) =>
    trusted(state) ? counted(name, entry && entry.value, decimals) : stateWord(state);
  const sample = (entry) => (entry && entry.n !== null && entry.n !== undefined ? fill("sample", number(entry.n, 0)) : "");
  const collected = (entry) => (entry && entry.collected_at ? clock(Date.parse(entry.collected_at)) : DASH);
  const asOf = (entry, now) => (entry && entry.as_of ? moment(Date.parse(entry.as_of), now) : DASH);

  const age = (entry, now) => {
    const state = stateOf(entry, now);
    if (!trusted(state)) {
      const reason = state === "unavailable" && reasonWord(entry.reason);
      return reason ? fill("unavailable_because", reason) : stateWord(state);
    }
    const seconds = ageOf(entry, now);
    if (seconds === null) return stateWord(state);
    if (state === "late") return fill("late_by", span(Math.max(0, seconds - entry.late_after)));
    if (state === "stale") return fill("silent_for", span(seconds));
    return ago(seconds);
  };

  // A stated code in words; and which factor decided it, where that has a name.
  const stated = (entry, values) => {
    const code = (entry && entry.text) || "";
    return values[code] ?? code;
  };

  const worst = (entry, values) => (entry && entry.worst && values[entry.worst]) || "";

  const MOST_PERCENT = 300; // as in dashboard/formats.py
  const FEW = 20; // as in dashboard/formats.py
  const change = (now, then, unitName, decimals) => {
    if (unitName === "%") return number(now - then, decimals, true) + NBSP + fill("points");
    if (then > 0 && then >= (decimals === 0 ? FEW : 0)) {
      const share = ((now - then) / then) * 100;
      if (Math.abs(share) < MOST_PERCENT) {
        return number(share, Math.abs(share) >= 1 ? 0 : 1, true) + NBSP + "%";
      }
    }
    return quantity(now - then, unitName, decimals, true);
  };

  /** On fewer rows than `least`, where that is said, a difference says nothing. */
  const compare = (entry, against, unitName, decimals, least) => {
    if (least && entry && (entry.n || 0) < Number(least)) return "";
    const then = entry && entry.compare ? entry.compare[against] : null;
    const now = entry ? entry.value : null;
    if (then === null || then === undefined || now === null || now === undefined) return "";
    if (number(now, decimals) === number(then, decimals)) return fill("same_as", fill(against));
    return fill("compared", fill(against), change(now, then, unitName, decimals));
  };

  const isLate = (state) => LATE.includes(state);

  /** The worst of those that have a value; where none has, of those that something is heard of. */
  const worstState = (states) => {
    const shown = states.filter(trusted);
    const heard = shown.length ? shown : states.filter((state) => STATES.includes(state));
    if (!heard.length) return states[0] || "waiting";
    return heard.reduce((a, b) => (STATES.indexOf(b) > STATES.indexOf(a) ? b : a));
  };

  const oldestIn = (entries, states, wanted) => {
    const dated = entries.filter((entry, i) => entry && entry.as_of && wanted.includes(states[i]));
    return dated.length ? dated.reduce((a, b) => (b.as_of < a.as_of ? b : a)) : null;
  };

  /** Over several numbers: as of when those are that are on time, and how many are late. */
  const ages = (entries, now) => {
    const states = entries.map((entry) => stateOf(entry, now));
    const late = states.filter(isLate).length;
    const state = worstState(states);
    const single = entries.length === 1;
    const first = oldestIn(entries, states, ["fresh"]) || oldestIn(entries, states, LATE);
    if (!first) return { state, asOf: single ? age(entries[0], now) : stateWord(state), age: "", late: "" };
    const told = age(first, now);
    const count = late ? fill("late_of", late, entries.length) : "";
    return {
      state, asOf: asOf(first, now), age: stateOf(first, now) === "fresh" ? told : "", late: late && single ? told : count,
    };
  };

  /** The codes of the parts whose own time is too old, the oldest first. */
  const lateParts = (reading, now) => {
    const parts = Object.entries((reading && reading.parts) || {}).filter(([, part]) => part.as_of);
    const late = parts.filter(([code]) => isLate(stateOf(partOf(reading, code), now)));
    return late.map(([code, part]) => [part.as_of, code]).sort().map(([, code]) => code);
  };

  const named = (codes, names) => {
    const shown = codes.slice(0, NAMED).map((code) => names[code] ?? code).join(fill("list_stop"));
    return codes.length > NAMED ? `${shown} +${codes.length - NAMED}` : shown;
  };

  /** How late a number is, and of which parts where it is not of all. */
  const late = (reading, now, names) => {
    if (!isLate(stateOf(reading, now))) return "";
    const codes = lateParts(reading, now);
    const said = age(reading, now);
    if (!codes.length || codes.length === Object.keys(reading.parts).length) return said;
    return fill("late_named", said, named(codes, names));
  };

  /** How many parts of a number that is on time are late, and which: one that is late says so itself. */
  const latePartsText = (reading, now, names) => {
    const codes = lateParts(reading, now);
    if (!codes.length || isLate(stateOf(reading, now))) return "";
    const count = fill("late_of", codes.length, Object.keys(reading.parts).length);
    return fill("late_named", count, named(codes, names));
  };

  const due = (matter, now) => {
    if (!matter.due) return { urgency: "none", text: DASH };
    const left = (Date.parse(matter.due) - now) / 1000;
    if (left < 0) return { urgency: "over", text: fill("overdue_by", span(-left)) };
    return { urgency: left < NEAR ? "near" : "later", text: fill("remaining", span(left)) };
  };

  const space = (window.CommandCenter ??= {});
  space.text = {
    DASH, STATES, age, ageOf, ages, asOf, clock, collected, compare, counted, date, day, due, fill, isLate, late,
    lateParts, latePartsText, markOf, markWord, moment, number, partOf, quantity, reasonWord, rounded, sample,
    setContext, span, stated, stateOf, stateWord, trusted, unit, value, worst,
    get context() { return context; },
  };
})();
