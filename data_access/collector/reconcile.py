"""Reconciliation: what the history says of each day against what the department says.

A row that is deleted, or moved away from a day, leaves nothing behind that a tick could see; the
totals of the day tell. A long history is compared piece by piece, so that no statement asks for more
than is answered in time.
"""

import math
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

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
MOST_DAYS = 32
"""Days that are compared at once; half as many after each failure."""


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


@dataclass(frozen=True)
class Comparison:
    """What is to be compared of a plan: so many days until today, or the whole history; of that
    only what lies `before` a midnight. `at_once` are the days of the next piece."""

    plan: str
    days: int | None
    before: datetime | None = None
    at_once: int = MOST_DAYS
    failed: bool = False

    def fallen_short(self, piece: Range) -> "Comparison":
        """What to do after a piece that was not answered. A day that is not answered by itself is
        left to the next night: it must not keep the days before it from being compared."""
        if self.at_once == 1:
            return replace(self, before=piece[0], failed=True)
        days = min(self.at_once, math.ceil((piece[1] - piece[0]) / timedelta(days=1)))
        return replace(self, at_once=max(1, days // 2), failed=True)


@dataclass
class Reconciler:
    """Compares plans with the source one after the other, the newest days first; `queue` holds what
    is still to do."""

    desk: Desk
    ticks: Mapping[str, DatasetTick]
    histograms: Histograms
    queue: list[Comparison] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def want(self, days: int | None) -> None:
        """Compare all plans over so many days until today, or over the whole history; may be called
        while a piece is being compared."""
        with self._lock:
            waiting = {one.plan for one in self.queue if one.days == days}
            wanted = sorted(self.desk.flows.keys() - waiting)
            self.queue += [Comparison(key, days) for key in wanted]

    def sweep(self) -> Outcome:
        """Compare what waits; where all of that has failed, or nothing does, the newest days of all
        plans first. Raises like a call."""
        if all(one.failed for one in self.queue):
            self.want(RECENT_DAYS)
            with self._lock:
                newest_first = sorted(self.queue, key=lambda one: one.days is None)
                self.queue = [replace(one, failed=False) for one in newest_first]
        return self()

    def __call__(self) -> Outcome:
        """One piece of one plan, last what failed. Raises SourceDown, Unreachable (the store) or
        Fenced."""
        if not self.queue:
            return Outcome()
        one = min(self.queue, key=lambda one: one.failed)
        self.queue.remove(one)
        flow = self.desk.flows[one.plan]
        window = self._window(flow, one.days)
        piece = window and self._piece(window, one)
        if window is None or piece is None:
            return Outcome(again=bool(self.queue))
        # Taken for failed until it is answered, since a question that hangs is given up, and a
        # successor goes on with what stands here.
        short = one.fallen_short(piece)
        self.queue.append(short)
        topic = Topic("reconcile", one.plan, flow.plan.dataset)
        drift = self.desk.refusals.attempt(topic, lambda: self._reconcile(flow, piece))
        self.queue.remove(short)
        # What is declined is left to the next night or sweep.
        if drift is not None and window[0] < piece[0]:
            self.queue.append(replace(one, before=piece[0], failed=False))
        drifts = {flow.plan.dataset: drift} if drift else {}
        return Outcome(drift=drifts, again=bool(self.queue))

    def _reconcile(self, flow: PlanFlow, window: Range) -> int:
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

    def _piece(self, window: Range, one: Comparison) -> Range | None:
        """The newest local days of a window that are still to be compared, as many as at once."""
        start, end = window[0], min(window[1], one.before or window[1])
        if start >= end:
            return None
        last = local_day(end - timedelta(microseconds=1), self.desk.zone)
        first = midnight(last - timedelta(days=one.at_once - 1), self.desk.zone)
        return max(start, first), end
