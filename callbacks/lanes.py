"""Lanes: threads by what they wait for, so that whoever is silent holds up only his own.

The store, files, health, ranking, sessions and signing in have a lane each, and so has every
department. A question that finds all
threads of its lane busy waits for some seconds and is then told so.
"""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from dashboard.ports import Busy

P = ParamSpec("P")
T = TypeVar("T")

STORE, FILES, HEALTH = "the center's store", "the writing of files", "health"
RANKING = "the ranking of what was found"
SESSIONS, SIGNING_IN = "sessions", "signing in"
HEALTH_THREADS = 2
RANKING_THREADS = 2
SESSION_THREADS, SIGNING_IN_THREADS = 2, 2
"""Ranking computes and waits for nothing: more threads would only take time from the streams. So does
signing in, whose hashes also take 64 MB each."""
PATIENCE = 8.0
"""Seconds that a question waits for a thread."""


class Lanes:
    """Bounded pools by name, made with the first question of each."""

    def __init__(self, own: int = 8, department: int = 4, patience: float = PATIENCE) -> None:
        """`own` threads for the store and as many for files; `department` for each department."""
        self._sizes = {
            STORE: own,
            FILES: own,
            HEALTH: HEALTH_THREADS,
            RANKING: RANKING_THREADS,
            SESSIONS: SESSION_THREADS,
            SIGNING_IN: SIGNING_IN_THREADS,
        }
        self._department = department
        self._patience = patience
        self._pools: dict[str, ThreadPoolExecutor] = {}
        self._lock = threading.Lock()

    async def run(self, lane: str, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """The result of blocking work. Raises Busy where no thread of the lane came free in time.

        Who is cancelled before the work began takes it out of the queue.
        """
        started = self._pool(lane).submit(work, *args, **kwargs)
        waiting = asyncio.wrap_future(started)
        try:
            await asyncio.wait({waiting}, timeout=self._patience)
            if started.cancel():
                raise Busy(f"{lane}: busy, too many questions wait; ask again in a moment")
            return await waiting
        finally:
            waiting.cancel()

    def close(self) -> None:
        """Let the threads go once they end what they do; what waits is forgotten."""
        with self._lock:
            pools, self._pools = list(self._pools.values()), {}
        for pool in pools:
            pool.shutdown(wait=False, cancel_futures=True)

    def _pool(self, lane: str) -> ThreadPoolExecutor:
        with self._lock:
            if lane not in self._pools:
                size = self._sizes.get(lane, self._department)
                self._pools[lane] = ThreadPoolExecutor(size, thread_name_prefix=f"web {lane}")
            return self._pools[lane]


def lane_of(departments: frozenset[str]) -> str:
    """The lane of a question: of a department, or of the very departments that it rests on, so that
    one of them never holds up what rests on another alone."""
    return " and ".join(sorted(departments))
