"""Values of rows: a column, or the time between two of its times, in a form that sums exactly."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from dashboard.catalogue.indicators import Value
from dashboard.measures import Additive
from dashboard.ports import Number
from data_access.departments.phrases import MICRO, Expression, Phrases, number
from data_access.departments.scopes import Scope
from data_access.departments.times import micros_since_1970

_UNITS = {"s": 1, "min": 60, "h": 3600, "d": 86_400}


@dataclass(frozen=True)
class Measured:
    """A row's value as an expression, how it is summed, and what a result of it means."""

    each: Expression
    total: Callable[[Expression], Expression]
    finish: Callable[[Any], Number]
    factor: float = 1.0

    def aggregate(self, how: str, where: Expression | None) -> Expression:
        """One aggregate over the rows that meet `where`, before `finish`."""
        value = self.each if where is None else sa.case((where, self.each))
        if how == "count":
            return sa.func.count(value)
        if how == "sum":
            return self.total(value)
        # A negative factor turns the order round.
        largest = (how == "max") == (self.factor >= 0)
        return sa.func.max(value) if largest else sa.func.min(value)


def measured(scope: Scope, value: Value) -> Measured:
    """What a value of the catalogue means in a scope."""
    finish = finish_of(scope.phrases, value)
    if value.column is None:
        start, end = scope.time(value.start or ""), scope.time(value.end or "")
        took = end.micros() - start.micros()
        return Measured(took, scope.phrases.total, finish, value.factor)
    column, kind = scope.column(value.column), scope.kind(value.column)
    if value.decimals is None:
        each = scope.phrases.number(column, kind)
    else:
        each = scope.phrases.exact_decimal(column, kind, value.decimals)
    return Measured(each, sa.func.sum, finish, value.factor)


def finish_of(phrases: Phrases, value: Value) -> Callable[[Any], Number]:
    """What an aggregate of a value means in its own unit."""
    decimals = value.decimals
    if value.column is not None and decimals is not None:
        factor = Decimal(str(value.factor))
        return lambda raw: phrases.decimal_of(raw, decimals) * factor
    scale = value.factor if value.column is not None else value.factor / _UNITS[value.unit] / MICRO
    if decimals is None:
        return lambda raw: float(raw) * scale
    return lambda raw: Decimal(f"{float(raw) * scale:.{decimals}f}")


def age(scope: Scope, name: str) -> Measured:
    """The hours since one of a row's times."""
    micros = scope.time(name).micros()
    now = number(micros_since_1970(scope.now))
    return Measured(now - micros, scope.phrases.total, lambda raw: float(raw) / MICRO / _UNITS["h"])


def times_of(time: str | None, value: Value | None) -> list[str | None]:
    """The times a measure uses, by which set-aside rules know it: its own and its value's.

    Times of its conditions do not count, or the two sides of a ratio would rest on different rows.
    """
    return [time, value.start if value else None, value.end if value else None]


def additive_column(scope: Scope, additive: Additive) -> Expression:
    """An additive as an aggregate, before `finish_additive`."""
    where = scope.meets(additive.where)
    if additive.of is None:
        return sa.func.count() if where is None else sa.func.count(sa.case((where, number(1))))
    return measured(scope, additive.of).aggregate(additive.how, where)


def finish_additive(phrases: Phrases, additive: Additive) -> Callable[[Any], Number]:
    """What an additive's aggregate means."""
    if additive.of is None or additive.how == "count":
        return int
    return finish_of(phrases, additive.of)
