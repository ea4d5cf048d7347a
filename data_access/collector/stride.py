"""Strides: how much of a plan's history is read at once, and when after a failure it is tried again.

A piece that takes longer than the department allows a statement would take as long at the next try,
and for ever: it is cut in half, and other plans go first meanwhile.
"""

from dataclasses import dataclass, replace
from datetime import timedelta

DAY, SHORTEST, LONGEST = timedelta(days=1), timedelta(hours=1), timedelta(days=128)
"""The first, and the bounds. Only failures make a stride shorter than a day: of what is older than
two weeks the store keeps hours, so that nothing shorter than one can be read by itself."""
QUICK, SLOW = 0.3, 1.5
"""Seconds: history is read in pieces twice as long while they come quickly, half as long when not,
so that years without rows cost little and dense days do not hold up a tick."""
FIRST_REST, LONGEST_REST = 2.0, 300.0
"""Seconds until a plan is tried again, the first time and at most; twice as long each time."""


@dataclass(frozen=True)
class Stride:
    """The length of the next piece, and not before when it is read (of a monotonic clock)."""

    length: timedelta = DAY
    again_at: float = 0.0
    _rest: float = FIRST_REST

    def failed(self, now: float) -> "Stride":
        """After a piece of this length that was not answered."""
        rest = min(self._rest * 2, LONGEST_REST)
        return Stride(max(self.length / 2, SHORTEST), now + self._rest, rest)

    def answered(self, spent: float) -> "Stride":
        """After one that was read and written in so many seconds."""
        if spent < QUICK:
            return Stride(min(self.length * 2, LONGEST))
        if spent > SLOW and self.length > DAY:
            return Stride(max(self.length / 2, DAY))
        return replace(self, again_at=0.0, _rest=FIRST_REST)
