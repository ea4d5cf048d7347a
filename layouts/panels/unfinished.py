"""The period that goes on: of a count or a rate by day it says only a part, and is shown as such."""

from collections.abc import Sequence

from dashboard import windows
from dashboard.catalogue import Catalogue
from dashboard.catalogue.indicators import ASKED, DERIVED, FLOWS
from dashboard.catalogue.references import inputs_of
from dashboard.formats import moment
from dashboard.ports import Point, Series
from layouts.panels.said import Said
from layouts.view import View

WHOLE = ("count", "sum")
"""Measures of which a period that has not ended yet shows only a part."""
_PERIODS = {
    "1d": (Said.TODAY_UNTIL, Said.TODAY_LEFT_OUT),
    "1mo": (Said.MONTH_UNTIL, Said.MONTH_LEFT_OUT),
}
"""Grains of which a part is so long that it is said how far it goes, or that it is not drawn."""
_TELLING = 0.5
"""Share of a period that must have passed for its part of a count to be drawn (dotted): the first
minutes of an hour would look as if everything had stopped. A rate of what there is so far is only
dotted."""


def is_summed_up(catalogue: Catalogue, key: str, grain: str, depth: int = 0) -> bool:
    """Whether a value is made of what happens in its bucket, so that one that goes on holds a part;
    a state is what it is at its moment, and so is what was measured over a window of its own."""
    indicator = catalogue.indicator(key)
    if indicator is None or depth > len(DERIVED):
        return False
    kind = indicator.measure.kind
    if kind in (*FLOWS, "surge", "days"):
        return True
    if kind in ASKED:
        return grain in _PERIODS
    given = inputs_of(indicator)
    return any(is_summed_up(catalogue, inner, grain, depth + 1) for _, inner in given)


def finished(
    view: View, key: str, series: Series, points: Sequence[Point]
) -> tuple[list[Point], bool, str]:
    """The points that are drawn, whether the newest of them is of a period that goes on, and what
    is said of that period."""
    shown = list(points)
    if not points or not is_summed_up(view.catalogue, key, series.grain):
        return shown, False, ""
    begin = points[-1].at
    end = windows.next_start(begin, series.grain, view.zone.key)
    if end <= view.now:
        return shown, False, ""
    until, left_out = _PERIODS.get(series.grain, (None, None))
    early = (view.now - begin) / (end - begin) < _TELLING and len(points) > 1
    if early and _kind(view, key) in WHOLE:
        return shown[:-1], False, left_out.of(view.language) if left_out else ""
    if until is None:
        return shown, True, ""
    # As far as it is read; how far that is may not be known, and is never after now.
    read = series.covered[1] if series.covered else view.now
    at = min(view.now, read) if read > begin else view.now
    words = until.fill(view.language, moment(at, view.now, view.zone, view.language))
    return shown, True, words


def _kind(view: View, key: str) -> str:
    indicator = view.catalogue.indicator(key)
    return indicator.measure.kind if indicator else ""
