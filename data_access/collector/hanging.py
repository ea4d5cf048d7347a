"""Work that takes too long, and which side it waits for.

A job asks the department and writes to the store. A question that outlives its own limit by far is
given up, and the department is silent. A write ends by itself, since the store's waits all have an
end: it is waited for, and said once, for it is not the department that is slow.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from data_access.collector.door import Door
from data_access.collector.lanes import Lanes


@dataclass
class Hanging:
    """Tells them apart, after so many seconds of `patience`; only its desk's thread calls it."""

    patience: float
    _said: dict[str, float] = field(default_factory=dict)

    def questions(
        self, lanes: Lanes[Any], door: Door, jobs: Iterable[str], now: float
    ) -> list[str]:
        """Those of the running jobs whose question is to be given up."""
        since = {job: door.asked_since(lanes.thread_of(job)) for job in jobs}
        return [job for job, at in since.items() if at is not None and now - at > self.patience]

    def writes(self, lanes: Lanes[Any], door: Door, jobs: Iterable[str], now: float) -> list[str]:
        """Those that have asked nobody for as long, and were not told of yet."""
        told, self._said = self._said, {}
        found: list[str] = []
        for job in jobs:
            began = lanes.began.get(job, now)
            thread = lanes.thread_of(job)
            asking = door.asked_since(thread) is not None
            if asking or now - max(began, door.asked_until(thread)) <= self.patience:
                continue
            self._said[job] = began
            if told.get(job) != began:
                found.append(job)
        return found
