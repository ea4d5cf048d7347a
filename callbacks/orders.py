"""Orders: `GET /wall/orders` streams them to the stages, `POST /api/screens/{screen}/orders` gives one,
`POST /wall/exit` ends the visit of the screen that asks."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any

import structlog
from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from callbacks.answers import bad_question, json_answer, mistake, unanswered
from callbacks.bodies import json_body
from callbacks.guard import DEVICE, PERSON, guarded_route
from callbacks.hub import event
from callbacks.live import HEADERS, RETRY_MILLISECONDS, until_gone
from callbacks.services import Services
from callbacks.stages import Stage, Stages
from dashboard.access import Action, Person, Refused, authorise
from dashboard.catalogue.explain import nearest, nearest_three
from dashboard.catalogue.screens import Screen
from dashboard.catalogue.visits import LONGEST_VISIT
from dashboard.devices import Device
from dashboard.orders import LASTS, Kind, Order, checked_payload, kind_of
from dashboard.ports import Unreachable
from dashboard.readings import parse_instant
from dashboard.text import Text

NO_SCREEN = Text(zh="没有这块大屏", en="There is no such screen")
MOST_BYTES = 4096

log = structlog.get_logger()


class OrdersStream:
    """The ASGI application behind the route; the state of the device's screen is its first event."""

    guarded_by: Action = "see"

    def __init__(self, stages: Stages) -> None:
        self._stages = stages

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send events until the stage goes or its device is revoked. Raises Refused."""
        authorise(PERSON.get(), self.guarded_by)
        device = DEVICE.get()
        if device is None:
            raise Refused("only a paired screen is given orders")
        await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
        if scope["method"] == "HEAD":
            await send({"type": "http.response.body", "body": b""})
            return
        stage = self._stages.join(device)
        watch = asyncio.create_task(until_gone(receive))
        watch.add_done_callback(lambda _: stage.leave())
        try:
            await _serve(stage, send)
        finally:
            self._stages.leave(stage)
            watch.cancel()


async def _serve(stage: Stage, send: Callable[[Message], Awaitable[None]]) -> None:
    body = f"retry: {RETRY_MILLISECONDS}\n\n".encode()
    while not stage.gone:
        await send({"type": "http.response.body", "body": body, "more_body": True})
        body = await stage.next()
    # By the center, since its device was revoked or did not keep up; a stage that lost its center
    # hears nothing of the kind and comes back at a moment of its own.
    await send({"type": "http.response.body", "body": event("over", b"{}")})


async def give_order(
    services: Services,
    stages: Stages,
    person: Person,
    screen: str,
    kind: Kind,
    payload: Mapping[str, Any],
    until: datetime | None = None,
) -> Order:
    """Keep an order, noted with who gave it, and tell its screen at once. Raises Refused, ValueError
    (a screen or an order that there is not), Unreachable."""
    authorise(person, "operate")
    if screen not in services.catalogue.screens:
        raise ValueError(f"found screen {screen!r}, expected one of the catalogue")
    said = checked_payload(kind, payload)
    if kind == "response":
        said |= _response(services.catalogue.screens[screen], stages, said)
    until = _until(services, kind, said, until)
    return await _give(services, stages, person.name, screen, kind, said, until)


def _response(screen: Screen, stages: Stages, said: Mapping[str, Any]) -> dict[str, Any]:
    """The level of which the desk speaks. Raises ValueError where the screen has no such set."""
    known = [one.key for one in screen.response_pages.sets] if screen.response_pages else []
    if not known or (said["on"] and said["set"] not in known):
        expected = f"one of {', '.join(known)}" if known else "a screen with `response_pages`"
        raise ValueError(f"found set {said.get('set')!r}, expected {expected}")
    return {"stated": stages.stated_of(screen)}


def _until(
    services: Services, kind: Kind, said: Mapping[str, Any], asked: datetime | None
) -> datetime | None:
    """When an order ends by itself: as asked, else as is usual; a visit does in any case. Raises
    ValueError for a visit that there is not."""
    lasts, now = LASTS.get(kind), services.clock()
    if kind == "visit":
        visits = services.catalogue.visits
        if said["visit"] not in visits:
            expected = nearest_three(said["visit"], visits)
            raise ValueError(f"found visit {said['visit']!r}, expected one of {expected}")
        lasts = visits[said["visit"]].lasts
        asked = min(asked, now + LONGEST_VISIT) if asked else None
    return asked or (now + lasts if lasts else None)


async def _give(
    services: Services,
    stages: Stages,
    who: str,
    screen: str,
    kind: Kind,
    said: Mapping[str, Any],
    until: datetime | None,
) -> Order:
    give = services.screens.give
    now = services.clock()
    order = await services.in_store(give, screen, kind, dict(said), who, now, until)
    stages.take(order)
    try:
        await services.wire.publish(order)
    except Unreachable as error:
        # The other web processes find it in the store within seconds.
        log.warning("order not told at once", screen=screen, kind=kind, error=str(error))
    return order


async def leave_visit(services: Services, stages: Stages, device: Device) -> bool:
    """The key at a screen itself ends the visit there, and nothing else; whether there was one. It is
    noted with the name of the device. Raises Unreachable."""
    orders = stages.orders_of(device.screen, services.clock())
    if all(one.kind != "visit" for one in orders):
        return False
    await _give(services, stages, device.name, device.screen, "end", {"kind": "visit"}, None)
    return True


def register(server: FastAPI, services: Services, stages: Stages) -> None:
    """Register the route by which orders are given."""

    async def give(services: Services, person: Person, request: Request) -> Response:
        key, known = request.path_params["screen"], services.catalogue.screens
        if key not in known:
            near = nearest(key, known)
            return mistake(404, NO_SCREEN, found=key, expected="a screen", nearest=near)
        try:
            asked = await json_body(request, MOST_BYTES)
            kind, payload = kind_of(asked.get("kind")), asked.get("payload") or {}
            if not isinstance(payload, dict):
                raise ValueError(f"found payload {payload!r}, expected an object")
            until = parse_instant(str(asked["until"])) if asked.get("until") else None
            order = await give_order(services, stages, person, key, kind, payload, until)
        except ValueError as error:
            return bad_question(error, {"screen": key})
        except Unreachable as error:
            return unanswered(error)
        return json_answer(order.wire(), 201)

    async def leave(services: Services, _: Person, __: Request) -> Response:
        device = DEVICE.get()
        if device is None:
            raise Refused("only a paired screen has a visit to leave")
        try:
            await leave_visit(services, stages, device)
        except Unreachable as error:
            return unanswered(error)
        return Response(status_code=204)

    guarded_route(server, services, "/wall/exit", methods=("POST",))(leave)
    path = "/api/screens/{screen}/orders"
    guarded_route(server, services, path, action="operate", methods=("POST",))(give)
