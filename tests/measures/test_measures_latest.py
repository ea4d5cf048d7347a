"""The last row of each thing, stated facts, and when a dataset last reported."""

from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from measures_town import (
    CASES,
    NOW,
    at,
    case,
    cases_table,
    department,
    dimension,
    fill,
    indicator,
    source,
)

SHANGHAI = "Asia/Shanghai"


def by_code(groups: list[Any]) -> dict[str, tuple[float | None, int]]:
    """Value and n by code; the total is the first and has the empty code."""
    assert groups[0].code == ""
    assert len({g.code for g in groups}) == len(groups)
    return {g.code: (g.value, g.n) for g in groups}


def readings_table(url: str) -> sa.Table:
    return sa.Table(
        "readings",
        sa.MetaData(),
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("seen", sa.BigInteger, index=True),
        sa.Column("station", sa.String(20)),
        sa.Column("factor", sa.String(20)),
        sa.Column("level", sa.String(20)),
        sa.Column("unused", sa.Integer),
    )


READINGS = {
    "table": "readings",
    "times": {"seen": {"column": "seen", "kind": "epoch"}},
    "dimensions": {
        "station": dimension("station", fold=True),
        "factor": dimension("factor"),
    },
}


def reading(
    number: int, minutes: float, station: str, factor: str, level: str | None
) -> dict[str, Any]:
    seen = int((NOW - timedelta(minutes=minutes)).timestamp())
    return {"id": number, "seen": seen, "station": station, "factor": factor, "level": level}


LATEST = [
    reading(1, 50, "a", "o3", "10.5"),
    reading(2, 5, "A ", "o3", "20"),
    reading(3, 7, "b", "o3", "160"),
    reading(4, 61, "c", "o3", "999"),
    reading(5, 1, "d", "o3", "—"),
    reading(6, 30, "d", "o3", "70"),
    reading(7, -60, "b", "o3", "500"),
    reading(8, 10, "b", "no2", "33"),
    reading(9, 10, "b", "no2", "34"),
]


def latest_city(url: str, **measures: Any) -> Any:
    fill(url, readings_table(url), LATEST)
    base = {"kind": "latest", "of": {"column": "level"}, "group": ["station"], "within": "1h"}
    ozone = [{"column": "factor", "value": "o3"}]
    found = {
        name: indicator(base | measure, time="seen", where=measure.get("where", ozone))
        for name, measure in measures.items()
    }
    return source(url, department(READINGS, found))


def test_latest_takes_the_last_row_of_each_group_within_its_limit(database_url: str) -> None:
    asked = latest_city(
        database_url,
        max={"aggregate": "max"},
        mean={"aggregate": "mean"},
        sum={"aggregate": "sum"},
        count={"aggregate": "count"},
        over={"aggregate": "count", "over": [{"column": "level", "op": "=", "value": "160"}]},
    )
    groups = asked.stock("max", NOW, "station")
    # d's last value is missing: it is unknown, not what it was before; b's from the future is not yet.
    assert by_code(groups) == {"": (160, 2), "A": (20, 1), "B": (160, 1)}
    assert {g.code: g.as_of for g in groups} == {
        "": NOW - timedelta(minutes=5),
        "A": NOW - timedelta(minutes=5),
        "B": NOW - timedelta(minutes=7),
    }
    assert by_code(asked.stock("mean", NOW))[""] == (90, 2)
    assert by_code(asked.stock("sum", NOW))[""] == (180, 2)
    assert by_code(asked.stock("count", NOW))[""] == (2, 2)
    assert by_code(asked.stock("over", NOW, "station")) == {"": (1, 2), "A": (0, 1), "B": (1, 1)}
    empty = asked.stock("max", NOW + timedelta(days=1), "station")
    assert [(g.code, g.value, g.n, g.as_of) for g in empty] == [("", None, 0, None)]


def test_latest_by_one_of_two_groups_and_of_equal_times_the_larger_key(database_url: str) -> None:
    both = {"group": ["station", "factor"], "where": [], "aggregate": "max"}
    asked = latest_city(database_url, both=both)
    assert by_code(asked.stock("both", NOW, "factor")) == {
        "": (160, 3),
        "o3": (160, 2),
        "no2": (34, 1),
    }


def test_a_fact_is_the_newest_text_of_each_group(database_url: str) -> None:
    rows = [
        case(1, "2026-11-22T08:00", district="a", topic="Ⅳ"),
        case(2, "2026-11-22T09:00", district="a", topic="Ⅲ"),
        case(3, "2026-11-22T08:30", district="b", topic="Ⅰ"),
        case(4, "2026-11-22T10:00", district="b", topic=None),
        case(5, "2026-12-24T10:00", district="b", topic="not yet"),
    ]
    fill(database_url, cases_table(database_url), rows)
    town = department(
        CASES,
        {
            "level": indicator(
                {"kind": "fact", "column": "topic", "group": ["district"]}, time="opened"
            ),
            "any": indicator({"kind": "fact", "column": "topic"}, time="opened"),
            "untimed": indicator({"kind": "fact", "column": "topic"}),
        },
    )
    asked = source(database_url, town)
    found = {g.code: (g.text, g.as_of) for g in asked.stock("level", NOW, "district")}
    nine = at("2026-11-22T09:00", SHANGHAI)
    assert found == {
        "": ("Ⅲ", nine),
        "a": ("Ⅲ", nine),
        "b": ("Ⅰ", at("2026-11-22T08:30", SHANGHAI)),
    }
    assert asked.stock("any", NOW)[0].text == "Ⅲ"
    assert asked.stock("untimed", NOW)[0].text == "not yet"


def test_reported_is_the_newest_written_row_the_clock_or_a_table_of_its_own(
    database_url: str,
) -> None:
    written = datetime(2026, 11, 22, 4, 0, 30, tzinfo=UTC)
    fill(
        database_url,
        cases_table(database_url),
        [
            case(1, "2026-11-22T11:00"),
            case(2, "2026-11-22T12:00", changed_at=written),
            case(3, "2026-11-23T12:00", changed_at=datetime(2199, 1, 1, tzinfo=UTC)),
        ],
    )
    status = sa.Table(
        "status",
        sa.MetaData(),
        sa.Column("feed", sa.String(20), primary_key=True),
        sa.Column("at", sa.String(30)),
    )
    rows = [("cases", "2026-11-22 10:00:00"), ("other", "2026-11-22 12:00:00")]
    fill(database_url, status, [{"feed": feed, "at": when} for feed, when in rows])
    own = {
        "table": "status",
        "time": {"column": "at", "kind": "text"},
        "where": [{"column": "feed", "value": "cases"}],
    }
    timeless = {name: value for name, value in CASES.items() if name != "changed"}
    for dataset, expected in (
        (CASES, written),
        (timeless, at("2026-11-22T12:00", SHANGHAI)),
        (CASES | {"reported": own}, at("2026-11-22T10:00", SHANGHAI)),
    ):
        assert source(database_url, department(dataset, {})).reported("cases") == expected
    clock = source(database_url, department(CASES | {"reported": "clock"}, {})).reported("cases")
    assert clock is not None
    assert abs(clock - datetime.now(UTC)) < timedelta(minutes=1)
