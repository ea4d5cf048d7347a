"""A small memory of answers, so that many viewers of one page put one question."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator, Sized
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Generic, TypeVar

T = TypeVar("T", bound=Sized)


@dataclass
class _Turn:
    """The queue of those who ask for one key; it goes with the last of them."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    people: int = 0


class Memory(Generic[T]):
    """Answers by key for a while; safe for threads. One question per key at a time.

    What is kept is bounded by its points and not by its entries, since one answer holds ten points
    and the next a hundred thousand. All answers last equally long, so the first one in is the first
    to expire. `clock` gives seconds and never goes back, which the time of day may.
    """

    def __init__(
        self, lasts: timedelta, most: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """`most` is the number of points kept; an answer without points counts as one."""
        self._lasts = lasts.total_seconds()
        self._most = most
        self._clock = clock
        self._kept: OrderedDict[Hashable, tuple[float, T]] = OrderedDict()
        self._points = 0
        self._turns: dict[Hashable, _Turn] = {}
        self._lock = threading.Lock()

    def __len__(self) -> int:
        """The points that are kept."""
        return self._points

    def get(self, key: Hashable, ask: Callable[[], T]) -> T:
        """The remembered answer, else a new one; what `ask` raises is not remembered."""
        with self._turn(key):
            with self._lock:
                self._drop_expired()
                kept = self._kept.get(key)
            if kept is not None:
                return kept[1]
            answer = ask()
            with self._lock:
                self._keep(key, answer)
            return answer

    @contextmanager
    def _turn(self, key: Hashable) -> Iterator[None]:
        """Waits until nobody else asks for the key. Those who wait are counted, so that whoever
        comes after a failure waits behind them."""
        with self._lock:
            turn = self._turns.setdefault(key, _Turn())
            turn.people += 1
        try:
            with turn.lock:
                yield
        finally:
            with self._lock:
                turn.people -= 1
                if not turn.people:
                    del self._turns[key]

    def _keep(self, key: Hashable, answer: T) -> None:
        self._drop_expired()
        if _points(answer) > self._most:
            return
        self._kept[key] = (self._clock() + self._lasts, answer)
        self._points += _points(answer)
        while self._points > self._most:
            self._drop_first()

    def _drop_expired(self) -> None:
        now = self._clock()
        while self._kept and next(iter(self._kept.values()))[0] <= now:
            self._drop_first()

    def _drop_first(self) -> None:
        _, (_, answer) = self._kept.popitem(last=False)
        self._points -= _points(answer)


def _points(answer: Sized) -> int:
    return max(1, len(answer))
