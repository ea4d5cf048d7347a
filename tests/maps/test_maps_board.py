"""The board of the map: what a browser is told, in one language, and what a panel leads to."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from maps_ground import ROOT
from pydantic import ValidationError

from dashboard.access import EVERYTHING, Person
from dashboard.catalogue import Catalogue
from dashboard.catalogue.check import AnyValue
from dashboard.catalogue.layers import Layer
from dashboard.catalogue.load import load
from dashboard.catalogue.pages import Panel
from dashboard.geography.sampling import classes_of
from dashboard.text import LANGUAGES, Language
from data_access.geography import load_geography
from layouts.pages.city_map import render_map as render_page
from layouts.pages.wall import render_wall
from layouts.panels.city_map import render_map as render_panel
from layouts.view import View

NOW = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def shipped() -> Catalogue:
    return load(Path(ROOT / "catalog"), AnyValue())


def view_of(catalogue: Catalogue, language: Language = "zh", **params: str) -> View:
    return View(
        catalogue,
        {},
        Person("tester", None, EVERYTHING),
        language,
        "light",
        NOW,
        ZoneInfo("Asia/Shanghai"),
        path="/map",
        params=params,
        geography=load_geography(),
    )


def config_of(component: Any) -> dict[str, Any]:
    """What the browser is told, wherever it stands in a tree of components."""
    for one in (component, *component._traverse()):
        told = getattr(one, "data-map", None)
        if told is not None:
            found: dict[str, Any] = json.loads(told)
            return found
    raise AssertionError("no map")


def test_the_page_draws_what_is_on_the_uppermost_first(shipped: Catalogue) -> None:
    config = config_of(render_page(view_of(shipped)))
    on = [layer for layer in shipped.layers.values() if layer.on]
    assert config["shown"] == [one.key for one in sorted(on, key=lambda one: -one.order)]
    assert set(config["layers"]) == set(shipped.layers)
    assert config["area"] is None


def test_an_address_says_layers_their_order_and_the_areas(shipped: Catalogue) -> None:
    asked = {"layers": "roads,buses,nothing", "area": "transit.signal_online_rate:town"}
    config = config_of(render_page(view_of(shipped, **asked)))
    assert config["shown"] == ["roads", "buses"]
    assert (config["area"]["indicator"], config["area"]["areas"]) == (
        "transit.signal_online_rate",
        "towns",
    )
    none = config_of(render_page(view_of(shipped, layers="", area="transit.no:town")))
    assert (none["shown"], none["area"]) == ([], None)


def test_codes_and_classes_are_said_in_the_language_of_the_page(shipped: Catalogue) -> None:
    english = config_of(render_page(view_of(shipped, "en")))
    incidents = english["layers"]["incidents"]
    assert incidents["labels"]["fire"] == "Fire"
    assert [one["title"] for one in incidents["classes"]] == [
        "Ordinary",
        "Serious",
        "Major or worse",
    ]
    said = json.dumps(english["layers"]["air_stations"], ensure_ascii=False)
    assert "优" not in said
    assert english["layers"]["air_stations"]["grades"][0]["colour"] == "#00E400"


def test_buses_are_named_by_the_form_of_their_line(shipped: Catalogue) -> None:
    config = {
        language: config_of(render_page(view_of(shipped, language)))["layers"]["buses"]
        for language in LANGUAGES
    }
    assert config["en"]["like"] == ["(.+)路", "Bus {}"]
    assert config["zh"]["like"] == ["(.+)路", "{}路"]


def test_no_private_column_is_among_what_a_layer_draws(shipped: Catalogue) -> None:
    for layer in shipped.layers.values():
        if layer.dataset is None:
            continue
        department, _, name = layer.dataset.partition(".")
        private = set(shipped.departments[department].datasets[name].private)
        assert not private & {layer.label, layer.value}, layer.key


def test_a_panel_is_a_small_map_that_leads_to_the_whole(shipped: Catalogue) -> None:
    panel = Panel.model_validate(
        {
            "kind": "map",
            "indicators": ["transit.signal_online_rate"],
            "by": "district",
            "layers": ["buses", "gone"],
        }
    )
    board = render_panel(view_of(shipped), panel)
    config = config_of(board)
    assert config["shown"] == ["buses"]
    assert config["area"]["areas"] == "districts"
    assert not config["whole"]
    assert "/map" in [getattr(one, "href", None) for one in board._traverse()]


def test_layers_go_with_a_map_alone() -> None:
    with pytest.raises(ValidationError, match="kind map"):
        Panel.model_validate({"kind": "trend", "indicators": ["a.b"], "layers": ["x"]})


def test_no_two_layers_of_points_share_their_sign(shipped: Catalogue) -> None:
    drawn = [one for one in shipped.layers.values() if one.kind != "lines" and not _areas(one)]
    looks = [(one.key, shape) for one in drawn for shape in _shapes(one)]
    seen: dict[tuple[str, bool], str] = {}
    for key, look in looks:
        assert seen.setdefault(look, key) == key, f"{key} has the sign of {seen[look]}"


def _areas(layer: Layer) -> bool:
    return layer.kind == "indicator" and not layer.places


def _shapes(layer: Layer) -> set[tuple[str, bool]]:
    """The shapes of a layer's signs, and whether they are hollow."""
    return {(one.shape or layer.shape, one.ink == "off") for one in classes_of(layer)}


def test_what_moves_lies_under_what_stands(shipped: Catalogue) -> None:
    moving = [one.order for one in shipped.layers.values() if one.moves]
    standing = [one.order for one in shipped.layers.values() if one.kind == "points" and not one.moves]  # fmt: skip
    assert max(moving) < min(standing)


def test_a_wall_shows_the_map_of_its_own_numbers_without_any(shipped: Catalogue) -> None:
    wall = render_wall(view_of(shipped), "duty")
    config = config_of(wall)
    screen = shipped.screens["duty"]
    assert config["wall"]
    assert not config["whole"]
    assert config["shown"] == screen.layers
    assert (config["area"]["indicator"], config["area"]["by"]) == (screen.multiples, "district")
    assert "/map" not in [getattr(one, "href", None) for one in wall._traverse()]
    none = replace(shipped, layers={})
    assert not [one for one in render_wall(view_of(none), "duty")._traverse() if getattr(one, "data-map", None)]  # fmt: skip
