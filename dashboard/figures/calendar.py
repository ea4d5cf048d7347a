"""Calendar: a value per local day, one line per month, in the classes of a standard or in shades of
the one series colour."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from babel.dates import format_date, format_skeleton

from dashboard.figures.theme import Drawing, Figure, layout
from dashboard.formats import LOCALES

DAYS = 31


@dataclass(frozen=True)
class DayCell:
    """One local day: its value, the place of its class, what is said of it. `invalid` days rest on
    too little to count and are hatched."""

    day: date
    value: float | None
    words: str
    grade: int | None = None
    invalid: bool = False


@dataclass(frozen=True)
class Class:
    """A class of days: what it is called, with how many days it has, and its official colour."""

    words: str
    colour: str


def build_calendar(
    cells: Sequence[DayCell],
    drawing: Drawing,
    *,
    classes: Sequence[Class] = (),
    invalid_words: str = "",
) -> Figure:
    """Days as cells, a month a line, from its first day on. With `classes` a cell has the colour of
    its class, which the legend names; else its shade says its value. A day without a value is left
    empty."""
    months = sorted({(cell.day.year, cell.day.month) for cell in cells})
    grid: list[list[float | None]] = [[None] * DAYS for _ in months]
    words = [[""] * DAYS for _ in months]
    for cell in cells:
        row, column = months.index((cell.day.year, cell.day.month)), cell.day.day - 1
        valid = not cell.invalid
        grid[row][column] = (cell.grade if classes else cell.value) if valid else None
        words[row][column] = _said(cell, drawing)
    data = [_heat(grid, words, classes, drawing)]
    hatched = [cell for cell in cells if cell.invalid]
    if hatched:
        data.append(_hatches(hatched, months, drawing, invalid_words))
    data += [_key(one, drawing) for one in classes]
    named = bool(classes) or bool(hatched)
    base = layout(drawing, left=44, top=30 if named else 6)
    base["margin"]["r"] = drawing.px(2)
    base["showlegend"] = named
    base["legend"] |= {"x": 0, "xref": "paper", "itemsizing": "constant"}
    return {"data": data, "layout": base | {"xaxis": _days(), "yaxis": _months(months, drawing)}}


def _said(cell: DayCell, drawing: Drawing) -> str:
    day = format_skeleton("MMMEd", cell.day, locale=LOCALES[drawing.language])
    return f"{day}　{cell.words}"


def _heat(
    grid: list[list[float | None]],
    words: list[list[str]],
    classes: Sequence[Class],
    drawing: Drawing,
) -> dict[str, Any]:
    shared: dict[str, Any] = {
        "type": "heatmap",
        "x": list(range(1, DAYS + 1)),
        "y": list(range(len(grid))),
        "z": grid,
        "text": words,
        "hovertemplate": "%{text}<extra></extra>",
        "hoverongaps": False,
        "showlegend": False,
        "xgap": drawing.px(1.5),
        "ygap": drawing.px(1.5),
    }
    if classes:
        steps = len(classes)
        scale = [[edge / steps, one.colour] for n, one in enumerate(classes) for edge in (n, n + 1)]
        return shared | {"colorscale": scale, "zmin": -0.5, "zmax": steps - 0.5, "showscale": False}
    return shared | {
        "colorscale": [[0.0, drawing.palette.raised], [1.0, drawing.palette.series]],
        "colorbar": {
            "thickness": drawing.px(6),
            "outlinewidth": 0,
            "nticks": 4,
            "len": 1,
            "xpad": drawing.px(8),
            "tickfont": {"color": drawing.palette.ink_3, "size": drawing.px(12)},
        },
    }


def _hatches(
    cells: Sequence[DayCell], months: list[tuple[int, int]], drawing: Drawing, name: str
) -> dict[str, Any]:
    """A stroke in each day that does not count."""
    return {
        "type": "scatter",
        "mode": "markers",
        "name": name,
        "x": [cell.day.day for cell in cells],
        "y": [months.index((cell.day.year, cell.day.month)) for cell in cells],
        "text": [_said(cell, drawing) for cell in cells],
        "hovertemplate": "%{text}<extra></extra>",
        "showlegend": bool(name),
        "marker": {
            "symbol": "line-ne-open",
            "size": drawing.px(10),
            "color": drawing.palette.ink_3,
            "line": {"color": drawing.palette.ink_3, "width": drawing.px(1.5)},
        },
    }


def _key(one: Class, drawing: Drawing) -> dict[str, Any]:
    """A class in the legend: a square of its colour with its words."""
    return {
        "type": "scatter",
        "mode": "markers",
        "name": one.words,
        "x": [None],
        "y": [None],
        "hoverinfo": "skip",
        "showlegend": True,
        "marker": {
            "symbol": "square",
            "size": drawing.px(10),
            "color": one.colour,
            "line": {"color": drawing.palette.line, "width": 1},
        },
    }


def _days() -> dict[str, Any]:
    marks = [1, 5, 10, 15, 20, 25, 30]
    return {
        "tickmode": "array",
        "tickvals": marks,
        "ticktext": [str(day) for day in marks],
        "tickangle": 0,
        "ticks": "",
        "range": [0.4, DAYS + 0.6],
        "showgrid": False,
        "zeroline": False,
        "fixedrange": True,
    }


def _months(months: list[tuple[int, int]], drawing: Drawing) -> dict[str, Any]:
    names = []
    for place, (year, month) in enumerate(months):
        name = str(format_date(date(year, month, 1), "LLL", locale=LOCALES[drawing.language]))
        new_year = place > 0 and months[place - 1][0] != year
        names.append(f"{year}" if new_year and month == 1 else name)
    return {
        "tickmode": "array",
        "tickvals": list(range(len(months))),
        "ticktext": names,
        "range": [len(months) - 0.5, -0.5],
        "ticks": "",
        "ticksuffix": " ",
        "showgrid": False,
        "zeroline": False,
        "fixedrange": True,
    }
