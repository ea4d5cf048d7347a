"""A walk through every page in both languages: each opened once, and looked at twice in its life."""

import asyncio
import base64
import os
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, ConsoleMessage, Page, TimeoutError, async_playwright
from servers import chromium_arguments, chromium_path

HERE = Path(__file__).parent
PICTURES = HERE.parent / "screenshots"
DEPARTMENTS = HERE.parents[1] / "catalog" / "pages"
LOOKING = (HERE / "looking.js").read_text()
PAGES = {
    "wall": "/wall/duty",
    "today": "/",
    **{page.stem: f"/department/{page.stem}" for page in sorted(DEPARTMENTS.glob("*.yaml"))},
    "map": "/map",
    "entry": "/entry/transfer",
    "sign-in": "/sign-in",
    "desk": "/desk",
    "mean": "/indicator/transit.road_index",
    "stock": "/indicator/customs.unreleased",
    "percentile": "/indicator/customs.import_clearance_p90",
    "ratio": "/indicator/cases.closed_on_time_rate",
    "count": "/indicator/incidents.calls_received",
    "latest": "/indicator/environment.ozone_hour",
    "standard": "/indicator/environment.aqi_now",
    "days": "/indicator/environment.good_days_rate",
    "fact": "/indicator/incidents.responses",
    "status": "/status",
    "screens": "/screens",
    "nowhere": "/department/nowhere",
}
"""Every page; of indicators one of each kind of measure."""
LANGUAGES = ("zh", "en")
IN_CHINESE = {"mean", "count", "latest", "fact"}
IN_ENGLISH = {"stock", "ratio", "days"}
"""The page of an indicator is one page: most kinds are looked at in one language."""
TABS = [
    (page, language)
    for page in PAGES
    for language in LANGUAGES
    if page not in (IN_ENGLISH if language == "zh" else IN_CHINESE)
]
SIZES = {"1920": (1920, 1080), "3840": (3840, 2160), "390": (390, 844)}
AGES = (5, 60)
"""Seconds of life at which a page is looked at."""
WHOLE = os.environ.get("SCREENS") == "all"
"""Every size in both themes and at both ages; else one theme per size, which is the other one in the
other language, and the largest size only when young."""
JUDGED = {("1920", "dark"), ("1920", "light"), ("390", "light")}
"""Where axe judges a young page: contrast differs by theme, what there is by size."""
OPEN, TOGETHER = 8, 2
"""Tabs that live at one time, and those of them that are looked at: a machine has few cores, of which
each living page takes a twentieth."""
PATIENCE = 60.0
TRIES = 3
"""How often a page is looked at that is drawn anew meanwhile."""

DRAWN = """() => {
  const root = getComputedStyle(document.documentElement);
  const size = 0.75 * parseFloat(root.fontSize);
  const waiting = [...document.querySelectorAll(".page .panel-empty")]
    .some((one) => ["正在取数", "Loading"].includes(one.textContent) && one.checkVisibility());
  // On a copy: reading a canvas again and again makes its own drawing slow, and Chromium complains.
  const inked = (canvas) => {
    if (!canvas.width || !canvas.height) return false;
    const copy = new OffscreenCanvas(canvas.width, canvas.height);
    const ink = copy.getContext("2d", { willReadFrequently: true });
    ink.drawImage(canvas, 0, 0);
    return ink.getImageData(0, 0, copy.width, copy.height).data.some((value) => value > 0);
  };
  const trends = [...document.querySelectorAll(".trend")].every((trend) =>
    trend.querySelector('.trend-label[data-kind="nothing"]:not([hidden])')
      || [...trend.querySelectorAll("canvas")].every(inked));
  return !waiting && trends && [...document.querySelectorAll(".js-plotly-plot")].every((plot) => {
    const font = plot.layout && plot.layout.font;
    const area = plot.parentElement.getBoundingClientRect();
    return font && font.color === root.getPropertyValue("--ink-3").trim()
      && Math.abs(font.size - size) < 0.6
      && Math.abs(plot._fullLayout.width - area.width) < 2
      && Math.abs(plot._fullLayout.height - area.height) < 2;
  });
}"""
PAINTED = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
THEME = "(theme) => { document.documentElement.dataset.theme = theme; }"


@dataclass(frozen=True)
class Look:
    """What was found at one age of a page, in one size and theme."""

    age: int
    size: str
    theme: str
    found: dict[str, Any]

    def __str__(self) -> str:
        return f"at {self.age} s, {self.size}, {self.theme}"


@dataclass
class Tab:
    """One page in one language through its life."""

    name: str
    language: str
    looks: list[Look] = field(default_factory=list)
    requests: set[str] = field(default_factory=set)
    complaints: list[str] = field(default_factory=list)
    axe: list[str] = field(default_factory=list)
    undrawn: list[str] = field(default_factory=list)

    @property
    def path(self) -> str:
        return PAGES[self.name]

    def findings(self, kind: str) -> list[str]:
        """Everything of one kind that any look found, each with when and where first."""
        first: dict[str, str] = {}
        for look in self.looks:
            for what in look.found[kind]:
                first.setdefault(str(what), str(look))
        return [f"{where}: {what}" for what, where in first.items()]


def walk(url: str) -> list[Tab]:
    """All pages in all languages, looked at; pictures go to `tests/screenshots`."""
    PICTURES.mkdir(exist_ok=True)
    # A thread of its own: other tests' drivers leave an event loop in the main one.
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, _walk(url)).result()


