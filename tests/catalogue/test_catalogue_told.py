"""Problems that the collector has found are listed with those of the files."""

from typing import Any
from zoneinfo import ZoneInfo

from test_catalogue_recipes import NOW

from dashboard.access import EVERYTHING, Person
from dashboard.catalogue import Catalogue, Problem
from dashboard.catalogue.check import all_problems
from dashboard.catalogue.told import problems_fact, told_problems
from dashboard.frames import Audience, visible
from layouts.pages.status import UNASKED, render_tables
from layouts.view import View

OF_FILES = Problem("catalog/pages/parks.yaml", 3, "no 'title'", "a title", "add title:")
OF_DATABASE = Problem("catalog/departments/parks.yaml", 13, "column 'lft'", "a column", "say left")
FRAME: dict[str, Any] = {"facts": problems_fact("parks", [OF_DATABASE])}


def said(problems: tuple[Problem, ...], sections: dict[str, Any]) -> str:
    somebody = Person("tester", None, EVERYTHING)
    catalogue = Catalogue("v1", problems=problems)
    view = View(catalogue, sections, somebody, "en", "light", NOW, ZoneInfo("Asia/Shanghai"))
    return str(render_tables(view, UNASKED))


def test_they_come_back_from_a_frame_as_they_went_in() -> None:
    assert told_problems(FRAME) == [OF_DATABASE]
    assert told_problems({"facts": {"collector/parks": {"department": "parks"}}}) == []
    assert problems_fact("parks", []) == {}
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
