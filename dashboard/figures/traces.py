"""What charts draw: lines, ranges, limits and the newest point, each in words of its own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

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

    `partial` says that the newest point's period has not ended, so that it is drawn as unfinished.
    """

    name: str
    spots: Sequence[Spot]
    partial: bool = False

    @property
    def values(self) -> list[float]:
        return [spot.value for spot in self.spots if spot.value is not None]


@dataclass(frozen=True)
class Rule:
    """A horizontal line with its words: a limit (in its colour, dashed) or a target (grey)."""

    value: float
    words: str
    level: Literal["target", "warning", "alarm"] = "target"


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
    return traces


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
    """The newest known point as a dot, in the colour of its level where that is abnormal."""
    known = [spot for spot in line.spots if spot.value is not None]
    if not known:
        return []
    colours = {"warning": drawing.palette.warn, "alarm": drawing.palette.alarm}
    return [
        {
            "type": "scatter",
            "mode": "markers",
            "x": [seconds(known[-1].at)],
            "y": [known[-1].value],
            "marker": {
                "size": drawing.px(7),
                "color": colours.get(level, drawing.palette.series),
                "symbol": {"warning": "diamond", "alarm": "triangle-up"}.get(level, "circle"),
            },
            "hoverinfo": "skip",
            "showlegend": False,
            "cliponaxis": False,
        }
    ]


_MARKS = {"warning": "◆", "alarm": "▲", "target": ""}
_NEAR = 0.11
"""Words nearer to each other than this share of the axis would lie on each other."""


def rules_margin(rules: Sequence[Rule], axis: dict[str, Any]) -> float:
    """Room at the right for the words of the rules that lie within a value axis."""
    widths = [_width(_said(rule)) for rule in _within(rules, axis)]
    return max([10.0, *(8 + width for width in widths)])


def _within(rules: Sequence[Rule], axis: dict[str, Any]) -> list[Rule]:
    low, high = axis["range"]
    return sorted((r for r in rules if low <= r.value <= high), key=lambda rule: rule.value)


def _said(rule: Rule) -> str:
    return f"{_MARKS[rule.level]} {rule.words}".strip()


def _width(text: str) -> float:
    """About how many pixels a text of 12 takes: Chinese letters are as wide as they are high."""
    return sum(12.5 if ord(letter) > 0x2E80 else 7.2 for letter in text)


def rule_parts(
    rules: Sequence[Rule], drawing: Drawing, axis: dict[str, Any]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Shapes and annotations of the rules within a value axis; the words stand to the right of the
    drawing, where no line runs through them."""
    colours = {
        "target": drawing.palette.ink_3,
        "warning": drawing.palette.warn,
        "alarm": drawing.palette.alarm,
    }
    shown = _within(rules, axis)
    shapes = [_rule_line(rule, drawing, colours[rule.level]) for rule in shown]
    annotations = []
    reach = (axis["range"][1] - axis["range"][0]) * _NEAR
    free = axis["range"][0] - reach
    for rule in shown:
        place = max(rule.value, free + reach)
        free = place
        annotations.append(_rule_words(rule, place, drawing, colours[rule.level]))
    return shapes, annotations


def _rule_line(rule: Rule, drawing: Drawing, colour: str) -> dict[str, Any]:
    target = rule.level == "target"
    return {
        "type": "line",
        "xref": "paper",
        "x0": 0,
        "x1": 1,
        "y0": rule.value,
        "y1": rule.value,
        "line": {
            "color": colour,
            "width": drawing.px(1 if target else 1.5),
            "dash": "dot" if target else "dash",
        },
        "layer": "above",
    }


def _rule_words(rule: Rule, place: float, drawing: Drawing, colour: str) -> dict[str, Any]:
    return {
        "xref": "paper",
        "x": 1,
        "xanchor": "left",
        "xshift": drawing.px(4),
        "y": place,
        "yanchor": "middle",
        "text": _said(rule),
        "showarrow": False,
        "font": {"size": drawing.px(12), "color": colour},
    }
