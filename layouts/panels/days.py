"""Charts of whole days: the calendar of a year so far, and the control chart of single days."""

from collections.abc import Sequence

from dashboard import windows
from dashboard.catalogue import Catalogue
from dashboard.catalogue.indicators import ByStandard, Days, Indicator
from dashboard.catalogue.pages import Panel
from dashboard.catalogue.reference import Edition, Grade
from dashboard.control import FEWEST, Control, control_of
from dashboard.figures import Class, DayCell, Drawing, Figure, Line, Rule, Spot, build_empty
from dashboard.figures import build_calendar as calendar_figure
from dashboard.figures import build_control as control_figure
from dashboard.formats import number, sample
from dashboard.ports import Point, Series
from dashboard.standards import edition_at
from dashboard.words import Word
from layouts.panels.said import Said
from layouts.view import View


def closed_days(view: View, series: Series, indicator: Indicator) -> list[Point]:
    """The days that have ended: of one that goes on a count or a rate says only a part."""
    ends = (windows.next_start(point.at, "1d", view.zone.key) for point in series.points)
    return [point for point, end in zip(series.points, ends, strict=True) if end <= view.now]


def draw_days(
    view: View, panel: Panel, key: str, series: Series, drawing: Drawing
) -> tuple[Figure, str]:
    """A calendar or a control chart; an empty one with the reason where days are too few."""
    indicator = view.catalogue.indicator(key)
    if indicator is None:
        return build_empty(drawing), Word.NO_SUCH_INDICATOR.fill(view.language, key)
    if panel.kind == "calendar":
        return draw_calendar(view, key, indicator, series, drawing), ""
    figure = draw_control(view, indicator, series, drawing)
    if figure is None:
        return build_empty(drawing), Said.CONTROL_FEW.fill(view.language, FEWEST)
    return figure, ""


def draw_calendar(
    view: View, key: str, indicator: Indicator, series: Series, drawing: Drawing
) -> Figure:
    """Each day that has ended, in the class of its own day's edition where a standard has classes."""
    points = closed_days(view, series, indicator)
    least = fewest_of_day(view.catalogue, key)
    graded = [(point, _graded(view, indicator, point)) for point in points]
    newest = _edition(view, indicator, points[-1]) if points else None
    grades = newest.grades if newest is not None else []
    coloured = bool(grades) and all(grade.colour for grade in grades)
    cells = [
        _cell(view, drawing, point, grade if coloured else None, _is_invalid(point, least))
        for point, grade in graded
    ]
    counts = [
        sum(1 for c in cells if c.grade == place and not c.invalid) for place in range(len(grades))
    ]
    classes = (
        [_class(view, grade, count) for grade, count in zip(grades, counts, strict=True)]
        if coloured
        else []
    )
    invalid = sum(cell.invalid for cell in cells)
    words = Said.INVALID_DAYS.fill(view.language, number(invalid, 0, view.language))
    return calendar_figure(cells, drawing, classes=classes, invalid_words=words)


def fewest_of_day(catalogue: Catalogue, key: str) -> int:
    """How many rows a day of an indicator needs to be valid, as those who count its days say."""
    counted = (one.measure for _, one in catalogue.indicators() if isinstance(one.measure, Days))
    return max((days.min_n for days in counted if days.of == key), default=0)


def _is_invalid(point: Point, least: int) -> bool:
    return point.value is not None and bool(least) and (point.n or 0) < least


def _edition(view: View, indicator: Indicator, point: Point) -> Edition | None:
    measure = indicator.measure
    if not isinstance(measure, ByStandard):
        return None
    standard = view.catalogue.standards.get(measure.standard)
    return edition_at(standard, point.at) if standard is not None else None


def _graded(view: View, indicator: Indicator, point: Point) -> tuple[int, Grade] | None:
    """The place and the class of a day by the edition that held on it."""
    edition, value = _edition(view, indicator, point), point.value
    if edition is None or value is None:
        return None
    known = enumerate(edition.grades)
    last = len(edition.grades) - 1
    return next(((n, g) for n, g in known if float(value) <= g.upto or n == last), None)


def _cell(
    view: View, drawing: Drawing, point: Point, grade: tuple[int, Grade] | None, invalid: bool
) -> DayCell:
    day = point.at.astimezone(view.zone).date()
    if point.value is None:
        return DayCell(day, None, Word.NO_ROWS.of(view.language))
    value = float(point.value)
    parts = [f"<b>{drawing.say(value)}</b>"]
    parts += [view.say(grade[1].title)] if grade else []
    parts += [sample(point.n, view.language)] if point.n is not None else []
    parts += [Said.INVALID_DAY.of(view.language)] if invalid else []
    return DayCell(day, value, "　".join(parts), grade[0] if grade else None, invalid)


def _class(view: View, grade: Grade, count: int) -> Class:
    said = Said.CLASS_DAYS.fill(view.language, view.say(grade.title), count)
    return Class(said, grade.colour or "")


def draw_control(
    view: View, indicator: Indicator, series: Series, drawing: Drawing
) -> Figure | None:
    """The days that have ended within their own limits; None where they are too few to say."""
    points = closed_days(view, series, indicator)
    spots = [Spot(p.at, None if p.value is None else float(p.value), p.n) for p in points]
    control = control_of([spot.value for spot in spots], **_bounds(indicator, spots))
    if control is None:
        return None
    words = {
        "above": Said.ABOVE_LIMIT.of(view.language),
        "below": Said.BELOW_LIMIT.of(view.language),
        "high": Said.RUN_HIGH.of(view.language),
        "low": Said.RUN_LOW.of(view.language),
    }
    rules = _control_rules(view, indicator, control)
    window = series.request.window
    return control_figure(Line("", spots), control, window, drawing, rules=rules, words=words)


def _bounds(indicator: Indicator, spots: Sequence[Spot]) -> dict[str, float | None]:
    """What no value can be beyond: of nothing less than none, of a share more than all."""
    known = [spot.value for spot in spots if spot.value is not None]
    never_below = bool(known) and min(known) >= 0
    most = 100.0 if indicator.unit.zh == "%" and known and max(known) <= 100 else None
    return {"least": 0.0 if never_below else None, "most": most}


def _control_rules(view: View, indicator: Indicator, control: Control) -> dict[str, Rule]:
    decimals = indicator.decimals if indicator.decimals else 1
    named = {
        "mean": (Said.CONTROL_MEAN, control.mean),
        "low": (Said.CONTROL_LOW, control.low),
        "high": (Said.CONTROL_HIGH, control.high),
    }
    return {
        name: Rule(value, f"{word.of(view.language)} {number(value, decimals, view.language)}")
        for name, (word, value) in named.items()
    }
