"""Derived readings are as old and as trustworthy as what they are made of."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from collecting import definition

from dashboard.catalogue import Catalogue
from dashboard.derived import Derived
from dashboard.judge import Circumstances
from dashboard.readings import Level, Reading, State
from data_access.collector.agenda import agenda_of
from data_access.collector.derive import derive

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
DEPARTMENT = definition("north")
CITY = Catalogue("v1", {"north": DEPARTMENT})


def reading(name: str, value: float | None, age: float, **more: Any) -> Reading:
    base = Reading(
        key=f"north.{name}",
        department="north",
        value=value,
        n=7,
        state=State.FRESH,
        level=Level.NORMAL,
        as_of=NOW - timedelta(seconds=age),
        collected_at=NOW,
        version="v1",
        window="now",
        late_after=100,
        stale_after=500,
    )
    return replace(base, **more)


def share(waiting: Reading | None, opened: Reading) -> Reading:
    inputs = {one.key: one for one in (waiting, opened) if one}
    seen = Circumstances(NOW, "Asia/Shanghai", "v1")
    return derive(agenda_of(DEPARTMENT), inputs, CITY, lambda key: seen, {})["north.share"]


def test_its_time_is_that_of_its_oldest_input() -> None:
    found = share(reading("waiting", 5, 10), reading("opened", 20, 50))
    assert (found.value, found.n, found.state) == (25.0, 7, State.FRESH)
    assert found.as_of == NOW - timedelta(seconds=50)


@pytest.mark.parametrize(
    ("age", "late_after", "state"),
    [(90, 100, State.FRESH), (100, 100, State.LATE), (30, 20, State.LATE), (600, 100, State.STALE)],
)
def test_it_is_late_when_the_first_of_its_inputs_is(
    age: float, late_after: float, state: State
) -> None:
    found = share(reading("waiting", 5, 10), reading("opened", 20, age, late_after=late_after))
    assert found.state is state


def test_a_screen_that_hears_nothing_turns_it_late_with_its_first_input() -> None:
    slow = reading("opened", 20, 50, late_after=1000, stale_after=5000)
    found = share(reading("waiting", 5, 10, late_after=60), slow)
    # The younger input is late 60 s after its own time, which is 100 s after the older one's.
    assert found.late_after == 40 + 60


def test_without_an_input_it_says_why_it_has_no_value() -> None:
    silent = reading("waiting", None, 10, state=State.UNAVAILABLE, reason="unreachable: refused")
    found = share(silent, reading("opened", 20, 10))
    assert (found.value, found.state) == (None, State.UNAVAILABLE)
    assert found.reason == "unreachable: refused"


@pytest.mark.parametrize("missing", [{"waiting"}, {"waiting", "opened"}])
def test_an_input_that_nobody_reads_is_missing_and_no_fresh_nothing(missing: set[str]) -> None:
    names = {"waiting", "opened"} - missing
    inputs = {f"north.{name}": reading(name, 5, 10) for name in names}
    seen = Circumstances(NOW, "Asia/Shanghai", "v1")
    found = derive(agenda_of(DEPARTMENT), inputs, CITY, lambda key: seen, {})["north.share"]
    assert (found.value, found.state, found.reason) == (None, State.UNAVAILABLE, "inputs")


def test_an_input_that_is_not_due_makes_it_not_due() -> None:
    closed = reading("waiting", None, 10, state=State.NOT_DUE)
    found = share(closed, reading("opened", 20, 10))
    assert (found.value, found.state, found.reason) == (None, State.NOT_DUE, None)


def test_a_division_by_zero_is_no_number_and_no_fault() -> None:
    found = share(reading("waiting", 0, 10), reading("opened", 0, 10))
    assert (found.value, found.state) == (None, State.FRESH)


def test_days_whose_history_is_still_read_say_so_and_have_no_value() -> None:
    days = {"kind": "days", "of": "north.opened", "op": ">=", "value": 1}
    share = definition("north").indicators["share"].model_dump(by_alias=True)
    north = definition("north", indicators={"busy": share | {"measure": days, "window": "4d"}})
    inputs = {"north.opened": reading("opened", 20, 10)}
    seen = Circumstances(NOW, "Asia/Shanghai", "v1")
    counted = {"north.busy": Derived(None, reason="reading_history")}
    city = Catalogue("v1", {"north": north})
    found = derive(agenda_of(north), inputs, city, lambda key: seen, counted)["north.busy"]
    assert (found.value, found.state, found.reason) == (None, State.UNAVAILABLE, "reading_history")
