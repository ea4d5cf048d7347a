/* The matter at hand: which number stands in the middle, what is said of it, and its trend. */
(() => {
  "use strict";
  const { board, draw, text } = window.CommandCenter;
  const DAY = 24 * 3600 * 1000;
  const MINUTE = 60 * 1000;
  const HOUR = 60 * MINUTE;
  const AHEAD = 0.04; // share of the width kept free for what comes
  const REFETCH = 5 * 60 * 1000;
  const RETRY = 15 * 1000;
  const REDRAW = 10 * 1000;
  const OLDER = 10 * MINUTE; // samples are five minutes apart: a time older than two of them is another
  const STANDS = HOUR + 2 * REFETCH; // an edge is that of its hour; the next comes with an answer soon after

  class Focus {
    /** `wake()` asks for another frame when an answer has come. */
    constructor(node, wake) {
      this.node = node;
      this.wake = wake;
      this.key = null;
      this.part = null;
      this.points = [];
      this.usual = [];
      this.asked = 0;
      this.answered = false;
      this.answers = 0;
      this.failed = false;
      this.drawn = "";
      this.size = null;
      this.build();
    }

    build() {
      const box = this.node.querySelector(".trend");
      this.plot = document.createElement("div");
      this.plot.className = "trend-plot";
      this.canvas = document.createElement("canvas");
      this.canvas.setAttribute("role", "img");
      this.plot.append(this.canvas);
      box.replaceChildren(this.plot);
      this.labels = [];
    }

    choose(sections, matters) {
      const known = board.json(this.node, "focus");
      const worst = matters.find((matter) => matter.kind === "limit" && known[matter.indicator]);
      const key = worst ? worst.indicator : this.node.dataset.fallback;
      const part = worst && worst.part !== undefined ? worst.part : null;
      if (key === this.key && part === this.part) return;
      this.key = key;
      this.part = part;
      this.points = [];
      this.usual = [];
      this.asked = 0;
      this.answered = this.failed = false;
      this.about = known[key] || null;
    }

    update(sections, matters, now) {
      this.choose(sections, matters);
      if (!this.about) return;
      const entry = text.partOf(sections.readings.get(this.key), this.part);
      this.say(entry, now);
      this.extend(entry);
      this.ask(now);
      this.paint(entry, now);
    }

    say(entry, now) {
      const { node, about } = this;
      const state = text.stateOf(entry, now);
      const find = (name) => node.querySelector(`.focus-${name}`);
      const place = this.part === null ? "" : `${about.parts[this.part] || this.part} `;
      board.setData(node, "state", state);
      board.setData(node, "level", entry ? entry.level : "normal");
      board.setText(find("title"), place + about.title);
      board.setText(find("source"), this.source(entry, state, now));
      board.setMark(find("figure").querySelector(".mark"), text.markOf(entry, state));
      board.setText(find("value"), text.value(this.sized(entry), state, about.decimals, about.signed));
      board.setText(find("unit"), this.unitOf(entry, state));
      board.setText(find("rate"), about.step || this.rate(now));
      board.setText(find("usual"), this.usually(now));
    }

    /** The unit; a percentage never without the rows it rests on, a height over or under a level
        never without saying which. */
    unitOf(entry, state) {
      const { unit, decimals, signs, over } = this.about;
      const known = text.trusted(state) ? entry : null;
      const side = known && known.value ? (signs || [])[known.value > 0 ? 0 : 1] : "";
      const said = [text.unit(unit, entry, state, decimals), unit === "%" && text.sample(known), side, known && over];
      return said.filter(Boolean).join(" ");
    }

    /** By its size alone where words say on which side of zero it is. */
    sized(entry) {
      return entry && entry.value && (this.about.signs || []).length ? { ...entry, value: Math.abs(entry.value) } : entry;
    }

    /** Whose it is and as of when; how late, where it is. */
    source(entry, state, now) {
      const said = [this.about.owner, text.asOf(entry, now)];
      if (state !== "fresh") said.push(text.age(entry, now));
      return said.join("\u3000");
    }

    quantity(value, signed = false) {
      return text.quantity(value, this.about.unit, this.about.decimals, signed);
    }

    /** The change over the past hour; only of a state, since sums of an hour are no state. */
    rate(now) {
      if (!this.about.extends || !this.points.length) return "";
      const last = this.points.findLast((point) => point.value !== null);
      if (!last) return "";
      const wanted = last.at - HOUR;
      // A state stood an hour ago as it was sampled last before.
      const early = wanted - HOUR / 2;
      const before = this.points.filter((p) => p.value !== null && p.at >= early && p.at < wanted + 10 * MINUTE);
      if (!before.length) return "";
      const nearest = before.reduce((a, b) => (Math.abs(b.at - wanted) < Math.abs(a.at - wanted) ? b : a));
      const change = last.value - nearest.value;
      if (text.rounded(change, this.about.decimals) === 0) return text.fill("past_hour_same");
      return text.fill("past_hour", this.quantity(change, true));
    }

    usually(now) {
      const known = this.usual.filter((edge) => edge.low !== null && edge.high !== null);
      const edge = known.findLast(({ at }) => at <= now && at > now - STANDS);
      if (!edge) return "";
      const [low, high] = [edge.low, edge.high].map((value) => text.number(value, this.about.decimals));
      if (low === high) return text.fill("usually_one", this.quantity(edge.high));
      return text.fill("usually", low, this.quantity(edge.high));
    }

    extend(entry) {
      if (!this.about.extends || !entry || !entry.as_of || entry.value === null) return;
      const at = Date.parse(entry.as_of);
      const last = this.points[this.points.length - 1];
      // One live point a minute is kept: a day on the wall is no heavier than an hour.
      if (last && last.live && at > last.at && at - last.from < MINUTE) {
        last.at = at;
        last.value = entry.value;
      } else if (!last || at > last.at) this.points.push({ at, value: entry.value, live: true, from: at });
      else if (at === last.at) last.value = entry.value;
      const oldest = at - DAY;
      while (this.points.length && this.points[0].at < oldest) this.points.shift();
    }

    ask(now) {
      const wait = this.failed ? RETRY : REFETCH;
      if (this.asked && performance.now() - this.asked < wait) return;
      this.asked = performance.now();
      const { key, part, about } = this;
      const query = new URLSearchParams({ window: "24h", usual: "1" });
      if (about.grain) query.set("grain", about.grain);
      if (part !== null && about.by) {
        query.set("by", about.by);
        query.set("part", part);
      }
      fetch(`/api/series/${encodeURIComponent(key)}?${query}`)
        .then((answer) => (answer.ok ? answer.json() : Promise.reject(new Error(String(answer.status)))))
        .then((series) => key === this.key && part === this.part && this.receive(series))
        .catch(() => {
          if (key !== this.key || part !== this.part) return;
          this.failed = true; // Asked again in a while; what is drawn stays.
          this.wake();
        });
    }

    receive(series) {
      const points = this.historyOf(series.points || []);
      const newest = points.length ? points[points.length - 1].at : 0;
      // Live points that history does not hold yet are kept.
      this.points = points.concat(this.points.filter((point) => this.about.extends && point.at > newest));
      this.usual = (series.usual || []).map((edge) => ({ at: Date.parse(edge.at), low: edge.low, high: edge.high }));
      this.failed = false;
      this.answered = true;
      this.answers += 1;
      this.wake();
    }

    /** The line of history. A part that was never counted while others were stood at 0. */
    historyOf(all) {
      const { part, about } = this;
      let mine = part === null ? all : all.filter((point) => point.code === part);
      if (!mine.length && about.counted) {
        const times = new Set(all.filter((point) => point.value !== null).map((point) => point.at));
        mine = [...times].map((at) => ({ at, value: 0 }));
      }
      const points = mine.map((point) => ({ at: Date.parse(point.at), value: point.value }));
      return about.holds ? draw.joined(points) : points;
    }

    paint(entry, now) {
      // A day's line does not move within seconds: drawn again when something else happens, or now and then.
      const state = [
        this.key, this.part, this.points.length > 0, this.answers, this.silent(), entry && entry.level, Math.floor(now / REDRAW),
        this.size && this.size.width, this.size && this.size.height,
      ].join("|");
      if (state === this.drawn || !this.size) return;
      this.drawn = state;
      const to = now + (now - this.begin(now)) * AHEAD;
      const from = this.begin(now);
      const model = {
        points: this.points.filter((point) => point.at >= from),
        usual: this.usual.filter((edge) => edge.at >= from && edge.at <= to),
        step: 10 ** -this.about.decimals, limits: this.about.limits, level: entry ? entry.level : "normal", from, to,
        asOf: this.about.extends && entry && entry.as_of ? Date.parse(entry.as_of) : null,
      };
      const scale = draw.scaleOf(model);
      this.canvas.setAttribute("aria-label", `${this.node.querySelector(".focus-title").textContent} ${text.fill("last_day_trend")}`);
      draw.trend(this.canvas, this.size, model, scale);
      this.place(this.labelsOf(model, scale, now));
    }

    /** A day ago; later where history is younger, so that a first hour is not a stroke at the edge. */
    begin(now) {
      const first = this.points.find((point) => point.value !== null);
      return Math.max(now - DAY, Math.min(first ? first.at : now - DAY, now - HOUR));
    }

    /** Whether the trend was asked for in vain, so that at most the numbers since are drawn. */
    silent() {
      return this.failed && !this.answered;
    }

    labelsOf(model, scale, now) {
      const silent = this.silent() ? [{ kind: "nothing", said: text.fill("trend_silent"), left: 0.4 }] : [];
      if (!scale) return this.answered ? [{ kind: "nothing", said: text.fill("no_history") }] : silent;
      const labels = scale.limits.map((limit) => ({
        kind: "limit", said: limit.title, mark: limit.level, top: scale.y(limit.value),
      }));
      const clear = (at) => scale.limits.every((limit) => Math.abs(scale.y(limit.value) - at) > 0.03);
      for (const tick of draw.ticks(scale.low, scale.high, 4, model.step)) {
        const top = scale.y(tick);
        if (clear(top)) labels.push({ kind: "value", said: this.tickText(tick), top });
      }
      const edge = model.usual[model.usual.length - 1];
      if (model.usual.length > 1 && edge.low !== null) {
        // Not on the times below, where next to nothing is usual.
        const top = Math.min(0.9, scale.y((edge.low + edge.high) / 2));
        labels.push({ kind: "usual", said: text.fill("usual_range"), top });
      }
      return labels.concat(silent, this.timesOf(model, scale, now));
    }

    tickText(value) {
      return text.number(value, Number.isInteger(value) ? 0 : Math.max(1, this.about.decimals));
    }

    /** Under the end of the line: its time; of a state sampled since, as of when it is, as beside it. */
    endOf(last, { asOf }, scale, now) {
      const older = asOf !== null && last.at - asOf >= OLDER;
      const said = older ? `${text.fill("as_of")} ${text.moment(asOf, now, false)}` : text.moment(last.at, now, false);
      return { kind: "time", said, left: Math.min(scale.x(last.at), older ? 0.9 : 0.96), room: older ? 0.2 : 0.1 };
    }

    /** Round hours of the city's day (each sixth of a whole day), and the time of the last point. */
    timesOf(model, scale, now) {
      const labels = [];
      const last = model.points[model.points.length - 1];
      const end = last && this.endOf(last, model, scale, now);
      const step = 15 * MINUTE;
      const hours = (model.to - model.from) / HOUR;
      const every = [0.25, 0.5, 1, 2, 3].find((size) => hours / size <= 5) || 6;
      for (let at = Math.ceil(model.from / step) * step; at < now; at += step) {
        const [hour, minute] = text.clock(at).split(":").map(Number);
        if ((hour * 60 + minute) % (every * 60)) continue;
        const left = scale.x(at);
        if (left > 0.03 && (!end || end.left - left > end.room)) {
          labels.push({ kind: "time", said: hour || minute ? text.moment(at, at, false) : text.date(at), left });
        }
      }
      return end ? labels.concat(end) : labels;
    }

    place(wanted) {
      while (this.labels.length < wanted.length) {
        const label = document.createElement("span");
        label.className = "trend-label";
        const mark = document.createElement("span");
        mark.className = "mark";
        mark.setAttribute("aria-hidden", "true");
        label.append(mark, document.createElement("span"));
        this.plot.append(label);
        this.labels.push(label);
      }
      this.labels.forEach((label, i) => {
        const made = wanted[i];
        board.setHidden(label, !made);
        if (!made) return;
        board.setData(label, "kind", made.kind);
        board.setData(label.firstChild, "mark", made.mark || "none");
        board.setText(label.lastChild, made.said);
        label.style.left = made.left === undefined ? "" : `${(made.left * 100).toFixed(2)}%`;
        label.style.top = made.top === undefined ? "" : `${(made.top * 100).toFixed(2)}%`;
      });
    }

    redraw() {
      this.drawn = "";
    }
  }

  window.CommandCenter.Focus = Focus;
})();
