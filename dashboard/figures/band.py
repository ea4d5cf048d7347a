"""Band: a median per day within its usual spread, P10 to P90."""

from collections.abc import Sequence

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


def build_band(
    middle: Line,
    edges: tuple[Line, Line],
    window: Range,
    drawing: Drawing,
    *,
    whole_days: bool = True,
    rules: Sequence[Rule] = (),
    level: str = "normal",
) -> Figure:
    """The middle line over the area between the lower and the upper edge.

    The edges are drawn as thin lines of their own too, so that a pointer reads their values.
    """
    lower, upper = edges
    data = area_traces(lower, upper, drawing, upper.name)
    for edge in edges:
        if edge.name != middle.name:
            data += line_trace(
                edge, drawing, whole_days=whole_days, colour=drawing.palette.line, width=1
            )
    data += line_trace(middle, drawing, whole_days=whole_days)
    data += newest_trace(middle, drawing, level)
    key = unfinished_key(middle, drawing)
    if key:
        # What the line and the edges are called stands over the panel.
        data = [*(trace | {"showlegend": False} for trace in data), *key]
    values = [*lower.values, *middle.values, *upper.values]
    axis = value_axis(*value_range(values, [rule.value for rule in rules]), drawing)
    base = layout(
        drawing, left=left_margin(axis), top=28 if key else 12, right=rules_margin(rules, axis)
    )
    base["showlegend"] = bool(key)
    base["shapes"], base["annotations"] = rule_parts(rules, drawing, axis)
    return {"data": data, "layout": base | {"xaxis": time_axis(window, drawing), "yaxis": axis}}
