"""Worst first: the order of rows as they are drawn, and what the browser needs to keep it.

A list says by `data-worst-first` how its rows are ordered, and each row by `data-row` what it is, so
that `assets/live-7-order.js` puts them in order again when their numbers change, and the keyboard
stays with what it was on.

| attribute | meaning |
| --- | --- |
| `data-worst-first` | `values`: by level, then by value; `levels`: by level alone, then what is not empty; `still`: by who drew it |
| `data-rising`, `data-least` | of values: whether the smallest is the worst; fewer rows are too few to judge |
| `data-row` | what the row is: of values the code of a part, of levels the key, else any name |
| `data-of` | of values: the key of the indicator |
| `data-place` | where it stands among equals |
"""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from layouts import live_text
from layouts.panels.split import Cell, Column
from layouts.view import View

_RANK = {"alarm": 0, "warning": 1}
_NORMAL = 2
_NUMBERS = re.compile(r"(\d+)")


def natural(code: str) -> tuple[tuple[bool, int, str], ...]:
    """A key by which line 9 comes before line 10."""
    parts = (part for part in _NUMBERS.split(code) if part)
    return tuple((not p.isdecimal(), int(p) if p.isdecimal() else 0, p) for p in parts)


def worst_first(column: Column, codes: Iterable[str]) -> list[str]:
    """Codes ordered by a column: abnormal first, then the worst value, then by their names. Those
    with too few rows come behind the others, in the same order; those without a value last."""
    sign = 1 if column.indicator.direction == "up" else -1

    def place(code: str) -> tuple[int, int, float]:
        cell = column.cells.get(code, Cell(None))
        if cell.value is None:
            return 2, 0, 0.0
        return int(column.few(code)), _RANK.get(cell.level, _NORMAL), sign * float(cell.value)

    return sorted(sorted(codes, key=natural), key=place)


def severity(view: View, key: str) -> tuple[int, int]:
    """By which what is breached comes first, then what is not empty: numbers of different things
    cannot be compared by their size."""
    reading = view.reading(key)
    if live_text.state_of(reading, view.now) not in live_text.TRUSTED or reading is None:
        return _NORMAL, 1
    return _RANK.get(str(reading.get("level")), _NORMAL), 0 if reading.get("value") else 1


def by_severity(view: View, keys: Sequence[str]) -> list[str]:
    """Indicators, the worst first; equals in the order in which they are given."""
    return sorted(keys, key=lambda key: severity(view, key))


def order_data(column: Column) -> dict[str, Any]:
    """What a list of the parts of one indicator says about its order."""
    if not column.living:
        return still_data()
    least = {} if column.least is None else {"data-least": str(column.least)}
    rising = "true" if column.indicator.direction == "up" else "false"
    return {"data-worst-first": "values", "data-rising": rising, **least}


def row_data(column: Column, code: str) -> dict[str, Any]:
    """What a row of such a list is."""
    place = sorted({*column.cells, code}, key=natural).index(code)
    return {"data-row": code, "data-of": column.key, "data-place": str(place)}


def levels_data() -> dict[str, Any]:
    """What a list of different indicators says about its order."""
    return {"data-worst-first": "levels"}


def level_row_data(key: str, place: int) -> dict[str, Any]:
    """What a row of such a list is; `place` is where the catalogue has it."""
    return {"data-row": key, "data-place": str(place)}


def still_data() -> dict[str, Any]:
    """Of a list whose order comes with its rows: the keyboard stays with what it was on."""
    return {"data-worst-first": "still"}
