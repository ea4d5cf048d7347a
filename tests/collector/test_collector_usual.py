"""What limits compare with is not said while a part of it is still read: what it would be then is
usual of something else."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from collecting import City, definition
from working import bench, looking_back

DAY = timedelta(days=1)
KEY = "north.sudden"
SURGE = {"level": "alarm", "op": ">=", "value": 3, "against": "week_before", "as": "quotient"}


def sudden(**more: Any) -> dict[str, Any]:
    opened = definition("north").indicators["opened"].model_dump(by_alias=True)
    return {"sudden": opened | {"limits": [SURGE | more]}}


@pytest.fixture
def city_of_weeks(city: City) -> City:
    north = city.places["north"]
    north.add(1, 4, days=7, hours=2)
    north.add(10, 12, hours=2)
    return city


def test_nothing_is_usual_until_its_past_is_read(city_of_weeks: City) -> None:
    city, limits = city_of_weeks, sudden()
    city.redefine("v2", north=definition("north", history="9d", indicators=limits))
    with bench(city, city.places["north"], history="9d", indicators=limits) as work:
        look_back = looking_back(city, work)
        assert look_back().baselines == {KEY: {}}
        work.tick()
        assert look_back().baselines == {KEY: {}}, "the week before is not read"
        work.read_all()
        assert look_back().baselines == {KEY: {("week_before", code): 4.0 for code in ("", "a")}}


def test_what_reaches_back_a_day_does_not_wait_for_weeks(city_of_weeks: City) -> None:
    city, limits = city_of_weeks, sudden(against="day_before")
    city.redefine("v2", north=definition("north", history="9d", indicators=limits))
    with bench(city, city.places["north"], history="9d", indicators=limits) as work:
        look_back = looking_back(city, work)
        work.tick()
        while not all(
            flow.covers(datetime.now(UTC) - 3 * DAY) for flow in work.desk.flows.values()
        ):
            work.fill()
        assert any(flow.pending for flow in work.desk.flows.values()), "weeks are still to be read"
        assert look_back().baselines == {KEY: {("day_before", ""): 0.0}}


def test_a_window_that_begins_before_the_first_row_says_since_when(city: City) -> None:
    north = city.places["north"]
    for hours in range(1, 30):
        north.add(100 + hours, 1, hours=hours)
    counted = definition("north").indicators["opened"].model_dump(by_alias=True)
    own = {"month": counted | {"window": "9d"}, "hour": counted | {"window": "60m"}}
    city.redefine("v2", north=definition("north", history="9d", indicators=own))
    with bench(city, north, history="9d", indicators=own) as work:
        look_back = looking_back(city, work)
        work.tick()
        assert set(look_back().begun.values()) == {None}, "the days before are not read"
        work.read_all()
        begun = look_back().begun
    first = begun["north.month"]
    assert first is not None
    assert timedelta(hours=28) <= datetime.now(UTC) - first <= timedelta(hours=30)
    assert begun["north.hour"] is None, "the last hour begins after the first row"
