"""Feeds: whether each dataset of a department delivers, and how old what it delivered is."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from dashboard.catalogue import Dataset
from dashboard.readings import State, instant
from dashboard.reasons import Reason

WHOLE = "*"
"""Stands for the dataset where a whole department is silent: one cause, one matter, one ticket."""
_SILENT = frozenset({Reason.UNREACHABLE.value, Reason.NO_ANSWER.value})


@dataclass(frozen=True)
class Feed:
    """The state of one dataset after the newest tick.

    `as_of` is the source's own time of its newest report, `collected_at` the last successful tick,
    `tick_ms` what it cost, `set_aside` rows per rule in what was read, `skipped` ticks left out
    because the one before had not ended, `drift` buckets that reconciliation found wrong,
    `unreadable` rows that are in no number since a time of theirs is no time, by that time's name,
    in what the last tick read, `arrived` rows of the last day where some could be set aside,
    `progress` the share of the history that is read, None once all is.
    """

    department: str
    dataset: str
    state: State
    as_of: datetime | None
    collected_at: datetime | None
    late_after: float
    stale_after: float
    since: datetime | None = None
    reason: str | None = None
    tick_ms: float | None = None
    skipped: int = 0
    drift: int = 0
    set_aside: dict[str, int] = field(default_factory=dict)
    unreadable: dict[str, int] = field(default_factory=dict)
    progress: float | None = None
    arrived: int | None = None

    @property
    def is_silent(self) -> bool:
        """Whether its database does not answer at all."""
        return (self.reason or "").partition(":")[0] in _SILENT

    def wire(self) -> dict[str, Any]:
        """The feed as JSON."""
        return {
            "department": self.department,
            "dataset": self.dataset,
            "state": self.state.value,
            "as_of": instant(self.as_of),
            "collected_at": instant(self.collected_at),
            "since": instant(self.since),
            "late_after": self.late_after,
            "stale_after": self.stale_after,
            "reason": self.reason,
            "tick_ms": self.tick_ms,
            "skipped": self.skipped,
            "drift": self.drift,
            "set_aside": self.set_aside,
            "unreadable": self.unreadable,
            "progress": None if self.progress is None else round(self.progress, 3),
        }


def unreadable_columns(feed: Mapping[str, Any] | None, dataset: Dataset) -> dict[str, int]:
    """Rows of a feed on the wire without a readable time, by the column that should hold it."""
    counts: Mapping[str, int] = (feed or {}).get("unreadable") or {}
    return {spec.column: counts[time] for time, spec in dataset.times.items() if counts.get(time)}
