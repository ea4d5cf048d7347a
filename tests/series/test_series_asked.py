"""Percentiles and distinct counts as series: exact from the department, else approximate days."""

import random
from datetime import date, datetime, timedelta

import pytest
from series_ground import DAY, NOW, SHANGHAI, Case, City

from dashboard.access import Refused
from dashboard.baseline import quantile
from dashboard.ports import Range, SeriesRequest, Unreachable
from dashboard.windows import TOTAL, day_range, local_day, midnight

TODAY = midnight(local_day(NOW, SHANGHAI), SHANGHAI)
CHANCE = random.Random(7)


def _day_of(start: datetime, count: int = 400) -> list[Case]:
    return [
        Case(
            start + timedelta(seconds=CHANCE.uniform(0, 86_000)), code, CHANCE.lognormvariate(3, 1)
        )
        for _ in range(count)
        for code in ("a", "b")
    ]


def _p90(rows: list[Case]) -> float:
    return quantile(sorted(row.wait for row in rows), 0.9)


def test_one_value_for_a_window_is_asked_exactly_of_the_department(town: City) -> None:
    rows = _day_of(TODAY - 3 * DAY) + _day_of(TODAY - 2 * DAY)
    town.source.rows = rows
    for start in (TODAY - 3 * DAY, TODAY - 2 * DAY):
        town.close_day(start, rows)
    series = town.ask("p90", (TODAY - 3 * DAY, TODAY), TOTAL)
    assert series.origin == "department"
    assert not series.approximate
    assert [(p.value, p.n) for p in series.points] == [(_p90(rows), len(rows))]


def test_days_come_from_histograms_within_one_percent_and_say_so(town: City) -> None:
    days = [TODAY - number * DAY for number in (3, 2, 1)]
    for start in days:
        rows = _day_of(start)
        town.source.rows += rows
        town.close_day(start, rows)
    series = town.ask("p90", (days[0], TODAY), "1d")
    exact = [
        _p90([row for row in town.source.rows if start <= row.at < start + DAY]) for start in days
    ]
    assert series.approximate
    assert series.origin == "history"
    assert town.source.asked_windows == []
    assert [p.value for p in series.points] == [pytest.approx(v, rel=0.01) for v in exact]


def test_days_by_their_last_samples_are_exact(town: City) -> None:
    evening = TODAY - timedelta(hours=1)
    town.sample("p90", [(evening, "", 7.0)], window="today")
    series = town.ask("p90", (TODAY - DAY, TODAY), "1d")
    assert [point.value for point in series.points] == [7.0]
    assert (series.origin, series.approximate) == ("history", False)


def test_a_month_is_the_sum_of_its_days_histograms(town: City) -> None:
    month = (midnight(date(2026, 10, 1), SHANGHAI), midnight(date(2026, 11, 1), SHANGHAI))
    rows: list[Case] = []
    for number in range(31):
        day = _day_of(month[0] + number * DAY, 20)
        town.close_day(month[0] + number * DAY, day)
        rows += day
    [point] = town.ask("p90", month, "1mo").points
    assert point.value == pytest.approx(_p90(rows), rel=0.01)
    assert point.n == len(rows)


def test_days_without_history_are_asked_one_by_one_while_they_are_few(town: City) -> None:
    rows = _day_of(TODAY - 2 * DAY) + _day_of(TODAY - DAY)
    town.source.rows = rows
    town.close_day(TODAY - 2 * DAY, rows[:800])
    series = town.ask("p90", (TODAY - 2 * DAY, TODAY), "1d")
    assert series.origin == "department"
    assert series.approximate
    assert town.source.asked_windows == [(TODAY - DAY, TODAY)]
    assert series.points[1].value == _p90(rows[800:])


def test_too_many_days_without_history_are_refused_with_the_mend(town: City) -> None:
    with pytest.raises(ValueError, match="grain=total"):
        town.ask("p90", (TODAY - 41 * DAY, TODAY), "1d")
    assert town.source.asked_windows == []
    town.ask("p90", (TODAY - 40 * DAY, TODAY), "1d")
    assert len(town.source.asked_windows) == 40


def test_viewers_that_ask_the_same_put_one_question(town: City) -> None:
    town.source.rows = _day_of(TODAY - DAY)
    for _ in range(5):
        town.ask("p90", (TODAY - DAY, NOW), TOTAL)
    assert len(town.source.asked_windows) == 1
    town.now = NOW + timedelta(minutes=2)
    town.ask("p90", (TODAY - DAY, town.now), TOTAL)
    assert len(town.source.asked_windows) == 2


def test_who_may_not_ask_is_not_told_what_another_was_answered(town: City) -> None:
    town.source.rows = _day_of(TODAY - DAY)
    window = (TODAY - DAY, TODAY)
    noted: list[str] = []

    def refuse(_key: str, _window: Range) -> None:
        raise Refused("no")

    def note(key: str, _window: Range) -> None:
        noted.append(key)

    for _ in range(2):
        town.desk.answer(SeriesRequest("cases.p90", window, TOTAL, permit=note))
    assert noted == ["cases.p90"] * 2, "every look at it is noted"
    with pytest.raises(Refused):
        town.desk.answer(SeriesRequest("cases.p90", window, TOTAL, permit=refuse))
    assert len(town.source.asked_windows) == 1


def test_viewers_who_ask_until_now_put_one_question_though_their_nows_differ(town: City) -> None:
    for milliseconds in range(1, 20):
        now = NOW - timedelta(milliseconds=milliseconds)
        assert town.ask("p90", (TODAY, now), TOTAL).origin == "department"
    assert len(town.source.asked_windows) == 1


def test_hours_are_the_readings_as_they_were(town: City) -> None:
    hours = [TODAY + timedelta(hours=h) for h in range(3)]
    town.sample("p90", [(at, "", 10.0 + i) for i, at in enumerate(hours)], window="today")
    series = town.ask("p90", (hours[0], hours[2] + timedelta(hours=1)), "1h")
    assert [p.value for p in series.points] == [10.0, 11.0, 12.0]
    assert town.source.asked_windows == []


def test_a_department_that_is_away_leaves_what_history_knows(town: City) -> None:
    rows = _day_of(TODAY - 2 * DAY)
    town.close_day(TODAY - 2 * DAY, rows)
    town.source.away = True
    values = town.values("p90", (TODAY - 2 * DAY, TODAY), "1d")
    assert values == [pytest.approx(_p90(rows), rel=0.01), None]
    with pytest.raises(Unreachable):
        town.ask("p90", (TODAY - DAY, TODAY), "1d")


def test_a_split_leaves_the_total_out(town: City) -> None:
    rows = _day_of(TODAY - DAY)
    town.source.rows = rows
    window = day_range(local_day(TODAY - DAY, SHANGHAI), SHANGHAI)
    exact = {c: _p90([row for row in rows if row.district == c]) for c in ("a", "b")}
    asked = town.ask("p90", window, TOTAL, "district").points
    assert {p.code: p.value for p in asked} == exact
    town.close_day(TODAY - DAY, rows, "district")
    kept = town.ask("p90", window, "1d", "district").points
    assert {p.code: p.value for p in kept} == {
        code: pytest.approx(value, rel=0.01) for code, value in exact.items()
    }


def test_distinct_counts_of_days_are_asked_exactly(town: City) -> None:
    town.source.rows = [Case(TODAY - DAY, wait=w) for w in (1.0, 1.0, 2.0)]
    assert town.values("people", (TODAY - DAY, TODAY), "1d") == [2.0]
