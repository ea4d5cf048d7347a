"""A desk without a collector around it: its pieces of work, called one by one at a time of ours."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from collecting import City, Place, definition

from dashboard.catalogue import Catalogue
from dashboard.measures import TickPlan, tick_plans
from dashboard.ports import History
from data_access.collector.agenda import agenda_of
from data_access.collector.door import Door
from data_access.collector.filling import Filling
from data_access.collector.flows import PlanFlow
from data_access.collector.histograms import Histograms
from data_access.collector.past import Past
from data_access.collector.reconcile import Reconciler
from data_access.collector.remember import Remember
from data_access.collector.usual import UsualValues
from data_access.collector.work import DatasetTick, Desk, Outcome
from data_access.departments.source import SqlSource


@dataclass
class Bench:
    """The work of one department under a lease that is held."""

    desk: Desk
    door: Door
    histograms: Histograms = field(init=False)
    tick: DatasetTick = field(init=False)
    fill: Filling = field(init=False)
    reconciler: Reconciler = field(init=False)

    def __post_init__(self) -> None:
        (entry,) = self.desk.agenda.datasets
        self.histograms = Histograms(self.desk)
        self.tick = DatasetTick(self.desk, entry, self.histograms.changed)
        ticks = {entry.name: self.tick}
        self.fill = Filling(self.desk, ticks, self.histograms.changed)
        self.reconciler = Reconciler(self.desk, ticks, self.histograms)

    def flow(self, time: str = "opened") -> PlanFlow:
        return next(f for f in self.desk.flows.values() if f.plan.time == time)

    def read_all(self) -> None:
        """A tick, and all of the history."""
        self.tick()
        while self.fill().again:
            pass

    def drift(self) -> int:
        """What comparing the whole history finds."""
        found = 0
        self.reconciler.want(None)
        while self.reconciler.queue:
            found += sum(self.reconciler().drift.values())
        return found

    def value(self, key: str) -> Any:
        measured = self.tick().measured[key]
        return measured.reason or measured.value


@contextmanager
def bench(
    city: City, place: Place, clock: Callable[[], datetime] = lambda: datetime.now(UTC), **more: Any
) -> Iterator[Bench]:
    """The work on a department, begun anew as after a restart."""
    department = definition("north", **more)
    token = city.history.take_lease("north", "bench", 600)
    assert token is not None
    door = Door(lambda: SqlSource(department, place.url))

    def flow(plan: TickPlan, history: History) -> PlanFlow:
        dataset = department.datasets[plan.dataset]
        return PlanFlow(plan, dataset, department.zone, history, lambda: token, clock)

    flows = {plan.key: flow(plan, city.history) for plan in tick_plans(department)}
    agenda = agenda_of(department)
    yield Bench(Desk(agenda, city.history, flows, lambda: door, lambda: token, clock), door)
    door.close()


def looking_back(city: City, work: Bench) -> Callable[[], Outcome]:
    """Looks back as soon as it is its turn."""

    def catalogue() -> Catalogue:
        return city.holder.catalogue

    usual = UsualValues.over(city.holder, city.history, work.desk.clock, work.desk.zone)
    past = Past(work.desk, usual, Remember(work.desk, catalogue, usual))

    def looked_back() -> Outcome:
        while (outcome := past()).again:
            time.sleep(0.02)
        return outcome

    return looked_back
