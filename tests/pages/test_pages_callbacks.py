"""Callbacks of pages: what they ask, whom they ask, and what stays when an answer fails."""

import asyncio
import time
from typing import Any

import pytest
from dash import no_update
from dash.development.base_component import Component
from pages_city import PERSON, view_of
from pages_fakes import FakeHistory, FakeLive, FakeSeries, FakeSource, FakeSources, services
from test_pages_render import words

from callbacks import panels
from callbacks.indicator import _on_page_shown, answer_rows
from callbacks.panels import _on_page_due, answers_of, scheme_of
from callbacks.status import _on_status_due, look_at_parts
from dashboard.access import Person, Refused
from dashboard.catalogue.pages import Panel
from dashboard.ports import Series, SeriesRequest
from layouts.pages.rows import RowsAsk
from layouts.panels.draw import Scheme
from layouts.panels.needs import Failure

CHARTS = [{"type": "panel-figure", "panel": f"customs/{index}"} for index in (2, 4, 6, 8)]
SPLITS = [{"type": "panel-split", "panel": f"customs/{index}"} for index in (0, 3)]
STATEMENT = {"type": "indicator-sql", "key": "customs.unreleased"}
ASK = RowsAsk("customs.unreleased")
CLERK = Person("clerk", frozenset({"environment"}), frozenset({"see"}))


async def due(
    given: Any, tick: int = 0, person: Person = PERSON, notes: list[Any] | None = None
) -> tuple[Any, Any, Any]:
    before = [""] * len(CHARTS) if notes is None else notes
    return await _on_page_due(
        given, person, {"theme": "dark", "scale": 1}, tick, CHARTS, SPLITS, before, "zh"
    )


async def test_one_answer_draws_every_chart_of_a_page() -> None:
    figures, notes, splits = await due(services())
    assert all(figure["data"] for figure in figures)
    assert notes == ["", "", "", ""]
    assert splits[0] is no_update, "what the frame carries stands there already"
    assert "三水港" in words(splits[1])


async def test_a_refresh_puts_bars_in_their_newest_order() -> None:
    _, _, splits = await due(services(), tick=1)
    assert "已申报" in words(splits[0])


async def test_a_chart_that_is_there_stays_when_the_next_question_fails() -> None:
    broken = services(series=FakeSeries(broken={"customs.auto_release_rate"}))
    figures, notes, _ = await due(broken, tick=3)
    assert figures[3] is no_update
    assert words(notes[3]).startswith("16:42 起未更新：")
    assert figures[0]["data"], "the others go on"
    before = [as_browser(note) for note in notes]
    figures, notes, _ = await due(broken, tick=4, notes=before)
    assert figures[3] is no_update
    assert notes[3] is no_update, "it says since when, not how late it is now"
    _, notes, _ = await due(services(), tick=5, notes=before)
    assert notes[3] == ""


def as_browser(note: Any) -> Any:
    """Children as a callback's State has them."""
    return note.to_plotly_json() if isinstance(note, Component) else note


async def test_a_chart_that_never_came_says_why() -> None:
    broken = services(series=FakeSeries(broken={"customs.auto_release_rate"}))
    figures, notes, _ = await due(broken)
    assert figures[3]["data"] == []
    assert "没有应答" in notes[3]
    figures, again, _ = await due(broken, tick=1, notes=notes)
    assert figures[3] is no_update
    assert again[3] == notes[3], "an empty chart never stands there without a word"


