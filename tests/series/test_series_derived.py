"""Derived indicators: formulas, standards and days, as series and as readings."""

from datetime import UTC, date, datetime, timedelta

import pytest
from series_ground import DAY, NOW, SHANGHAI, Case, City, city, every

from dashboard.catalogue.formula import parse
from dashboard.catalogue.indicators import Days, Formula
from dashboard.derived import days_met, derive, formula_value
from dashboard.ports import GroupValue
from dashboard.readings import Level, Part, Reading, State
from dashboard.series.subject import departments_behind
from dashboard.windows import TOTAL, local_day, midnight

TODAY = midnight(local_day(NOW, SHANGHAI), SHANGHAI)


def _reading(
    key: str, value: float | None, minutes: int, parts: dict[str, Part] | None = None
) -> Reading:
    as_of = NOW - timedelta(minutes=minutes)
    return Reading(
        f"cases.{key}", "cases", value, 10 + minutes, State.FRESH, Level.NORMAL, as_of, NOW,
        "v1", "today", 60, 600, parts=parts or {},
    )  # fmt: skip


def _formula(text: str, *names: str) -> Formula:
    return Formula(kind="formula", formula=text, inputs={n: f"cases.{n}" for n in names})


def test_a_formula_is_as_old_as_its_oldest_input() -> None:
    catalogue = city()
    indicator = catalogue.indicator("cases.share")
    inputs = {r.key: r for r in (_reading("longest", 30.0, 9), _reading("opened", 60.0, 2))}
    derived = derive(indicator, inputs, catalogue, NOW)
    assert derived.value == 50.0
    assert derived.as_of == NOW - timedelta(minutes=9)
    assert derived.n == 12


def test_a_formula_over_a_missing_input_is_unknown_and_not_zero() -> None:
    catalogue = city()
    indicator = catalogue.indicator("cases.share")
    gone = {"cases.longest": _reading("longest", 30.0, 9)}
    assert derive(indicator, gone, catalogue, NOW).value is None
    empty = gone | {"cases.opened": _reading("opened", None, 1)}
    assert derive(indicator, empty, catalogue, NOW).value is None


def test_a_formula_is_derived_for_every_part_that_all_inputs_have() -> None:
    catalogue = city()
    indicator = catalogue.indicator("cases.share")
    parts = {"a": Part(1.0, 1, as_of=NOW), "b": Part(3.0, 2, as_of=NOW)}
    inputs = {
        "cases.longest": _reading("longest", 4.0, 1, parts),
        "cases.opened": _reading("opened", 8.0, 1, {"a": Part(4.0, 4, as_of=NOW)}),
    }
    derived = derive(indicator, inputs, catalogue, NOW)
    assert derived.parts == {"a": GroupValue("a", 25.0, 1, NOW)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a + b * 2", 7.0),
        ("(a + b) / (b - 2)", 4.0),
        ("-a + max(a, b, 0.5)", 2.0),
        ("min(a, b)", 1.0),
        ("a / (b - 3)", None),
        ("a * 1e308 * 1e308", None),
    ],
)
def test_formulas_are_arithmetic_and_nothing_by_zero(text: str, expected: float | None) -> None:
    measure = _formula(text, "a", "b")
    assert formula_value(measure, {"a": 1.0, "b": 3.0}) == expected


@pytest.mark.parametrize(
    "text",
    ["__import__('os')", "a.real", "a[0]", "[a for a in (1,)]", "lambda: a", "a ** 9", "a if b else 1",
     "f(a)", "'a' * 9", "max(*a)", "max(a, key=b)", "a and b", "a < b"],
)  # fmt: skip
def test_a_formula_that_is_no_arithmetic_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="formula"):
        parse(text)


def test_a_formulas_series_equals_its_inputs_point_by_point(town: City) -> None:
    start = TODAY
    window = (start, start + timedelta(hours=2))
    rows = [Case(start, "a", 2.0), Case(start, "a", 1.0), Case(start, "b", 6.0)]
    town.fill(window, rows)
    assert town.values("share", window, "1h") == [pytest.approx(200.0), None]
    points = town.ask("share", window, TOTAL, "district").points
    assert [(p.code, p.value) for p in points] == [("a", 100.0), ("b", 600.0)]


