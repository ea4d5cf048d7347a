"""Baselines: what is usual for an indicator at an hour of a weekday, from its own past. Pure.

A limit that asks for the P99 of a weekday-hour cannot take it from the hour's own values: eight
weeks give eight of them, whose P99 is nearly their maximum, and every ninth hour lies above that.
So the level and the spread are told apart (`unusual_above`): the level is the weekday-hour's own
median, the spread is pooled over the neighbouring hours of all weekdays.
"""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from dashboard.ports import Number
from dashboard.windows import Range, bucket_start, next_start, zone_of

WEEKS = 8
"""How many weeks of the past say what is usual."""
FEWEST = 3
"""Fewer values than this of one weekday-hour say nothing."""
NEAR = 2
"""Hours before and after whose deviations tell how far an hour's value may lie from its median."""
ENOUGH = 60
"""Fewer deviations than this tell nothing of their 99th percentile."""
Points = Iterable[tuple[datetime, Number | None]]
Hour = tuple[int, int]
"""Weekday (Monday is 0) and local hour."""


@dataclass(frozen=True)
class Band:
    """The spread of an hour's values: P10, median, P90 and P99, and how many they rest on."""

    low: float
    mid: float
    high: float
    p99: float
    n: int


def quantile(ordered: Sequence[float], q: float) -> float:
    """The exact q-quantile of values in order, interpolated linearly between ranks.

    Raises ValueError for no values.
    """
    if not ordered:
        raise ValueError("found no values, expected at least one")
    position = q * (len(ordered) - 1)
    low = math.floor(position)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (position - low)


def band_of(values: Iterable[float]) -> Band | None:
    """The band of some values; None where they are too few."""
    ordered = sorted(values)
    if len(ordered) < FEWEST:
        return None
    low, mid, high, p99 = (quantile(ordered, q) for q in (0.1, 0.5, 0.9, 0.99))
    return Band(low, mid, high, p99, len(ordered))


def hour_of(at: datetime, zone: str) -> Hour:
    """The weekday and hour of a moment in a zone."""
    local = at.astimezone(zone_of(zone))
    return local.weekday(), local.hour


def usual_range(points: Points, zone: str) -> Mapping[Hour, Band]:
    """The band per weekday and hour of hourly points; unknown ones do not count."""
    bands = {hour: band_of(values) for hour, values in _by_hour(points, zone).items()}
    return {hour: band for hour, band in bands.items() if band is not None}


def _by_hour(points: Points, zone: str) -> dict[Hour, list[float]]:
    groups: dict[Hour, list[float]] = {}
    for at, value in points:
        if value is not None and math.isfinite(value):
            groups.setdefault(hour_of(at, zone), []).append(float(value))
    return groups


def unusual_above(points: Points, window: Range, zone: str, *, counted: bool) -> float | None:
    """The value that an hour's own like exceeds once in a hundred times, for a window of an hour or
    less; None where the past says too little.

    The level is the median of the weekday-hours that the window overlaps, each by its share, so
    that 4:40 to 5:40 is compared with a third of the fourth hour and two thirds of the fifth. The
    spread is the P99 of how far single hours lay from the median of the *other* weeks, over the
    hours up to two before and after on all weekdays: some hundred deviations, each as uncertain as
    the comparison that is being made. What is `counted` varies by the root of its level, so roots
    are compared, which lets quiet and busy hours be pooled.
    """
    hours = _by_hour(points, zone)
    roots = counted and all(value >= 0 for values in hours.values() for value in values)
    scaled = {h: sorted(map(math.sqrt, v) if roots else v) for h, v in hours.items()}
    level = _level(scaled, window, zone)
    if level is None:
        return None
    spread = sorted(_deviations(scaled, hour_of(window[0] + (window[1] - window[0]) / 2, zone)[1]))
    if len(spread) < ENOUGH:
        return None
    edge = level + quantile(spread, 0.99)
    return max(edge, 0.0) ** 2 if roots else edge


def _level(scaled: Mapping[Hour, Sequence[float]], window: Range, zone: str) -> float | None:
    """The medians of the hours that a window overlaps, weighed by how long it does."""
    total = 0.0
    at = window[0]
    while at < window[1]:
        end = min(next_start(bucket_start(at, "1h", zone), "1h", zone), window[1])
        values = scaled.get(hour_of(at, zone), ())
        if len(values) < FEWEST:
            return None
        total += quantile(values, 0.5) * ((end - at) / (window[1] - window[0]))
        at = end
    return total


def _deviations(scaled: Mapping[Hour, Sequence[float]], hour: int) -> Iterator[float]:
    """How far each value near an hour of the day lies from the median of the other weeks."""
    near = {(hour + step) % 24 for step in range(-NEAR, NEAR + 1)}
    for (_, at), values in scaled.items():
        if at in near and len(values) > FEWEST:
            for place, value in enumerate(values):
                yield value - quantile([*values[:place], *values[place + 1 :]], 0.5)
