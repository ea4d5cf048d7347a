"""A question asked by choosing: what can be chosen, and the rows that answer; on every engine."""

from typing import Any

import pytest
from measures_town import CASES, WORDS, case, cases_table, department, fill, indicator, source
from pydantic import ValidationError

from dashboard.catalogue.datasets import Dataset

COUNT = {"n": indicator({"kind": "count"}, time="opened")}
LOOKUP: dict[str, Any] = {
    "options": "cases",
    "choices": [
        {"column": "district", "title": WORDS},
        {"column": "topic", "title": WORDS, "optional": True},
    ],
    "shown": [
        {"column": "id", "title": WORDS, "decimals": 0},
        {"column": "opened_at", "title": WORDS, "age": True},
        {"column": "score", "title": WORDS, "decimals": 1},
    ],
    "order": "score",
    "limit": 3,
    "nothing": WORDS,
}
WRONG = {
    "name": "closed_before_opened",
    "title": WORDS,
    "where": [{"time": "closed", "op": "<", "other": "opened"}],
}


def town(url: str) -> Any:
    """Five cases of two districts; one of them was closed before it was opened."""
    rows = [
        case(1, "2026-11-22T08:00", district="440604", topic="noise", score=5.0),
        case(2, "2026-11-22T09:00", district="440604", topic="noise", score=1.0),
        case(3, "2026-11-22T10:00", district="440604", topic="light", score=3.0),
        case(4, "2026-11-22T11:00", district="440605", topic="O'Hara", score=2.0),
        case(5, "2026-11-22T11:00", district="440604", topic="noise", score=0.5,
             closed_at="2026-11-21T11:00"),
        case(6, "2026-11-22T11:30", district="440604", topic="noise", score=None),
    ]  # fmt: skip
    fill(url, cases_table(url), rows)
    return source(url, department(CASES | {"lookup": LOOKUP, "set_aside": [WRONG]}, COUNT))


def test_what_can_be_chosen_is_narrowed_by_the_other_choices(database_url: str) -> None:
    asked = town(database_url)
    assert sorted(asked.options("cases", "district", {})) == ["440604", "440605"]
    assert asked.options("cases", "district", {"topic": "light"}) == ["440604"]
    assert sorted(asked.options("cases", "topic", {"district": "440604"})) == ["light", "noise"]
    own = {"district": "440605", "topic": "light"}
    assert sorted(asked.options("cases", "topic", own)) == ["O'Hara"], "not by itself"
    asked.close()


def test_the_first_rows_in_order_answer_without_what_is_set_aside(database_url: str) -> None:
    asked = town(database_url)
    page = asked.look_up("cases", {"district": "440604"})
    assert page.columns == ["id", "opened_at", "score"]
    assert [row[0] for row in page.rows] == [2, 3, 1]
    assert page.rows[0][1].isoformat() == "2026-11-22T01:00:00+00:00"
    assert [
        r[0] for r in asked.look_up("cases", {"district": "440604", "topic": "light"}).rows
    ] == [3]
    asked.close()


def test_a_choice_is_a_value_and_never_sql(database_url: str) -> None:
    asked = town(database_url)
    assert [
        r[0] for r in asked.look_up("cases", {"district": "440605", "topic": "O'Hara"}).rows
    ] == [4]
    assert asked.look_up("cases", {"district": "' OR 1=1 --"}).rows == []
    for unknown in ({"district": "440604", "person": "张三"}, {"id = 1 --": "x"}):
        with pytest.raises(ValueError, match="expected of"):
            asked.look_up("cases", unknown)
    with pytest.raises(ValueError, match="expected of"):
        asked.options("cases", "person", {})
    with pytest.raises(ValueError, match="expected one of each"):
        asked.look_up("cases", {"topic": "noise"})
    asked.close()


def test_a_lookup_of_private_columns_or_without_a_choice_is_refused() -> None:
    private = {"title": WORDS, "table": "cases", "key": ["id"], "private": ["district"]}
    with pytest.raises(ValidationError, match="not private"):
        Dataset.model_validate(private | {"lookup": LOOKUP})
    optional = LOOKUP | {"choices": [{"column": "topic", "title": WORDS, "optional": True}]}
    with pytest.raises(ValidationError, match="has to be made"):
        Dataset.model_validate({**private, "private": [], "lookup": optional})
