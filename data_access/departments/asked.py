"""Asked measures: exact percentiles and distinct counts over a window, and histograms of a day."""

from collections.abc import Iterable, Mapping
from math import floor
from typing import Any

import sqlalchemy as sa

from dashboard.catalogue import Indicator
from dashboard.catalogue.indicators import Distinct, Percentile
from dashboard.histogram import bin_of
from dashboard.ports import GroupValue, Range
from data_access.departments.codes import code_of
from data_access.departments.phrases import number
from data_access.departments.reader import Reader
from data_access.departments.scopes import Scope
from data_access.departments.values import Measured, measured, times_of


def asked(reader: Reader, name: str, window: Range, by: str | None) -> list[GroupValue]:
    """See `ports.Source.asked`. Raises ValueError for an indicator of another measure."""
    indicator = reader.indicator(name)
    splits: list[str | None] = [None, by] if by else [None]
    match indicator.measure:
        case Percentile() as measure:
            found = [_percentiles(reader, indicator, measure, window, split) for split in splits]
        case Distinct() as measure:
            found = [_distinct(reader, indicator, measure, window, split) for split in splits]
        case other:
            raise ValueError(f"{name}: found measure {other.kind}, expected percentile or distinct")
    total = found[0].get("", GroupValue("", None if _is_percentile(indicator) else 0.0, 0))
    parts = [value for code, value in found[1].items() if code] if by else []
    return [total, *parts]


def _is_percentile(indicator: Indicator) -> bool:
    return isinstance(indicator.measure, Percentile)


def asked_scope(reader: Reader, indicator: Indicator, window: Range) -> Scope:
    """The rows of a window that an asked measure looks at."""
    measure = indicator.measure
    value = measure.of if isinstance(measure, Percentile) else None
    where = measure.where if isinstance(measure, Percentile | Distinct) else []
    every = reader.scope(indicator.dataset or "", min(window[1], reader.clock()))
    return every.counting(
        every.time(indicator.time or "").within([window]),
        every.meets([*indicator.where, *where]),
        every.sound(times_of(indicator.time, value)),
    )


def percentile_statement(scope: Scope, value: Measured, q: float, by: str | None) -> sa.Select[Any]:
    """Code, value, rank and count of the ranks around the quantile: three rows per code at most."""
    split = [scope.code(by).label("code")] if by else []
    values = scope.select(*split, value.each.label("value")).subquery("v")
    part = [values.c.code] if by else None
    ranked = (
        sa.select(
            *values.c,
            sa.func.row_number().over(partition_by=part, order_by=values.c.value).label("rank_"),
            sa.func.count().over(partition_by=part).label("n"),
        )
        .where(values.c.value.is_not(None))
        .subquery("r")
    )
    # The rank is computed again in Python, where all engines agree on the last digit of q·(n−1).
    place = (ranked.c.n - number(1)) * number(q)
    near = ranked.c.rank_.between(place - number(1), place + number(3))
    return sa.select(*ranked.c).where(near)


def _percentiles(
    reader: Reader, indicator: Indicator, measure: Percentile, window: Range, by: str | None
) -> dict[str, GroupValue]:
    scope = asked_scope(reader, indicator, window)
    value = measured(scope, measure.of)
    q = measure.q if value.factor >= 0 else 1 - measure.q
    fold = bool(by and scope.dimension(by).fold)
    return quantiles_of(reader.rows(percentile_statement(scope, value, q, by)), value, q, fold=fold)


def quantiles_of(
    rows: Iterable[Any], value: Measured, q: float, *, fold: bool
) -> dict[str, GroupValue]:
    """The q-quantile by code from the rows of a `percentile_statement`; "" where it has no split."""
    ranks: dict[str, dict[int, float]] = {}
    sizes: dict[str, int] = {}
    for row in rows:
        *code, found, rank, n = row
        spelled = code_of(code[0], fold=fold) if code else ""
        sizes[spelled] = int(n)
        ranks.setdefault(spelled, {})[int(rank)] = float(value.finish(found))
    return {code: GroupValue(code, interpolated(ranks[code], n, q), n) for code, n in sizes.items()}


def interpolated(ranks: Mapping[int, float], n: int, q: float) -> float:
    """The q-quantile of n values from those with the ranks (from 1) around it, linearly."""
    place = q * (n - 1)
    low = floor(place)
    below = ranks[low + 1]
    share = place - low
    return below + (ranks[low + 2] - below) * share if share else below


def distinct_statement(scope: Scope, measure: Distinct, by: str | None) -> sa.Select[Any]:
    """Different values and rows with one, per code."""
    column = scope.phrases.exact(scope.column(measure.column), scope.kind(measure.column))
    split = [scope.code(by).label("code")] if by else []
    statement = scope.select(
        *split, sa.func.count(column.distinct()).label("value"), sa.func.count(column).label("n")
    )
    return statement.group_by(*(sa.literal_column("1") for _ in split))


def _distinct(
    reader: Reader, indicator: Indicator, measure: Distinct, window: Range, by: str | None
) -> dict[str, GroupValue]:
    scope = asked_scope(reader, indicator, window)
    fold = bool(by and scope.dimension(by).fold)
    found = {}
    for row in reader.rows(distinct_statement(scope, measure, by)):
        *code, count, n = row
        spelled = code_of(code[0], fold=fold) if code else ""
        found[spelled] = GroupValue(spelled, float(count), int(n))
    return found


def histogram(
    reader: Reader, name: str, window: Range, by: str | None
) -> dict[str, dict[int, int]]:
    """See `ports.Source.histogram`. Values are grouped by the database and binned here, so that
    every engine fills the same bins. Raises ValueError for a measure that is no percentile."""
    indicator = reader.indicator(name)
    measure = indicator.measure
    if not isinstance(measure, Percentile):
        raise ValueError(f"{name}: found measure {measure.kind}, expected percentile")
    scope = asked_scope(reader, indicator, window)
    value = measured(scope, measure.of)
    split = [scope.code(by).label("code")] if by else []
    statement = scope.select(*split, value.each.label("value"), sa.func.count().label("n"))
    statement = statement.group_by(*(sa.literal_column(str(i + 1)) for i in range(len(split) + 1)))
    found: dict[str, dict[int, int]] = {"": {}}
    with reader.connected() as connection:
        for row in connection.execute(statement):
            *code, raw, count = row
            if raw is None:
                continue
            number_of_bin = bin_of(float(value.finish(raw)))
            parts = {""} | {code_of(c, fold=scope.dimension(by or "").fold) for c in code}
            for part in parts:
                bins = found.setdefault(part, {})
                bins[number_of_bin] = bins.get(number_of_bin, 0) + int(count)
    return found
