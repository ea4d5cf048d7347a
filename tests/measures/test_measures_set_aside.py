"""Rows that do not count: set aside by rules, superseded by a version, sent twice."""

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from measures_town import (
    CASES,
    NOW,
    WORDS,
    at,
    case,
    cases_table,
    cells,
    department,
    dimension,
    fill,
    indicator,
    plan_of,
    source,
)

SHANGHAI = "Asia/Shanghai"


DAY = (at("2026-11-22T00:00", SHANGHAI), at("2026-11-23T00:00", SHANGHAI))


COUNT = {"kind": "count"}


RULES = [
    {
        "name": "backwards",
        "title": WORDS,
        "where": [{"time": "closed", "op": "<", "other": "opened"}],
        "times": ["closed"],
    },
    {
        "name": "tests",
        "title": WORDS,
        "where": [{"column": "topic", "op": "=", "value": "TEST", "fold": True}],
    },
    {
        "name": "future",
        "title": WORDS,
        "where": [{"time": "opened", "op": ">", "value": "now+1h"}],
        "keep": True,
    },
]


def test_set_aside_rows_are_counted_and_left_out_where_their_rule_says(database_url: str) -> None:
    table = cases_table(database_url)
    fill(
        database_url,
        table,
        [
            case(1, "2026-11-22T08:00", closed_at="2026-11-22T08:30"),
            case(2, "2026-11-22T08:00", closed_at="2026-11-22T07:30"),
            case(3, "2026-11-22T08:00", topic=" Test "),
            case(4, "2026-11-22T20:00", topic=None),
            case(5, "2026-11-22T08:00", closed_at="2026-11-21T08:00", topic="test"),
        ],
    )
    town = department(
        CASES | {"set_aside": RULES},
        {
            "n": indicator(COUNT, time="opened"),
            "closed": indicator(COUNT, time="closed"),
            "took": indicator(
                {"kind": "mean", "of": {"start": "opened", "end": "closed"}}, time="opened"
            ),
        },
    )
    under_test = source(database_url, town)
    opened = under_test.tick(plan_of(town, "opened"), [DAY])
    plan = plan_of(town, "opened")
    totals = dict.fromkeys(plan.additives, 0.0)
    for row in opened.rows:
        totals[next(a for a in plan.additives if a.name == row.additive)] += float(row.value)
    assert {(a.how, a.of is not None): value for a, value in totals.items()} == {
        ("count", False): 3,
        ("sum", True): 1800,
        ("count", True): 1,
    }
    closed = under_test.tick(plan_of(town, "closed"), [DAY])
    assert [row.value for row in closed.rows] == [1]
    assert under_test.set_aside("cases", None) == {"backwards": 2, "tests": 2, "future": 1}
    assert under_test.set_aside("cases", (DAY[0], NOW)) == {"backwards": 2, "tests": 2, "future": 0}


def versions_table(url: str) -> sa.Table:
    """Rows that are sent again: no primary key, an increasing VERSION."""
    return sa.Table(
        "sent",
        sa.MetaData(),
        sa.Column("SBLSH", sa.String(20)),
        sa.Column("VERSION", sa.Integer),
        sa.Column("opened_at", sa.DateTime, index=True),
        sa.Column("district", sa.String(20)),
        sa.Column("changed_at", sa.DateTime, index=True),
        sa.Index("sent_key", "SBLSH", "VERSION"),
    )


def sent(key: str | None, version: int | None, opened: str, district: str = "a") -> dict[str, Any]:
    return {
        "SBLSH": key,
        "VERSION": version,
        "opened_at": datetime.fromisoformat(opened),
        "district": district,
        "changed_at": datetime(2026, 11, 22, 0, version or 0),
    }


VERSIONED = {
    "table": "sent",
    "key": ["SBLSH"],
    "version": "VERSION",
    "times": {"opened": {"column": "opened_at", "kind": "local"}},
    "dimensions": {"district": dimension("district")},
    "changed": {"column": "changed_at", "kind": "instant"},
}


def test_of_a_row_sent_again_only_the_largest_version_counts_and_copies_count_once(
    database_url: str,
) -> None:
    morning = "2026-11-22T08:00"
    fill(
        database_url,
        versions_table(database_url),
        [
            sent("A", 1, morning),
            sent("A", 2, morning, "b"),
            sent("A", 10, "2026-11-22T09:00", "c"),
            sent("A", 10, "2026-11-22T09:00", "c"),
            sent("B", 1, morning),
            sent("B", 1, morning),
            sent("C", None, morning),
            sent("C", 1, morning, "b"),
            sent(None, 1, morning),
            sent(None, 1, morning),
            sent("a", 1, morning),
        ],
    )
    town = department(VERSIONED, {"n": indicator(COUNT, time="opened", by=["district"])})
    under_test = source(database_url, town)
    plan = plan_of(town)
    found = cells(under_test, plan, DAY)
    eight, nine = at(morning, SHANGHAI), at("2026-11-22T09:00", SHANGHAI)
    assert found == {
        ("", "", eight): [5],
        ("", "", nine): [1],
        ("district", "a", eight): [4],
        ("district", "b", eight): [1],
        ("district", "c", nine): [1],
    }
    only_eight = cells(under_test, plan, (eight, eight + timedelta(minutes=5)))
    assert only_eight["", "", eight] == [5]


def test_the_bucket_a_superseded_version_counted_in_is_read_again(database_url: str) -> None:
    fill(
        database_url,
        versions_table(database_url),
        [
            sent("A", 1, "2026-10-01T08:00"),
            sent("A", 2, "2026-11-01T08:00"),
            sent("B", 1, "2026-10-05T08:00"),
        ],
    )
    town = department(VERSIONED, {"n": indicator(COUNT, time="opened")})
    ranges, newest = source(database_url, town).changed_ranges(
        plan_of(town), at("2026-11-22T00:02")
    )
    assert newest == at("2026-11-22T00:02")
    assert [start for start, _ in ranges] == [
        at("2026-10-01T08:00", SHANGHAI),
        at("2026-11-01T08:00", SHANGHAI),
    ]
