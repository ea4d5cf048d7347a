"""What a database has against the catalogue is found in the background, once per version."""

import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from collecting import INDICATORS, QUICK, City, definition, slower
from working import bench

from dashboard.catalogue import Catalogue, Problem
from dashboard.catalogue.city import Position
from dashboard.catalogue.told import told_problems
from data_access.collector import inspection
from data_access.collector.door import SourceDown
from data_access.collector.inspection import Inspection
from data_access.departments.source import SqlSource

FILE = "catalog/departments/north.yaml"
WRONG: dict[str, Any] = INDICATORS["closed"] | {
    "measure": {"kind": "count", "where": [{"column": "minuts", "value": 1}]}
}
PLACE = ("departments", "north", "indicators", "wrong")
FAST = slower(QUICK, inspect=0.1)


class Counting(SqlSource):
    """Notes which versions it was asked about."""

    looked: list[tuple[str, str]]

    def problems(self, catalogue: Catalogue) -> list[Problem]:
        self.looked.append((self.department.key, catalogue.version))
        return super().problems(catalogue)


@pytest.fixture(autouse=True)
def _count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Counting, "looked", [], raising=False)


def mistaken(city: City, version: str = "v2") -> Catalogue:
    """The city's catalogue with a column in `north` that is not there."""
    departments = {
        "north": definition("north", indicators={"wrong": WRONG}),
        "south": definition("south"),
    }
    city.redefine(version, **departments)
    return replace(city.holder.catalogue, positions={PLACE: Position(FILE, 77)})


def test_a_wrong_column_is_told_through_redis_with_file_and_line_until_it_is_mended(
    city: City,
) -> None:
    sound, wrong, watch = city.holder.catalogue, mistaken(city), city.watch
    city.holder.catalogue = wrong

    def told() -> list[Problem]:
        return told_problems({"facts": watch.section("facts")})

    with city.collecting(FAST, make_source=Counting):
        watch.until(told)
        [problem] = told()
        assert (problem.file, problem.line, problem.severity) == (FILE, 77, "error")
        assert problem.found == "column 'minuts'"
        assert problem.mend == "did you mean 'minutes'?"
        watch.until(lambda: watch.value("south.opened") == 0, what="the rest is collected")
        watch.until(lambda: ("south", "v2") in Counting.looked)
        time.sleep(1)
        assert sorted(Counting.looked) == [("north", "v2"), ("south", "v2")], "once per version"
        city.holder.catalogue = replace(sound, version="v3")
        watch.until(lambda: not told(), what="mended")
        watch.until(lambda: ("south", "v3") in Counting.looked)


def test_a_column_that_is_added_to_the_table_ends_the_problem(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    north = city.places["north"]
    with bench(city, north, indicators={"wrong": WRONG}) as work:
        catalogue = Catalogue("v1", {"north": work.desk.agenda.department})
        look = Inspection(work.desk, lambda: catalogue)
        found = look().problems
        assert found is not None
        assert len(found) == 1
        with north.engine.begin() as connection:
            connection.execute(sa.text("ALTER TABLE orders ADD COLUMN minuts INTEGER"))
        assert look().problems is None, "not asked again so soon"
        monkeypatch.setattr(inspection, "AGAIN", 0.0)
        look = Inspection(work.desk, lambda: catalogue)
        assert look().problems == ()
        assert look().problems is None, "nor ever, where nothing is wrong"


def test_a_silent_department_says_nothing_of_the_catalogue_and_is_asked_when_it_answers(
    city: City,
) -> None:
    north = city.places["north"]
    file = Path(north.url.removeprefix("sqlite:///"))
    away = file.with_suffix(".away")
    with bench(city, north) as work:
        catalogue = Catalogue("v1", {"north": work.desk.agenda.department})
        look = Inspection(work.desk, lambda: catalogue)
        file.rename(away)
        with pytest.raises(SourceDown):
            look()
        away.rename(file)
        assert look().problems == ()
        assert look().problems is None
