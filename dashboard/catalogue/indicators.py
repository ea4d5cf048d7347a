"""Indicators: what is shown and how it is measured."""

import re
from datetime import UTC, datetime, timedelta
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from dashboard.catalogue.datasets import Condition
from dashboard.catalogue.definitions import Definition, Limit, Signs
from dashboard.catalogue.model import Entry, Key, Length, Name, Span, parse_span
from dashboard.text import Text
from dashboard.windows import resolve

_SOME_DAY = datetime(2000, 1, 1, tzinfo=UTC)


def _that_resolves(window: str) -> str:
    """A rolling span as it is, where it means a range. Raises ValueError where it never does."""
    if window[0].isdigit():
        resolve(window, _SOME_DAY, "UTC")
    return window


Window = Annotated[
    str,
    Field(pattern=r"^(now|hour|today|month|year|\d+[mhd])$"),
    AfterValidator(_that_resolves),
]
"""`now` (stocks), a calendar period so far in the city's zone (`hour`, `today`, `month`, `year`), or
a rolling span such as `30m`, `24h`, `7d`."""


class Value(Entry):
    """A number of a row: a column, or the time that passed between two of its times."""

    column: str | None = None
    start: Name | None = None
    end: Name | None = None
    unit: Literal["s", "min", "h", "d"] = Field("s", description="of a duration")
    factor: float = Field(1.0, description="the column is multiplied by this (1000 for mg to µg)")
    decimals: Annotated[int, Field(ge=0, le=6)] | None = Field(
        None, description="money and other exact decimals: digits after the point"
    )

    @model_validator(mode="after")
    def _column_or_duration(self) -> "Value":
        duration = self.start is not None and self.end is not None
        if bool(self.column) == duration or bool(self.start) != bool(self.end):
            raise ValueError("expected `column`, or `start` and `end`")
        return self


class Count(Entry):
    """Flow: rows by the indicator's time."""

    kind: Literal["count"]
    where: list[Condition] = []


class Sum(Entry):
    """Flow: the sum of a value."""

    kind: Literal["sum"]
    of: Value
    where: list[Condition] = []


class Mean(Entry):
    """Flow: sum over count of a value; rows without the value do not count."""

    kind: Literal["mean"]
    of: Value
    where: list[Condition] = []


class Ratio(Entry):
    """Flow: rows (or a value's sum) that meet `where` among those that meet `among`."""

    kind: Literal["ratio"]
    where: list[Condition] = Field(min_length=1)
    among: list[Condition] = []
    of: Value | None = Field(None, description="sums of this instead of rows")
    of_counts: bool = Field(
        False,
        description="`of` holds numbers of things, as the sums of a day do: n is their sum instead"
        " of the rows",
    )
    scale: float = Field(100.0, description="100 makes it a percentage")


class Extreme(Entry):
    """Flow: the largest or smallest value; merges over buckets like a sum does."""

    kind: Literal["max", "min"]
    of: Value
    where: list[Condition] = []


class Stock(Entry):
    """Stock: rows in a state now. `share` is of the rows that meet `among`, in percent.

    With `since` (and `until`, unless it never ends) a row is in the state between two of its own
    times, and the past can be told from the rows: what was so a week ago is known on the first
    day. Who writes them promises that the other conditions, the value and the splits speak only of
    what does not change over a row's life (a status does; a dimension that does says `changes`);
    `now` in a condition means the moment that is told of.
    """

    kind: Literal["stock"]
    aggregate: Literal["count", "sum", "mean", "median", "max", "min", "share"] = "count"
    of: Value | None = None
    where: list[Condition] = []
    among: list[Condition] = []
    age_of: Name | None = Field(
        None, description="time whose age (now minus it, in hours) is aggregated instead of `of`"
    )
    since: Name | None = Field(None, description="time from which a row is in the state")
    until: Name | None = Field(
        None, description="time from which it no longer is; without a time it still is"
    )
    expires: Name | None = Field(
        None,
        description="time after which a row that is still in the state is no longer known: its value"
        " is unknown then, not 0, and the reading says so",
    )

    @model_validator(mode="after")
    def _begins_before_it_ends(self) -> "Stock":
        if self.until is not None and self.since is None:
            raise ValueError(f"found `until: {self.until}` alone, expected `since` beside it")
        counted = self.of is None or self.aggregate in ("count", "share")
        if self.aggregate == "median" and self.of is None and self.age_of is None:
            raise ValueError("found a median of nothing, expected `of` or `age_of`")
        if self.expires is not None and (self.since is None or counted):
            raise ValueError(
                f"found `expires: {self.expires}`, expected `since` and the sum, mean, max or min"
                " `of` a value beside it"
            )
        return self

    @property
    def lasting(self) -> list[Condition]:
        """What `until` means of a row now, any of it: not ended yet, or only later."""
        if self.until is None:
            return []
        still = Condition(time=self.until, op="is_null")
        return [still, Condition(time=self.until, op=">", value="now")]

    @property
    def known(self) -> list[Condition]:
        """What is still known of a row that is in the state: nothing where it never expires."""
        if self.expires is None:
            return []
        return [Condition(time=self.expires, op=">", value="now")]

    @property
    def state(self) -> list[Condition]:
        """`since` and `until` as conditions on a row now, all of them."""
        begun = Condition(time=self.since, op="<=", value="now") if self.since else None
        lasting = Condition(any=self.lasting) if self.until else None
        return [condition for condition in (begun, lasting) if condition is not None]

    @property
    def whole(self) -> list[Condition]:
        """What a row must meet besides its state to be counted; of a share, to be of the whole."""
        return self.among if self.aggregate == "share" else self.where


