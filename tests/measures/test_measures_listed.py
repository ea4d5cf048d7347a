"""The worst rows behind an indicator: in which order they come, and what of them is shown."""

from typing import Any

import pytest
from measures_town import (
    CASES,
    WORDS,
    case,
    cases_table,
    department,
    dimension,
    fill,
    indicator,
    source,
)

SHOWN = {
    "private": ["person"],
    "show": dict.fromkeys(("id", "opened_at", "person", "score"), WORDS),
    "dimensions": {"topic": dimension("topic")},
}


@pytest.fixture
def city(database_url: str) -> Any:
    """Six cases: the older an id, the earlier it was opened and the later it is due; the fourth is
    closed, and the first two are due at no time."""
    rows = [
        case(
            n,
            f"2026-11-22T0{n}:00",
            score=[0, 5, 9, 1, 7, 3, 2][n],
            topic="x" if n < 4 else "y",
            closed_at="2026-11-22T08:00" if n == 4 else None,
            due_at=f"2026-11-23T{19 - n}:00" if n > 2 else None,
        )
        for n in range(1, 7)
    ]
    fill(database_url, cases_table(database_url), rows)
    waiting = [{"time": "closed", "op": "is_null"}]
    latest = {"kind": "latest", "of": {"column": "score"}, "group": ["topic"], "within": "1d"}
    found = source(
        database_url,
        department(
            CASES | SHOWN,
            {
                "open": indicator({"kind": "stock", "where": waiting, "since": "opened"}),
                "due": indicator(
                    {"kind": "stock", "where": waiting, "since": "opened"}, deadline="due"
                ),
                "score": indicator(
                    {"kind": "stock", "aggregate": "max", "of": {"column": "score"}}
                ),
                "rising": indicator(
                    {"kind": "stock", "aggregate": "min", "of": {"column": "score"}},
                    direction="up",
                ),
                "n": indicator({"kind": "count"}, time="opened"),
                "last": indicator(latest, time="opened"),
                "share": indicator(
                    {"kind": "formula", "formula": "a", "inputs": {"a": "town.n"}}, dataset=None
                ),
            },
        ),
    )
    yield found
    found.close()


@pytest.mark.parametrize(
    ("name", "ids"),
    [
        ("open", [1, 2, 3, 5, 6]),
        ("due", [6, 5, 3, 1, 2]),
        ("score", [2, 4, 1, 5, 6, 3]),
        ("rising", [3, 6, 5, 1, 4, 2]),
        ("n", [6, 5, 4, 3, 2, 1]),
        ("last", [6, 3]),
    ],
)
def test_the_worst_rows_come_first(city: Any, name: str, ids: list[int]) -> None:
    found = city.listed(name, 10)
    assert [int(row[0]) for row in found.rows] == ids
    assert found.ids == [str(n) for n in ids]
    assert city.listed(name, 2).rows == found.rows[:2]


def test_private_columns_are_not_among_them(city: Any) -> None:
    assert city.listed("open", 10).columns == ["id", "opened_at", "score"]


def test_what_is_made_from_others_has_no_rows(city: Any) -> None:
    with pytest.raises(ValueError, match="derived"):
        city.listed("share", 10)
