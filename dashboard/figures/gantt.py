"""Gantt: what is open over time, one line each, in the stages it has passed and the one it is in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dashboard.figures.axes import seconds, time_axis
from dashboard.figures.markup import plain
from dashboard.figures.theme import Drawing, Figure, layout
from dashboard.ports import Range

MOST_LETTERS = 16


@dataclass(frozen=True)
class Step:
    """One stage of a thing: its place among the stages, from when to when, and what is said of it.
    `open` says that it goes on."""

    stage: int
    start: datetime
    end: datetime
    words: str
    open: bool = False


@dataclass(frozen=True)
class Bar:
    """A thing that is open: what it is called and its steps in order."""

    name: str
    steps: Sequence[Step]


def build_gantt(
    bars: Sequence[Bar],
    stages: Sequence[str],
    window: Range,
    drawing: Drawing,
    *,
    ticks: int = 5,
) -> Figure:
    """One line per thing, the first on top. Stages go from quiet to strong in the one series colour,
    named above; the stage that goes on ends in an arrow at now."""
    data = [
        _stage(bars, place, name, len(stages), window, drawing) for place, name in enumerate(stages)
    ]
    data.append(_ends(bars, drawing))
    names = [plain(_short(bar.name)) for bar in bars]
    widest = max((sum(2 if ord(c) > 0x2E80 else 1.1 for c in name) for name in names), default=1)
    base = layout(drawing, left=14 + 6.4 * widest, top=30, right=14)
    base["showlegend"] = True
    base["barmode"] = "overlay"
    base["bargap"] = 0.35
    rows = {
        "tickmode": "array",
        "tickvals": list(range(len(bars))),
        "ticktext": names,
        "range": [len(bars) - 0.5, -0.5],
        "ticks": "",
        "ticksuffix": " ",
        "showgrid": False,
        "zeroline": False,
        "fixedrange": True,
    }
    return {
        "data": data,
        "layout": base | {"xaxis": time_axis(window, drawing, ticks), "yaxis": rows},
    }


def _short(name: str) -> str:
    return name if len(name) <= MOST_LETTERS else f"…{name[1 - MOST_LETTERS :]}"


def _stage(
    bars: Sequence[Bar],
    place: int,
    name: str,
    count: int,
    window: Range,
    drawing: Drawing,
) -> dict[str, Any]:
    """All steps of one stage; what began before the window is cut at its edge."""
    found = [
        (row, step) for row, bar in enumerate(bars) for step in bar.steps if step.stage == place
    ]
    starts = [max(seconds(step.start), seconds(window[0])) for _, step in found]
    return {
        "type": "bar",
        "orientation": "h",
        "name": name,
        "y": [row for row, _ in found],
        "base": starts,
        "x": [
            max(0.0, seconds(s.end) - start) for (_, s), start in zip(found, starts, strict=True)
        ],
        "text": [step.words for _, step in found],
        "textposition": "none",
        "hovertemplate": "%{text}<extra></extra>",
        "marker": {"color": _shade(drawing, 0.3 + 0.7 * place / max(1, count - 1))},
        "showlegend": True,
    }


def _shade(drawing: Drawing, share: float) -> str:
    """The series colour over the ground, so much of it."""
    ground, ink = drawing.palette.raised, drawing.palette.series
    parts = [
        round(int(ground[n : n + 2], 16) * (1 - share) + int(ink[n : n + 2], 16) * share)
        for n in (1, 3, 5)
    ]
    return "#" + "".join(f"{part:02x}" for part in parts)


def _ends(bars: Sequence[Bar], drawing: Drawing) -> dict[str, Any]:
    """An arrow where a step goes on."""
    going = [(row, step) for row, bar in enumerate(bars) for step in bar.steps if step.open]
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [seconds(step.end) for _, step in going],
        "y": [row for row, _ in going],
        "hoverinfo": "skip",
        "showlegend": False,
        "cliponaxis": False,
        "marker": {
            "symbol": "triangle-right",
            "size": drawing.px(9),
            "color": drawing.palette.ink_2,
        },
    }
