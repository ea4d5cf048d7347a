"""Turns: one at a time, in the order in which they came, and who is urgent first."""

import heapq
import itertools
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from dashboard.ports import Unreachable


class Turns:
    """A fair lock for threads of one process."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._queue: list[tuple[bool, int]] = []
        self._numbers = itertools.count()
        self._taken = False

    @property
    def waiting(self) -> int:
        """How many wait for their turn."""
        return len(self._queue)

    @contextmanager
    def taken(self, seconds: float, *, urgent: bool = False) -> Iterator[None]:
        """Wait for the turn and hold it while the block runs. Raises Unreachable where it does not
        come in time."""
        self._take((not urgent, next(self._numbers)), time.monotonic() + seconds)
        try:
            yield
        finally:
            with self._changed:
                self._taken = False
                self._changed.notify_all()

    def _take(self, ticket: tuple[bool, int], until: float) -> None:
        with self._changed:
            heapq.heappush(self._queue, ticket)
            mine = self._changed.wait_for(
                lambda: not self._taken and self._queue[0] == ticket, until - time.monotonic()
            )
            self._queue.remove(ticket)
            heapq.heapify(self._queue)
            if not mine:
                self._changed.notify_all()
                raise Unreachable("the center's store did not come to this write in time")
            self._taken = True
