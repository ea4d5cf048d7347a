"""How PostgreSQL says it."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import TypeEngine

from dashboard.text import BLANKS
from data_access.departments.phrases import (
    MICRO,
    NUMBER,
    Expression,
    Phrases,
    is_text,
    micros_in,
    number,
)
from data_access.departments.texts import TextForm
from data_access.departments.zones import EPOCH

_SIZES = {"H": 3600 * MICRO, "M": 60 * MICRO, "S": MICRO}


class PostgresqlPhrases(Phrases):
    """PostgreSQL 14 and later."""

    def time_bind(self, naive: datetime, *, utc: bool) -> Any:
        return naive.replace(tzinfo=UTC) if utc else naive

    def time_literal(self, naive: datetime) -> Expression:
        return sa.literal_column(f"TIMESTAMP '{naive.isoformat(' ')}'")

    def micros(self, column: Expression) -> Expression:
        seconds = sa.extract("epoch", column)
        return sa.case((sa.func.isfinite(column), self.as_integer(seconds * number(MICRO))))

    def text_micros(self, column: Expression, form: TextForm) -> Expression:
        # The parts are matched once per row; without a match they are null and so is all else.
        matched = sa.func.regexp_match(column, form.pattern, type_=ARRAY(sa.Text()))
        row = getattr(column, "table", None)
        parts = sa.select(matched.label("p")).correlate(row).offset(number(0)).subquery("parts")
        day = self._part(parts, form, "d")
        month = sa.func.make_date(
            self._part(parts, form, "Y"), self._part(parts, form, "m"), number(1)
        )
        month_end = month + sa.literal_column("INTERVAL '1 month' - INTERVAL '1 day'")
        days = month - sa.literal_column("DATE '1970-01-01'") + day - number(1)
        micros = sa.cast(days, sa.BigInteger()) * number(86_400 * MICRO)
        for directive, size in _SIZES.items():
            if directive in form.directives:
                micros = micros + self._part(parts, form, directive) * number(size)
        if "f" in form.directives:
            digits = sa.func.rpad(self._text(parts, form, "f"), number(6), "0")
            micros = micros + sa.cast(digits, sa.BigInteger())
        if "z" in form.directives:
            micros = micros - _offset(self._text(parts, form, "z"))
        in_month = day <= sa.extract("day", month_end)
        return sa.select(micros).select_from(parts).where(in_month).scalar_subquery()

    def text_utc_micros(self, column: Expression, form: TextForm, zone: str) -> Expression:
        # Computed once per row and then compared with each change of the zone's offset.
        plain = sa.select(self.text_micros(column, form).label("micros")).offset(number(0))
        read = plain.correlate(getattr(column, "table", None)).subquery("read")
        offset = self.offset_micros(zone, lambda at: read.c.micros >= number(micros_in(at - EPOCH)))
        return sa.select(read.c.micros - offset).select_from(read).scalar_subquery()

    def _text(self, parts: sa.FromClause, form: TextForm, directive: str) -> Expression:
        place = form.directives.find(directive) + 1
        return parts.c.p[number(place)] if place else sa.literal_column("'1'")

    def _part(self, parts: sa.FromClause, form: TextForm, directive: str) -> Expression:
        kind = sa.Integer() if directive in "Ymd" else sa.BigInteger()
        return sa.cast(self._text(parts, form, directive), kind)

    def as_integer(self, value: Expression) -> Expression:
        return sa.cast(sa.func.round(value), sa.BigInteger())

    def wide(self, value: int) -> Expression:
        return sa.cast(number(value), sa.BigInteger())

    def integer_divide(self, value: Expression, by: int) -> Expression:
        return value.op("/", precedence=8)(number(by))

    def number(self, column: Expression, kind: TypeEngine[Any]) -> Expression:
        if is_text(kind):
            return sa.case((column.op("~")(NUMBER), sa.cast(column, sa.Numeric())))
        if isinstance(kind, sa.Boolean):
            return sa.cast(column, sa.Integer())
        if isinstance(kind, sa.Float):
            return sa.func.nullif(sa.cast(column, sa.Double()), sa.literal_column("'NaN'"))
        return column

    def exact_decimal(self, column: Expression, kind: TypeEngine[Any], decimals: int) -> Expression:
        return sa.func.round(sa.cast(self.number(column, kind), sa.Numeric()), number(decimals))

    def decimal_of(self, value: Any, decimals: int) -> Decimal:
        return Decimal(value).quantize(Decimal(1).scaleb(-decimals))

    def total(self, value: Expression) -> Expression:
        return sa.func.sum(value)

    def folded(self, column: Expression) -> Expression:
        return sa.func.upper(sa.func.btrim(sa.cast(column, sa.Text()), BLANKS))

    def now(self) -> Expression:
        return sa.func.clock_timestamp()

    def scalar(self, value: Any, kind: TypeEngine[Any]) -> Any:
        # Text goes out untyped and is taken in the column's own type.
        return bool(value) if isinstance(kind, sa.Boolean) else _untyped(value)


def _untyped(value: Any) -> str:
    return str(int(value)) if isinstance(value, bool) else str(value)


def _offset(zone: Expression) -> Expression:
    """Microseconds of `+02:00`, `-0500` or `Z`."""
    hours_only = sa.func.regexp_replace(zone, "^([+-][0-9]{2}):?", r"\1:")
    span = sa.cast(sa.func.replace(hours_only, "Z", "00:00"), sa.Interval())
    return sa.cast(sa.extract("epoch", span) * number(MICRO), sa.BigInteger())
