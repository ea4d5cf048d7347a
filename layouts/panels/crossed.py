"""The cells of a matrix: of what is counted over time from history, of states as they were read."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dashboard.catalogue.indicators import FLOWS, Fact, Indicator
from dashboard.catalogue.pages import Panel
from dashboard.formats import moment, number
from dashboard.judge import COMPARE
from dashboard.measures import JOINT
from dashboard.ports import Series
from dashboard.readings import parse_instant
from dashboard.samples import FEW, RATES
from layouts.panels.needs import Answers
from layouts.panels.split import Cell
from layouts.view import View

Place = tuple[str, str]
"""The code of a row and that of a column."""


@dataclass(frozen=True)
class Crossed:
    """One indicator by two dimensions. `words` are what is stated in a cell, of facts."""

    key: str
    indicator: Indicator
    rows: str
    columns: str
    cells: Mapping[Place, Cell]
    words: Mapping[Place, str]
    read_at: str = ""

    def few(self, place: Place) -> bool:
        """Whether a rate rests on too few rows to be judged."""
        cell = self.cells[place]
        limits = [FEW, *(limit.min_n for limit in self.indicator.limits)]
        return self.indicator.measure.kind in RATES and (cell.n or 0) < max(limits)

    def say(self, view: View, place: Place) -> str:
        """What stands in a cell."""
        if place in self.words:
            return self.words[place]
        return number(self.cells[place].value, self.indicator.decimals, view.language)


def crossed_of(view: View, panel: Panel, answers: Answers) -> Crossed | None:
    """The cells of a panel: of flows from its one answer, of states as the collector read them."""
    key = panel.indicators[0]
    indicator = view.catalogue.indicator(key)
    rows, columns = panel.by or "", panel.across or ""
    if indicator is None:
        return None
    if indicator.measure.kind in FLOWS:
        series = next((a for a in answers.series.values() if isinstance(a, Series)), None)
        found = _from_series(panel, indicator, series, rows) if series is not None else {}
        return Crossed(key, indicator, rows, columns, found, {})
    entry = view.sections.get("lists", {}).get(f"{key}|{rows},{columns}")
    return _from_list(view, key, indicator, (rows, columns), entry) if entry else None


def _from_series(
    panel: Panel, indicator: Indicator, series: Series, rows: str
) -> dict[Place, Cell]:
    turned = series.request.by.split(",")[0] != rows
    found: dict[Place, Cell] = {}
    for point in series.points:
        codes = point.code.split(JOINT)
        if point.value is None or len(codes) != 2:
            continue
        first, second = reversed(codes) if turned else codes
        same = panel.window in (None, indicator.window)
        level = _level(indicator, float(point.value), point.n, same_window=same)
        found[first, second] = Cell(point.value, point.n, level)
    return found


def _level(indicator: Indicator, value: float, n: int | None, *, same_window: bool) -> str:
    """By the fixed limits: those of rates hold for any part, those of counts where they are meant
    for each part of the same window."""
    rate = indicator.measure.kind in RATES
    holds = {
        limit.level
        for limit in indicator.limits
        if limit.against is None
        and (rate or (limit.each and same_window))
        and (n is None or n >= limit.min_n)
        and COMPARE[limit.op](value, limit.value)
    }
    return "alarm" if "alarm" in holds else "warning" if holds else "normal"


def _from_list(
    view: View, key: str, indicator: Indicator, pair: Place, entry: Mapping[str, Any]
) -> Crossed:
    measure = indicator.measure
    cells: dict[Place, Cell] = {}
    words: dict[Place, str] = {}
    for first, second, value, n, text in entry["cells"]:
        place = first, second
        if isinstance(measure, Fact):
            stated = measure.values.get(text or "")
            words[place] = view.say(stated) if stated else text or ""
            cells[place] = Cell(None, n, measure.levels.get(text or "", "normal"))
        elif value is not None:
            cells[place] = Cell(value, n, _level(indicator, value, n, same_window=True))
    read_at = moment(parse_instant(entry["at"]), view.now, view.zone, view.language)
    return Crossed(key, indicator, *pair, cells, words, read_at)
