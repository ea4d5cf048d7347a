"""Rows behind a number: page after page, and those that a set-aside rule caught."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from dash import html
from pages_city import NOW, PERSON, view_of
from pages_fakes import FakeHistory, FakeSource, FakeSources, services
from test_pages_render import components, words

from callbacks.indicator import answer_rows, ask_of
from dashboard import ids
from dashboard.access import EVERYTHING
from dashboard.ports import Range, RowPage
from dashboard.text import LANGUAGES, Language
from layouts.pages.rows import RowsAsk, render_rows
from layouts.router import render_page

KEY = "customs.unreleased"


@dataclass
class ManyRows(FakeSource):
    """A hundred and twenty rows, of which it hands out what it is asked for."""

    questions: list[dict[str, Any]] = field(default_factory=list)

    def rows(self, indicator: str, window: Range | None, **options: Any) -> RowPage:
        self.questions.append(options)
        first, last = options["offset"], min(120, options["offset"] + options["limit"])
        return RowPage(["decl_no"], [[f"row {i}"] for i in range(first, last)], 120, "SELECT 1")


@dataclass
class Noted(FakeHistory):
    """Remembers what was noted of each look."""

    details: list[Mapping[str, Any]] = field(default_factory=list)

    def audit(self, who: str, action: str, subject: str, detail: Mapping[str, Any]) -> None:
        self.details.append(detail)


def buttons(shown: Any) -> dict[str, html.Button]:
    found = [one for one in components(shown) if isinstance(one, html.Button)]
    return {one.id["place"]: one for one in found if isinstance(one.id, dict)}


def press(given: Any, button: html.Button) -> RowsAsk | None:
    return ask_of(given, button.id, 1)


async def test_rows_are_turned_page_by_page_and_each_look_is_noted() -> None:
    given = services(sources=FakeSources(ManyRows()), history=Noted())
    shown = await answer_rows(given, PERSON, RowsAsk(KEY), "zh")
    assert "第 1–50 条，共 120 条" in words(shown)
    assert buttons(shown)["newer"].disabled
    older = press(given, buttons(shown)["older"])
    assert older == RowsAsk(KEY, offset=50)
    shown = await answer_rows(given, PERSON, older, "zh")
    assert "row 50" in words(shown)
    last = press(given, buttons(shown)["older"])
    assert last is not None
    shown = await answer_rows(given, PERSON, last, "zh")
    assert "第 101–120 条，共 120 条" in words(shown)
    assert buttons(shown)["older"].disabled
    assert press(given, buttons(shown)["newer"]) == RowsAsk(KEY, offset=50)
    assert [(one["limit"], one["offset"]) for one in given.sources.source.questions] == [
        (50, 0), (50, 50), (50, 100),
    ]  # fmt: skip
    assert [one["offset"] for one in given.history.details] == [0, 50, 100]


async def test_the_rows_of_a_set_aside_rule_are_asked_for_by_its_name() -> None:
    given = services(sources=FakeSources(ManyRows()), history=Noted())
    page = render_page(view_of(path=f"/indicator/{KEY}"))
    rule = press(given, buttons(page)["rule"])
    assert rule is not None
    assert rule.rule in {"released_first", "year_1900"}
    shown = await answer_rows(given, PERSON, rule, "zh")
    assert "剔除的记录：" in words(shown)
    (question,) = given.sources.source.questions
    assert (question["rule"], question["cleared"]) == (rule.rule, PERSON.private)
    assert given.history.details[0]["rule"] == rule.rule
    older = press(given, buttons(shown)["older"])
    assert older == RowsAsk(KEY, rule.rule, 50)


async def test_a_rule_that_the_catalogue_has_not_asks_nobody() -> None:
    given = services(sources=FakeSources(ManyRows()))
    await answer_rows(given, PERSON, RowsAsk(KEY, "no_such"), "zh")
    assert given.sources.source.questions == []
    assert given.history.audited == []


def test_a_button_that_only_appeared_asks_nothing() -> None:
    given = services()
    assert ask_of(given, ids.indicator_rows_ask(KEY, "older", "", 50), None) is None
    assert ask_of(given, None, 1) is None
    assert ask_of(given, ids.indicator_rows_ask("customs.gone", "newest"), 1) is None


@pytest.mark.parametrize(("offset", "taken"), [(-5, 0), ("x", 0), (10**9, 49_999)])
def test_what_a_browser_says_of_a_button_is_not_believed(offset: Any, taken: int) -> None:
    asked = ask_of(services(), ids.indicator_rows_ask(KEY, "older", "", offset), 1)
    assert asked == RowsAsk(KEY, offset=taken)


async def test_nobody_looks_further_than_the_department_lets_them() -> None:
    given = services(sources=FakeSources(ManyRows()))
    await answer_rows(given, PERSON, RowsAsk(KEY, offset=49_990), "zh")
    assert given.sources.source.questions[0]["limit"] == 10


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_end_of_what_may_be_seen_is_said(language: Language) -> None:
    page = RowPage(["decl_no"], [["x"]] * 50, None, "SELECT 1")
    shown = render_rows(view_of(language), RowsAsk(KEY, offset=50), page, NOW, most=100)
    assert "100" in words(shown)
    assert buttons(shown)["older"].disabled
    assert not buttons(shown)["newer"].disabled


def links(page: Any) -> list[tuple[str, str]]:
    """The words and addresses of all links to files of rows."""
    found = [one for one in components(page) if isinstance(one, html.A)]
    named = [(getattr(one, "aria-label", ""), one.href) for one in found]
    return [(name, href) for name, href in named if "/export/rows/" in str(href)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_rows_can_be_taken_along_from_beside_the_newest(language: Language) -> None:
    page = render_page(view_of(path=f"/indicator/{KEY}", language=language))
    said = "导出记录" if language == "zh" else "Export rows"
    assert links(page) == [
        (f"{said} XLSX", f"/export/rows/{KEY}.xlsx"),
        (f"{said} CSV", f"/export/rows/{KEY}.csv"),
    ]
    assert said in words(page)
    chosen = view_of(path=f"/indicator/{KEY}", params={"window": "30d", "by": "port"})
    assert links(render_page(chosen))[0][1] == f"/export/rows/{KEY}.xlsx?window=30d"


def test_the_series_that_is_taken_along_is_the_one_that_is_shown() -> None:
    def series(**params: str) -> str:
        page = render_page(view_of(path="/indicator/customs.clearance_p90", params=params))
        found = [str(getattr(c, "href", "")) for c in components(page)]
        return next(h for h in found if h.startswith("/export/customs.clearance_p90.xlsx"))

    assert series().partition("?")[2] == "window=30d", "a month, as the page"
    hours = "2026-11-01T00:00:00+08:00/2026-11-02T00:00:00+08:00"
    asked = parse_qs(urlsplit(series(window=hours, by="", grain="1h")).query)
    assert asked == {"window": [hours], "grain": ["1h"]}


@pytest.mark.parametrize("lacking", ["rows", "export"])
def test_who_may_not_take_rows_along_is_offered_none(lacking: Any) -> None:
    person = replace(PERSON, actions=EVERYTHING - {lacking})
    page = render_page(view_of(path=f"/indicator/{KEY}", person=person))
    assert links(page) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_chosen_part_is_said_with_a_way_back_to_all_rows(language: Language) -> None:
    part = next(iter(view_of().catalogue.codes["ports"].codes))
    chosen = {"by": "port", "part": part, "window": "7d"}
    view = view_of(language, path="/indicator/customs.clearance_p90", params=chosen)
    chips = [c for c in components(render_page(view)) if getattr(c, "className", "") == "chip"]
    assert len(chips) == 1
    assert chips[0].href == "/indicator/customs.clearance_p90?window=7d&by=port#" + ids.PART_ROWS
    assert chips[0].title == {"zh": "看全部记录", "en": "All rows"}[language]
    assert "×" in words(chips[0])