async def _walk(url: str) -> list[Tab]:
    tabs = [Tab(name, language) for name, language in TABS]
    room, turn = asyncio.Semaphore(OPEN), asyncio.Semaphore(TOGETHER)
    async with async_playwright() as play:
        browser = await play.chromium.launch(
            executable_path=chromium_path(), args=chromium_arguments()
        )

        async def live(tab: Tab) -> None:
            async with room:
                await _live(browser, url, tab, turn)

        await asyncio.gather(*(live(tab) for tab in tabs))
        await browser.close()
    return tabs


async def _live(browser: Browser, url: str, tab: Tab, turn: asyncio.Semaphore) -> None:
    """Open a tab, look at it young, let it live on, look at it again."""
    width, height = SIZES["1920"]
    async with turn:
        context = await browser.new_context(viewport={"width": width, "height": height})
        page = await context.new_page()
        page.set_default_timeout(PATIENCE * 1000)
        page.on("request", lambda request: tab.requests.add(urlsplit(request.url).netloc))
        page.on("console", lambda message: _hear(tab, message))
        page.on("pageerror", lambda error: tab.complaints.append(str(error)))
        await page.goto(f"{url}{tab.path}?lang={tab.language}&theme=dark")
        born = time.monotonic()
        await page.wait_for_selector(".page, .wall, .plain-page")
        await asyncio.sleep(max(0.0, AGES[0] - (time.monotonic() - born)))
        await _look_all(page, tab, AGES[0])
    await asyncio.sleep(max(0.0, AGES[1] - (time.monotonic() - born)))
    async with turn:
        await _look_all(page, tab, AGES[1])
        await context.close()


def _hear(tab: Tab, message: ConsoleMessage) -> None:
    """Errors and warnings, but for the page's own answer that there is no such page."""
    expected = tab.name == "nowhere" and urlsplit(message.location["url"]).path == tab.path
    if message.type in ("error", "warning") and not expected:
        tab.complaints.append(message.text)


def looks_at(language: str, age: int) -> list[tuple[str, list[str]]]:
    """The sizes and themes in which a page is looked at: young in both themes, the theme turning
    once per size; later in one of them, which is the other one in the other language."""
    first, second = ("dark", "light") if language == "zh" else ("light", "dark")
    young = age == AGES[0]
    found = []
    for place, size in enumerate(SIZES):
        themes = [first, second] if place % 2 == 0 else [second, first]
        if WHOLE or young or size != "3840":
            found.append((size, themes if WHOLE and young else themes[:1]))
    return found


async def _look_all(page: Page, tab: Tab, age: int) -> None:
    """Every size and theme of an age."""
    for size, themes in looks_at(tab.language, age):
        width, height = SIZES[size]
        await page.set_viewport_size({"width": width, "height": height})
        for theme in themes:
            found = await _show(page, tab, f"{size} {theme}", theme)
            tab.looks.append(Look(age, size, theme, found))
            whole = age == AGES[0] and theme == themes[0]
            await _picture(page, tab, f"{age}s-{size}-{theme}", size, whole=whole)
            if age == AGES[0] and (size, theme) in JUDGED:
                answer = (await Axe().run(page)).response
                tab.axe += _breaches(answer["violations"], f"{size} {theme}")


async def _picture(page: Page, tab: Tab, what: str, size: str, *, whole: bool) -> None:
    """What is in sight; of a young page once in every size the whole of it, but for walls and the
    largest screen. The window keeps its size: charts would be drawn anew in another."""
    path = PICTURES / f"{tab.name}-{tab.language}-{what}.jpg"
    if not whole or tab.name == "wall" or size == "3840":
        await page.screenshot(path=path, type="jpeg", quality=80)
        return
    width, height = await page.evaluate(
        "[document.documentElement.clientWidth, document.documentElement.scrollHeight]"
    )
    devtools = await page.context.new_cdp_session(page)
    clip = {"x": 0, "y": 0, "width": width, "height": height, "scale": 1}
    asked = {"format": "jpeg", "quality": 80, "captureBeyondViewport": True, "clip": clip}
    taken = await devtools.send("Page.captureScreenshot", asked)
    path.write_bytes(base64.b64decode(taken["data"]))
    await devtools.detach()


async def _show(page: Page, tab: Tab, where: str, theme: str) -> dict[str, Any]:
    """Turn to a theme, wait until everything is drawn in it, and look.

    A number that comes at that moment may have its chart drawn anew while it is looked at: what
    was found counts if everything is still drawn afterwards, and else is looked at again.
    """
    await page.evaluate(THEME, theme)
    for _ in range(TRIES):
        await page.evaluate(PAINTED)
        try:
            await page.wait_for_function(DRAWN, polling=100)
        except TimeoutError:
            break
        await page.evaluate(PAINTED)
        found, drawn = await page.evaluate(f"() => [({LOOKING})(), ({DRAWN})()]")
        if drawn:
            return dict(found)
    tab.undrawn.append(where)
    return dict(await page.evaluate(LOOKING))


def _breaches(violations: Iterable[dict[str, Any]], where: str) -> list[str]:
    return [
        f"{where}: {one['impact']} {one['id']}: {one['nodes'][0]['html'][:160]}"
        for one in violations
    ]
