"""Lanes: one short-lived thread per running job, whose end is reported whatever happens in it.

Threads are daemons, since a statement that hangs must not keep the process from ending.
"""

import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from data_access.collector.contained import Contained

T = TypeVar("T")


@dataclass(frozen=True)
class Done(Generic[T]):
    """How a job ended: its outcome, or the error that ended it, how long it took, and when it
    began (of the monotonic clock)."""

    job: str
    generation: int
    outcome: T | None
    error: Exception | None
    seconds: float
    began: float = 0.0


class Lanes(Generic[T]):
    """Runs jobs and hands their ends to one inbox, which the desk empties."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._inbox: queue.SimpleQueue[Done[T] | None] = queue.SimpleQueue()
        self.generation = 0
        self.began: dict[str, float] = {}
        self._threads: dict[str, threading.Thread] = {}

    def start(self, job: str, work: Callable[[], T]) -> None:
        """Run a job in a thread of its own."""
        self.began[job] = time.monotonic()
        self._threads[job] = threading.Thread(
            target=self._perform,
            args=(job, self.generation, work),
            name=f"{self._name}/{job}",
            daemon=True,
        )
        self._threads[job].start()

    def thread_of(self, job: str) -> int | None:
        """The ident of the thread that a job runs in."""
        thread = self._threads.get(job)
        return thread.ident if thread else None

    def _perform(self, job: str, generation: int, work: Callable[[], T]) -> None:
        began = time.monotonic()
        outcome: T | None = None
        with Contained() as contained:
            outcome = work()
        seconds = time.monotonic() - began
        self._inbox.put(Done(job, generation, outcome, contained.error, seconds, began))

    def ended(self, timeout: float) -> list[Done[T]]:
        """Jobs that ended, waiting so many seconds for the first. Those of abandoned generations
        are dropped."""
        found: list[Done[T]] = []
        try:
            first = self._inbox.get(timeout=max(0.0, timeout))
            while True:
                if first is not None and first.generation == self.generation:
                    self.began.pop(first.job, None)
                    self._threads.pop(first.job, None)
                    found.append(first)
                first = self._inbox.get_nowait()
        except queue.Empty:
            return found

    def wake(self) -> None:
        """End a wait in `ended`."""
        self._inbox.put(None)

    def abandon(self) -> None:
        """Wait for none of the running jobs any more."""
        self.generation += 1
        self.began.clear()
        self._threads.clear()
