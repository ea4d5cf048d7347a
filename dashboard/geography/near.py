"""What of a layer is nearest to a place."""

import heapq
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from dashboard.geography.positions import Position, metres
from dashboard.geography.sampling import SCALE

NEAREST = 10


@dataclass(frozen=True)
class Near:
    """A thing of a layer: its id, label and class, and how far it is in metres. The class is None
    where the things were put into other classes than the layer's."""

    id: str
    label: str
    place: int | None
    distance: float


def nearest(body: bytes, place: Position, classed: str, count: int = NEAREST) -> list[Near]:
    """The things of a layer's points that are nearest to a place, nearest first; `classed` names the
    classes of the layer as it is."""
    found: Mapping[str, Any] = orjson.loads(body)
    known = found.get("classed") == classed
    east, north = round(place[0] * SCALE), round(place[1] * SCALE)
    # Squares of degrees order as distances do, once a degree of longitude is as short as it is here.
    shrink = 0.847  # cos² of 23° north
    away = (
        (shrink * (lon - east) ** 2 + (lat - north) ** 2, index)
        for index, (lon, lat) in enumerate(zip(found["lon"], found["lat"], strict=True))
    )
    return [
        Near(
            found["id"][index],
            str(found["label"][index] or found["id"][index]),
            int(found["class"][index]) if known else None,
            metres(place, (found["lon"][index] / SCALE, found["lat"][index] / SCALE)),
        )
        for _, index in heapq.nsmallest(count, away)
    ]
