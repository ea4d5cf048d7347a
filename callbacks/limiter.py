"""Limits on how often somebody may try something: guesses of codes, browsers that want one."""

import time
from collections import deque
from collections.abc import Callable

MOST_KEPT = 1000
"""Names of which tries are kept; beyond it those who tried longest ago are forgotten."""


class Limiter:
    """At most so many tries in so many seconds for each name. Of one web process, in memory."""

    def __init__(
        self, most: int, seconds: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._most = most
        self._seconds = seconds
        self._clock = clock
        self._tries: dict[str, deque[float]] = {}

    def spent(self, name: str) -> bool:
        """Whether a name has no try left."""
        return len(self._recent(name)) >= self._most

    def note(self, name: str) -> None:
        """Count a try."""
        recent = self._recent(name)
        recent.append(self._clock())
        self._tries.pop(name, None)
        self._tries[name] = recent
        while len(self._tries) > MOST_KEPT:
            del self._tries[next(iter(self._tries))]

    def take(self, name: str) -> bool:
        """Count a try where there is one left; False where there is none."""
        if self.spent(name):
            return False
        self.note(name)
        return True

    def _recent(self, name: str) -> deque[float]:
        tries = self._tries.get(name, deque())
        while tries and tries[0] <= self._clock() - self._seconds:
            tries.popleft()
        return tries
