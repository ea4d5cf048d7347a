"""Orders: `GET /wall/orders` streams them to the stages, `POST /api/screens/{screen}/orders` gives one."""

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
from callbacks.live import HEADERS, RETRY_MILLISECONDS, until_gone
from callbacks.services import Services
from callbacks.stages import Stage, Stages
from dashboard.access import Action, Person, Refused, authorise
from dashboard.catalogue.explain import nearest
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
    await send({"type": "http.response.body", "body": b""})


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
    now, said = services.clock(), checked_payload(kind, payload)
    lasts = LASTS.get(kind)
    until = until or (now + lasts if lasts else None)
    give = services.screens.give
    order = await services.in_store(give, screen, kind, said, person.name, now, until)
    stages.take(order)
    try:
        await services.wire.publish(order)
    except Unreachable as error:
        # The other web processes find it in the store within seconds.
        log.warning("order not told at once", screen=screen, kind=kind, error=str(error))
    return order


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

    path = "/api/screens/{screen}/orders"
    guarded_route(server, services, path, action="operate", methods=("POST",))(give)
