"""What a browser asks for when it opens a page, recorded once in Chromium and asked again as load.

A page of a Dash application is a shell, its layout, and the answers of callbacks; all of them are
asked for, since the callbacks are what costs.
"""

import itertools
import threading
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import Request, sync_playwright

from benchmarks.screen import ARGUMENTS, CHROMIUM

PAGES = ("/", "/department/customs", "/indicator/customs.unreleased", "/status", "/wall/duty")
EXPORT = "/export/customs.declarations.xlsx?window=30d&grain=1h"
A_SECOND = 5.0
"""Requests a second; an export runs once after all pages have been opened."""


@dataclass(frozen=True)
class Ask:
    """One request of a page; `body` where it is a callback."""

    path: str
    body: bytes | None = None

    def send(self, url: str) -> int:
        """Ask it; the bytes of the answer. Raises OSError where it is not answered with 200."""
        headers = {"Content-Type": "application/json"} if self.body else {"Accept": "text/html"}
        request = urllib.request.Request(url + self.path, self.body, headers)
        with urllib.request.urlopen(request, timeout=60) as answer:
            return len(answer.read())


def record(url: str) -> list[Ask]:
    """What Chromium asks the server for, page by page and an export between; static bundles are
    left out, since a browser keeps them."""
    asks: list[Ask] = []

    def note(request: Request) -> None:
        parts = urlsplit(request.url)
        static = parts.path.startswith(("/assets/", "/_dash-component-suites/", "/_favicon"))
        if request.url.startswith(url) and parts.path != "/live" and not static:
            query = f"?{parts.query}" if parts.query else ""
            asks.append(Ask(parts.path + query, request.post_data_buffer))

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        for path in PAGES:
            page = browser.new_page()
            page.on("request", note)
            page.goto(url + path)
            page.wait_for_timeout(4000)
            page.close()
        browser.close()
    if not any(ask.body for ask in asks):
        raise RuntimeError("no callback was recorded: the load would be shells alone")
    return [*asks, Ask(EXPORT)]


@dataclass
class Load:
    """Requests asked so far while a block runs; a request that fails ends the run."""

    asked: int = 0
    failure: OSError | None = field(default=None)


@contextmanager
def load_of(url: str, asks: Sequence[Ask]) -> Iterator[Load]:
    """Pages are opened and an export runs again and again while the block runs.

    Raises OSError at its end where a request was not answered.
    """
    stop, load = threading.Event(), Load()

    def ask_all() -> None:
        for ask in itertools.cycle(asks):
            if stop.wait(1 / A_SECOND):
                return
            try:
                ask.send(url)
            except OSError as error:
                load.failure = error
                return
            load.asked += 1

    asking = threading.Thread(target=ask_all)
    asking.start()
    try:
        yield load
    finally:
        stop.set()
        asking.join()
    if load.failure is not None:
        raise load.failure
