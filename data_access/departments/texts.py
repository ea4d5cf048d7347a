"""Times that a department writes as text: how a format is taken apart, read and compared.

Read are the traps that real columns hold: hours from 24 to 47 count into the next day, a missing
leading zero is forgiven where a separator shows it, blanks around are ignored. What is still no
time (`Date Not Captured`, the 30th of February) is None here and NULL in SQL, on every engine.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property, lru_cache

from data_access.departments.zones import Naive

_PIECES = {
    "Y": ("[1-9][0-9]{3}", "[1-9][0-9]{3}", 4),
    "m": ("0[1-9]|1[0-2]", "1[0-2]|0?[1-9]", 2),
    "d": ("0[1-9]|[12][0-9]|3[01]", "[12][0-9]|3[01]|0?[1-9]", 2),
    "H": ("[0-3][0-9]|4[0-7]", "[1-3][0-9]|4[0-7]|0?[0-9]", 2),
    "M": ("[0-5][0-9]", "[0-5][0-9]|[0-9]", 2),
    "S": ("[0-5][0-9]", "[0-5][0-9]|[0-9]", 2),
    "f": ("[0-9]{1,6}", "[0-9]{1,6}", 6),
    "z": ("Z|[+-][0-9]{2}:?[0-9]{2}", "Z|[+-][0-9]{2}:?[0-9]{2}", 6),
}
"""Per directive: the pattern, the forgiving pattern beside separators, the usual width."""
_ORDER = "YmdHMS"
_SIZES = {"H": 3600, "M": 60, "S": 1}


class UnreadableFormat(ValueError):
    """A format with directives that cannot be computed with; the message names them."""


@dataclass(frozen=True)
class TextForm:
    """A strptime format, taken apart into directives and the literals between them."""

    format: str

    @cached_property
    def parts(self) -> tuple[tuple[str, str], ...]:
        """`(directive, "")` and `("", literal)` in order. Raises UnreadableFormat."""
        found = [
            (directive, literal.replace("%%", "%"))
            for directive, literal in re.findall(r"%([^%])|((?:[^%]|%%)+)", self.format)
        ]
        unknown = [f"%{d}" for d, _ in found if d and d not in _PIECES]
        if unknown:
            raise UnreadableFormat(
                f"text format {self.format!r} has {', '.join(unknown)},"
                f" expected of {', '.join('%' + d for d in _PIECES)}"
            )
        return tuple(found)

    @cached_property
    def directives(self) -> str:
        """The directives' letters in order, such as `YmdHMS`."""
        return "".join(directive for directive, _ in self.parts)

    @cached_property
    def pattern(self) -> str:
        """A regular expression with one group per directive, the same for Python, PostgreSQL and
        MariaDB (no backslashes, no lazy or named groups)."""
        return "^ *" + "".join(self._pattern(i) for i in range(len(self.parts))) + " *$"

    def _pattern(self, index: int) -> str:
        directive, literal = self.parts[index]
        if not directive:
            return "".join(c if c.isalnum() or c.isspace() else f"[{c}]" for c in literal)
        neighbours = self.parts[max(0, index - 1) : index] + self.parts[index + 1 : index + 2]
        apart = all(text and not text.isdigit() for _, text in neighbours)
        strict, forgiving, _ = _PIECES[directive]
        return f"({forgiving if apart and len(self.parts) > 1 else strict})"

    @cached_property
    def sorts(self) -> bool:
        """Whether regular text of this format sorts by time."""
        plain = self.directives.removesuffix("z").removesuffix("f")
        return _ORDER.startswith(plain) and plain[:1] == "Y"

    def place(self, directive: str) -> tuple[int, int] | None:
        """Position (from 1) and width of a directive in regular text, None where it has none."""
        position = 1
        for found, literal in self.parts:
            width = _PIECES[found][2] if found else len(literal)
            if found == directive:
                return position, width
            position += width
        return None

    @cached_property
    def width(self) -> int:
        """Characters of regular text."""
        return sum(_PIECES[d][2] if d else len(literal) for d, literal in self.parts)

    def until_minute(self) -> "TextForm":
        """The same format without what comes after its minutes."""
        return TextForm(self.format[: self.format.index("%M") + 2])

    def write(self, at: datetime) -> str:
        """Regular text of a naive time, cut to what the format can say."""
        return "".join(_written(at, d) if d else literal for d, literal in self.parts)

    def write_late(self, day: datetime, passed: timedelta) -> str:
        """Text of `passed` (24 to 48 hours) after the midnight of a day: `26:10` for 2:10 of the
        next."""
        hour, rest = divmod(int(passed.total_seconds()), 3600)
        inner = day.replace(hour=0, minute=rest // 60, second=rest % 60, microsecond=0)
        return "".join(
            f"{hour:02}" if d == "H" else _written(inner, d) if d else literal
            for d, literal in self.parts
        )

    @cached_property
    def step(self) -> timedelta:
        """The smallest difference the format can say."""
        sizes = {"f": 0.000001, "S": 1, "M": 60, "H": 3600}
        return timedelta(seconds=next((s for d, s in sizes.items() if d in self.directives), 86400))

    def read(self, text: str) -> tuple[datetime, timedelta | None] | None:
        """The naive time and, where the format has one, its offset; None for no time."""
        return _read(self, text)


def _written(at: datetime, directive: str) -> str:
    if directive == "f":
        return f"{at.microsecond:06}"
    if directive == "z":
        return ""
    value = dict(zip(_ORDER, at.timetuple()[:6], strict=True))[directive]
    return f"{value:0{_PIECES[directive][2]}}"


@lru_cache(maxsize=256)
def _compiled(form: TextForm) -> re.Pattern[str]:
    return re.compile(form.pattern)


@lru_cache(maxsize=100_000)
def _read(form: TextForm, text: str) -> tuple[datetime, timedelta | None] | None:
    found = _compiled(form).fullmatch(text)
    if not found:
        return None
    pieces = dict(zip(form.directives, found.groups(), strict=True))
    try:
        day = datetime(*(int(pieces.get(d, "1")) for d in "Ymd"))  # type: ignore[arg-type]
    except ValueError:
        return None
    seconds = sum(int(pieces[d]) * size for d, size in _SIZES.items() if d in pieces)
    micros = int(pieces.get("f", "0").ljust(6, "0"))
    offset = _offset(pieces["z"]) if "z" in pieces else None
    try:
        return day + timedelta(seconds=seconds, microseconds=micros), offset
    except OverflowError:
        return None


def _offset(text: str) -> timedelta:
    if text == "Z":
        return timedelta(0)
    digits = text[1:].replace(":", "")
    minutes = int(digits[:2]) * 60 + int(digits[2:])
    return timedelta(minutes=-minutes if text[0] == "-" else minutes)


def texts_between(form: TextForm, window: Naive) -> list[tuple[str, str]]:
    """Ranges of text that hold every time of a naive window, traps included, and little else.

    The window itself; the same hours written as 24 to 47 of the day before; and hours without their
    leading zero on its first and last day. The latter's bounds differ from what they bound in
    digits only, so that they mean the same under every collation.
    """
    start, end = window
    found = [(form.write(start), form.write(ceiling(end, form.step)))]
    if "H" not in form.directives or "z" in form.directives:
        return found
    first = _midnight(start)
    before = first - timedelta(days=1)
    found.append((form.write_late(before, start - before), form.write_late(before, _TWO_DAYS)))
    for day in sorted({first, _midnight(end - timedelta(microseconds=1))}):
        found += _unpadded(form, day, window)
    return found


_TWO_DAYS = timedelta(hours=48)
_ALIKE = ((0, 0), (1, 1), (2, 2), (3, 9))
"""Hours below ten between whose unpadded spellings no padded hour sorts."""


def _unpadded(form: TextForm, day: datetime, window: Naive) -> list[tuple[str, str]]:
    """Ranges of text for the window's hours below ten of a day, written with one digit."""
    place = next(i for i, (directive, _) in enumerate(form.parts) if directive == "H")
    if len(form.parts) < place + 3 or not form.parts[place - 1][1]:
        return []
    separator = form.parts[place + 1][1]
    if not separator or separator.isdigit():
        return []
    head = "".join(_written(day, d) if d else text for d, text in form.parts[:place])
    hour = timedelta(hours=1)
    low = max(0, (max(window[0], day) - day) // hour)
    high = min(9, (window[1] - timedelta(microseconds=1) - day) // hour)
    return [
        (f"{head}{max(a, low)}{separator}0", f"{head}{min(b, high)}{separator}6")
        for a, b in _ALIKE
        if max(a, low) <= min(b, high)
    ]


def _midnight(at: datetime) -> datetime:
    return at.replace(hour=0, minute=0, second=0, microsecond=0)


def ceiling(at: datetime, step: timedelta) -> datetime:
    """A naive time rounded up to whole steps of its day."""
    rest = (at - _midnight(at)) % step
    return at if not rest else at - rest + step
