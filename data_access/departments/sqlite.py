"""How SQLite says it: timestamps are text, and what it lacks are functions of ours."""

import re
import sqlite3
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.types import TypeEngine

from dashboard.text import folded
from data_access.departments.phrases import (
    MICRO,
    NUMBER,
    Expression,
    Phrases,
    micros_in,
    number,
)
from data_access.departments.texts import TextForm
from data_access.departments.zones import EPOCH, spoken_offset

_NUMBER = re.compile(NUMBER)


def register_functions(connection: sqlite3.Connection) -> None:
    """Teach a connection to read texts as Python does."""
    connection.create_function("read_micros", 3, read_micros, deterministic=True)
    connection.create_function("read_number", 1, _read_number, deterministic=True)
    connection.create_function("fold_code", 1, _fold_code, deterministic=True)


def read_micros(text: Any, text_format: str, zone: str) -> int | None:
    """Microseconds of a text, see `Phrases.text_micros`; in UTC where a zone is given."""
    found = TextForm(text_format).read(str(text)) if text is not None else None
    if found is None:
        return None
    naive, offset = found
    if zone:
        offset = spoken_offset(naive, zone)
    return micros_in(naive - EPOCH - (offset or timedelta(0)))


def _read_number(text: Any) -> float | None:
    return float(text) if _NUMBER.match(str(text)) else None


def _fold_code(code: Any) -> str | None:
    return None if code is None else folded(str(code))


def sqlite_text(naive: datetime) -> str:
    """A time as text: no fraction, or one without trailing zeros.

    That is the smallest of all spellings of the moment, so that `>=` and `<` are right beside
    columns written with a fraction of six digits as well as without one.
    """
    text = naive.isoformat(" ")
    return text.rstrip("0") if "." in text else text


class SqlitePhrases(Phrases):
    """SQLite 3.25 and later."""

    earliest_time = "0"

    def time_bind(self, naive: datetime, *, utc: bool) -> Any:
        return sqlite_text(naive)

    def time_literal(self, naive: datetime) -> Expression:
        return sa.literal_column(f"'{sqlite_text(naive)}'")

    def micros(self, column: Expression) -> Expression:
        seconds = sa.func.strftime("%s", sa.func.substr(column, 1, 19))
        fraction = sa.func.substr(column.op("||")(sa.literal_column("'000000'")), 21, 6)
        return self._integer(seconds) * number(MICRO) + self._integer(fraction)

    def text_micros(self, column: Expression, form: TextForm) -> Expression:
        return self.text_utc_micros(column, form, "")

    def text_utc_micros(self, column: Expression, form: TextForm, zone: str) -> Expression:
        return sa.func.read_micros(column, form.format, zone, type_=sa.BigInteger())

    def as_integer(self, value: Expression) -> Expression:
        return self._integer(sa.func.round(value))

    def _integer(self, value: Expression) -> Expression:
        return sa.cast(value, sa.BigInteger())

    def integer_divide(self, value: Expression, by: int) -> Expression:
        return value.op("/", precedence=8)(number(by))

    def number(self, column: Expression, kind: TypeEngine[Any]) -> Expression:
        # A column declared to be numeric holds as text only what is no number.
        numeric = isinstance(kind, sa.Numeric | sa.Float | sa.Integer)
        read = sa.null() if numeric else sa.func.read_number(column)
        holds_text = sa.func.typeof(column) == sa.literal_column("'text'")
        return sa.case((holds_text, read), else_=column)

    def exact_decimal(self, column: Expression, kind: TypeEngine[Any], decimals: int) -> Expression:
        return self.as_integer(self.number(column, kind) * number(10**decimals))

    def decimal_of(self, value: Any, decimals: int) -> Decimal:
        return Decimal(int(value)).scaleb(-decimals)

    def total(self, value: Expression) -> Expression:
        # SUM of whole numbers fails beyond 2⁶³; the real sum is right to 1e-15.
        return sa.func.sum(sa.cast(value, sa.REAL()))

    def rarely(self, condition: Expression) -> Expression:
        # Without a type: a boolean one would be written `= 1`, behind which no index is seen. The
        # hint counts only beside another condition on the column: the same once more.
        hint: Expression = sa.func.likelihood(condition, sa.literal_column("0.001"))
        return sa.and_(hint, condition)

    def folded(self, column: Expression) -> Expression:
        return sa.func.fold_code(column)

    def now(self) -> Expression:
        return sa.func.strftime("%Y-%m-%d %H:%M:%f", "now")

    def bucket(self, column: Expression, seconds: int) -> Expression:
        # Text is cut instead of computed with: buckets are of 5 minutes, so the last digit of the
        # minute tells. `bucket_start` reads what comes of it, whatever it is.
        minute = sa.func.substr(column, 16, 1) < sa.literal_column("'5'")
        digit = sa.case((minute, sa.literal_column("'0'")), else_=sa.literal_column("'5'"))
        return sa.func.substr(column, 1, 15).op("||")(digit)

    def bucket_start(self, key: Any, seconds: int) -> datetime | None:
        text = str(key)
        return super().time_of(text[:10] if len(text) < 16 else text)

    def time_of(self, raw: Any) -> datetime | None:
        return None if isinstance(raw, int | float | date) else super().time_of(raw)
