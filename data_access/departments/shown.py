"""The statement behind an indicator, for people to read and to run by hand."""

import re
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from dashboard.catalogue import Indicator
from dashboard.catalogue.indicators import Distinct, Fact, Latest, Percentile, Stock
from dashboard.measures import flow_of
from dashboard.ports import Range
from data_access.departments.asked import asked_scope, distinct_statement, percentile_statement
from data_access.departments.lasts import fact_statement, latest_statement
from data_access.departments.reader import Reader
from data_access.departments.stocks import stock_statement
from data_access.departments.values import additive_column, measured, times_of

_BREAKS = re.compile(r"'(?:[^']|'')*'|\"[^\"]*\"|[()]|, | AND | OR ")
_VISIBLE = str.maketrans({"\t": "\\t", "\r": "\\r", "\n": "\\n"})


def sql_of(reader: Reader, name: str) -> str:
    """See `ports.Source.sql`, over the indicator's own window until now. Raises ValueError for a
    derived indicator, which has none."""
    statement = statement_of(reader, reader.indicator(name), name)
    return readable(statement, reader.engine.dialect)


def statement_of(reader: Reader, indicator: Indicator, name: str) -> sa.Select[Any]:
    """The one statement that gives the indicator's total now. Raises ValueError for derived."""
    now = reader.clock()
    match indicator.measure:
        case Stock() as stock:
            return stock_statement(reader, indicator, stock, now, None)[2]
        case Latest() as latest:
            return latest_statement(reader, indicator, latest, now, None)[1]
        case Fact() as fact:
            return fact_statement(reader, indicator, fact, now, None)[1]
    if indicator.dataset is None:
        raise ValueError(f"{name}: derived from other indicators, it has no statement of its own")
    window = reader.department.window_of(indicator, now)
    match indicator.measure:
        case Percentile() as percentile:
            scope = asked_scope(reader, indicator, window)
            value = measured(scope, percentile.of)
            return percentile_statement(scope, value, percentile.q, None)
        case Distinct() as distinct:
            return distinct_statement(asked_scope(reader, indicator, window), distinct, None)
    return _flow_statement(reader, indicator, window)


def _flow_statement(reader: Reader, indicator: Indicator, window: Range) -> sa.Select[Any]:
    """All of a flow's sums at once, over the whole window instead of per bucket."""
    flow = flow_of(indicator)
    if flow is None:
        raise ValueError(f"found measure {indicator.measure.kind}, expected a flow")
    every = reader.scope(indicator.dataset or "")
    sound = every.sound(times_of(indicator.time, flow.numerator.of))
    until = max(window[1], window[0] + timedelta(seconds=1))
    inside = every.time(indicator.time or "").within([(window[0], until)])
    scope = every.counting(inside, sound)
    labels = {flow.n: "n", flow.denominator: "denominator", flow.numerator: "numerator"}
    if flow.denominator is None:
        labels[flow.numerator] = "value"
    return scope.select(
        *(additive_column(scope, part).label(labels[part]) for part in flow.additives())
    )


def readable(statement: sa.Select[Any], dialect: sa.Dialect) -> str:
    """A statement with its binds filled in, broken into lines."""
    compiled = statement.compile(dialect=dialect, compile_kwargs={"literal_binds": True})
    return broken_into_lines(str(compiled).replace("%%", "%"))


def broken_into_lines(sql: str) -> str:
    """A line per selected column and per condition, where no parenthesis is open."""
    depth = 0

    def broken(found: re.Match[str]) -> str:
        nonlocal depth
        piece = found[0]
        if piece[0] == "'":
            return piece.translate(_VISIBLE)
        if piece in "()":
            depth += 1 if piece == "(" else -1
        elif depth == 0 and piece == ", ":
            return ",\n       "
        elif depth == 0 and piece in (" AND ", " OR "):
            return f"\n  {piece.strip():>3} "
        return piece

    lines = _BREAKS.sub(broken, sql).splitlines()
    return "\n".join(line.rstrip() for line in lines if line.strip())
