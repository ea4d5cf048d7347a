"""The work of a department that asks its database: ticks and set-aside rows.

Each piece of work is called in a thread of its own and returns what the desk is to know.
"""

import math
import time
from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

from dashboard.catalogue import Problem
from dashboard.derived import Derived
from dashboard.geography.sampling import Sampled
from dashboard.judge import Measured
from dashboard.measures import TickPlan
from dashboard.ports import GroupValue, History, Listed, Sample, Unreachable
from dashboard.readings import Part
from dashboard.reasons import Reason, reason_of
from dashboard.windows import LONGEST, Range, align, bucket_start
from data_access.collector.agenda import Agenda, DatasetAgenda, FlowItem
from data_access.collector.door import Door, SourceSlow
from data_access.collector.flows import PlanFlow
from data_access.collector.long_work import LongWork, Urgency
from data_access.collector.measure import (
    Report,
    measure_flows,
    measure_stock,
    other_splits,
    samples_of,
    stock_parts,
)
from data_access.collector.refusals import Refusals, Topic
from data_access.collector.timetable import TICK


@dataclass(frozen=True)
class Desk:
    """What the work of one department works with. `token` raises Fenced while no lease is held."""

    agenda: Agenda
    history: History
    flows: Mapping[str, PlanFlow]
    door: Callable[[], Door]
    token: Callable[[], int]
    clock: Callable[[], datetime]
    refusals: Refusals = field(default_factory=Refusals)
    long_work: LongWork = field(default_factory=LongWork)

    @property
    def key(self) -> str:
        return self.agenda.department.key

    @property
    def zone(self) -> str:
        return self.agenda.department.zone

    def reads_history(self) -> bool:
        """Whether some plan's history is still to be read that the department does not decline."""
        return any(flow.pending for flow in self.answered_flows())

    def answered_flows(self) -> list[PlanFlow]:
        """The flows of datasets of which the department declines nothing: the others, which may
        never be read, are not waited for."""
        declined = self.refusals.of_dataset
        return [flow for flow in self.flows.values() if declined(flow.plan.dataset) is None]

    def in_turn(self, job: str, urgency: Urgency, piece: Callable[[], "Outcome"]) -> "Outcome":
        """What a piece of long work brings where it is this department's turn for one; else that it
        is asked for again."""
        with self.long_work.turn(f"{job}/{self.key}", urgency) as later:
            return Outcome(again=True, pause=later) if later else piece()


T = TypeVar("T")
Corrected = Callable[[TickPlan, frozenset[datetime]], None]
"""Takes buckets that were read before and have changed."""
REST = 2.0
"""Work that goes on and on, such as reading the history, rests so many times as long as it worked,
so that ticks and the department have most of the time for themselves."""


@dataclass(frozen=True)
class Outcome:
    """What a piece of work brought. `again` asks to be called soon, after a `rest` of so many times
    as long as it worked and of no less than `pause` seconds; `hurry` names another job that is due at
    once; `store` says that the center's own store did not answer, though the department did, and
    `unsummed` of each flow whether it is without a sum for that reason, None where it is not."""

    measured: Mapping[str, Measured] = field(default_factory=dict)
    windows: Mapping[tuple[str, str], Part] = field(default_factory=dict)
    unsummed: Mapping[str, str | None] = field(default_factory=dict)
    reports: Mapping[str, Report] = field(default_factory=dict)
    set_aside: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    unreadable: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    arrived: Mapping[str, int] = field(default_factory=dict)
    drift: Mapping[str, int] = field(default_factory=dict)
    compare: Mapping[str, Mapping[str, float | None]] = field(default_factory=dict)
    begun: Mapping[str, datetime | None] = field(default_factory=dict)
    baselines: Mapping[str, Mapping[tuple[str, str], float | None]] = field(default_factory=dict)
    sparks: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    counted: Mapping[str, Derived] = field(default_factory=dict)
    layers: Mapping[str, tuple[Sampled, datetime]] = field(default_factory=dict)
    lists: Mapping[str, tuple[Listed | list[GroupValue], datetime]] = field(default_factory=dict)
    problems: tuple[Problem, ...] | None = None
    again: bool = False
    rest: float = REST
    pause: float = 0.0
    hurry: str | None = None
    store: str | None = None


