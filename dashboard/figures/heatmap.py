"""Heatmap: hour of day by day, in shades of the one series colour."""

from collections.abc import Sequence
from datetime import date

from dashboard.figures.axes import moment
from dashboard.figures.theme import Drawing, Figure, layout
from dashboard.figures.traces import Spot

_EVERY = 6


def build_heatmap(spots: Sequence[Spot], drawing: Drawing) -> Figure:
    """Hourly values as cells: one row per local day, the newest at the bottom, 24 columns.

    An hour that occurs twice in its zone keeps its later value; one without a value stays empty.
    """
    cells: dict[date, list[float | None]] = {}
    words: dict[date, list[str]] = {}
    for spot in spots:
        local = spot.at.astimezone(drawing.zone)
        row = cells.setdefault(local.date(), [None] * 24)
        row[local.hour] = spot.value
        said = "—" if spot.value is None else drawing.say(spot.value)
        texts = words.setdefault(local.date(), [""] * 24)
        texts[local.hour] = f"{moment(spot.at, drawing, whole_day=False)}　<b>{said}</b>"
    days = sorted(cells)
    base = layout(drawing, left=50, top=6)
    base["margin"]["r"] = drawing.px(2)
    return {
        "data": [
            {
                "type": "heatmap",
                "z": [cells[day] for day in days],
                "text": [words[day] for day in days],
                "hovertemplate": "%{text}<extra></extra>",
                "hoverongaps": False,
                "colorscale": _scale(drawing),
                "colorbar": {
                    "thickness": drawing.px(6),
                    "outlinewidth": 0,
                    "nticks": 4,
                    "len": 1,
                    "xpad": drawing.px(8),
                    "tickfont": {"color": drawing.palette.ink_3, "size": drawing.px(12)},
                },
                "xgap": drawing.px(1.5),
                "ygap": drawing.px(1.5),
            }
        ],
        "layout": base
        | {
            "xaxis": _hours(),
            "yaxis": _days(days, drawing),
        },
    }


def _scale(drawing: Drawing) -> list[list[float | str]]:
    return [[0.0, drawing.palette.raised], [1.0, drawing.palette.series]]


def _hours() -> dict[str, object]:
    marks = list(range(0, 24, _EVERY))
    return {
        "tickmode": "array",
        "tickvals": marks,
        "ticktext": [f"{hour:02d}:00" for hour in marks],
        "tickangle": 0,
        "ticks": "",
        "showgrid": False,
        "zeroline": False,
        "fixedrange": True,
    }


def _days(days: Sequence[date], drawing: Drawing) -> dict[str, object]:
    every = max(1, -(-len(days) // 7))
    marks = list(range(len(days) - 1, -1, -every))
    chinese = drawing.language == "zh"
    return {
        "tickmode": "array",
        "tickvals": marks,
        "ticktext": [
            f"{days[row]:%m-%d}" if chinese else f"{days[row].day} {days[row]:%b}" for row in marks
        ],
        "autorange": "reversed",
        "ticks": "",
        "ticksuffix": " ",
        "showgrid": False,
        "zeroline": False,
        "fixedrange": True,
    }
