"""Readings: the newest value of an indicator, with what is needed to judge whether to trust it.

All times are aware and in UTC. On the wire (Redis, `/live`, `/api`) a reading is a flat JSON object
with ISO times ending in `Z`; `Reading.wire` is its only definition.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any


class State(StrEnum):
    """Whether a value can be trusted now."""

    FRESH = "fresh"
    LATE = "late"
    STALE = "stale"
    UNAVAILABLE = "unavailable"
    NOT_DUE = "not_due"


class Level(StrEnum):
    """Whether a value is abnormal."""

    NORMAL = "normal"
    WARNING = "warning"
    ALARM = "alarm"


@dataclass(frozen=True)
class Part:
    """A reading's share of one value of a dimension.

    `worst` is of a standard's part what it is of its reading; `limit` the number whose limit the
    part breaches, which stays inside the collector.
    """

    value: float | None
    n: int | None = None
    level: Level = Level.NORMAL
    text: str | None = None
    as_of: datetime | None = None
    worst: str | None = None
    limit: float | None = None

    def wire(self) -> dict[str, Any]:
        """The part as JSON; absent things are left out."""
        out: dict[str, Any] = {"value": self.value, "n": self.n, "level": self.level.value}
        if self.text is not None:
            out["text"] = self.text
        if self.worst is not None:
            out["worst"] = self.worst
        if self.as_of is not None:
            out["as_of"] = instant(self.as_of)
        return out


@dataclass(frozen=True)
class Reading:
    """The newest value of one indicator.

    `value` is in the indicator's unit, None where there is nothing to show (never 0 for unknown);
    `n` is the number of rows it rests on; `as_of` is the source's own time; `collected_at` is when
    the collector read it, None where it never did; `reason` says why a reading is unavailable;
    `text` is a fact's code or a standard's grade, `worst` the name of the factor that decided it (of
    an AQI above 50 the primary pollutant); `parts` are the values of `live_by` by code; `windows`
    further windows of an asked indicator; `lapsed` how many statements by hand have expired, whose
    values are unknown; `compare` the same window a day and a week before; `since` the first row of
    the department where the window begins before it, so that the value is of less; `roles` those to which it
    is kept, all where there are none; `late_after` and
    `stale_after` are the ages in seconds at which a screen that hears nothing more must itself
    call it late or stale.
    """

    key: str
    department: str
    value: float | None
    n: int | None
    state: State
    level: Level
    as_of: datetime | None
    collected_at: datetime | None
    version: str
    window: str
    late_after: float
    stale_after: float
    reason: str | None = None
    text: str | None = None
    worst: str | None = None
    limit: float | None = None
    approximate: bool = False
    set_aside: int = 0
    lapsed: int | None = None
    parts_by: str | None = None
    parts: dict[str, Part] = field(default_factory=dict)
    windows: dict[str, Part] = field(default_factory=dict)
    compare: dict[str, float | None] = field(default_factory=dict)
    since: datetime | None = None
    roles: tuple[str, ...] = ()

    def wire(self) -> dict[str, Any]:
        """The reading as JSON, the form of Redis, `/live` and `/api/readings`."""
        out: dict[str, Any] = {
            "key": self.key,
            "department": self.department,
            "value": self.value,
            "n": self.n,
            "state": self.state.value,
            "level": self.level.value,
            "as_of": instant(self.as_of),
            "collected_at": instant(self.collected_at),
            "version": self.version,
            "window": self.window,
            "late_after": self.late_after,
            "stale_after": self.stale_after,
        }
        optional: dict[str, Any] = {
            "reason": self.reason,
            "text": self.text,
            "worst": self.worst,
            "limit": self.limit,
            "approximate": self.approximate or None,
            "set_aside": self.set_aside or None,
            "lapsed": self.lapsed or None,
            "parts_by": self.parts_by,
            "compare": self.compare or None,
            "since": instant(self.since),
            "parts": {code: part.wire() for code, part in self.parts.items()} or None,
            "roles": list(self.roles) or None,
            "windows": {name: part.wire() for name, part in self.windows.items()} or None,
        }
        return out | {name: value for name, value in optional.items() if value is not None}


def instant(value: datetime | None) -> str | None:
    """An aware time as ISO in UTC with a `Z`, to the millisecond."""
    if value is None:
        return None
    return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def parse_instant(value: str) -> datetime:
    """The inverse of `instant`."""
    return datetime.fromisoformat(value).astimezone(UTC)
