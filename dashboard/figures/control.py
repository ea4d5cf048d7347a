"""Control chart: single days about their mean, within limits; what leaves them has a shape and a word."""

from collections.abc import Mapping
from typing import Any

from dashboard.control import Control
from dashboard.figures.axes import left_margin, seconds, time_axis, value_axis, value_range
from dashboard.figures.rules import Rule, rule_parts, rules_margin
from dashboard.figures.theme import Drawing, Figure, layout
from dashboard.figures.traces import Line, line_trace
from dashboard.ports import Range


def build_control(
    line: Line,
    control: Control,
    window: Range,
    drawing: Drawing,
    *,
    rules: Mapping[str, Rule],
    words: Mapping[str, str],
) -> Figure:
    """The line with its `rules` (mean, low and high). `words` say what is `above` and `below` the
    limits, and a run (`high`, `low`, with a place for its length)."""
    data = line_trace(line, drawing, whole_days=True, width=1.5)
    data += [_dots(line, control, drawing), *_outside(line, control, drawing, words)]
    data += _run_marks(line, control, drawing)
    low, high = value_range(line.values, [control.low, control.high])
    axis = value_axis(min(low, control.low), max(high, control.high), drawing)
    shown = list(rules.values())
    base = layout(drawing, left=left_margin(axis), top=16, right=rules_margin(shown, axis))
    base["shapes"], base["annotations"] = rule_parts(shown, drawing, axis)
    base["annotations"] += _run_words(line, control, drawing, words)
    return {"data": data, "layout": base | {"xaxis": time_axis(window, drawing), "yaxis": axis}}


def _marks(line: Line, places: list[int], drawing: Drawing) -> dict[str, Any]:
    spots = [line.spots[place] for place in places]
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [seconds(spot.at) for spot in spots],
        "y": [spot.value for spot in spots],
        "hoverinfo": "skip",
        "showlegend": False,
        "cliponaxis": False,
    }


def _dots(line: Line, control: Control, drawing: Drawing) -> dict[str, Any]:
    inside = [n for n, s in enumerate(line.spots) if s.value is not None]
    inside = [place for place in inside if place not in control.outside]
    marker = {"size": drawing.px(5), "color": drawing.palette.series}
    return _marks(line, inside, drawing) | {"marker": marker}


def _outside(
    line: Line, control: Control, drawing: Drawing, words: Mapping[str, str]
) -> list[dict[str, Any]]:
    """Points outside, up or down, each side with its word."""
    made = []
    for side, symbol, place in (
        ("above", "triangle-up", "top center"),
        ("below", "triangle-down", "bottom center"),
    ):
        chosen = [n for n in control.outside if _is_above(line, n, control) == (side == "above")]
        if chosen:
            marker = {"size": drawing.px(10), "color": drawing.palette.warn, "symbol": symbol}
            font = {"size": drawing.px(12), "color": drawing.palette.warn}
            made.append(
                _marks(line, chosen, drawing)
                | {"mode": "markers+text", "marker": marker, "textfont": font}
                | {"text": [words[side]] * len(chosen), "textposition": place}
            )
    return made


def _is_above(line: Line, place: int, control: Control) -> bool:
    return float(line.spots[place].value or 0) > control.mean


def _run_marks(line: Line, control: Control, drawing: Drawing) -> list[dict[str, Any]]:
    """The points of runs as open squares around them."""
    chosen = [
        place
        for first, last, _ in control.runs
        for place in range(first, last + 1)
        if line.spots[place].value is not None and place not in control.outside
    ]
    if not chosen:
        return []
    pen = {"color": drawing.palette.ink_2, "width": drawing.px(1.2)}
    marker = {"size": drawing.px(9), "symbol": "square-open", "line": pen}
    return [_marks(line, chosen, drawing) | {"marker": marker | {"color": drawing.palette.ink_2}}]


def _run_words(
    line: Line, control: Control, drawing: Drawing, words: Mapping[str, str]
) -> list[dict[str, Any]]:
    """How long each run is, over or under its middle."""
    made = []
    for first, last, side in control.runs:
        spots = [s for s in line.spots[first : last + 1] if s.value is not None]
        middle = spots[len(spots) // 2]
        edge = max if side > 0 else min
        made.append(
            {
                "x": seconds(middle.at),
                "y": edge(float(spot.value or 0) for spot in spots),
                "yshift": drawing.px(16) * side,
                "text": words["high" if side > 0 else "low"].format(len(spots)),
                "showarrow": False,
                "font": {"size": drawing.px(12), "color": drawing.palette.ink_2},
                "bgcolor": drawing.palette.panel,
            }
        )
    return made
