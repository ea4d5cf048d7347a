"""Pages for guests: real numbers, no rankings of districts or towns, nothing that waits to be done."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from dashboard.access import EVERYTHING, Person
from dashboard.catalogue import Catalogue
from dashboard.catalogue.check import AnyValue
from dashboard.catalogue.load import load
from dashboard.catalogue.pages import Panel
from data_access.geography import load_geography
from layouts.router import render_page
from layouts.view import View
from layouts.visit import is_left_out

CATALOG = Path(__file__).parents[2] / "catalog"
NOW = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
MATTER: dict[str, Any] = {
    "id": "cases/cases.answer_rate/",
    "department": "cases",
    "kind": "limit",
    "level": "alarm",
    "title": {"zh": "接通率 低于限值", "en": "Answer rate under its limit"},
    "place": {"zh": "全市", "en": "The city"},
    "since": "2026-11-25T01:00:00Z",
    "due": None,
    "indicator": "cases.answer_rate",
    "excess": 1.0,
}
GUESTS = {"on": "screen", "visit": "1"}


@pytest.fixture(scope="module")
def shipped() -> Catalogue:
    return load(CATALOG, AnyValue())


def view_of(catalogue: Catalogue, path: str, params: dict[str, str]) -> View:
    person = Person("tester", None, EVERYTHING)
    sections = {"matters": {MATTER["id"]: MATTER}}
    zone = ZoneInfo("Asia/Shanghai")
    geography = load_geography()
    return View(
        catalogue, sections, person, "zh", "light", NOW, zone, path, params, geography=geography
    )


@pytest.mark.parametrize("path", ["/", "/wall/duty", "/department/cases"])
def test_guests_see_nothing_that_waits_to_be_done(shipped: Catalogue, path: str) -> None:
    assert "接通率 低于限值" in str(render_page(view_of(shipped, path, {"on": "screen"})))
    assert "接通率 低于限值" not in str(render_page(view_of(shipped, path, GUESTS)))


def test_the_middle_of_a_wall_does_not_follow_matters_while_guests_look(shipped: Catalogue) -> None:
    wall = str(render_page(view_of(shipped, "/wall/duty", GUESTS)))
    assert "data-fallback='incidents.water_level_gap'" in wall
    assert "接通率" in wall, "the number of the block stays"
    assert "wall-visit" in wall


def panels(page: Any) -> list[str]:
    """The panels of a page by their style."""
    names = (str(getattr(one, "className", "")) for one in page._traverse())
    return [name for name in names if name.startswith("panel panel-")]


def test_panels_that_rank_towns_are_left_out_for_guests_and_all_others_are_shown(
    shipped: Catalogue,
) -> None:
    for key, page in shipped.pages.items():
        path = f"/department/{key}"
        everybody = panels(render_page(view_of(shipped, path, {"on": "screen"})))
        guests = panels(render_page(view_of(shipped, path, GUESTS)))
        view = view_of(shipped, path, GUESTS)
        left_out = [panel for panel in page.panels if is_left_out(view, panel)]
        assert len(everybody) - len(guests) == len(left_out), key
        assert all(panel.kind in ("ranked", "table", "matrix") for panel in left_out)
    assert left_out_of(shipped, "counter") == [("table", "town"), ("ranked", "town")]


def left_out_of(catalogue: Catalogue, page: str) -> list[tuple[str, str | None]]:
    view = view_of(catalogue, "/", GUESTS)
    found = catalogue.pages[page].panels
    return [(panel.kind, panel.by) for panel in found if is_left_out(view, panel)]


def test_levels_that_people_have_set_rank_nobody(shipped: Catalogue) -> None:
    levels = Panel.model_validate(
        {
            "kind": "matrix",
            "indicators": ["incidents.response_by_hazard"],
            "by": "hazard",
            "across": "district",
        }
    )
    towns = Panel.model_validate(
        {"kind": "ranked", "indicators": ["incidents.rain_hour"], "by": "town"}
    )
    view = view_of(shipped, "/", GUESTS)
    assert not is_left_out(view, levels)
    assert is_left_out(view, towns)
    assert not is_left_out(view_of(shipped, "/", {"on": "screen"}), towns)


def test_the_page_of_an_indicator_shows_guests_no_ranked_split(shipped: Catalogue) -> None:
    path = "/indicator/incidents.rain_hour"
    asked = {"by": "town"}
    assert any("panel-ranked" in one for one in panels(render_page(view_of(shipped, path, asked))))
    for_guests = panels(render_page(view_of(shipped, path, asked | GUESTS)))
    assert not any("panel-ranked" in one for one in for_guests)
    assert any("panel-multiples" in one for one in for_guests)
