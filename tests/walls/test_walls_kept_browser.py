"""A stage that starts again while its center is away shows what it showed, says of when that is, and
lives again with the center; a browser that is no screen any more keeps nothing."""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect
from walls.test_walls_browser import WALL, code_on, order, page_of, pair, revoke
from walls.walls_product import product, served, signed_in

from benchmarks.gateway import Gateway

pytestmark = pytest.mark.browser
OLD = re.compile(r"连接中断，以下为 \d\d:\d\d:\d\d 的数据")
KEPT = """async () => {
  const found = [];
  for (const name of await caches.keys())
    for (const one of await (await caches.open(name)).keys()) found.push(new URL(one.url).pathname);
  return found;
}"""
WORKERS = "navigator.serviceWorker.getRegistrations().then((all) => all.length)"
CONNECTED = (
    "() => document.querySelector('.is-shown').contentWindow.CommandCenter.live.stream.connected"
)


@dataclass
class Room:
    """A wall behind a proxy, and the officer's desk, who comes to the center itself."""

    wall: Page
    desk: Page
    officer: httpx.Client
    gateway: Gateway

    @property
    def frame(self) -> Any:
        return self.wall.frame_locator(".stage-frame.is-shown")

    def kept(self) -> list[str]:
        found: list[str] = self.wall.evaluate(KEPT)
        return found


@contextmanager
def room(chromium: Browser, folder: Path, redis_url: str, screen: str = "值班屏") -> Iterator[Room]:
    """A screen is paired, shows its page, and what that is made of is kept."""
    with (
        product(folder, redis_url) as made,
        served(made) as base,
        signed_in(base) as officer,
        page_of(chromium, WALL) as wall,
        page_of(chromium, WALL) as desk,
    ):
        gateway = Gateway(int(urlsplit(base).port or 0))
        found = Room(wall, desk, officer, gateway)
        try:
            wall.goto(f"{gateway.url}/wall")
            pair(desk, officer, code_on(wall), screen, "左侧")
            expect(wall.locator(".stage-frame.is-shown")).to_have_count(1)
            wait_for(lambda: {"/wall/frame", "/wall/state", "/wall"} <= set(found.kept()))
            yield found
        finally:
            gateway.close()


def wait_for(holds: Any, seconds: float = 20.0) -> float:
    began = time.monotonic()
    while not holds():
        assert time.monotonic() - began < seconds
        time.sleep(0.1)
    return time.monotonic() - began


def numbers(frame: Any) -> list[str]:
    found: list[str] = frame.locator(".live-value").all_inner_texts()
    return found


@pytest.mark.parametrize("outage", ["dead", "502"])
def test_a_reload_in_an_outage_shows_the_last_values_with_their_age_and_lives_again(
    chromium: Browser, tmp_path: Path, redis_url: str, outage: Any
) -> None:
    with room(chromium, tmp_path, redis_url) as found:
        wall, frame = found.wall, found.frame
        expect(frame.locator(".wall-title")).to_have_text("值班屏")
        before = numbers(frame)
        assert before

        found.gateway.set(outage)
        began = time.monotonic()
        expect(frame.locator("[data-connection]:visible")).to_have_text(OLD)
        said = time.monotonic() - began
        print(f"\n{outage}: said after {said:.2f} s")
        assert said < 3
        of = frame.locator("[data-connection]:visible").inner_text()

        time.sleep(2)  # What is old is not made younger by a start.
        wall.reload()
        began = time.monotonic()
        expect(frame.locator("[data-connection]:visible")).to_have_text(of)
        print(f"{outage}: shown again after {time.monotonic() - began:.2f} s")
        expect(frame.locator(".wall-title")).to_have_text("值班屏")
        assert numbers(frame) == before
        wall.evaluate("window.neverReloaded = true")
        frame.locator("body").evaluate("() => { window.sameFrame = true; }")

        found.gateway.set("forward")
        took = wait_for(lambda: wall.evaluate(CONNECTED))
        print(f"{outage}: alive again after {took:.2f} s")
        assert took < 5
        expect(frame.locator("[data-connection]:visible")).to_have_count(0)
        assert wall.evaluate("window.neverReloaded") is True
        assert frame.locator("body").evaluate("() => window.sameFrame") is True
        wait_for(lambda: wall.evaluate("window.CommandCenter.stage.source !== null"))
        order(found.officer, "duty", "message", text="恢复了")
        expect(wall.locator("#stage-message")).to_have_text("恢复了")


def test_a_cable_that_is_pulled_is_noticed_though_nothing_says_so(
    chromium: Browser, tmp_path: Path, redis_url: str
) -> None:
    with room(chromium, tmp_path, redis_url) as found:
        # Open streams stay as they are and bring nothing; nobody answers any more.
        found.wall.evaluate(
            "() => { const inner = document.querySelector('.is-shown').contentWindow;"
            " inner.CommandCenter.live.stream.source.close();"
            " inner.fetch = () => new Promise((_, no) => setTimeout(() => no(new Error('')), 1500)); }"
        )
        began = time.monotonic()
        expect(found.frame.locator("[data-connection]:visible")).to_have_text(OLD)
        print(f"\nsaid after {time.monotonic() - began:.2f} s")
        assert time.monotonic() - began < 6


def test_a_side_screen_goes_on_turning_through_an_outage(
    chromium: Browser, tmp_path: Path, redis_url: str
) -> None:
    with room(chromium, tmp_path, redis_url, "侧屏") as found:
        heading = found.frame.locator("h1")
        expect(heading).to_have_text("指挥中心")
        order(found.officer, "side", "next")
        expect(heading).to_have_text("待处置事项")
        found.gateway.set("dead")
        skip = "window.CommandCenter.stage.frames.skip()"
        for title in ("指挥中心", "待处置事项"):
            found.wall.evaluate(skip)
            expect(heading).to_have_text(title)
            expect(found.frame.locator("[data-connection]:visible")).to_have_text(OLD)


def test_a_revoked_screen_keeps_nothing(chromium: Browser, tmp_path: Path, redis_url: str) -> None:
    with room(chromium, tmp_path, redis_url) as found:
        assert found.wall.evaluate(WORKERS) == 1
        assert {"/_dash-layout", "/_dash-update-component"} <= set(found.kept())
        assert found.desk.evaluate(WORKERS) == 0, "a desk has no worker"
        revoke(found.desk, found.wall)
        wait_for(lambda: found.kept() == [])
        assert found.wall.evaluate(WORKERS) == 0
        found.wall.reload()
        assert len(code_on(found.wall)) == 6
        assert found.kept() == []


def test_what_an_older_version_kept_goes_with_it(
    chromium: Browser, tmp_path: Path, redis_url: str
) -> None:
    with room(chromium, tmp_path, redis_url) as found:
        wall = found.wall
        wall.evaluate("caches.open('cc-stage-answers-older').then((one) => one.add('/wall'))")
        wall.reload()
        wait_for(lambda: "cc-stage-answers-older" not in wall.evaluate("caches.keys()"))
        names = wall.evaluate("caches.keys()")
        version = wall.evaluate("document.documentElement.dataset.version")
        assert sorted(names) == [
            "cc-shown", f"cc-stage-answers-{version}", f"cc-stage-things-{version}",
        ]  # fmt: skip
