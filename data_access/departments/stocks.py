"""Stocks: how things stand now or stood at a past moment, counted over all rows or over the last
row of each thing measured.

With a split the total comes first under the empty code; rows without a code are in the total only.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from dashboard.catalogue import Indicator
from dashboard.catalogue.indicators import Fact, Latest, Stock
from dashboard.measures import JOINT
from dashboard.ports import GroupValue, Number
from dashboard.recall import is_recalled, recalled_splits
from data_access.departments.asked import percentile_statement, quantiles_of
from data_access.departments.codes import code_of
from data_access.departments.conditions import holds
from data_access.departments.lasts import aggregated, fact, latest
from data_access.departments.phrases import Expression, number
from data_access.departments.reader import Reader
from data_access.departments.scopes import Scope
from data_access.departments.times import moment_of
from data_access.departments.values import Measured, age, measured, times_of


def stock(reader: Reader, name: str, now: datetime, by: str | None) -> list[GroupValue]:
    """See `ports.Source.stock`; `by` may be a pair, joined by a comma. Raises ValueError for an indicator that is no stock."""
    indicator = reader.indicator(name)
    match indicator.measure:
        case Stock() as measure:
            return _stock(reader, indicator, measure, now, by)
        case Latest() as measure:
            return latest(reader, indicator, measure, now, by)
        case Fact() as measure:
            return fact(reader, indicator, measure, now, by)
    raise ValueError(f"{name}: found measure {indicator.measure.kind}, expected a stock")


def stood(reader: Reader, name: str, then: datetime, by: str | None) -> list[GroupValue]:
    """See `ports.Source.stood`. Raises ValueError for an indicator whose past its rows do not
    tell, or not by that split."""
    indicator = reader.indicator(name)
    dataset = reader.dataset(indicator.dataset or "")
    if not is_recalled(indicator, dataset) or (
        by and by not in recalled_splits(indicator, dataset)
    ):
        of = f" by {by}" if by else ""
        raise ValueError(f"{name}: its rows do not tell how it stood{of}")
    if isinstance(indicator.measure, Latest):
        return latest(reader, indicator, indicator.measure, then, by, past=True)
    return stock(reader, name, then, by)


def _stock(
    reader: Reader, indicator: Indicator, measure: Stock, now: datetime, by: str | None
) -> list[GroupValue]:
    if measure.aggregate == "median":
        return _medians(reader, indicator, measure, now, by)
    scope, value, statement = stock_statement(reader, indicator, measure, now, by)
    split = by.split(",") if by else []
    groups = reader.rows(statement)
    found: dict[str, list[Any]] = {}
    for row in groups:
        if split:
            found_codes = zip(row[: len(split)], split, strict=True)
            codes = [code_of(raw, fold=scope.dimension(name).fold) for raw, name in found_codes]
            found.setdefault(JOINT.join(codes), []).append(row[len(split) :])
    everything = [row[len(split) :] for row in groups]
    answer = [_stock_answer("", measure, value, everything)]
    answer += [_stock_answer(code, measure, value, rows) for code, rows in found.items() if code]
    return answer


def _medians(
    reader: Reader, indicator: Indicator, measure: Stock, now: datetime, by: str | None
) -> list[GroupValue]:
    """The exact median, in total and by code."""
    answer = [GroupValue("", None, 0)]
    for split in (None, by) if by else (None,):
        scope, value, statement = stock_statement(reader, indicator, measure, now, split)
        if value is None:
            raise ValueError(
                f"{indicator.title.en}: a median of nothing, expected `of` or `age_of`"
            )
        fold = bool(split and scope.dimension(split).fold)
        found = quantiles_of(reader.rows(statement), value, 0.5, fold=fold)
        if split is None:
            answer = [found.get("", answer[0])]
        else:
            answer += [one for code, one in found.items() if code]
    return answer


def stock_statement(
    reader: Reader, indicator: Indicator, measure: Stock, now: datetime, by: str | None
) -> tuple[Scope, Measured | None, sa.Select[Any]]:
    """Rows and aggregate of all that counts; of a share all that it is a share of."""
    every = reader.scope(indicator.dataset or "", now)
    sound = every.sound([*times_of(indicator.time, measure.of), measure.age_of])
    scope = every.counting(
        _in_state(every, measure), every.meets([*indicator.where, *measure.whole]), sound
    )
    value = _stock_value(scope, measure)
    if measure.aggregate == "median" and value is not None:
        return scope, value, percentile_statement(scope, value, 0.5, by)
    split = [scope.code(name).label(f"code_{name}") for name in (by.split(",") if by else ())]
    statement = scope.select(*split, *_stock_columns(scope, measure, value))
    places: list[Expression] = [sa.literal_column(str(place)) for place in range(1, len(split) + 1)]
    return scope, value, statement.group_by(*places)


def _in_state(scope: Scope, measure: Stock) -> Expression | None:
    """The row is between its two times. Few rows end only later, so that the database is told to
    find those that have not ended, by the index of `until`."""
    if not measure.lasting:
        return scope.meets(measure.state)
    begun, _ = measure.state
    still, later = measure.lasting
    lasting = sa.or_(holds(scope, still), scope.phrases.rarely(holds(scope, later)))
    return sa.and_(holds(scope, begun), lasting)


def _stock_value(scope: Scope, measure: Stock) -> Measured | None:
    if measure.age_of:
        return age(scope, measure.age_of)
    return measured(scope, measure.of) if measure.of else None


def _stock_columns(scope: Scope, measure: Stock, value: Measured | None) -> list[Any]:
    """Rows the value rests on, and its aggregate."""
    if measure.aggregate == "share":
        met = scope.meets(measure.where)
        counted = sa.func.count() if met is None else sa.func.count(sa.case((met, number(1))))
        return [sa.func.count().label("n"), counted.label("value")]
    if value is not None and measure.expires:
        return _expiring_columns(scope, measure, value)
    if value is None or measure.aggregate == "count":
        count = sa.func.count() if value is None else value.aggregate("count", None)
        return [count.label("n"), count.label("value")]
    how = "sum" if measure.aggregate == "mean" else measure.aggregate
    return [value.aggregate("count", None).label("n"), value.aggregate(how, None).label("value")]


def _expiring_columns(scope: Scope, measure: Stock, value: Measured) -> list[Any]:
    """The same of the rows that are still known, then how many are not, and the newest of all."""
    known = scope.meets(measure.known)
    how = "sum" if measure.aggregate == "mean" else measure.aggregate
    count, every = value.aggregate("count", known), value.aggregate("count", None)
    newest = sa.func.max(scope.time(measure.since or "").micros())
    return [
        count.label("n"),
        value.aggregate(how, known).label("value"),
        (every - count).label("lapsed"),
        newest.label("newest"),
    ]


def _stock_answer(
    code: str, measure: Stock, value: Measured | None, rows: Sequence[Sequence[Any]]
) -> GroupValue:
    n = sum(int(row[0]) for row in rows)
    finish: Callable[[Any], Number] = value.finish if value else int
    if measure.aggregate in ("count", "share"):
        met = sum(int(row[1]) for row in rows)
        share = 100 * met / n if n else None
        return GroupValue(code, float(met) if measure.aggregate == "count" else share, n)
    given = [finish(row[1]) for row in rows if row[1] is not None]
    if measure.expires:
        lapsed = sum(int(row[2]) for row in rows)
        newest = max((int(row[3]) for row in rows if row[3] is not None), default=None)
        found = aggregated(measure.aggregate, given, n) if given else None
        as_of = None if newest is None else moment_of(newest)
        return GroupValue(code, found, n, as_of, lapsed=lapsed)
    return GroupValue(code, aggregated(measure.aggregate, given, n), n)
