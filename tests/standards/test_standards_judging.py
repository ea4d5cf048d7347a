"""The shipped standards against values worked by hand from the published tables."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.catalogue.load import load
from dashboard.catalogue.reference import Standard
from dashboard.standards import edition_at, evaluate

CATALOG = Path(__file__).parents[2] / "catalog"
STANDARDS = load(CATALOG, {}).standards
AIR, WATER = STANDARDS["aqi"], STANDARDS["surface_water"]
OLD, NEW = date(2026, 2, 28), date(2026, 3, 1)


@pytest.mark.parametrize(("on", "index", "grade"), [(OLD, 100, "良"), (NEW, 114, "轻度污染")])
def test_pm25_of_75_is_judged_by_the_table_of_its_day(on: date, index: int, grade: str) -> None:
    judged = evaluate(AIR, "day", {"pm25": 75}, on)
    assert judged is not None
    assert judged.index == index
    assert judged.grade is not None
    assert judged.grade.zh == grade
    assert judged.worst == "pm25"


def test_the_edition_changes_at_midnight_of_the_city() -> None:
    before = datetime(2026, 2, 28, 15, 59, 59, tzinfo=UTC)  # 23:59:59 in the city
    after = datetime(2026, 2, 28, 16, 0, tzinfo=UTC)  # midnight there
    old, new = edition_at(AIR, before), edition_at(AIR, after)
    assert (old and old.name, new and new.name) == ("HJ 633-2012", "HJ 633-2026")


def test_before_the_first_edition_nothing_is_judged() -> None:
    assert evaluate(AIR, "day", {"pm25": 75}, date(2010, 1, 1)) is None


HAND_WORKED = [
    # (column, factor, value, day, index): linear between the points, rounded up
    ("day", "pm25", 0, NEW, 0),
    ("day", "pm25", 35, NEW, 50),
    ("day", "pm25", 36, NEW, 52),  # 50 + 50·1/25
    ("day", "pm25", 60, NEW, 100),
    ("day", "pm25", 61, NEW, 101),  # 100 + 50·1/55 = 100.9
    ("day", "pm25", 60, OLD, 82),  # 50 + 50·25/40 = 81.25
    ("day", "pm25", 500, NEW, 500),
    ("day", "pm25", 900, NEW, 500),
    ("day", "pm10", 120, NEW, 100),
    ("day", "pm10", 150, OLD, 100),
    ("day", "pm10", 150, NEW, 112),  # 100 + 50·30/130 = 111.5
    ("day", "so2", 475, NEW, 150),
    ("day", "no2", 100, NEW, 110),  # 100 + 50·20/100
    ("day", "co", 3, NEW, 75),
    ("day", "co", 2.1, NEW, 53),  # 50 + 50·0.1/2 = 52.5
    ("day", "o3_8h", 265, NEW, 200),
    ("day", "o3_8h", 266, NEW, 201),
    ("day", "o3_8h", 801, NEW, 300),  # counts as 300
    ("hour", "so2", 800, NEW, 200),
    ("hour", "so2", 5000, NEW, 200),  # counts as 200
    ("hour", "o3", 172, NEW, 65),  # 50 + 50·12/40
    ("hour", "o3", 1200, NEW, 500),
    ("hour", "no2", 150, NEW, 75),
    ("hour", "pm25", 75, OLD, 100),
    ("hour", "pm25", 75, NEW, 114),
]


@pytest.mark.parametrize(("column", "factor", "value", "on", "index"), HAND_WORKED)
def test_index_by_hand(column: str, factor: str, value: float, on: date, index: int) -> None:
    judged = evaluate(AIR, column, {factor: value}, on)
    assert judged is not None
    assert judged.index == index


def test_the_largest_factor_is_the_index_and_the_primary_pollutant() -> None:
    judged = evaluate(AIR, "day", {"pm25": 30, "o3_8h": 180, "no2": 60}, NEW)
    assert judged is not None
    assert (judged.index, judged.worst) == (119, "o3_8h")  # 100 + 50·20/55 = 118.2
    assert judged.colour == "#FF7E00"


def test_no_primary_pollutant_is_named_up_to_50() -> None:
    at_50, at_51 = (evaluate(AIR, "day", {"pm10": value}, NEW) for value in (50, 51))
    assert at_50 is not None
    assert at_51 is not None
    assert (at_50.index, at_50.worst) == (50, None)
    assert (at_51.index, at_51.worst) == (51, "pm10")


def test_rounding_up_is_not_fooled_by_floats() -> None:
    # 2.2 - 2 is 0.20000000000000018 in floats, and the index would come out as 56.
    exact = evaluate(AIR, "day", {"co": 2.2}, NEW)
    assert exact is not None
    assert exact.index == 55
    assert evaluate(AIR, "day", {"co": Decimal("2.2")}, NEW) == exact
    for value in range(1, 36):  # every whole µg/m³ below the first point, against integers alone
        judged = evaluate(AIR, "day", {"pm25": value}, NEW)
        assert judged is not None
        assert judged.index == -(-50 * value // 35)


@given(st.floats(0, 2000), st.floats(0, 2000))
def test_a_worse_value_never_has_a_better_index(one: float, other: float) -> None:
    low, high = sorted((one, other))
    for column, factors in NEW_COLUMNS.items():
        for factor in factors:
            first, second = (evaluate(AIR, column, {factor: v}, NEW) for v in (low, high))
            assert first is not None
            assert second is not None
            assert first.index <= second.index <= 500


NEW_COLUMNS = {name: list(column.factors) for name, column in AIR.editions[1].columns.items()}


@pytest.mark.parametrize("value", [None, float("nan"), float("inf"), -1.0])
def test_what_is_no_measurement_is_passed_over(value: float | None) -> None:
    assert evaluate(AIR, "day", {"pm25": value}, NEW) is None
    judged = evaluate(AIR, "day", {"pm25": value, "co": 3, "dust": 9}, NEW)
    assert judged is not None
    assert judged.worst == "co"


def test_zero_is_a_value() -> None:
    judged = evaluate(AIR, "day", {"pm25": 0}, NEW)
    assert judged is not None
    assert judged.index == 0


def test_hold_does_not_count_beyond_the_last_point() -> None:
    standard = with_beyond("hold")
    assert evaluate(standard, "c", {"f": 10}, NEW) is not None
    assert evaluate(standard, "c", {"f": 10.1}, NEW) is None
    clipped = evaluate(with_beyond("clip"), "c", {"f": 10.1}, NEW)
    assert clipped is not None
    assert clipped.index == 100


def with_beyond(beyond: str) -> Standard:
    """A standard of one factor whose last point is 10."""
    return Standard.model_validate(
        {
            "key": "x",
            "title": {"zh": "x", "en": "x"},
            "editions": [
                {
                    "name": "x",
                    "valid_from": "2020-01-01",
                    "method": "interpolated",
                    "source": "x",
                    "columns": {
                        "c": {
                            "index": [0, 100],
                            "factors": {"f": {"points": [0, 10], "beyond": beyond}},
                        }
                    },
                }
            ],
        }
    )


WATER_CASES = [
    ({"do": 7.5}, "Ⅰ类"),
    ({"do": 7.4}, "Ⅱ类"),
    ({"do": 5, "nh3n": 0.4}, "Ⅲ类"),
    ({"do": 2, "codmn": 15, "cod": 40, "nh3n": 2.0, "tp": 0.4}, "Ⅴ类"),
    ({"do": 1.9}, "劣Ⅴ类"),
    ({"cod": 15}, "Ⅰ类"),
    ({"cod": 15.1}, "Ⅲ类"),
    ({"nh3n": 2.01, "do": 8}, "劣Ⅴ类"),
    ({"tp": 0.2}, "Ⅲ类"),
]


@pytest.mark.parametrize(("values", "grade"), WATER_CASES)
def test_the_worst_single_factor_decides_the_water_class(
    values: dict[str, float], grade: str
) -> None:
    judged = evaluate(WATER, "river", values, NEW)
    assert judged is not None
    assert judged.grade is not None
    assert judged.grade.zh == grade


def test_phosphorus_of_a_lake_is_judged_by_the_lakes_table() -> None:
    river, lake = (evaluate(WATER, column, {"tp": 0.1}, NEW) for column in ("river", "lake"))
    assert river is not None
    assert lake is not None
    assert (river.index, lake.index) == (2, 4)


def test_the_factor_that_decides_a_class_is_named_even_when_it_is_good() -> None:
    judged = evaluate(WATER, "river", {"do": 6.5, "nh3n": 0.1}, NEW)
    assert judged is not None
    assert (judged.index, judged.worst, judged.grade_position) == (2, "do", 1)


def test_an_unknown_column_is_an_error_of_the_caller() -> None:
    with pytest.raises(KeyError):
        evaluate(AIR, "week", {"pm25": 1}, NEW)
