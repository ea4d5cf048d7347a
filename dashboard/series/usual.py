"""What is usual: the range of an hour from its past, and what limits compare with."""

from datetime import datetime, timedelta

from dashboard.baseline import WEEKS, Band, Hour, Points, hour_of, unusual_above, usual_range
from dashboard.ports import Point, Range
from dashboard.windows import LONGEST, bucket_start, shift, starts

FOUR_WEEKS = 28
"""Days of the past that `four_weeks` means."""
NEAREST = timedelta(hours=1)
"""How far before a time a sample may lie to stand for it: what is remembered of the last week is an
hour apart."""
Edge = tuple[datetime, float, float, float]
"""A time with the low edge, the middle and the high edge of what is usual then."""
_PER_HOUR = {"5m": 1 / 12, "15m": 1 / 4}


def past_of(start: datetime, zone: str) -> Range:
    """The weeks before a moment that say what is usual, from whole local days on."""
    day = bucket_start(start, "1d", zone)
    return shift((day, day), -7 * WEEKS, zone)[0], bucket_start(start, "1h", zone)


def since_first(points: list[Point]) -> list[Point]:
    """What there is since the first time at which there was anything: before that a department kept
    no rows, and the nothing of weeks would be taken for what is usual. All where there never was."""
    first = min((point.at for point in points if point.value), default=None)
    return points if first is None else [point for point in points if point.at >= first]


def bands_by_code(points: list[Point], zone: str) -> dict[str, dict[Hour, Band]]:
    """The usual range per weekday and hour of each code's hourly points."""
    return {code: dict(usual_range(values, zone)) for code, values in _by_code(points).items()}


def unusual_by_code(
    points: list[Point], window: Range, zone: str, counted: bool
) -> dict[str, float]:
    """Per code what its weekday-hour exceeds once in a hundred times, of what can be said."""
    found = {
        code: unusual_above(values, window, zone, counted=counted)
        for code, values in _by_code(points).items()
    }
    return {code: edge for code, edge in found.items() if edge is not None}


def _by_code(points: list[Point]) -> dict[str, Points]:
    codes: dict[str, list[tuple[datetime, float | None]]] = {}
    for point in points:
        value = None if point.value is None else float(point.value)
        codes.setdefault(point.code, []).append((point.at, value))
    return dict(codes)


def edges_of(
    bands: dict[Hour, Band], window: Range, grain: str, zone: str, additive: bool
) -> list[Edge]:
    """The usual range along a window. A sum over a part of an hour is that part of the hour's."""
    if window[1] - window[0] > LONGEST:
        return []
    share = _PER_HOUR.get(grain, 1.0) if additive else 1.0
    step = "1d" if grain == "1d" else "1h"
    edges = []
    for at in starts(window, step, zone):
        band = bands.get(hour_of(at, zone))
        if band is not None:
            edges.append((at, band.low * share, band.mid * share, band.high * share))
    return edges