class DatasetTick:
    """One tick of a dataset: its stocks as they are now, its flows' tail and what was corrected.

    What the department declines of it, and a stock that takes too long, is left out; the dataset has
    not reported then.
    """

    def __init__(self, desk: Desk, entry: DatasetAgenda, corrected: Corrected) -> None:
        self._desk = desk
        self._corrected = corrected
        self._entry = entry
        self._name = TICK + entry.name
        self._known: dict[str, Measured] = {}
        self._summed: tuple[Set[Range], Set[str]] | None = None
        """The windows and the times of the plans that the flows were summed for last."""
        self._sampled: datetime | None = None
        self._unreadable: dict[str, int] = {}
        """Rows without a readable time in what was read last, by the time of each plan."""
        self._slow_at = -math.inf
        """When a stock was given up last that took too long; of the monotonic clock."""
        self.stale = True
        """Whether the flows must be summed again even where this tick changes nothing."""

    def __call__(self) -> Outcome:
        """Raises SourceDown or Fenced; a silent store is told in the outcome."""
        door = self._desk.door()
        report = self._attempt("", self._keys(), lambda: self._report(door))
        if report is None:
            return Outcome()
        found = self._stocks(door, report)
        store = None
        try:
            self._sample(door, found, report.collected_at)
            found |= self._flows(door, report)
        except Unreachable as error:
            store = str(error)
        whole = not self._desk.refusals.of_job(self._name)
        reason = None if store is None else reason_of(Reason.STORE_DOWN, store)
        return Outcome(
            found,
            unsummed={item.key: reason for item in self._entry.flows},
            reports={self._entry.name: report} if whole else {},
            unreadable={self._entry.name: dict(self._unreadable)},
            store=store,
        )

    def _attempt(self, piece: str, readings: Iterable[str], question: Callable[[], T]) -> T | None:
        return self._desk.refusals.attempt(self._topic(piece, readings), question)

    def _attempt_stock(
        self, piece: str, readings: Iterable[str], question: Callable[[], T]
    ) -> T | None:
        """One that takes too long is left out for a while as well, since it says nothing of the
        others. Where nobody was answered since another did, it is the department that is silent."""
        try:
            return self._attempt(piece, readings, question)
        except SourceSlow as error:
            topic = self._topic(piece, readings)
            self._desk.refusals.note(topic, str(error), Reason.TOO_SLOW)
            alone = self._desk.door().answered_at >= self._slow_at
            self._slow_at = time.monotonic()
            if not alone:
                raise
            return None

    def _topic(self, piece: str, readings: Iterable[str]) -> Topic:
        return Topic(self._name, piece, self._entry.name, frozenset(readings))

    def _keys(self, time: str | None = None) -> list[str]:
        """The readings of a tick; with a time only the flows by it."""
        flows = [item.key for item in self._entry.flows if time in (None, item.indicator.time)]
        return flows if time else [*flows, *(key for key, _ in self._entry.stocks)]

    def _report(self, door: Door) -> Report:
        as_of = door.ask(lambda source: source.reported(self._entry.name))
        return Report(as_of, self._desk.clock())

    def _stocks(self, door: Door, report: Report) -> dict[str, Measured]:
        found: dict[str, Measured] = {}
        for key, indicator in self._entry.stocks:
            ask = partial(measure_stock, door, key, indicator, report)
            measured = self._attempt_stock(key, [key], ask)
            if measured is not None:
                found[key] = measured
        return found

    def _tick(self, door: Door) -> frozenset[str]:
        """The times of the plans that the department answered."""
        found: set[str] = set()
        for plan in self._entry.plans:
            flow = self._desk.flows[plan.key]
            count = self._attempt(plan.time, self._keys(plan.time), partial(flow.tick, door))
            if count is not None:
                self._unreadable[plan.time] = count
                found.add(plan.time)
            self._tell(plan, flow)
        return frozenset(found)

    def _tell(self, plan: TickPlan, flow: PlanFlow) -> None:
        """Have what changed of a plan summed again, by a later tick where this one fails before, and
        tell of it until that has succeeded: the history holds it, so no tick finds it again."""
        untold = flow.untold
        self.stale = self.stale or bool(untold)
        self._corrected(plan, untold)
        flow.untold = frozenset()

    def _flows(self, door: Door, report: Report) -> dict[str, Measured]:
        answered = self._tick(door)
        items = [item for item in self._entry.flows if item.indicator.time in answered]
        summing = self._windows(items, report.collected_at), answered
        if self.stale or summing != self._summed:
            # Until it has succeeded it counts as not summed, however it fails.
            self.stale, self._summed = False, None
            zone, covered = self._desk.zone, self._covered(report.collected_at)
            self._known = measure_flows(self._desk.history, items, zone, report, covered)
            self._summed = summing
        return {
            key: replace(known, as_of=report.as_of, collected_at=report.collected_at)
            for key, known in self._known.items()
        }

    def _windows(self, items: Iterable[FlowItem], now: datetime) -> frozenset[Range]:
        """The buckets that are summed now. Each window moves by itself: that of slots not with the
        bucket but when a slot has come in."""
        zone = self._desk.zone
        return frozenset(align(item.window(now, zone), "5m", zone) for item in items)

    def _covered(self, now: datetime) -> dict[str, bool]:
        by_time = {plan.time: self._desk.flows[plan.key] for plan in self._entry.plans}
        return {
            item.key: by_time[str(item.indicator.time)].covers(item.window(now, self._desk.zone)[0])
            for item in self._entry.flows
        }

    def _sample(self, door: Door, found: Mapping[str, Measured], now: datetime) -> None:
        """Keep stocks every five minutes, in total and by every split."""
        slot = bucket_start(now, "5m", self._desk.zone)
        if slot == self._sampled or not found:
            return
        kept: list[Sample] = []
        for key, indicator in self._entry.stocks:
            if key not in found:
                continue
            kept += samples_of(found[key], indicator, "", now)
            for by in other_splits(indicator):
                ask = partial(stock_parts, door, key, by, now)
                parts = (self._attempt_stock(f"{key}/{by}", (), ask) or {}).values()
                kept += [Sample(key, "", by, p.code, now, p.value, p.n) for p in parts]
        self._desk.history.add_samples(self._desk.key, kept, token=self._desk.token())
        self._sampled = slot


