"""What is chosen on the map: its record, asked of the department as rows are, and what is near by."""

from collections.abc import Mapping, Sequence
from typing import Any

from dash import Dash, Input, Output, State, no_update
from dash.development.base_component import Component

from callbacks.guard import guarded_callback
from callbacks.map_values import points_of, values_of
from callbacks.record import answer_record
from callbacks.services import Services
from callbacks.views import build_view
from dashboard import ids
from dashboard.access import Person, may
from dashboard.catalogue.layers import Layer
from dashboard.geography.near import Near, nearest
from dashboard.geography.parts import area_splits
from dashboard.geography.positions import Position
from dashboard.geography.sampling import classed_of
from dashboard.ports import Unreachable
from dashboard.records import joined_key, split_key
from layouts.pages.city_map import render_card, render_part_card
from layouts.view import View

Chosen = Mapping[str, Any]


async def card_of(
    services: Services, person: Person, chosen: Chosen, language: str | None
) -> list[Component] | Any:
    """The card of what a browser says was chosen; nothing of that is believed but names."""
    view = build_view(services, person, language=language)
    if isinstance(chosen.get("code"), str):
        return await _part_card(services, person, view, chosen)
    layer = view.catalogue.layers.get(str(chosen.get("layer")))
    if layer is None or layer.dataset is None:
        return no_update
    id, label = str(chosen.get("id") or ""), str(chosen.get("label") or "")
    rows: list[Component] = []
    if id and may(person, "rows", layer.department):
        key = joined_key(split_key(id))
        rows = await answer_record(services, person, layer.dataset, key, language)
    near = await near_of(services, person, view, layer, place_of(chosen))
    return render_card(view, layer, id, label, rows, near)


async def _part_card(
    services: Services, person: Person, view: View, chosen: Chosen
) -> list[Component] | Any:
    split = split_of(view, chosen)
    indicator = view.catalogue.indicator(split[0]) if split is not None else None
    if split is None or indicator is None:
        return no_update
    key, by, _ = split
    try:
        told = await values_of(services, person, key, by)
    except (Unreachable, ValueError):
        told = {"state": "unavailable"}  # The card says so, and where to look.
    return render_part_card(view, view.say(indicator.title), split, told)


def split_of(view: View, chosen: Chosen) -> tuple[str, str, str] | None:
    """The indicator, its split and the code that were chosen; None for what may not be drawn."""
    code, layer = str(chosen["code"]), view.catalogue.layers.get(str(chosen.get("layer")))
    if layer is not None and layer.indicator is not None and layer.by is not None:
        return layer.indicator, layer.by, code
    asked = str(chosen.get("indicator")), str(chosen.get("by"))
    split = next((s for s in area_splits(view.catalogue) if (s.key, s.by) == asked), None)
    return (split.key, split.by, code) if split is not None else None


def place_of(chosen: Chosen) -> Position | None:
    """Where something chosen is, as the browser drew it."""
    east, north = chosen.get("lon"), chosen.get("lat")
    if isinstance(east, int | float) and isinstance(north, int | float):
        return float(east), float(north)
    return None


async def near_of(
    services: Services, person: Person, view: View, layer: Layer, place: Position | None
) -> Sequence[tuple[Layer, Sequence[Near]]]:
    """What the layer wants shown with a chosen thing, of the layers that the person may see."""
    found: list[tuple[Layer, Sequence[Near]]] = []
    for name in layer.nearest if place is not None else ():
        other = view.catalogue.layers.get(name)
        if other is None or other.kind != "points" or place is None:
            continue
        try:
            points = await points_of(services, person, name)
        except Unreachable:
            continue
        if points is not None:
            told = await services.in_files(nearest, points[1], place, classed_of(other))
            found.append((other, told))
    return found


async def _on_chosen(
    services: Services, person: Person, chosen: Chosen | None, language: str | None
) -> list[Component] | Any:
    """Show the card of what was chosen."""
    return no_update if not chosen else await card_of(services, person, chosen, language)


def register(app: Dash, services: Services) -> None:
    """Register the callback of the map on the app."""
    guarded_callback(
        app,
        services,
        Output(ids.MAP_CARD, "children"),
        Input(ids.MAP_CHOSEN, "data"),
        State(ids.LANGUAGE, "data"),
    )(_on_chosen)
