"""Charts say no more than is known: days that go on, days that are met or not, and since when."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pages_city import NOW, view_of
from test_pages_days import graded_city

from dashboard.catalogue.pages import Panel
from dashboard.figures import Figure
from dashboard.ports import Point, Series
from dashboard.text import Language
from layouts.panels.draw import Scheme, draw_panel
from layouts.panels.needs import Answers, requests_of
from layouts.panels.unfinished import is_summed_up

MIDNIGHT = datetime(2026, 11, 21, 16, tzinfo=UTC)
DAY = timedelta(days=1)
LIGHT = Scheme("light")


def daily(*values: float | None, last: datetime = MIDNIGHT) -> list[Point]:
    """Points by day, the last of the day that begins then."""
    return [Point(last - n * DAY, "", v, 30) for n, v in enumerate(reversed(values))][::-1]


def drawn(
    key: str, points: list[Point], view: Any = None, grain: str | None = "1d", **more: Any
) -> Figure:
    wanted = Panel(kind=more.pop("kind", "trend"), indicators=[key], window="7d", grain=grain)  # type: ignore[arg-type]
    view = view or view_of()
    requests = list(requests_of(wanted, view.catalogue, view.now, "Asia/Shanghai"))
    covered = more.pop("covered", None)
    series = {
        request: Series(request, request.grain or "1h", points, "history", covered=covered)
        for request in requests
    }
    return draw_panel(view, wanted, Answers(series), LIGHT).figure


def marks(figure: Figure) -> list[dict[str, Any]]:
    """The marks of newest points, without those of the legend."""
    found = [trace for trace in figure["data"] if trace.get("mode") == "markers"]
    return [trace for trace in found if trace["x"] != [None]]


def legend(figure: Figure) -> list[str]:
    return [trace["name"] for trace in figure["data"] if trace.get("showlegend")]


def captions(figure: Figure) -> list[str]:
    return [note["text"] for note in figure["layout"]["annotations"]]


@pytest.mark.parametrize(
    ("language", "words"), [("zh", "今日截至 16:42"), ("en", "today until 16:42")]
)
def test_a_day_that_goes_on_has_a_hollow_mark_and_says_until_when(
    language: Language, words: str
) -> None:
    figure = drawn("customs.declarations", daily(90, 100, 110, 60), view_of(language))
    [mark] = marks(figure)
    assert mark["y"] == [60]
    assert "line" in mark["marker"], "hollow"
    assert legend(figure) == [words]


def test_a_day_is_said_to_go_as_far_as_it_is_read() -> None:
    read = (NOW - 60 * DAY, NOW - timedelta(hours=2))
    figure = drawn("customs.declarations", daily(90, 100, 110, 60), covered=read)
    assert legend(figure) == ["今日截至 14:42"]


def test_a_count_of_a_day_that_has_just_begun_is_left_out_and_that_is_said() -> None:
    morning = view_of(now=MIDNIGHT + timedelta(hours=9))
    level = morning.sections["readings"]["customs.declarations"] | {"level": "alarm"}
    morning.sections["readings"]["customs.declarations"] = level
    figure = drawn("customs.declarations", daily(90, 100, 110, 12), morning)
    [mark] = marks(figure)
    assert (mark["y"], mark["marker"]["symbol"]) == ([110], "circle"), "its level is that of now"
    assert legend(figure) == ["今日未过半，未画"]


def test_a_rate_of_a_day_that_has_just_begun_is_drawn_as_one_that_goes_on() -> None:
    morning = view_of(now=MIDNIGHT + timedelta(hours=9, minutes=40))
    figure = drawn("customs.auto_release_rate", daily(60, 61, 62, 12), morning)
    assert legend(figure) == ["今日截至 09:40"]
    assert "line" in marks(figure)[0]["marker"]


def test_what_is_made_of_counts_goes_on_as_they_do_and_a_state_is_whole() -> None:
    catalogue, index = graded_city()
    assert not is_summed_up(catalogue, index, "1d"), "judged of the newest measurement"
    assert is_summed_up(catalogue, "customs.declarations", "1d")
    assert is_summed_up(catalogue, "customs.clearance_p90", "1d")
    assert not is_summed_up(catalogue, "customs.clearance_p90", "1h"), "over its own window"
    assert not is_summed_up(catalogue, "customs.unreleased", "1d")
    figure = drawn("customs.unreleased", daily(3, 4, 5, 6))
    assert legend(figure) == []
    assert "line" not in marks(figure)[0]["marker"]


def test_an_hour_that_goes_on_is_no_quiet_one_in_a_heat_map() -> None:
    hour = NOW.replace(minute=0, second=0, microsecond=0)
    points = [Point(hour - timedelta(hours=n), "", 9.0, 9) for n in (2, 1, 0)]
    [heat] = drawn("customs.declarations", points, grain=None, kind="heatmap")["data"]
    assert [value for row in heat["z"] for value in row if value is not None] == [9.0, 9.0]


def test_good_days_are_days_and_their_share_so_far_and_no_zigzag() -> None:
    catalogue, _ = graded_city()
    points = daily(100.0, 0.0, None, 100.0, 100.0, None)
    figure = drawn("environment.days", points, view_of(catalogue=catalogue))
    line = figure["data"][0]
    assert line["y"] == pytest.approx([100, 50, 200 / 3, 75])
    bars = {trace["name"]: trace for trace in figure["data"] if trace["type"] == "bar"}
    assert list(bars) == ["达标 3 天", "未达标 1 天"]
    good, bad = bars.values()
    assert max(good["y"]) < min(bad["y"]), "told apart by more than their colour"
    assert line["name"] == "11-17 起累计"
    english = drawn("environment.days", points, view_of("en", catalogue=catalogue))
    assert english["data"][0]["name"] == "all days since 17 Nov"


def test_a_chart_of_days_says_since_which_day_it_has_data() -> None:
    figure = drawn("customs.auto_release_rate", daily(None, None, None, 61, 62, 63, 64))
    assert "11-19 起有数据" in captions(figure)
    figure = drawn("customs.auto_release_rate", daily(60, 61, 62, 63, 64, 65, 66, 67))
    assert "起有数据" not in "".join(captions(figure))


def test_a_calendar_of_a_year_that_has_begun_late_says_since_when_where_it_is_empty() -> None:
    view, wanted = view_of("en"), Panel(kind="calendar", indicators=["customs.declarations"])
    [request] = requests_of(wanted, view.catalogue, NOW, "Asia/Shanghai")
    first = datetime(2025, 12, 31, 16, tzinfo=UTC)
    days = [first + n * DAY for n in range(325)]
    points = [Point(at, "", 5 if at >= MIDNIGHT - 8 * DAY else None, 5) for at in days]
    series = Series(request, "1d", points, "history")
    figure = draw_panel(view, wanted, Answers({request: series}), LIGHT).figure
    [note] = figure["layout"]["annotations"]
    assert note["text"] == "data since 14 Nov"
    assert note["y"] == pytest.approx(1 - 10 / 11 / 2), "ten months of eleven are empty"
