"""Long work: reading and telling the past, which a first start has much of in every department.

All of it runs in one process, where what computes stands in the way of everything else, so it is
done piece by piece, one department after another, with rests between that belong to the ticks.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import IntEnum

HELD = 2.0
"""Seconds after which a turn excludes nobody any more: a department that answers slowly does not
compute, and one that hangs must not keep the others from their past."""
FORGOTTEN = 3.0
"""Seconds after which who does not ask again no longer waits."""
BETWEEN = 0.03
"""Seconds between two that ask: the more there are who wait, the more seldom each of them asks, and
the turn is still taken as soon as it is free."""


class Urgency(IntEnum):
    """What goes first: numbers wait for the history to be read, sparklines and comparisons for the
    last day to be told, and few look at what is further back."""

    READING = 0
    LAST_DAY = 1
    FURTHER = 2


RESTS = {Urgency.READING: 0.25, Urgency.LAST_DAY: 0.5, Urgency.FURTHER: 0.5}
"""So many times as long as a piece took, but no longer than for one of `HELD`, nobody has the
turn."""


@dataclass(frozen=True)
class _Asker:
    """Somebody who waits, and when he asked last."""

    urgency: Urgency
    asked: float


class LongWork:
    """The one turn of all departments. Times are seconds of a monotonic clock; `waiting` is how long
    whoever did not get the turn is to wait at most before he asks again."""

    def __init__(
        self, clock: Callable[[], float] = time.monotonic, *, waiting: float = 1.0
    ) -> None:
        self._clock = clock
        self.waiting = waiting
        self._lock = threading.Lock()
        self._holder: str | None = None
        self._last: str | None = None
        self._since = 0.0
        self._free = 0.0
        self._waiting: dict[str, _Asker] = {}

    @contextmanager
    def turn(self, who: str, urgency: Urgency) -> Iterator[float]:
        """Seconds until `who` is to ask again; 0 where it is his turn for one piece, which the block
        then does. What is more urgent goes first; of equals nobody goes twice while others wait."""
        later = self._take(who, urgency)
        try:
            yield later
        finally:
            if not later:
                self._give_back(who, RESTS[urgency])

    def _take(self, who: str, urgency: Urgency) -> float:
        now = self._clock()
        with self._lock:
            self._waiting = {n: a for n, a in self._waiting.items() if now - a.asked < FORGOTTEN}
            self._waiting.pop(who, None)
            me = _Asker(urgency, now)
            held = self._holder is not None and now - self._since < HELD
            if held or now < self._free or self._is_after_others(who, me):
                self._waiting[who] = me
                return self._ask_again(me)
            self._holder = self._last = who
            self._since = now
            return 0.0

    def _ask_again(self, me: _Asker) -> float:
        """Not before the turn is free, where that is known, and the later the more others ask who
        are as urgent: what is less so waits for this one, who must not be long in coming."""
        asking = sum(other.urgency <= me.urgency for other in self._waiting.values())
        return min(self.waiting, max(self._free - me.asked, BETWEEN * asking))

    def _is_after_others(self, who: str, me: _Asker) -> bool:
        others = self._waiting.values()
        if any(other.urgency < me.urgency for other in others):
            return True
        return self._last == who and any(other.urgency == me.urgency for other in others)

    def _give_back(self, who: str, rest: float) -> None:
        """Nothing where somebody else has it by now."""
        now = self._clock()
        with self._lock:
            if self._holder == who:
                self._holder = None
                self._free = now + rest * min(now - self._since, HELD)
