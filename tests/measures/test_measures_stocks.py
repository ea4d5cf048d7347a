"""Stocks now, and conditions that mean the same on every engine."""

from datetime import timedelta
from typing import Any

import pytest
from measures_town import (
    CASES,
    NOW,
    WORDS,
    at,
    case,
    cases_table,
    department,
    dimension,
    fill,
    indicator,
    source,
)

from dashboard.measures import JOINT


def by_code(groups: list[Any]) -> dict[str, tuple[float | None, int]]:
    """Value and n by code; the total is the first and has the empty code."""
    assert groups[0].code == ""
    assert len({g.code for g in groups}) == len(groups)
    return {g.code: (g.value, g.n) for g in groups}


def stock_city(url: str, **indicators: Any) -> Any:
    """Five cases at 12:30 local time, one closed."""
    fill(
        url,
        cases_table(url),
        [
            case(1, "2026-11-22T08:30", district="a", score=1.0, due_at="2026-11-22T12:00"),
            case(2, "2026-11-22T11:30", district="a", score=3.0, due_at="2026-11-22T13:00"),
            case(3, "2026-11-21T12:30", district="b", score=-2.0, due_at="2026-11-22T12:30"),
            case(4, "2026-11-22T12:00", district=None, due_at="2026-11-25T12:00"),
            case(5, "2026-11-20T08:00", district="b", score=50.0, closed_at="2026-11-21T08:00"),
        ],
    )
    return source(url, department(CASES, indicators))


OPEN = {"time": "closed", "op": "is_null"}


def test_a_stock_counts_what_is_so_now_in_total_and_by_code(database_url: str) -> None:
    overdue = [OPEN, {"time": "due", "op": "<", "value": "now"}]
    soon = [OPEN, {"time": "due", "op": "<=", "value": "now+30m"}]
    asked = stock_city(
        database_url,
        open=indicator({"kind": "stock", "where": [OPEN]}),
        overdue=indicator({"kind": "stock", "where": overdue}),
        soon=indicator({"kind": "stock", "where": soon}),
    )
    assert by_code(asked.stock("open", NOW, "district")) == {"": (4, 4), "a": (2, 2), "b": (1, 1)}
    assert by_code(asked.stock("town.overdue", NOW, "district")) == {"": (1, 1), "a": (1, 1)}
    assert by_code(asked.stock("soon", NOW)) == {"": (3, 3)}
    later = NOW + timedelta(seconds=1)
    assert by_code(asked.stock("overdue", later, "district"))["b"] == (1, 1)


def test_a_stock_of_nothing_is_zero_but_has_no_mean(database_url: str) -> None:
    never = [{"column": "topic", "value": "never"}]
    kinds = ("count", "sum", "mean", "max", "min", "share")
    asked = stock_city(
        database_url,
        **{
            kind: indicator(
                {
                    "kind": "stock",
                    "aggregate": kind,
                    "of": {"column": "score"},
                    "where": never,
                    "among": never,
                }
            )
            for kind in kinds
        },
    )
    found = {kind: asked.stock(kind, NOW)[0].value for kind in kinds}
    assert found == {"count": 0, "sum": 0, "mean": None, "max": None, "min": None, "share": None}
    assert all(asked.stock(kind, NOW)[0].n == 0 for kind in kinds)


def test_values_and_ages_of_a_stock_rest_on_the_rows_that_have_them(database_url: str) -> None:
    def stock(**more: Any) -> dict[str, Any]:
        return indicator({"kind": "stock", "where": [OPEN], **more})

    score = {"column": "score"}
    asked = stock_city(
        database_url,
        sum=stock(aggregate="sum", of=score),
        mean=stock(aggregate="mean", of=score),
        least=stock(aggregate="min", of=score | {"factor": -10.0}),
        oldest=stock(aggregate="max", age_of="opened"),
        age=stock(aggregate="mean", age_of="opened"),
        share=indicator(
            {
                "kind": "stock",
                "aggregate": "share",
                "among": [OPEN],
                "where": [{"time": "due", "op": "<", "value": "now"}],
            }
        ),
    )
    assert by_code(asked.stock("sum", NOW, "district")) == {
        "": (2.0, 3),
        "a": (4.0, 2),
        "b": (-2.0, 1),
    }
    assert by_code(asked.stock("mean", NOW, "district"))[""] == (pytest.approx(2 / 3), 3)
    assert by_code(asked.stock("least", NOW, "district")) == {
        "": (-30, 3),
        "a": (-30, 2),
        "b": (20, 1),
    }
    assert by_code(asked.stock("oldest", NOW, "district")) == {
        "": (24, 4),
        "a": (4, 2),
        "b": (24, 1),
    }
    assert by_code(asked.stock("age", NOW))[""] == (pytest.approx((4 + 1 + 24 + 0.5) / 4), 4)
    assert by_code(asked.stock("share", NOW, "district")) == {
        "": (25, 4),
        "a": (50, 2),
        "b": (0, 1),
    }


