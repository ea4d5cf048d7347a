"""The demo city and all that the collector does with it, one piece of work after the other and
without its pauses, at moments that a test chooses."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from app import demo_urls, with_own
from dashboard.catalogue import Catalogue, Department
from dashboard.catalogue.watch import WatchedCatalogue
from dashboard.settings import Settings
from data_access.collector.agenda import agenda_of
from data_access.collector.board import Board
from data_access.collector.collector import ground_of
from data_access.collector.crew import Crew, Ground
from data_access.collector.door import Door
from data_access.collector.house import House, Pace
from data_access.collector.timetable import ASK, TICK
from data_access.departments.source import SqlSource
from data_access.geography import load_geography
from data_access.store import SqlHistory, open_history
from demo import DEPARTMENTS
from demo.city import make_city
from demo.clerks import enter_history

CATALOG = Path(__file__).parents[2] / "catalog"
SEED = 20261122
DAYS = 2
"""Of history before the first moment."""
BEFORE = timedelta(seconds=90)
"""All is looked at so long before a moment too, so that the diary has lived through something."""


class MovedSource(SqlSource):
    """A department whose database's own clock is the moved one too."""

    def reported(self, dataset: str) -> datetime | None:
        now = self.reader.clock()
        if self.department.datasets[dataset].reported == "clock":
            return now
        at = super().reported(dataset)
        return None if at is None else min(at, now)


class DepartmentReader:
    """One department as its desk has it."""

    def __init__(self, house: House, department: Department, url: str, token: int) -> None:
        self.board = Board(agenda_of(department))
        self._department = department

        def door() -> Door:
            return Door(lambda: MovedSource(department, url, clock=house.clock))

        self._crew = Crew(Ground(house, self.board.agenda, self.board, door, lambda: token))
        self._jobs = {job.name: job.work for job in self._crew.roster.jobs(0.0)}

    def read(self, catalogue: Catalogue, now: datetime) -> dict[str, dict[str, Any]]:
        """Do all that is due, the whole history included; the readings, as they go over the wire."""
        self._run(lambda name: name.startswith(TICK))
        while not self._crew.roster.is_read():
            self._run(lambda name: name == "fill")
        self._run(lambda name: name.startswith((TICK, ASK)) or name in ("set_aside", "past"))
        sections = self.board.sections(catalogue, now)
        self._run(lambda name: name == "diary")
        return {key: dict(entry or {}) for key, entry in sections["readings"].items()}

    def _run(self, wanted: Callable[[str], bool]) -> None:
        for name, work in self._jobs.items():
            if wanted(name):
                self.board.take(work())

    def close(self) -> None:
        """Let the department go."""
        self._crew.give_up()


@dataclass
class MovedCity:
    """The city at a moment; `at` takes it on to a later one."""

    urls: Mapping[str, str]
    catalogue: Catalogue
    history: SqlHistory
    now: datetime
    readers: dict[str, DepartmentReader] = field(default_factory=dict)

    def at(self, now: datetime) -> dict[str, dict[str, Any]]:
        """Let the city live on until a moment, and read all of it then: the readings by key."""
        now = now.astimezone(UTC)
        make_city(self.urls, SEED, DAYS, now)
        enter_history(self.history, SEED, DAYS, now)
        found: dict[str, dict[str, Any]] = {}
        for moment in (now - BEFORE, now):
            self.now = moment
            # The center reads what it put down of the others, so it comes last.
            for key in sorted(self.readers, key=lambda k: self.catalogue.departments[k].own):
                found |= self.readers[key].read(self.catalogue, moment)
        return found


@contextmanager
def moved_city(folder: Path, first: datetime, departments: set[str]) -> Iterator[MovedCity]:
    """Some departments of the demo city, and the center itself, at the first moment."""
    settings = Settings(catalog=CATALOG, data=folder)
    named = demo_urls(settings, {})
    urls = {key: named[f"{key.upper()}_URL"] for key in DEPARTMENTS if key in departments}
    source = WatchedCatalogue(CATALOG, with_own(settings, named))
    history = open_history(f"sqlite:///{folder}/store.sqlite", lambda: city.now)
    city = MovedCity(urls, source.current(), history, first.astimezone(UTC))
    make_city(urls, SEED, DAYS, first)
    house = House(
        source,
        history,
        None,  # type: ignore[arg-type]  # nothing is published
        MovedSource,
        lambda: city.now,
        "tests",
        Pace(),
        ground_of(load_geography()),
    )
    for key, department in city.catalogue.departments.items():
        if key not in urls and not department.own:
            continue
        token = history.take_lease(key, "tests", 3600)
        assert token is not None
        url = city.catalogue.urls[key]
        city.readers[key] = DepartmentReader(house, department, url, token)
    yield city
    for reader in city.readers.values():
        reader.close()
    history.close()
