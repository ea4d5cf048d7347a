"""The way into a department, and the error that tells its silence from that of the store."""

import math
import threading
import time
from collections.abc import Callable
from typing import TypeVar

from dashboard.ports import Declined, Source, TimedOut, Unreachable

T = TypeVar("T")


class SourceDown(Exception):
    """The department did not answer; the message is safe to show."""


class SourceSlow(SourceDown):
    """The department ended this one question, which took too long; whoever has others can go on."""


class SourceDeclined(Exception):
    """The department answered, but declines this question; the message is safe to show."""


class Door:
    """Asks one department's source, opened with the first question, and counts the questions."""

    def __init__(self, make: Callable[[], Source]) -> None:
        self._make = make
        self._source: Source | None = None
        self._lock = threading.Lock()
        self._closed = False
        self.asked = 0
        self.answered_at = -math.inf
        """When the department answered last, if only to decline; of the monotonic clock."""
        self._asking: dict[int, float] = {}
        """Since when each thread waits for an answer."""
        self._asked: dict[int, float] = {}
        """When each thread's last question ended, however it did."""

    def ask(self, question: Callable[[Source], T]) -> T:
        """Put one question. Raises SourceDown where the port says Unreachable, or where the URL is
        none, so that a silent store is never taken for a silent department; and where the door was
        closed, even while the question was asked: nobody waits for the answer any more. Raises
        SourceDeclined where the port says Declined, SourceSlow where it says TimedOut."""
        self._asking[threading.get_ident()] = time.monotonic()
        try:
            answer = self._put(self._opened(), question)
        except Declined as error:
            self._refuse_if_closed()
            self.answered_at = time.monotonic()
            raise SourceDeclined(str(error)) from error
        except TimedOut as error:
            self._refuse_if_closed()
            raise SourceSlow(str(error)) from error
        except Unreachable as error:
            raise SourceDown(str(error)) from error
        finally:
            self._asked[threading.get_ident()] = time.monotonic()
            del self._asking[threading.get_ident()]
        self._refuse_if_closed()
        self.answered_at = time.monotonic()
        return answer

    def asked_since(self, thread: int | None) -> float | None:
        """Since when a thread waits for the department to answer, None where it does not: whatever
        it waits for then is not the department's."""
        return None if thread is None else self._asking.get(thread)

    def asked_until(self, thread: int | None) -> float:
        """When the last question of a thread ended; long ago where it asked none."""
        return -math.inf if thread is None else self._asked.get(thread, -math.inf)

    def _put(self, source: Source, question: Callable[[Source], T]) -> T:
        """A question that is declined is put once more: it may have been made for a table as it was
        before somebody altered it, or be declined by what is known of the table, with nobody
        asked. Declined again, it is the database that says so."""
        self.asked += 1
        try:
            return question(source)
        except Declined:
            self._refuse_if_closed()
            self.asked += 1
            return question(source)

    def close(self) -> None:
        """Let the connections go, for good."""
        with self._lock:
            self._closed = True
            source, self._source = self._source, None
        if source is not None:
            source.close()

    def _opened(self) -> Source:
        with self._lock:
            self._refuse_if_closed()
            if self._source is None:
                try:
                    self._source = self._make()
                except ValueError as error:
                    raise Unreachable(str(error)) from error
            return self._source

    def _refuse_if_closed(self) -> None:
        if self._closed:
            raise SourceDown("the question was given up")
