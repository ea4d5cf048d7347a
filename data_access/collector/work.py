"""The work of a department that asks its database: ticks, questions, set-aside rows.

Each piece of work is called in a thread of its own and returns what the desk is to know.
"""

from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

from dashboard.catalogue import Indicator, Problem
from dashboard.derived import Derived
from dashboard.geography.sampling import Sampled
from dashboard.judge import Measured
from dashboard.measures import TickPlan
from dashboard.ports import GroupValue, History, Listed, Sample, Unreachable
from dashboard.readings import Part
from dashboard.windows import LONGEST, Range, align, bucket_start
from data_access.collector.agenda import Agenda, AskedItem, DatasetAgenda, FlowItem
from data_access.collector.door import Door
from data_access.collector.flows import PlanFlow
from data_access.collector.long_work import LongWork
from data_access.collector.measure import (
    Report,
    measure_asked,
    measure_flows,
    measure_stock,
    other_splits,
    stock_parts,
    window_part,
)
from data_access.collector.refusals import LEFT_ALONE, Refusals, Topic
from data_access.collector.timetable import ASK, TICK


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
    once; `store` says that the center's own store did not answer, though the department did."""

    measured: Mapping[str, Measured] = field(default_factory=dict)
    windows: Mapping[tuple[str, str], Part] = field(default_factory=dict)
    reports: Mapping[str, Report] = field(default_factory=dict)
    set_aside: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    arrived: Mapping[str, int] = field(default_factory=dict)
    drift: Mapping[str, int] = field(default_factory=dict)
    compare: Mapping[str, Mapping[str, float | None]] = field(default_factory=dict)
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

    What the department declines of it is left out; the dataset has not reported then.
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
        return Outcome(found, reports={self._entry.name: report} if whole else {}, store=store)

    def _attempt(self, piece: str, readings: Iterable[str], question: Callable[[], T]) -> T | None:
        topic = Topic(self._name, piece, self._entry.name, frozenset(readings))
        return self._desk.refusals.attempt(topic, question)

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
            measured = self._attempt(key, [key], ask)
            if measured is not None:
                found[key] = measured
        return found

    def _tick(self, door: Door) -> dict[str, frozenset[datetime]]:
        """What has changed, by the time of each plan that the department answered."""
        found: dict[str, frozenset[datetime]] = {}
        for plan in self._entry.plans:
            tick = partial(self._desk.flows[plan.key].tick, door)
            ticked = self._attempt(plan.time, self._keys(plan.time), tick)
            if ticked is not None:
                self._corrected(plan, ticked.changed)
                found[plan.time] = ticked.changed
        return found

    def _flows(self, door: Door, report: Report) -> dict[str, Measured]:
        changed = self._tick(door)
        items = [item for item in self._entry.flows if item.indicator.time in changed]
        summing = self._windows(items, report.collected_at), changed.keys()
        if any(changed.values()) or self.stale or summing != self._summed:
            self.stale = False
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
                parts = (self._attempt(f"{key}/{by}", (), ask) or {}).values()
                kept += [Sample(key, "", by, p.code, now, p.value, p.n) for p in parts]
        self._desk.history.add_samples(self._desk.key, kept, token=self._desk.token())
        self._sampled = slot


def samples_of(
    measured: Measured, indicator: Indicator, window: str, now: datetime
) -> list[Sample]:
    """A value and its live parts as samples."""
    by = indicator.live_by or ""
    return [
        Sample(measured.key, window, "", "", now, measured.value, measured.n),
        *(
            Sample(measured.key, window, by, p.code, now, p.value, p.n)
            for p in measured.parts.values()
        ),
    ]


class Question:
    """One window of an asked indicator, exact, at its own cadence; the main one is sampled."""

    def __init__(self, desk: Desk, item: AskedItem) -> None:
        self._desk = desk
        self._item = item
        self._sampled: datetime | None = None
        self.name = f"{ASK}{item.key}/{item.window}"

    def __call__(self) -> Outcome:
        """Raises SourceDown or Fenced."""
        now, item = self._desk.clock(), self._item
        dataset, key = str(item.indicator.dataset), item.key
        topic = Topic(self.name, "", dataset, frozenset([key] if item.main else []))
        measured = self._desk.refusals.attempt(topic, lambda: self._measured(dataset, now))
        if measured is None:
            pause = max(self._desk.refusals.wait(self.name), min(item.every, LEFT_ALONE))
            return Outcome(again=True, pause=pause)
        if not item.main:
            return Outcome(windows={(item.key, item.window): window_part(measured)})
        return Outcome({item.key: measured}, store=self._sample(measured, now))

    def _measured(self, dataset: str, now: datetime) -> Measured:
        door, item = self._desk.door(), self._item
        reported = door.ask(lambda source: source.reported(dataset))
        # Asked of the department itself, an answer is as old as the newest that it has reported.
        report = Report(None if reported is None else min(now, reported), now)
        return measure_asked(door, item, self._desk.zone, now, report)

    def _sample(self, measured: Measured, now: datetime) -> str | None:
        slot = bucket_start(now, "5m", self._desk.zone)
        if slot == self._sampled:
            return None
        kept = samples_of(measured, self._item.indicator, self._item.window, now)
        try:
            self._desk.history.add_samples(self._desk.key, kept, token=self._desk.token())
        except Unreachable as error:
            return str(error)
        self._sampled = slot
        return None


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
