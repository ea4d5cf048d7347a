"""Values by code: what ranked bars, stages and tables show, from the frame or from a series."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard.catalogue.indicators import Count, Indicator, Stock
from dashboard.catalogue.pages import Panel
from dashboard.catalogue.places import codes_within
from dashboard.formats import counted, number
from dashboard.judge import COMPARE
from dashboard.ports import Number, Series
from dashboard.samples import RATES, fewest_rows
from dashboard.text import Text
from layouts import live
from layouts.panels.codes import code_title
from layouts.panels.needs import Answers, Failure, is_live, split_of, window_name
from layouts.view import View


@dataclass(frozen=True)
class Cell:
    """One value of one indicator for one code."""

    value: Number | None
    n: int | None = None
    level: str = "normal"


@dataclass(frozen=True)
class Column:
    """One indicator of a panel with its values by code.

    `living` says that the newest frame carries them, so that the browser keeps them up to date;
    `failure` why there are none; `heard` whether anything is known of it at all.
    """

    key: str
    indicator: Indicator
    by: str
    cells: Mapping[str, Cell]
    living: bool
    failure: Failure | None = None
    heard: bool = True
    window: str = ""
    """The window of the values where it is not the indicator's own."""

    @property
    def unit(self) -> Text:
        """The unit of the values over their window."""
        return self.indicator.unit_over(self.window)

    def few(self, code: str) -> bool:
        """Whether a rate or time of this code rests on too few rows to be judged beside others."""
        cell, least = self.cells.get(code), self.least
        return least is not None and cell is not None and cell.n is not None and cell.n < least

    @property
    def least(self) -> int | None:
        """Fewer rows than this are too few; None where any number of them says the same."""
        return fewest_rows(self.indicator)


def columns_of(view: View, panel: Panel, answers: Answers) -> list[Column]:
    """The panel's indicators that the catalogue knows, each with its values by code."""
    columns = []
    for key in panel.indicators:
        indicator = view.catalogue.indicator(key)
        if indicator is None:
            continue
        by = split_of(panel, view.catalogue, key)
        if is_live(panel, view.catalogue, key):
            known = (view.reading(key) or {}).get("value") is not None
            cells = _within(view, panel, key, by, _live_cells(view, key))
            columns.append(Column(key, indicator, by, cells, True, None, known))
        else:
            cells, failure = _answered(key, indicator, answers)
            window = window_name(panel, view.catalogue)
            known = any(isinstance(answer, Series) for answer in _answers_to(key, answers))
            columns.append(Column(key, indicator, by, cells, False, failure, known, window))
    return columns


def _within(view: View, panel: Panel, key: str, by: str, cells: dict[str, Cell]) -> dict[str, Cell]:
    """The cells of the larger unit to which a panel is kept; none where it is no such unit."""
    if panel.within is None:
        return cells
    try:
        inside = codes_within(view.catalogue, key, by, panel.within)
    except ValueError:
        return {}
    return {code: cell for code, cell in cells.items() if code in inside}


def _live_cells(view: View, key: str) -> dict[str, Cell]:
    parts: Mapping[str, Any] = (view.reading(key) or {}).get("parts") or {}
    return {
        code: Cell(part.get("value"), part.get("n"), str(part.get("level", "normal")))
        for code, part in parts.items()
    }


def _answers_to(key: str, answers: Answers) -> Iterator[Series | Failure]:
    return (answer for request, answer in answers.series.items() if request.key == key)


def _answered(
    key: str, indicator: Indicator, answers: Answers
) -> tuple[dict[str, Cell], Failure | None]:
    answer = next(_answers_to(key, answers), None)
    if not isinstance(answer, Series):
        return {}, answer
    return {
        point.code: Cell(point.value, point.n, _level(indicator, point.value, point.n))
        for point in answer.points
    }, None


def _level(indicator: Indicator, value: Number | None, n: int | None) -> str:
    """The level of a rate over another window by the fixed limits; counts have no such limits."""
    if value is None or indicator.measure.kind not in RATES:
        return "normal"
    holds = {
        limit.level
        for limit in indicator.limits
        if limit.against is None and (n is None or n >= limit.min_n)
        if COMPARE[limit.op](float(value), limit.value)
    }
    return "alarm" if "alarm" in holds else "warning" if holds else "normal"


def is_counted(column: Column) -> bool:
    """Whether a code without rows holds nothing, which is a number too: of what is counted, where
    anything is known."""
    measure = column.indicator.measure
    counted = isinstance(measure, Stock) and measure.aggregate == "count"
    return column.heard and (counted or isinstance(measure, Count))


def render_cell_value(view: View, column: Column, code: str) -> html.Span:
    """The value of one code with its mark; kept up to date by the browser where it is living."""
    if column.living:
        return html.Span(
            [
                live.render_mark(view, column.key, part=code),
                live.render_value(view, column.key, part=code),
            ],
            className="cell-value",
        )
    cell = column.cells.get(code, Cell(None))
    text = number(cell.value, column.indicator.decimals, view.language)
    children: list[Component | str] = [text]
    if cell.level != "normal":
        children.insert(0, live.render_still_mark(view, cell.level))
    return html.Span(children, className="cell-value")


def render_cell_unit(view: View, column: Column, code: str) -> html.Span:
    """The unit beside the value of one code: `order` where it is one."""
    if column.living:
        return live.render_unit(view, column.key, part=code)
    value = column.cells.get(code, Cell(None)).value
    return html.Span(counted(column.unit, value, column.indicator.decimals, view.language))


def row_title(view: View, column: Column, code: str) -> str:
    """What a row is called."""
    return code_title(view.catalogue, column.key, column.by, code, view.language)


def codes_of(column: Column) -> list[str]:
    """The codes that have a value, without the total where there are others."""
    known = [code for code, cell in column.cells.items() if cell.value is not None]
    return [code for code in known if code] or known
