"""(e) The web is away for minutes: who comes back when, and whether anybody notices what was missed.

`python -m benchmarks outage [--minutes 10]`. 200 viewers (`benchmarks.returning`: the browsers' own rule)
and two paired stages in Chromium look through a proxy at a `serve` of their own beside a living house.
It is away twice for so long: killed and started again, then there but behind a proxy that answers 502.
In the middle of each outage one stage is loaded anew; the other never is. Meanwhile the city goes on, and
the desk writes over both screens.

- `back` is from the moment at which the center answers again to the last viewer's first frame.
- `alive` is the same for the stages: their page and their stream of orders are connected.
- A wall is `whole` when it has every number, at least as new as the house had it when all were back, and
  shows what the desk wrote meanwhile.
"""

import argparse
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from playwright.sync_api import Page, sync_playwright

from benchmarks.gateway import Gateway
from benchmarks.measuring import House, free_port, running_house, snapshot, table, wait_read
from benchmarks.returning import Crowd
from benchmarks.screen import ARGUMENTS, CHROMIUM
from benchmarks.walls import SHORT, SHOWN, Web, is_alive, screens_of, stage, tell
from data_access.store.screens import SqlScreens

VIEWERS = 200
SCREENS = ("duty", "city_side")
PATIENCE = 120.0
BAND = "[data-connection]:visible"
COLLECTED = f"""() => Object.fromEntries([...({SHOWN}?.sections.readings ?? [])]
    .map(([key, reading]) => [key, reading.collected_at]))"""
HEAD = [
    "outage", "minutes", "first tries over, s", "web up in, s", "viewers back, s", "given all",
    "stages alive, s", "loaded anew", "wall whole", "said so after, s", "loaded anew: shown after, s",
]  # fmt: skip


@dataclass
class Scene:
    """All that looks at the web, and how the web is taken away and given back."""

    house: House
    web: Web
    gateway: Gateway
    crowd: Crowd
    screens: SqlScreens
    stages: Sequence[Page]

    def lose(self, how: str) -> None:
        """Take it away."""
        if how == "killed":
            self.web.kill()
        else:
            self.gateway.set("502")

    def give_back(self, how: str) -> float:
        """Give it back; the seconds until it answers."""
        if how == "killed":
            return self.web.start()
        self.gateway.set("forward")
        return 0.0


def until(holds: Callable[[], bool], pages: Sequence[Page]) -> float:
    """Wait until something holds; the seconds it took, PATIENCE where it did not."""
    began = time.monotonic()
    while not holds() and time.monotonic() - began < PATIENCE:
        pages[0].wait_for_timeout(50)
    return time.monotonic() - began


def is_said(page: Page) -> bool:
    """Whether a stage's page says that the connection is lost."""
    return page.frame_locator(".stage-frame.is-shown").locator(BAND).count() > 0


def reload(page: Page) -> float:
    """Load a stage anew while nobody answers; the seconds until it shows its numbers again."""
    began = time.monotonic()
    page.reload()
    page.wait_for_selector(".stage-frame.is-shown", timeout=60_000)
    frame = page.frame_locator(".stage-frame.is-shown")
    frame.locator(BAND).first.wait_for(timeout=60_000)
    return time.monotonic() - began


def is_whole(house: House, page: Page, message: str) -> bool:
    """Whether a wall has all that the house has now, and what the desk wrote."""
    there = snapshot(house.url)["readings"]
    page.wait_for_timeout(1500)
    shown: dict[str, Any] = page.evaluate(COLLECTED)
    missed = [
        key
        for key, one in there.items()
        if one and (key not in shown or (shown[key] or "") < (one["collected_at"] or ""))
    ]
    if missed:
        print(f"missed: {', '.join(missed[:5])}", flush=True)
    return not missed and page.locator("#stage-message").inner_text() == message


def outage(scene: Scene, how: str, minutes: float) -> list[str]:
    """One outage from its beginning until all is as before; its line of the table."""
    calm, anew = scene.stages
    for page in scene.stages:
        page.evaluate("window.neverReloaded = true")
    message = f"{how} {time.time():.0f}"
    lost = time.monotonic()
    scene.lose(how)
    said = until(lambda: is_said(calm), scene.stages)
    calm.wait_for_timeout(max(0.0, 30_000 * minutes))
    shown = reload(anew)
    for screen in SCREENS:
        tell(scene.screens, screen, "message", {"text": message})
    calm.wait_for_timeout(max(0.0, 1000 * (60 * minutes - (time.monotonic() - lost))))
    up = scene.give_back(how)
    back = time.monotonic()
    viewers: list[float] = []
    alive: list[float] = []

    def all_back() -> bool:
        if not viewers and scene.crowd.heard_since(back) == VIEWERS:
            viewers.append(time.monotonic() - back)
        if not alive and all(is_alive(page) for page in scene.stages):
            alive.append(time.monotonic() - back)
        return bool(viewers and alive)

    until(all_back, scene.stages)
    tries = scene.crowd.first_tries(lost)
    loaded = sum(page.evaluate("window.neverReloaded") is not True for page in scene.stages)
    whole = [is_whole(scene.house, page, message) for page in scene.stages]
    return [
        how, f"{minutes:g}", f"{max(tries) - min(tries):.1f}", f"{up:.1f}", _seconds(viewers),
        f"{scene.crowd.whole_since(back)}/{VIEWERS}", _seconds(alive), f"{loaded - 1} by itself",
        f"{sum(whole)}/{len(whole)}", f"{said:.1f}", f"{shown:.1f}",
    ]  # fmt: skip


def _seconds(found: Sequence[float]) -> str:
    return f"{found[0]:.1f}" if found else f"not in {PATIENCE:.0f}"


def main(arguments: Sequence[str] = ()) -> str:
    """The table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks outage")
    parser.add_argument("--minutes", type=float, default=10.0, help="how long the web is away")
    minutes = parser.parse_args(arguments).minutes
    with ExitStack() as stack:
        folder = stack.enter_context(TemporaryDirectory())
        house = stack.enter_context(running_house(Path(folder) / "data", free_port(), 180, **SHORT))
        wait_read(house.url, 1800)
        web = Web(house)
        stack.callback(web.kill)
        web.start()
        gateway = Gateway(web.port)
        stack.callback(gateway.close)
        screens = stack.enter_context(screens_of(house.data))
        playwright = stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        stack.callback(browser.close)
        pages = [stack.enter_context(stage(browser, gateway.url, screens, s)) for s in SCREENS]
        crowd = Crowd("127.0.0.1", gateway.port, VIEWERS)
        stack.callback(crowd.close)
        pages[0].wait_for_timeout(15_000)  # All have come, and what is shown is kept.
        scene = Scene(house, web, gateway, crowd, screens, pages)
        rows = []
        for how in ("killed", "502"):
            rows.append(outage(scene, how, minutes))
            pages[0].wait_for_timeout(20_000)
        return table(HEAD, rows)


if __name__ == "__main__":
    print(main())
