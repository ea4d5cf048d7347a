"""From answers to charts: which figure a panel becomes, and the words where it cannot be drawn."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from dashboard.catalogue import Catalogue
from dashboard.catalogue.indicators import Indicator, Percentile
from dashboard.catalogue.pages import Panel
from dashboard.figures import (
    Drawing,
    Figure,
    Line,
    Spot,
    Theme,
    build_band,
    build_empty,
    build_heatmap,
    build_multiples,
    build_trend,
    caption,
)
from dashboard.formats import number, quantity
from dashboard.ports import Point, Series
from dashboard.words import Word
from layouts.live_late import clocked
from layouts.panels.absence import missing_words, nothing_words, since_words, too_young
from layouts.panels.codes import code_title, declared_codes
from layouts.panels.days import draw_days
from layouts.panels.gantt import draw_gantt
from layouts.panels.gaps import holds, joined
from layouts.panels.met import draw_met, is_by_day
from layouts.panels.needs import Answers, Usual
from layouts.panels.rules import rules_of
from layouts.panels.unfinished import WHOLE, finished
from layouts.view import View

_MOST_LINES = 4
_MOST_CELLS = {"short": 4, "normal": 8, "tall": 15}
_HEIGHTS = {"short": 160.0, "normal": 240.0, "tall": 384.0, "phone": 448.0}
"""Pixels of a desk, as `assets/pages.css` has them."""


@dataclass(frozen=True)
class Drawn:
    """A chart, and the words that stand over it where there is nothing to draw (else empty);
    `missing` says which of its lines could not be had."""

    figure: Figure
    note: str = ""
    missing: str = ""


@dataclass(frozen=True)
class Subject:
    """One indicator of a panel with its series."""

    key: str
    indicator: Indicator
    series: Series


@dataclass(frozen=True)
class Scheme:
    """How the browser shows the page: its theme, its size of text against that of a desk, and
    whether there is no room beside anything, as on a phone."""

    theme: Theme
    scale: float = 1.0
    narrow: bool = False


def draw_panel(view: View, panel: Panel, answers: Answers, scheme: Scheme) -> Drawn:
    """The chart of one panel, or an empty one with the reason."""
    drawing = drawing_of(view, panel, scheme, answers)
    if panel.kind == "gantt":
        return Drawn(*draw_gantt(view, panel, drawing, narrow=scheme.narrow))
    subjects = _subjects(view, answers)
    missing = missing_words(view, answers)
    # Lines of a trend stand for themselves. The edges of a band do not: one of them alone would be
    # taken for its middle.
    whole = panel.kind == "trend" or not missing
    if not (whole and any(_values(subject.series) for subject in subjects)):
        return Drawn(build_empty(drawing), missing or nothing_words(view, answers))
    if panel.kind == "multiples" and (since := too_young(view, subjects[0].series)):
        return Drawn(build_empty(drawing), since)
    match panel.kind:
        case "band":
            figure = _band(view, subjects, drawing)
        case "heatmap":
            figure = build_heatmap(_spots(_ended(view, subjects[0])), drawing)
        case "calendar" | "control":
            first = subjects[0]
            figure, note = draw_days(view, panel, first.key, first.series, drawing)
            if note:
                return Drawn(figure, note)
        case "multiples":
            figure = _multiples(view, panel, subjects[0], drawing, narrow=scheme.narrow)
        case _:
            figure = _trend(view, panel, subjects, answers.usual, drawing)
    return Drawn(_with_start(view, figure, subjects, drawing), missing=missing)


def _with_start(view: View, figure: Figure, subjects: list[Subject], drawing: Drawing) -> Figure:
    """Say since when there is data, where that is well within the window."""
    words = since_words(view, [subject.series for subject in subjects])
    if words:
        height = _empty_height(figure)
        figure["layout"]["annotations"].append(caption(words, drawing, height))
    return figure


def _empty_height(figure: Figure) -> float:
    """Where in a chart's height nothing is drawn at its left: above the first row with a value of
    what is drawn in rows, else in the middle."""
    rows = figure["data"][0].get("z") if figure["data"] else None
    if rows:
        empty = next((n for n, row in enumerate(rows) if any(v is not None for v in row)), 0)
        return 1 - max(empty, 1) / len(rows) / 2
    layout = figure["layout"]
    cell = layout.get("yaxis1", layout.get("yaxis", {})).get("domain", [0.0, 1.0])
    return float(sum(cell) / 2)


def drawing_of(view: View, panel: Panel, scheme: Scheme, answers: Answers) -> Drawing:
    """How a panel's chart is drawn for this viewer."""
    indicator = view.catalogue.indicator(panel.indicators[0])
    decimals = indicator.decimals if indicator else 0
    series = (answer for answer in answers.series.values() if isinstance(answer, Series))
    step = next((one.step for one in series), "")
    unit = indicator.unit_over(step).of(view.language) if indicator else ""
    return Drawing(
        theme=scheme.theme,
        scale=scheme.scale,
        narrow=scheme.narrow,
        language=view.language,
        zone=view.zone,
        say=lambda value: quantity(value, unit, decimals, view.language),
        whole=decimals == 0,
        keep=f"{panel.indicators[0]} {panel.window} {panel.grain} {panel.by}",
    )


def _subjects(view: View, answers: Answers) -> list[Subject]:
    found = []
    for request, answer in answers.series.items():
        indicator = view.catalogue.indicator(request.key)
        if indicator is not None and isinstance(answer, Series):
            found.append(Subject(request.key, indicator, answer))
    return found


def _values(series: Series) -> list[float]:
    return [float(point.value) for point in series.points if point.value is not None]


def _spots(points: Sequence[Point]) -> list[Spot]:
    return [Spot(p.at, None if p.value is None else float(p.value), p.n) for p in points]


