"""A definition that is edited: its history is read again, and never mixed with what it was."""

from datetime import timedelta
from typing import Any

import pytest
from collecting import City, T
from working import Bench, bench

from dashboard.measures import TickPlan

DAY = timedelta(days=1)
ODD = {"name": "odd", "title": T, "where": [{"column": "minutes", "op": ">=", "value": 4}]}
BY_ID = {"town": {"column": "minutes", "title": T}}


def counted(city: City, work: Bench, by: str = "") -> dict[str, int]:
    """All rows that the history has of the last days, by code."""
    plan, now = work.flow().plan, work.desk.clock()
    (count,) = plan.additives
    rows = city.history.sums(
        (count,), (now - 4 * DAY, now), grain=None, by=by, zone=work.desk.zone, department="north"
    )
    return {row["code"]: int(row[count.name]) for row in rows}


def part(plan: TickPlan, *split: str) -> TickPlan:
    return TickPlan(plan.department, plan.dataset, plan.time, plan.additives, split, (split,))


def test_a_dataset_that_sets_other_rows_aside_is_read_again_and_unknown_until_then(
    city: City,
) -> None:
    north = city.places["north"]
    north.add(1, 9, days=3)
    with bench(city, north) as work:
        work.read_all()
        assert counted(city, work) == {"": 9}
    with bench(city, north, set_aside=[ODD]) as work:
        work.tick()
        covered = city.history.coverage(work.flow().plan)
        assert covered is not None
        assert covered[0] > work.desk.clock() - 2 * DAY
        assert work.flow().pending
        work.read_all()
        assert counted(city, work) == {"": 3}
        covered = city.history.coverage(work.flow().plan)
        assert covered is not None
        assert covered[0] < work.desk.clock() - 4 * DAY


def test_a_dimension_of_another_column_leaves_the_total_known(city: City) -> None:
    north = city.places["north"]
    north.add(1, 2, days=3)
    with bench(city, north) as work:
        work.read_all()
        assert counted(city, work, "town") == {"a": 2}
    with bench(city, north, dimensions=BY_ID) as work:
        work.tick()
        plan, long_ago = work.flow().plan, work.desk.clock() - 4 * DAY
        total = city.history.coverage(part(plan))
        split = city.history.coverage(part(plan, "town"))
        assert total is not None
        assert split is not None
        assert total[0] < long_ago < split[0]
        work.read_all()
        assert counted(city, work, "town") == {"1": 1, "2": 1}


@pytest.mark.parametrize("words", [{"title": {"zh": "乙", "en": "B"}, "late": "3s"}, {}])
def test_a_dataset_of_which_words_change_goes_on(city: City, words: dict[str, Any]) -> None:
    with bench(city, city.places["north"]) as work:
        work.read_all()
    with bench(city, city.places["north"], **words) as work:
        work.tick()
        assert work.flow().pending == []


def test_a_store_that_does_not_say_what_it_was_read_by_is_read_again(city: City) -> None:
    """One of an earlier version: what is known of it stays known meanwhile."""
    north = city.places["north"]
    with bench(city, north) as work:
        work.read_all()
        key = f"flow/{work.flow().plan.key}"
        kept = city.history.state("north", key)
        del kept["shape"]["footing"]
        city.history.set_state("north", key, kept, token=work.desk.token())
    with bench(city, north) as work:
        work.tick()
        assert work.flow().pending
        covered = city.history.coverage(work.flow().plan)
        assert covered is not None
        assert covered[0] < work.desk.clock() - 4 * DAY
        work.read_all()
        assert city.history.state("north", key)["shape"]["footing"]
