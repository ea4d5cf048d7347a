"""What a plan's history rests on: all that decides which rows count and where, and no words."""

from typing import Any

import pytest

from dashboard.catalogue import Department
from dashboard.footing import DIMENSION, footing
from dashboard.measures import TickPlan, tick_plans

A = {"zh": "甲", "en": "A"}
EPOCH = {"kind": "epoch"}
RULE = {"name": "odd", "title": A, "where": [{"column": "minutes", "op": "<", "value": 0}]}
LATE = RULE | {"name": "late", "where": [{"time": "seen", "op": ">", "value": "now"}]}
ORDERS: dict[str, Any] = {
    "title": A,
    "table": "orders",
    "key": ["id"],
    "times": {name: {"column": name, **EPOCH} for name in ("opened", "closed", "seen")},
    "dimensions": {name: {"column": name, "title": A} for name in ("town", "topic")},
    "set_aside": [RULE, LATE],
}
COUNT: dict[str, Any] = {
    "title": A,
    "dataset": "orders",
    "measure": {"kind": "count"},
    "time": "opened",
    "window": "24h",
    "by": ["town"],
    "unit": A,
    "basis": "live",
    "definition": {"text": A},
}


def department(indicators: dict[str, Any], **orders: Any) -> Department:
    about = {"key": "north", "title": A, "owner": A, "url": "x", "liaison": A}
    dataset = ORDERS | orders
    return Department.model_validate(
        about | {"datasets": {"orders": dataset}, "indicators": indicators}
    )


def rests_on(zone: str = "Asia/Shanghai", also: Any = None, **orders: Any) -> dict[str, str]:
    """The footing of the plan by `opened`, with another indicator where one is given."""
    town = department({"n": COUNT} | ({"also": COUNT | also} if also else {}), **orders)
    plan: TickPlan = next(plan for plan in tick_plans(town) if plan.time == "opened")
    return footing(plan, town.datasets["orders"], zone)


def times(**changed: Any) -> dict[str, Any]:
    return {"times": ORDERS["times"] | changed}


def towns(**town: Any) -> dict[str, Any]:
    return {"dimensions": ORDERS["dimensions"] | {"town": {"column": "town", "title": A} | town}}


@pytest.mark.parametrize(
    "orders",
    [
        {"table": "tickets"},
        {"table": None, "select": "SELECT * FROM orders WHERE kind = 1"},
        {"version": "sent"},
        times(opened={"column": "begun", **EPOCH}),
        times(opened={"column": "opened", "kind": "local"}),
        times(opened={"column": "opened", **EPOCH, "unit": "ms"}),
        times(seen={"column": "seen_at", **EPOCH}),
        {"set_aside": [RULE]},
        {"set_aside": [RULE | {"where": [{"column": "minutes", "op": "<", "value": 1}]}, LATE]},
        {"set_aside": [RULE | {"times": ["opened"]}, LATE]},
        {"set_aside": [RULE | {"keep": True}, LATE]},
        towns(column="district"),
        towns(fold=True),
        towns(limit=10),
    ],
)
def test_what_changes_which_rows_count_and_where_changes_the_footing(orders: Any) -> None:
    assert rests_on(**orders) != rests_on()


def test_the_zone_and_the_key_count_where_they_decide() -> None:
    assert rests_on("Asia/Tokyo") != rests_on()
    assert rests_on(key=["id", "town"]) == rests_on()
    assert rests_on(key=["id", "town"], version="sent") != rests_on(version="sent")
    local = times(opened={"column": "opened", "kind": "local"})
    tokyo = times(opened={"column": "opened", "kind": "local", "zone": "Asia/Tokyo"})
    shanghai = times(opened={"column": "opened", "kind": "local", "zone": "Asia/Shanghai"})
    assert rests_on(**local) == rests_on(**shanghai) != rests_on(**tokyo)


@pytest.mark.parametrize(
    "orders",
    [
        {"title": {"zh": "乙", "en": "B"}},
        {"refresh": "1m", "late": "5m", "stale": "1h", "tail": "4h", "history": "90d"},
        {"private": ["name"], "show": {"town": A}, "reported": "clock", "corrected": False},
        {"changed": {"column": "changed", **EPOCH}},
        {"set_aside": [LATE, RULE | {"title": {"zh": "乙", "en": "B"}, "expected": True}]},
        {"set_aside": [RULE, LATE, RULE | {"name": "kept", "keep": True}]},
        {"set_aside": [RULE, LATE, RULE | {"name": "shut", "times": ["closed"]}]},
        times(opened={"column": "opened", **EPOCH, "slot": "5m"}),
        times(closed={"column": "shut", **EPOCH}),
        towns(title={"zh": "乙", "en": "B"}, values={"a": A}),
    ],
)
def test_words_intervals_and_what_others_rest_on_do_not(orders: Any) -> None:
    assert rests_on(**orders) == rests_on()


def test_another_indicator_rests_on_more_and_moves_nothing_of_the_first() -> None:
    took = {"kind": "mean", "of": {"start": "opened", "end": "closed"}}
    more = rests_on(also={"measure": took, "by": ["topic"]})
    assert more.keys() - rests_on().keys() == {"time/closed", "set_aside/closed", "dimension/topic"}
    assert more.items() > rests_on().items()


def test_what_only_splits_rest_on_is_told_apart() -> None:
    before, now = rests_on(), rests_on(**towns(column="district"))
    assert {name for name in now if now[name] != before[name]} == {f"{DIMENSION}town"}
