"""A panel of the map: an indicator's areas and some layers, which leads on to the whole map."""

from dash import html

from dashboard.catalogue.pages import Panel
from dashboard.geography.parts import AreaSplit, area_splits
from layouts.map_board import render_board
from layouts.view import View


def render_map(view: View, panel: Panel) -> html.Div:
    """The map of a panel: its first indicator by its split, towns where it names none, and its
    layers as far as they may be seen."""
    layers = [view.catalogue.layers[key] for key in panel.layers if key in view.catalogue.layers]
    return render_board(
        view,
        view.geography,
        layers,
        area=area_of(view, panel),
        shown=[layer.key for layer in layers],
    )


def area_of(view: View, panel: Panel) -> AreaSplit | None:
    """The areas that a panel colours; None where its indicator has none."""
    key = panel.indicators[0]
    splits = [split for split in area_splits(view.catalogue) if split.key == key]
    return next((split for split in splits if panel.by in (None, split.by)), None)
