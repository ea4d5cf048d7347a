"""What the three engines say differently, behind one set of phrases.

Every phrase gives the same value on every engine for the same row: that is what makes readings
equal when a department moves from one to another. Microseconds are whole numbers since 1970.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.types import TypeEngine

from data_access.departments.texts import TextForm
from data_access.departments.zones import EPOCH, spoken_switches

Expression = sa.ColumnElement[Any]
MICRO = 1_000_000
TICK = timedelta(microseconds=1)
_SHIFT = 2_592_000_000 * MICRO
"""Whole days from 1887 to 1970, added before dividing: division cuts towards zero, not down."""
_FIRST_SECOND, _LAST_SECOND = -62_135_596_800, 253_402_300_799
NUMBER = "^ *[-+]?([0-9]+([.][0-9]*)?|[.][0-9]+)([eE][-+]?[0-9]{1,2})? *$"
"""Text that is a number; all else in a column of values is a missing one (`—`, `-;`)."""


class Raw(sa.types.UserDefinedType[Any]):
    """A value handed to the driver as it is, so that the database takes it in the column's form."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        """Never part of a table."""
        return "RAW"

    def literal_processor(self, dialect: sa.Dialect) -> Any:
        """How the value reads in a statement shown to people."""
        return written


def written(value: Any) -> str:
    """A value as a literal of SQL, for people to read."""
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, int | float | Decimal):
        return str(value)
    text = value.isoformat(" ") if isinstance(value, datetime) else str(value)
    return "'" + text.replace("'", "''") + "'"


def bind(value: Any) -> Expression:
    """A bound value without a type of ours."""
    return sa.bindparam(None, value, type_=Raw(), unique=True)


def number(value: int | float) -> Expression:
    """A constant of ours, written into the statement."""
    return sa.literal_column(str(value))


def micros_in(span: timedelta) -> int:
    """A span as a whole number of microseconds."""
    return span // TICK


def is_text(kind: TypeEngine[Any]) -> bool:
    """Whether a column holds text."""
    return isinstance(kind, sa.String)


class Phrases(ABC):
    """How one engine says what the measures need."""

    earliest_time: Any = None
    """What every filled timestamp is not before, where an empty one would sort there."""

    @abstractmethod
    def time_bind(self, naive: datetime, *, utc: bool) -> Any:
        """A naive time in the form of a timestamp column; `utc` says that it is an instant."""

    @abstractmethod
    def time_literal(self, naive: datetime) -> Expression:
        """A naive time written into the statement."""

    @abstractmethod
    def micros(self, column: Expression) -> Expression:
        """Microseconds of a timestamp or date column, as if its naive time were UTC."""

    @abstractmethod
    def text_micros(self, column: Expression, form: TextForm) -> Expression:
        """Microseconds of text, as if its naive time were UTC (in UTC where it has an offset);
        NULL for what is no time."""

    @abstractmethod
    def text_utc_micros(self, column: Expression, form: TextForm, zone: str) -> Expression:
        """Microseconds of text of a zone's wall clock in UTC; NULL for what is no time."""

    def offset_micros(self, zone: str, after: Callable[[datetime], Expression]) -> Expression:
        """A zone's offset; `after(naive)` says whether a row is not before a naive time."""
        *recent, (_, oldest) = spoken_switches(zone)
        if not recent:
            return number(micros_in(oldest))
        cases = [(after(at), number(micros_in(offset))) for at, offset in recent]
        return sa.case(*cases, else_=number(micros_in(oldest)))

    @abstractmethod
    def as_integer(self, value: Expression) -> Expression:
        """Rounded to a whole number of 64 bits."""

    @abstractmethod
    def integer_divide(self, value: Expression, by: int) -> Expression:
        """A whole number divided by another, the rest dropped."""

    @abstractmethod
    def number(self, column: Expression, kind: TypeEngine[Any]) -> Expression:
        """A column as a number, NULL where it holds none."""

    @abstractmethod
    def exact_decimal(self, column: Expression, kind: TypeEngine[Any], decimals: int) -> Expression:
        """A column rounded to so many decimals, in a form whose sums are exact."""

    @abstractmethod
    def decimal_of(self, value: Any, decimals: int) -> Decimal:
        """What a sum of `exact_decimal` means."""

    @abstractmethod
    def total(self, value: Expression) -> Expression:
        """The sum of whole numbers, without overflow."""

    @abstractmethod
    def folded(self, column: Expression) -> Expression:
        """The column as `folded` would have it."""

    @abstractmethod
    def now(self) -> Expression:
        """The database's own clock, in UTC."""

    def rarely(self, condition: Expression) -> Expression:
        """The condition, said to hold for few rows where the engine cannot know."""
        return condition

    def exact(self, column: Expression, kind: TypeEngine[Any]) -> Expression:
        """A column that groups and counts its values apart where they differ at all."""
        return column

    def is_exactly(self, column: Expression, kind: TypeEngine[Any], value: Any) -> Expression:
        """The column is the value, by index where there is one, and differs in nothing."""
        return column == bind(self.scalar(value, kind))

    def same(self, one: Expression, other: Expression, kind: TypeEngine[Any]) -> Expression:
        """Two columns of one kind hold the same value, by index where there is one."""
        return one == other

    def scalar(self, value: Any, kind: TypeEngine[Any]) -> Any:
        """A value of the catalogue in the column's own type."""
        return int(value) if isinstance(value, bool) else value

    def floor_divide(self, micros: Expression, by: int) -> Expression:
        """Whole periods since 1970; right for times from 1887 on."""
        shifted = self.integer_divide(micros + number(_SHIFT), by)
        return shifted - number(_SHIFT // by)

    def epoch_micros(self, column: Expression, unit: Decimal) -> Expression:
        """Microseconds of a number counted from 1970 in units of so many seconds; NULL for what is
        outside the years 1 to 9999."""
        micros = unit * MICRO
        factor = self.wide(int(micros)) if micros == int(micros) else number(float(micros))
        sensible = column.between(
            number(int(_FIRST_SECOND / unit)), number(int(_LAST_SECOND / unit))
        )
        return sa.case((sensible, self.as_integer(column * factor)))

    def wide(self, value: int) -> Expression:
        """A constant whose products have 64 bits."""
        return number(value)

    def length(self, text: Expression) -> Expression:
        """Characters of a text."""
        return sa.func.length(text)

    def bucket(self, column: Expression, seconds: int) -> Expression:
        """What is equal for all naive times of a timestamp column in one bucket."""
        return self.floor_divide(self.micros(column), seconds * MICRO)

    def bucket_start(self, key: Any, seconds: int) -> datetime | None:
        """The naive start of a bucket, None for what is no time."""
        return None if key is None else EPOCH + timedelta(seconds=int(key) * seconds)

    def time_of(self, raw: Any) -> datetime | None:
        """The naive time of what a timestamp column gave, None where it is none."""
        if isinstance(raw, datetime):
            return raw
        if isinstance(raw, date):
            return datetime(raw.year, raw.month, raw.day)
        try:
            return datetime.fromisoformat(str(raw).strip())
        except ValueError:
            return None
