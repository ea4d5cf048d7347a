"""Limits and targets: horizontal lines with their words at the right of a drawing."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from dashboard.figures.theme import Drawing


@dataclass(frozen=True)
class Rule:
    """A horizontal line with its words: a limit (in its colour, dashed) or a target (grey)."""

    value: float
    words: str
    level: Literal["target", "warning", "alarm"] = "target"


_MARKS = {"warning": "◆", "alarm": "▲", "target": ""}
_NEAR = 0.11
"""Words nearer to each other than this share of the axis would lie on each other."""


_LEADER = 16.0
"""Pixels between a line and words that stand beside its height."""


def rules_margin(rules: Sequence[Rule], axis: dict[str, Any]) -> float:
    """Room at the right for the words of the rules that lie within a value axis."""
    shown = _within(rules, axis)
    places = _places(shown, axis)
    moved = [
        _LEADER if place != rule.value else 0.0 for rule, place in zip(shown, places, strict=True)
    ]
    widths = [_width(_said(rule)) + more for rule, more in zip(shown, moved, strict=True)]
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
    drawing, where no line runs through them. Words that have to give way to others are led to the
    line that they are of."""
    colours = {
        "target": drawing.palette.ink_3,
        "warning": drawing.palette.warn,
        "alarm": drawing.palette.alarm,
    }
    shown = _within(rules, axis)
    shapes = [_rule_line(rule, drawing, colours[rule.level]) for rule in shown]
    annotations = [
        _rule_words(rule, place, drawing, colours[rule.level], low=_is_low(rule, axis))
        for rule, place in zip(shown, _places(shown, axis), strict=True)
    ]
    return shapes, annotations


def _places(shown: Sequence[Rule], axis: dict[str, Any]) -> list[float]:
    """Where the words of rules in ascending order stand: at their line, or, where others are too
    near, as far apart as they need, about the middle of those that are near each other."""
    reach = (axis["range"][1] - axis["range"][0]) * _NEAR
    groups: list[list[float]] = []
    for rule in shown:
        groups.append([rule.value])
        while len(groups) > 1 and _bottom(groups[-1], reach) - _top(groups[-2], reach) < reach:
            groups[-2:] = [groups[-2] + groups[-1]]
    return [
        value if len(group) == 1 else _bottom(group, reach) + place * reach
        for group in groups
        for place, value in enumerate(group)
    ]


def _bottom(group: Sequence[float], reach: float) -> float:
    return sum(group) / len(group) - (len(group) - 1) * reach / 2


def _top(group: Sequence[float], reach: float) -> float:
    return _bottom(group, reach) + (len(group) - 1) * reach


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


def _is_low(rule: Rule, axis: dict[str, Any]) -> bool:
    """Whether a rule lies so low that the lower half of its words would reach the times below."""
    low, high = axis["range"]
    return bool(rule.value - low < (high - low) * _NEAR / 2)


def _rule_words(
    rule: Rule, place: float, drawing: Drawing, colour: str, *, low: bool
) -> dict[str, Any]:
    words = {
        "xref": "paper",
        "x": 1,
        "xanchor": "left",
        "y": rule.value,
        "yref": "y",
        "yanchor": "bottom" if low else "middle",
        "text": _said(rule),
        "font": {"size": drawing.px(12), "color": colour},
    }
    if place == rule.value:
        return words | {"xshift": drawing.px(4), "showarrow": False}
    leader = {"arrowhead": 0, "arrowwidth": drawing.px(1), "arrowcolor": colour, "standoff": 0}
    return (
        words | leader | {"showarrow": True, "ax": drawing.px(_LEADER), "ayref": "y", "ay": place}
    )
