"""The real web over the sample city, served on loopback, and Debian's Chromium to look at it."""

from collections.abc import Iterator

import pytest
from face_frame import sample
from face_server import SIZES, Open, Served, free_port, make_services, now
from playwright.sync_api import Browser, Page, expect


@pytest.fixture(scope="session")
def running() -> Iterator[Served]:
    """One web for all tests."""
    port = free_port()
    made = Served(f"http://127.0.0.1:{port}", make_services(heartbeat=1.0), port)
    made.start()
    yield made
    made.stop()


@pytest.fixture
def served(running: Served) -> Served:
    """The web over the sample city as it is at first."""
    running.feed.begin(sample(now()))
    running.services.series.asked.clear()  # type: ignore[attr-defined]
    return running


@pytest.fixture
def open_page(served: Served, chromium: Browser) -> Iterator[Open]:
    """Open a path; fails where the page logs an error or asks another host."""
    contexts, problems = [], []

    def open_(path: str, size: str = "wall", **cookies: str) -> Page:
        width, height = SIZES[size]
        context = chromium.new_context(viewport={"width": width, "height": height})
        contexts.append(context)
        context.add_cookies(
            [{"name": n, "value": v, "url": served.url} for n, v in cookies.items()]
        )
        page = context.new_page()
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("request", lambda r: r.url.startswith((served.url, "data:", "ws://127.0.0.1", "blob:")) or problems.append(r.url))  # fmt: skip
        page.goto(served.url + path)
        expect(page.locator(".live-value").first).not_to_be_empty()
        expect(page.locator("#page > *").first).to_be_visible()
        return page

    yield open_
    for context in contexts:
        context.close()
    assert not problems
