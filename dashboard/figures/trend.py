"""Trend: one or a few lines over time, over the usual range, under limits and target."""

from collections.abc import Sequence
from typing import Any

from dashboard.figures.axes import left_margin, time_axis, value_axis, value_range
from dashboard.figures.rules import Rule, rule_parts, rules_margin
from dashboard.figures.theme import Drawing, Figure, layout
from dashboard.figures.traces import (
    Line,
    area_traces,
    line_trace,
    newest_trace,
    unfinished_key,
)
from dashboard.ports import Range

_NEAR = 0.25
"""A rare edge of what is usual is shown in full where it is no further off than this share."""
_DASHES = ("solid", "dash", "dot", "dashdot")


def build_trend(
    lines: Sequence[Line],
    window: Range,
    drawing: Drawing,
    *,
    whole_days: bool = False,
    rules: Sequence[Rule] = (),
    usual: tuple[Line, Line] | None = None,
    usual_words: str = "",
    level: str = "normal",
) -> Figure:
    """Lines over a window. The first is the subject; others are quieter, told apart by dashes.

    `usual` is the low and high edge of what is normal, drawn as an area named `usual_words`;
    `level` colours the subject's newest point where it is abnormal.
    """
    subject = lines[0]
    data: list[dict[str, Any]] = []
    if usual is not None:
        data += area_traces(*usual, drawing, usual_words)
    for index, line in enumerate(lines):
        data += line_trace(line, drawing, whole_days=whole_days, **_pen(index, drawing))
    data += newest_trace(subject, drawing, level)
    key = unfinished_key(subject, drawing)
    data += key
    values = [value for line in lines for value in line.values]
    low, high = value_range(values + _usual_values(usual), [rule.value for rule in rules])
    axis = value_axis(low, high, drawing)
    named = len(lines) > 1 or (usual is not None and bool(usual_words)) or bool(key)
    base = layout(
        drawing,
        left=left_margin(axis),
        top=28 if named else 12,
        right=rules_margin(rules, axis),
    )
    base["showlegend"] = named
    base["shapes"], base["annotations"] = rule_parts(rules, drawing, axis)
    return {"data": data, "layout": base | {"xaxis": time_axis(window, drawing), "yaxis": axis}}


def _usual_values(usual: tuple[Line, Line] | None) -> list[float]:
    """The edges of what is usual without their rare spikes, which would press the line flat."""
    if usual is None:
        return []
    low, high = sorted(usual[0].values), sorted(usual[1].values)
    if not low or not high:
        return []
    rare = len(low) // 20
    bottom, top = low[rare], high[-1 - rare]
    reach = (top - bottom) * _NEAR
    return [value for value in (*low, *high) if bottom - reach <= value <= top + reach]


def _pen(index: int, drawing: Drawing) -> dict[str, Any]:
    if index == 0:
        return {"width": 2}
    return {
        "width": 1.5,
        "colour": drawing.palette.ink_3,
        "dash": _DASHES[min(index, len(_DASHES) - 1)],
    }
