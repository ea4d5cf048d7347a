"""(d) The one map in headless Chromium, drawn by software: 20,000 moving and fixed points, all layers.

A department of 20,000 things, a tenth of which move every five seconds, beside the demo city. The
first drawing is from the start of the navigation; a pan step is one move of a held mouse.
"""

import random
import shutil
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import sqlalchemy as sa
from playwright.sync_api import CDPSession, Page, sync_playwright
from ruamel.yaml import YAML

from benchmarks.measuring import ROOT, House, free_port, running_house, table
from benchmarks.screen import ARGUMENTS, CHROMIUM, metrics
from demo.places import seats

THINGS, MOVING = 20_000, 2_000
STEPS, REDRAWS = 60, 10
VIEW = "[...window.CommandCenter.maps.values()][0].view"
METADATA = sa.MetaData()
TABLE = sa.Table(
    "things",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("moves", sa.Integer, index=True),
    sa.Column("lat", sa.Float),
    sa.Column("lon", sa.Float),
    sa.Column("state", sa.String(8)),
    sa.Column("seen_at", sa.Integer, index=True),
)
WORDS = {"zh": "测", "en": "Bench"}
DEPARTMENT = {
    "key": "bench", "title": WORDS, "owner": WORDS, "liaison": WORDS, "url": "${BENCH_URL}",
    "datasets": {
        name: {
            "title": WORDS, "table": "things", "key": ["id"],
            "times": {"seen": {"column": "seen_at", "kind": "epoch"}},
            "reported": "clock", "corrected": False, "refresh": "5s",
        }
        for name in ("moving", "fixed")
    },
    "indicators": {},
}  # fmt: skip
STATES = ("online", "offline")


def layer(name: str, moves: int) -> dict[str, object]:
    """A layer of those that move or of those that do not."""
    return {
        "key": f"bench_{name}", "title": WORDS, "kind": "points", "dataset": f"bench.{name}",
        "position": {"lat": "lat", "lon": "lon"}, "where": [{"column": "moves", "value": moves}],
        "colour": {"column": "state", "classes": [
            {"values": [STATES[0]], "title": WORDS, "ink": "series"},
            {"title": WORDS, "ink": "warning"},
        ]},
        "shape": "square", "label": "id",
    }  # fmt: skip


def make_catalogue(folder: Path) -> Path:
    """The shipped catalogue with the department and its two layers."""
    catalog = folder / "catalog"
    shutil.copytree(ROOT / "catalog", catalog)
    yaml = YAML()
    yaml.dump(DEPARTMENT, catalog / "departments" / "bench.yaml")
    drawn = yaml.load(catalog / "map.yaml")
    drawn["layers"] += [layer("fixed", 0), layer("moving", 1)]
    yaml.dump(drawn, catalog / "map.yaml")
    return catalog


def make_things(engine: sa.Engine, rng: random.Random) -> None:
    """Things around the seats of the towns."""
    places = list(seats().values())
    rows = []
    for number in range(THINGS):
        lat, lon = rng.choice(places)
        rows.append({
            "id": number, "moves": int(number < MOVING), "lat": rng.gauss(lat, 0.012),
            "lon": rng.gauss(lon, 0.012), "state": STATES[rng.random() < 0.04],
            "seen_at": int(time.time()),
        })  # fmt: skip
    METADATA.create_all(engine)
    with engine.begin() as connection:
        connection.execute(sa.insert(TABLE), rows)


