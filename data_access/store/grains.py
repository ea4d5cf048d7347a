"""In which grain rows are kept at which time, and runs of evenly spaced buckets for SQL to group by."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from dashboard import windows
from dashboard.ports import Range
from dashboard.windows import align, bucket_start, cutoffs, starts

SLACK = timedelta(days=1)
"""The store thins this much later than `windows.widen` widens, so that ranges which were widened
just before a midnight and arrive just after it still fit."""


def epoch(at: datetime) -> int:
    """A moment as whole seconds since 1970."""
    return int(at.timestamp())


def moment(seconds: float) -> datetime:
    """The inverse of `epoch`."""
    return datetime.fromtimestamp(seconds, UTC)


@dataclass(frozen=True)
class Keeping:
    """Before `days_to` rows are kept per local day, before `hours_to` per hour, then 5 minutes."""

    zone: str
    days_to: datetime
    hours_to: datetime

    def grain(self, at: datetime) -> str:
        """The grain in which a moment is kept."""
        return "1d" if at < self.days_to else "1h" if at < self.hours_to else "5m"

    def start(self, at: datetime) -> datetime:
        """The start of the kept bucket a moment belongs to."""
        return bucket_start(at, self.grain(at), self.zone)

    def check(self, window: Range) -> None:
        """Raise ValueError for a range that cuts a kept bucket in two."""
        for edge, last in ((window[0], window[0]), (window[1], window[1] - timedelta(seconds=1))):
            grain = self.grain(last)
            if edge not in align((last, last), grain, self.zone):
                raise ValueError(
                    f"found a range edge at {edge.isoformat()} inside a kept bucket of {grain},"
                    " expected ranges widened by windows.widen before the source is asked"
                )


def keeping(now: datetime, zone: str, thinned: tuple[int, int] | None) -> Keeping:
    """What holds now in a zone, where thinning has come to `thinned` (days, hours; epochs)."""
    days_to, hours_to = cutoffs(now - SLACK, zone)
    if thinned is not None:
        days_to = max(days_to, moment(thinned[0]))
        hours_to = max(hours_to, moment(thinned[1]))
    return Keeping(zone, days_to, hours_to)


def believable(thinned: tuple[int, int], now: datetime, zone: str) -> tuple[int, int]:
    """How far thinning has come, but no farther than a right clock could have brought it.

    A clock that was wrong once leaves marks of a day that is still to come. Believed, they would
    make every tick cut a kept bucket in two until that day.
    """
    days_to, hours_to = cutoffs(now, zone)
    return min(thinned[0], epoch(days_to)), min(thinned[1], epoch(hours_to))


@dataclass(frozen=True)
class Run:
    """Buckets of one length one after another: a row at `at` within it belongs to the bucket at
    `origin + (at - origin) / step · step`."""

    lo: int
    hi: int
    origin: int
    step: int


def runs_of(window: Range, grain: str | None, zone: str) -> list[Run]:
    """A window as runs: one for minutes and hours, one per change of length for days and months."""
    lo, hi = epoch(window[0]), epoch(window[1])
    if window[1].microsecond:
        hi += 1
    if grain is None:
        return [Run(lo, hi, lo, hi - lo)] if lo < hi else []
    if grain in ("5m", "15m"):
        return [Run(lo, hi, 0, 300 if grain == "5m" else 900)]
    edges = [epoch(at) for at in starts(window, "1d" if grain == "1h" else grain, zone)]
    edges.append(epoch(align(window, "1d" if grain == "1h" else grain, zone)[1]))
    even = _hourly(edges) if grain == "1h" else _even(edges)
    return [
        Run(max(run.lo, lo), min(run.hi, hi), run.origin, run.step)
        for run in even
        if max(run.lo, lo) < min(run.hi, hi)
    ]


def _even(edges: Sequence[int]) -> list[Run]:
    """Consecutive buckets of equal length, joined."""
    runs: list[Run] = []
    for lo, hi in pairwise(edges):
        last = runs[-1] if runs else None
        if last and last.step == hi - lo:
            runs[-1] = Run(last.lo, hi, last.origin, last.step)
        else:
            runs.append(Run(lo, hi, lo, hi - lo))
    return runs


def _hourly(midnights: Sequence[int]) -> list[Run]:
    """Hours counted from each local midnight, joined while days are whole hours long."""
    runs: list[Run] = []
    for lo, hi in pairwise(midnights):
        last = runs[-1] if runs else None
        if last and (lo - last.origin) % 3600 == 0:
            runs[-1] = Run(last.lo, hi, last.origin, 3600)
        else:
            runs.append(Run(lo, hi, lo, 3600))
    return runs


def joined(ranges: Iterable[Range]) -> list[Range]:
    """Ranges in order, overlapping and touching ones as one; in one of no length is no bucket."""
    return windows.joined(r for r in ranges if r[0] < r[1])
