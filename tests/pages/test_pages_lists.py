"""Lists of rows: what a page shows of the rows behind a count, and to whom."""

from datetime import timedelta
from typing import Any

import pytest
from pages_city import NOW, PERSON, listed, sections, view_of
from pages_fakes import FakeLive, FakeSource, FakeSources, services
from test_pages_render import components, words

from callbacks.hub import payload
from callbacks.panels import _on_page_due
from dashboard.access import Person
from dashboard.catalogue.pages import Panel
from dashboard.frames import Change
from dashboard.readings import instant
from dashboard.text import LANGUAGES, Language
from layouts.pages.contents import alone_name, panel_of
from layouts.panels.frame import render_panel

KEY = "customs.unreleased_14d"
LIST = Panel(kind="rows", indicators=["customs.unreleased", KEY])
SEEING = Person("visitor", None, frozenset({"see"}))


def shown(language: Language = "zh", **more: Any) -> Any:
    return render_panel(view_of(language, **more), LIST, "customs/9")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_list_shows_the_worst_rows_with_how_long_they_stand(language: Language) -> None:
    said = words(shown(language))
    assert "5101-2026-0001" in said
    assert ("查验" if language == "zh" else "Inspection") in said
    assert ("最重的 3 条" if language == "zh" else "The worst 3") in said


def test_what_is_breached_stands_first_and_open() -> None:
    items = [one for one in components(shown()) if type(one).__name__ == "Details"]
    opened = [one for one in items if getattr(one, "className", "") == "list-item"]
    assert [one.open for one in opened] == [True, False]
    assert "超 14 天未放行" in words(opened[0])


def test_rows_that_were_read_on_another_day_say_which() -> None:
    frame = sections()
    frame["lists"] = {KEY: listed() | {"at": instant(NOW - timedelta(days=2))}}
    day = (NOW - timedelta(days=2)).astimezone(view_of().zone)
    assert f"{day:%m-%d %H:%M} 读得" in words(shown(sections=frame))


def test_a_row_leads_to_its_record() -> None:
    links = [getattr(one, "href", "") for one in components(shown())]
    assert "/record/customs.declarations/5101-2026-0001" in links


def test_who_may_not_see_rows_sees_none_and_cannot_ask() -> None:
    made = shown(person=SEEING)
    said = words(made)
    assert "5101-2026-0001" not in said
    assert "没有查看记录的权限" in said
    assert not [one for one in components(made) if type(one).__name__ == "Button"]


def test_what_has_not_been_read_yet_and_what_is_empty_is_said() -> None:
    frame = sections()
    frame["lists"] = {KEY: listed() | {"rows": [], "ids": []}}
    said = words(shown(sections=frame))
    assert "采集后显示" in said
    assert "现在没有" in said


async def test_a_refresh_draws_the_rows_anew_and_asks_no_department() -> None:
    source = FakeSource()
    given = services(sources=FakeSources(source), live=FakeLive(sections()))
    kinds = [one.kind for one in given.catalogue.pages["customs"].panels]
    name = alone_name(f"customs/{kinds.index('rows')}", KEY)
    found = panel_of(given.catalogue, name)
    assert found is not None
    assert found.indicators == [KEY]
    place = {"type": "panel-split", "panel": name}
    _, _, [rows] = await _on_page_due(given, PERSON, None, 1, [], [place], [], "zh")
    assert "5101-2026-0001" in words(rows)
    assert source.asked == 0


def test_no_screen_is_sent_the_rows_of_a_list() -> None:
    sent = payload(Change("e-1-0", 1, {}), sections(), None)
    assert b"5101-2026-0001" not in sent
    assert b"customs.unreleased_14d" in sent


def test_words_of_the_department_are_said_to_be_chinese_on_an_english_page() -> None:
    frame = sections()
    rows = listed()
    rows["rows"][0][0] = "佛山演示企业"
    frame["lists"] = {KEY: rows}

    def tongues(language: Language) -> set[str]:
        cells = [
            one
            for one in components(shown(language, sections=frame))
            if type(one).__name__ in ("Td", "Th") and words(one).strip() == "佛山演示企业"
        ]
        assert cells
        return {getattr(one, "lang", "") for one in cells}

    assert tongues("en") == {"zh"}
    assert tongues("zh") == {""}
