"""Readings are of what lies before now: nothing that is later, and all that has come in."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from collecting import City, definition
from working import bench, looking_back

MINUTE = timedelta(minutes=1)


@dataclass
class Clock:
    """A clock that a test sets; it begins two minutes into a bucket of five."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    found = datetime.now(UTC) - timedelta(hours=1)
    return Clock(found.replace(minute=2, second=0, microsecond=0))


def add(city: City, first: int, count: int, at: datetime) -> None:
    """Orders that open at a moment."""
    back = datetime.now(UTC) - at
    city.places["north"].add(first, count, seconds=back.total_seconds())


@pytest.mark.parametrize("tail", ["0s", "10m"])
def test_a_row_later_than_now_counts_when_its_time_has_come(
    city: City, clock: Clock, tail: str
) -> None:
    add(city, 1, 3, clock.now - MINUTE)
    add(city, 11, 4, clock.now + MINUTE)
    add(city, 21, 5, clock.now + 2.5 * MINUTE)
    with bench(city, city.places["north"], clock, tail=tail) as work:
        assert work.value("north.opened") == 3
        assert work.flow().read_again(work.door, [(clock.now - MINUTE, clock.now + MINUTE)]) == 0
        assert work.value("north.opened") == 3
        clock.now += 1.5 * MINUTE
        assert work.value("north.opened") == 7
        # The bucket in which the last rows came has ended since.
        clock.now += 4 * MINUTE
        assert work.value("north.opened") == 12
        assert work.drift() == 0


def test_a_slot_is_summed_as_soon_as_it_has_come_in(city: City, clock: Clock) -> None:
    """Slots end with the bucket and come in a minute later, when the bucket does not move."""
    slots = {n: {"column": n, "kind": "epoch"} for n in ("opened", "closed")}
    slots["opened"] |= {"slot": "5m", "arrives": "1m"}
    clock.now -= 1.5 * MINUTE
    add(city, 1, 9, clock.now - 2 * MINUTE)
    shown = definition("north").indicators["opened"].model_dump(by_alias=True)
    newest = {"newest": shown | {"window": "5m", "live_by": None, "by": []}}
    with bench(city, city.places["north"], clock, times=slots, indicators=newest) as work:
        assert work.value("north.newest") == 0
        clock.now += MINUTE
        assert work.value("north.newest") == 9


def test_days_are_not_counted_while_their_history_is_read(city: City) -> None:
    north = city.places["north"]
    for day in (1, 2, 3):
        north.add(10 * day, 2, hours=24 * day)
    days = {"kind": "days", "of": "north.opened", "op": ">=", "value": 1, "share": False}
    more = {"title": {"zh": "乙", "en": "B"}, "measure": days, "window": "4d", "unit": _UNIT}
    department = definition("north", indicators={"busy": more})
    city.redefine("v2", north=department)
    with bench(city, north, indicators={"busy": more}) as work:
        past = looking_back(city, work)
        assert past().counted["north.busy"].reason == "reading_history"
        work.tick()
        assert past().counted["north.busy"].reason == "reading_history"
        work.read_all()
        counted = past().counted["north.busy"]
        assert (counted.value, counted.reason) == (3.0, None)
    with bench(city, north, indicators={"busy": more}) as again:
        past = looking_back(city, again)
        past()
        again.tick()
        assert past().counted["north.busy"].value == 3.0, "a restart need not wait for a bucket"


_UNIT: dict[str, Any] = {"zh": "天", "en": "days"}


def test_history_read_while_ticks_fail_makes_nothing_known_after_the_last_tick(
    city: City, clock: Clock
) -> None:
    """Else three hours that nobody has read would be three hours in which nothing happened."""
    with bench(city, city.places["north"], clock) as work:
        work.tick()
        ticked = clock.now
        clock.now += timedelta(hours=3)
        while work.fill().again:
            pass
        covered = city.history.coverage(work.flow().plan)
        assert covered is not None
        assert covered[0] < ticked - timedelta(days=4)
        assert covered[1] == ticked
        work.tick()
        assert city.history.coverage(work.flow().plan) == (covered[0], clock.now)
