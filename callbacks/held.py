"""Answers that are held for a while: who asks the same meanwhile is given them, and nobody asks twice."""

from collections.abc import Callable, Coroutine, Hashable
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar

from callbacks.shared import Shared

T = TypeVar("T")


class Held(Generic[T]):
    """Answers by what was asked, each for the same time; failures are not held. Of all that is
    held the sizes add up to `most` at the most: the oldest go first. Used from the event loop alone.
    """

    def __init__(
        self,
        clock: Callable[[], datetime],
        hold: timedelta,
        most: int,
        size_of: Callable[[T], int] = lambda _: 1,
    ) -> None:
        self._clock, self._hold, self._most, self._size_of = clock, hold, most, size_of
        # In the order in which they end, as all are held equally long.
        self._held: dict[Hashable, tuple[datetime, int, T]] = {}
        self._size = 0
        self._asking = Shared()

    async def get(self, key: Hashable, ask: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """The answer that is held or on its way, else that of `ask`."""
        held = self._held.get(key)
        if held is not None and held[0] > self._clock():
            return held[2]
        return await self._asking.get(key, lambda: self._ask(key, ask))

    @property
    def size(self) -> int:
        """The sizes of all that is held."""
        return self._size

    async def _ask(self, key: Hashable, ask: Callable[[], Coroutine[Any, Any, T]]) -> T:
        found = await ask()
        now = self._clock()
        self._forget(key)
        self._held[key] = now + self._hold, self._size_of(found), found
        self._size += self._held[key][1]
        while self._held:
            oldest = next(iter(self._held))
            if self._held[oldest][0] > now and self._size <= self._most:
                break
            self._forget(oldest)
        return found

    def _forget(self, key: Hashable) -> None:
        if (gone := self._held.pop(key, None)) is not None:
            self._size -= gone[1]
