/* What stands between a stage and the network: it keeps what the stage and the pages in its frames were
   made of, and gives it back where the center is not there, so that a browser that starts again in an
   outage shows what it showed. The network goes first, always; what the center itself answers, also that
   something is wrong, is never replaced by what was kept. Only the center's own addresses, only what a
   stage asked for. It is served at the root, since frames show pages of all addresses. */
"use strict";
const VERSION = new URL(self.location.href).searchParams.get("v") || "";
const PREFIX = "cc-stage-";
const THINGS = `${PREFIX}things-${VERSION}`; // scripts, styles, fonts, pictures: each address once
const ANSWERS = `${PREFIX}answers-${VERSION}`; // pages, layouts, what callbacks and the API answered
const MOST = { [THINGS]: 400, [ANSWERS]: 160 };
const MOST_BYTES = { [THINGS]: 48e6, [ANSWERS]: 24e6 };
const LARGEST = 8e6;
const PATIENCE = 4000;
const SHORT = 300; // once it is known that nobody answers
const AWAY = 10000; // for so long that is believed
const GATEWAY = [502, 503, 504];
const RENEWED = 300000; // an answer is written anew when it is so old
const TRIMMED = 10000; // between two looks at how much is kept
const SIZE = "x-kept-bytes";
const AT = "x-kept-at";

let away = 0; // until when nobody is waited for
const trimmed = { [THINGS]: 0, [ANSWERS]: 0 };
let forgotten = false; // the screen was revoked: nothing is kept, nothing given back

const isThing = (path) => path.startsWith("/assets/") || path.startsWith("/_dash-component-suites/") || path === "/_favicon.ico";

/** Whether an address is that of a stage, or of a page that is shown in one. */
const isOfStage = (address) => {
  if (!address) return false;
  const { origin, pathname, searchParams } = new URL(address);
  return origin === self.location.origin && (pathname === "/wall" || searchParams.get("on") === "screen");
};

const pathOf = (address) => {
  const { pathname, search } = new URL(address);
  return pathname + search;
};

/** What an answer is kept under: `{ cache, key }`; null for what is none of the worker's business, such
    as streams and whatever changes something. */
const placeOf = async (request) => {
  const { origin, pathname, search, searchParams } = new URL(request.url);
  if (origin !== self.location.origin) return null;
  const of = `of=${encodeURIComponent(request.referrer ? pathOf(request.referrer) : "")}`;
  if (request.method === "GET") {
    if (isThing(pathname)) return { cache: THINGS, key: pathname + search };
    if (request.mode === "navigate") return isOfStage(request.url) ? { cache: ANSWERS, key: pathname + search } : null;
    if (!isOfStage(request.referrer)) return null;
    if (pathname === "/_dash-layout" || pathname === "/_dash-dependencies") return { cache: ANSWERS, key: `${pathname}?${of}` };
    if (!pathname.startsWith("/api/")) return null;
    searchParams.delete("v");
    return { cache: ANSWERS, key: `${pathname}?${searchParams}` };
  }
  if (request.method !== "POST" || pathname !== "/_dash-update-component" || !isOfStage(request.referrer)) return null;
  return { cache: ANSWERS, key: `${pathname}?${of}&is=${await questionOf(request.clone())}` };
};

/** A question to a callback without how often its clock has ticked: the newest answer is the one to keep. */
const questionOf = async (request) => {
  const { output, inputs } = await request.json();
  const still = (_, one) => (one && one.property === "n_intervals" ? { id: one.id } : one);
  const bytes = new TextEncoder().encode(JSON.stringify([output, inputs], still));
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
};

/** The center names each of its answers; what has no name and says that it has none is from a proxy. */
const isNobody = (answer) => GATEWAY.includes(answer.status) && !answer.headers.has("x-request-id");

const find = async ({ cache, key }) => {
  const names = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== cache);
  for (const name of [cache, ...names]) {
    // A page that is a little older than its scripts is better with those than without any.
    const found = await (await caches.open(name)).match(key, { ignoreSearch: cache === THINGS });
    if (found) return found;
  }
  return undefined;
};

const isNamedByVersion = (key) => key.includes("?m=") || /\.v\w+m\d+\./.test(key);

/** Whether what is kept is as good as an answer: a wall turns its pages for weeks, and need not write the
    same to its disk each time. */
