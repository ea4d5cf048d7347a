"""A unit that speaks of its window is said of that window alone."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from callbacks.api import series_json
from callbacks.questions import Question
from dashboard.access import EVERYTHING, Person
from dashboard.catalogue import Catalogue, Indicator
from dashboard.catalogue.load import load
from dashboard.catalogue.pages import Panel
from dashboard.ports import Series, SeriesRequest
from dashboard.provenance import Asked, provenance_of
from dashboard.sheets import series_sheet
from layouts.panels.frame import render_panel
from layouts.view import View

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
GAPS = "transit.large_gaps"
CLERK = Person("clerk", actions=EVERYTHING)


@pytest.fixture(scope="module")
def shipped() -> Catalogue:
    """The shipped city."""
    return load(ROOT / "catalog", {})


@pytest.fixture(scope="module")
def gaps(shipped: Catalogue) -> Indicator:
    """Large gaps, a count of the last hour in 次/时."""
    indicator = shipped.indicator(GAPS)
    assert indicator is not None
    return indicator


@pytest.mark.parametrize("span", ["", "60m", "1h", "hour", timedelta(hours=1)])
def test_over_its_own_window_it_is_per_hour(gaps: Indicator, span: str) -> None:
    assert gaps.unit_over(span).zh == "次/时"


@pytest.mark.parametrize("span", ["today", "7d", "1d", "15m", "step", timedelta(days=7)])
def test_over_any_other_time_it_is_a_number_of_things(gaps: Indicator, span: str) -> None:
    assert gaps.unit_over(span).zh == "次"
    assert gaps.unit_over(span).en == "gaps"


def test_every_count_per_hour_says_what_its_sums_are(shipped: Catalogue) -> None:
    hourly = [
        (key, indicator)
        for key, indicator in shipped.indicators()
        if indicator.measure.kind in ("count", "sum") and "/时" in indicator.unit.zh
    ]
    assert len(hourly) >= 2
    assert [key for key, indicator in hourly if indicator.unit_total is None] == []


def test_a_share_has_no_unit_of_sums(gaps: Indicator) -> None:
    measure = {"kind": "ratio", "where": [{"column": "x", "value": 1}]}
    with pytest.raises(ValidationError, match="of a count or a sum"):
        Indicator.model_validate(gaps.model_dump(by_alias=True) | {"measure": measure})


def series(grain: str, span: timedelta) -> Series:
    return Series(SeriesRequest(GAPS, (NOW - span, NOW), grain), grain, [], "history")


@pytest.mark.parametrize(
    ("grain", "span", "unit"),
    [
        ("1h", timedelta(days=2), "次/时"),
        ("1d", timedelta(days=7), "次"),
        ("total", timedelta(hours=1), "次/时"),
        ("total", timedelta(days=7), "次"),
    ],
)
def test_interface_and_files_say_the_unit_of_their_steps(
    shipped: Catalogue, gaps: Indicator, grain: str, span: timedelta, unit: str
) -> None:
    answer = series(grain, span)
    made = series_json(Question(gaps, "7d", answer.request, CLERK), answer)
    assert made["unit"]["zh"] == unit
    asked = Asked("clerk", NOW, "7d", "http://center/")
    provenance = provenance_of(shipped, answer, asked, {}, "Asia/Shanghai")
    assert provenance.unit.split()[0] == unit
    sheet = series_sheet(shipped, answer, provenance, "Asia/Shanghai")
    assert any(column.title.zh.endswith(f"（{unit}）") for column in sheet.columns)


@pytest.mark.parametrize(("window", "unit"), [("today", "次"), (None, "次/时")])
def test_a_panel_says_the_unit_of_its_window(
    shipped: Catalogue, window: str | None, unit: str
) -> None:
    panel = Panel.model_validate(
        {"kind": "ranked", "indicators": [GAPS], "by": "route", "window": window}
    )
    view = View(shipped, {}, CLERK, "zh", "auto", NOW, ZoneInfo("Asia/Shanghai"))
    subtitle = render_panel(view, panel, "transit/0").children[1].children[0]
    assert unit in subtitle.split("\u3000")
