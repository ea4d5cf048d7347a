"""Axes: round values and local times, worded here because no locale file of Plotly is shipped.

Time is drawn as seconds since 1970, so that a local hour that occurs twice is drawn twice.
"""

import math
from collections.abc import Iterator, Sequence
from datetime import datetime, time, timedelta
from typing import Any

from babel.dates import format_skeleton

from dashboard.figures.theme import Drawing
from dashboard.formats import LOCALES, number
from dashboard.ports import Range
from dashboard.text import Language

_STEPS: tuple[timedelta, ...] = (
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(minutes=30),
    timedelta(hours=1),
    timedelta(hours=2),
    timedelta(hours=6),
    timedelta(hours=12),
    timedelta(days=1),
    timedelta(days=2),
    timedelta(days=7),
    timedelta(days=14),
    timedelta(days=28),
    timedelta(days=91),
    timedelta(days=182),
    timedelta(days=364),
)
_DAY = timedelta(days=1)


def seconds(at: datetime) -> float:
    """The place of an instant on a time axis."""
    return at.timestamp()


def moment(at: datetime, drawing: Drawing, *, whole_day: bool) -> str:
    """An instant in words for the hover label: a day, or a day and time."""
    local, locale = at.astimezone(drawing.zone), LOCALES[drawing.language]
    day = format_skeleton("MMMEd", local, locale=locale)
    return day if whole_day else f"{day} {local:%H:%M}"


def time_ticks(window: Range, drawing: Drawing, most: int = 6) -> tuple[list[float], list[str]]:
    """Places and words of at most `most` round local times within the window."""
    start, end = window
    step = next((s for s in _STEPS if (end - start) / s <= most), _STEPS[-1])
    marks = [at for at in _steps(window, step, drawing) if start <= at < end]
    words: list[str] = []
    previous = None
    for at in marks:
        local = at.astimezone(drawing.zone)
        words.append(_tick(local, step, previous, drawing.language))
        previous = local
    return [seconds(at) for at in marks], words


def _steps(window: Range, step: timedelta, drawing: Drawing) -> Iterator[datetime]:
    """Round local times around the window: from midnight in hours, else in days to its end."""
    first, last = (at.astimezone(drawing.zone) for at in window)
    if step < _DAY:
        day = datetime.combine(first.date(), time(), drawing.zone)
        while day < window[1]:
            for count in range(int(_DAY / step)):
                yield day + count * step
            day = datetime.combine(day.date() + _DAY, time(), drawing.zone)
        return
    midnight = datetime.combine(last.date(), time(), drawing.zone)
    back = [midnight - count * step for count in range(int((last - first) / step) + 2)]
    yield from reversed(back)


def _tick(local: datetime, step: timedelta, previous: datetime | None, language: Language) -> str:
    new_day = previous is None or local.date() != previous.date()
    clock = f"{local:%H:%M}"
    if step < _DAY:
        return f"{_date(local, language)} {clock}" if new_day and previous else clock
    if step >= timedelta(days=91):
        return f"{local:%Y-%m}"
    return _date(local, language)


def _date(local: datetime, language: Language) -> str:
    return f"{local:%m-%d}" if language == "zh" else f"{local.day} {local:%b}"


def value_ticks(low: float, high: float, most: int = 4, *, whole: bool = False) -> list[float]:
    """At most `most` + 1 round values from at or below `low` to at or above `high`."""
    if high <= low:
        high = low + (abs(low) or 1.0)
    rough = (high - low) / most
    size = 10.0 ** math.floor(math.log10(rough))
    step = next((size * m for m in (1, 2, 2.5, 5, 10) if size * m >= rough), size * 10)
    step = max(step, 1.0) if whole else step
    first, last = math.floor(low / step), math.ceil(high / step)
    return [round(n * step, 10) for n in range(first, last + 1)]


def value_range(values: Sequence[float], also: Sequence[float] = ()) -> tuple[float, float]:
    """From and to of a value axis over the data; it starts at zero unless that hides the shape.

    Values of `also`, such as limits, are taken in where they lie near the data.
    """
    if not values:
        return 0.0, 1.0
    low, high = min(values), max(values)
    reach = max(high - low, abs(high) * 0.05)
    for value in also:
        if low - reach <= value <= high + reach:
            low, high = min(low, value), max(high, value)
    if 0 <= low < 0.6 * high or 0 <= low == high:
        low = 0.0
    return low, high


def padded(low: float, high: float) -> tuple[float, float]:
    """The ends of an axis: a little air around the data, so that lines at the ends are drawn."""
    air = (high - low or abs(high) or 1.0) * 0.06
    return (low - air / 6 if low == 0 else low - air), high + air


def time_axis(window: Range, drawing: Drawing, most: int = 6) -> dict[str, Any]:
    """The axis below: a few local times, no line, no grid."""
    places, words = time_ticks(window, drawing, most)
    return {
        "type": "linear",
        "range": [seconds(window[0]), seconds(window[1])],
        "tickmode": "array",
        "tickvals": places,
        "ticktext": words,
        "tickangle": 0,
        "showgrid": False,
        "zeroline": False,
        "fixedrange": True,
        "ticklen": drawing.px(5),
        "ticks": "",
    }


def value_axis(low: float, high: float, drawing: Drawing, most: int = 4) -> dict[str, Any]:
    """The axis at the left: round values on hairlines."""
    start, end = padded(low, high)
    round_values = value_ticks(low, high, most, whole=drawing.whole)
    ticks = [tick for tick in round_values if start <= tick <= end]
    return {
        "type": "linear",
        "range": [start, end],
        "tickmode": "array",
        "tickvals": ticks,
        "ticktext": [number(tick, _digits(ticks), drawing.language) for tick in ticks],
        "gridcolor": drawing.palette.line,
        "gridwidth": 1,
        "zeroline": False,
        "fixedrange": True,
    }


def _digits(ticks: Sequence[float]) -> int:
    """Digits after the point that tell all ticks apart exactly."""
    return next((d for d in range(5) if all(abs(t - round(t, d)) < 1e-9 for t in ticks)), 5)


def left_margin(axis: dict[str, Any]) -> float:
    """Room for the longest value label, so that nothing is cut and nothing jumps."""
    longest = max((len(text) for text in axis["ticktext"]), default=1)
    return 12 + 7.4 * longest
