"""Small multiples: one small trend per value of a dimension, all on one scale."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from dashboard.figures.axes import padded, seconds, value_range
from dashboard.figures.markup import plain
from dashboard.figures.theme import Drawing, Figure, layout
from dashboard.figures.traces import Line, line_trace, newest_trace
from dashboard.ports import Range

_GAP_X = 0.1
"""Gap between columns, as a share of a cell."""
_TITLES, _TOP, _BOTTOM = 26.0, 22.0, 6.0
"""Pixels of a desk for the names between two rows, above the first and below the last."""
_WORDS = 22.0
"""The same below the last where words stand there."""

RECENT, RECENT_TIME = 3, timedelta(hours=3)
"""Among so many last points, or those of so long, the newest value is sought: one of longer ago is not
how it is now. Hours told by a station are known an hour later, among quarters of hours."""


def build_multiples(
    lines: Sequence[Line],
    window: Range,
    drawing: Drawing,
    *,
    columns: int = 2,
    height: float = 240,
    whole_days: bool = False,
    levels: Sequence[str] = (),
) -> Figure:
    """One cell per line in reading order, each with its name and newest value above it, where that
    is known.

    All cells share one value scale, so that heights compare. `levels` marks the newest points;
    `height` is the figure's in pixels of a desk.
    """
    values = [value for line in lines for value in line.values]
    low, high = value_range(values)
    until = next((line.until for line in lines if line.until), "")
    bottom = _WORDS if until else _BOTTOM
    base = layout(drawing, left=2, top=_TOP, right=4)
    base["margin"]["b"] = drawing.px(bottom)
    data: list[dict[str, Any]] = []
    rows = -(-len(lines) // columns)
    for index, line in enumerate(lines):
        axes = {"xaxis": f"x{index + 1}", "yaxis": f"y{index + 1}"}
        place = _cell(index, columns, rows, _TITLES / (height - _TOP - bottom))
        level = levels[index] if index < len(levels) else "normal"
        traces = line_trace(line, drawing, whole_days=whole_days, width=1.5)
        data += [trace | axes for trace in (*traces, *newest_trace(line, drawing, level))]
        base[f"xaxis{index + 1}"] = _axis(place[0], window, axes["yaxis"])
        base[f"yaxis{index + 1}"] = _scale(place[1], (low, high), axes["xaxis"], drawing)
        base["annotations"] += _titles(line, place, drawing)
    if until:
        base["annotations"].append(_foot(until, drawing))
    return {"data": data, "layout": base}


def _foot(words: str, drawing: Drawing) -> dict[str, Any]:
    """How far the unfinished steps go, once for all cells."""
    return {
        "xref": "paper",
        "yref": "paper",
        "x": 1,
        "y": 0,
        "xanchor": "right",
        "yanchor": "top",
        "text": words,
        "showarrow": False,
        "font": {"size": drawing.px(12), "color": drawing.palette.ink_3},
    }


Place = tuple[tuple[float, float], tuple[float, float]]


def _cell(index: int, columns: int, rows: int, gap: float) -> Place:
    """The part of the figure that a cell takes, from left, and from below; `gap` is the share of
    the whole height between two rows."""
    row, column = divmod(index, columns)
    width = 1 / (columns + (columns - 1) * _GAP_X)
    height = max(0.02, (1 - (rows - 1) * gap) / rows)
    left = column * width * (1 + _GAP_X)
    top = 1 - row * (height + gap)
    return (left, min(1.0, left + width)), (max(0.0, top - height), top)


def _axis(domain: tuple[float, float], window: Range, anchor: str) -> dict[str, Any]:
    return {
        "domain": list(domain),
        "anchor": anchor,
        "range": [seconds(window[0]), seconds(window[1])],
        "visible": False,
        "fixedrange": True,
    }


def _scale(
    domain: tuple[float, float], ends: tuple[float, float], anchor: str, drawing: Drawing
) -> dict[str, Any]:
    return {
        "domain": list(domain),
        "anchor": anchor,
        "range": list(padded(*ends)),
        "tickmode": "array",
        "tickvals": [ends[0]],
        "showticklabels": False,
        "gridcolor": drawing.palette.line,
        "zeroline": False,
        "fixedrange": True,
    }


def _newest(line: Line) -> float | None:
    """The newest value; None where all there is is of longer ago, or nothing is known."""
    spots = line.spots
    if not spots:
        return None
    since = min(spots[-RECENT:][0].at, spots[-1].at - RECENT_TIME)
    known = (one.value for one in reversed(spots) if one.at >= since)
    return next((value for value in known if value is not None), None)


def _titles(line: Line, place: Place, drawing: Drawing) -> list[dict[str, Any]]:
    (left, right), (_, top) = place
    newest = _newest(line)
    shared = {
        "xref": "paper",
        "yref": "paper",
        "y": top,
        "yanchor": "bottom",
        "showarrow": False,
        "font": {"size": drawing.px(13), "color": drawing.palette.ink_2},
    }
    said = "—" if newest is None else drawing.say(newest)
    return [
        shared | {"x": left, "xanchor": "left", "text": plain(line.name)},
        shared
        | {
            "x": right,
            "xanchor": "right",
            "text": f"<b>{said}</b>",
            "font": {"size": drawing.px(13), "color": drawing.palette.ink},
        },
    ]
