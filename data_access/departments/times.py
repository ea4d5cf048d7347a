"""Time columns in the form their department writes them: compared raw, so that an index is used.

A moment of ours is turned into a bind of the column's own form; the column is never wrapped. What
comes back is read into UTC here, and zone conversion of buckets is done here too, so that no zone's
name goes into a statement.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from math import ceil
from typing import Any

import sqlalchemy as sa
from sqlalchemy.types import TypeEngine

from dashboard.measures import BUCKET
from dashboard.ports import Range
from data_access.departments.phrases import (
    MICRO,
    TICK,
    Expression,
    Phrases,
    bind,
    is_text,
    micros_in,
)
from data_access.departments.texts import ceiling
from data_access.departments.zones import (
    EARLIEST,
    EPOCH,
    LATEST,
    naive_ranges,
    utc_of,
)

FOREVER: Range = (EARLIEST.replace(tzinfo=UTC), LATEST.replace(tzinfo=UTC))
DAY = timedelta(days=1)
AHEAD = timedelta(minutes=5)
"""How far a department's clock may be ahead of ours before its times are held for wrong."""


class Time(ABC):
    """One time column in one statement."""

    sorts = True
    """Whether the raw column sorts by time."""

    def __init__(
        self, column: Expression, kind: TypeEngine[Any], zone: str, phrases: Phrases
    ) -> None:
        self.column, self.kind, self.zone, self.phrases = column, kind, zone, phrases

    @abstractmethod
    def bounds(self, window: Range) -> list[tuple[Any, Any]]:
        """The window in the column's own form, from (included) to (excluded), None where open."""

    @abstractmethod
    def micros(self) -> Expression:
        """Microseconds since 1970 in UTC; NULL for what is no time."""

    @abstractmethod
    def bucket(self) -> Expression:
        """What is equal for all rows of one 5-minute bucket."""

    @abstractmethod
    def bucket_start(self, key: Any) -> datetime | None:
        """The start of a bucket in UTC, None for what is no time."""

    @abstractmethod
    def read(self, raw: Any) -> datetime | None:
        """The moment of a raw value, None for what is no time."""

    def cell(self, raw: Any) -> Any:
        """A raw value as people are shown it: its moment where it is one, else as it stands."""
        return self.read(raw) or raw

    def within(self, windows: Iterable[Range]) -> Expression:
        """Rows whose time lies in one of the windows, exactly."""
        return sa.or_(
            sa.false(), *(self._between(*pair) for w in windows for pair in self.bounds(w))
        )

    def near(self, windows: Iterable[Range]) -> Expression:
        """Rows whose time lies in one of the windows, and possibly a few others whose buckets tell
        that they do not; cheaper than `within` for text."""
        return self.within(windows)

    def since(self, at: datetime) -> Expression:
        """Rows not before a moment."""
        return self.within([(at, FOREVER[1])])

    def before(self, at: datetime) -> Expression:
        """Rows before a moment."""
        return self.within([(FOREVER[0], at)])

    def missing(self) -> Expression:
        """Rows without any time."""
        return self.column.is_(None)

    def _between(self, low: Any, high: Any) -> Expression:
        conditions = []
        if low is not None:
            conditions.append(self.column >= bind(low))
        if high is not None:
            conditions.append(self.column < bind(high))
        return sa.and_(sa.true(), *conditions)

    def _utc(self, naive: datetime | None) -> datetime | None:
        """The moment of a naive time of the column's zone."""
        try:
            return None if naive is None else utc_of(naive, self.zone)
        except OverflowError:
            return None


def micros_since_1970(at: datetime) -> int:
    """A moment as a whole number."""
    return micros_in(at - EPOCH.replace(tzinfo=UTC))


def is_open(naive: datetime) -> bool:
    """Whether a naive bound stands for no bound."""
    return naive <= EARLIEST or naive >= LATEST


