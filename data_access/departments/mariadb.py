"""How MariaDB and MySQL say it: what they hold equal (case, trailing blanks) is told apart."""

from datetime import datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import mysql
from sqlalchemy.types import TypeEngine

from dashboard.text import BLANKS
from data_access.departments.phrases import (
    MICRO,
    NUMBER,
    Expression,
    Phrases,
    bind,
    is_text,
    micros_in,
    number,
)
from data_access.departments.texts import TextForm
from data_access.departments.zones import EPOCH, spoken_switches


class MariadbPhrases(Phrases):
    """MariaDB 10.5 and later; MySQL 8.0 and later where `mysql` is set."""

    def __init__(self, *, is_mariadb: bool) -> None:
        self._collation = "utf8mb4_nopad_bin" if is_mariadb else "utf8mb4_0900_bin"

    def time_bind(self, naive: datetime, *, utc: bool) -> Any:
        return naive.isoformat(" ")

    def time_literal(self, naive: datetime) -> Expression:
        return sa.literal_column(f"'{naive.isoformat(' ')}'")

    def micros(self, column: Expression) -> Expression:
        return sa.func.timestampdiff(
            sa.literal_column("MICROSECOND"), sa.literal_column("'1970-01-01 00:00:00'"), column
        )

    def text_micros(self, column: Expression, form: TextForm) -> Expression:
        # Hours beyond 23 and days that a month has not are taken as Python takes them: TIME_TO_SEC
        # counts on, DATEDIFF gives NULL.
        day = self._rearranged(column, form, "{Y}-{m}-{d}")
        days = sa.func.datediff(day, sa.literal_column("'1970-01-01'"))
        micros: Expression = days * number(86_400 * MICRO)
        if "H" in form.directives:
            time = self._rearranged(column, form, "{H}:{M}:{S}")
            micros = micros + sa.func.time_to_sec(time) * number(MICRO)
        if "f" in form.directives:
            fraction = sa.func.rpad(self._rearranged(column, form, "{f}"), number(6), "0")
            micros = micros + sa.cast(fraction, mysql.INTEGER())
        if "z" in form.directives:
            offset = sa.func.replace(self._rearranged(column, form, "{z}"), "Z", "+0000")
            hours = sa.func.regexp_replace(offset, "^([+-][0-9]{2}):?", r"\1:")
            seconds = sa.func.time_to_sec(sa.func.replace(hours, "+", ""))
            micros = micros - seconds * number(MICRO)
        return sa.case((column.op("REGEXP")(form.pattern), self.as_integer(micros)))

    def text_utc_micros(self, column: Expression, form: TextForm, zone: str) -> Expression:
        # INTERVAL finds the place among the changes of the zone's offset, ELT the offset there.
        plain = self.text_micros(column, form)
        (_, oldest), *later = reversed(spoken_switches(zone))
        if not later:
            return plain - number(micros_in(oldest))
        changes = [number(micros_in(at - EPOCH)) for at, _ in later]
        offsets = [number(micros_in(offset)) for offset in (oldest, *(o for _, o in later))]
        place = sa.func.interval(plain, *changes) + number(1)
        return plain - sa.cast(sa.func.elt(place, *offsets), mysql.INTEGER())

    def _rearranged(self, column: Expression, form: TextForm, wanted: str) -> Expression:
        """Parts of a text in another order; `1` or `0` for those that the format has not."""
        parts = {d: "1" if d in "md" else "0" for d in "mdHMSfz"}
        parts |= {d: f"\\{place + 1}" for place, d in enumerate(form.directives)}
        return sa.func.regexp_replace(column, form.pattern, wanted.format(**parts))

    def as_integer(self, value: Expression) -> Expression:
        return sa.cast(sa.func.round(value), mysql.INTEGER())

    def integer_divide(self, value: Expression, by: int) -> Expression:
        return value.op("DIV", precedence=8)(number(by))

    def number(self, column: Expression, kind: TypeEngine[Any]) -> Expression:
        if is_text(kind):
            return sa.case((column.op("REGEXP")(NUMBER), sa.cast(column, mysql.DOUBLE())))
        return column

    def exact_decimal(self, column: Expression, kind: TypeEngine[Any], decimals: int) -> Expression:
        exact = sa.cast(column, mysql.DECIMAL(38, decimals))
        return sa.case((column.op("REGEXP")(NUMBER), exact)) if is_text(kind) else exact

    def decimal_of(self, value: Any, decimals: int) -> Decimal:
        return Decimal(value).quantize(Decimal(1).scaleb(-decimals))

    def total(self, value: Expression) -> Expression:
        return sa.func.sum(value)

    def folded(self, column: Expression) -> Expression:
        blanks = f"^[{BLANKS}]+|[{BLANKS}]+$"
        bare = sa.func.regexp_replace(self._as_text(column), blanks, "")
        return sa.func.upper(bare).collate(self._collation)

    def length(self, text: Expression) -> Expression:
        return sa.func.char_length(text)

    def now(self) -> Expression:
        return sa.func.utc_timestamp(6)

    def exact(self, column: Expression, kind: TypeEngine[Any]) -> Expression:
        return self._as_text(column).collate(self._collation) if is_text(kind) else column

    def is_exactly(self, column: Expression, kind: TypeEngine[Any], value: Any) -> Expression:
        plain = super().is_exactly(column, kind, value)
        if not is_text(kind):
            return plain
        return sa.and_(plain, self.exact(column, kind) == bind(self.scalar(value, kind)))

    def same(self, one: Expression, other: Expression, kind: TypeEngine[Any]) -> Expression:
        plain = super().same(one, other, kind)
        if not is_text(kind):
            return plain
        return sa.and_(plain, self.exact(one, kind) == self.exact(other, kind))

    def scalar(self, value: Any, kind: TypeEngine[Any]) -> Any:
        plain = super().scalar(value, kind)
        return str(plain) if is_text(kind) else plain

    def _as_text(self, column: Expression) -> Expression:
        return sa.cast(column, mysql.CHAR(charset="utf8mb4"))
