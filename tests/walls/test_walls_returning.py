"""When screens come back after a loss: the browsers' rule, and that of the benchmarks' viewers."""

import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Browser
from servers import ROOT

from benchmarks import returning
from benchmarks.gateway import Gateway, Mode
from benchmarks.returning import Crowd, wait_after
from benchmarks.soak import slope_of


def holds(waits: Callable[[int], list[float]]) -> None:
    """`waits` gives many waits in seconds after so many failures."""
    first = waits(0)
    assert max(first) - min(first) >= 10, "not all come at one moment"
    assert max(first) <= 12
    for failures in (1, 2, 3, 10, 10_000):
        later = waits(failures)
        assert 0.5 <= min(later) < max(later) <= 3, "back within seconds of the web, for ever"


def test_viewers_of_benchmarks_come_back_as_browsers_do() -> None:
    holds(lambda failures: [wait_after(failures) for _ in range(200)])


@pytest.mark.browser
def test_browsers_come_back_at_moments_of_their_own(chromium: Browser) -> None:
    page = chromium.new_page()
    page.add_script_tag(path=str(ROOT / "assets" / "live-0-retry.js"))
    script = "(n) => Array.from({ length: 200 }, () => window.CommandCenter.waitAfter(n) / 1000)"
    holds(lambda failures: page.evaluate(script, failures))
    page.close()


class Stream(BaseHTTPRequestHandler):
    """A stream that gives a snapshot to whom it does not know, and goes on for ever."""

    asked: list[str]

    def do_GET(self) -> None:
        self.asked.append(self.path)
        self.send_response(200)
        self.end_headers()
        kind, number = "delta" if "last=" in self.path else "snapshot", 0
        try:
            while True:
                number += 1
                self.wfile.write(f"id: e-{number}\nevent: {kind}\ndata: {{}}\n\n".encode())
                kind = "delta"
                time.sleep(0.05)
        except OSError:
            return

    def log_message(self, *_: object) -> None:
        """Nothing: the test looks at what was asked."""


@contextmanager
def stream() -> Iterator[tuple[int, list[str]]]:
    """Its port, and what it was asked for."""
    asked: list[str] = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Told", (Stream,), {"asked": asked}))
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port, asked
    server.shutdown()
    server.server_close()


def until(holds: Callable[[], bool]) -> float:
    began = time.monotonic()
    while not holds():
        assert time.monotonic() - began < 20
        time.sleep(0.02)
    return time.monotonic() - began


@pytest.mark.parametrize("how", ["502", "dead"])
def test_a_crowd_that_lost_its_stream_is_back_soon_after_it(
    how: Mode, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(returning, "SPREAD", 1.0)
    with stream() as (port, asked):
        gateway = Gateway(port)
        crowd = Crowd("127.0.0.1", gateway.port, 20)
        until(lambda: crowd.heard_since(0) == 20)
        assert crowd.whole_since(0) == 20
        assert set(asked) == {"/live"}
        lost = time.monotonic()
        gateway.set(how)
        time.sleep(1.5)
        assert crowd.heard_since(lost + 0.5) == 0
        tries = crowd.first_tries(lost)
        assert len(tries) == 20
        assert max(tries) - min(tries) > 0.5
        back = time.monotonic()
        gateway.set("forward")
        assert until(lambda: crowd.heard_since(back) == 20) < 5
        assert crowd.whole_since(back) == 0
        assert asked[-1].startswith("/live?last=e-"), "whoever comes back says where it left off"
        crowd.close()
        gateway.close()


def test_what_stays_is_not_said_to_grow_and_what_grows_is() -> None:
    rng, hours = random.Random(7), [minute / 60 for minute in range(60)]
    still = slope_of(hours, [50 + rng.gauss(0, 1) for _ in hours])
    grown = slope_of(hours, [50 + 3 * hour + rng.gauss(0, 1) for hour in hours])
    assert not still.grows
    assert grown.grows
    assert abs(grown.hourly - 3) < 3 * grown.error
    with pytest.raises(ValueError, match="expected three"):
        slope_of(hours[:2], [1.0, 2.0])
