"""Rows that change after they were counted: what the tail, `changed` and the day totals find."""

from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from measures_town import (
    CASES,
    NOW,
    Cells,
    at,
    case,
    cases_table,
    cells,
    department,
    fill,
    indicator,
    plan_of,
    source,
    write,
)

from dashboard.measures import TickPlan
from data_access.departments.source import SqlSource

SHANGHAI = "Asia/Shanghai"


COUNT = {"kind": "count"}


class Kept:
    """A history as the store keeps it: buckets by split, replaced range by range."""

    def __init__(self, source: SqlSource, plan: TickPlan) -> None:
        self.source, self.plan = source, plan
        self.cells: Cells = {}

    def read(self, *ranges: tuple[datetime, datetime]) -> None:
        """Make the buckets of the ranges what the source says."""
        for key in [k for k in self.cells if any(a <= k[2] < b for a, b in ranges)]:
            del self.cells[key]
        self.cells |= cells(self.source, self.plan, *ranges)

    def tick(self, tail: tuple[datetime, datetime], since: datetime) -> None:
        """What the collector does: the tail and the buckets of rows changed since."""
        changed, _ = self.source.changed_ranges(self.plan, since)
        self.read(tail, *changed)

    def total(self, by: str = "", code: str = "") -> int:
        """The count over all buckets of one code."""
        return sum(
            values[0]
            for (split, found, _), values in self.cells.items()
            if (split, found) == (by, code)
        )


def mutable_city(url: str, time: str) -> tuple[Kept, sa.Table]:
    """Three old cases and one of today, counted by one of their times."""
    table = cases_table(url)
    old = "2026-09-01T10:00"
    fill(
        url,
        table,
        [
            case(1, old, closed_at="2026-09-03T09:00"),
            case(2, old, closed_at="2026-09-03T09:01", district="440605"),
            case(3, old),
            case(4, "2026-11-22T11:00", closed_at="2026-11-22T11:30"),
        ],
    )
    town = department(CASES, {"n": indicator(COUNT, time=time, by=["district"])})
    kept = Kept(source(url, town), plan_of(town))
    kept.read((at("2026-08-01T00:00"), NOW))
    return kept, table


TAIL = (NOW - timedelta(hours=2), NOW + timedelta(minutes=5))


LATER = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)


def changed(table: sa.Table, number: int, **values: Any) -> sa.Update:
    """The department writes a row again."""
    return table.update().where(table.c.id == number).values(changed_at=LATER, **values)


def test_a_case_closed_now_changes_the_bucket_it_was_closed_in(database_url: str) -> None:
    kept, table = mutable_city(database_url, "closed")
    assert kept.total() == 3
    write(database_url, changed(table, 3, closed_at=datetime(2026, 9, 20, 10, 0)))
    kept.tick(TAIL, LATER)
    assert kept.total() == 4
    assert kept.cells["", "", at("2026-09-20T10:00", SHANGHAI)] == [1]


def test_a_case_reopened_leaves_the_bucket_it_was_closed_in(database_url: str) -> None:
    kept, table = mutable_city(database_url, "closed")
    write(database_url, changed(table, 4, closed_at=None))
    kept.tick(TAIL, LATER)
    assert kept.total() == 2


def test_a_case_reopened_long_after_is_found_by_the_day_totals(database_url: str) -> None:
    kept, table = mutable_city(database_url, "closed")
    write(database_url, changed(table, 1, closed_at=None))
    window = (at("2026-09-03T00:00", SHANGHAI), at("2026-09-05T00:00", SHANGHAI))
    totals = kept.source.day_totals(kept.plan, window)
    name = kept.plan.additives[0].name
    assert [(t.day.isoformat(), dict(t.values)) for t in totals] == [
        ("2026-09-03", {name: 1}),
        ("2026-09-04", {}),
    ]
    kept.read(window)
    assert kept.total() == 2


def test_a_case_dated_anew_counts_in_its_new_bucket(database_url: str) -> None:
    kept, table = mutable_city(database_url, "opened")
    assert kept.total() == 4
    write(database_url, changed(table, 4, opened_at=datetime(2026, 11, 21, 9, 0)))
    kept.tick(TAIL, LATER)
    assert kept.total() == 4
    assert kept.cells["", "", at("2026-11-21T09:00", SHANGHAI)] == [1]
    assert ("", "", at("2026-11-22T11:00", SHANGHAI)) not in kept.cells


def test_a_deleted_case_is_gone_from_the_tail(database_url: str) -> None:
    kept, table = mutable_city(database_url, "opened")
    write(database_url, table.delete().where(table.c.id == 4))
    kept.tick(TAIL, LATER)
    assert kept.total() == 3


def test_a_case_moved_to_another_district_moves_there(database_url: str) -> None:
    kept, table = mutable_city(database_url, "opened")
    assert (kept.total("district", "440604"), kept.total("district", "440605")) == (3, 1)
    write(database_url, changed(table, 1, district="440605"))
    kept.tick(TAIL, LATER)
    assert (kept.total("district", "440604"), kept.total("district", "440605")) == (2, 2)
    assert kept.total() == 4


def test_the_watermark_is_the_newest_written_and_a_future_one_is_not_believed(
    database_url: str,
) -> None:
    kept, table = mutable_city(database_url, "opened")
    write(
        database_url,
        changed(table, 1),
        table.update().where(table.c.id == 2).values(changed_at=datetime(2099, 1, 1, tzinfo=UTC)),
    )
    ranges, newest = kept.source.changed_ranges(kept.plan, LATER)
    assert newest == LATER
    bucket = at("2026-09-01T10:00", SHANGHAI)
    assert ranges == [(bucket, bucket + timedelta(minutes=5))]


def test_many_changed_buckets_become_at_most_fifty_ranges_that_hold_them_all(
    database_url: str,
) -> None:
    table = cases_table(database_url)
    first = datetime(2026, 9, 1)
    opened = [first + timedelta(hours=n * n % 977) for n in range(200)]
    fill(database_url, table, [case(n, t.isoformat()) for n, t in enumerate(opened)])
    town = department(CASES, {"n": indicator(COUNT, time="opened")})
    ranges, _ = source(database_url, town).changed_ranges(plan_of(town), at("2026-11-21T00:00"))
    assert len(ranges) == 50
    assert ranges == sorted(ranges)
    for time in opened:
        moment = at(time.isoformat(), SHANGHAI)
        assert sum(a <= moment < b for a, b in ranges) == 1
