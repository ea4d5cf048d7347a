"""(f) A stage for an hour or a night: what grows.

`python -m benchmarks soak [--minutes 60]`. The living demo city is read ten times as often as the
catalogue says, a side screen turns its pages every few seconds (`Frames.hurry`), and 200 viewers come
and go, each for some seconds. Every half minute, after a collection of garbage, the browser's own
counters are read, and those of the web process from /proc.

A line is laid through the samples after the warm-up (the first fifth) by least squares; its error is the
standard error of the slope. `above zero` is said only where the slope is more than twice its error:
samples follow each other, so that what is barely above may be chance.
"""

import argparse
import asyncio
import random
import re
import shutil
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from math import sqrt
from pathlib import Path
from statistics import linear_regression, mean
from tempfile import TemporaryDirectory

from playwright.sync_api import CDPSession, Page, sync_playwright
from ruamel.yaml import YAML

from benchmarks.measuring import ROOT, House, free_port, running_house, table, wait_read
from benchmarks.returning import Returning
from benchmarks.screen import ARGUMENTS, CHROMIUM, metrics
from benchmarks.walls import SHORT, screens_of, stage

VIEWERS = 200
STAYS = (3.0, 20.0)
SCREEN = "city_side"
HURRY = 12
FASTER = 10
EVERY = 30.0
WARM_UP = 0.2
DEFAULT_REFRESH = "10s"
_UNITS = {"s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}


@dataclass(frozen=True)
class Slope:
    """What something grows by in an hour, and the standard error of that."""

    hourly: float
    error: float

    @property
    def grows(self) -> bool:
        """Whether it is above zero by more than twice its error."""
        return self.hourly > 2 * self.error


def slope_of(hours: Sequence[float], values: Sequence[float]) -> Slope:
    """Least squares. Raises ValueError for fewer than three samples."""
    count = len(hours)
    if count < 3:
        raise ValueError(f"found {count} samples, expected three or more")
    hourly, start = linear_regression(hours, values)
    middle = mean(hours)
    spread = sum((x - middle) ** 2 for x in hours)
    pairs = zip(hours, values, strict=True)
    left = sum((y - start - hourly * x) ** 2 for x, y in pairs)
    return Slope(hourly, sqrt(left / (count - 2) / spread))


def faster_catalogue(folder: Path) -> Path:
    """The shipped catalogue, each dataset read ten times as often; once a second at most."""
    catalog = folder / "catalog"
    shutil.copytree(ROOT / "catalog", catalog)
    yaml = YAML()
    for path in (catalog / "departments").glob("*.yaml"):
        said = yaml.load(path)
        for dataset in said.get("datasets", {}).values():
            found = re.fullmatch(r"(\d+)([smhd])", str(dataset.get("refresh", DEFAULT_REFRESH)))
            if found:
                seconds = float(found[1]) * _UNITS[found[2]] / FASTER
                dataset["refresh"] = f"{max(1, round(seconds))}s"
        yaml.dump(said, path)
    return catalog


@contextmanager
def coming_and_going(port: int) -> Iterator[None]:
    """Viewers each of whom stays for some seconds and comes again, while the block runs."""
    loop, over = asyncio.new_event_loop(), asyncio.Event()

    async def visit() -> None:
        while True:
            with_one = asyncio.create_task(Returning("127.0.0.1", port).listen())
            await asyncio.wait({with_one}, timeout=random.uniform(*STAYS))
            with_one.cancel()
            await asyncio.gather(with_one, return_exceptions=True)

    async def all_visits() -> None:
        tasks = [asyncio.create_task(visit()) for _ in range(VIEWERS)]
        await over.wait()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    thread = threading.Thread(target=loop.run_until_complete, args=(all_visits(),))
    thread.start()
    try:
        yield
    finally:
        loop.call_soon_threadsafe(over.set)
        thread.join(30)
        loop.close()


def of_browser(session: CDPSession) -> dict[str, float]:
    """The counters of the stage with the pages in its frames."""
    session.send("HeapProfiler.collectGarbage")
    found = metrics(session)
    return {
        "stage: JS heap, MB": found["JSHeapUsedSize"] / 1e6,
        "stage: DOM nodes": found["Nodes"],
        "stage: listeners": found["JSEventListeners"],
        "stage: documents": found["Documents"],
    }


def of_process(pid: int) -> dict[str, float]:
    """Memory, threads and open files of the web."""
    status = Path(f"/proc/{pid}/status").read_text()
    numbers = dict(re.findall(r"^(VmRSS|Threads):\s+(\d+)", status, re.MULTILINE))
    return {
        "serve: memory, MB": int(numbers["VmRSS"]) / 1000,
        "serve: threads": float(numbers["Threads"]),
        "serve: open files": float(len(list(Path(f"/proc/{pid}/fd").iterdir()))),
    }


def watch(page: Page, house: House, minutes: float) -> tuple[list[float], list[dict[str, float]]]:
    """Samples and the hours at which they were taken."""
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")
    began, hours, samples = time.monotonic(), [], []
    while (passed := time.monotonic() - began) < 60 * minutes:
        hours.append(passed / 3600)
        samples.append(of_browser(session) | of_process(house.processes["serve"]))
        page.wait_for_timeout(1000 * EVERY)
    return hours, samples


def lines_of(hours: Sequence[float], samples: Sequence[dict[str, float]]) -> list[list[str]]:
    """One line for each counter: where it began, where it ended, and what it grew by."""
    first = int(len(samples) * WARM_UP)
    rows = []
    for name in samples[0]:
        values = [one[name] for one in samples[first:]]
        slope = slope_of(hours[first:], values)
        said = "above zero" if slope.grows else "–"
        grown = f"{slope.hourly:+.2f} ± {slope.error:.2f}"
        rows.append([name, f"{values[0]:,.1f}", f"{values[-1]:,.1f}", grown, said])
    return rows


def main(arguments: Sequence[str] = ()) -> str:
    """The table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks soak")
    parser.add_argument("--minutes", type=float, default=60.0, help="how long it is watched")
    minutes = parser.parse_args(arguments).minutes
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))
        catalog, port = faster_catalogue(folder), free_port()
        settings = {**SHORT, "COMMAND_CENTER_CATALOG": str(catalog)}
        house = stack.enter_context(running_house(folder / "data", port, 240, **settings))
        wait_read(house.url, 1800)
        screens = stack.enter_context(screens_of(house.data))
        playwright = stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        stack.callback(browser.close)
        page = stack.enter_context(stage(browser, house.url, screens, SCREEN))
        frames = "window.CommandCenter.stage.frames"
        page.evaluate(f"() => {{ {frames}.hurry = {HURRY}; {frames}.plan(); }}")
        stack.enter_context(coming_and_going(port))
        hours, samples = watch(page, house, minutes)
        turned = page.evaluate("window.CommandCenter.stage.errors")
    head = ["counter", "after the warm-up", "at the end", "an hour", ""]
    said = f"{minutes:g} minutes, {len(samples)} samples. The stage noted: {turned or 'nothing'}."
    return f"{table(head, lines_of(hours, samples))}\n\n{said}"


if __name__ == "__main__":
    print(main())
