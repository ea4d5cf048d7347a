"""Problems that the collector has found are listed with those of the files."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from catalogue_city import ENVIRON, City
from test_catalogue_recipes import NOW

from dashboard.access import EVERYTHING, Person
from dashboard.catalogue import Catalogue, Indicator, Problem
from dashboard.catalogue.check import all_problems
from dashboard.catalogue.load import load
from dashboard.catalogue.told import problem_facts, told_problems
from dashboard.frames import Audience, visible
from layouts.pages.status import UNASKED, render_tables
from layouts.view import View

OF_FILES = Problem("catalog/pages/parks.yaml", 3, "no 'title'", "a title", "add title:")
OF_DATABASE = Problem("catalog/departments/parks.yaml", 13, "column 'lft'", "a column", "say left")
FRAME: dict[str, Any] = {"facts": problem_facts("parks", [OF_DATABASE], {})}


def said(problems: tuple[Problem, ...], sections: dict[str, Any]) -> str:
    somebody = Person("tester", None, EVERYTHING)
    catalogue = Catalogue("v1", problems=problems)
    view = View(catalogue, sections, somebody, "en", "light", NOW, ZoneInfo("Asia/Shanghai"))
    return str(render_tables(view, UNASKED))


def test_they_come_back_from_a_frame_as_they_went_in() -> None:
    assert told_problems(FRAME) == [OF_DATABASE]
    assert told_problems({"facts": {"collector/parks": {"department": "parks"}}}) == []
    assert problem_facts("parks", [], {}) == {}
    both = all_problems(Catalogue("v1", problems=(OF_FILES,)), told_problems(FRAME))
    assert both == [OF_DATABASE, OF_FILES]


def test_the_status_page_lists_them_with_file_and_line() -> None:
    both = said((OF_FILES,), FRAME)
    for problem in (OF_FILES, OF_DATABASE):
        assert f"{problem.file}:{problem.line}" in both
        assert problem.found in both
        assert problem.mend in both
    assert "catalog/departments/parks.yaml:13" in said((), FRAME)
    assert "catalog/" not in said((), {})


def test_only_who_may_see_the_department_is_told_also_that_they_are_gone() -> None:
    key = next(iter(FRAME["facts"]))
    gone: dict[str, Any] = {"facts": {key: None}}
    for batch in (FRAME, gone):
        assert visible(batch, Audience(frozenset({"parks"}))) == batch
        assert not visible(batch, Audience(frozenset({"water"}))).get("facts")


def kept_to(city: City, **roles: list[str]) -> dict[str, Indicator]:
    """The indicators of the parks, some kept to roles."""
    parks = load(city.folder, ENVIRON).departments["parks"]
    return {
        name: one.model_copy(update={"roles": roles.get(name, [])})
        for name, one in parks.indicators.items()
    }


def test_a_problem_that_names_what_is_kept_to_some_roles_is_told_to_them_alone(city: City) -> None:
    indicators = kept_to(city, entries=["guards"], stay=["guards", "clerks"])
    scan = replace(OF_DATABASE, found="'entries' reads all of park_entries", severity="warning")
    both = replace(OF_DATABASE, found="'stay' and 'entries'")
    facts = problem_facts("parks", [OF_DATABASE, scan, both], indicators)

    def told(departments: Iterable[str] | None, roles: Iterable[str] | None) -> list[Problem]:
        held = None if roles is None else frozenset(roles)
        seen = None if departments is None else frozenset(departments)
        return told_problems(visible({"facts": facts}, Audience(seen, held)))  # type: ignore[arg-type]

    assert told(["parks"], ["guards"]) == told(["parks"], None) == [OF_DATABASE, scan, both]
    assert told(["parks"], ["clerks"]) == told(None, []) == [OF_DATABASE]
    assert told(["water"], ["guards"]) == []


def test_a_problem_that_no_single_role_may_see_is_told_to_who_holds_all(city: City) -> None:
    indicators = kept_to(city, entries=["guards"], stay=["clerks"])
    both = replace(OF_DATABASE, found="'stay' and 'entries'")
    facts: Any = {"facts": problem_facts("parks", [both], indicators)}
    parks_only = frozenset({"parks"})
    assert told_problems(visible(facts, Audience(parks_only))) == [both]  # type: ignore[arg-type]
    some = Audience(parks_only, frozenset({"guards", "clerks"}))
    assert not visible(facts, some)["facts"]
