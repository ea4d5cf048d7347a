"""From a district to its towns: by a click on its bar, and in the address."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pages_city import reading, sections, view_of
from test_pages_render import components, words

from dashboard.catalogue.load import load
from dashboard.catalogue.pages import Panel
from layouts.pages.contents import chosen_name, panel_of
from layouts.panels.frame import render_split
from layouts.panels.needs import Answers
from layouts.router import render_page

KEY = "cases.overdue_open"


@pytest.fixture(scope="module")
def catalogue() -> Any:
    return load(Path(__file__).parents[2] / "catalog", {})


def shown(catalogue: Any, by: str, codes: list[str], within: str | None = None) -> Any:
    """Bars of an indicator whose frame carries these parts."""
    cases = catalogue.departments["cases"]
    live = cases.indicators["overdue_open"].model_copy(update={"live_by": by})
    indicators = {**cases.indicators, "overdue_open": live}
    changed = cases.model_copy(update={"indicators": indicators})
    city = replace(catalogue, departments={**catalogue.departments, "cases": changed})
    parts = {code: {"value": 3.0, "n": 3, "level": "normal"} for code in codes}
    frame = sections()
    frame["readings"][KEY] = reading(KEY, 9, 9, parts_by=by, parts=parts)
    panel = Panel(kind="ranked", indicators=[KEY], by=by, within=within)
    return render_split(view_of(catalogue=city, sections=frame), panel, Answers({}))


def test_a_district_leads_to_its_towns(catalogue: Any) -> None:
    links = [
        getattr(one, "href", "") for one in components(shown(catalogue, "district", ["440606"]))
    ]
    assert f"/indicator/{KEY}?by=town&within=440606" in links


def test_only_the_towns_of_the_district_are_ranked(catalogue: Any) -> None:
    said = words(shown(catalogue, "town", ["440606005", "440604012"], "440606"))
    assert "大良" in said
    assert "祖庙" not in said


def test_the_address_keeps_the_district_and_the_panels_know_it(catalogue: Any) -> None:
    params = {"by": "town", "within": "440606"}
    page = render_page(view_of(catalogue=catalogue, path=f"/indicator/{KEY}", params=params))
    chosen = [
        one
        for one in components(page)
        if "within=440607" in str(getattr(one, "href", "")) and "by=town" in one.href
    ]
    assert chosen
    panel = Panel(kind="ranked", indicators=[KEY], by="town", within="440606", window="7d")
    found = panel_of(catalogue, chosen_name(panel))
    assert found is not None
    assert found.within == "440606"


def test_a_panel_may_be_split_by_a_pair_that_somebody_chose(catalogue: Any) -> None:
    panel = Panel(kind="ranked", indicators=[KEY], window="7d").model_copy(
        update={"by": "topic,town"}
    )
    found = panel_of(catalogue, chosen_name(panel))
    assert found is not None
    assert found.by == "topic,town"
