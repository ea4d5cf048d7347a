"""Flows: one grouped query per plan, and which buckets changed since the last time."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from dashboard.measures import BUCKET, JOINT, TickPlan
from dashboard.ports import BucketRow, DayTotal, Number, Range, TickResult
from dashboard.windows import local_day, local_days
from data_access.departments.codes import code_of
from data_access.departments.reader import Reader
from data_access.departments.scopes import Scope
from data_access.departments.times import Time
from data_access.departments.values import additive_column, finish_additive, times_of
from data_access.departments.written import Written

MOST_UNREADABLE = 10_000
Codes = tuple[str, ...]


@dataclass
class Group:
    """One row of the grouped query: where it belongs and its raw aggregates."""

    at: datetime
    codes: Codes
    broken: int
    rows: int
    values: Sequence[Any]


@dataclass
class Reading:
    """All groups of one query that lie in the ranges asked for."""

    scope: Scope
    groups: list[Group] = field(default_factory=list)
    unreadable: int = 0


def tick(
    reader: Reader, plan: TickPlan, ranges: Sequence[Range], until: datetime | None = None
) -> TickResult:
    """See `ports.Source.tick`; ranges are widened to whole buckets."""
    within = _before(whole_buckets(ranges), until)
    reading = _read(reader, plan, within, plan.dimensions)
    _limit_codes(reader, plan, reading.groups)
    return TickResult(
        rows=list(_rolled_up(reading, plan)),
        unreadable=reading.unreadable + _beyond(reader, reading.scope.time(plan.time)),
    )


def bucket_of(at: datetime) -> datetime:
    """The start of the bucket a moment falls into."""
    return at - timedelta(seconds=at.timestamp() % BUCKET)


def whole_buckets(ranges: Iterable[Range]) -> list[Range]:
    """Ranges widened to whole buckets, joined, in order."""
    joined: list[Range] = []
    for start, end in sorted(ranges):
        low = bucket_of(start)
        high = end + timedelta(seconds=-end.timestamp() % BUCKET)
        if joined and low <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(joined[-1][1], high)
        elif low < high:
            joined.append((low, high))
    return joined


def _before(ranges: Iterable[Range], until: datetime | None) -> list[Range]:
    """The ranges without what comes from a moment on."""
    cut = [(low, high if until is None else min(high, until)) for low, high in ranges]
    return [(low, high) for low, high in cut if low < high]


def tick_statement(
    reader: Reader, plan: TickPlan, ranges: Sequence[Range], dimensions: Sequence[str]
) -> tuple[Scope, sa.Select[Any]]:
    """The one grouped query: bucket, codes, broken rules, rows, additives."""
    every = reader.scope(plan.dataset)
    scope = every.counting(every.time(plan.time).near(ranges))
    time = scope.time(plan.time)
    keys = [time.bucket().label("bucket")]
    keys += [scope.code(name).label(name) for name in dimensions]
    keys.append(scope.broken().label("broken"))
    statement = scope.select(
        *keys,
        sa.func.count().label("rows"),
        *(additive_column(scope, additive).label(additive.name) for additive in plan.additives),
    )
    return scope, statement.group_by(*(sa.literal_column(str(i + 1)) for i in range(len(keys))))


def _read(
    reader: Reader, plan: TickPlan, ranges: Sequence[Range], dimensions: Sequence[str]
) -> Reading:
    if not ranges:
        return Reading(reader.scope(plan.dataset))
    scope, statement = tick_statement(reader, plan, ranges, dimensions)
    reading = Reading(scope)
    folds = [scope.dimension(name).fold for name in dimensions]
    starts = _Starts(scope.time(plan.time), ranges)
    for row in reader.rows(statement):
        bucket, *codes, broken, count = row[: len(dimensions) + 3]
        at = starts.of(bucket)
        if at is None:
            reading.unreadable += count if starts.is_unreadable(bucket) else 0
            continue
        spelled = tuple(code_of(c, fold=f) for c, f in zip(codes, folds, strict=True))
        group = Group(at, spelled, int(broken), int(count), row[len(dimensions) + 3 :])
        reading.groups.append(group)
    return reading


class _Starts:
    """Starts of buckets in UTC by what the query grouped by, within the ranges asked for."""

    def __init__(self, time: Time, ranges: Sequence[Range]) -> None:
        self._time = time
        self._lows = [low for low, _ in ranges]
        self._ranges = ranges
        self._known: dict[Any, datetime | None] = {}
        self._unreadable: set[Any] = set()

    def of(self, bucket: Any) -> datetime | None:
        """The start, None where it is outside the ranges or no time."""
        if bucket not in self._known:
            self._known[bucket] = self._found(bucket)
        return self._known[bucket]

    def is_unreadable(self, bucket: Any) -> bool:
        """Whether a bucket without a start is no time at all."""
        return bucket in self._unreadable

    def _found(self, bucket: Any) -> datetime | None:
        at = self._time.bucket_start(bucket)
        if at is None:
            self._unreadable.add(bucket)
            return None
        start = bucket_of(at)
        place = bisect_right(self._lows, start) - 1
        return start if place >= 0 and start < self._ranges[place][1] else None


def _beyond(reader: Reader, time: Time) -> int:
    """Rows whose text sorts behind all times, counted up to a bound."""
    beyond = time.beyond() if isinstance(time, Written) else None
    if beyond is None:
        return 0
    found: sa.Select[Any] = (
        sa.select(sa.literal_column("1").label("one")).where(beyond).limit(MOST_UNREADABLE)
    )
    return int(reader.rows(sa.select(sa.func.count()).select_from(found.subquery()))[0][0])


def _limit_codes(reader: Reader, plan: TickPlan, groups: Iterable[Group]) -> None:
    """Replace the codes beyond each dimension's limit by `other`."""
    groups = list(groups)
    kept = []
    for place, name in enumerate(plan.dimensions):
        counts: Counter[str] = Counter()
        for group in groups:
            counts[group.codes[place]] += group.rows
        kept.append(reader.keep_codes(plan.dataset, name, counts))
    for group in groups:
        group.codes = tuple(names[code] for names, code in zip(kept, group.codes, strict=True))


