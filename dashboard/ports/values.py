"""What passes through the ports: rows of measures, points of series, and what can go wrong."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

Number = int | float | Decimal
Range = tuple[datetime, datetime]
"""From (included) to (excluded)."""


class Unreachable(Exception):
    """A department, the store or Redis did not answer; the message is safe to show."""


class Declined(Unreachable):
    """A department answered, but not this question: a wrong name, a missing right, a statement that
    it refuses. Other questions may be answered as ever."""


class TimedOut(Unreachable):
    """A department ended one statement that took longer than it may. Other questions may be answered
    as ever."""


class Unanswered(Unreachable):
    """A question of people was not answered by a department; what is to be noted of that in the
    log has been noted."""


class Busy(Unanswered):
    """As many questions as are asked at a time are being answered; this one was not put."""


class ClocksDiffer(Exception):
    """The store's clock and that of this process say different times; the message is safe to show."""


class Fenced(Exception):
    """Another collector holds the department's lease now; what was being written is dropped."""


@dataclass(frozen=True)
class BucketRow:
    """One additive in one bucket. `by` names the split (`district`, `district,topic` or "")."""

    additive: str
    by: str
    code: str
    at: datetime
    value: Number


@dataclass(frozen=True)
class TickResult:
    """What one grouped query brought, merged to `measures.BUCKET`; `unreadable` counts rows whose
    time is no time."""

    rows: list[BucketRow]
    unreadable: int = 0


@dataclass(frozen=True)
class GroupValue:
    """A measured value of one code ("" is the total); `worst` is the factor that decided a
    standard's. `lapsed` are rows whose value is no longer known, since what they state has
    expired; None where nothing expires."""

    code: str
    value: float | None
    n: int
    as_of: datetime | None = None
    text: str | None = None
    worst: str | None = None
    lapsed: int | None = None


@dataclass(frozen=True)
class DayTotal:
    """One local day of a plan as the source or the store has it: rows and sum per additive."""

    day: date
    values: dict[str, Number]


@dataclass(frozen=True)
class RowPage:
    """Rows behind a number: column names, titles and cells; masked cells are `•••`."""

    columns: list[str]
    rows: list[list[Any]]
    total: int | None
    sql: str


@dataclass(frozen=True)
class Listed:
    """The worst rows behind an indicator without any private column: column names, cells (times as
    moments) and each row's address (`dashboard.records.joined_key`), empty where its key is private."""

    columns: list[str]
    rows: list[list[Any]]
    ids: list[str]


@dataclass(frozen=True)
class Found:
    """A row that a person looked for: its key, as text and in the key's order, and what it is known
    by: the number that was typed, or its name."""

    key: tuple[str, ...]
    called: str


@dataclass(frozen=True)
class MapRow:
    """A row as the map needs it, as the department has it: `id` names it again, `east` and `north`
    are its columns of longitude and latitude, `code` stands for a place or a line instead; `decides`
    is what its class is found by, in seconds where that is an age."""

    id: str
    east: Any
    north: Any
    code: str | None
    decides: Any
    limit: Any
    label: str | None
    value: Any


@dataclass(frozen=True)
class MapRows:
    """The rows of a layer; `more` where there are more than it may have."""

    rows: list[MapRow]
    more: bool


@dataclass(frozen=True)
class Point:
    """One point of a series: bucket start, code of the split, value and the rows it rests on."""

    at: datetime
    code: str
    value: Number | None
    n: int | None


@dataclass(frozen=True)
class Sample:
    """A stock, asked or derived value as it was at a time. `window` is empty for stocks."""

    indicator: str
    window: str
    by: str
    code: str
    at: datetime
    value: float | None
    n: int | None


@dataclass(frozen=True)
class SeriesRequest:
    """One question for a series: an indicator, a window, a grain (None picks one) and a split.

    `clip` has the first bucket begin with the window, so that what adds up sums to the total of
    the same window; without it that bucket is whole. `permit` is called with an indicator's key
    and a window before its department is asked for what no history answers, or its answer to
    another is told, in the thread that asks; whoever may not ask is refused by what it raises.
    """

    key: str
    window: Range
    grain: str | None = None
    by: str = ""
    clip: bool = False
    permit: Callable[[str, Range], None] | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class Series:
    """An answer: points in time order, how it was made and where it comes from.

    `origin` is `history` or `department`; `approximate` marks values from day histograms;
    `window` is what the points hold: the window asked for, from the start of its first bucket;
    `since` the first row of the department, where the history tells of a time before it.
    """

    request: SeriesRequest
    grain: str
    points: list[Point]
    origin: str
    approximate: bool = False
    covered: Range | None = None
    window: Range | None = None
    since: datetime | None = None

    @property
    def step(self) -> str | timedelta:
        """How long each value is summed over: the grain, or the window where there is one value."""
        start, end = self.request.window
        return end - start if self.grain == "total" else self.grain

    @property
    def span(self) -> Range:
        """From when to when the points hold: not from before the window, unless buckets are whole."""
        start, end = self.request.window
        return (self.window[0] if self.window else start), end
