"""Seven mistakes that a person makes in the catalogue, and what is to be said of each."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from catalogue.catalogue_city import City
from outages.stage import Stage
from servers import ROOT


@dataclass(frozen=True)
class Mistake:
    """An edit that is wrong: the passage, what somebody made of it, and in which of its lines.
    `said` is what a check says of it after file and line, as far as it is the same everywhere."""

    file: str
    passage: str
    made: str
    line: int
    said: str


_TRANSIT_BLOCK = (
    "      - department: transit\n"
    "        numbers: [transit.road_index, transit.bus_online_rate, transit.crash_clearance]\n"
)
MISTAKES = {
    "unknown indicator in a page": Mistake(
        "pages/transit.yaml",
        "numbers:\n  - transit.road_index\n",
        "numbers:\n  - transit.road_indx\n",
        1,
        "error: unknown indicator 'transit.road_indx'; expected one of transit.road_index, ",
    ),
    "wrong column": Mistake(
        "departments/environment.yaml",
        "    measure: {kind: ratio, where: [{column: flag, value: N}]}\n",
        "    measure: {kind: ratio, where: [{column: falg, value: N}]}\n",
        0,
        "error: column 'falg'; expected a column of the database; did you mean 'flag'?",
    ),
    "missing URL variable": Mistake(
        "departments/transit.yaml",
        "url: ${TRANSIT_URL}\n",
        "url: ${TRANSPORT_URL}\n",
        0,
        "error: variable TRANSPORT_URL not set",
    ),
    "bad unit": Mistake(
        "departments/customs.yaml",
        "    live_by: way\n    unit: {zh: 票, en: declarations}\n",
        "    live_by: way\n    unit: {zh: 栗, en: declarations}\n",
        1,
        "error: unknown unit {zh: 栗, en: declarations}; expected a unit of docs/catalog.md or"
        " catalog/units.yaml; did you mean {zh: 票, en: declarations}?",
    ),
    "duplicate key": Mistake(
        "departments/cases.yaml",
        "    title: {zh: 退单率, en: Orders sent back}\n",
        "    title: {zh: 退单率, en: Orders sent back}\n" * 2,
        1,
        "error: key 'title' again (first in line ",
    ),
    "tab": Mistake(
        "departments/incidents.yaml",
        "    title: {zh: 在办突发事件, en: Open incidents}\n",
        "\ttitle: {zh: 在办突发事件, en: Open incidents}\n",
        0,
        "error: a tab in the indentation; expected spaces; replace the tab by spaces (2 a level)",
    ),
    "crowded wall": Mistake(
        "screens.yaml",
        "    blocks:\n" + _TRANSIT_BLOCK,
        "    blocks:\n" + _TRANSIT_BLOCK * 6,
        0,
        "error: 37 numbers on one wall (30 in blocks, 5 in multiples); expected at most 25; move the"
        " rest to a side screen or a page",
    ),
}


@contextmanager
def made(city: City, mistake: Mistake) -> Iterator[str]:
    """A mistake is there until the block ends; gives its place as it is to be named."""
    begins = city.edit(mistake.file, mistake.passage, mistake.made)
    try:
        yield f"catalog/{mistake.file}:{begins + mistake.line}"
    finally:
        city.edit(mistake.file, mistake.made, mistake.passage)


NOTHING_YET = re.compile(r": warning: \w+: the database does not answer")


def assert_says_all(lines: list[str], places: dict[str, Mistake]) -> None:
    """Exactly one line names each mistake with its place and its mend, and the last counts them.

    Departments whose deliveries nobody has taken in yet are warned of, which is no mistake.
    """
    *told, summary = lines
    named = [line for line in told if not NOTHING_YET.search(line)]
    assert len(named) == len(places), "\n".join(named)
    for place, mistake in places.items():
        of_it = [line for line in named if line.startswith(f"{place}: {mistake.said}")]
        assert len(of_it) == 1, f"{place}: {mistake.said}\n" + "\n".join(named)
        assert "; expected " in of_it[0]
    assert summary.startswith(f"{len(places)} errors, {len(told) - len(named)} warnings in 16 ")


def check(stage: Stage) -> tuple[int, list[str]]:
    """Exit code and lines of `app.py check` on the stage's catalogue and its databases."""
    checked = subprocess.run(
        [sys.executable, str(ROOT / "app.py"), "check"],
        cwd=ROOT,
        env={**os.environ, **stage.environment},
        capture_output=True,
        text=True,
        timeout=120,
    )
    return checked.returncode, checked.stdout.splitlines()


def problems(stage: Stage) -> int:
    """How many problems the web process knows of; -1 where it does not say it is ready."""
    try:
        found: int = stage.get("/readyz")["catalogue"]["problems"]
    except OSError:
        return -1
    return found
