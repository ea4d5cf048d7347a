"""Reconciliation: what the history says of each day against what the department says.

A row that is deleted, or moved away from a day, leaves nothing behind that a tick could see; the
totals of the day tell.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from dashboard.ports import DayTotal, Number, Range
from dashboard.windows import bucket_start, day_range, local_day, midnight
from data_access.collector.flows import PlanFlow
from data_access.collector.histograms import Histograms
from data_access.collector.refusals import Topic
from data_access.collector.work import DatasetTick, Desk, Outcome

NEAR = 1e-9
"""Sums that are no exact decimals agree to this share."""
RECENT_DAYS = 2
"""Days, today included, that are compared every few minutes by day as well."""


def differing_days(theirs: Iterable[DayTotal], ours: Iterable[DayTotal]) -> list[date]:
    """Days whose totals are not the same; an absent total counts as nothing."""
    left, right = ({total.day: total.values for total in side} for side in (theirs, ours))
    return [
        day
        for day in sorted(left.keys() | right.keys())
        if not _same(left.get(day, {}), right.get(day, {}))
    ]


def _same(left: Mapping[str, Number], right: Mapping[str, Number]) -> bool:
    return all(_near(left.get(name), right.get(name)) for name in left.keys() | right.keys())


def _near(left: Number | None, right: Number | None) -> bool:
    a, b = left or 0, right or 0
    return a == b or math.isclose(float(a), float(b), rel_tol=NEAR, abs_tol=NEAR)


@dataclass
class Reconciler:
    """Compares plans with the source one after the other; `queue` holds what is still to do."""

    desk: Desk
    ticks: Mapping[str, DatasetTick]
    histograms: Histograms
    queue: list[tuple[str, int | None]] = field(default_factory=list)

    def want(self, days: int | None) -> None:
        """Compare all plans over so many days until today, or over the whole history."""
        waiting = {(key, days) for key in self.desk.flows} - set(self.queue)
        self.queue += sorted(waiting, key=lambda entry: entry[0])

    def __call__(self) -> Outcome:
        """One plan. Raises SourceDown, Unreachable (the store) or Fenced."""
        if not self.queue:
            return Outcome()
        key, days = self.queue[0]
        dataset = self.desk.flows[key].plan.dataset
        topic = Topic("reconcile", key, dataset)
        drift = self.desk.refusals.attempt(
            topic, lambda: self._reconcile(self.desk.flows[key], days)
        )
        # What is declined is left to the next night or sweep.
        self.queue.remove((key, days))
        return Outcome(drift={dataset: drift} if drift else {}, again=bool(self.queue))

    def _reconcile(self, flow: PlanFlow, days: int | None) -> int:
        window = self._window(flow, days)
        if window is None:
            return 0
        door, zone = self.desk.door(), self.desk.zone
        theirs = door.ask(lambda source: source.day_totals(flow.plan, window))
        ours = self.desk.history.day_totals(flow.plan, window, zone=zone)
        differing = differing_days(theirs, ours)
        # First, so that a collector that dies in between makes a histogram once too often.
        self.histograms.forget(flow.plan, differing)
        drift = sum(flow.read_again(door, [day_range(day, zone)]) for day in differing)
        if differing:
            self.ticks[flow.plan.dataset].stale = True
        return drift

    def _window(self, flow: PlanFlow, days: int | None) -> Range | None:
        """Local days that are covered from their start, up to the tail of the last tick: rows still
        come in there, and every tick reads it again."""
        if flow.covered_from is None or flow.ticked_to is None:
            return None
        zone = self.desk.zone
        first = local_day(flow.covered_from - timedelta(microseconds=1), zone) + timedelta(days=1)
        if days is not None:
            first = max(first, local_day(flow.ticked_to, zone) - timedelta(days=days - 1))
        start = midnight(first, zone)
        end = bucket_start(flow.ticked_to - flow.dataset.tail, "5m", zone)
        return (start, end) if start < end else None
