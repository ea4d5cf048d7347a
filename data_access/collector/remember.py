"""Remembering: the samples that a collector would have kept, had it been there.

Stocks and asked values are sampled from the first tick on, so that a fresh city (or one whose
collector was away) has no yesterday. What the department's rows tell of the past is filled in here,
the newest first: every half hour of the last day, every hour of the last week, then once a day.
"""

import math
import time
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

import structlog

from dashboard.catalogue import Catalogue, Indicator
from dashboard.catalogue.indicators import Surge
from dashboard.derived import Derived
from dashboard.ports import Fenced, Range, Sample, Unreachable
from dashboard.readings import instant, parse_instant
from dashboard.recall import HALF_HOURLY, HOURLY, moments, within
from dashboard.windows import joined, local_day
from data_access.collector.long_work import RESTS, Urgency
from data_access.collector.measure import sample_window
from data_access.collector.refusals import Topic
from data_access.collector.told import Moment, NotYet, Told, told_of
from data_access.collector.usual import UsualValues
from data_access.collector.work import Desk, Outcome

log = structlog.get_logger(__name__)
PIECE = 1.0
"""Seconds of work between two rests."""
COSTLY = 2.0
"""Seconds that telling one moment may take; more for the third time, and it is left alone."""
STRIKES = 3
SETTLED = timedelta(minutes=10)
"""Moments so new are left to the ticks, which sample them themselves."""
BEHIND = 2.0
"""Seconds between two looks whether the history is read, which is read first: numbers wait for it,
and of what is told only the last day is as urgent."""
AGAIN = 20.0
"""Seconds after which what was put off is looked at again."""
NEAR = timedelta(minutes=5)
"""A sample so close to a moment is one of it."""
STATE = "remembered"
JOB = "remember"


@dataclass
class Recollection:
    """How far one indicator's past is told: `known` ranges, and the moments that are missing."""

    told: Told
    known: list[Range] = field(default_factory=list)
    missing: deque[datetime] = field(default_factory=deque)
    moments: int = 0
    """All moments that there are to tell."""
    _span: Range | None = None
    """From the oldest moment that the plan looked at to its end."""

    def plan(self, now: datetime, zone: str, sampled: Callable[[Range], list[datetime]]) -> None:
        """Find the moments that nobody has sampled."""
        end = now - SETTLED
        every = list(moments(now - self.told.history, end, zone))
        wanted = [at for at in every if not within(self.known, at)]
        self.moments = len(every)
        if wanted:
            slots = {_slot(at) for at in sampled((wanted[-1] - NEAR, wanted[0] + NEAR))}
            self.missing = deque(at for at in wanted if not slots & {_slot(at), _slot(at - NEAR)})
            self._span = wanted[-1], end
            self.note()

    def note(self) -> None:
        """Moments are told newest first, so all is known back to the first that is missing."""
        if self._span is None:
            return
        start, end = self._span
        start = self.missing[0] + NEAR if self.missing else start
        if start <= end:
            self.known = joined([*self.known, (start, end)])

    def put_off(self) -> None:
        """Leave what is missing to a later plan."""
        self.missing.clear()
        self._span = None


