"""Times written as text, with the traps that real columns hold."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from measures_town import (
    NOW,
    WORDS,
    asked,
    at,
    counted,
    department,
    fill,
    indicator,
    plan_of,
    source,
    timed,
)

from data_access.departments.texts import TextForm, UnreadableFormat

SHANGHAI = "Asia/Shanghai"


HOUR = timedelta(hours=1)


TRAPS = [
    "2026-11-21 23:59:59",
    "2026-11-21 24:10:00",
    "2026-11-21 25:00:00",
    "2026-11-22 00:10:30",
    "2026-11-22 1:05:00",
    "2026-11-22 8:05:00",
    "2026-11-22 08:05:59",
    "2026-11-22 9:59:59",
    "2026-11-22 10:00:00",
    "2026-11-22 23:59:00",
    "2026-11-22 24:00:00",
]


NO_TIMES = ["Date Not Captured", "未登记", "2026-11-22 08:0x:00", "2026-11-22 08:61:00"]


@pytest.mark.parametrize("sorts", [True, False])
def test_hours_beyond_24_and_without_a_zero_count_where_they_belong(
    database_url: str, sorts: bool
) -> None:
    spec = {"kind": "text", "sorts": sorts}
    values = [*TRAPS, *NO_TIMES, None, "", "  "]
    under_test, plan = timed(database_url, spec, sa.String(40), values, SHANGHAI)
    midnight = at("2026-11-22T00:00", SHANGHAI)
    day = {
        "00:10": 2,
        "01:00": 1,
        "01:05": 1,
        "08:05": 2,
        "09:55": 1,
        "10:00": 1,
        "23:55": 1,
    }
    expected = {at(f"2026-11-22T{clock}", SHANGHAI): n for clock, n in day.items()}
    assert counted(under_test, plan, (midnight, midnight + 24 * HOUR)) == expected
    early = {start: n for start, n in expected.items() if start < midnight + 9 * HOUR}
    assert counted(under_test, plan, (midnight, midnight + 9 * HOUR)) == early
    assert asked(under_test, (midnight, midnight + 9 * HOUR)) == sum(early.values())
    eight = midnight + 8 * HOUR
    narrow = under_test.tick(plan, [(eight, eight + HOUR)])
    assert [row.value for row in narrow.rows] == [2]
    assert narrow.unreadable == 4 if not sorts else narrow.unreadable >= 2


CLOSED = [
    "2026-11-22 08:30:00",
    "2026-11-22 24:30:00",
    "2026-02-30 10:00:00",
    "Date Not Captured",
    "",
    None,
    "1900-01-01 00:00:00",
    "2026-11-22 8:30:00",
]
LOST = {
    "name": "lost",
    "title": WORDS,
    "where": [{"time": "closed", "op": "<=", "value": "1900-01-02"}],
    "times": ["closed"],
}
TEXTUAL = {
    "table": "events",
    "times": {
        "opened": {"column": "opened", "kind": "epoch"},
        "closed": {"column": "closed", "kind": "text"},
    },
    "set_aside": [LOST],
}


def stock(**where: Any) -> dict[str, Any]:
    """How many rows meet one condition on the time in text."""
    return indicator({"kind": "stock", "where": [{"time": "closed", **where}]})


def test_text_that_is_no_time_is_counted_and_meets_no_condition(database_url: str) -> None:
    table = sa.Table(
        "events",
        sa.MetaData(),
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("opened", sa.BigInteger, index=True),
        sa.Column("closed", sa.String(40)),
    )
    opened = int(at("2026-11-22T00:00").timestamp())
    rows = [{"id": n, "opened": opened, "closed": text} for n, text in enumerate(CLOSED)]
    fill(database_url, table, rows)
    took = {"kind": "mean", "of": {"start": "opened", "end": "closed", "unit": "h"}}
    stocks = {
        "after": stock(op=">", other="opened"),
        "open": stock(op="is_null"),
        "stated": stock(op="not_null"),
        "early": stock(op="<", value="now"),
        "late": stock(op=">=", value="2026-11-22T20:00"),
    }
    town = department(TEXTUAL, {"took": indicator(took, time="opened"), **stocks})
    under_test = source(database_url, town)
    result = under_test.tick(plan_of(town), [(at("2026-11-22T00:00"), NOW)])
    assert under_test.set_aside("cases", None) == {"lost": 1}
    values = sorted(float(row.value) for row in result.rows)
    assert values == pytest.approx([3, 0.5 + 16.5 + 0.5], rel=1e-9)
    found = {name: under_test.stock(name, NOW)[0].n for name in stocks}
    assert found == {"after": 3, "open": 2, "stated": 6, "early": 3, "late": 1}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-22 08:05:09", datetime(2026, 11, 22, 8, 5, 9)),
        (" 2026-11-22 8:05:09 ", datetime(2026, 11, 22, 8, 5, 9)),
        ("2026-1-2 08:05:09", datetime(2026, 1, 2, 8, 5, 9)),
        ("2026-12-31 24:10:00", datetime(2027, 1, 1, 0, 10)),
        ("2026-11-22 47:59:59", datetime(2026, 11, 23, 23, 59, 59)),
        ("2026-11-22 48:00:00", None),
        ("2026-02-29 08:00:00", None),
        ("0000-00-00 00:00:00", None),
        ("2026-11-22", None),
        ("Date Not Captured", None),
    ],
)
def test_text_is_read_with_its_traps(text: str, expected: datetime | None) -> None:
    found = TextForm("%Y-%m-%d %H:%M:%S").read(text)
    assert found == (None if expected is None else (expected, None))


def test_a_format_that_cannot_be_computed_with_says_so() -> None:
    with pytest.raises(UnreadableFormat, match="%b"):
        _ = TextForm("%d %b %Y").parts
