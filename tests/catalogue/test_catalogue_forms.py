"""Forms of panels that do not fit what they show are named with a mend, and the rest is shown."""

import pytest
from catalogue_city import ENVIRON, City

from dashboard.catalogue.load import load

PARKS = "departments/parks.yaml"
SHOW = "    changed: {column: written_at, kind: local}\n"


def told(city: City, panel: str) -> str:
    """The one problem of a page with a further panel."""
    city.edit("pages/parks.yaml", "panels:\n", f"panels:\n  - {panel}\n")
    catalogue = load(city.folder, ENVIRON)
    [problem] = catalogue.problems
    assert len(catalogue.pages["parks"].panels) == 2, "the rest is shown"
    return str(problem)


@pytest.fixture
def showing(city: City) -> City:
    """A city whose dataset shows columns."""
    city.edit(PARKS, SHOW, SHOW + "    show: {gate: {zh: 门, en: Gate}}\n")
    return city


@pytest.mark.parametrize(
    ("panel", "words"),
    [
        ("{kind: rows, indicators: [parks.crowding]}", "made from others"),
        ("{kind: rows, indicators: [parks.entries]}", "add `show:` to dataset visits"),
        ("{kind: matrix, indicators: [parks.entries]}", "give `by` and `across`"),
        (
            "{kind: matrix, indicators: [parks.entries], by: gate, across: district}",
            "add `[gate, district]` to its `by`",
        ),
        ("{kind: flow, indicators: [parks.stay]}", "which has no split"),
        ("{kind: matrix, indicators: [parks.stay], by: gate, across: district}", "a percentile"),
    ],
)
def test_a_form_that_does_not_fit_is_named(city: City, panel: str, words: str) -> None:
    assert words in told(city, panel)


def test_two_lists_of_a_page_do_not_open_the_same_rows(showing: City) -> None:
    rows = "  - {kind: rows, indicators: [parks.entries]}\n"
    showing.edit("pages/parks.yaml", "panels:\n", "panels:\n" + rows * 2)
    catalogue = load(showing.folder, ENVIRON)
    [problem] = catalogue.problems
    assert "for the second time" in problem.found
    assert [panel.kind for panel in catalogue.pages["parks"].panels].count("rows") == 1


def test_a_gantt_needs_two_times_that_are_shown(showing: City) -> None:
    said = told(showing, "{kind: gantt, indicators: [parks.entries]}")
    assert "which shows 0 times" in said


def test_a_stage_of_a_gantt_is_a_time_that_is_shown(showing: City) -> None:
    panel = "{kind: gantt, indicators: [parks.entries], stages: [entered, lefft]}"
    showing.edit(PARKS, "gate: {zh: 门, en: Gate}}", "entered_at: {zh: 入园, en: In}}")
    showing.edit("pages/parks.yaml", "panels:\n", f"panels:\n  - {panel}\n")
    [problem] = load(showing.folder, ENVIRON).problems
    assert "did you mean left" in problem.mend
