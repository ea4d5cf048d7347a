/* Lines on canvas: sparklines, and the trend of the matter at hand. */
(() => {
  "use strict";
  const colours = {};
  const HOLDS = 3600 * 1000; // milliseconds, as layouts/panels/gaps.py has it

  /** Read the theme's colours; returns whether they changed. */
  const readColours = () => {
    const style = getComputedStyle(document.documentElement);
    let changed = false;
    for (const name of ["series", "band", "line", "alarm", "warn", "ink-3", "panel"]) {
      const value = style.getPropertyValue(`--${name}`).trim();
      changed ||= value !== colours[name];
      colours[name] = value;
    }
    return changed;
  };

  /** A context sized to its element in device pixels, cleared; null while it has no size. */
  const prepare = (canvas, size) => {
    const ratio = window.devicePixelRatio || 1;
    const width = Math.round(size.width * ratio);
    const height = Math.round(size.height * ratio);
    if (!width || !height) return null;
    if (canvas.width !== width || canvas.height !== height) {
      canvas.width = width;
      canvas.height = height;
    }
    const context = canvas.getContext("2d");
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, width, height);
    context.lineJoin = "round";
    context.lineCap = "round";
    return { context, width, height, unit: rootUnit() * ratio };
  };

  let unit = 16;
  const rootUnit = () => unit;
  const readUnit = () => {
    unit = parseFloat(getComputedStyle(document.documentElement).fontSize) || 16;
  };

  /** A line through points [x, y]; a null y breaks it. */
  const trace = (context, points) => {
    context.beginPath();
    let drawing = false;
    for (const [x, y] of points) {
      if (y === null) drawing = false;
      else if (drawing) context.lineTo(x, y);
      else {
        context.moveTo(x, y);
        drawing = true;
      }
    }
  };

  const range = (values) => {
    let low = Infinity;
    let high = -Infinity;
    for (const value of values) {
      if (value === null || value === undefined) continue;
      if (value < low) low = value;
      if (value > high) high = value;
    }
    return low > high ? null : [low, high];
  };

  const spark = (canvas, size, values) => {
    const made = prepare(canvas, size);
    const found = made && range(values);
    if (!found) return;
    const { context, width, height, unit: em } = made;
    const [low, high] = found;
    const inset = em * 0.12;
    const y = (value) => high === low
      ? height / 2
      : inset + (height - 2 * inset) * (1 - (value - low) / (high - low));
    const step = (width - 2 * inset) / Math.max(1, values.length - 1);
    context.strokeStyle = colours.series;
    context.lineWidth = em * 0.09;
    trace(context, values.map((value, i) => [inset + i * step, value === null ? null : y(value)]));
    context.stroke();
  };

  /** Round steps over a range, at most `count` of them, none smaller than `least`. */
  const ticks = (low, high, count, least = 0) => {
    const rough = Math.max((high - low) / Math.max(1, count), least);
    if (!(rough > 0)) return [];
    const power = 10 ** Math.floor(Math.log10(rough));
    const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= rough);
    const found = [];
    for (let at = Math.ceil(low / step - 1e-9) * step; at <= high + step * 1e-9; at += step) {
      found.push(Number(at.toPrecision(12)));
    }
    return found;
  };

  /** Where a trend's times and values fall, in shares of its box from the left and the top. */
  const scaleOf = (model) => {
    const values = model.points.map((point) => point.value);
    for (const edge of model.usual) values.push(edge.low, edge.high);
    const own = range(values);
    if (!own) return null;
    const limits = model.limits.map((limit) => limit.value);
    let [low, high] = range([...own, ...near(own, limits, model.step)]);
    // A line that hardly moves is not blown up into a mountain.
    const lacking = Math.max(0, 4 * model.step - (high - low)) / 2;
    [low, high] = [low >= 0 ? Math.max(0, low - lacking) : low - lacking, high + lacking];
    const room = (high - low) * 0.12;
    const floor = low >= 0 && low - room < 0 ? 0 : low - room;
    const top = high + room;
    return {
      low: floor,
      high: top,
      x: (at) => (at - model.from) / (model.to - model.from),
      y: (value) => 1 - (value - floor) / (top - floor),
      limits: model.limits.filter((limit) => limit.value >= floor && limit.value <= top),
    };
  };

  /** Limits that are worth the room: a far one would press the line flat. */
  const near = ([low, high], limits, step) => {
    const reach = Math.max(high - low, 4 * step) * 1.5;
    return limits.filter((limit) => limit >= low - reach && limit <= high + reach);
  };

  /** Points without the unknown ones between two samples that are near: a state holds until the
      next sample, so that what is sampled now and then is still one line. */
  const joined = (points) => {
    const found = [];
    let waiting = [];
    let last = null;
    for (const point of points) {
      if (point.value === null) {
        waiting.push(point);
        continue;
      }
      if (last === null || point.at - last.at > HOLDS) found.push(...waiting);
      found.push(point);
      waiting = [];
      last = point;
    }
    return found.concat(waiting);
  };

  const trend = (canvas, size, model, scale) => {
    const made = prepare(canvas, size);
    if (!made || !scale) return;
    const { context, width, height, unit: em } = made;
    const x = (at) => Math.max(0, Math.min(1, scale.x(at))) * width;
    const y = (value) => scale.y(value) * height;
    context.strokeStyle = colours.line;
    context.lineWidth = Math.max(1, em * 0.06);
    for (const tick of ticks(scale.low, scale.high, 4, model.step)) {
      trace(context, [[0, y(tick)], [width, y(tick)]]);
      context.stroke();
    }
    drawBand(context, model.usual, x, y);
    for (const limit of scale.limits) {
      context.strokeStyle = limit.level === "alarm" ? colours.alarm : colours.warn;
      context.lineWidth = em * 0.1;
      context.setLineDash([em * 0.4, em * 0.32]);
      trace(context, [[0, y(limit.value)], [width, y(limit.value)]]);
      context.stroke();
    }
    context.setLineDash([]);
    context.strokeStyle = colours.series;
    context.lineWidth = em * 0.17;
    trace(context, model.points.map((p) => [x(p.at), p.value === null ? null : y(p.value)]));
    context.stroke();
    drawEnd(context, model, x, y, em);
  };

  const drawBand = (context, usual, x, y) => {
    const known = usual.filter((edge) => edge.low !== null && edge.high !== null);
    if (known.length < 2) return;
    context.fillStyle = colours.band;
    context.beginPath();
    for (const edge of known) context.lineTo(x(edge.at), y(edge.high));
    for (const edge of known.reverse()) context.lineTo(x(edge.at), y(edge.low));
    context.fill();
  };

  const drawEnd = (context, model, x, y, em) => {
    const last = model.points.findLast((point) => point.value !== null);
    if (!last) return;
    context.fillStyle = model.level === "alarm" ? colours.alarm : model.level === "warning" ? colours.warn : colours.series;
    context.beginPath();
    context.arc(Math.min(x(last.at), context.canvas.width - em * 0.3), y(last.value), em * 0.3, 0, 2 * Math.PI);
    context.fill();
  };

  (window.CommandCenter ??= {}).draw = { joined, readColours, readUnit, scaleOf, spark, ticks, trend };
})();
