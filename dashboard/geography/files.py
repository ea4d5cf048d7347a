"""The files that the map is drawn from, checked: what each must hold, and every mistake by name."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from dashboard.geography.positions import Polygon

NAMES = ("city", "districts", "towns", "water", "roads")
AREAS = ("city", "districts", "towns")
"""Files of areas; the others hold lines."""
_AREA_KINDS, _LINE_KINDS = ("Polygon", "MultiPolygon"), ("LineString", "MultiLineString")
_CHINA = ((73.0, 136.0), (3.0, 54.0))
"""Longitudes and latitudes between which a city of China lies."""
_MOST_TOLD = 5


class BadLayer(ValueError):
    """Files that cannot be used; the message names each mistake in a line."""


@dataclass(frozen=True)
class GeoFile:
    """One file as it is sent to browsers, and what it says of itself."""

    name: str
    body: bytes = field(repr=False)
    document: Mapping[str, Any] = field(repr=False)

    @property
    def etag(self) -> str:
        """Names this content."""
        return hashlib.sha256(self.body).hexdigest()[:16]

    @property
    def schematic(self) -> bool:
        """Whether it is a drawing that must be called 示意 wherever it is shown."""
        return bool(self.document.get("schematic"))

    @property
    def provenance(self) -> Mapping[str, str]:
        """Where it comes from, in both languages."""
        found: Mapping[str, str] = self.document["provenance"]
        return found

    @property
    def features(self) -> Sequence[Mapping[str, Any]]:
        """Its features as they stand in the file."""
        found: Sequence[Mapping[str, Any]] = self.document["features"]
        return found


@dataclass(frozen=True)
class Geography:
    """All files by name. `outline` is the city's, beside which positions are judged."""

    files: Mapping[str, GeoFile]

    @property
    def outline(self) -> list[Polygon]:
        """The city as polygons."""
        return [
            polygon for one in self.files["city"].features for polygon in polygons(one["geometry"])
        ]

    @property
    def version(self) -> str:
        """Names the content of all files."""
        return hashlib.sha256("".join(f.etag for f in self.files.values()).encode()).hexdigest()[:8]


def polygons(geometry: Mapping[str, Any]) -> list[Polygon]:
    """The polygons of an area."""
    found: Any = geometry["coordinates"]
    return [found] if geometry["type"] == "Polygon" else list(found)


def mistakes(name: str, document: object) -> list[str]:
    """Everything wrong with a file, one line each: what was found and what is expected."""
    if not isinstance(document, dict) or document.get("type") != "FeatureCollection":
        return [f"{name}.geojson: expected a GeoJSON FeatureCollection"]
    found = list(_head_mistakes(name, document))
    features = document.get("features")
    if not isinstance(features, list) or not features:
        return [*found, f"{name}.geojson: no features, expected at least one"]
    codes: set[str] = set()
    for index, feature in enumerate(features):
        for said in _feature_mistakes(name, feature, codes):
            found.append(f"{name}.geojson: feature {index + 1}: {said}")
    more = len(found) - _MOST_TOLD
    return [*found[:_MOST_TOLD], *([f"{name}.geojson: {more} more"] if more > 0 else [])]


def _head_mistakes(name: str, document: Mapping[str, Any]) -> Iterator[str]:
    told = document.get("provenance")
    if not isinstance(told, dict) or not all(isinstance(told.get(x), str) for x in ("zh", "en")):
        yield f"{name}.geojson: no provenance, expected a member {{zh, en}} that says whose layer it is"
    crs = document.get("crs")
    if crs is not None and "CRS84" not in str(crs) and "4326" not in str(crs):
        yield f"{name}.geojson: found crs {crs!r}, expected WGS-84 (longitude, latitude)"


def _feature_mistakes(name: str, feature: object, codes: set[str]) -> Iterator[str]:
    if not isinstance(feature, dict):
        yield f"found {feature!r}, expected a Feature"
        return
    properties, geometry = feature.get("properties") or {}, feature.get("geometry") or {}
    code = properties.get("code")
    if not isinstance(code, str) or not code:
        yield f"found code {code!r}, expected the text of a code in properties.code"
    elif code in codes:
        yield f"code {code!r} again, expected each code once"
    else:
        codes.add(code)
    title = properties.get("name")
    if not isinstance(title, dict) or not all(isinstance(title.get(x), str) for x in ("zh", "en")):
        yield f"found name {title!r}, expected {{zh, en}} in properties.name"
    kinds = _AREA_KINDS if name in AREAS else _LINE_KINDS
    if geometry.get("type") not in kinds:
        yield f"found geometry {geometry.get('type')!r}, expected {' or '.join(kinds)}"
        return
    yield from _place_mistakes(geometry)


def _place_mistakes(geometry: Mapping[str, Any]) -> Iterator[str]:
    for line in _lines(geometry.get("coordinates"), _DEPTHS[geometry["type"]]):
        for point in line:
            if not _is_place(point):
                yield (
                    f"found position {point!r}, expected [longitude, latitude] in WGS-84 degrees"
                    " within China (are they swapped, or of a projected grid?)"
                )
                return
        if geometry["type"] in _AREA_KINDS and (len(line) < 4 or line[0] != line[-1]):
            yield "found a ring that does not end where it begins, expected closed rings"
            return


_DEPTHS = {"LineString": 0, "MultiLineString": 1, "Polygon": 1, "MultiPolygon": 2}
"""How deep the lines of a geometry lie in its coordinates."""


def _lines(coordinates: object, depth: int) -> Iterator[list[Any]]:
    if not isinstance(coordinates, list):
        yield [coordinates]
    elif depth == 0:
        yield coordinates
    else:
        for each in coordinates:
            yield from _lines(each, depth - 1)


def _is_place(point: object) -> bool:
    if not isinstance(point, list) or len(point) < 2:
        return False
    return all(
        isinstance(value, int | float) and low <= value <= high
        for value, (low, high) in zip(point[:2], _CHINA, strict=True)
    )