async def test_a_slow_department_holds_up_only_its_own_panel(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Slow(FakeSeries):
        def answer(self, request: SeriesRequest) -> Series:
            if request.key == "customs.auto_release_rate":
                time.sleep(1.0)
            return super().answer(request)

    monkeypatch.setattr(panels, "PATIENCE", 0.3)
    started = asyncio.get_running_loop().time()
    figures, notes, _ = await due(services(series=Slow()))
    assert asyncio.get_running_loop().time() - started < 0.9
    assert "没有应答" in notes[3]
    assert figures[0]["data"]


async def test_a_person_sees_no_series_of_another_department() -> None:
    given = services()
    view = view_of(person=CLERK)
    panel = Panel(kind="trend", indicators=["customs.auto_release_rate"])
    answers = await answers_of(given, view, panel)
    (failure,) = answers.series.values()
    assert isinstance(failure, Failure)
    assert "没有权限" in failure.reason.zh
    assert given.series.asked == []


async def test_a_window_that_is_none_is_said_and_nothing_is_asked() -> None:
    given = services()
    panel = Panel(kind="trend", indicators=["customs.declarations"])
    answers = await answers_of(given, view_of(), panel.model_copy(update={"window": "nonsense"}))
    (failure,) = answers.series.values()
    assert isinstance(failure, Failure)
    assert "nonsense" in failure.reason.zh
    assert given.series.asked == []


async def test_a_single_line_over_days_is_shown_over_what_is_usual() -> None:
    view, given = view_of(), services()
    panel = Panel(kind="trend", indicators=["customs.declarations"], window="24h")
    assert (await answers_of(given, view, panel)).usual is not None
    months = panel.model_copy(update={"window": "90d"})
    assert (await answers_of(given, view, months)).usual is None


async def test_a_panel_that_the_catalogue_lost_leaves_the_page_as_it_is() -> None:
    gone = [{"type": "panel-figure", "panel": "customs/77"}]
    figures, notes, _ = await _on_page_due(services(), PERSON, None, 1, gone, [], [""], "zh")
    assert figures == [no_update]
    assert notes == [""]


async def test_rows_are_asked_of_the_department_and_that_is_noted() -> None:
    given = services()
    shown = await answer_rows(given, PERSON, ASK, "zh")
    assert given.sources.source.asked == 1
    assert given.history.audited == [("tester", "rows", "customs.unreleased")]
    said = words(shown)
    for part in ("报关单号", "5101-2026-0001", "•••", "2026-11-22 16:42:14", "向部门查询于"):
        assert part in said, part


async def test_rows_are_refused_to_those_who_may_not_see_them() -> None:
    given = services()
    with pytest.raises(Refused):
        await answer_rows(given, CLERK, ASK, "zh")
    assert given.sources.source.asked == 0
    assert given.history.audited == []


async def test_a_department_that_does_not_answer_is_said_in_place_of_its_rows() -> None:
    down = services(sources=FakeSources(FakeSource(down=True)))
    assert "没有应答" in words(await answer_rows(down, PERSON, ASK, "zh"))


async def test_the_statement_is_filled_in_once() -> None:
    given = services()
    assert "SELECT count(*)" in words(await _on_page_shown(given, PERSON, 0, STATEMENT, "zh"))
    assert await _on_page_shown(given, PERSON, 1, STATEMENT, "zh") is no_update
    assert "没有权限" in words(await _on_page_shown(given, CLERK, 0, STATEMENT, "zh"))


async def test_the_status_page_survives_a_store_that_is_down() -> None:
    down = services(history=FakeHistory(down=True), live=FakeLive(connected=False))
    said = words(await _on_status_due(down, PERSON, 1, "zh"))
    assert said.count("告警 没有应答") == 2
    assert "空气小时值" in said


def test_the_status_page_knows_from_when_each_history_is_complete() -> None:
    given = services()
    parts = look_at_parts(given, given.catalogue)
    assert set(parts.covered) == {"customs.declarations"}


def test_a_chart_grows_with_the_screen_but_not_beyond_reason() -> None:
    assert scheme_of({"theme": "dark", "scale": 2}) == Scheme("dark", 2.0)
    assert scheme_of({"theme": "<b>", "scale": 1e9}) == Scheme("light", 4.0)
    assert scheme_of({"narrow": True}) == Scheme("light", narrow=True)
    assert scheme_of(None) == Scheme("light")