class Latest(Entry):
    """Stock: the last row of each group by the indicator's time, none older than `within`."""

    kind: Literal["latest"]
    of: Value
    group: list[Name] = Field(min_length=1, description="dimensions that name the thing measured")
    aggregate: Literal["max", "min", "mean", "sum", "count"] = "max"
    within: Length
    where: list[Condition] = []
    over: list[Condition] = Field([], description="with aggregate count: counted where this holds")


class Percentile(Entry):
    """Asked: the exact q-quantile (linear interpolation) of a value, with its own windows."""

    kind: Literal["percentile"]
    of: Value
    q: Annotated[float, Field(ge=0, le=1)]
    where: list[Condition] = []
    settled: bool = Field(
        True,
        description="rows no longer change once their time has come; false: the past is not told"
        " from them",
    )


class Distinct(Entry):
    """Asked: how many different values a column has."""

    kind: Literal["distinct"]
    column: str
    where: list[Condition] = []
    settled: bool = Field(
        True,
        description="rows no longer change once their time has come; false: the past is not told"
        " from them",
    )


class Fact(Entry):
    """The newest stated text per group: a response level, who is on duty."""

    kind: Literal["fact"]
    column: str
    group: list[Name] = []
    where: list[Condition] = []
    values: dict[str, Text] = Field({}, description="what the stated codes are called")
    levels: dict[str, Literal["normal", "warning", "alarm"]] = Field(
        {}, description="stated codes that are themselves abnormal"
    )


class Formula(Entry):
    """Derived: arithmetic over other indicators' readings (names are the keys of `inputs`)."""

    kind: Literal["formula"]
    formula: str
    inputs: dict[Name, Key] = Field(min_length=1)


class ByStandard(Entry):
    """Derived: a standard's index or class over inputs, in force at the reading's own time.

    With `by`, judged per value of that dimension and the worst counts.
    """

    kind: Literal["standard"]
    standard: Name
    column: str = Field(description="column set of the standard, such as `hour` or `day`")
    inputs: dict[Name, Key] = Field(min_length=1)
    by: Name | None = None
    tells: Literal["grade", "factor"] = Field(
        "grade", description="said beside the index: its grade, or the factor that decided it"
    )


class Days(Entry):
    """Derived in two stages: days of another indicator's day-grain series that meet a limit."""

    kind: Literal["days"]
    of: Key
    op: Literal["<", "<=", ">", ">="]
    value: float
    share: bool = Field(True, description="percent of valid days; false: their number")
    min_n: int = Field(
        0, description="a day whose value rests on fewer rows than this is not valid"
    )


class Surge(Entry):
    """Derived: how many times the usual of the same weekday-hour a count is, for every pair of
    codes of `live_by`; the one furthest over its usual counts.

    The usual is the mean of the eight weeks before, of which three must be known, and no less than
    one. A pair of fewer rows than `least` counts only where none has so many.
    """

    kind: Literal["surge"]
    of: Key
    least: int = Field(10, description="rows from which a pair can stand for all")


Measure = Annotated[
    Count
    | Sum
    | Mean
    | Ratio
    | Extreme
    | Stock
    | Latest
    | Percentile
    | Distinct
    | Fact
    | Formula
    | ByStandard
    | Days
    | Surge,
    Field(discriminator="kind"),
]
FLOWS = ("count", "sum", "mean", "ratio", "max", "min")
STOCKS = ("stock", "latest", "fact")
ASKED = ("percentile", "distinct")
DERIVED = ("formula", "standard", "days", "surge")


PairName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*,[a-z][a-z0-9_]*$")]
"""Two dimensions together, as questions name them."""