def _slot(at: datetime) -> int:
    return int(at.timestamp() // NEAR.total_seconds())


class Remember:
    """A job that tells the past piece by piece, and does nothing once all is told.

    `catalogue` gives the newest; `told` counts the samples made, and `recent` those of the last
    `HOURLY`, for those who draw them.
    """

    def __init__(self, desk: Desk, catalogue: Callable[[], Catalogue], usual: UsualValues) -> None:
        self._desk = desk
        self._catalogue = catalogue
        self._usual = usual
        self._days: dict[tuple[str, date], Derived] = {}
        self._all = {told.key: Recollection(told) for told in told_of(desk.agenda)}
        self.strikes: Counter[str] = Counter()
        self.telling: str | None = None
        self._planned = -math.inf
        self._written: Any = None
        self.told = 0
        self.recent = 0

    def handed_over(self, desk: Desk) -> "Remember":
        """The same for a successor, who begins where the store says; what this one hangs in counts
        as too costly once more."""
        successor = Remember(desk, self._catalogue, self._usual)
        successor.strikes = Counter(self.strikes)
        if self.telling is not None:
            successor.strikes[self.telling] += 1
        return successor

    def __call__(self) -> Outcome:
        """One piece. Raises SourceDown, Unreachable (the store) or Fenced."""
        if not self._all:
            return Outcome()
        now = self._desk.clock()
        if not self._waiting() or time.monotonic() - self._planned > AGAIN:
            self._plan(now)
        before = self._stage(now)
        if before > 0 and self._desk.reads_history():
            return Outcome(again=bool(self._waiting()), pause=BEHIND)
        if not self._waiting():
            return Outcome()
        urgency = Urgency.LAST_DAY if before == 0 else Urgency.FURTHER
        return self._desk.in_turn(JOB, urgency, partial(self._tell, now, before))

    def _tell(self, now: datetime, before: int) -> Outcome:
        """A piece of a stage, and how to go on after it."""
        self._piece(now, before)
        further = self._stage(now) > before
        rest = RESTS[Urgency.LAST_DAY if self._stage(now) == 0 else Urgency.FURTHER]
        hurry = "past" if further else None
        return Outcome(again=bool(self._waiting()), rest=rest, hurry=hurry)

    def progress(self) -> dict[str, float]:
        """Share of the past that is told, of each dataset of which some is not."""
        left: dict[str, int] = {}
        whole: dict[str, int] = {}
        for one in self._all.values():
            name = one.told.dataset
            if name is not None:
                left[name] = left.get(name, 0) + len(one.missing)
                whole[name] = whole.get(name, 0) + one.moments
        return {name: max(0.0, 1.0 - n / whole[name]) for name, n in left.items() if n}

    def _waiting(self) -> list[Recollection]:
        return [one for one in self._all.values() if one.missing]

    def _stage(self, now: datetime) -> int:
        """How far back all is told: not the last day, the last day, the last week, everything."""
        newest = max((one.missing[0] for one in self._waiting()), default=None)
        if newest is None:
            return 3
        return 0 if newest > now - HALF_HOURLY else 1 if newest > now - HOURLY else 2

    def _plan(self, now: datetime) -> None:
        """See what is missing of those of which nothing was."""
        if self._written is None:
            self._load()
        for key, one in self._all.items():
            if self._desk.refusals.lets(JOB, key) and not one.missing:
                if self.strikes[key] < STRIKES:
                    one.plan(now, self._desk.zone, partial(self._sampled, one.told))
                if not one.missing:
                    self._desk.refusals.forget(JOB, key)
        self._planned = time.monotonic()
        self._write([], [])

    def _sampled(self, told: Told, span: Range) -> list[datetime]:
        window, zone = sample_window(told.indicator), self._desk.zone
        points = self._desk.history.samples(told.key, span, sample_window=window, zone=zone)
        return [point.at for point in points]

    def _piece(self, now: datetime, stage: int) -> None:
        """Moment after moment, until it is time to rest or what follows is less urgent."""
        taken: list[tuple[Recollection, datetime]] = []
        kept: list[Sample] = []
        try:
            self._gather(taken, kept, lambda: self._stage(now) == stage)
        finally:
            self._write(taken, kept)

    def _gather(
        self,
        taken: list[tuple[Recollection, datetime]],
        kept: list[Sample],
        urgent: Callable[[], bool],
    ) -> None:
        began = time.monotonic()
        while time.monotonic() - began < PIECE and urgent():
            waiting = self._waiting()
            then = max(one.missing[0] for one in waiting)
            moment = Moment(self._desk, self._catalogue(), then, self._counted)
            for one in waiting:
                if one.missing[0] == then and (found := self._samples(one, moment)) is not None:
                    kept += found
                    taken.append((one, one.missing.popleft()))

    def _counted(self, key: str, indicator: Indicator, then: datetime) -> Derived:
        """Days are the same for all moments of a day, so counted once."""
        if isinstance(indicator.measure, Surge):
            return self._usual.counted_before(key, indicator, then)
        day = key, local_day(then, self._desk.zone)
        if day not in self._days:
            self._days[day] = self._usual.counted_before(key, indicator, then)
        return self._days[day]

    def _samples(self, one: Recollection, moment: Moment) -> list[Sample] | None:
        """None where it is put off: not read so far back yet, declined by the department, or costly
        for it now."""
        began = time.monotonic()
        found: list[Sample] | None = None
        self.telling = one.told.key
        try:
            topic = Topic(JOB, one.told.key, one.told.dataset or "")
            found = self._desk.refusals.attempt(topic, lambda: moment.samples(one.told))
            if found is None:
                one.put_off()
        except NotYet:
            one.put_off()
        finally:
            self.telling = None
            if time.monotonic() - began > COSTLY:
                self.strikes[one.told.key] += 1
                log.info("costly to tell how it stood", indicator=one.told.key, at=moment.then)
                one.put_off()
                found = None
        return found

    def _write(self, taken: list[tuple[Recollection, datetime]], kept: list[Sample]) -> None:
        """Keep what was told, then how far that is; what could not be kept is told again."""
        history, department = self._desk.history, self._desk.key
        try:
            if kept:
                history.add_samples(department, kept, token=self._desk.token())
        except (Unreachable, Fenced):
            for one, then in reversed(taken):
                one.missing.appendleft(then)
            raise
        for one, _ in taken:
            one.note()
        self.told += len(kept)
        self.recent += sum(sample.at >= self._desk.clock() - HOURLY for sample in kept)
        state = {
            key: [(instant(start), instant(end)) for start, end in one.known]
            for key, one in self._all.items()
        }
        if state != self._written:
            history.set_state(department, STATE, state, token=self._desk.token())
            self._written = state

    def _load(self) -> None:
        self._written = self._desk.history.state(self._desk.key, STATE) or {}
        for key, ranges in self._written.items():
            if key in self._all:
                known = [(parse_instant(start), parse_instant(end)) for start, end in ranges]
                self._all[key].known = known