def test_a_standard_is_judged_per_place_and_the_worst_counts() -> None:
    catalogue = city()
    indicator = catalogue.indicator("cases.aqi")
    parts = {
        "a": Part(20.0, 3, as_of=NOW - timedelta(minutes=5)),
        "b": Part(75.0, 4, as_of=NOW),
        "c": Part(None, 0),
    }
    derived = derive(indicator, {"cases.wait": _reading("wait", 50.0, 1, parts)}, catalogue, NOW)
    assert derived.value == 117.0
    assert derived.text == "轻度污染"
    assert (derived.worst, derived.code, derived.n) == ("pm25", "b", 2)
    assert derived.as_of == NOW - timedelta(minutes=5)
    assert derived.parts["a"].text == "优"
    assert derived.parts["c"].value is None


def test_an_old_reading_is_judged_by_the_table_of_its_own_day() -> None:
    catalogue = city()
    indicator = catalogue.indicator("cases.aqi")
    old = {"a": Part(75.0, 3, as_of=datetime(2026, 2, 20, tzinfo=UTC))}
    derived = derive(indicator, {"cases.wait": _reading("wait", 75.0, 1, old)}, catalogue, NOW)
    assert (derived.value, derived.text) == (100.0, "良")


def test_a_reading_of_last_february_is_judged_by_last_februarys_table(town: City) -> None:
    february = midnight(date(2026, 2, 27), SHANGHAI)
    window = (february, february + 4 * DAY)
    town.fill(window, every(DAY, window, lambda at: Case(at, "a", 75.0)))
    assert town.values("aqi", window, "1d") == [100.0, 100.0, 117.0, 117.0]


def test_good_days_are_counted_in_two_stages_over_valid_closed_days(town: City) -> None:
    """Two good days, one bad at one of its places, one without data, and today is not over."""
    start = TODAY - 4 * DAY
    rows = [
        Case(start, "a", 10.0),
        Case(start, "b", 30.0),
        Case(start + DAY, "a", 10.0),
        Case(start + DAY, "b", 90.0),
        Case(start + 3 * DAY, "a", 60.0),
        Case(TODAY, "a", 140.0),
    ]
    town.fill((start, TODAY + timedelta(hours=13, minutes=35)), rows)
    window = (start, NOW)
    assert town.values("aqi", window, "1d") == [43.0, 134.0, None, 100.0, 189.0]
    share = town.ask("good_days", window, TOTAL).points
    assert [(p.value, p.n) for p in share] == [(pytest.approx(200 / 3), 3)]
    assert town.values("number_of_good_days", window, TOTAL) == [2.0]
    measured = town.ask("well_measured_good_days", window, TOTAL).points
    assert [(p.value, p.n) for p in measured] == [(50.0, 2)], "a day of too few is not valid"
    assert town.values("good_days", window, "1d") == [100.0, 0.0, None, 100.0, None]


def test_days_without_any_valid_one_are_unknown() -> None:
    measure = Days(kind="days", of="cases.aqi", op="<=", value=100)
    assert days_met(measure, [None, None]).value is None
    assert days_met(measure, [None, 100.0, 101.0]).value == 50.0


def test_days_in_a_grain_finer_than_days_are_refused(town: City) -> None:
    with pytest.raises(ValueError, match="expected 1d or 1mo"):
        town.ask("good_days", (NOW - DAY, NOW), "1h")
    assert town.ask("good_days", (NOW - DAY, NOW)).grain == "1d"


def test_what_is_not_derived_from_readings_is_refused() -> None:
    catalogue = city()
    indicator = catalogue.indicator("cases.good_days")
    with pytest.raises(ValueError, match="expected formula or standard"):
        derive(indicator, {}, catalogue, datetime(2026, 1, 1, tzinfo=UTC))


def test_an_indicator_rests_on_the_departments_of_its_inputs_and_of_theirs() -> None:
    catalogue = city()
    own = catalogue.departments["cases"]
    far = own.model_copy(
        update={"key": "far", "indicators": {"mix": own.indicators["good_days"], **own.indicators}}
    )
    catalogue.departments["far"] = far
    assert departments_behind(catalogue, "cases.opened") == {"cases"}
    assert departments_behind(catalogue, "far.opened") == {"far"}
    assert departments_behind(catalogue, "far.mix") == {"far", "cases"}
    assert departments_behind(catalogue, "cases.circle") == {"cases"}
