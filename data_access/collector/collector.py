"""The collector: one desk per department of the catalogue, tended until told to stop."""

import os
import socket
import threading
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime

import structlog

from dashboard.catalogue import Catalogue
from dashboard.geography.files import Geography
from dashboard.geography.sampling import ground_of
from dashboard.ports import CatalogueSource, History, LivePublisher
from data_access.collector.desk import DepartmentDesk
from data_access.collector.house import House, MakeSource, Pace
from data_access.collector.long_work import LongWork
from data_access.collector.retirement import Retirement
from data_access.collector.shift import Complaints
from data_access.collector.thinner import Thinner
from data_access.geography import load_geography

log = structlog.get_logger(__name__)
GOODBYE = 1.5
"""Seconds that all desks together have to end."""
AGAIN, AGAIN_AT_MOST = 5.0, 120.0
"""Seconds until a desk that died of a fault is set up again: twice as long each time, unless it has
lived longer than that."""


def utc_now() -> datetime:
    """The clock of the running product."""
    return datetime.now(UTC)


class Collector:
    """Reads all departments on their schedules. `run` blocks until `stop`, from any thread.

    `make_source` opens a department's database by its URL; `holder` names this collector in leases
    and must differ between any two.
    """

    def __init__(
        self,
        catalogue_source: CatalogueSource,
        history: History,
        publisher: LivePublisher,
        make_source: MakeSource,
        *,
        clock: Callable[[], datetime] = utc_now,
        pace: Pace | None = None,
        holder: str | None = None,
        zone: str = "Asia/Shanghai",
        audit_days: int = 400,
        geography: Geography | None = None,
    ) -> None:
        """Nothing is asked before `run`. `zone` is the city's, in whose days samples are thinned;
        buckets are in those of their department. `audit_days` is how long the audit is kept.
        `geography` is what positions are judged by, this project's own where absent."""
        self._catalogue_source = catalogue_source
        self._history = history
        self._zone = zone
        self._audit_days = audit_days
        pace = pace or Pace()
        name = holder or f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:6]}"
        self._house = House(
            catalogue_source,
            history,
            publisher,
            make_source,
            clock,
            name,
            pace,
            ground_of(geography or load_geography()),
            LongWork(waiting=pace.turn),
        )
        self._desks: dict[str, DepartmentDesk] = {}
        self._complaints: dict[str, Complaints] = {}
        """What was said of each department; a new desk does not say it again."""
        self._opened: dict[str, float] = {}
        self._died: dict[str, float] = {}
        self._pauses: dict[str, float] = {}
        self._version = ""
        self._stopped = threading.Event()

    def run(self) -> None:
        """Collect until `stop`."""
        house = self._house
        retirement = Retirement(house, lambda: self._desks)
        thinner = Thinner(
            self._history, house.clock, self._zones, house.pace.thin, self._audit_days
        )
        for name, work in (("thin", thinner.run), ("retire", retirement.run)):
            threading.Thread(
                target=work, args=(self._stopped,), name=f"collect-{name}", daemon=True
            ).start()
        while not self._stopped.is_set():
            self._tend()
            self._stopped.wait(self._house.pace.tend)
        self._end(self._desks)

    def stop(self) -> None:
        """Ask `run` to end; it does within two seconds. Safe in a signal handler."""
        self._stopped.set()

    def _tend(self) -> None:
        """Follow the catalogue, and set up again what died of a fault."""
        catalogue = self._catalogue_source.current()
        if catalogue.version != self._version:
            self._follow(catalogue)
            self._version = catalogue.version
        for key, desk in list(self._desks.items()):
            if not desk.alive:
                self._revive(key, catalogue)

    def _follow(self, catalogue: Catalogue) -> None:
        """Take on a new catalogue: departments that did not change only learn its version."""
        log.info("catalogue", version=catalogue.version, departments=len(catalogue.departments))
        gone = {key: d for key, d in self._desks.items() if key not in catalogue.departments}
        changed = {
            key: desk
            for key, desk in self._desks.items()
            if key not in gone
            and (
                desk.department != catalogue.departments[key]
                or desk.url != _url(catalogue, key)
                or desk.layers != catalogue.layers_of(key)
                or desk.lists != catalogue.lists_of(key)
                or desk.crossed != catalogue.crossed_of(key)
            )
        }
        for desk in gone.values():
            desk.stop(retire=True)
        self._end(gone | changed)
        for key in gone | changed:
            del self._desks[key]
            self._died.pop(key, None)
            self._pauses.pop(key, None)
            if key in gone:
                self._complaints.pop(key, None)
        for key in catalogue.departments:
            if key in self._desks:
                self._desks[key].catalogue = catalogue
            else:
                self._open(key, catalogue)

    def _open(self, key: str, catalogue: Catalogue) -> None:
        department = catalogue.departments[key]
        complaints = self._complaints.setdefault(key, Complaints())
        desk = DepartmentDesk(self._house, department, _url(catalogue, key), catalogue, complaints)
        self._desks[key] = desk
        self._opened[key] = time.monotonic()
        desk.start()

    def _revive(self, key: str, catalogue: Catalogue) -> None:
        now = time.monotonic()
        died = self._died.setdefault(key, now)
        lived = died - self._opened[key]
        pause = AGAIN if lived > AGAIN_AT_MOST else self._pauses.get(key, AGAIN)
        if now - died < pause:
            return
        del self._died[key]
        self._pauses[key] = min(2 * pause, AGAIN_AT_MOST)
        log.error("desk set up again", department=key, paused=pause)
        self._open(key, catalogue)

    @staticmethod
    def _end(desks: dict[str, DepartmentDesk]) -> None:
        for desk in desks.values():
            desk.stop()
        until = time.monotonic() + GOODBYE
        for desk in desks.values():
            desk.join(max(0.0, until - time.monotonic()))

    def _zones(self) -> list[str]:
        """The zones in which history is kept, the city's own first."""
        departments = self._catalogue_source.current().departments.values()
        return list(dict.fromkeys([self._zone, *sorted(d.zone for d in departments)]))


def _url(catalogue: Catalogue, key: str) -> str:
    return catalogue.urls.get(key, "")