SET_ASIDE = "set_aside"


class SetAside:
    """Counts the rows of each set-aside rule over the last day, as they are shown with the feed, of
    one dataset after the other; those that were not answered the last time come last.

    What is dated later than now counts too, or a clock that runs ahead would never be seen."""

    def __init__(self, desk: Desk, entries: Iterable[DatasetAgenda]) -> None:
        self._desk = desk
        self._names = [entry.name for entry in entries if entry.dataset.set_aside]
        self._left: list[str] = []
        self._failed: set[str] = set()

    def __call__(self) -> Outcome:
        """One dataset. Raises SourceDown."""
        self._left = self._left or sorted(self._names, key=self._failed.__contains__)
        if not self._left:
            return Outcome()
        name, now, door = self._left.pop(0), self._desk.clock(), self._desk.door()
        window = (now - timedelta(days=1), now + LONGEST)
        self._failed.add(name)
        found = self._desk.refusals.attempt(
            Topic(SET_ASIDE, name, name),
            lambda: door.ask(lambda s: (s.set_aside(name, window), s.arrived(name, window))),
        )
        self._failed.remove(name)
        rules, arrived = ({name: found[0]}, {name: found[1]}) if found else ({}, {})
        return Outcome(set_aside=rules, arrived=arrived, again=bool(self._left))
