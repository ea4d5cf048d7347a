"""The indicator and the status page: what a number says about itself, and what is not well."""

from datetime import timedelta

import pytest
from pages_city import NOW, city, view_of
from test_pages_render import CHINESE, components, words

from dashboard.catalogue import Problem
from dashboard.text import LANGUAGES, Language
from dashboard.words import Word
from layouts.pages.formula import formula_words
from layouts.pages.status import Parts, render_tables
from layouts.router import render_page


def test_an_indicator_says_what_it_means_and_where_it_comes_from() -> None:
    said = words(render_page(view_of(path="/indicator/customs.clearance_p90")))
    for part in (
        "实时口径", "待确认", "bgd_main", "release_time", "佛山海关", "陈工 8866", "放行早于到港",
        "12", "3f9c2a71", "> 48 h", "n ≥ 30", "第 90 百分位", "向部门查询最新 50 条",
    ):  # fmt: skip
        assert part in said, part


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("zh", "微秒）；显示的数是相邻两个名次之间的线性插值"),
        ("en", "in microseconds; the number is their linear"),
    ],
)
def test_the_sql_of_a_percentile_says_how_the_number_comes_of_it(
    language: Language, said: str
) -> None:
    page = render_page(view_of(language, path="/indicator/customs.clearance_p90"))
    assert said in words(page)
    other = render_page(view_of(language, path="/indicator/customs.unreleased"))
    assert said not in words(other)


def test_a_confirmed_definition_says_by_whom_and_when() -> None:
    said = words(render_page(view_of(path="/indicator/customs.unreleased")))
    assert "关务处 陈工于 2026-10-08 确认" in said
    assert "待确认" not in said


def test_a_derived_indicator_lists_its_inputs_and_has_no_rows_of_its_own() -> None:
    said = words(render_page(view_of(path="/indicator/customs.release_share")))
    assert "“未放行报关单” ÷ “申报量” × 100" in said
    assert "1,284" in said
    assert "请看各输入指标的记录" in said
    assert Word.ASK_ROWS.of("zh") not in said


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_measure_has_a_formula_in_words(language: Language) -> None:
    view = view_of(language)
    for _, indicator in view.catalogue.indicators():
        said = formula_words(view, indicator)
        assert said
        assert language == "zh" or not CHINESE.search(said)


def test_the_address_chooses_window_grain_and_split() -> None:
    view = view_of(
        path="/indicator/customs.declarations",
        params={"window": "2026-11-01/2026-11-07", "grain": "1d", "by": ""},
    )
    said = words(render_page(view))
    assert "2026-11-01–2026-11-07" in said
    names = [str(getattr(one, "id", "")) for one in components(render_page(view))]
    assert any("2026-11-01/2026-11-07|1d" in name for name in names)
    assert not any("multiples" in name for name in names)


def test_the_status_page_has_the_worst_department_first_and_says_why() -> None:
    said = words(render_page(view_of(path="/status")))
    assert said.index("空气小时值") < said.index("报关单")
    for part in ("迟到", "11 分", "数据库无响应（自 16:33）", "42 %", "放行早于到港 12"):
        assert part in said, part


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/status", "时间无法识别（release_time） 7"),
        ("/indicator/customs.clearance_p90", "时间无法识别（release_time） 不计入 7"),
    ],
)
def test_rows_without_a_readable_time_are_told_beside_those_set_aside(path: str, told: str) -> None:
    assert told in " ".join(words(render_page(view_of(path=path))).split())
    assert "No readable time (release_time)" in words(render_page(view_of("en", path=path)))


def test_they_are_told_of_a_dataset_that_sets_nothing_aside() -> None:
    plain = city()
    plain.departments["customs"].datasets["declarations"].set_aside.clear()
    said = words(render_page(view_of(path="/indicator/customs.clearance_p90", catalogue=plain)))
    assert "时间无法识别（release_time）" in said
    assert Word.NOTHING_SET_ASIDE.of("zh") not in said


def test_the_status_page_names_problems_with_file_and_line() -> None:
    problem = Problem(
        "catalog/pages/customs.yaml", 12, "customs.unreleasd", "an indicator", "say x"
    )
    view = view_of(path="/status", catalogue=city((problem,)))
    said = words(render_page(view))
    assert "catalog/pages/customs.yaml:12" in said
    assert "customs.unreleasd" in said
    assert "say x" in said


def test_the_status_page_says_which_part_of_the_center_is_down() -> None:
    said = words(render_tables(view_of(), Parts(live=False, store=True)))
    assert said.count("没有应答") == 1


def test_a_feed_that_stopped_is_judged_by_its_age_and_not_by_what_it_last_said() -> None:
    said = words(render_page(view_of(path="/status", now=NOW + timedelta(hours=1))))
    assert "正常应答" not in said.partition("环境")[0].partition("数据源")[0]
    assert "过期" in said