const isGood = (known, cache, key, answer) => {
  if (!known) return false;
  if (cache === ANSWERS) return Date.now() - Number(known.headers.get(AT)) < RENEWED;
  const tag = answer.headers.get("etag");
  return isNamedByVersion(key) || Boolean(tag && tag === known.headers.get("etag"));
};

const keep = async ({ cache, key }, answer) => {
  if (answer.status !== 200 || answer.redirected || answer.type !== "basic") return;
  const place = await caches.open(cache);
  if (isGood(await place.match(key), cache, key, answer)) {
    if (answer.body) await answer.body.cancel(); // Else it would be held until somebody reads it.
    return;
  }
  const body = await answer.arrayBuffer();
  if (forgotten || body.byteLength > LARGEST) return;
  const headers = new Headers(answer.headers);
  // The body is as the browser read it.
  for (const name of ["content-encoding", "content-length"]) headers.delete(name);
  headers.set(SIZE, String(body.byteLength));
  headers.set(AT, String(Date.now()));
  // An older version of a script has the same path, and is not asked for again.
  await place.delete(key, { ignoreSearch: cache === THINGS });
  await place.put(key, new Response(body, { status: 200, headers }));
  await trim(cache, place);
};

/** The oldest go where there are too many, or where they are too large together. */
const trim = async (cache, place) => {
  if (Date.now() - trimmed[cache] < TRIMMED) return;
  trimmed[cache] = Date.now();
  let [count, bytes] = [0, 0];
  for (const key of (await place.keys()).reverse()) {
    const found = await place.match(key);
    count += 1;
    bytes += found ? Number(found.headers.get(SIZE)) : 0;
    if (count > MOST[cache] || bytes > MOST_BYTES[cache]) await place.delete(key);
  }
};

/** What the network answers; undefined where nobody does in time. A callback may take as long as the
    center lets it: it is given up only where it is known that nobody is there. */
const within = (request, asked) =>
  new Promise((resolve) => {
    const known = Date.now() < away;
    const giveUp = () => {
      away = Date.now() + AWAY;
      resolve(undefined);
    };
    const timer = request.method === "POST" && !known ? 0 : setTimeout(giveUp, known ? SHORT : PATIENCE);
    const settle = (answer) => {
      clearTimeout(timer);
      away = answer ? 0 : Date.now() + AWAY;
      resolve(answer);
    };
    asked.then((answer) => settle(isNobody(answer) ? undefined : answer), () => settle(undefined));
  });

const answer = async (event, place) => {
  const asked = fetch(event.request.clone());
  // Taken before the page reads it.
  const copy = asked.then((found) => (isNobody(found) ? null : found.clone()));
  event.waitUntil(copy.then((found) => found && keep(place, found)).catch(() => undefined));
  return (await within(event.request, asked)) || (await find(place)) || asked;
};

const handle = async (event) => {
  const place = await placeOf(event.request);
  return place ? answer(event, place) : fetch(event.request);
};

/** Whether a request may be the worker's business, as far as can be told at once. */
const concerns = ({ method, mode, referrer, url }) => {
  const { origin, pathname } = new URL(url);
  if (forgotten || origin !== self.location.origin || pathname === "/live" || pathname.startsWith("/wall/orders")) return false;
  if (method === "POST") return pathname === "/_dash-update-component" && isOfStage(referrer);
  return method === "GET" && (isThing(pathname) || isOfStage(mode === "navigate" ? url : referrer));
};

// What a stage says

/** What the stage itself is made of, which was there before the worker was; then what is of an older
    version goes. */
const takeOver = async (paths) => {
  for (const path of paths) {
    const request = new Request(path, { credentials: "same-origin" });
    const place = { cache: isThing(new URL(request.url).pathname) ? THINGS : ANSWERS, key: path };
    await keep(place, await fetch(request));
  }
  for (const name of await caches.keys()) {
    if (name.startsWith(PREFIX) && name !== THINGS && name !== ANSWERS) await caches.delete(name);
  }
};

const forget = async () => {
  for (const name of await caches.keys()) if (name.startsWith(PREFIX)) await caches.delete(name);
};

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  if (concerns(event.request)) event.respondWith(handle(event));
});
self.addEventListener("message", (event) => {
  const { begin, keep: paths, forget: over } = event.data || {};
  forgotten = Boolean(over);
  if (begin) event.waitUntil(self.clients.claim());
  if (paths) event.waitUntil(takeOver(paths).catch(() => undefined));
  if (over) event.waitUntil(forget());
});
