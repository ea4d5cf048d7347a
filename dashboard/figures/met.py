"""Days that meet a limit: a bar for each day, low where it does and tall where it does not, under the
share or number of all days so far."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dashboard.figures.axes import left_margin, moment, seconds, time_axis, value_axis, value_range
from dashboard.figures.rules import Rule, rule_parts, rules_margin
from dashboard.figures.theme import Drawing, Figure, layout
from dashboard.figures.traces import Line, line_trace, newest_trace
from dashboard.ports import Range

_BARS, _LINE = (0.0, 0.16), (0.26, 1.0)
"""Shares of the height that the bars and the line take, from below."""
_LOW, _TALL = 0.4, 1.0
_WIDTH = 0.8 * 24 * 3600
"""Seconds of a day that its bar is wide."""


@dataclass(frozen=True)
class Met:
    """One day, named by its middle, and whether it met the limit."""

    at: datetime
    met: bool


def build_met(
    days: Sequence[Met],
    line: Line,
    window: Range,
    drawing: Drawing,
    *,
    words: tuple[str, str],
    rules: Sequence[Rule] = (),
    level: str = "normal",
) -> Figure:
    """`line` is what all days so far say, in the middle of each day; `words` name the days that met
    the limit and those that did not."""
    data = line_trace(line, drawing, whole_days=True) + newest_trace(line, drawing, level)
    inks = (drawing.palette.series, drawing.palette.warn)
    for met, name, ink, height in zip((True, False), words, inks, (_LOW, _TALL), strict=True):
        chosen = [day for day in days if day.met is met]
        data.append(_bars(chosen, name, ink, height, drawing))
    axis = value_axis(*value_range(line.values, [rule.value for rule in rules]), drawing)
    base = layout(drawing, left=left_margin(axis), top=28, right=rules_margin(rules, axis))
    base["showlegend"] = True
    base["shapes"], base["annotations"] = rule_parts(rules, drawing, axis)
    strip = {"domain": list(_BARS), "range": [0, 1], "visible": False, "fixedrange": True}
    axes = {
        "xaxis": time_axis(window, drawing) | {"anchor": "y2"},
        "yaxis": axis | {"domain": list(_LINE)},
        "yaxis2": strip | {"anchor": "x"},
    }
    return {"data": data, "layout": base | axes}


def _bars(
    days: Sequence[Met], name: str, ink: str, height: float, drawing: Drawing
) -> dict[str, Any]:
    return {
        "type": "bar",
        "name": name,
        "x": [seconds(day.at) for day in days],
        "y": [height] * len(days),
        "width": _WIDTH,
        "yaxis": "y2",
        "text": [f"{moment(day.at, drawing, whole_day=True)}　<b>{name}</b>" for day in days],
        "textposition": "none",
        "hovertemplate": "%{text}<extra></extra>",
        "marker": {"color": ink},
        "showlegend": True,
    }