CONDITIONS: list[tuple[list[dict[str, Any]], set[int]]] = [
    ([{"column": "topic", "value": "Open"}], {1}),
    ([{"column": "topic", "value": "open", "fold": True}], {1, 2, 3}),
    ([{"column": "topic", "op": "!=", "value": "Open"}], {2, 3, 4}),
    ([{"column": "topic", "op": "!=", "value": "OPEN", "fold": True}], {4}),
    ([{"column": "topic", "op": "in", "value": ["Open", "shut"]}], {1, 4}),
    ([{"column": "topic", "op": "in", "value": ["open", "SHUT"], "fold": True}], {1, 2, 3, 4}),
    ([{"column": "topic", "op": "not_in", "value": ["Open", "shut"]}], {2, 3}),
    ([{"column": "topic", "op": "is_null"}], {5}),
    ([{"column": "topic", "op": "not_null"}], {1, 2, 3, 4}),
    ([{"column": "id", "value": "4"}], {4}),
    ([{"column": "id", "op": "in", "value": [1, 2]}], {1, 2}),
    ([{"column": "district", "value": 440604}], {1, 2}),
    ([{"column": "score", "op": ">=", "value": 0.5}], {2, 3}),
    ([{"column": "score", "op": "<", "value": 1}], {1, 2}),
    ([{"any": [{"column": "id", "value": 1}, {"column": "topic", "value": "shut"}]}], {1, 4}),
    (
        [
            {"any": [{"column": "id", "value": 1}, {"column": "id", "value": 2}]},
            {"column": "score", "op": ">", "value": 0},
        ],
        {2},
    ),
    ([{"sql": "id % 2 = 1 AND topic NOT LIKE '%s:x'"}], {1, 3}),
    ([{"time": "opened", "op": ">", "value": "2026-11-22T10:00"}], {3, 4}),
    ([{"time": "opened", "op": ">=", "value": "2026-11-22T02:00Z"}], {2, 3, 4}),
    ([{"time": "opened", "op": "in", "value": ["2026-11-22T10:00", "2026-11-22"]}], {2, 5}),
    ([{"time": "opened", "op": "!=", "value": "2026-11-22T10:00"}], {1, 3, 4, 5}),
    ([{"time": "opened", "op": ">=", "value": "now-90m"}], {3, 4}),
]


def test_conditions_mean_the_same_on_every_engine(database_url: str) -> None:
    rows = [
        case(1, "2026-11-22T09:00", topic="Open", district="440604", score=-1.0),
        case(2, "2026-11-22T10:00", topic="open", district="440604", score=0.5),
        case(3, "2026-11-22T11:00", topic=" OPEN ", district="440605", score=1.0),
        case(4, "2026-11-22T12:00", topic="shut", district="440606"),
        case(5, "2026-11-22T00:00", topic=None, district=None),
    ]
    fill(database_url, cases_table(database_url), rows)
    town = department(
        CASES,
        {
            f"n{place}": indicator(
                {"kind": "distinct", "column": "id", "where": where}, time="opened"
            )
            for place, (where, _) in enumerate(CONDITIONS)
        },
    )
    asked = source(database_url, town)
    window = (at("2026-11-21T00:00"), at("2026-11-23T00:00"))
    for place, (where, expected) in enumerate(CONDITIONS):
        page = asked.rows(f"n{place}", window, where={}, limit=10)
        assert {row[0] for row in page.rows} == expected, where
        assert asked.asked(f"n{place}", window)[0].value == len(expected), where


def test_a_dataset_may_be_a_select(database_url: str) -> None:
    fill(
        database_url,
        cases_table(database_url),
        [case(1, "2026-11-22T08:00", topic="x"), case(2, "2026-11-22T08:00")],
    )
    select = "SELECT id AS number, opened_at, district, topic FROM cases WHERE topic <> 'a:b %' ;"
    dataset = {
        "select": select,
        "key": ["number"],
        "times": {"opened": {"column": "opened_at", "kind": "local"}},
        "dimensions": {"topic": dimension("topic")},
    }
    town = department(
        dataset,
        {"n": indicator({"kind": "stock", "where": [{"column": "topic", "value": "x"}]})},
    )
    assert by_code(source(database_url, town).stock("n", NOW, "topic")) == {"": (1, 1), "x": (1, 1)}
    assert source(database_url, town).rows("n", None, where={}, limit=5).columns == [
        "number",
        "opened_at",
        "topic",
    ]


def test_what_is_no_stock_is_refused_by_name(tmp_path: Any) -> None:
    url = f"sqlite:///{tmp_path}/town.sqlite"
    fill(url, cases_table(url), [])
    town = department(CASES, {"n": indicator({"kind": "count"}, time="opened")})
    asked = source(url, town)
    with pytest.raises(ValueError, match="expected a stock"):
        asked.stock("n", NOW)
    with pytest.raises(KeyError):
        asked.stock("unknown", NOW)
    assert WORDS["en"] == "test"


def test_a_state_by_two_dimensions_and_its_exact_median(database_url: str) -> None:
    rows = [
        case(n, "2026-11-22T00:00", district="ab"[n % 2], topic="xy"[n // 4], score=float(n * n))
        for n in range(7)
    ]
    fill(database_url, cases_table(database_url), rows)
    town = source(
        database_url,
        department(
            CASES,
            {
                "n": indicator({"kind": "stock"}),
                "middle": indicator(
                    {"kind": "stock", "aggregate": "median", "of": {"column": "score"}}
                ),
            },
        ),
    )
    pairs = {one.code: one.value for one in town.stock("n", NOW, "district,topic")}
    assert pairs.pop("") == 7
    assert pairs == {
        f"a{JOINT}x": 2, f"b{JOINT}x": 2, f"a{JOINT}y": 2, f"b{JOINT}y": 1,
    }  # fmt: skip
    found = {one.code: (one.value, one.n) for one in town.stock("middle", NOW, "district")}
    assert found == {"": (9.0, 7), "a": (10.0, 4), "b": (9.0, 3)}
    assert "row_number" in town.sql("middle").lower()
    town.close()
