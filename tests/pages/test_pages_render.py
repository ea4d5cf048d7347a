"""Pages as components: every panel kind, in both languages, with good data, none and bad."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from dash.development.base_component import Component
from pages_catalogue import PANELS
from pages_city import KINDS, NOW, PERSON, ZONE, city, sections, view_of
from pages_fakes import FakeSeries

from dashboard.access import Person
from dashboard.catalogue.pages import Panel
from dashboard.ports import Series
from dashboard.text import LANGUAGES, Language, Text
from dashboard.words import Word
from layouts.pages.contents import chosen_name, page_of, panel_of
from layouts.panels.draw import Scheme, draw_panel
from layouts.panels.frame import export_link, render_panel, render_split
from layouts.panels.lists import when_words
from layouts.panels.needs import CHARTS, Answers, Failure, requests_of
from layouts.panels.order import worst_first
from layouts.panels.split import columns_of, is_counted
from layouts.router import render_page
from layouts.view import View

PATHS = (
    "/",
    "/department/customs",
    "/department/environment",
    "/indicator/customs.unreleased",
    "/indicator/customs.clearance_p90",
    "/indicator/customs.state_of_port",
    "/indicator/customs.release_share",
    "/indicator/environment.ozone",
    "/status",
)
LIGHT = Scheme("light")
CHINESE = re.compile("[\u4e00-\u9fff]")


def components(root: Any) -> Iterator[Component]:
    """A component and everything in it."""
    if isinstance(root, list | tuple):
        for one in root:
            yield from components(one)
    elif isinstance(root, Component):
        yield root
        yield from components(getattr(root, "children", None))


def words(root: Any) -> str:
    """All that can be read or heard of some components."""
    found = []
    for one in components(root):
        children = getattr(one, "children", None)
        for child in children if isinstance(children, list | tuple) else [children]:
            if isinstance(child, str | int | float):
                found.append(str(child))
        found += [str(getattr(one, name, "")) for name in ("title", "aria-label")]
    return " ".join(found).replace("\u00a0", " ")


def panel(kind: str) -> Panel:
    return Panel.model_validate(next(one for one in PANELS if one["kind"] == kind))


def answers(view: View, wanted: Panel, series: FakeSeries | None = None) -> Answers:
    asked = series or FakeSeries()
    requests = requests_of(wanted, view.catalogue, NOW, ZONE)
    return Answers({request: asked.answer(request) for request in requests})


@pytest.mark.parametrize("path", PATHS)
def test_a_page_in_english_has_no_chinese_left(path: str) -> None:
    assert CHINESE.findall(words(render_page(view_of("en", path=path)))) == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", PATHS)
def test_a_page_has_one_title_and_no_heading_is_skipped(path: str, language: Language) -> None:
    page = list(components(render_page(view_of(language, path=path))))
    names = [type(one).__name__ for one in page if re.fullmatch(r"H\d", type(one).__name__)]
    assert names[0] == "H1"
    assert names.count("H1") == 1
    assert set(names) <= {"H1", "H2"}


@pytest.mark.parametrize("path", PATHS)
def test_nothing_is_styled_in_place_and_tables_have_captions(path: str) -> None:
    page = list(components(render_page(view_of(path=path))))
    assert not [one for one in page if getattr(one, "style", None)]
    tables = [one for one in page if type(one).__name__ == "Table"]
    assert all("Caption" in [type(c).__name__ for c in components(table)] for table in tables)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_panel_says_whose_it_is_and_as_of_when(kind: str, language: Language) -> None:
    said = words(render_panel(view_of(language), panel(kind), "customs/0"))
    assert ("佛山海关" if language == "zh" else "Foshan Customs") in said
    assert Word.AS_OF.of(language) in said
    for word in (Word.DEFINITION, Word.DETAILS, Word.EXPORT):
        assert word.of(language) in said


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_panel_shows_its_data(kind: str, language: Language) -> None:
    view = view_of(language)
    wanted = panel(kind)
    given = answers(view, wanted)
    if kind in CHARTS:
        drawn = draw_panel(view, wanted, given, LIGHT)
        assert drawn.note == ""
        assert drawn.figure["data"]
    else:
        assert len(words(render_split(view, wanted, given))) > 10


@pytest.mark.parametrize("kind", [kind for kind in CHARTS if kind != "gantt"])
def test_a_chart_without_data_says_so(kind: str) -> None:
    view, wanted = view_of(), panel(kind)
    empty = FakeSeries(empty=set(wanted.indicators))
    drawn = draw_panel(view, wanted, answers(view, wanted, empty), LIGHT)
    assert drawn.note == "没有记录"


@pytest.mark.parametrize("kind", ["trend", "table"])
def test_a_panel_whose_question_failed_says_why(kind: str) -> None:
    view, wanted = view_of(), panel(kind)
    reason = Word.REFUSED
    failed = Answers(
        {
            request: Failure(text_of(reason))
            for request in requests_of(wanted, view.catalogue, NOW, ZONE)
        }
    )
    if kind == "trend":
        assert draw_panel(view, wanted, failed, LIGHT).note == "没有权限"
    else:
        assert "没有权限" in words(render_split(view, wanted, failed))


def text_of(word: Word) -> Text:
    return Text(zh=word.of("zh"), en=word.of("en"))


def test_a_panel_of_an_unknown_indicator_names_it() -> None:
    wanted = Panel(kind="trend", indicators=["customs.nothing"])
    assert "customs.nothing" in words(render_panel(view_of(), wanted, "customs/0"))


def test_a_panel_of_another_department_is_refused_in_words() -> None:
    view = view_of(person=Person("clerk", frozenset({"environment"}), PERSON.actions))
    assert "没有权限" in words(render_panel(view, panel("trend"), "customs/0"))


def test_a_panel_without_rows_says_so_and_one_without_reading_waits() -> None:
    frame = sections()
    frame["readings"]["customs.declarations"] |= {"parts": {}, "value": 0}
    assert "没有记录" in words(render_split(view_of(sections=frame), panel("ranked"), Answers({})))
    del frame["readings"]["customs.declarations"]
    assert "等待数据" in words(render_split(view_of(sections=frame), panel("ranked"), Answers({})))


def test_the_reason_of_an_empty_panel_is_said_in_words() -> None:
    frame = sections()
    frame["readings"]["customs.declarations"] |= {
        "parts": {}, "value": None, "state": "unavailable", "reason": "reading_history",
    }  # fmt: skip
    said = words(render_split(view_of(sections=frame), panel("ranked"), Answers({})))
    assert "正在读取历史数据" in said
    assert "reading_history" not in said


def test_stages_stand_in_their_declared_order_with_the_abnormal_part() -> None:
    said = words(render_split(view_of(), panel("stages"), Answers({})))
    places = [said.index(name) for name in ("已申报", "审单", "查验", "缴税", "放行未提")]
    assert places == sorted(places)
    assert "合计" in said
    assert "1,284" in said
    assert "琥珀色段为其中的“超 14 天未放行”" in said


def test_bars_are_ranked_with_the_largest_first() -> None:
    said = words(render_split(view_of(), panel("ranked"), Answers({})))
    order = [said.index(name) for name in ("南海三山", "北滘港", "三水港", "高明港")]
    assert order == sorted(order)


def test_a_rate_on_few_rows_is_shown_behind_the_others() -> None:
    view, wanted = (
        view_of(),
        Panel(kind="ranked", indicators=["customs.clearance_p90"], by="port", window="7d"),
    )
    given = answers(view, wanted)
    request, series = next(iter(given.series.items()))
    few = replace(
        series, points=[replace(p, n=3 if p.code == "5101" else 99) for p in series.points]
    )
    shown = Answers({request: few})
    column = columns_of(view, wanted, shown)[0]
    assert worst_first(column, ["5101", "5102", "5103", "5104"])[-1] == "5101"
    said = " ".join(words(render_split(view, wanted, shown)).split())
    assert "n 3 n 少，不判定" in said


def test_where_up_is_good_the_smallest_is_the_worst() -> None:
    view, wanted = (
        view_of(),
        Panel(kind="ranked", indicators=["customs.auto_release_rate"], by="port", window="7d"),
    )
    column = columns_of(view, wanted, answers(view, wanted))[0]
    codes = worst_first(column, list(column.cells))
    values = [float(column.cells[code].value or 0) for code in codes]
    assert values == sorted(values)


def test_a_rule_says_how_old_its_oldest_row_is() -> None:
    said = words(render_split(view_of(), panel("rules"), Answers({})))
    assert "最久" in said
    assert "456" in said
    assert "最久的超期票" not in said


def test_a_rule_says_its_target_beside_when_it_triggers() -> None:
    view = view_of()
    aimed = Panel(kind="rules", indicators=["customs.auto_release_rate", "customs.unreleased"])
    heads = words(render_split(view, aimed, Answers({}))).split()
    assert heads.index("目标") < heads.index("触发条件")
    assert "≥ 60" in words(render_split(view, aimed, Answers({})))
    assert "目标" not in words(render_split(view, panel("rules"), Answers({})))


def test_exports_carry_window_grain_and_split_of_the_panel() -> None:
    view = view_of()
    assert export_link(view, panel("band"), "csv") == (
        "/export/customs.clearance_median.csv?window=30d&grain=1d"
    )
    assert export_link(view, panel("table"), "xlsx") == (
        "/export/customs.clearance_median.xlsx?window=7d&by=port"
    )
    assert export_link(view, panel("stages"), "xlsx") == (
        "/export/customs.unreleased.xlsx?by=stage"
    )


def test_data_that_starts_late_in_the_window_says_since_when() -> None:
    view, wanted = view_of(), panel("trend")
    given = answers(view, wanted)
    request, series = next(iter(given.series.items()))
    late = replace(series, points=series.points[len(series.points) // 2 :])
    notes = draw_panel(view, wanted, Answers({request: late}), LIGHT).figure["layout"]
    assert any("起有数据" in note["text"] for note in notes["annotations"])
    whole = draw_panel(view, wanted, given, LIGHT).figure["layout"]
    assert not any("起有数据" in note["text"] for note in whole["annotations"])


def test_a_history_that_does_not_reach_back_yet_is_said_in_place_of_an_empty_panel() -> None:
    view, wanted = view_of(), panel("table")
    given = answers(view, wanted)
    started = NOW - timedelta(days=2)
    young = {
        request: replace(series, points=[], covered=(started, NOW))
        for request, series in given.series.items()
        if isinstance(series, Series)
    }
    assert "历史只补采到 11-20 16:42" in words(render_split(view, wanted, Answers(young)))


def test_how_it_is_now_by_a_split_that_no_frame_carries_is_the_newest_sample() -> None:
    wanted = Panel(kind="ranked", indicators=["customs.unreleased"], by="port")
    [request] = requests_of(wanted, city(), NOW, ZONE)
    assert request.by == "port"
    assert NOW - request.window[0] <= timedelta(minutes=20)


def test_a_time_at_midnight_is_a_day() -> None:
    view = view_of()
    midnight = NOW.astimezone(view.zone).replace(hour=0, minute=0, second=0, microsecond=0)
    assert when_words(view, midnight) == f"{midnight:%m-%d}"
    assert when_words(view, midnight - timedelta(days=400)).count("-") == 2
    assert ":" in when_words(view, midnight + timedelta(seconds=61))


def test_in_a_table_counts_without_rows_are_zero_only_where_something_is_known() -> None:
    wanted = Panel(
        kind="table", indicators=["customs.unreleased", "customs.unreleased_14d"], by="stage"
    )
    frame = sections()
    frame["readings"]["customs.unreleased_14d"] |= {"parts": {}, "value": 0}
    view = view_of(sections=frame)
    columns = columns_of(view, wanted, Answers({}))
    assert [is_counted(column) for column in columns] == [True, True]
    row = words(render_split(view, wanted, Answers({}))).split("合计")[0]
    assert row.split().count("0") >= 3
    frame["readings"]["customs.unreleased_14d"] |= {"value": None, "state": "unavailable"}
    unknown = columns_of(view_of(sections=frame), wanted, Answers({}))[1]
    assert not is_counted(unknown)


def test_facts_of_two_kinds_stand_beside_each_other() -> None:
    wanted = Panel(kind="facts", indicators=["customs.state_of_port", "customs.state_of_yard"])
    catalogue = city()
    customs = catalogue.departments["customs"]
    yard = customs.indicators["state_of_port"].model_copy(
        update={"short": Text(zh="堆场状态", en="Yards")}
    )
    indicators = customs.indicators | {"state_of_yard": yard}
    departments = catalogue.departments | {
        "customs": customs.model_copy(update={"indicators": indicators})
    }
    frame = sections()
    port = frame["readings"]["customs.state_of_port"]
    frame["readings"]["customs.state_of_yard"] = port | {"key": "customs.state_of_yard"}
    view = view_of(catalogue=replace(catalogue, departments=departments), sections=frame)
    said = words(render_split(view, wanted, Answers({})))
    assert said.count("北滘港") == 1
    assert said.count("正常开放") == 8
    assert "堆场状态" in said


def test_a_department_without_a_page_is_shown_all_the_same() -> None:
    page = page_of(city(), "environment")
    assert page is not None
    assert page.numbers == ["environment.ozone"]
    assert "臭氧小时浓度" in words(render_page(view_of(path="/department/environment")))


@pytest.mark.parametrize(
    ("path", "near"),
    [
        ("/department/custms", "/department/customs"),
        ("/indicator/customs.unrelased", "/indicator/customs.unreleased"),
    ],
)
def test_a_page_that_is_not_there_names_the_nearest(path: str, near: str) -> None:
    assert near in words(render_page(view_of(path=path)))


def test_a_panel_is_found_again_by_its_name() -> None:
    catalogue = city()
    assert panel_of(catalogue, "customs/2") == catalogue.pages["customs"].panels[2]
    assert panel_of(catalogue, "customs/99") is None
    assert panel_of(catalogue, "nothing/0") is None
    chosen = Panel(kind="ranked", indicators=["customs.clearance_p90"], by="port", window="7d")
    found = panel_of(catalogue, chosen_name(chosen))
    assert found is not None
    assert (found.kind, found.window, found.by) == ("ranked", "7d", "port")
    assert panel_of(catalogue, "sql|x|y|z|w|v") is None


def test_today_shows_what_to_look_at_first_and_each_department() -> None:
    said = words(render_page(view_of(path="/")))
    assert said.index("超 14 天未放行 93 票") < said.index("进口通关 P90 38.6 h")
    assert said.index("先看这些") < said.index("未放行报关单") < said.index("臭氧小时浓度")