def _length(span: str | timedelta) -> str | timedelta:
    """How long a window or a grain is; its name where that differs from case to case."""
    if isinstance(span, timedelta):
        return span
    if span == "hour":
        return timedelta(hours=1)
    return parse_span(span) if re.fullmatch(r"\d+[mhd]", span) else span


class Indicator(Entry):
    """One number that can be shown. Its full key is `department.name`."""

    title: Text
    short: Text | None = Field(None, description="for narrow places such as wall tiles")
    dataset: Name | None = Field(None, description="absent for derived ones")
    measure: Measure
    time: Name | None = Field(None, description="the dataset's time by which rows are counted")
    where: list[Condition] = Field(
        [], description="filter that belongs to the indicator as a whole"
    )
    window: Window = "today"
    windows: list[Window] = Field([], description="asked: further windows that are kept ready")
    by: list[Name | tuple[Name, Name]] = Field([], description="dimensions it can be split by")
    live_by: Name | PairName | None = Field(
        None,
        description="dimension whose parts go with each reading; of a surge the pair it compares,"
        " such as `topic,town`",
    )
    unit: Text
    unit_total: Text | None = Field(
        None,
        description="of a count or sum whose unit speaks of its window, such as 次/时: the unit of"
        " sums over any other time",
    )
    decimals: Annotated[int, Field(ge=0, le=4)] = 0
    direction: Literal["up", "down", "none"] = Field("none", description="which way is good")
    target: float | None = None
    full_scale: Annotated[float, Field(gt=0)] | None = Field(
        None,
        description="how much a full bar is, such as 10 of an index from 0 to 10; 100 of a share in"
        " percent where absent, and the largest value of anything else",
    )
    signs: Signs | None = Field(None, description="of a height over or under a level")
    zero: Text | None = Field(
        None,
        description="what a value of zero is called where it needs no number, such as no rain: the"
        " map then writes numbers only where there is something",
    )
    limits: list[Limit] = []
    basis: Literal["live", "assessed"] = Field(
        description="实时口径 (how it is now, and may still change) or 考核口径 (what is judged by,"
        " once settled); the two never mix"
    )
    definition: Definition
    serves: list[Annotated[str, Field(pattern=r"^S([1-9]|1\d|2\d)$")]] = []
    deadline: Name | None = Field(
        None,
        description="of a stock: a row's own time by which it has to be dealt with; its rows are then"
        " listed by what is left of it, overdue ones first",
    )
    refresh: Length | None = Field(None, description="own cadence, for asked ones")
    internal: bool = Field(False, description="an input of others, not listed by itself")
    roles: list[Name] = Field(
        [],
        description="kept to whoever holds one of these roles of `roles.yaml`; nobody else is told"
        " that it exists, and no matter is opened by it",
    )
    late: Span | None = None
    stale: Span | None = None

    def unit_over(self, span: str | timedelta) -> Text:
        """The unit of a value that is summed over a window or a grain; empty: the own window."""
        if self.unit_total is None or not span or _length(span) == _length(self.window):
            return self.unit
        return self.unit_total

    @model_validator(mode="after")
    def _sums_have_a_unit(self) -> "Indicator":
        if self.unit_total is not None and self.measure.kind not in ("count", "sum"):
            raise ValueError(f"measure {self.measure.kind}: `unit_total` is of a count or a sum")
        return self

    @model_validator(mode="after")
    def _fits_its_measure(self) -> "Indicator":
        kind = self.measure.kind
        if (kind in DERIVED) == (self.dataset is not None):
            raise ValueError(
                f"measure {kind}: "
                + ("`dataset` comes from its inputs" if kind in DERIVED else "expected a `dataset`")
            )
        if kind in FLOWS + ASKED + ("latest",) and self.time is None:
            raise ValueError(f"measure {kind}: expected `time`, the time its rows are counted by")
        if (kind == "surge") != ("," in (self.live_by or "")):
            raise ValueError(
                f"measure {kind}: found live_by {self.live_by!r}, expected a pair such as"
                " `topic,town` of a surge, and one dimension of anything else"
            )
        if self.live_by is None and any(limit.each for limit in self.limits):
            raise ValueError("found a limit of `each` part, expected `live_by` beside it")
        if self.deadline is not None and kind != "stock":
            raise ValueError(f"measure {kind}: `deadline` is of the rows of a stock")
        if kind in STOCKS and self.window != "now":
            raise ValueError(f"measure {kind}: window is {self.window!r}, expected now")
        if kind in FLOWS + ASKED and self.window == "now":
            raise ValueError(
                f"measure {kind}: window is now, expected a period such as today or 24h"
            )
        return self
