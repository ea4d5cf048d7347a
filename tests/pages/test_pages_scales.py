"""Bars on a scale: how much a full one is, where target and limits stand, and what lies under zero."""

from dataclasses import replace
from typing import Any

import pytest
from pages_city import city, view_of
from test_pages_render import answers, components, words

from dashboard.catalogue import Catalogue
from dashboard.catalogue.indicators import Indicator
from dashboard.catalogue.pages import Panel
from dashboard.scale import Tick, full_of, ticks_of
from layouts.panels.frame import render_split
from layouts.view import View

RATE = "customs.auto_release_rate"
BY_PORT = Panel(kind="ranked", indicators=[RATE], by="port", window="7d")
PORTS = ["5101", "5102", "5103", "5104"]


def with_indicator(key: str, **more: Any) -> Catalogue:
    """The small city, one indicator of it changed."""
    catalogue = city()
    department = catalogue.departments[key.partition(".")[0]]
    name = key.partition(".")[2]
    changed = department.indicators[name].model_copy(update=more)
    indicators = {**department.indicators, name: changed}
    own = department.model_copy(update={"indicators": indicators})
    return replace(catalogue, departments={**catalogue.departments, department.key: own})


def seeing(catalogue: Catalogue, **more: Any) -> View:
    return replace(view_of(**more), catalogue=catalogue)


@pytest.mark.parametrize(("key", "full"), [(RATE, 100.0), ("customs.unreleased", None)])
def test_a_share_is_of_a_hundred_and_a_count_of_nothing(key: str, full: float | None) -> None:
    assert full_of(city().indicator(key)) == full


def test_target_and_fixed_limits_within_the_scale_are_ticks() -> None:
    known = city().indicator(RATE)
    assert known is not None
    limits = [
        {"level": "warning", "op": "<", "value": 60},
        {"level": "alarm", "op": "<", "value": 1, "against": "week_before"},
        {"level": "alarm", "op": ">", "value": 300},
    ]
    given = known.model_dump(by_alias=True) | {"limits": limits, "target": 80.0}
    indicator = Indicator.model_validate(given)
    assert ticks_of(indicator) == [Tick(80, "target"), Tick(60, "warning")]
    assert ticks_of(indicator.model_copy(update={"full_scale": 70.0})) == [Tick(60, "warning")]


def test_bars_of_a_scale_say_how_much_a_full_one_is() -> None:
    view = seeing(with_indicator(RATE, full_scale=200.0, target=80.0))
    shown = render_split(view, BY_PORT, answers(view, BY_PORT))
    bars = [one for one in components(shown) if type(one).__name__ == "Progress"]
    assert {one.max for one in bars} == {"200"}
    assert [one.value for one in bars if "tick-target" in one.className] == ["80"] * len(PORTS)
    said = words(shown)
    assert "满格 200" in said
    assert "目标 80" in said


def test_a_shortage_has_a_bar_on_its_own_side() -> None:
    view = view_of()
    given = answers(view, BY_PORT)
    request, series = next(iter(given.series.items()))
    points = [replace(point, value=-40 if point.code == "5101" else 20) for point in series.points]
    shown = replace(given, series={request: replace(series, points=points)})
    bars = [one for one in components(render_split(view, BY_PORT, shown)) if type(one).__name__ == "Progress"]  # fmt: skip
    under = [one.value for one in bars if "bar-under" in one.className]
    assert under == ["40", "0", "0", "0"]
