"""Days that meet a limit, drawn as what they are: of one day alone there is no share to draw."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from dashboard.catalogue.indicators import Days, Indicator
from dashboard.figures import Drawing, Figure, Line, Met, Spot, build_met
from dashboard.formats import number, short_day
from dashboard.ports import Point, Series
from layouts.panels.rules import rules_of
from layouts.panels.said import Said
from layouts.view import View

_MIDDLE = timedelta(hours=12)


def is_by_day(indicator: Indicator, series: Series) -> bool:
    """Whether each point is of one day that met a limit or did not."""
    return isinstance(indicator.measure, Days) and series.grain == "1d"


def draw_met(
    view: View,
    indicator: Indicator,
    series: Series,
    drawing: Drawing,
    level: str = "normal",
) -> Figure:
    """Each valid day as met or not met, and the share (or number) of all of them so far."""
    measure = indicator.measure
    share = isinstance(measure, Days) and measure.share
    valid = [point for point in series.points if point.value is not None]
    days = [Met(point.at + _MIDDLE, bool(point.value)) for point in valid]
    met = sum(day.met for day in days)
    since = short_day(valid[0].at, view.now, view.zone, view.language)
    line = Line(Said.RUNNING.fill(view.language, since), running(valid, share=share))
    named = ((Said.DAYS_MET, met), (Said.DAYS_NOT_MET, len(days) - met))
    words = [word.fill(view.language, number(count, 0, view.language)) for word, count in named]
    window = series.request.window
    return build_met(
        days,
        line,
        window,
        drawing,
        words=(words[0], words[1]),
        rules=rules_of(view, indicator),
        level=level,
    )


def running(valid: Sequence[Point], *, share: bool) -> list[Spot]:
    """What the days so far say on each of them."""
    spots, met = [], 0
    for count, point in enumerate(valid, 1):
        met += bool(point.value)
        at: datetime = point.at + _MIDDLE
        spots.append(Spot(at, met / count * 100 if share else float(met), count))
    return spots
