"""The last rows of things measured or stated: the newest of each group, now or at a past moment."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from dashboard.catalogue import Indicator
from dashboard.catalogue.indicators import Fact, Latest
from dashboard.measures import JOINT
from dashboard.ports import GroupValue, Number
from data_access.departments.codes import code_of
from data_access.departments.phrases import TICK, Expression, number
from data_access.departments.reader import Reader
from data_access.departments.scopes import Scope
from data_access.departments.times import AHEAD, Time
from data_access.departments.values import measured, times_of
from data_access.departments.written import Written

RANK = "rank_"


def aggregated(how: str, values: Sequence[Number], n: int) -> float | None:
    """Values put together; a mean divides their sum by `n`, the sum of nothing is 0."""
    if how == "sum":
        return float(sum(values))
    if not values or not n:
        return None
    if how == "mean":
        return float(sum(values)) / n
    return float(max(values) if how == "max" else min(values))


@dataclass(frozen=True)
class Last:
    """The last row of one thing measured."""

    codes: dict[str, str]
    at: datetime | None
    value: Any
    over: bool


def latest(
    reader: Reader,
    indicator: Indicator,
    measure: Latest,
    now: datetime,
    by: str | None,
    *,
    past: bool = False,
) -> list[GroupValue]:
    """The newest values put together, in total and by code."""
    scope, statement = latest_statement(reader, indicator, measure, now, by, past=past)
    finish = measured(scope, measure.of).finish
    rows = [
        Last(last.codes, last.at, finish(last.value), last.over)
        for last in _last_rows(reader, scope, indicator, statement)
        if last.value is not None
    ]
    return _split(rows, by, lambda code, lasts: _latest_answer(code, measure, lasts))


def latest_statement(
    reader: Reader,
    indicator: Indicator,
    measure: Latest,
    now: datetime,
    by: str | None,
    *,
    past: bool = False,
) -> tuple[Scope, sa.Select[Any]]:
    """The last row of each group within the limit, by index of the time; of the past only rows
    that were written by then."""
    every = reader.scope(indicator.dataset or "", now)
    last = now + (TICK if past else AHEAD)
    window = every.time(indicator.time or "").within([(now - measure.within, last)])
    written = _written_before(every, last) if past else None
    sound = every.sound(times_of(indicator.time, measure.of))
    conditions = every.meets([*indicator.where, *measure.where])
    scope = every.counting(window, written, conditions, sound)
    over = scope.meets(measure.over)
    held = number(1) if over is None else sa.case((over, number(1)), else_=number(0))
    extra = _beyond(measure.group, by)
    value = measured(scope, measure.of).each
    statement = last_of_each(
        scope, scope.time(indicator.time or ""), measure.group, extra, value, held
    )
    return scope, statement


def _written_before(scope: Scope, end: datetime) -> Expression | None:
    """The row was written by then; said so that no index is used for it, since most rows were."""
    if scope.dataset.changed is None:
        return None
    written = scope.time_column(scope.dataset.changed).before(end)
    return sa.case((written, number(1)), else_=number(0)) == number(1)


def last_of_each(
    scope: Scope,
    time: Time | None,
    group: Sequence[str],
    extra: Sequence[str],
    value: Expression,
    over: Expression,
) -> sa.Select[Any]:
    """Codes, raw time, value and `over` of the newest row of each group."""
    codes = [scope.code(name).label(name) for name in (*group, *extra)]
    rank = newest_rank(scope, [scope.code(name) for name in group], time)
    raw = time.column if time is not None else sa.null()
    inner = scope.select(
        *codes,
        raw.label("at_"),
        value.label("value_"),
        over.label("over_"),
        rank.label(RANK),
    ).subquery("ranked")
    names = [*group, *extra, "at_", "value_", "over_"]
    return sa.select(*(inner.c[name] for name in names)).where(inner.c[RANK] == number(1))


def newest_rank(scope: Scope, things: Sequence[Expression], time: Time | None) -> Expression:
    """The place of a row among those of the same thing, the newest first (1); the largest key of
    those of one moment. Without `things` all rows are of one."""
    order = [scope.column(name).desc() for name in scope.dataset.key]
    if time is not None:
        newest = time.micros() if isinstance(time, Written) else time.column
        order.insert(0, newest.desc())
    return sa.func.row_number().over(partition_by=list(things) or None, order_by=order)


def _last_rows(
    reader: Reader, scope: Scope, indicator: Indicator, statement: sa.Select[Any]
) -> Iterable[Last]:
    time = scope.time(indicator.time) if indicator.time else None
    for row in reader.rows(statement):
        fields = dict(row._mapping)
        at, value, over = (fields.pop(name) for name in ("at_", "value_", "over_"))
        codes = {
            name: code_of(raw, fold=scope.dimension(name).fold) for name, raw in fields.items()
        }
        yield Last(codes, time.read(at) if time else None, value, bool(over))


def _beyond(group: Sequence[str], by: str | None) -> list[str]:
    """The dimensions of a split, a single one or a pair, that are not among those of the groups."""
    return [name for name in (by.split(",") if by else ()) if name not in group]


def _split(
    rows: Sequence[Last], by: str | None, answer: Callable[[str, Sequence[Last]], GroupValue]
) -> list[GroupValue]:
    found = [answer("", rows)]
    if by:
        parts: dict[str, list[Last]] = {}
        for last in rows:
            code = JOINT.join(last.codes[name] for name in by.split(","))
            parts.setdefault(code, []).append(last)
        found += [answer(code, part) for code, part in parts.items() if code]
    return found


def _latest_answer(code: str, measure: Latest, lasts: Sequence[Last]) -> GroupValue:
    newest = max((last.at for last in lasts if last.at), default=None)
    if measure.aggregate == "count":
        value: float | None = float(sum(last.over for last in lasts))
    elif not lasts:
        value = None
    else:
        value = aggregated(measure.aggregate, [last.value for last in lasts], len(lasts))
    return GroupValue(code, value, len(lasts), newest)


def fact(
    reader: Reader, indicator: Indicator, measure: Fact, now: datetime, by: str | None
) -> list[GroupValue]:
    """What was stated last, in total and by code."""
    scope, statement = fact_statement(reader, indicator, measure, now, by)
    return _split(list(_last_rows(reader, scope, indicator, statement)), by, _fact_answer)


def fact_statement(
    reader: Reader, indicator: Indicator, measure: Fact, now: datetime, by: str | None
) -> tuple[Scope, sa.Select[Any]]:
    """The newest stated text of each group; by key where the indicator has no time."""
    every = reader.scope(indicator.dataset or "", now)
    scope = every.counting(
        every.time(indicator.time).before(now + AHEAD) if indicator.time else None,
        every.column(measure.column).is_not(None),
        every.meets([*indicator.where, *measure.where]),
        every.sound([indicator.time]),
    )
    time = scope.time(indicator.time) if indicator.time else None
    extra = _beyond(measure.group, by)
    stated = scope.column(measure.column)
    return scope, last_of_each(scope, time, measure.group, extra, stated, number(1))


def _fact_answer(code: str, lasts: Sequence[Last]) -> GroupValue:
    if not lasts:
        return GroupValue(code, None, 0)
    newest = max(lasts, key=lambda last: last.at.timestamp() if last.at else 0.0)
    return GroupValue(code, None, len(lasts), newest.at, code_of(newest.value))
