"""The desk of one department: a thread of its own that holds the lease, keeps the timetable, takes
in what the lanes bring, judges it and publishes.

It never asks the department itself, so that it goes on telling the screens what is late while the
department hangs.
"""

import threading
import time

import structlog

from dashboard.catalogue import Catalogue, Department
from dashboard.ports import Fenced, Unreachable
from data_access.collector.agenda import agenda_of
from data_access.collector.board import collector_fact
from data_access.collector.door import Door
from data_access.collector.house import House
from data_access.collector.lease import Lease
from data_access.collector.memory import PUBLISHED
from data_access.collector.outbox import Outbox
from data_access.collector.shift import Complaints, Shift

log = structlog.get_logger(__name__)


class DepartmentDesk:
    """One department's collector. `start` it, `stop` it, and look at `alive`."""

    def __init__(
        self,
        house: House,
        department: Department,
        url: str,
        catalogue: Catalogue,
        complaints: Complaints,
    ) -> None:
        """`complaints` are those of the desk before, which may go on."""
        self.department = department
        self.url = url
        self.catalogue = catalogue
        self._house = house
        self.layers = catalogue.layers_of(department.key)
        self.lists = catalogue.lists_of(department.key)
        self.crossed = catalogue.crossed_of(department.key)
        self._agenda = agenda_of(department, self.layers, self.lists, self.crossed)
        self._complaints = complaints
        self._lease = Lease(house.history, department.key, house.desk_name(), house.pace.lease)
        self._stopped = threading.Event()
        self._shift: Shift | None = None
        self._retired = False
        self._thread = threading.Thread(
            target=self._run, name=f"collect-{department.key}", daemon=True
        )
        self._log = log.bind(department=department.key)

    @property
    def alive(self) -> bool:
        """Whether its thread runs."""
        return self._thread.is_alive()

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self, *, retire: bool = False) -> None:
        """Ask it to end; with `retire` everything it published is taken down."""
        self._retired = self._retired or retire
        self._stopped.set()
        if self._shift is not None:
            self._shift.wake()

    def join(self, timeout: float) -> None:
        """Wait until it has ended, at most so many seconds."""
        self._thread.join(timeout)

    def _run(self) -> None:
        silent = False
        while not self._stopped.is_set():
            try:
                held = self._lease.take()
                if silent:
                    silent = self._say_store_is_back()
                if held:
                    with self._lease.kept():
                        self._work()
                    continue
            except Unreachable as error:
                if not silent:
                    silent = True
                    self._log.warning("store does not answer", error=str(error))
            except Fenced:
                if not self._stopped.is_set():  # Else it was the desk that comes after this one.
                    self._log.warning("another collector took over")
                self._lease.give_back()
            self._stopped.wait(self._house.pace.waiting)
        self._lease.give_back()

    def _say_store_is_back(self) -> bool:
        self._log.info("store answers again")
        return False

    def _work(self) -> None:
        """Work as long as the lease is held. Raises Fenced, Unreachable (the store, at first)."""
        house, key = self._house, self.department.key
        published = house.history.state(key, PUBLISHED) or {}
        later, pace = self._agenda.made_later(), house.pace
        outbox = Outbox(house.publisher, key, pace.beat, published, later, pace.settling)
        self._log.info("collecting", token=self._lease.token)
        shift = Shift(house, self._agenda, self._make_door, self._lease, self._complaints)
        self._shift = shift
        try:
            shift.begin()
            while not self._stopped.is_set():
                now = time.monotonic()
                self._lease.held()
                shift.store_answered(self._lease.answered)
                self._pass(shift, outbox, now)
            # Where Redis does not answer it is left to `Retirement`, by what is remembered.
            if self._retired and outbox.send(self._lease.held(), {}, time.monotonic()):
                shift.remember(outbox.keys())
        finally:
            self._shift = None
            shift.end()

    def _make_door(self) -> Door:
        return Door(lambda: self._house.make_source(self.department, self.url))

    def _pass(self, shift: Shift, outbox: Outbox, now: float) -> None:
        """One turn: start what is due, take in what has ended, publish what has changed."""
        shift.start_due(now)
        shift.take_ended(self._patience(shift, now))
        if not shift.has_news(time.monotonic()):
            return
        began, at = time.monotonic(), self._house.clock()
        wanted = shift.board.sections(self.catalogue, at)
        wanted["facts"][f"collector/{self.department.key}"] = collector_fact(
            self.department.key, shift.counters() | {"holder": self._house.holder}, at
        )
        outbox.send(self._lease.held(), wanted, time.monotonic())
        shift.remember(outbox.keys())
        shift.published(time.monotonic() - began)

    def _patience(self, shift: Shift, now: float) -> float:
        """How long to wait for the lanes: until the next job is due or it is time to publish."""
        return max(0.01, min(shift.next_due(now), shift.news_due()) - now)
