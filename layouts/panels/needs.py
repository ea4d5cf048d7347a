"""What a panel has to ask for beyond the newest frame: which series, over which window, how split.

Pure: `callbacks.panels` asks the questions, `layouts.panels.draw` and `layouts.panels.split` show
the answers.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from dashboard import windows
from dashboard.catalogue import Catalogue
from dashboard.catalogue.indicators import FLOWS
from dashboard.catalogue.pages import Panel
from dashboard.ports import Range, Series, SeriesRequest
from dashboard.series import subject
from dashboard.text import Text

CHARTS = ("trend", "band", "heatmap", "multiples", "calendar", "control", "gantt")
SPLITS = ("ranked", "stages", "table", "flow")
_WINDOWS = {"trend": "24h", "band": "30d", "heatmap": "14d", "multiples": "24h"}
_WINDOWS |= {"calendar": "year", "control": "30d"}
_USUAL = timedelta(days=8)
"""Over more days than this what is usual would be drawn so finely that it says nothing."""
_GRAINS = {"band": "1d", "heatmap": "1h", "calendar": "1d", "control": "1d"}


@dataclass(frozen=True)
class Failure:
    """A question without an answer: the reason, to be shown in place of what it would have said."""

    reason: Text


@dataclass(frozen=True)
class Usual:
    """What is usual for an indicator at each time: its low and its high edge."""

    low: list[tuple[datetime, float]]
    high: list[tuple[datetime, float]]


@dataclass(frozen=True)
class Answers:
    """Answers by request; `usual` is given where a trend wants its usual range and it is known."""

    series: Mapping[SeriesRequest, Series | Failure]
    usual: Usual | None = None


NEWEST = "15m"
"""States are sampled every five minutes: how it is now by a split that no frame carries is the last
sample of so long."""


def window_name(panel: Panel, catalogue: Catalogue) -> str:
    """The window a panel is about: its own, else its form's, else its indicator's."""
    if panel.window is not None:
        return panel.window
    if panel.kind == "gantt":
        return "now"
    if panel.kind in _WINDOWS:
        return _WINDOWS[panel.kind]
    indicator = catalogue.indicator(panel.indicators[0])
    return indicator.window if indicator else "today"


def chart_window(panel: Panel, catalogue: Catalogue, now: datetime, zone: str) -> Range | None:
    """The window as a range; None for `now`, which no series answers. What is drawn by days starts
    at a midnight, so that its first day is whole."""
    name = window_name(panel, catalogue)
    if name == "now":
        return None
    window = windows.resolve(name, now, zone)
    return (
        windows.align(window, "1d", zone)
        if grain_of(panel) == "1d" or panel.kind == "heatmap"
        else window
    )


def grain_of(panel: Panel) -> str | None:
    """The grain a chart is drawn in; None leaves the choice to who answers."""
    return panel.grain or _GRAINS.get(panel.kind)


def step_of(panel: Panel, catalogue: Catalogue, now: datetime, zone: str) -> str | None:
    """The grain of a chart, also where who answers chooses it for what is counted over each step:
    the last value of its line is then another than the number over its own window."""
    key = panel.indicators[0]
    indicator = catalogue.indicator(key)
    given = grain_of(panel)
    if given is not None or indicator is None or indicator.measure.kind not in FLOWS:
        return given
    try:
        window = chart_window(panel, catalogue, now, zone)
        request = SeriesRequest(key, window) if window is not None else None
        return subject.grain_of(indicator, request, now, zone) if request else None
    except ValueError:
        return None


def split_of(panel: Panel, catalogue: Catalogue, key: str) -> str:
    """The dimension by which one of a panel's indicators is split; empty where it is not."""
    indicator = catalogue.indicator(key)
    if panel.by is not None or indicator is None:
        return panel.by or ""
    if panel.kind not in (*SPLITS, "multiples", "facts"):
        return ""
    first = next((by for by in indicator.by if isinstance(by, str)), "")
    return indicator.live_by or first


def pair_of(panel: Panel, catalogue: Catalogue, key: str) -> str:
    """The pair of dimensions of a matrix in the order in which the indicator has it; empty where it
    has none such."""
    indicator = catalogue.indicator(key)
    known = [",".join(by) for by in indicator.by if not isinstance(by, str)] if indicator else []
    wanted = (f"{panel.by},{panel.across}", f"{panel.across},{panel.by}")
    return next((pair for pair in wanted if pair in known), "")


def wants_usual(panel: Panel, series: Series) -> bool:
    """Whether a chart is shown over what is usual: one line over some days."""
    start, end = series.request.window
    plain = panel.kind == "trend" and len(panel.indicators) == 1 and not series.request.by
    return plain and end - start <= _USUAL


def is_live(panel: Panel, catalogue: Catalogue, key: str) -> bool:
    """Whether the newest frame itself carries what the panel shows of an indicator."""
    indicator = catalogue.indicator(key)
    if indicator is None:
        return True
    same_window = panel.window in (None, indicator.window)
    return same_window and split_of(panel, catalogue, key) in ("", indicator.live_by)


def is_from_frame(panel: Panel, catalogue: Catalogue) -> bool:
    """Whether the newest frame carries all that a panel shows."""
    if panel.kind in CHARTS:
        return False
    if panel.kind == "matrix":
        return not pair_of(panel, catalogue, panel.indicators[0])
    return panel.kind not in SPLITS or all(is_live(panel, catalogue, k) for k in panel.indicators)


def requests_of(
    panel: Panel, catalogue: Catalogue, now: datetime, zone: str
) -> Iterator[SeriesRequest]:
    """The series a panel needs, in the order of its indicators."""
    if panel.kind in CHARTS and panel.kind != "gantt":
        window = chart_window(panel, catalogue, now, zone)
        by = {key: split_of(panel, catalogue, key) for key in panel.indicators}
        if window is not None:
            for key in panel.indicators:
                yield SeriesRequest(key, window, grain_of(panel), by[key])
    elif panel.kind == "matrix":
        key, name = panel.indicators[0], window_name(panel, catalogue)
        pair = pair_of(panel, catalogue, key)
        if pair and name != "now":
            window = windows.resolve(name, now, zone)
            yield SeriesRequest(key, window, windows.TOTAL, pair)
    elif panel.kind in SPLITS:
        name = window_name(panel, catalogue)
        window = windows.resolve(NEWEST if name == "now" else name, now, zone)
        for key in panel.indicators:
            if not is_live(panel, catalogue, key):
                yield SeriesRequest(key, window, windows.TOTAL, split_of(panel, catalogue, key))
