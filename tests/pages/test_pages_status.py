"""The status page: in which order groups and feeds stand, and what a cell without a value says."""

from datetime import timedelta
from typing import Any

import pytest
from pages_city import NOW, feeds, sections, view_of
from test_pages_render import components, words

from dashboard import ids
from dashboard.text import LANGUAGES, Language
from dashboard.tickets import Ticket
from dashboard.words import Word
from layouts.pages.status import UNASKED, Parts, render_tables

TICKETS = [
    Ticket("customs", "declarations", "down", "数据中断", "李", NOW, NOW + timedelta(hours=hours))
    for hours in range(1, 4)
]


def places(parts: Parts, language: Language = "zh", **more: Any) -> list[str]:
    """The panels of the page, by what they are called, in their order."""
    tables = render_tables(view_of(language, path="/status", **more), parts)
    return [str(getattr(one, "aria-label", "")) for one in tables]


def told(states: dict[str, str]) -> dict[str, Any]:
    """A frame in which feeds of these departments are in these states now."""
    found = sections()
    now = {"as_of": NOW.isoformat()}
    found["feeds"] = {
        f"{one['department']}.{one['dataset']}": one | now | {"state": states[one["department"]]}
        for one in feeds()
    }
    return found


@pytest.mark.parametrize(
    ("states", "first"),
    [
        ({"customs": "fresh", "environment": "fresh"}, "通关"),
        ({"customs": "not_due", "environment": "fresh"}, "通关"),
        ({"customs": "fresh", "environment": "late"}, "环境"),
        ({"customs": "late", "environment": "unavailable"}, "通关"),
    ],
)
def test_groups_with_trouble_come_first_each_lot_as_the_catalogue_has_it(
    states: dict[str, str], first: str
) -> None:
    shown = places(UNASKED, sections=told(states))
    departments = [name for name in shown if name in ("通关", "环境")]
    assert departments[0] == first


def test_what_comes_with_the_tickets_moves_no_group() -> None:
    before = places(UNASKED)
    for parts in (Parts(True, True), Parts(True, True, tickets=TICKETS), Parts(True, store=False)):
        assert places(parts) == before
    assert before[-1] == "数据问题单"


def test_how_many_tickets_are_open_stands_above_and_leads_to_them() -> None:
    page = render_tables(view_of(path="/status"), Parts(True, True, tickets=TICKETS))
    links = {getattr(one, "href", None): one for part in page for one in components(part)}
    assert words(links[f"#{ids.STATUS_TICKETS}"]).strip() == "3 张未结"
    assert ids.STATUS_TICKETS in [getattr(one, "id", None) for one in page]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_cell_without_a_value_says_whether_it_is_asked_for_or_there_is_none(
    language: Language,
) -> None:
    def said(parts: Parts, **more: Any) -> str:
        view = view_of(language, path="/status", **more)
        return " ".join(words(render_tables(view, parts)).split())

    loading, none = Word.LOADING.of(language), Word.NONE_SAID.of(language)
    known = Parts(True, True)
    assert "—" not in said(UNASKED) + said(known) + said(UNASKED, sections={})
    assert loading in said(UNASKED)
    assert loading not in said(known)
    assert Word.HISTORY_NOT_NEEDED.of(language) in said(known)
    assert said(UNASKED, sections={}).count(loading) > said(UNASKED).count(loading)
    costless = sections()
    costless["feeds"] = {
        f"{one['department']}.{one['dataset']}": one | {"tick_ms": None, "as_of": None}
        for one in feeds()
    }
    assert said(known, sections=costless).split().count(none) >= 4
