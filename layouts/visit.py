"""Pages as guests of a room see them (`?visit=1`, asked for by a stage in a visit): with real numbers,
without what waits to be done and without what sets districts or towns against each other."""

from dashboard.catalogue.pages import Panel, PanelKind
from dashboard.geography.parts import areas_of
from layouts.panels.needs import split_of
from layouts.view import View

RANKING: tuple[PanelKind, ...] = ("ranked", "table", "matrix")
"""Kinds that put the worst first. Small trends in the order of the catalogue, maps, and levels that
people have set rank nobody."""


def is_visit(view: View) -> bool:
    """Whether guests see the page."""
    return view.params.get("visit") == "1"


def is_left_out(view: View, panel: Panel) -> bool:
    """Whether a panel is not for guests: it ranks districts or towns."""
    if not is_visit(view) or panel.kind not in RANKING:
        return False
    return any(_ranks_areas(view, panel, key) for key in panel.indicators)


def _ranks_areas(view: View, panel: Panel, key: str) -> bool:
    indicator = view.catalogue.indicator(key)
    if indicator is None or indicator.measure.kind == "fact":
        return False
    splits = (split_of(panel, view.catalogue, key), panel.across or "")
    return any(by and areas_of(view.catalogue, key, by) for by in splits)
