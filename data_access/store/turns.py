"""Turns: one at a time, in the order in which they came, and who is urgent first."""

import heapq
import itertools
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from dashboard.ports import Unreachable

Ticket = tuple[bool, int, threading.Event]


class Turns:
    """A fair lock for threads of one process. Whoever ends calls the next one and nobody else: a
    crowd that wakes with every turn, to look whether it is its own, is what all would wait for."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._queue: list[Ticket] = []
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
        ticket = self._queued(urgent)
        if ticket is not None and not ticket[2].wait(seconds):
            self._leave(ticket)
        try:
            yield
        finally:
            self._call_next()

    def _queued(self, urgent: bool) -> Ticket | None:
        """None where the turn is free, and taken."""
        with self._lock:
            if not self._taken:
                self._taken = True
                return None
            ticket = (not urgent, next(self._numbers), threading.Event())
            heapq.heappush(self._queue, ticket)
            return ticket

    def _leave(self, ticket: Ticket) -> None:
        """Raises Unreachable, unless the turn has come at the last moment."""
        with self._lock:
            if ticket[2].is_set():
                return
            self._queue.remove(ticket)
            heapq.heapify(self._queue)
        raise Unreachable("the center's store did not come to this write in time")

    def _call_next(self) -> None:
        with self._lock:
            if self._queue:
                heapq.heappop(self._queue)[2].set()
            else:
                self._taken = False