_COMBINE: dict[str, Callable[[Any, Any], Any]] = {
    "count": lambda a, b: a + b,
    "sum": lambda a, b: a + b,
    "min": min,
    "max": max,
}


def _rolled_up(reading: Reading, plan: TickPlan) -> Iterable[BucketRow]:
    """The full cross of dimensions summed to each split, the empty one being the total."""
    places = [tuple(plan.dimensions.index(name) for name in split) for split in plan.splits]
    hows = _how_combined(reading.scope, plan)
    excluding = [
        reading.scope.excluding(times_of(plan.time, additive.of)) for additive in plan.additives
    ]
    cells: dict[tuple[int, str, datetime], list[Any]] = {}
    for group in reading.groups:
        values = [
            None if group.broken & rules else value
            for value, rules in zip(group.values, excluding, strict=True)
        ]
        for number, picked in enumerate(places):
            code = JOINT.join(group.codes[place] for place in picked)
            cell = cells.setdefault((number, code, group.at), [None] * len(values))
            _combine(cell, values, hows)
    finish = [finish_additive(reading.scope.phrases, additive) for additive in plan.additives]
    names = [",".join(split) for split in plan.splits]
    for (number, code, at), cell in cells.items():
        for additive, raw, means in zip(plan.additives, cell, finish, strict=True):
            if raw is not None and (raw or additive.how != "count"):
                yield BucketRow(additive.name, names[number], code, at, means(raw))


def _how_combined(scope: Scope, plan: TickPlan) -> list[Callable[[Any, Any], Any]]:
    """How two raw aggregates become one; a negative factor turns the order round."""
    swapped = {"min": "max", "max": "min"}
    return [
        _COMBINE[swapped.get(a.how, a.how) if a.of and a.of.factor < 0 else a.how]
        for a in plan.additives
    ]


def _combine(
    cell: list[Any], values: Sequence[Any], hows: Sequence[Callable[[Any, Any], Any]]
) -> None:
    for place, value in enumerate(values):
        if value is not None:
            held = cell[place]
            cell[place] = value if held is None else hows[place](held, value)


def day_totals(reader: Reader, plan: TickPlan, window: Range) -> list[DayTotal]:
    """See `ports.Source.day_totals`; each local day of the window is there, the empty ones too.

    The tick's own query without dimensions, so that both agree to the last row.
    """
    zone = reader.department.zone
    reading = _read(reader, plan, whole_buckets([window]), ())
    total = TickPlan(plan.department, plan.dataset, plan.time, plan.additives, (), ((),))
    days: dict[date, dict[str, Number]] = {day: {} for day in local_days(window, zone)}
    hows = {additive.name: _COMBINE[additive.how] for additive in plan.additives}
    for row in _rolled_up(reading, total):
        values = days.setdefault(local_day(row.at, zone), {})
        held = values.get(row.additive)
        values[row.additive] = row.value if held is None else hows[row.additive](held, row.value)
    return [DayTotal(day, values) for day, values in sorted(days.items())]
