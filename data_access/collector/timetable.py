"""The timetable of one department: what is due when, in which lane, and what came too late."""

import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Generic, TypeVar

T = TypeVar("T")
TICK, ASK = "tick/", "ask/"
"""How the jobs of datasets and of asked indicators are called."""


class Lane(Enum):
    """Where work runs. Ticks and slow questions go to the department, each in its own lanes, so
    that a long question delays no tick; the house's own work asks only the store."""

    TICK = "tick"
    SLOW = "slow"
    HOUSE = "house"


ASKING = (Lane.TICK, Lane.SLOW)
"""Lanes that ask the department."""


@dataclass
class Job(Generic[T]):
    """Something to do again and again, every so many seconds."""

    name: str
    lane: Lane
    every: float
    work: Callable[[], T]
    due: float = 0.0
    running: bool = False
    skipped: int = 0


@dataclass
class Timetable(Generic[T]):
    """Jobs by name. A job that is late is skipped and counted, never queued: whatever it missed, it
    runs once. `lanes` says how many jobs each lane has room for, `together` how many may ask the
    department at a time. Times are seconds of a monotonic clock."""

    lanes: dict[Lane, int]
    together: int
    draw: random.Random = field(default_factory=random.Random)
    jobs: dict[str, Job[T]] = field(default_factory=dict)
    jitter: float = 0.1

    def add(self, job: Job[T]) -> None:
        """Take a job on; it is due at its own `due`."""
        self.jobs[job.name] = job

    def due(self, now: float, lets: Callable[[Lane], bool]) -> list[Job[T]]:
        """Jobs to start now, the longest overdue first, as many as their lanes have room for."""
        found: list[Job[T]] = []
        for job in sorted(self.jobs.values(), key=lambda job: job.due):
            if job.due > now:
                break
            if job.running:
                self._skip(job, now)
            elif self._room(job.lane, found) > 0 and lets(job.lane):
                found.append(job)
        return found

    def _room(self, lane: Lane, starting: Sequence[Job[T]] = ()) -> int:
        """How many more jobs may start in a lane beside those that run or are about to."""
        busy = [job for job in self.jobs.values() if job.running] + list(starting)
        room = self.lanes.get(lane, 0) - sum(job.lane is lane for job in busy)
        if lane not in ASKING:
            return room
        return min(room, self.together - sum(job.lane in ASKING for job in busy))

    def start(self, job: Job[T], now: float) -> None:
        """The job starts: what it missed is counted and its next time is set, a little off the
        beat, so that departments do not all ask at once."""
        if job.due > 0:
            job.skipped += int((now - job.due) / job.every)
        job.running = True
        job.due = now + job.every * self.draw.uniform(1 - self.jitter, 1.0)

    def ended(self, name: str, again: float | None = None) -> None:
        """The job ended; `again` brings its next time forward to that moment."""
        job = self.jobs.get(name)
        if job is not None:
            job.running = False
            if again is not None:
                job.due = min(job.due, again)

    def advance(self, name: str, at: float) -> None:
        """A job is due at this moment at the latest."""
        job = self.jobs[name]
        job.due = min(job.due, at)

    def hurry(self, lane: Lane, now: float) -> None:
        """Everything of a lane is due now, after an outage."""
        for job in self.jobs.values():
            if job.lane is lane:
                job.due = min(job.due, now)

    def next_due(self, not_before: Callable[[Lane], float]) -> float:
        """When the next job can start, of those in lanes with room; none of a lane before what
        `not_before` says. The end of a running job gives room again."""
        free = {lane: self._room(lane) for lane in Lane}
        return min(
            (
                max(job.due, not_before(job.lane))
                for job in self.jobs.values()
                if not job.running and free[job.lane] > 0
            ),
            default=math.inf,
        )

    def next_due_of(self, lane: Lane) -> float:
        """When the first job of a lane is or was due, running or not."""
        return min((job.due for job in self.jobs.values() if job.lane is lane), default=0.0)

    def _skip(self, job: Job[T], now: float) -> None:
        missed = int((now - job.due) / job.every) + 1
        job.skipped += missed
        job.due += missed * job.every
