"""Over what a number is summed is said where it stands beside the same over another window."""

from typing import Any

from pages_city import NOW, sections, view_of
from test_pages_render import answers, words

from dashboard.catalogue.pages import Panel
from dashboard.samples import fewest_rows, rests_on_rows
from dashboard.text import Language
from layouts.pages.indicator import render_indicator
from layouts.panels.facts import render_key_figure
from layouts.panels.frame import render_panel
from layouts.panels.tables import render_rules, render_table
from layouts.view import View


def with_reading(key: str, language: Language = "zh", **more: Any) -> View:
    frame = sections(NOW)
    frame["readings"][key] |= more
    return view_of(language, sections=frame)


def test_a_key_figure_and_the_page_of_an_indicator_say_their_window() -> None:
    window = view_of().catalogue.indicator("customs.declarations")
    assert window is not None
    assert window.window == "today"
    assert "今日" in words(render_key_figure(view_of(), "customs.declarations"))
    [big, *_] = render_indicator(view_of(), "customs.declarations").children[2].children
    assert "今日" in words(big)
    assert "当前" not in words(render_key_figure(view_of(), "customs.unreleased"))


def test_a_year_of_which_days_are_known_says_since_when() -> None:
    since = "2026-11-13T16:00:00.000Z"
    zh = with_reading("customs.auto_release_rate", since=since)
    assert "（11-14 起有数据）" in words(render_key_figure(zh, "customs.auto_release_rate"))
    rules = Panel(kind="rules", indicators=["customs.auto_release_rate"])
    assert "11-14 起有数据" in words(render_rules(zh, rules, answers(zh, rules)))
    en = with_reading("customs.auto_release_rate", "en", since=since)
    assert "(data since 14 Nov)" in words(render_key_figure(en, "customs.auto_release_rate"))


def test_a_trend_of_what_is_counted_says_over_what_each_value_is_though_nobody_chose_it() -> None:
    week = Panel(kind="trend", indicators=["customs.declarations"], window="7d")
    assert "每小时" in words(render_panel(view_of(), week, "customs/0"))
    state = Panel(kind="trend", indicators=["customs.unreleased"], window="7d")
    assert "每小时" not in words(render_panel(view_of(), state, "customs/0"))


def test_columns_over_another_window_than_the_panel_say_so() -> None:
    view = view_of()
    keys = ["customs.declarations", "customs.auto_release_rate"]
    wanted = Panel(kind="table", indicators=keys, by="port", window="7d")
    heads = words(render_table(view, wanted, answers(view, wanted)))
    assert "近 7 天" not in heads, "the panel says it for all"
    mixed = Panel(kind="table", indicators=["customs.declarations", "customs.unreleased"])
    heads = words(render_table(view, mixed, answers(view, mixed)))
    assert "（票，当前）" in heads


def test_percentages_are_said_with_the_rows_that_they_rest_on() -> None:
    view = view_of()
    share = view.catalogue.indicator("customs.release_share")
    count = view.catalogue.indicator("customs.declarations")
    assert share is not None
    assert count is not None
    assert (rests_on_rows(share), rests_on_rows(count)) == (True, False)
    rate = view.catalogue.indicator("customs.auto_release_rate")
    assert rate is not None
    assert (fewest_rows(rate), fewest_rows(count)) == (10, None)
    assert "n 1,438" in words(render_key_figure(view, "customs.release_share"))
    rules = Panel(kind="rules", indicators=["customs.release_share"])
    assert "n 1,438" in words(render_rules(view, rules, answers(view, rules)))
