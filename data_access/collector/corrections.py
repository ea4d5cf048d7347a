"""Corrections: those of the last days, which a tick reads at once, and those of long ago, which are
read again when there is time.

Unlike history that was never read the latter leave a window's value as it was, a little behind,
instead of none.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from dashboard.ports import Range
from data_access.collector.pieces import newest_first, without

OVERLAP = timedelta(minutes=2)
"""Rows written so long before the watermark are read again: they may have been committed late."""
APART = timedelta(minutes=1)
"""A corrected row is found by every tick for two minutes, since its neighbours may be committed
late; its range is read again but once in so long, which is less, so that nothing is missed."""
STANDING = timedelta(minutes=10)
"""The same where the newest correction is the same still: then it is found by every tick for ever."""


@dataclass
class Corrections:
    """Corrected ranges that wait to be read again."""

    waiting: list[Range] = field(default_factory=list)
    _found: dict[Range, tuple[datetime | None, datetime]] = field(default_factory=dict)

    def put_off(self, ranges: Iterable[Range], newest: datetime | None, now: datetime) -> None:
        """Have ranges read again in which rows were corrected, the newest of them at `newest`."""
        fresh = [window for window in ranges if self._is_due(window, newest, now)]
        self._found = {w: known for w, known in self._found.items() if now - known[1] < STANDING}
        self._found |= dict.fromkeys(fresh, (newest, now))
        self.waiting = newest_first([*self.waiting, *fresh])

    def _is_due(self, window: Range, newest: datetime | None, now: datetime) -> bool:
        before, at = self._found.get(window, (None, None))
        if at is None:
            return True
        return now - at >= (STANDING if before == newest else APART)

    def read(self, window: Range) -> None:
        """A range has been read again."""
        self.waiting = without(self.waiting, window)


@dataclass(frozen=True)
class _Read:
    """A range as it was read: the newest correction then, when it was read first and last."""

    newest: datetime | None
    first: datetime
    last: datetime


@dataclass
class Recent:
    """Corrected ranges that ticks have read. The newest correction is found by every tick until
    there is a newer one; all that was read as of it need not be read again."""

    _known: dict[Range, _Read] = field(default_factory=dict)

    def due(self, found: Iterable[Range], newest: datetime | None, now: datetime) -> list[Range]:
        """The ranges of a tick that must be read, the newest correction being of `newest`."""
        return [window for window in found if self._is_due(window, newest, now)]

    def _is_due(self, window: Range, newest: datetime | None, now: datetime) -> bool:
        known = self._known.get(window)
        if known is None or known.newest != newest:
            return True
        # What is committed late bears a time that is not newer. The department's clock may be
        # ahead of ours, so neither alone says that it is too late for that.
        if now - max(known.first, newest or known.first) < OVERLAP:
            return True
        return now - known.last >= STANDING

    def read(
        self,
        found: Iterable[Range],
        due: Collection[Range],
        newest: datetime | None,
        now: datetime,
    ) -> None:
        """A tick has read those that were due of the ranges it found; others are forgotten."""
        before, self._known = self._known, {}
        for window in found:
            known = before.get(window)
            if known is None or known.newest != newest:
                known = _Read(newest, now, now)
            elif window in due:
                known = replace(known, last=now)
            self._known[window] = known
