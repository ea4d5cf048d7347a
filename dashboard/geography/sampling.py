"""A layer's rows made into what is drawn: placed, classed, and what cannot be placed set aside."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import orjson

from dashboard.catalogue.layers import Class, Layer
from dashboard.geography.files import Geography
from dashboard.geography.positions import Position, inside, wgs84_of
from dashboard.ports.values import MapRow, MapRows

Astray = Literal["missing", "zero", "swapped", "outside", "unknown"]
"""Why a row is not drawn: no position, 0,0, latitude and longitude swapped, outside the city, or a
place or line that nobody knows."""
LISTED = 200
"""Rows set aside that are listed; all are counted."""
SCALE = 100_000
"""Positions are whole numbers of 1e-5 degrees, about a metre."""


@dataclass(frozen=True)
class Sampled:
    """A layer at a moment: `counts` for every screen, `body` for whoever draws it."""

    counts: Mapping[str, Any]
    body: Mapping[str, Any] = field(repr=False)

    @property
    def version(self) -> str:
        """Names the content."""
        return str(self.body["version"])


@dataclass(frozen=True)
class Ground:
    """The city as positions are judged by it."""

    within: Callable[[Position], bool]
    seats: Mapping[str, Position]
    lines: frozenset[str]


def ground_of(geography: Geography) -> Ground:
    """The outline, seats and lines of the map's files. A seat is stated, else the middle of an area."""
    outline = geography.outline
    seats = {}
    for name in ("districts", "towns"):
        for one in geography.files[name].features:
            seats[str(one["properties"]["code"])] = _seat(one)
    lines = frozenset(
        str(one["properties"]["code"])
        for name in ("water", "roads")
        for one in geography.files[name].features
    )
    return Ground(lambda position: inside(position, outline), seats, lines)


def _seat(feature: Mapping[str, Any]) -> Position:
    seat = feature["properties"].get("seat")
    if seat is not None:
        return float(seat[0]), float(seat[1])
    geometry = feature["geometry"]
    found: Any = geometry["coordinates"]
    ring = found[0] if geometry["type"] == "Polygon" else found[0][0]
    return sum(p[0] for p in ring) / len(ring), sum(p[1] for p in ring) / len(ring)


def sample(layer: Layer, found: MapRows, ground: Ground) -> Sampled:
    """Rows as columns of equal length: `id`, `label`, `value`, `class`, and `lon` and `lat` or `line`.

    Each thing is drawn in its class; `classed` names the classes that its places are of; `aside`
    lists what is not drawn, and why.
    """
    kept: list[tuple[MapRow, Position | str]] = []
    aside: list[tuple[MapRow, Astray]] = []
    for row in found.rows:
        place = _line(layer, row, ground) if layer.kind == "lines" else _placed(layer, row, ground)
        if place in _REASONS:
            aside.append((row, place))  # type: ignore[arg-type]  # one of Astray
        else:
            kept.append((row, place))
    classes = [class_of(layer, row) for row, _ in kept]
    listed = {"classed": classed_of(layer), "aside": [*_listed(aside[:LISTED])]}
    body = _columns(layer, kept, classes) | listed
    head = {
        "n": len(found.rows),
        "drawn": len(kept),
        "more": found.more,
        "classes": [Counter(classes).get(index, 0) for index in range(len(classes_of(layer)))],
        "aside": dict(Counter(why for _, why in aside)),
    }
    version = hashlib.blake2b(orjson.dumps([head, body]), digest_size=6).hexdigest()
    return Sampled(head | {"version": version}, body | {"version": version})


_REASONS = ("missing", "zero", "swapped", "outside", "unknown")


def _columns(
    layer: Layer, kept: Sequence[tuple[MapRow, Position | str]], classes: list[int]
) -> dict[str, Any]:
    columns: dict[str, Any] = {
        "id": [row.id for row, _ in kept],
        "label": [row.label for row, _ in kept],
        "value": [number_of(row.value) for row, _ in kept],
        "class": classes,
    }
    if layer.kind == "lines":
        return columns | {"line": [place for _, place in kept]}
    positions = [place for _, place in kept if not isinstance(place, str)]
    return columns | {
        "lon": [round(place[0] * SCALE) for place in positions],
        "lat": [round(place[1] * SCALE) for place in positions],
    }


