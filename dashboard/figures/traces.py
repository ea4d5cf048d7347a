"""What charts draw: lines, ranges and the newest point, each in words of its own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dashboard.figures.axes import moment, seconds
from dashboard.figures.markup import plain
from dashboard.figures.theme import Drawing


@dataclass(frozen=True)
class Spot:
    """One point of a line; a value of None is a gap."""

    at: datetime
    value: float | None
    n: int | None = None


@dataclass(frozen=True)
class Line:
    """One line: its name and points in time order.

    `partial` says that the newest point's period has not ended, so that it is drawn as unfinished;
    `until` says of such a point how far it goes, or, of a whole line, that one is left out.
    """

    name: str
    spots: Sequence[Spot]
    partial: bool = False
    until: str = ""

    @property
    def values(self) -> list[float]:
        return [spot.value for spot in self.spots if spot.value is not None]


def line_trace(
    line: Line,
    drawing: Drawing,
    *,
    whole_days: bool,
    colour: str | None = None,
    width: float = 2,
    dash: str = "solid",
) -> list[dict[str, Any]]:
    """The finished part of a line, and its unfinished last step dotted."""
    spots = list(line.spots)
    parts = [(spots, dash)]
    if line.partial and len(spots) > 1:
        parts = [(spots[:-1], dash), (spots[-2:], "dot")]
    ink = colour or drawing.palette.series
    traces = []
    for index, (part, style) in enumerate(parts):
        pen = {"color": ink, "width": drawing.px(width), "dash": style}
        trace = _trace(plain(line.name), part, drawing, whole_days, pen)
        traces.append(trace | {"showlegend": bool(line.name) and index == 0})
    if line.partial and spots and spots[-1].value is not None:
        traces[-1]["text"][-1] += f"　{line.until}" if line.until else ""
    return traces


def unfinished_key(line: Line, drawing: Drawing) -> list[dict[str, Any]]:
    """The unfinished step in the legend, with the words for how far it goes, or words alone for one
    that is left out; nothing where there is nothing to say."""
    drawn = line.partial and bool(line.spots) and line.spots[-1].value is not None
    if not line.until or drawn != line.partial:
        return []
    ink = drawing.palette.series
    key = {
        "type": "scatter",
        "name": plain(line.until),
        "x": [None],
        "y": [None],
        "hoverinfo": "skip",
        "showlegend": True,
    }
    if not drawn:
        return [key | {"mode": "markers", "marker": {"color": "rgba(0,0,0,0)"}}]
    pen = {"color": ink, "width": drawing.px(2), "dash": "dot"}
    marker = _open_marker("circle", ink, drawing)
    return [key | {"mode": "lines+markers", "line": pen, "marker": marker}]


def _open_marker(symbol: str, ink: str, drawing: Drawing) -> dict[str, Any]:
    """The mark of what has not ended: hollow."""
    pen = {"color": ink, "width": drawing.px(1.5)}
    return {
        "size": drawing.px(8),
        "color": drawing.palette.panel,
        "symbol": symbol,
        "line": pen,
    }


def _trace(
    name: str, spots: Sequence[Spot], drawing: Drawing, whole_days: bool, pen: dict[str, Any]
) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines" if len(spots) > 1 else "markers",
        "name": name,
        "x": [seconds(spot.at) for spot in spots],
        "y": [spot.value for spot in spots],
        "text": [_words(spot, drawing, whole_days) for spot in spots],
        "hovertemplate": f"{name}<br>%{{text}}<extra></extra>"
        if name
        else "%{text}<extra></extra>",
        "line": pen | {"simplify": False},
        "marker": {"color": pen["color"], "size": drawing.px(6)},
        "connectgaps": False,
    }


def _words(spot: Spot, drawing: Drawing, whole_days: bool) -> str:
    value = "—" if spot.value is None else drawing.say(spot.value)
    rows = f"　n {spot.n:,}" if spot.n is not None else ""
    return f"{moment(spot.at, drawing, whole_day=whole_days)}　<b>{value}</b>{rows}"


def area_traces(lower: Line, upper: Line, drawing: Drawing, name: str) -> list[dict[str, Any]]:
    """The range between two lines, as one quiet area; where either is unknown it is open."""
    shared = {
        "type": "scatter",
        "mode": "lines",
        "line": {"width": 0, "color": drawing.palette.band},
        "hoverinfo": "skip",
        "name": plain(name),
    }
    filled = {"fill": "tonexty", "fillcolor": drawing.palette.band}
    traces: list[dict[str, Any]] = []
    # Plotly fills across what is unknown within one line, so each stretch is a pair of its own.
    for number, stretch in enumerate(_stretches(lower, upper)):
        places = [seconds(at) for at, _, _ in stretch]
        low, high = [value for _, value, _ in stretch], [value for _, _, value in stretch]
        traces.append(shared | {"x": places, "y": low, "showlegend": False})
        traces.append(shared | filled | {"x": places, "y": high, "showlegend": number == 0})
    return traces


def _stretches(lower: Line, upper: Line) -> list[list[tuple[datetime, float, float]]]:
    """Times at which both lines are known, with both values, broken where one is not."""
    high = {spot.at: spot.value for spot in upper.spots}
    found: list[list[tuple[datetime, float, float]]] = [[]]
    for spot in lower.spots:
        if spot.at not in high:
            continue
        value = high[spot.at]
        if spot.value is not None and value is not None:
            found[-1].append((spot.at, spot.value, value))
        elif found[-1]:
            found.append([])
    return [stretch for stretch in found if stretch]


def newest_trace(line: Line, drawing: Drawing, level: str = "normal") -> list[dict[str, Any]]:
    """The newest known point as a dot, in the colour of its level where that is abnormal; hollow
    where it is of a long period that goes on."""
    known = [spot for spot in line.spots if spot.value is not None]
    if not known:
        return []
    colours = {"warning": drawing.palette.warn, "alarm": drawing.palette.alarm}
    ink = colours.get(level, drawing.palette.series)
    symbol = {"warning": "diamond", "alarm": "triangle-up"}.get(level, "circle")
    marker = {"size": drawing.px(7), "color": ink, "symbol": symbol}
    goes_on = line.partial and bool(line.until) and known[-1] is line.spots[-1]
    return [
        {
            "type": "scatter",
            "mode": "markers",
            "x": [seconds(known[-1].at)],
            "y": [known[-1].value],
            "marker": _open_marker(symbol, ink, drawing) if goes_on else marker,
            "hoverinfo": "skip",
            "showlegend": False,
            "cliponaxis": False,
        }
    ]
