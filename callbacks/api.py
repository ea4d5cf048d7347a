"""The JSON interface: indicators, readings and series, for other programs."""

import re
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response

from callbacks.answers import bad_question, json_answer
from callbacks.guard import guarded_route
from callbacks.keyed import about_indicator, is_listed
from callbacks.questions import (
    Question,
    answer,
    ask,
    find_indicator,
    usual,
)
from callbacks.services import Services
from callbacks.views import cut
from dashboard.access import Person
from dashboard.catalogue import Catalogue, Indicator
from dashboard.ports import Series
from dashboard.readings import Level, State, instant
from dashboard.series.subject import splits_of


async def _on_indicators(services: Services, person: Person, request: Request) -> Response:
    """All indicators that the person may see, in the departments' order."""
    serves = request.query_params.get("serves")
    if serves and not re.fullmatch(r"S\d{1,2}", serves):
        error = ValueError(
            f"found serves {serves!r}, expected S and a number, such as S9: the system of the city"
            " that an indicator serves"
        )
        return bad_question(error, {"serves": serves})
    catalogue = services.catalogue
    return json_answer(
        [
            indicator_json(catalogue, key, indicator)
            for key, indicator in catalogue.indicators()
            if is_listed(person, key, indicator) and (not serves or serves in indicator.serves)
        ]
    )


def indicator_json(catalogue: Catalogue, key: str, indicator: Indicator) -> dict[str, Any]:
    """What an indicator is, for programs."""
    definition = indicator.definition
    return {
        "key": key,
        "department": key.partition(".")[0],
        "title": indicator.title.model_dump(),
        "short": (indicator.short or indicator.title).model_dump(),
        "unit": indicator.unit.model_dump(),
        "decimals": indicator.decimals,
        "kind": indicator.measure.kind,
        "basis": indicator.basis,
        "window": indicator.window,
        "windows": list(indicator.windows),
        "by": splits_of(indicator),
        "live_by": indicator.live_by,
        "direction": indicator.direction,
        "target": indicator.target,
        "limits": [limit.model_dump(mode="json", by_alias=True) for limit in indicator.limits],
        "definition": definition.text.model_dump(),
        "confirmed": definition.confirmed,
        "confirmed_by": definition.confirmed_by.model_dump() if definition.confirmed_by else None,
        "confirmed_on": definition.confirmed_on,
        "serves": indicator.serves,
        "demo": catalogue.department_of(key).demo,
    }


async def _on_readings(services: Services, person: Person, _: Request) -> Response:
    """The newest reading of every indicator, by key."""
    readings = cut(services, person).get("readings", {})
    at, connected = instant(services.clock()), services.live.connected
    return json_answer({"at": at, "connected": connected, "readings": readings})


@about_indicator
async def _on_reading(services: Services, person: Person, request: Request) -> Response:
    """The newest reading of one indicator."""
    key = request.path_params["key"]
    find_indicator(services.catalogue, person, key)
    readings = cut(services, person).get("readings", {})
    return json_answer(readings.get(key) or _nothing_yet(key))


def _nothing_yet(key: str) -> dict[str, Any]:
    return {
        "key": key,
        "department": key.partition(".")[0],
        "value": None,
        "n": None,
        "state": State.UNAVAILABLE.value,
        "level": Level.NORMAL.value,
        "as_of": None,
        "collected_at": None,
        "reason": "no reading yet",
    }


@about_indicator
async def _on_series(services: Services, person: Person, request: Request) -> Response:
    """A series of one indicator over any window; `usual` asks for its usual range as well."""
    key, params = request.path_params["key"], dict(request.query_params)
    question = ask(services, person, key, params)
    made = series_json(question, series := await answer(services, question))
    if params.get("usual"):
        made["usual"] = await usual(services, question, series, params.get("part", ""))
    return json_answer(made)


def series_json(question: Question, series: Series) -> dict[str, Any]:
    """A series as JSON; decimals keep their digits."""
    start, end = series.span
    covered = series.covered
    return {
        "key": series.request.key,
        "title": question.indicator.title.model_dump(),
        "unit": question.indicator.unit_over(series.step).model_dump(),
        "window": question.window,
        "from": instant(start),
        "to": instant(end),
        "grain": series.grain,
        "by": series.request.by,
        "origin": series.origin,
        "approximate": series.approximate,
        "covered": {"from": instant(covered[0]), "to": instant(covered[1])} if covered else None,
        "points": [
            {"at": instant(point.at), "code": point.code, "value": point.value, "n": point.n}
            for point in series.points
        ],
    }


def register(server: Starlette, services: Services) -> None:
    """Register the routes."""
    for path, route in (
        ("/api/indicators", _on_indicators),
        ("/api/readings", _on_readings),
        ("/api/readings/{key}", _on_reading),
        ("/api/series/{key}", _on_series),
    ):
        guarded_route(server, services, path)(route)
