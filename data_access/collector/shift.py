"""A shift: the work on one department while one lease is held. Starts jobs when they are due, takes
in what they bring, and knows whether the department answers."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import structlog

from dashboard.ports import Fenced, Unreachable
from dashboard.reasons import Reason, reason_of
from data_access.collector.agenda import Agenda
from data_access.collector.board import Board
from data_access.collector.breaker import Breaker
from data_access.collector.crew import Crew, Ground
from data_access.collector.door import Door, SourceDown
from data_access.collector.hanging import Hanging
from data_access.collector.house import House
from data_access.collector.lanes import Done, Lanes
from data_access.collector.lease import Lease
from data_access.collector.outages import Outages
from data_access.collector.quiet import night_of
from data_access.collector.refusals import Refusals
from data_access.collector.timetable import ASK, ASKING, TICK, Job, Lane, Timetable
from data_access.collector.work import Outcome

log = structlog.get_logger(__name__)
_QUIETLY = frozenset({"fill", "memory", "histograms", "derived", "remember", "inspect", "diary"})
"""Jobs whose end alone is no news for a screen."""
PUBLISHING = 10.0
"""News wait so many times as long as it took to publish the last, so that a start, in which much
ends at once, is not busy with telling of it."""


@dataclass
class Complaints:
    """What is the matter with a department, as it was said in the log; outlives a shift."""

    refusals: Refusals = field(default_factory=Refusals)
    outages: Outages = field(default_factory=Outages)


class Shift:
    """One department under one lease; only its desk's thread calls it."""

    def __init__(
        self,
        house: House,
        agenda: Agenda,
        make_door: Callable[[], Door],
        lease: Lease,
        complaints: Complaints,
    ) -> None:
        self._house = house
        self._lease = lease
        self._agenda = agenda
        self._log = log.bind(department=agenda.department.key)
        self._complaints = complaints
        self.board = Board(agenda, complaints.refusals)
        self.breaker = Breaker()
        self._lanes: Lanes[Outcome] = Lanes(agenda.department.key)
        rooms = agenda.department.limits.connections
        self._times: Timetable[Outcome] = Timetable(
            {Lane.TICK: rooms, Lane.SLOW: max(1, rooms - 1), Lane.HOUSE: 1},
            rooms,
            jitter=house.pace.jitter,
        )
        limit = agenda.department.limits.statement.total_seconds()
        self._hanging = Hanging(limit * house.pace.patience + house.pace.grace)
        self._crew = Crew(Ground(house, agenda, self.board, make_door, lease.held))
        self._ticks = self._failures = self._asked_before = 0
        self._store_silent: float | None = None
        self._news = False
        self._judged = self._publishing = 0.0

    def begin(self) -> None:
        """Go on with what was open. Raises Unreachable where the store is silent."""
        self.board.opened = self._crew.memory.opened()
        self.board.feed_states = self._crew.memory.feed_states()
        now = time.monotonic()
        for job in self._crew.roster.jobs(now):
            self._times.add(job)
        jobs = self._times.jobs
        soon = (TICK, ASK)
        self._complaints.refusals.begin(jobs, lambda job: job.startswith(soon))
        self._complaints.outages.begin(self._log, jobs, now)

    def end(self) -> None:
        """Let the department go, and keep what is to be remembered."""
        self._lanes.abandon()
        try:
            self._crew.memory()
        except (Unreachable, Fenced):
            self._log.info("not remembered")
        self._crew.give_up()

    def wake(self) -> None:
        """End a wait for the lanes; may be called from any thread."""
        self._lanes.wake()

    def next_due(self, now: float) -> float:
        """When the next job can start, or the next probe of a silent department may go."""

        def not_before(lane: Lane) -> float:
            if lane is Lane.HOUSE or not self.breaker.is_open:
                return now
            return self.breaker.probe_at or now if lane is Lane.TICK else math.inf

        return self._times.next_due(not_before)

    def has_news(self, now: float) -> bool:
        """Whether something worth publishing has ended, or it is time to judge again."""
        if now < self.news_due():
            return False
        self._news, self._judged = False, now
        return True

    def news_due(self) -> float:
        """When to publish next: a little after the last time where there is news, so that what ends
        together is told together; else when it is time to judge again."""
        pace = self._house.pace
        soon = max(pace.publish, self._publishing * PUBLISHING)
        return self._judged + (min(soon, pace.judge) if self._news else pace.judge)

    def published(self, seconds: float) -> None:
        """All was judged and published, which took so long."""
        self._publishing = seconds

    def start_due(self, now: float) -> None:
        """Start what is due, unless the department is to be left in peace."""
        self._give_up_hanging(now)
        self._plan_reconciliation()
        for job in self._times.due(now, lambda lane: self._lets(lane, now)):
            if job.lane in ASKING:
                if not self.breaker.lets(now):
                    continue
                self.breaker.started()
            self._times.start(job, now)
            self._lanes.start(job.name, job.work)

    def _lets(self, lane: Lane, now: float) -> bool:
        """A silent department is probed by ticks only."""
        if lane is Lane.HOUSE:
            return True
        return self.breaker.lets(now) and (lane is Lane.TICK or not self.breaker.is_open)

    def take_ended(self, timeout: float) -> None:
        """Take in what ended, waiting at most so many seconds. Raises Fenced."""
        for done in self._lanes.ended(timeout):
            job = self._times.jobs[done.job]
            again = done.outcome is not None and done.outcome.again
            pause = done.seconds * (done.outcome.rest if done.outcome else 0.0)
            pause = max(pause, done.outcome.pause) if done.outcome else pause
            self._times.ended(done.job, time.monotonic() + pause if again else None)
            self._news = self._news or done.job not in _QUIETLY
            if isinstance(done.error, Fenced):
                raise done.error
            if done.outcome is None:
                self._failed(job, done)
            else:
                self._succeeded(job, done, done.outcome)
        self.board.skipped = self._crew.roster.skipped(self._times)
        self.board.progress = self._crew.roster.progress()

    def _succeeded(self, job: Job[Outcome], done: Done[Outcome], outcome: Outcome) -> None:
        self.board.take(outcome)
        if outcome.hurry is not None:
            self._times.advance(outcome.hurry, time.monotonic())
        if outcome.store is not None:
            self._store_failed(outcome.store)
        subject = self._crew.roster.subject(job.name)
        if job.lane is Lane.TICK and (outcome.reports or outcome.measured):
            self._ticks += 1
            self.board.cost[subject] = round(done.seconds * 1000, 1)
        if (self.board.failures.pop(subject, None) or "").startswith(Reason.FAULT.value):
            self._log.info("fault is over", subject=subject)
        if job.lane in ASKING:
            self._answered(job.name, done.began)

    def _answered(self, job: str, began: float) -> None:
        """A job that asks has ended well. Where it had nothing to ask, as is often so, that proves
        nothing of the department; where something was declined, the department answers."""
        complaints, now = self._complaints, time.monotonic()
        complaints.refusals.settle(self._log, job)
        missed = complaints.refusals.hurried()
        answered_at = self._crew.door.answered_at
        if answered_at < began:
            self.breaker.undecided()
        elif self.breaker.succeeded():
            self.board.whole = None
            self._times.hurry(Lane.TICK, now)
            missed |= complaints.outages.over(self._log, now)
        missed |= complaints.outages.ended_well(self._log, job, began, answered_at, now)
        for name in missed:
            self._times.advance(name, now)

    def _failed(self, job: Job[Outcome], done: Done[Outcome]) -> None:
        """A job failed: through the department, the store, or a fault of ours."""
        error, subject = done.error, self._crew.roster.subject(job.name)
        if isinstance(error, Unreachable):
            self._store_failed(str(error))
            self.breaker.undecided()
            return
        if isinstance(error, SourceDown):
            reason = reason_of(Reason.UNREACHABLE, str(error))
            self._department_failed(job.name, reason, done.began)
            return
        self._failures += 1
        if subject not in self.board.failures:
            self._log.error("fault", subject=subject, exc_info=error)
        self.board.failures[subject] = reason_of(Reason.FAULT, type(error).__name__)
        if job.lane in ASKING:
            self.breaker.succeeded()  # It answered; the fault is ours.

    def _department_failed(self, job: str, reason: str, began: float) -> None:
        now = time.monotonic()
        self._failures += 1
        self._complaints.outages.failed(self._log, job, reason, began, now)
        self.board.failures[self._crew.roster.subject(job)] = reason
        self.breaker.failed(now)
        if self.breaker.is_open:
            self.board.whole = reason

    def _store_failed(self, silent: str) -> None:
        """A silence of the store is logged once when it starts and once when it ends."""
        if self._store_silent is None:
            self._log.warning("store does not answer", error=silent)
        self._store_silent = time.monotonic()

    def store_answered(self, at: float) -> None:
        """The store answered the lease at that time."""
        if self._store_silent is not None and at > self._store_silent:
            self._log.info("store answers again")
            self._store_silent = None

    def _give_up_hanging(self, now: float) -> None:
        """Statements that outlive their own limit by far are given up with their connections."""
        asking = [j.name for j in self._times.jobs.values() if j.running and j.lane in ASKING]
        for name in self._hanging.writes(self._lanes, self._crew.door, asking, now):
            self._log.warning("work waits for the store", subject=name)
        hung = self._hanging.questions(self._lanes, self._crew.door, asking, now)
        if not hung:
            return
        began = {name: self._lanes.began.get(name, now) for name in hung}
        self._relieve()
        for name, since in began.items():
            self._department_failed(name, Reason.NO_ANSWER.value, since)

    def _relieve(self) -> None:
        """Give up the crew with all that it does, and let another go on with fresh connections."""
        self._lanes.abandon()
        self._asked_before += self._crew.door.asked
        self._crew = self._crew.relieved()
        self._lease.outdo()
        for job in self._crew.roster.jobs(time.monotonic()):
            known = self._times.jobs[job.name]
            known.work, known.running = job.work, False

    def _plan_reconciliation(self) -> None:
        """Once a night, in the department's quiet hours, the whole history is compared."""
        night = night_of(self._agenda.department, self._house.clock())
        if night is None or not self._crew.roster.is_read():
            return
        if self._crew.memory.new_night(night):
            self._crew.roster.reconciler.want(None)
            self._times.advance("reconcile", time.monotonic())

    def remember(self, published: dict[str, list[str]]) -> None:
        """Have the matters that are open, how the feeds are and the keys published kept for a
        restart."""
        self._crew.memory.note(self.board.opened, self.board.feed_states, published)

    def counters(self) -> dict[str, Any]:
        """What `/metrics` and `/readyz` tell of the collector's work on this department."""
        late = time.monotonic() - self._times.next_due_of(Lane.TICK)
        return {
            "lag_s": round(max(0.0, late), 1),
            "ticks": self._ticks,
            "skipped": sum(self._crew.roster.skipped(self._times).values()),
            "failures": self._failures + self._complaints.refusals.met,
            "breaker": "open" if self.breaker.is_open else "closed",
            "queries": self._asked_before + self._crew.door.asked,
        }