@contextmanager
def moving(engine: sa.Engine) -> Iterator[None]:
    """A tenth of the things drive on every five seconds while the block runs."""
    stop = threading.Event()

    def drive() -> None:
        while not stop.wait(5):
            with engine.begin() as connection:
                moved = {"lat": TABLE.c.lat + 0.0004, "lon": TABLE.c.lon - 0.0003}
                connection.execute(sa.update(TABLE).where(TABLE.c.moves == 1).values(moved))

    thread = threading.Thread(target=drive, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def wait_drawn(house: House, seconds: float = 120) -> None:
    """Wait until every layer of points has been read. Raises TimeoutError."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        layers = house.get("/api/map/layers")
        if all(layer["now"] or layer["kind"] == "indicator" for layer in layers):
            return
        time.sleep(1)
    raise TimeoutError(f"not all layers were read in {seconds:.0f} s")


def open_map(page: Page, url: str, layers: str) -> float:
    """Seconds from the start of the navigation until all layers are drawn."""
    page.goto(f"{url}/map?layers={layers}&area=transit.signal_online_rate:town")
    page.wait_for_selector("[data-drawn]", timeout=60_000)
    return float(page.evaluate(f"{VIEW}.stats.first")) / 1000


def counting(page: Page) -> CDPSession:
    """A session whose metrics are the main thread's own processor time, so that a machine that is
    busy otherwise does not make the map look slow."""
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})
    return session


def pan(page: Page, session: CDPSession) -> float:
    """Milliseconds of the main thread for each step of a drag, all in all: event, script, painting."""
    box = page.locator(".map-view").bounding_box() or {"x": 0, "y": 0, "width": 800, "height": 600}
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    before = metrics(session)["TaskDuration"]
    for step in range(STEPS):
        # To and fro, far enough that the picture is drawn anew several times.
        away = 12 * (step if step < STEPS / 2 else STEPS - step)
        page.mouse.move(x - away, y - away / 3)
        page.wait_for_timeout(16)
    busy = metrics(session)["TaskDuration"] - before
    page.mouse.up()
    return 1000 * busy / STEPS


def redraw(page: Page, session: CDPSession) -> float:
    """Milliseconds of the main thread to draw everything anew."""
    before = metrics(session)["TaskDuration"]
    page.evaluate(f"for (let i = 0; i < {REDRAWS}; i += 1) {VIEW}.drawNow()")
    return 1000 * (metrics(session)["TaskDuration"] - before) / REDRAWS


def note_hosts(page: Page, hosts: set[str]) -> None:
    """Collect the hosts that the page asks."""
    page.on("request", lambda asked: hosts.add(urlsplit(asked.url).netloc))


def measure(url: str, layers: str) -> list[list[str]]:
    """A row for each size of the screen."""
    rows = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        for width, height in ((1920, 1080), (390, 844)):
            context = browser.new_context(viewport={"width": width, "height": height})
            page = context.new_page()
            hosts: set[str] = set()
            note_hosts(page, hosts)
            session = counting(page)
            first = open_map(page, url, layers)
            own = metrics(session)["TaskDuration"]
            again = open_map(page, url, layers)
            busy, drawn = pan(page, session), redraw(page, session)
            rows.append([
                f"{width}×{height}", f"{first:.2f}", f"{own:.2f}", f"{again:.2f}", f"{busy:.1f}", f"{drawn:.1f}",
                str(len(hosts - {urlsplit(url).netloc, ""})),
            ])  # fmt: skip
            context.close()
        browser.close()
    return rows


def main() -> str:
    """The table."""
    head = ["screen", "first drawing, s", "of it main thread, s", "again, s", "main thread per pan step, ms",
            "all drawn anew, ms", "other hosts asked"]  # fmt: skip
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        url = f"sqlite:///{folder}/bench.sqlite"
        engine = sa.create_engine(url)
        make_things(engine, random.Random(1))
        catalog = make_catalogue(folder)
        names = [one["key"] for one in YAML(typ="safe").load(catalog / "map.yaml")["layers"]]
        environment = {"COMMAND_CENTER_CATALOG": str(catalog), "BENCH_URL": url}
        environment["COMMAND_CENTER_DEMO_DAYS"] = "3"
        with (
            moving(engine),
            running_house(folder / "data", free_port(), 180, **environment) as house,
        ):
            wait_drawn(house)
            return table(head, measure(house.url, ",".join(reversed(names))))


if __name__ == "__main__":
    print(main())