def moment_of(micros: int) -> datetime:
    """The inverse of `micros_since_1970`."""
    return EPOCH.replace(tzinfo=UTC) + TICK * micros


class Stamp(Time):
    """A timestamp of a zone's wall clock or, as `instant`, of UTC."""

    def __init__(self, *arguments: Any, instant: bool) -> None:
        super().__init__(*arguments)
        self._instant = instant

    def bounds(self, window: Range) -> list[tuple[Any, Any]]:
        zone = "UTC" if self._instant else self.zone
        return [(self._raw(a), self._raw(b)) for a, b in naive_ranges(window, zone)]

    def _raw(self, naive: datetime) -> Any:
        if not is_open(naive):
            return self.phrases.time_bind(naive, utc=self._instant)
        # An empty text must not count as before everything.
        return self.phrases.earliest_time if naive <= EARLIEST else None

    def micros(self) -> Expression:
        plain = self.phrases.micros(self.column)
        if self._instant:
            return plain
        offset = self.phrases.offset_micros(
            self.zone, lambda at: self.column >= self.phrases.time_literal(at)
        )
        return plain - offset

    def bucket(self) -> Expression:
        return self.phrases.bucket(self.column, BUCKET)

    def bucket_start(self, key: Any) -> datetime | None:
        return self._moment(self.phrases.bucket_start(key, BUCKET))

    def read(self, raw: Any) -> datetime | None:
        return None if raw is None else self._moment(self.phrases.time_of(raw))

    def comparable_with(self, other: Time) -> bool:
        """Whether raw columns compare as their moments do: both of one form, and not text, which
        may be written with or without a fraction."""
        return (
            isinstance(other, Stamp)
            and self.phrases.earliest_time is None
            and (type(self), self._instant, self.zone) == (type(other), other._instant, other.zone)
        )

    def _moment(self, naive: datetime | None) -> datetime | None:
        if naive is not None and naive.tzinfo is not None:
            return naive.astimezone(UTC)
        if naive is None or not self._instant:
            return self._utc(naive)
        return naive.replace(tzinfo=UTC)


class Day(Stamp):
    """A calendar day of a zone; it stands for its midnight."""

    def _raw(self, naive: datetime) -> Any:
        if is_open(naive):
            return super()._raw(naive)
        return ceiling(naive, DAY).date().isoformat()

    def cell(self, raw: Any) -> Any:
        naive = self.phrases.time_of(raw)
        return naive.date() if naive is not None else raw


class Epoch(Time):
    """A number counted from 1970 in units of so many seconds."""

    def __init__(self, *arguments: Any, unit: Decimal) -> None:
        super().__init__(*arguments)
        self._unit = unit

    def bounds(self, window: Range) -> list[tuple[Any, Any]]:
        low, high = (at.replace(tzinfo=None) for at in window)
        return [(self._raw(low), self._raw(high))]

    def _raw(self, naive: datetime) -> Any:
        if is_open(naive):
            return None
        exact = Decimal((naive - EPOCH) // TICK) / (MICRO * self._unit)
        whole = ceil(exact)
        if is_text(self.kind):
            return str(whole)
        return whole if isinstance(self.kind, sa.Integer) or exact == whole else float(exact)

    def micros(self) -> Expression:
        column = self.column
        value = self.phrases.number(column, self.kind) if is_text(self.kind) else column
        return self.phrases.epoch_micros(value, self._unit)

    def bucket(self) -> Expression:
        return self.phrases.floor_divide(self.micros(), BUCKET * MICRO)

    def bucket_start(self, key: Any) -> datetime | None:
        if key is None:
            return None
        return (EPOCH + timedelta(seconds=int(key) * BUCKET)).replace(tzinfo=UTC)

    def read(self, raw: Any) -> datetime | None:
        try:
            micros = int(Decimal(str(raw)) * self._unit * MICRO)
            return (EPOCH + timedelta(microseconds=micros)).replace(tzinfo=UTC)
        except (ArithmeticError, ValueError):
            return None
