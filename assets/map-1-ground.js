/* The ground of the map: where a position is drawn, the city's files, and the base that lies under
   all layers. Web Mercator as numbers from 0 to 1; nothing is asked of another host. */
(() => {
  "use strict";
  const TILE = 256;

  const project = (lon, lat) => {
    const sine = Math.sin((lat * Math.PI) / 180);
    return [(lon + 180) / 360, 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)];
  };

  const unproject = (x, y) => [
    x * 360 - 180,
    (Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) * 180) / Math.PI,
  ];

  /** The lines of a geometry as flat arrays of projected numbers; an area's rings each are one. */
  const linesOf = ({ type, coordinates }) => {
    const nested = { LineString: [coordinates], MultiLineString: coordinates, Polygon: coordinates };
    const lines = type === "MultiPolygon" ? coordinates.flat() : nested[type] || [];
    return lines.map((line) => Float64Array.from(line.flatMap(([lon, lat]) => project(lon, lat))));
  };

  const boundsOf = (lines) => {
    const box = [Infinity, Infinity, -Infinity, -Infinity];
    for (const line of lines) {
      for (let i = 0; i < line.length; i += 2) {
        box[0] = Math.min(box[0], line[i]);
        box[1] = Math.min(box[1], line[i + 1]);
        box[2] = Math.max(box[2], line[i]);
        box[3] = Math.max(box[3], line[i + 1]);
      }
    }
    return box;
  };

  const within = (lines, x, y) => {
    let odd = false;
    for (const line of lines) {
      let j = line.length - 2;
      for (let i = 0; i < line.length; j = i, i += 2) {
        if (line[i + 1] > y === line[j + 1] > y) continue;
        const cross = line[j] + ((y - line[j + 1]) / (line[i + 1] - line[j + 1])) * (line[i] - line[j]);
        if (x < cross) odd = !odd;
      }
    }
    return odd;
  };

  /** The centre of gravity of an area; the middle of what is none. */
  const middleOf = (line) => {
    let [x, y, area] = [0, 0, 0];
    for (let i = 0; i + 3 < line.length; i += 2) {
      const cross = (line[i] - line[0]) * (line[i + 3] - line[1]) - (line[i + 2] - line[0]) * (line[i + 1] - line[1]);
      area += cross;
      x += cross * (line[i] + line[i + 2] + line[0]);
      y += cross * (line[i + 1] + line[i + 3] + line[1]);
    }
    return area ? [x / area / 3, y / area / 3] : [line[0], line[1]];
  };

  const featureOf = ({ properties, geometry }) => {
    const lines = linesOf(geometry);
    const box = boundsOf(lines);
    const seat = properties.seat ? project(...properties.seat) : middleOf(lines[0]);
    return { code: properties.code, name: properties.name, rank: properties.rank || 1, lines, box, seat };
  };

  const NAMES = ["city", "districts", "towns", "water", "roads"];

  class Ground {
    /** `version` names the content of all files, so that browsers may keep them. */
    constructor(version) {
      this.version = version;
      this.files = {};
      this.lines = new Map();
      this.box = null;
    }

    /** Fetch the files that are not here yet; what came is kept. False where one could not be had. */
    async load() {
      const missing = NAMES.filter((name) => !this.files[name]);
      const found = await Promise.allSettled(missing.map((name) => this.fetch(name)));
      const city = this.areas("city");
      this.box = city.length ? boundsOf(city.flatMap(({ lines }) => lines)) : null;
      this.lines = new Map([...this.areas("water"), ...this.areas("roads")].map((one) => [one.code, one]));
      return found.every(({ status }) => status === "fulfilled");
    }

    async fetch(name) {
      const answer = await fetch(`/api/map/files/${name}.geojson?v=${this.version}`);
      if (!answer.ok) throw new Error(answer.statusText);
      this.files[name] = (await answer.json()).features.map(featureOf);
    }

    areas(name) {
      return this.files[name] || [];
    }

    areaAt(name, x, y) {
      return this.areas(name).find(({ box, lines }) =>
        x >= box[0] && x <= box[2] && y >= box[1] && y <= box[3] && within(lines, x, y));
    }
  }

  /** Adds lines to the path that is being drawn. */
  const trace = (context, lines, view, closed) => {
    for (const line of lines) {
      context.moveTo(view.left(line[0]), view.top(line[1]));
      for (let i = 2; i < line.length; i += 2) context.lineTo(view.left(line[i]), view.top(line[i + 1]));
      if (closed) context.closePath();
    }
  };

  const stroke = (context, features, view, colour, width, closed, dash = []) => {
    context.beginPath();
    for (const { lines } of features) trace(context, lines, view, closed);
    context.strokeStyle = colour;
    context.lineWidth = width;
    context.setLineDash(dash);
    context.lineJoin = context.lineCap = "round";
    context.stroke();
    context.setLineDash([]);
  };

  const fill = (context, feature, view, colour) => {
    context.beginPath();
    trace(context, feature.lines, view, true);
    context.fillStyle = colour;
    context.fill("evenodd");
  };

  /** The land under everything. */
  const drawLand = (context, ground, view, ink) => {
    context.fillStyle = ink.bg;
    context.fillRect(0, 0, view.width, view.height);
    for (const city of ground.areas("city")) fill(context, city, view, ink.panel);
  };

  /** Rivers, roads and borders, over whatever colours the areas. */
  const drawLines = (context, ground, view, ink) => {
    const near = Math.max(0.7, Math.min(2.2, 1 + (view.zoom - 10) * 0.35));
    const ranked = (name, most) => ground.areas(name).filter(({ rank }) => rank <= most);
    const most = view.zoom < 9.6 ? 1 : view.zoom < 10.6 ? 2 : 3;
    stroke(context, ground.areas("towns"), view, ink.line, 0.75, true, [2, 3]);
    stroke(context, ranked("water", 2).filter(({ rank }) => rank === 2), view, ink.water, 1.4 * near, false);
    stroke(context, ranked("water", 1), view, ink.water, 3 * near, false);
    stroke(context, ranked("roads", most), view, ink.road, 1.5 * near, false);
    stroke(context, ground.areas("districts"), view, ink.border, 1.25, true);
  };

  const halo = (context, text, x, y, ink, colour) => {
    context.strokeStyle = ink.panel;
    context.lineWidth = 3;
    context.lineJoin = "round";
    context.strokeText(text, x, y);
    context.fillStyle = colour;
    context.fillText(text, x, y);
  };

  /** Names of districts from afar, of towns and lines from near; `taken` keeps them apart. */
  const drawNames = (context, ground, view, ink, language, taken) => {
    const near = view.zoom >= 10.4;
    const named = near ? ground.areas("towns") : ground.areas("districts");
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.font = `${near ? 12 : 13}px ${ink.face}`;
    for (const { name, seat } of named) {
      const text = name[language];
      const [x, y] = [view.left(seat[0]), view.top(seat[1])];
      if (taken.take(x, y, context.measureText(text).width, 16)) halo(context, text, x, y, ink, ink.ink2);
    }
    if (view.zoom < 11) return;
    context.font = `11px ${ink.face}`;
    for (const { name, lines, rank } of [...ground.areas("water"), ...ground.areas("roads")]) {
      if (rank > 2 && view.zoom < 12) continue;
      const line = lines[0];
      const middle = 2 * Math.floor(line.length / 4);
      const [x, y] = [view.left(line[middle]), view.top(line[middle + 1])];
      const text = name[language];
      if (taken.take(x, y, context.measureText(text).width, 14)) halo(context, text, x, y, ink, ink.ink3);
    }
  };

  /** Boxes that are written in already. */
  class Taken {
    constructor() {
      this.boxes = [];
    }

    take(x, y, width, height) {
      const box = [x - width / 2 - 4, y - height / 2, x + width / 2 + 4, y + height / 2];
      const free = this.boxes.every((b) => box[0] > b[2] || box[2] < b[0] || box[1] > b[3] || box[3] < b[1]);
      if (free) this.boxes.push(box);
      return free;
    }
  }

  (window.CommandCenter ??= {}).ground = { Ground, Taken, TILE, drawLand, drawLines, drawNames, fill, halo, project, stroke, unproject };
})();
