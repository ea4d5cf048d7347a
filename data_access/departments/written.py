"""Time columns of text, and the choice of the right kind of time for a column of the catalogue."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.types import TypeEngine

from dashboard.catalogue.datasets import TimeColumn
from dashboard.measures import BUCKET
from dashboard.ports import Range
from data_access.departments.phrases import MICRO, Expression, Phrases, bind, micros_in, number
from data_access.departments.texts import TextForm, ceiling, texts_between
from data_access.departments.times import DAY, Day, Epoch, Stamp, Time, is_open
from data_access.departments.zones import EPOCH, Naive, naive_ranges


class Written(Time):
    """Text of a zone's wall clock. Text that does not sort is computed with: a slow scan."""

    def __init__(self, *arguments: Any, form: TextForm, sorts: bool) -> None:
        super().__init__(*arguments)
        self._form = form
        self._zoned = "z" in form.directives
        self.sorts = sorts and form.sorts
        self._cut = self.sorts and not self._zoned

    def bounds(self, window: Range) -> list[tuple[Any, Any]]:
        """Whole days around the window: whatever is written on them, traps included."""
        margin = DAY * 2 if self._zoned else DAY
        return [
            (
                None if is_open(a) else self._form.write(ceiling(a, DAY) - DAY - margin),
                None if is_open(b) else self._form.write(ceiling(b, DAY) + margin),
            )
            for a, b in naive_ranges(window, self.zone)
        ]

    def within(self, windows: Iterable[Range]) -> Expression:
        windows = list(windows)
        exact = self._computed(windows)
        return sa.and_(super().within(windows), exact) if self.sorts else exact

    def near(self, windows: Iterable[Range]) -> Expression:
        windows = list(windows)
        if not self._cut:
            return sa.or_(self.within(windows), self.unreadable())
        pairs = [
            pair
            for window in windows
            for naive in naive_ranges(window, self.zone)
            for pair in texts_between(self._form, naive)
        ]
        return sa.or_(*(self._between(*pair) for pair in pairs))

    def _computed(self, windows: Sequence[Range]) -> Expression:
        value = self._plain_micros()
        zone = "UTC" if self._zoned else self.zone
        naive = [pair for window in windows for pair in naive_ranges(window, zone)]
        return sa.or_(sa.false(), *(_micros_between(value, pair) for pair in naive))

    def _plain_micros(self) -> Expression:
        return self.phrases.text_micros(self.column, self._form)

    def micros(self) -> Expression:
        if self._zoned:
            return self._plain_micros()
        return self.phrases.text_utc_micros(self.column, self._form, self.zone)

    def bucket(self) -> Expression:
        place = self._form.place("M")
        if not self._cut:
            return self.phrases.floor_divide(self._plain_micros(), BUCKET * MICRO)
        return self.column if place is None else self._cut_text(place[0])

    def _cut_text(self, minute: int) -> Expression:
        """Text up to the minute, its last digit made 0 or 5; text of another length as it is."""
        tens = sa.func.substr(self.column, 1, minute, type_=sa.String())
        digit = sa.func.substr(self.column, minute + 1, 1)
        regular = self.phrases.length(self.column) == number(self._form.width)
        cases = [
            (sa.and_(regular, digit.in_(sa.literal_column(f"'{d}'") for d in digits)), last)
            for digits, last in (("01234", "0"), ("56789", "5"))
        ]
        return sa.case(
            *((when, tens + sa.literal_column(f"'{last}'", sa.String())) for when, last in cases),
            else_=self.column,
        )

    def bucket_start(self, key: Any) -> datetime | None:
        if key is None:
            return None
        if self._cut:
            place = self._form.place("M")
            cut = place is not None and len(str(key)) == place[0] + 1
            return self.read(key, self._form.until_minute() if cut else self._form)
        naive = EPOCH + timedelta(seconds=int(key) * BUCKET)
        return naive.replace(tzinfo=UTC) if self._zoned else self._utc(naive)

    def read(self, raw: Any, form: TextForm | None = None) -> datetime | None:
        found = (form or self._form).read(str(raw)) if raw is not None else None
        if found is None:
            return None
        naive, offset = found
        return self._utc(naive) if offset is None else (naive - offset).replace(tzinfo=UTC)

    def missing(self) -> Expression:
        return sa.or_(self.column.is_(None), sa.func.trim(self.column) == "")

    def unreadable(self) -> Expression:
        """Rows with a text that is no time."""
        return sa.and_(self._plain_micros().is_(None), sa.not_(self.missing()))

    def beyond(self) -> Expression | None:
        """Rows whose text sorts behind every time (`Date Not Captured`), by index; None where text
        does not sort."""
        last = self._form.write(datetime(9999, 12, 31)).replace("12", "99", 1)
        return self.column >= bind(last) if self._cut else None


def _micros_between(value: Expression, naive: Naive) -> Expression:
    low, high = naive
    conditions = []
    if not is_open(low):
        conditions.append(value >= number(micros_in(low - EPOCH)))
    if not is_open(high):
        conditions.append(value < number(micros_in(high - EPOCH)))
    return sa.and_(value.is_not(None), *conditions)


def time_in(
    spec: TimeColumn, column: Expression, kind: TypeEngine[Any], zone: str, phrases: Phrases
) -> Time:
    """The time that a column of a statement holds; `zone` where the catalogue names none."""
    arguments = (column, kind, spec.zone or zone, phrases)
    match spec.kind:
        case "instant" | "local":
            return Stamp(*arguments, instant=spec.kind == "instant")
        case "date":
            return Day(*arguments, instant=False)
        case "epoch":
            parts = {"s": Decimal(1), "ms": Decimal("0.001"), "us": Decimal("0.000001")}
            unit = parts[spec.unit] if isinstance(spec.unit, str) else Decimal(spec.unit)
            return Epoch(*arguments, unit=unit)
        case "text":
            return Written(*arguments, form=TextForm(spec.format), sorts=spec.sorts)
