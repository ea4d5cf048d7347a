"""Gaps in lines: a state that is sampled now and then is drawn as one line, an outage as a gap."""

from collections.abc import Sequence
from datetime import timedelta

from dashboard.catalogue import Indicator
from dashboard.ports import Point

HOLDS = timedelta(hours=1)
"""How far apart two samples of a state may lie and still be one line: what is told of the past is
up to an hour apart. `assets/live-5-focus.js` joins the wall's trend over the same time."""


_OF_ROWS = ("count", "sum", "ratio")
"""Measures of the rows of their bucket alone: without rows there is nothing, and nothing is drawn."""


def holds(indicator: Indicator) -> bool:
    """Whether a value says how things stand, so that it holds until the next one: a state that is
    sampled, or a measurement that is reported once an hour."""
    return indicator.measure.kind not in _OF_ROWS


def joined(points: Sequence[Point]) -> list[Point]:
    """The points of one line without the unknown ones between two samples that are near."""
    found: list[Point] = []
    waiting: list[Point] = []
    last: Point | None = None
    for point in points:
        if point.value is None:
            waiting.append(point)
            continue
        if last is None or point.at - last.at > HOLDS:
            found += waiting
        found.append(point)
        waiting, last = [], point
    return found + waiting
