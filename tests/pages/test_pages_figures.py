"""Charts as data: what a builder is given is what Plotly is told to draw."""

import json
import re
from collections.abc import Callable
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from dashboard.figures import (
    PALETTES,
    Bar,
    Drawing,
    Line,
    Rule,
    Spot,
    Step,
    Theme,
    build_band,
    build_empty,
    build_gantt,
    build_heatmap,
    build_multiples,
    build_trend,
)
from dashboard.figures.axes import time_ticks, value_range, value_ticks
from dashboard.text import Language

START = datetime(2026, 11, 21, 16, tzinfo=UTC)
WINDOW = (START, START + timedelta(days=1))
TOKENS = Path(__file__).resolve().parents[2] / "assets" / "tokens.css"


def drawing(
    theme: Theme = "light", language: Language = "zh", zone: str = "Asia/Shanghai"
) -> Drawing:
    return Drawing(theme, language, ZoneInfo(zone), lambda value: f"{value:.1f} h")


def line(*values: float | None, name: str = "", partial: bool = False) -> Line:
    spots = [Spot(START + timedelta(hours=i), value, 3) for i, value in enumerate(values)]
    return Line(name, spots, partial)


def traces(figure: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = figure["data"]
    return found


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_charts_have_the_colours_of_the_style_sheet(theme: Theme) -> None:
    blocks = re.findall(r":root([^{]*)\{([^}]*)\}", TOKENS.read_text())
    wanted = next(body for head, body in blocks if ("dark" in head) == (theme == "dark"))
    tokens = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", wanted))
    for part in fields(PALETTES[theme]):
        assert getattr(PALETTES[theme], part.name) == tokens[part.name.replace("_", "-")]


@pytest.mark.parametrize(
    "build",
    [
        lambda d: build_trend([line(1, 2)], WINDOW, d),
        lambda d: build_band(line(2, 3), (line(1, 2), line(3, 4)), WINDOW, d),
        lambda d: build_heatmap(line(1, None, 3).spots, d),
        lambda d: build_multiples([line(1, 2, name="a"), line(2, 1, name="b")], WINDOW, d),
        build_empty,
    ],
)
def test_every_chart_is_small_plain_data_without_a_template(
    build: Callable[[Drawing], dict[str, Any]],
) -> None:
    figure = build(drawing())
    assert "template" not in figure["layout"]
    assert len(json.dumps(figure, allow_nan=False)) < 8_000


def test_an_unknown_value_is_a_gap_and_not_a_zero() -> None:
    trace = traces(build_trend([line(4, None, 6)], WINDOW, drawing()))[0]
    assert trace["y"] == [4, None, 6]
    assert trace["connectgaps"] is False
    assert "—" in trace["text"][1]


def test_a_period_that_has_not_ended_is_drawn_dotted() -> None:
    figure = build_trend([line(4, 5, 1, partial=True)], WINDOW, drawing())
    finished, unfinished = traces(figure)[:2]
    assert finished["y"] == [4, 5]
    assert (unfinished["y"], unfinished["line"]["dash"]) == ([5, 1], "dot")


def test_a_limit_near_the_data_is_drawn_with_its_mark_and_a_far_one_is_not() -> None:
    rules = [Rule(5, "5", "warning"), Rule(900, "900", "alarm")]
    layout = build_trend([line(4, 5, 6)], WINDOW, drawing(), rules=rules)["layout"]
    assert [shape["y0"] for shape in layout["shapes"]] == [5]
    assert [note["text"] for note in layout["annotations"]] == ["◆ 5"]
    assert layout["shapes"][0]["line"]["color"] == PALETTES["light"].warn


def test_words_of_limits_that_are_alike_do_not_lie_on_each_other() -> None:
    rules = [Rule(5, "5", "warning"), Rule(5, "目标 5")]
    figure = build_trend([line(0, 10)], WINDOW, drawing(), rules=rules)
    first, second = (note["ay"] for note in figure["layout"]["annotations"])
    assert second - first > 0.8


def test_words_of_a_limit_at_the_foot_of_a_chart_stand_clear_of_the_times_below() -> None:
    rules = [Rule(0, "目标 0"), Rule(8, "8", "warning")]
    layout = build_trend([line(0, 10)], WINDOW, drawing(), rules=rules)["layout"]
    assert [note["yanchor"] for note in layout["annotations"]] == ["bottom", "middle"]


def test_words_beside_the_height_of_their_limit_are_led_to_its_line() -> None:
    rules = [Rule(9.5, "9.5", "warning"), Rule(10, "目标 10"), Rule(2, "2", "alarm")]
    layout = build_trend([line(0, 10)], WINDOW, drawing(), rules=rules)["layout"]
    alone, lower, upper = layout["annotations"]
    assert (alone["y"], alone["showarrow"]) == (2, False)
    assert [(one["y"], one["showarrow"]) for one in (lower, upper)] == [(9.5, True), (10, True)]
    assert lower["ay"] < 9.5
    assert upper["ay"] > 10, "neither stands at the other's line"
    far = build_trend([line(0, 10)], WINDOW, drawing(), rules=rules[::2])["layout"]
    assert layout["margin"]["r"] > far["margin"]["r"]


def test_the_mark_of_a_period_that_goes_on_is_hollow_and_the_legend_says_how_far_it_goes() -> None:
    going = replace(line(4, 5, 1, partial=True), until="今日截至 09:40")
    figure = build_trend([going], WINDOW, drawing(), level="alarm")
    mark, key = traces(figure)[2:]
    assert mark["marker"]["color"] == PALETTES["light"].panel
    assert mark["marker"]["line"]["color"] == PALETTES["light"].alarm
    assert (key["name"], key["line"]["dash"]) == ("今日截至 09:40", "dot")
    assert figure["layout"]["showlegend"] is True
    assert traces(figure)[1]["text"][-1].endswith("今日截至 09:40")


def test_a_period_that_is_left_out_is_named_without_a_line() -> None:
    figure = build_trend([replace(line(4, 5), until="今日未过半，未画")], WINDOW, drawing())
    assert traces(figure)[-1]["name"] == "今日未过半，未画"
    assert traces(figure)[-1]["mode"] == "markers"
    assert traces(figure)[-1]["marker"]["color"] == "rgba(0,0,0,0)", "words alone"
    assert traces(figure)[-2]["marker"]["color"] == PALETTES["light"].series


def test_a_band_names_only_how_far_its_last_day_goes() -> None:
    going = replace(line(2, 3, partial=True), until="今日截至 09:40")
    edges = (line(1, 2, name="P10"), line(3, 4, name="P90"))
    figure = build_band(going, edges, WINDOW, drawing())
    named = [trace["name"] for trace in traces(figure) if trace.get("showlegend")]
    assert named == ["今日截至 09:40"]


def test_small_multiples_say_once_how_far_their_last_day_goes() -> None:
    lines = [replace(line(1, 2, name=n, partial=True), until="今日截至 09:40") for n in "ab"]
    notes = build_multiples(lines, WINDOW, drawing())["layout"]["annotations"]
    assert [note["text"] for note in notes].count("今日截至 09:40") == 1


def test_only_an_abnormal_newest_point_has_a_colour_of_its_own() -> None:
    def colour(level: str) -> str:
        figure = build_trend([line(1, 2)], WINDOW, drawing(), level=level)
        return str(traces(figure)[-1]["marker"]["color"])

    palette = PALETTES["light"]
    assert [colour(level) for level in ("normal", "warning", "alarm")] == [
        palette.series,
        palette.warn,
        palette.alarm,
    ]


def test_the_usual_range_lies_under_the_line_and_is_named() -> None:
    figure = build_trend(
        [line(5, 6)], WINDOW, drawing(), usual=(line(4, 4), line(7, 7)), usual_words="平常范围"
    )
    assert traces(figure)[1]["fill"] == "tonexty"
    assert traces(figure)[1]["name"] == "平常范围"
    assert figure["layout"]["showlegend"] is True


def test_an_area_leaves_out_times_at_which_an_edge_is_unknown() -> None:
    figure = build_band(line(2, 3), (line(1, None), line(3, 4)), WINDOW, drawing())
    assert len(traces(figure)[0]["x"]) == 1


def test_an_area_is_not_drawn_across_what_is_unknown() -> None:
    lower, upper = line(1, 1, None, 1, 1), line(3, 3, 3, 3, 3, name="P90")
    figure = build_band(line(2, 2, 2, 2, 2), (lower, upper), WINDOW, drawing())
    areas = [trace for trace in traces(figure) if trace.get("fill") == "tonexty"]
    assert [len(trace["x"]) for trace in areas] == [2, 2]
    assert [trace["showlegend"] for trace in areas] == [True, False], "named once"


def test_words_of_data_are_drawn_letter_by_letter() -> None:
    name = 'A<B>C <a href="http://x">%{x}</a>'
    lines = [line(1, 2, name=name), line(2, 3, name="&")]
    for figure in (
        build_trend(lines, WINDOW, drawing()),
        build_multiples(lines, WINDOW, drawing()),
    ):
        said = json.dumps(figure, default=str)
        assert "<a" not in said
        assert "%{x}" not in said
        assert "A&lt;B&gt;C" in said
    bars = [Bar("<b>7</b>", [Step(0, *WINDOW, "words")])]
    axis = build_gantt(bars, ["stage"], WINDOW, drawing())["layout"]["yaxis"]
    assert axis["ticktext"] == ["&lt;b&gt;7&lt;/b&gt;"]


def test_times_are_those_of_the_city_in_both_languages() -> None:
    _, words = time_ticks(WINDOW, drawing())
    assert words[:2] == ["00:00", "06:00"]
    week = (START - timedelta(days=7), START)
    assert time_ticks(week, drawing(language="zh"), 4)[1][-1] == "11-20"
    assert time_ticks(week, drawing(language="en"), 4)[1][-1] == "20 Nov"


def test_days_of_a_clock_change_have_their_ticks_at_local_midnight() -> None:
    end = datetime(2026, 11, 3, 5, tzinfo=UTC)
    new_york = drawing(zone="America/New_York")
    places, words = time_ticks((end - timedelta(days=4), end), new_york)
    local = [datetime.fromtimestamp(place, ZoneInfo("America/New_York")).hour for place in places]
    assert set(local) == {0}
    assert words == ["10-31", "11-01", "11-02"]


def test_an_axis_starts_at_zero_unless_that_hides_the_shape() -> None:
    assert value_range([10, 50]) == (0.0, 50)
    assert value_range([96, 98]) == (96, 98)
    assert value_range([-3, 2]) == (-3, 2)
    assert value_range([]) == (0.0, 1.0)


@pytest.mark.parametrize(("low", "high"), [(0, 1), (0, 7), (96.2, 98.1), (-2.7, 0.3), (0, 12_345)])
def test_ticks_are_few_and_round(low: float, high: float) -> None:
    ticks = value_ticks(low, high)
    assert 2 <= len(ticks) <= 7
    assert ticks[0] <= low
    assert ticks[-1] >= high


def test_an_axis_of_counts_has_no_halves() -> None:
    counts = replace(drawing(), whole=True)
    axis = build_trend([line(0, 1)], WINDOW, counts)["layout"]["yaxis"]
    assert axis["ticktext"] == ["0", "1"]


def test_names_of_many_small_multiples_stay_clear_of_the_row_above() -> None:
    lines = [line(0, 1, name=str(index)) for index in range(8)]
    layout = build_multiples(lines, WINDOW, drawing(), columns=2, height=240)["layout"]
    plot = 240 - 22 - 6
    gaps = [
        layout[f"yaxis{index}"]["domain"][0] - layout[f"yaxis{index + 2}"]["domain"][1]
        for index in (1, 3, 5)
    ]
    assert all(gap * plot > 20 for gap in gaps)
    assert layout["yaxis7"]["domain"][0] >= 0


def test_a_heatmap_has_a_row_per_local_day_and_a_column_per_hour() -> None:
    spots = [Spot(START - timedelta(hours=2) + timedelta(hours=i), float(i)) for i in range(4)]
    cells = traces(build_heatmap(spots, drawing()))[0]["z"]
    assert [len(row) for row in cells] == [24, 24]
    assert cells[0][22:] == [0.0, 1.0]
    assert cells[1][:3] == [2.0, 3.0, None]


def test_small_multiples_share_one_scale_and_name_their_newest_value() -> None:
    figure = build_multiples(
        [line(1, 2, name="禅城"), line(9, 8, name="南海"), line(name="高明")], WINDOW, drawing()
    )
    layout = figure["layout"]
    assert layout["yaxis1"]["range"] == layout["yaxis2"]["range"] == layout["yaxis3"]["range"]
    said = [note["text"] for note in layout["annotations"]]
    assert said == ["禅城", "<b>2.0 h</b>", "南海", "<b>8.0 h</b>", "高明", "<b>—</b>"]


def test_a_small_multiple_names_no_value_of_long_ago() -> None:
    lines = [line(1, 2, None, name="禅城"), line(1, 2, *[None] * 5, name="南海")]
    notes = build_multiples(lines, WINDOW, drawing())["layout"]["annotations"]
    assert [note["text"] for note in notes] == ["禅城", "<b>2.0 h</b>", "南海", "<b>—</b>"]


def test_hours_known_an_hour_later_are_named_among_quarters_of_hours() -> None:
    quarters = [Spot(START + timedelta(minutes=15 * i), 5.0 if i == 0 else None) for i in range(8)]
    (_, said) = build_multiples([Line("禅城", quarters)], WINDOW, drawing())["layout"][
        "annotations"
    ]
    assert said["text"] == "<b>5.0 h</b>"


def test_a_refresh_leaves_the_look_of_a_viewer_alone() -> None:
    figures = [build_trend([line(value, 2)], WINDOW, drawing())["layout"] for value in (1, 9)]
    assert figures[0]["uirevision"] == figures[1]["uirevision"]


def test_a_rare_spike_of_what_is_usual_does_not_press_the_line_flat() -> None:
    low = line(*[97.0] * 20, 35.0, *[97.0] * 20)
    high = line(*[100.0] * 41)
    figure = build_trend([line(99, 98, 99.5)], WINDOW, drawing(), usual=(low, high))
    assert figure["layout"]["yaxis"]["range"][0] > 90
    tidal = line(*[20.0 + 5 * hour for hour in range(20)])
    figure = build_trend([line(21, 22, 23)], WINDOW, drawing(), usual=(line(*[18.0] * 20), tidal))
    assert figure["layout"]["yaxis"]["range"][1] > 110
