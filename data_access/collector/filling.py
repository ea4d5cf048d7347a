"""The history of a department's flows, read piece by piece beside the ticks."""

import time
from collections.abc import Mapping
from functools import partial

from data_access.collector.flows import PlanFlow
from data_access.collector.long_work import Urgency
from data_access.collector.refusals import Topic
from data_access.collector.timetable import TICK
from data_access.collector.work import Corrected, DatasetTick, Desk, Outcome

FILL = "fill"


class Filling:
    """Reads the history of all plans day by day, and corrections of long ago, the newest day of any
    plan first that the department does not decline and that did not fail just now."""

    def __init__(self, desk: Desk, ticks: Mapping[str, DatasetTick], corrected: Corrected) -> None:
        self._desk = desk
        self._ticks = ticks
        self._corrected = corrected

    def __call__(self) -> Outcome:
        """One piece of one plan; once its history is read, readings of it are not kept waiting for
        the next tick. Raises SourceDown, Unreachable (the store) or Fenced."""
        refusals, now = self._desk.refusals, time.monotonic()
        ends = {
            flow.plan.key: window[1]
            for flow in self._desk.flows.values()
            if (window := flow.waiting) is not None and flow.ticked_to is not None
        }
        rested = [key for key in ends if self._desk.flows[key].stride.again_at <= now]
        ready = [key for key in rested if refusals.lets(FILL, key)]
        if not ready:
            return Outcome(again=bool(ends), pause=max(1.0, refusals.wait(FILL)))
        newest = self._desk.flows[max(ready, key=ends.__getitem__)]
        reading = bool(newest.pending)
        urgency = Urgency.READING if reading else Urgency.FURTHER
        return self._desk.in_turn(FILL, urgency, partial(self._piece, newest, reading))

    def _piece(self, newest: PlanFlow, reading: bool) -> Outcome:
        topic = Topic(FILL, newest.plan.key, newest.plan.dataset)
        fill = partial(newest.fill, self._desk.door())
        changed = self._desk.refusals.attempt(topic, fill)
        if changed is not None:
            self._corrected(newest.plan, changed)
            self._ticks[newest.plan.dataset].stale = True
        whole = reading and not newest.pending
        return Outcome(again=True, hurry=TICK + newest.plan.dataset if whole else None)
