"""Charts of whole days: what a control chart calls unusual, and how a calendar shows its days."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pages_city import NOW, city, view_of
from test_pages_render import answers

from dashboard.catalogue.pages import Panel
from dashboard.control import control_of
from dashboard.figures import (
    Class,
    DayCell,
    Drawing,
    Line,
    Rule,
    Spot,
    build_calendar,
    build_control,
)
from dashboard.ports import Point, Series
from layouts.panels.draw import Scheme, draw_panel
from layouts.panels.needs import Answers, requests_of

DRAWING = Drawing("light", "zh", ZoneInfo("Asia/Shanghai"), lambda value: f"{value:g} 票")
START = datetime(2026, 10, 1, tzinfo=UTC)


def test_the_limits_are_those_of_the_handbook_s_own_example() -> None:
    """NIST/SEMATECH e-Handbook 6.3.2.2: ten batches between 45.8159 and 55.8041."""
    values = [49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1]
    control = control_of(values)
    assert control is not None
    assert control.mean == pytest.approx(50.81)
    assert (control.low, control.high) == (
        pytest.approx(45.8159, abs=1e-3),
        pytest.approx(55.8041, abs=1e-3),
    )
    assert control.outside == ()


def test_a_day_outside_and_a_run_on_one_side_are_found() -> None:
    steady = [10.0, 11.0] * 10
    outside = control_of([*steady, 40.0])
    assert outside is not None
    assert outside.outside == (20,)
    run = control_of([*[10.0, 9.0] * 4, *[12.0, 11.5] * 5])
    assert run is not None
    assert (run.runs[-1][1] - run.runs[-1][0] + 1, run.runs[-1][2]) == (10, 1)


def test_few_days_say_nothing_and_a_count_has_no_limit_below_zero() -> None:
    assert control_of([1.0] * 7) is None
    assert control_of([1.0, None] * 7) is None
    control = control_of([0.0, 9.0] * 5, least=0.0)
    assert control is not None
    assert control.low == 0.0


def test_what_leaves_the_limits_has_a_shape_and_a_word() -> None:
    values = [*[10.0, 11.0] * 10, 40.0, *[12.0, 12.5] * 5]
    control = control_of(values)
    assert control is not None
    spots = [Spot(START + timedelta(days=day), value) for day, value in enumerate(values)]
    words = {"above": "超上限", "below": "低于下限", "high": "连续 {} 天偏高", "low": "偏低 {}"}
    rules = {"mean": Rule(control.mean, "均值")}
    window = (START, START + timedelta(days=len(values)))
    figure = build_control(Line("", spots), control, window, DRAWING, rules=rules, words=words)
    marked = [one for one in figure["data"] if one.get("text") == ["超上限"]]
    assert [one["marker"]["symbol"] for one in marked] == ["triangle-up"]
    assert any(one["text"] == "偏低 20" for one in figure["layout"]["annotations"])


def test_each_day_stands_in_its_month_and_invalid_days_are_hatched() -> None:
    cells = [
        DayCell(date(2026, 1, 1), 40, "40", 0),
        DayCell(date(2026, 1, 31), 90, "90", 1),
        DayCell(date(2026, 2, 3), 120, "120", 1, invalid=True),
    ]
    classes = [Class("优 1 天", "#00E400"), Class("良 1 天", "#FFFF00")]
    heat, hatched, *keys = build_calendar(
        cells, DRAWING, classes=classes, invalid_words="无效 1 天"
    )["data"]
    assert (heat["z"][0][0], heat["z"][0][30], heat["z"][1][2]) == (0, 1, None)
    assert (hatched["x"], hatched["y"], hatched["name"]) == ([3], [1], "无效 1 天")
    assert [key["name"] for key in keys] == ["优 1 天", "良 1 天"]


def test_the_day_that_goes_on_is_no_day_yet() -> None:
    view = view_of()
    wanted = Panel(kind="calendar", indicators=["customs.declarations"])
    drawn = draw_panel(view, wanted, answers(view, wanted), Scheme("light"))
    [heat] = drawn.figure["data"]
    assert len(heat["z"]) == 11
    assert heat["z"][-1][20] is not None
    assert heat["z"][-1][21] is None


def test_days_are_in_the_classes_of_the_edition_that_held_on_them() -> None:
    catalogue, key = graded_city()
    view = view_of(catalogue=catalogue)
    wanted = Panel(kind="calendar", indicators=[key])
    [request] = requests_of(wanted, catalogue, NOW, "Asia/Shanghai")
    days = [datetime(2026, 2, 27, 16, tzinfo=UTC) + timedelta(days=n) for n in (0, 1, 2)]
    points = [Point(days[0], "", 55, 24), Point(days[1], "", 55, 24), Point(days[2], "", 30, 2)]
    series = Series(request, "1d", points, "history")
    drawn = draw_panel(view, wanted, Answers({request: series}), Scheme("light"))
    heat, hatched, *keys = drawn.figure["data"]
    assert (heat["z"][0][27], heat["z"][1][0]) == (0, 1)
    assert hatched["name"] == "无效 1 天"
    assert [one["name"] for one in keys] == ["优 1 天", "良 1 天"]


def graded_city() -> tuple[Any, str]:
    """A city with an index by day: until March up to 60 is good, from then on up to 50."""
    from pages_catalogue import AIR
    from pages_customs import definition, text

    from dashboard.catalogue import Department
    from dashboard.catalogue.reference import Standard

    def edition(first: str, good: int) -> dict[str, Any]:
        points = {"points": [0, 100]}
        grades = [
            {"upto": good, "title": text("优", "Good"), "colour": "#00E400"},
            {"upto": 100, "title": text("良", "Fair"), "colour": "#FFFF00"},
        ]
        columns = {"day": {"index": [0, 100], "factors": {"o3": points}}}
        return {
            "name": first, "valid_from": first, "method": "interpolated", "columns": columns,
            "grades": grades, "source": "x",
        }  # fmt: skip

    standard = Standard.model_validate(
        {
            "key": "index",
            "title": text("指数", "Index"),
            "editions": [edition("2020-01-01", 60), edition("2026-03-01", 50)],
        }
    )
    shared = {"window": "today", "unit": text("指数", "index"), "basis": "live"}
    index = {
        "title": text("指数", "Index"),
        "measure": {
            "kind": "standard", "standard": "index", "column": "day",
            "inputs": {"o3": "environment.ozone"},
        },
        "definition": definition(),
        **shared,
    }  # fmt: skip
    days = {
        "title": text("优良天数", "Good days"),
        "measure": {
            "kind": "days", "of": "environment.index", "op": "<=", "value": 50, "min_n": 20,
        },
        "definition": definition(),
        **shared,
    }  # fmt: skip
    air = AIR | {"indicators": AIR["indicators"] | {"index": index, "days": days}}
    base = city()
    departments = base.departments | {"environment": Department.model_validate(air)}
    return replace(
        base, departments=departments, standards={"index": standard}
    ), "environment.index"
