"""Every indicator of the room has a plausible reading on the demo city: by day, by night and on a
public holiday."""

import math
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from domain_city import MovedCity, moved_city
from domain_names import MISSING, all_names
from test_domain_coverage import found

from dashboard.catalogue.indicators import DERIVED, Fact
from dashboard.derived import input_keys
from dashboard.due import is_due

pytestmark = pytest.mark.timeout(600)
CITY = ZoneInfo("Asia/Shanghai")
DAY = datetime(2026, 9, 30, 10, 30, tzinfo=CITY)
NIGHT = datetime(2026, 10, 1, 3, 25, tzinfo=CITY)
HOLIDAY = datetime(2026, 10, 1, 10, 30, tzinfo=CITY)
MOMENTS = {"day": DAY, "night": NIGHT, "holiday": HOLIDAY}
"""A working Wednesday, the night after it, and the National Day that follows."""
ASKED_FOR = frozenset({"应转移", "已转移", "渔船回港", "人员上岸率"})
"""Stated by hand while a response is on; else nobody is asked, at any hour."""
NOTHING_YET = frozenset({"待处置事项按时处置率"})
"""Without a value as long as nothing has fallen due in a city that has just begun."""
WITHIN = {"%": (0, 100), "/10": (0, 10), "指数": (0, 500)}
"""What a value can be at all, by unit."""
SIGNED = frozenset({"水位距警戒", "信息报送剩余时间", "进出口总值"})


@pytest.fixture(scope="module")
def readings(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[MovedCity, dict[str, dict[str, Any]]]]:
    """The city, and its readings at each moment."""
    held = {key.partition(".")[0] for name in all_names() for key in found(name)}
    with moved_city(tmp_path_factory.mktemp("domain"), DAY, held) as city:
        yield city, {name: city.at(moment) for name, moment in MOMENTS.items()}


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("name", sorted(set(all_names()) - MISSING))
def test_the_indicator_has_a_plausible_reading(
    readings: tuple[MovedCity, dict[str, dict[str, Any]]], name: str, moment: str
) -> None:
    city, by_moment = readings
    for key in found(name):
        reading = by_moment[moment][key]
        said = f"{key} at {moment}: {reading}"
        if reading["state"] == "not_due":
            assert name in ASKED_FOR or not due(city, key, MOMENTS[moment]), said
            continue
        assert reading["state"] in ("fresh", "late"), said
        assert reading["n"] is not None, said
        indicator = city.catalogue.indicator(key)
        assert indicator is not None
        if isinstance(indicator.measure, Fact):
            assert reading["text"] or reading["parts"], said
        elif name not in NOTHING_YET or reading["n"]:
            value = reading["value"]
            assert value is not None, said
            assert math.isfinite(value), said
            low, high = WITHIN.get(indicator.unit.zh, (0, math.inf))
            assert name in SIGNED or low <= value <= high, said


def due(city: MovedCity, key: str, moment: datetime) -> bool:
    """Whether anything that an indicator rests on is due, by the calendars of its data."""
    indicator = city.catalogue.indicator(key)
    assert indicator is not None
    if indicator.measure.kind in DERIVED:
        return all(due(city, source, moment) for source in input_keys(indicator))
    dataset = city.catalogue.dataset_of(key)
    calendar = city.catalogue.calendars.get(dataset.calendar or "") if dataset else None
    return is_due(calendar, moment)


def test_what_closes_at_night_is_not_due_then_and_is_by_day(
    readings: tuple[MovedCity, dict[str, dict[str, Any]]],
) -> None:
    _, by_moment = readings
    for key in ("transit.bus_online_rate", "customs.inspection_wait"):
        assert by_moment["night"][key]["state"] == "not_due"
        assert by_moment["day"][key]["state"] != "not_due"
    assert by_moment["holiday"]["cases.hall_queue"]["state"] == "not_due"
    assert by_moment["holiday"]["transit.bus_online_rate"]["state"] != "not_due"