def _ended(view: View, subject: Subject) -> list[Point]:
    """The points of a heat map: of a count without the hour that goes on, which would look quiet."""
    kept, goes_on, _ = finished(view, subject.key, subject.series, subject.series.points)
    return kept[:-1] if goes_on and subject.indicator.measure.kind in WHOLE else kept


def _line(view: View, subject: Subject, code: str = "", name: str = "") -> Line:
    points = [point for point in subject.series.points if point.code == code]
    kept, goes_on, said = finished(view, subject.key, subject.series, points)
    shown = joined(kept) if holds(subject.indicator) else kept
    return Line(name, _spots(shown), partial=goes_on, until=said)


def _trend(
    view: View, panel: Panel, subjects: list[Subject], usual: Usual | None, drawing: Drawing
) -> Figure:
    first = subjects[0]
    leads = first.key == panel.indicators[0]
    if len(subjects) == 1 and is_by_day(first.indicator, first.series):
        return _met(view, first, drawing)
    if first.series.request.by:
        codes = _largest(first.series, _MOST_LINES)
        lines = [_line(view, first, code, _code(view, first, code)) for code in codes]
    else:
        several = len(panel.indicators) > 1
        lines = [
            _line(view, subject, name=_name(view, subject.indicator) if several else "")
            for subject in subjects[:_MOST_LINES]
        ]
    edges = _edges(usual) if usual else None
    return build_trend(
        lines,
        first.series.request.window,
        drawing,
        whole_days=first.series.grain in ("1d", "1mo"),
        rules=rules_of(view, first.indicator) if leads else [],
        usual=edges,
        usual_words=Word.USUAL_RANGE.of(view.language) if edges else "",
        level=_level_of(view, first, lines[0]) if leads else "normal",
    )


def _level_of(view: View, subject: Subject, line: Line) -> str:
    """The level of a line's newest mark: that of now, unless now is left out of it."""
    points = subject.series.points
    newest = bool(line.spots) and bool(points) and line.spots[-1].at == points[-1].at
    return _level(view, subject.key) if newest else "normal"


def _met(view: View, subject: Subject, drawing: Drawing) -> Figure:
    level = _level(view, subject.key)
    return draw_met(view, subject.indicator, subject.series, drawing, level)


def _edges(usual: Usual) -> tuple[Line, Line]:
    low, high = ([Spot(at, value) for at, value in edge] for edge in (usual.low, usual.high))
    return Line("", low), Line("", high)


def _band(view: View, subjects: list[Subject], drawing: Drawing) -> Figure:
    keys = band_order(view.catalogue, [subject.key for subject in subjects])
    by_key = {subject.key: subject for subject in subjects}
    ordered = [by_key[key] for key in keys]
    lines = [_line(view, s, name=_name(view, s.indicator)) for s in ordered]
    middle = band_middle(view.catalogue, keys)
    return build_band(
        lines[middle],
        (lines[0], lines[-1]),
        ordered[0].series.request.window,
        drawing,
        whole_days=ordered[0].series.grain in ("1d", "1mo"),
        rules=rules_of(view, ordered[middle].indicator),
        level=_level(view, ordered[middle].key),
    )


def _quantile(catalogue: Catalogue, key: str) -> float:
    indicator = catalogue.indicator(key)
    measure = indicator.measure if indicator else None
    return measure.q if isinstance(measure, Percentile) else 0.5


def band_order(catalogue: Catalogue, keys: Sequence[str]) -> list[str]:
    """The indicators of a band from its lower to its upper edge."""
    return sorted(keys, key=lambda key: _quantile(catalogue, key))


def band_middle(catalogue: Catalogue, ordered: Sequence[str]) -> int:
    """Which of them is the line within the band: the one nearest to the median."""
    return min(range(len(ordered)), key=lambda i: abs(_quantile(catalogue, ordered[i]) - 0.5))


def _multiples(
    view: View, panel: Panel, subject: Subject, drawing: Drawing, *, narrow: bool
) -> Figure:
    columns = 1 if narrow else 3 if panel.width == 12 else 2
    declared = declared_codes(view.catalogue, subject.key, subject.series.request.by)
    codes = _largest(subject.series, _MOST_CELLS[panel.height])
    if set(codes) <= set(declared):
        codes.sort(key=declared.index)
    plain = replace(
        drawing, say=lambda value: number(value, subject.indicator.decimals, view.language)
    )
    reading = view.reading(subject.key) or {}
    parts = reading.get("parts", {}) if reading.get("parts_by") == subject.series.request.by else {}
    names = [clocked(view, subject.key, code, _code(view, subject, code)) for code in codes]
    return build_multiples(
        [_line(view, subject, *both) for both in zip(codes, names, strict=True)],
        subject.series.request.window,
        plain,
        height=_HEIGHTS["phone" if narrow else panel.height],
        columns=min(columns, len(codes)),
        whole_days=subject.series.grain in ("1d", "1mo"),
        levels=[parts.get(code, {}).get("level", "normal") for code in codes],
    )


def _largest(series: Series, most: int) -> list[str]:
    """The codes with the most rows, or the largest values where rows are not counted."""
    weight: dict[str, float] = {}
    for point in series.points:
        if point.value is not None:
            weight[point.code] = weight.get(point.code, 0.0) + float(point.n or point.value)
    named = [code for code in weight if code]
    return sorted(named or weight, key=lambda code: -weight[code])[:most]


def _code(view: View, subject: Subject, code: str) -> str:
    by = subject.series.request.by
    return code_title(view.catalogue, subject.key, by, code, view.language)


def _name(view: View, indicator: Indicator) -> str:
    return view.say(indicator.short or indicator.title)


def _level(view: View, key: str) -> str:
    return str((view.reading(key) or {}).get("level", "normal"))
