"""When a department does not answer: said once when it starts and once when it ends.

While a department is silent every job fails, each with a reason of its own. They are one outage as
long as nothing else is answered; a question that fails while others are answered is one by itself.
"""

import math
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Outage:
    """Jobs that fail together. `partial` where the department has answered others meanwhile."""

    since: float
    jobs: set[str]
    partial: bool = False


@dataclass
class Outages:
    """Those of one department that go on; only its desk's thread calls it. Times are seconds of a
    monotonic clock; `began` is when the job began that has ended."""

    _going: list[Outage] = field(default_factory=list)
    _over: float = -math.inf

    def failed(self, log: Any, job: str, reason: str, began: float, now: float) -> None:
        """A job was not answered. One that began before an outage ended tells of that one."""
        if began < self._over or any(job in outage.jobs for outage in self._going):
            return
        whole = next((outage for outage in self._going if not outage.partial), None)
        if whole is not None:
            whole.jobs.add(job)
            return
        self._going.append(Outage(now, {job}))
        log.warning("does not answer", subject=job, reason=reason)

    def ended_well(
        self, log: Any, job: str, began: float, answered_at: float, now: float
    ) -> set[str]:
        """A job did not fail. It may have had nothing to ask: `answered_at` is when the department
        answered anybody last. Jobs that failed before it answered this one are given back once, so
        that it is soon known whether they are answered now as well."""
        missed: set[str] = set()
        for outage in self._going:
            if answered_at > min(began, outage.since):
                outage.jobs.discard(job)
            if not outage.partial and answered_at > began > outage.since:
                outage.partial = True
                missed |= outage.jobs
        self._end(log, now)
        return missed

    def over(self, log: Any, now: float) -> set[str]:
        """The department answers again as a whole; the jobs that did not get their answer."""
        self._over = now
        missed: set[str] = set()
        for outage in self._going:
            if not outage.partial:
                missed |= outage.jobs
                outage.jobs = set()
        self._end(log, now)
        return missed

    def begin(self, log: Any, jobs: Collection[str], now: float) -> None:
        """Go on with these jobs alone."""
        for outage in self._going:
            outage.jobs &= set(jobs)
        self._end(log, now)

    def _end(self, log: Any, now: float) -> None:
        for outage in self._going:
            if not outage.jobs:
                log.info("answers again", seconds=round(now - outage.since, 1))
        self._going = [outage for outage in self._going if outage.jobs]
