"""When screens come back after a loss: the browsers' rule, and that of the benchmarks' viewers."""

import random
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser
from servers import ROOT

from benchmarks.returning import wait_after
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


def test_what_stays_is_not_said_to_grow_and_what_grows_is() -> None:
    rng, hours = random.Random(7), [minute / 60 for minute in range(60)]
    still = slope_of(hours, [50 + rng.gauss(0, 1) for _ in hours])
    grown = slope_of(hours, [50 + 3 * hour + rng.gauss(0, 1) for hour in hours])
    assert not still.grows
    assert grown.grows
    assert abs(grown.hourly - 3) < 3 * grown.error
    with pytest.raises(ValueError, match="expected three"):
        slope_of(hours[:2], [1.0, 2.0])