def _listed(aside: Sequence[tuple[MapRow, Astray]]) -> Iterator[dict[str, Any]]:
    for row, why in aside:
        yield {
            "id": row.id,
            "label": row.label,
            "why": why,
            "lat": None if row.north is None else str(row.north),
            "lon": None if row.east is None else str(row.east),
        }


def _line(layer: Layer, row: MapRow, ground: Ground) -> str:
    code = layer.lines.get(row.code or "")
    return code if code is not None and code in ground.lines else "unknown"


def _placed(layer: Layer, row: MapRow, ground: Ground) -> Position | Astray:
    if layer.position is not None and layer.position.by is not None:
        stated = layer.places.get(row.code or "")
        seat = (stated[1], stated[0]) if stated is not None else ground.seats.get(row.code or "")
        return seat if seat is not None else "unknown"
    return place_of(row.east, row.north, layer, ground)


def place_of(east: Any, north: Any, layer: Layer, ground: Ground) -> Position | Astray:
    """Where two columns say that something is, in WGS-84, or why it cannot be there."""
    longitude, latitude = number_of(east), number_of(north)
    if longitude is None or latitude is None:
        return "missing"
    if abs(longitude) < 0.01 and abs(latitude) < 0.01:
        return "zero"
    convert = layer.position is not None and layer.position.crs == "gcj02"
    if abs(latitude) > 90 or not ground.within(_in_wgs84(longitude, latitude, convert)):
        turned = abs(longitude) <= 90 and ground.within(_in_wgs84(latitude, longitude, convert))
        return "swapped" if turned else "outside"
    return _in_wgs84(longitude, latitude, convert)


def _in_wgs84(longitude: float, latitude: float, convert: bool) -> Position:
    return wgs84_of(longitude, latitude) if convert else (longitude, latitude)


def number_of(raw: Any) -> float | None:
    """A column as a number; None for none, and for text such as `—`."""
    if raw is None or isinstance(raw, bool):
        return None
    try:
        found = float(raw)
    except (TypeError, ValueError):
        return None
    return found if found == found and abs(found) != float("inf") else None


def classes_of(layer: Layer) -> Sequence[Class]:
    """The classes of a layer's legend; a single one where all are alike."""
    if layer.colour is not None:
        return layer.colour.classes
    return (Class(title=layer.title, ink=layer.ink),)


def class_look(one: Class) -> dict[str, Any]:
    """How a browser draws a class, beside what it is called."""
    return {"ink": one.ink, "colour": one.colour, "shape": one.shape}


def classed_of(layer: Layer) -> str:
    """Names the content of a layer's classes, so that a place among them is read by no others."""
    told = [one.model_dump(mode="json") for one in classes_of(layer)]
    return hashlib.blake2b(orjson.dumps(told), digest_size=6).hexdigest()


def class_of(layer: Layer, row: MapRow) -> int:
    """The place of a row's class in the legend; that of the last one where none fits."""
    colour = layer.colour
    if colour is None:
        return 0
    text = "" if row.decides is None else str(row.decides).strip()
    number = number_of(row.decides)
    if colour.limit is not None:
        limit = number_of(row.limit)
        number = number / limit if number is not None and limit else None
    for index, one in enumerate(colour.classes):
        if one.values is not None and text in {_text(value) for value in one.values}:
            return index
        if number is not None and _reaches(one, number):
            return index
    return len(colour.classes) - 1


def _reaches(one: Class, number: float) -> bool:
    if one.upto is not None:
        return number <= one.upto
    return one.below is not None and number < one.below


def _text(value: object) -> str:
    return str(int(value)) if isinstance(value, bool) else str(value)
