"""Gaps in charts: what is sampled now and then is one line, an outage stays to be seen."""

from datetime import timedelta

import pytest
from pages_city import NOW, view_of
from pages_fakes import FakeSeries, services

from callbacks.panels import answers_of
from dashboard.catalogue.pages import Panel
from dashboard.figures import Figure
from dashboard.ports import Point, Series, SeriesRequest
from layouts.panels.draw import Scheme, draw_panel
from layouts.panels.gaps import holds, joined

START = NOW - timedelta(hours=6)


def points(*values: float | None, minutes: int = 15) -> list[Point]:
    return [Point(START + timedelta(minutes=minutes * i), "", v, 1) for i, v in enumerate(values)]


def test_unknown_points_between_two_near_samples_are_left_out() -> None:
    assert [p.value for p in joined(points(1, None, 2, None, None, None, 3))] == [1, 2, 3]


def test_an_outage_and_what_is_not_known_yet_stay_gaps() -> None:
    assert [p.value for p in joined(points(None, 1, None, None, None, None, 2, None))] == [
        None, 1, None, None, None, None, 2, None,
    ]  # fmt: skip


class EverySecond(FakeSeries):
    """Has a value in every second bucket only, as what is told of the past."""

    def answer(self, request: SeriesRequest) -> Series:
        series = super().answer(request)
        times = sorted({point.at for point in series.points})
        known = set(times[::2])
        found = [p if p.at in known else Point(p.at, p.code, None, None) for p in series.points]
        return Series(request, series.grain, found, "history", covered=request.window)


async def drawn(key: str) -> Figure:
    view, given = view_of(), services(series=EverySecond())
    panel = Panel(kind="trend", indicators=[key], window="24h", grain="15m")
    answers = await answers_of(given, view, panel)
    return draw_panel(view, panel, answers, Scheme("light")).figure


def values(figure: Figure) -> list[float | None]:
    lines = [t for t in figure["data"] if t["mode"] == "lines" and t.get("fill") is None]
    return [value for trace in lines for value in trace["y"]]


async def test_a_state_sampled_every_half_hour_is_one_line() -> None:
    shown = values(await drawn("environment.ozone"))
    assert len(shown) > 40
    assert None not in shown[:-1]


async def test_a_rate_without_rows_is_a_gap() -> None:
    assert None in values(await drawn("customs.auto_release_rate"))


class JustBegun(FakeSeries):
    """Knows nothing but the newest point."""

    def answer(self, request: SeriesRequest) -> Series:
        series = super().answer(request)
        last = series.points[-1].at
        found = [p if p.at == last else Point(p.at, p.code, None, None) for p in series.points]
        return Series(request, series.grain, found, "history", covered=request.window)


async def test_small_trends_that_would_be_dots_say_since_when_there_is_data() -> None:
    view, given = view_of(), services(series=JustBegun())
    panel = Panel(kind="multiples", indicators=["environment.ozone"], window="24h", by="station")
    drawn = draw_panel(view, panel, await answers_of(given, view, panel), Scheme("light"))
    assert drawn.figure["data"] == []
    assert "起有数据" in drawn.note


def test_hourly_measurements_are_one_line_and_counts_are_not() -> None:
    catalogue = view_of().catalogue
    kinds = {key: holds(indicator) for key, indicator in catalogue.indicators()}
    assert kinds["environment.ozone"]
    assert not kinds["customs.declarations"]
    assert not kinds["customs.auto_release_rate"]


class Hours(FakeSeries):
    """Six whole hours and the one that goes on, which has had few rows so far."""

    def answer(self, request: SeriesRequest) -> Series:
        begin = NOW.replace(minute=0, second=0, microsecond=0)
        found = [Point(begin - timedelta(hours=n), "", 100.0, 100) for n in range(6, 0, -1)]
        return Series(request, "1h", [*found, Point(begin, "", 2.0, 2)], "history")


@pytest.mark.parametrize(("minutes", "drawn"), [(3, False), (45, True)])
async def test_an_hour_that_has_hardly_begun_does_not_look_as_if_all_had_stopped(
    minutes: int, drawn: bool
) -> None:
    now = NOW.replace(minute=0, second=0, microsecond=0) + timedelta(minutes=minutes)
    view, given = view_of(now=now), services(series=Hours())
    panel = Panel(kind="trend", indicators=["customs.declarations"], window="24h", grain="1h")
    answers = await answers_of(given, view, panel)
    figure = draw_panel(view, panel, answers, Scheme("light")).figure
    assert (2.0 in values(figure)) is drawn
    dotted = [trace for trace in figure["data"] if trace.get("line", {}).get("dash") == "dot"]
    assert bool(dotted) is drawn


async def test_a_rate_of_a_day_that_goes_on_is_drawn_as_unfinished() -> None:
    view, given = view_of(), services(series=Hours())
    panel = Panel(kind="trend", indicators=["customs.auto_release_rate"], window="24h", grain="1h")
    figure = draw_panel(view, panel, await answers_of(given, view, panel), Scheme("light")).figure
    dotted = [trace for trace in figure["data"] if trace.get("line", {}).get("dash") == "dot"]
    assert [trace["y"] for trace in dotted] == [[100.0, 2.0]]
