"""One cell of a delivery: what it says, as the kind of its column, or why it cannot be right."""

import math
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta, timezone

from dashboard.catalogue.deliveries import DeliveredColumn
from dashboard.text import Text
from dashboard.windows import zone_of
from data_access.intake.slips import EMPTY, MEND_ROW, Slip, quoted

Value = str | int | float | date | datetime | None
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_WHOLE = re.compile(r"[+-]?\d{1,18}")
_LARGEST = 10**18
_FIRST, _LAST = 1900, 2200
"""Years that a time can be of; engines differ in what they hold beyond."""


class BadCell(Exception):
    """A cell that cannot be right: what was found and what was expected."""

    def __init__(self, found: Text, expected: Text) -> None:
        super().__init__(found.en)
        self.found, self.expected = found, expected

    def slip(self, line: int | None, column: str) -> Slip:
        """The slip of its place."""
        return Slip(self.found, self.expected, MEND_ROW, line, column)


def value_of(
    column: DeliveredColumn, cell: object, allowed: frozenset[str] | None, zone: str
) -> Value:
    """The value of a cell. `allowed` are the only texts that it may have, None for any; a time lands
    as the clock of `zone` showed it, also where it was written with the offset of another.

    Raises BadCell for what is empty and must not be, is of another kind, or is not allowed.
    """
    plain = cell.strip() if isinstance(cell, str) else cell
    if plain is None or plain == "":
        if column.required:
            raise BadCell(EMPTY, _WANTED[column.kind](column))
        return None
    value = _READERS[column.kind](column, plain, zone)
    if allowed is not None and str(value) not in allowed:
        few = sorted(allowed)[:8]
        more = len(allowed) > len(few)
        raise BadCell(
            quoted(plain),
            Text(
                zh="、".join(few) + (" 等" if more else "") + "之一",
                en=f"one of {', '.join(few)}{' …' if more else ''}",
            ),
        )
    return value


def _text(column: DeliveredColumn, cell: object, _zone: str) -> str:
    # A workbook holds the code 440604 as the number 440604.0.
    whole = isinstance(cell, float) and cell.is_integer() and abs(cell) < _LARGEST
    text = str(int(cell)) if whole and isinstance(cell, float) else str(cell)
    if len(text) > column.length or _CONTROL.search(text):
        raise BadCell(quoted(text), _WANTED["text"](column))
    return text


def _whole(column: DeliveredColumn, cell: object, _zone: str) -> int:
    if isinstance(cell, bool):
        raise BadCell(quoted(cell), _WANTED["whole"](column))
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < _LARGEST:
        cell = int(cell)
    text = str(cell).replace(",", "")
    if not _WHOLE.fullmatch(text):
        raise BadCell(quoted(cell), _WANTED["whole"](column))
    return int(_within(column, int(text), cell))


def _number(column: DeliveredColumn, cell: object, _zone: str) -> float:
    try:
        value = math.nan if isinstance(cell, bool) else float(str(cell).replace(",", ""))
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise BadCell(quoted(cell), _WANTED["number"](column))
    return float(_within(column, value, cell))


def _within(column: DeliveredColumn, value: float, cell: object) -> float:
    low, high = column.least, column.most
    if (low is not None and value < low) or (high is not None and value > high):
        raise BadCell(quoted(cell), _WANTED[column.kind](column))
    return value


def _time(column: DeliveredColumn, cell: object, zone: str) -> datetime:
    found = cell if isinstance(cell, datetime) else _parsed(column, cell)
    if found is None or not _FIRST <= found.year <= _LAST:
        raise BadCell(quoted(cell), _WANTED[column.kind](column))
    local = found if found.tzinfo is None else found.astimezone(zone_of(zone))
    return local.replace(microsecond=0, tzinfo=None)


def _parsed(column: DeliveredColumn, cell: object) -> datetime | None:
    if isinstance(cell, date):
        return datetime.combine(cell, time())
    try:
        return datetime.strptime(str(cell), column.written)
    except ValueError:
        return None


def _date(column: DeliveredColumn, cell: object, zone: str) -> date:
    return _time(column, cell, zone).date()


def _range(column: DeliveredColumn, zh: str, en: str) -> Text:
    low, high = column.least, column.most
    if low is not None and high is not None:
        return Text(zh=f"{low:g} 至 {high:g} 的{zh}", en=f"{en} from {low:g} to {high:g}")
    if low is not None:
        return Text(zh=f"不小于 {low:g} 的{zh}", en=f"{en} of at least {low:g}")
    if high is not None:
        return Text(zh=f"不大于 {high:g} 的{zh}", en=f"{en} of at most {high:g}")
    return Text(zh=zh, en=en)


def _like(column: DeliveredColumn, zh: str, en: str) -> Text:
    example = _EXAMPLE.strftime(column.written)
    return Text(zh=f"如 {example} 的{zh}", en=f"{en} such as {example}")


_EXAMPLE = datetime(2026, 11, 25, 8, 30, tzinfo=timezone(timedelta(hours=8)))
_READERS: Mapping[str, Callable[[DeliveredColumn, object, str], Value]] = {
    "text": _text,
    "whole": _whole,
    "number": _number,
    "date": _date,
    "time": _time,
}
_WANTED: Mapping[str, Callable[[DeliveredColumn], Text]] = {
    "text": lambda c: Text(
        zh=f"不超过 {c.length} 字的文字", en=f"text of at most {c.length} characters"
    ),
    "whole": lambda c: _range(c, "整数", "a whole number"),
    "number": lambda c: _range(c, "数字", "a number"),
    "date": lambda c: _like(c, "日期", "a date"),
    "time": lambda c: _like(c, "时间", "a time"),
}
