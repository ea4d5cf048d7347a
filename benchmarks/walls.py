"""Paired stages in headless Chromium, and a web process of their own that may die."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page

from app import demo_urls, redis_url, store_url
from benchmarks.measuring import ROOT, House, free_port
from dashboard.orders import Kind
from dashboard.settings import Settings
from data_access.processes import answers
from data_access.store import open_history
from data_access.store.screens import SqlScreens

WHO = "benchmark"
SHORT = {"COMMAND_CENTER_DEMO_DAYS": "5"}
"""Of a house in which nobody looks at what was weeks ago."""
SHOWN = "window.CommandCenter.stage.frames.window?.CommandCenter?.live?.stream"


class Web:
    """A `serve` beside those of a house, over the same store and Redis, that nobody starts again."""

    def __init__(self, house: House) -> None:
        settings = Settings(data=house.data)
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._log = house.data / "second.log"
        self._environment = {
            **os.environ,
            **demo_urls(settings, os.environ),
            "COMMAND_CENTER_DATA": str(house.data),
            "COMMAND_CENTER_REDIS_URL": redis_url(settings),
            "COMMAND_CENTER_PORT": str(self.port),
        }
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> float:
        """Start it; the seconds until it answers. Raises TimeoutError."""
        began = time.monotonic()
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, str(ROOT / "app.py"), "serve"],
                cwd=ROOT, env=self._environment, stdout=log, stderr=log,
            )  # fmt: skip
        while not answers(self.url + "/healthz"):
            if time.monotonic() - began > 60:
                raise TimeoutError(f"{self.url} does not answer, see {self._log}")
            time.sleep(0.1)
        return time.monotonic() - began

    def kill(self) -> None:
        """End it without warning."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None


@contextmanager
def screens_of(data: Path) -> Iterator[SqlScreens]:
    """The screens in the store of a house."""
    history = open_history(store_url(Settings(data=data)))
    try:
        yield SqlScreens(history.database)
    finally:
        history.close()


def tell(screens: SqlScreens, screen: str, kind: Kind, payload: dict[str, Any]) -> None:
    """Give an order, as the desk does; stages find it in the store within seconds."""
    screens.give(screen, kind, payload, WHO, datetime.now(UTC))


@contextmanager
def stage(browser: Browser, url: str, screens: SqlScreens, screen: str) -> Iterator[Page]:
    """A browser of its own that was paired with a screen and shows a page of it."""
    context = browser.new_context(viewport={"width": 1920, "height": 1080})
    page = context.new_page()
    page.goto(url + "/wall")
    page.wait_for_selector("#pairing-qr:visible", timeout=60_000)
    code = page.locator("#pairing-code").inner_text().replace(" ", "")
    if screens.claim(code, screen, WHO, WHO, datetime.now(UTC)) is None:
        raise RuntimeError(f"{screen} was not paired: nobody shows {code}")
    page.wait_for_selector(".stage-frame.is-shown", timeout=60_000)
    yield page
    context.close()


def is_alive(page: Page) -> bool:
    """Whether the page that is shown is connected, and so is the stage."""
    script = f"() => {SHOWN}?.connected && window.CommandCenter.stage.source !== null"
    return bool(page.evaluate(script))
