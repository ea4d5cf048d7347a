"""From a measurement to a reading: state by age, level by limits."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from dashboard.catalogue import Dataset, Indicator
from dashboard.catalogue.reference import Calendar
from dashboard.judge import Circumstances, Freshness, Measured, judge
from dashboard.ports import GroupValue
from dashboard.readings import Level, Reading, State

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)  # Friday, 10:00 in Foshan
T = {"zh": "甲", "en": "A"}
FRESH = Freshness(timedelta(minutes=2), timedelta(minutes=15))


def indicator(*limits: dict[str, Any], **more: Any) -> Indicator:
    return Indicator.model_validate(
        {
            "title": T,
            "dataset": "orders",
            "measure": {"kind": "count"},
            "time": "opened",
            "unit": {"zh": "件", "en": "cases"},
            "basis": "live",
            "definition": {"text": T},
            "limits": list(limits),
            **more,
        }
    )


def judged(
    one: Indicator,
    value: float | None = 5,
    *,
    n: int = 100,
    age: float = 10,
    freshness: Freshness = FRESH,
    parts: dict[str, GroupValue] | None = None,
    text: str | None = None,
    reason: str | None = None,
    **seen: Any,
) -> Reading:
    as_of = NOW - timedelta(seconds=age)
    measured = Measured("cases.a", value, n, as_of, NOW, text, parts or {}, reason=reason)
    seen = {"now": NOW, "zone": "Asia/Shanghai", "version": "v1"} | seen
    return judge(one, "cases.a", measured, freshness, Circumstances(**seen))


@pytest.mark.parametrize(
    ("age", "state"),
    [
        (0, State.FRESH),
        (119, State.FRESH),
        (120, State.LATE),
        (899, State.LATE),
        (900, State.STALE),
        (-200, State.FRESH),
        (-400, State.LATE),
    ],
)
def test_age_of_the_source_decides_the_state(age: float, state: State) -> None:
    assert judged(indicator(), age=age).state is state


def test_a_source_ahead_of_us_is_late_at_best_and_says_why() -> None:
    reading = judged(indicator(), age=-3600)
    assert (reading.state, reading.value, reading.reason) == (State.LATE, 5, "clock_ahead")


@pytest.mark.parametrize("ahead", [200, 86_400])
def test_a_source_ahead_of_us_goes_stale_when_nobody_reads_it_any_more(ahead: float) -> None:
    later = NOW + FRESH.stale
    assert judged(indicator(), age=-ahead, now=later).state is State.STALE


def test_a_value_that_never_changes_is_fresh_as_long_as_its_source_reports() -> None:
    states = set()
    for minutes in range(0, 600, 60):
        at = NOW + timedelta(minutes=minutes)
        measured = Measured("cases.a", 7, 7, at, at)
        seen = Circumstances(at, "Asia/Shanghai", "v1")
        states.add(judge(indicator(), "cases.a", measured, FRESH, seen).state)
    assert states == {State.FRESH}


def test_zero_is_judged_in_parts_windows_and_against_a_past_of_zero() -> None:
    against = {"level": "alarm", "op": ">", "value": 1.0, "against": "day_before"}
    rises = indicator(against | {"as": "quotient"})
    parts = {"a": GroupValue("a", 0.0, 0)}
    reading = judged(rises, 0, n=0, parts=parts, baseline=lambda _a, _c: 0.0)
    assert (reading.value, reading.n, reading.level) == (0, 0, Level.NORMAL)
    assert (reading.parts["a"].value, reading.parts["a"].n) == (0.0, 0)
    assert judged(rises, 1, baseline=lambda _a, _c: 0.0).level is Level.ALARM


def test_an_indicator_may_be_late_at_once_though_its_dataset_is_not() -> None:
    own = indicator(late="0s", stale="15m")
    dataset = Dataset.model_validate({"title": T, "table": "orders", "key": ["id"], "late": "2m"})
    assert Freshness.of(own, dataset, None, timedelta(0)).late == timedelta(0)


def test_stale_reading_keeps_its_value_and_says_why() -> None:
    reading = judged(indicator(), 7, age=3600, failure="unreachable: refused")
    assert (reading.value, reading.state) == (7, State.STALE)
    assert reading.reason == "unreachable: refused"


def test_fresh_reading_gives_no_reason_even_when_a_tick_failed() -> None:
    assert judged(indicator(), failure="unreachable").reason is None


def test_zero_is_a_value() -> None:
    reading = judged(indicator(), 0)
    assert reading.value == 0
    assert reading.state is State.FRESH


def test_what_was_never_measured_is_unavailable_not_zero() -> None:
    seen = Circumstances(NOW, "Asia/Shanghai", "v1")
    reading = judge(indicator(), "cases.a", None, FRESH, seen)
    assert (reading.value, reading.state, reading.reason) == (None, State.UNAVAILABLE, "not_read")


def test_what_was_never_read_was_never_collected_due_or_not() -> None:
    closed = Calendar.model_validate({"key": "closed", "title": T, "workdays": [], "restdays": []})
    for freshness in (FRESH, Freshness(FRESH.late, FRESH.stale, closed)):
        seen = Circumstances(NOW, "Asia/Shanghai", "v1")
        reading = judge(indicator(), "cases.a", None, freshness, seen)
        assert reading.wire()["collected_at"] is None
        assert reading.wire()["value"] is None


def test_half_read_history_is_no_value() -> None:
    reading = judged(indicator(), 3, reason="reading_history")
    assert (reading.value, reading.state) == (None, State.UNAVAILABLE)
    assert reading.reason == "reading_history"


def test_outside_its_calendar_nothing_is_due_and_nothing_is_shown() -> None:
    calendar = Calendar.model_validate(
        {"key": "k", "title": T, "workdays": [{"start": "14:00", "end": "17:30"}]}
    )
    freshness = Freshness(FRESH.late, FRESH.stale, calendar)
    reading = judged(indicator({"level": "alarm", "op": ">", "value": 0}), freshness=freshness)
    assert (reading.value, reading.state, reading.level) == (None, State.NOT_DUE, Level.NORMAL)


def test_closed_hours_do_not_age_a_reading_on_a_screen_that_hears_nothing() -> None:
    calendar = Calendar.model_validate(
        {"key": "k", "title": T, "workdays": [{"start": "09:59", "end": "17:30"}]}
    )
    freshness = Freshness(FRESH.late, FRESH.stale, calendar)
    night = timedelta(hours=16, minutes=29).total_seconds()
    reading = judged(indicator(), age=night + 60, freshness=freshness)
    assert reading.state is State.FRESH
    # The screen's own age is all of the night, so its limits have grown by the closed part.
    assert reading.late_after == night + 120
    assert reading.stale_after == night + 900


WARN = {"level": "warning", "op": ">=", "value": 10}
ALARM = {"level": "alarm", "op": ">=", "value": 20}


@pytest.mark.parametrize(
    ("limits", "value", "n", "level", "limit"),
    [
        ([WARN, ALARM], 9.99, 9, Level.NORMAL, None),
        ([WARN, ALARM], 10, 9, Level.WARNING, 10),
        ([WARN, ALARM], 20, 9, Level.ALARM, 20),
        ([ALARM, WARN], 15, 9, Level.WARNING, 10),
        ([{"level": "alarm", "op": "<", "value": 95}], 94.9, 9, Level.ALARM, 95),
        ([{"level": "alarm", "op": "<", "value": 95}], 95, 9, Level.NORMAL, None),
        ([{"level": "alarm", "op": "<=", "value": 0.5}], 0.5, 9, Level.ALARM, 0.5),
        ([{"level": "alarm", "op": ">", "value": 0}], 0, 9, Level.NORMAL, None),
        ([{"level": "alarm", "op": ">", "value": 0}], None, 9, Level.NORMAL, None),
        ([WARN | {"min_n": 10}], 50, 9, Level.NORMAL, None),
        ([WARN | {"min_n": 10}], 50, 10, Level.WARNING, 10),
        ([WARN | {"hours": [12, 18]}], 50, 9, Level.NORMAL, None),
        ([WARN | {"hours": [10, 11]}], 50, 9, Level.WARNING, 10),
        ([WARN | {"hours": [22, 11]}], 50, 9, Level.WARNING, 10),
        ([WARN | {"hours": [22, 6]}], 50, 9, Level.NORMAL, None),
    ],
)
def test_limits_make_levels(
    limits: list[dict[str, Any]], value: float | None, n: int, level: Level, limit: float | None
) -> None:
    reading = judged(indicator(*limits), value, n=n)
    assert (reading.level, reading.limit) == (level, limit)


@pytest.mark.parametrize(
    ("limit", "value", "level", "edge"),
    [
        ({"value": 3, "as": "quotient"}, 12, Level.WARNING, 12),
        ({"value": 3, "as": "quotient"}, 11.9, Level.NORMAL, None),
        ({"value": 5, "as": "difference"}, 9, Level.WARNING, 9),
        ({"value": 5, "as": "difference"}, 8.9, Level.NORMAL, None),
    ],
)
def test_limits_against_the_past_compare_with_what_is_usual(
    limit: dict[str, Any], value: float, level: Level, edge: float | None
) -> None:
    one = indicator({"level": "warning", "op": ">=", "against": "four_weeks"} | limit)
    reading = judged(one, value, baseline=lambda against, code: 4.0)
    assert (reading.level, reading.limit) == (level, edge)


def test_an_unknown_past_judges_nothing() -> None:
    one = indicator({"level": "warning", "op": ">=", "value": 1, "against": "week_before"})
    assert judged(one, 99).level is Level.NORMAL


def test_parts_have_levels_of_their_own_against_their_own_past() -> None:
    one = indicator(
        {"level": "alarm", "op": ">=", "value": 3, "against": "weekday_hour", "min_n": 10},
        live_by="town",
        by=["town"],
    )
    parts = {c: GroupValue(c, v, n) for c, v, n in [("a", 30, 30), ("b", 30, 9), ("c", 29, 29)]}
    reading = judged(one, 89, parts=parts, baseline=lambda against, code: 10.0 if code else None)
    assert {c: p.level for c, p in reading.parts.items()} == {
        "a": Level.ALARM,
        "b": Level.NORMAL,
        "c": Level.NORMAL,
    }
    assert reading.level is Level.NORMAL
    assert reading.parts_by == "town"


def test_stated_codes_can_be_abnormal_themselves() -> None:
    one = indicator(
        measure={"kind": "fact", "column": "level", "levels": {"III": "warning", "I": "alarm"}},
        window="now",
        live_by="district",
    )
    parts = {
        "a": GroupValue("a", None, 1, None, "III"),
        "b": GroupValue("b", None, 1, None, "none"),
    }
    reading = judged(one, None, parts=parts)
    assert reading.level is Level.WARNING
    assert reading.parts["a"].level is Level.WARNING
    assert reading.parts["b"].level is Level.NORMAL


def test_a_limit_of_each_part_never_holds_for_the_total() -> None:
    one = indicator({"level": "warning", "op": ">=", "value": 3, "each": True}, live_by="route")
    apart = {code: GroupValue(code, 2, 2) for code in "abc"}
    reading = judged(one, 6, parts=apart)
    assert reading.level is Level.NORMAL
    assert {part.level for part in reading.parts.values()} == {Level.NORMAL}
    together = judged(one, 5, parts={"a": GroupValue("a", 3, 3), "b": GroupValue("b", 2, 2)})
    assert together.level is Level.WARNING
    assert [part.level for part in together.parts.values()] == [Level.WARNING, Level.NORMAL]


def test_a_limit_of_each_part_needs_parts() -> None:
    with pytest.raises(ValueError, match="expected `live_by` beside it"):
        indicator({"level": "warning", "op": ">=", "value": 3, "each": True})
