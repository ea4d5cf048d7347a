"""What the map is drawn from: its files, the points of a layer, the parts of an indicator."""

import gzip
import hashlib
from collections.abc import Awaitable, Mapping
from typing import Any

import orjson
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response

from callbacks.answers import (
    BAD_QUESTION,
    JSON,
    exact,
    json_answer,
    mistake,
    unanswered,
)
from callbacks.guard import guarded_route
from callbacks.keyed import about_indicator
from callbacks.questions import find_indicator
from callbacks.services import Services
from callbacks.views import cut, seen_catalogue
from dashboard.access import Person, authorise, may
from dashboard.geography.files import NAMES
from dashboard.geography.parts import is_kept, parts_of_series, request_of, said_parts
from dashboard.geography.sampling import class_look, classed_of, classes_of
from dashboard.judge import Circumstances
from dashboard.ports import Unreachable
from dashboard.series.subject import check_split
from dashboard.text import Text

NO_LAYER = Text(zh="没有这个图层", en="There is no such layer")
NOT_YET = Text(zh="图层尚未读取", en="The layer has not been read yet")
GEO = "application/geo+json"
NAMELESS = "-nameless"
"""Added to the version of points whose ids are blank."""
_TOLD = ("state", "as_of", "late_after", "stale_after", "reason", "n")
"""What of a reading is said with its parts."""
_MOST_KEPT = 128


class Packed:
    """Bodies as they are sent, compressed once for all viewers."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[str, bytes]] = {}

    async def answer(
        self, services: Services, request: Request, name: str, tag: str, body: bytes, kind: str
    ) -> Response:
        """The body compressed, or that the browser has it already."""
        headers = {"etag": f'"{tag}"', "cache-control": "no-cache", "vary": "accept-encoding"}
        if request.headers.get("if-none-match") == headers["etag"]:
            return Response(None, 304, headers)
        if "gzip" not in request.headers.get("accept-encoding", ""):
            return Response(body, 200, headers, media_type=kind)
        kept = self._kept.get(name)
        if kept is None or kept[0] != tag:
            kept = tag, await services.in_files(gzip.compress, body, 5)
            if len(self._kept) < _MOST_KEPT or name in self._kept:
                self._kept[name] = kept
        return Response(kept[1], 200, headers | {"content-encoding": "gzip"}, media_type=kind)


async def _on_layers(services: Services, person: Person, _: Request) -> Response:
    """The layers that the person may see, with their classes and how many things each draws now."""
    told = cut(services, person).get("layers", {})
    return json_answer(
        [
            {
                "key": layer.key,
                "title": layer.title.model_dump(),
                "kind": layer.kind,
                "department": layer.department,
                "dataset": layer.dataset,
                "indicator": layer.indicator,
                "by": layer.by,
                "classed": classed_of(layer),
                "classes": [
                    class_look(one) | {"title": one.title.model_dump()} for one in classes_of(layer)
                ],
                "now": told.get(f"{layer.department}.{layer.key}"),
            }
            for layer in seen_catalogue(services, person).layers.values()
        ]
    )


async def points_of(services: Services, person: Person, key: str) -> tuple[str, bytes] | None:
    """A layer's newest version and body, its ids blank for who may not see rows, whose keys they
    are; None where none was published.

    Raises KeyError where there is no such layer, Refused, and Unreachable.
    """
    layer = services.catalogue.layers[key]
    authorise(person, "see", layer.department)
    place = f"{layer.department}.{layer.key}"
    told = services.live.sections().get("layers", {}).get(place)
    if told is None:
        return None
    version = str(told["version"])
    body = await services.shelf.points(place, version)
    if body is None or may(person, "rows", layer.department):
        return None if body is None else (version, body)
    return version + NAMELESS, await services.in_files(_without_ids, body)


def _without_ids(body: bytes) -> bytes:
    """A layer's body with a blank in place of every id."""
    found: dict[str, Any] = orjson.loads(body)
    aside = [one | {"id": ""} for one in found.get("aside", [])]
    return orjson.dumps(found | {"id": [""] * len(found["id"]), "aside": aside})


async def values_of(services: Services, person: Person, key: str, by: str) -> dict[str, Any]:
    """Every part of an indicator by one of its splits, with the reading's state and age.

    No department is asked. Raises NoIndicator, Refused, Unreachable, and ValueError for a split
    that is not there or could only be had from the department.
    """
    indicator = find_indicator(services.catalogue, person, key)
    check_split(indicator, by)
    reading = cut(services, person).get("readings", {}).get(key, {})
    parts: Mapping[str, Any] = {}
    if reading.get("parts_by") == by or by == indicator.live_by:
        found: Any = reading.get("parts") or {}
        parts = found
    elif not is_kept(indicator, by):
        raise ValueError(
            f"found split {by!r}, expected {indicator.live_by!r}: others are asked for"
        )
    else:
        now = services.clock()
        request = request_of(services.catalogue, key, indicator, by, now)
        series = await services.answer(request, person)
        circumstances = Circumstances(now, services.settings.zone, services.catalogue.version)
        parts = parts_of_series(indicator, series, circumstances)
    told = {name: reading.get(name) for name in _TOLD}
    said = said_parts(services.catalogue, key, by, parts)
    return {"key": key, "by": by, "value": reading.get("value"), **told, "parts": said}


async def _packed_or_busy(packing: Awaitable[Response]) -> Response:
    """A body, or 503 where too many files are being made."""
    try:
        return await packing
    except Unreachable as error:
        return unanswered(error)


class MapRoutes:
    """The routes that send bodies, with what is kept of them."""

    def __init__(self) -> None:
        self._packed = Packed()

    async def on_file(self, services: Services, _: Person, request: Request) -> Response:
        """One of the map's files."""
        name = request.path_params["name"]
        found = services.geography.files.get(name)
        if found is None:
            return mistake(404, BAD_QUESTION, found=name, expected=f"one of {', '.join(NAMES)}")
        packing = self._packed.answer(services, request, f"/{name}", found.etag, found.body, GEO)
        return await _packed_or_busy(packing)

    async def on_points(self, services: Services, person: Person, request: Request) -> Response:
        """The points of a layer."""
        key = request.path_params["layer"]
        try:
            found = await points_of(services, person, key)
        except KeyError:
            known = list(seen_catalogue(services, person).layers)
            return mistake(404, NO_LAYER, found=key, expected=f"one of {', '.join(known)}")
        except Unreachable as error:
            return unanswered(error)
        if found is None:
            return mistake(503, NOT_YET, found=key)
        # Kept apart by what they hold, so that viewers of both kinds share what is compressed.
        name = key + NAMELESS if found[0].endswith(NAMELESS) else key
        return await _packed_or_busy(self._packed.answer(services, request, name, *found, JSON))

    async def on_values(self, services: Services, person: Person, request: Request) -> Response:
        """The parts of an indicator."""
        key, by = request.path_params["key"], request.query_params.get("by", "")
        made = await values_of(services, person, key, by)
        body = orjson.dumps(made, default=exact)
        tag = hashlib.blake2b(body, digest_size=8).hexdigest()
        return await self._packed.answer(services, request, f"{key}?{by}", tag, body, JSON)


def register(server: Starlette, services: Services) -> None:
    """Register the routes."""
    routes = MapRoutes()
    for path, route in (
        ("/api/map/layers", _on_layers),
        ("/api/map/files/{name}.geojson", routes.on_file),
        ("/api/map/points/{layer}", routes.on_points),
        ("/api/map/values/{key}", about_indicator(routes.on_values)),
    ):
        guarded_route(server, services, path)(route)
