"""What of the catalogue's problems somebody of some departments is told."""

from catalogue_city import ENVIRON, City

from dashboard.catalogue.load import load
from dashboard.frames import EVERYBODY, Audience
from dashboard.seen import KNOWN, catalogue_of

PARKS = "catalog/departments/parks.yaml"


def test_who_is_of_one_department_is_told_the_problems_of_its_own_files_alone(city: City) -> None:
    city.edit("departments/parks.yaml", "kind: count", "kind: cuont")
    city.edit("departments/water.yaml", "kind: count", "kind: cuont")
    city.edit("pages/parks.yaml", "kind: trend", "kind: trand")
    city.edit("screens.yaml", "focus: parks.entries", "focus: parks.entry")
    whole = load(city.folder, ENVIRON)
    assert len({problem.file for problem in whole.problems}) == 4
    own = catalogue_of(whole, Audience(frozenset({"parks"}))).problems
    assert own == tuple(problem for problem in whole.problems if problem.file == PARKS)
    assert own
    assert catalogue_of(whole, Audience(frozenset())).problems == ()
    assert catalogue_of(whole, EVERYBODY).problems == whole.problems


def test_a_file_that_cannot_be_read_is_of_its_department(city: City) -> None:
    city.write("departments/parks.yaml", "key: [parks")
    whole = load(city.folder, ENVIRON)
    own = catalogue_of(whole, Audience(frozenset({"parks"}))).problems
    assert {problem.file for problem in own} == {PARKS}
    assert catalogue_of(whole, Audience(frozenset({"water"}))).problems == ()


def test_no_nearest_name_is_another_departments(city: City) -> None:
    city.edit("departments/parks.yaml", "{entries: parks.entries}", "{entries: water.raedings}")
    whole = load(city.folder, ENVIRON)
    assert any("water.readings" in str(problem) for problem in whole.problems)
    [problem] = catalogue_of(whole, Audience(frozenset({"parks"}))).problems
    assert problem.file == PARKS
    assert problem.expected == KNOWN
    assert "readings" not in str(problem)
