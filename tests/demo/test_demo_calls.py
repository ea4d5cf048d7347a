"""Emergency calls as they are judged: a rolling hour of whole slots, seldom above its usual range."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from dashboard.baseline import unusual_above
from dashboard.catalogue import Catalogue
from dashboard.catalogue.load import load
from dashboard.windows import Range
from demo.days import HOUR, SLOT, day_of, midnight
from demo.incidents.hydrology import calls_of
from demo.weather import rain_of

ROOT = Path(__file__).resolve().parents[2]
KEY = "incidents.calls_received"
SHANGHAI = "Asia/Shanghai"
SEED = 20261122
TEN = timedelta(minutes=10)
WEEKS = 8


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    """The shipped city."""
    return load(ROOT / "catalog", {})


def moment(second: int) -> datetime:
    """A second of the demo as the product writes it."""
    return datetime.fromtimestamp(second, UTC)


def calls_per_slot(first: int, days: int, seed: int = SEED) -> np.ndarray:
    """Calls of the whole city in each slot of ten minutes from a day on."""
    found = []
    for day in range(first, first + days):
        columns = calls_of(seed, day)["call_volume"].columns
        starts, calls = columns["slot_start"], columns["calls"]
        assert isinstance(starts, np.ndarray)
        assert isinstance(calls, np.ndarray)
        found.append(np.bincount((starts - midnight(day)) // SLOT, calls))
    return np.concatenate(found)


def quiet_week(seed: int) -> int:
    """The first day of the week with least rain of some months, a Monday."""
    last = day_of(int(datetime(2026, 11, 23, tzinfo=UTC).timestamp()))
    mondays = range(last - 7 * 20, last, 7)
    return min(mondays, key=lambda d: sum(rain_of(seed, d + n).sum() for n in range(7)))


def share_above(seed: int, window_of: list[Range], first: int) -> float:
    """Of so many windows in the week from a day on, the share above what is usual."""
    begin = first - 7 * WEEKS
    calls = calls_per_slot(begin, 7 * WEEKS + 8, seed)
    hourly = calls.reshape(-1, 6).sum(axis=1)
    points = [(moment(midnight(begin) + n * HOUR), float(v)) for n, v in enumerate(hourly)]
    above = []
    for start, end in window_of:
        at, upto = (int((t.timestamp() - midnight(begin)) // SLOT) for t in (start, end))
        known = points[max(0, at // 6 - 168 * WEEKS) : at // 6]
        edge = unusual_above(known, (start, end), SHANGHAI, counted=True)
        assert edge is not None
        above.append(calls[at:upto].sum() > edge)
    return float(np.mean(above))


@pytest.mark.parametrize("seed", [SEED, 7])
def test_a_quiet_week_warns_of_calls_in_under_three_percent_of_its_hours(
    catalogue: Catalogue, seed: int
) -> None:
    indicator = catalogue.indicator(KEY)
    assert indicator is not None
    warning = next(limit for limit in indicator.limits if limit.level == "warning")
    assert (warning.against, warning.op, warning.value) == ("weekday_hour", ">", 1)
    first = quiet_week(seed)
    incidents = catalogue.departments["incidents"]
    nows = [moment(midnight(first) + 90 + n * 1800) for n in range(2, 2 * 168)]
    windows = [incidents.window_of(indicator, now) for now in nows]
    assert share_above(seed, windows, first) < 0.03


def test_a_rolling_hour_of_calls_is_six_slots_at_every_second(catalogue: Catalogue) -> None:
    indicator = catalogue.indicator(KEY)
    assert indicator is not None
    incidents = catalogue.departments["incidents"]
    day = day_of(int(datetime(2026, 11, 22, 4, tzinfo=UTC).timestamp()))
    sheet = calls_of(SEED, day)["call_volume"]
    starts = sheet.columns["slot_start"]
    assert isinstance(starts, np.ndarray)
    for second in range(midnight(day) + 2 * HOUR, midnight(day) + 4 * HOUR, 7):
        start, end = incidents.window_of(indicator, moment(second))
        assert end - start == timedelta(hours=1)
        there = starts[sheet.present(second)]
        inside = there[(there >= start.timestamp()) & (there < end.timestamp())]
        assert len(np.unique(inside)) == 6, moment(second)
