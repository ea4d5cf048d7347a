"""Layers and rows for tests of the map."""

from pathlib import Path
from typing import Any

from dashboard.catalogue.layers import Layer
from dashboard.geography.sampling import Ground, ground_of
from dashboard.ports import MapRow
from data_access.geography import load_geography

ROOT = Path(__file__).parents[2]
WORDS = {"zh": "试", "en": "test"}


def ground() -> Ground:
    """The city as it ships."""
    return ground_of(load_geography())


def layer(**more: Any) -> Layer:
    """A layer of points with a position in two columns."""
    plain = {
        "key": "things",
        "title": WORDS,
        "kind": "points",
        "dataset": "town.things",
        "position": {"lat": "lat", "lon": "lon"},
    }
    return Layer.model_validate(plain | more)


def row(id: str = "1", **more: Any) -> MapRow:
    """A row in the middle of Chancheng."""
    plain = {"east": 113.11, "north": 23.02, "code": None, "decides": None, "limit": None}
    return MapRow(**({"id": id, "label": None, "value": None} | plain | more))
