"""Flows: the tail and the corrected buckets with every tick, and the history in between.

What is still to be read of the history, and to be read again of it, are ranges remembered in the
store: a restart goes on where it was, a gap left by an outage is read like history, and a new
additive starts the plan's history again.
"""

import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from dashboard.catalogue import Dataset
from dashboard.footing import DIMENSION, footing
from dashboard.measures import TickPlan
from dashboard.ports import History, Range, TickResult
from dashboard.readings import instant, parse_instant
from dashboard.windows import bucket_start, widen
from data_access.collector.corrections import OVERLAP, Corrections, Recent
from data_access.collector.door import Door, SourceDeclined
from data_access.collector.pieces import newest_first, without
from data_access.collector.stride import Stride

AT_ONCE = timedelta(hours=25)
"""Read with the first tick, so that readings of a day appear (one of 25 hours, or one that begins
with a whole bucket); and the longest gap a tick reads at once."""
FIRST_OVERLAP = timedelta(hours=1)
"""The same before the first watermark, which is of the department's clock and not of ours."""
KEEP = 60
"""Seconds between two notes of where a plan is; a bucket begins with one of them."""


@dataclass
class PlanFlow:
    """The flow of one plan: watermark, what is covered, pending, and corrected since."""

    plan: TickPlan
    dataset: Dataset
    zone: str
    history: History
    token: Callable[[], int]
    clock: Callable[[], datetime]
    watermark: datetime | None = None
    ticked_to: datetime | None = None
    pending: list[Range] = field(default_factory=list)
    corrections: Corrections = field(default_factory=Corrections)
    recent: Recent = field(default_factory=Recent)
    untold: frozenset[datetime] = frozenset()
    """Buckets that ticks have changed; whoever has told of them empties it."""
    stride: Stride = field(default_factory=Stride)
    _loaded: bool = False
    _kept: tuple[list[Range], list[Range], int] | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def tick(self, door: Door) -> int:
        """Read the tail and what was corrected since the last tick; how many rows of it have no
        readable time. Raises SourceDown, Unreachable (the store) or Fenced."""
        now = self.clock()
        if not self._loaded:
            self._load(now)
        tail = [self._tail(now)]
        corrected, newest = self._corrected(door, now)
        found = self._recent(corrected, newest, now)
        due = self.recent.due(found, newest, now)
        ranges = widen([*tail, *due], now, self.zone)
        result = self._read(door, ranges, now)
        self.untold |= self._write(ranges, result)
        self.recent.read(found, due, newest, now)
        self.ticked_to = now
        if newest is not None:
            self.watermark = max(self.watermark or newest, newest)
        self._remember()
        return result.unreadable

    def _corrected(self, door: Door, now: datetime) -> tuple[list[Range], datetime | None]:
        """Where rows were corrected of late, and when the newest was."""
        since = self.watermark - OVERLAP if self.watermark else now - FIRST_OVERLAP
        return door.ask(lambda source: source.changed_ranges(self.plan, since))

    def handed_over(self, token: Callable[[], int]) -> "PlanFlow":
        """The same for a successor, who changes nothing of this one and is not changed by it."""
        with self._lock:
            return replace(
                self,
                token=token,
                pending=self.pending[:],
                corrections=Corrections(self.corrections.waiting[:]),
                recent=Recent(),
                _kept=None,
                _lock=threading.Lock(),
            )

    @property
    def waiting(self) -> Range | None:
        """The newest of what is still to be read, or to be read again."""
        ranges = [*self.pending[:1], *self.corrections.waiting[:1]]
        return max(ranges, key=lambda window: window[1], default=None)

    def fill(self, door: Door) -> frozenset[datetime]:
        """Read the newest piece of what waits; the buckets of it that were read before and have
        changed. Raises SourceDown, SourceDeclined, Unreachable (the store) or Fenced."""
        window, now = self.waiting, self.clock()
        if self.ticked_to is None or window is None:
            return frozenset()
        start, end = window
        known = window not in self.pending
        stride, begun = self.stride, time.monotonic()
        chunk = widen([(max(start, end - stride.length), end)], now, self.zone)
        changed = self._write(chunk, self._read_piece(door, chunk, now))
        self.stride = stride.answered(time.monotonic() - begun)
        # A tick may have added to what waits meanwhile, so what was read is cut out of it.
        with self._lock:
            self.pending = without(self.pending, (chunk[0][0], end))
            self.corrections.read((chunk[0][0], end))
        again = changed if known else frozenset()
        self.untold |= again  # Should the store not answer now, the next tick tells of them.
        self._remember()
        return again

    def _read_piece(self, door: Door, chunk: Sequence[Range], now: datetime) -> TickResult:
        """A piece of the history. It is taken for failed until it is answered, since a question
        that hangs is given up, and a successor goes on with what is noted here."""
        stride = self.stride
        self.stride = stride.failed(time.monotonic())
        try:
            return self._read(door, chunk, now)
        except SourceDeclined:
            self.stride = stride  # Not for its length; when to ask again is known elsewhere.
            raise

    def read_again(self, door: Door, ranges: Iterable[Range]) -> int:
        """Read ranges that reconciliation found to differ; the number of buckets that differed and
        that no tick would have put right."""
        now = self.clock()
        wide = widen(ranges, now, self.zone)
        changed = self._write(wide, self._read(door, wide, now))
        if not changed:
            return 0
        corrected, _ = self._corrected(door, now)
        coming = [*corrected, *self.corrections.waiting, self._tail(now)]
        known = widen(coming, now, self.zone)
        return sum(not any(start <= at < end for start, end in known) for at in changed)

    @property
    def covered_from(self) -> datetime | None:
        """Since when everything up to the last tick is read; None before the first tick."""
        if self.ticked_to is None:
            return None
        return self.pending[0][1] if self.pending else self._begin(self.ticked_to)

    @property
    def progress(self) -> float | None:
        """Share of the history that is read; None once all is."""
        if not self.pending:
            return None
        left = sum((end - start).total_seconds() for start, end in self.pending)
        return max(0.0, 1.0 - left / self.dataset.history.total_seconds())

    def covers(self, since: datetime) -> bool:
        """Whether nothing is pending of the time since then."""
        return self.ticked_to is not None and all(end <= since for _, end in self.pending)

    def _begin(self, now: datetime) -> datetime:
        return now - self.dataset.history

    def _tail(self, now: datetime) -> Range:
        """From where rows may still come in (or the last tick ended) until now. The bucket that was
        running at the last tick is among it, so what was later than that tick is counted in time."""
        if self.ticked_to is None:
            return now - max(self.dataset.tail, min(AT_ONCE, self.dataset.history)), now
        return min(now, self.ticked_to) - self.dataset.tail, now

    def _recent(
        self, ranges: Sequence[Range], newest: datetime | None, now: datetime
    ) -> list[Range]:
        """Corrected ranges to be read at once, without what lies before the history or after now;
        when they span more than a few days, the older ones are put off."""
        # Whole days, since a range is known again by its ends.
        first = bucket_start(self._begin(now), "1d", self.zone)
        taken: list[Range] = []
        older: list[Range] = []
        spent = timedelta(0)
        for start, end in sorted((w for w in ranges if w[1] > first and w[0] < now), reverse=True):
            window = max(start, first), min(end, now)
            spent += window[1] - window[0]
            (taken if spent <= 3 * AT_ONCE or not taken else older).append(window)
        with self._lock:
            self.corrections.put_off(older, newest, now)
        return taken

    def _read(self, door: Door, ranges: Sequence[Range], now: datetime) -> TickResult:
        """Whole buckets, but no row that is later than now, such as one due in a minute."""
        return door.ask(lambda source: source.tick(self.plan, ranges, now))

    def _write(self, ranges: Sequence[Range], result: TickResult) -> frozenset[datetime]:
        return self.history.replace(
            self.plan, ranges, result.rows, token=self.token(), zone=self.zone
        )

    def _load(self, now: datetime) -> None:
        """Go on where the last collector ended, or begin anew for a plan that has changed."""
        kept = self.history.state(self.plan.department, f"flow/{self.plan.key}")
        shape = self._shape
        if kept is not None and kept["shape"] != shape:
            self._forget(kept["shape"].get("footing", {}), shape["footing"])
        if kept is not None and kept["shape"] == shape:
            self.watermark = parse_instant(kept["watermark"]) if kept["watermark"] else None
            self.ticked_to = parse_instant(kept["ticked_to"])
            self.pending = _parsed(kept["pending"])
            self.corrections.waiting = _parsed(kept.get("corrections", []))
            begun = parse_instant(kept["begin"])
        else:
            begun = now
        recent = now - min(AT_ONCE, self.dataset.history)
        holes: list[Range] = []
        if self.ticked_to is None or self.ticked_to < recent:
            # Rows may still have come in behind the last tick, as far back as the tail.
            left = self.ticked_to and self.ticked_to - self.dataset.tail
            holes.append((left or recent, recent))
            self.ticked_to = None
        if self._begin(now) < begun - AT_ONCE:
            holes.append((self._begin(now), min(begun, recent)))
        self.pending = newest_first([*self.pending, *(hole for hole in holes if hole[0] < hole[1])])
        self._loaded = True

    @property
    def _shape(self) -> dict[str, Any]:
        """What a plan's history depends on: its series and their splits, and what they rest on."""
        return {
            "additives": sorted(additive.name for additive in self.plan.additives),
            "splits": sorted(",".join(split) for split in self.plan.splits),
            "footing": footing(self.plan, self.dataset, self.zone),
        }

    def _forget(self, before: Mapping[str, str], now: Mapping[str, str]) -> None:
        """What rested on something else is not known any more, until it is read again: its series
        are the same ones. Nothing is known of what a store of an earlier version rested on."""
        moved = [name for name in before.keys() & now.keys() if before[name] != now[name]]
        dimensions = {n.removeprefix(DIMENSION) for n in moved if n.startswith(DIMENSION)}
        if moved:
            self.history.forget_coverage(
                self.plan, dimensions if len(dimensions) == len(moved) else None, token=self.token()
            )

    def _remember(self) -> None:
        """Keep where this is, at least with every new bucket; what happened since then is read
        again after a restart. Nothing after the last tick is covered, though pieces of the history
        may be read while ticks fail."""
        ticked_to, covered = self.ticked_to, self.covered_from
        if ticked_to is None or covered is None:
            return
        corrections = self.corrections.waiting[:]
        place = (self.pending[:], corrections, int(ticked_to.timestamp()) // KEEP)
        if place == self._kept:
            return
        token, department = self.token(), self.plan.department
        state: dict[str, Any] = {
            "shape": self._shape,
            "watermark": instant(self.watermark),
            "ticked_to": instant(ticked_to),
            "pending": _spelled(place[0]),
            "corrections": _spelled(corrections),
            "begin": instant(self._begin(ticked_to)),
        }
        self.history.set_state(department, f"flow/{self.plan.key}", state, token=token)
        if covered < ticked_to:
            self.history.note_coverage(self.plan, (covered, ticked_to), token=token)
        self._kept = place


def _spelled(ranges: Sequence[Range]) -> list[tuple[str | None, str | None]]:
    return [(instant(start), instant(end)) for start, end in ranges]


def _parsed(ranges: Sequence[Sequence[str]]) -> list[Range]:
    return [(parse_instant(start), parse_instant(end)) for start, end in ranges]
