"""The stage's own page, and how a browser is paired with a screen like a television.

A browser that opens `/wall` and is no device yet is given a code of six digits, which an operator
enters at `/screens`. Only the browser that asked holds the secret of its code, so that only it is
given the token; a code that has expired is followed by another one, for weeks.
"""

import secrets
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import segno
import structlog
from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response

from callbacks.answers import json_answer, mistake, unanswered
from callbacks.bodies import json_body
from callbacks.cookies import cookie_name, set_cookie
from callbacks.devices import (
    Devices,
    set_device_cookie,
    token_of,
)
from callbacks.guard import DEVICE, guarded_route
from callbacks.limiter import Limiter
from callbacks.services import Services
from dashboard.access import Person, Refused
from dashboard.accounts import fingerprint, new_token
from dashboard.devices import PAIRING_LASTS, Beat, Pairing
from dashboard.ports import Unreachable
from dashboard.text import Text
from layouts.stage import Look, render_stage

STAGE, PAIRING, WORKER = "/wall", "/wall/pairing", "/wall/worker"
WORKER_HEADERS = {"service-worker-allowed": "/", "cache-control": "no-store"}
"""Its pages have addresses of all kinds. A desk is given no worker: it would keep what nobody asked."""
MOST_WAITING = 500
"""Browsers that may wait at a time: a code must stay hard to guess."""
MOST_BYTES = 4096
_COOKIE = "cc-pairing"
TOO_MANY = Text(
    zh="等待配对的浏览器太多，请稍后再试",
    en="Too many browsers wait to be paired; try again in a moment",
)
BAD_BEAT = Text(zh="心跳格式不对", en="This is no heartbeat")

log = structlog.get_logger()


class PairingDesk:
    """Gives codes to browsers, and tokens to those whose code was entered."""

    def __init__(self, services: Services, devices: Devices) -> None:
        self._services = services
        self._devices = devices
        self._asking = Limiter(20, 60.0)

    async def answer(self, request: Request) -> Response:
        """How the pairing of a browser stands; it asks every few seconds."""
        try:
            if (device := await self._devices.of(request.scope)) is not None:
                paired = json_answer({"state": "paired", "screen": device.screen})
                set_device_cookie(paired, request.scope, token_of(request.scope) or "")
                return paired
            return await self._unpaired(request)
        except Unreachable as error:
            return unanswered(error)

    async def _unpaired(self, request: Request) -> Response:
        secret = request.cookies.get(cookie_name(_COOKIE, request.scope))
        now = self._services.clock()
        if secret:
            kept = self._services.screens.pairing
            pairing = await self._services.in_store(kept, fingerprint(secret), now)
            if pairing is not None and pairing.device is not None:
                given = await self._hand_over(request, secret, now)
                if given is not None:
                    return given
            elif pairing is not None:
                return json_answer(_waiting(request, pairing, now))
        return await self._begin(request, now)

    async def _hand_over(self, request: Request, secret: str, now: datetime) -> Response | None:
        token = new_token()
        give = self._services.screens.hand_over
        device = await self._services.in_store(give, fingerprint(secret), fingerprint(token), now)
        if device is None:
            return None
        await self._devices.refresh()
        log.info("paired", screen=device.screen, device=device.name)
        answer = json_answer({"state": "paired", "screen": device.screen})
        set_device_cookie(answer, request.scope, token)
        return answer

    async def _begin(self, request: Request, now: datetime) -> Response:
        client = request.client.host if request.client else ""
        services = self._services
        waiting = await services.in_store(services.screens.waiting, now)
        if waiting >= MOST_WAITING or not self._asking.take(client):
            return mistake(429, TOO_MANY)
        secret, until = new_token(), now + PAIRING_LASTS
        for _ in range(10):
            code = f"{secrets.randbelow(10**6):06d}"
            begin = services.screens.open_pairing
            if await services.in_store(begin, code, fingerprint(secret), now, until):
                answer = json_answer(_waiting(request, Pairing(code, until), now))
                lasts = int(PAIRING_LASTS.total_seconds())
                set_cookie(answer, request.scope, _COOKIE, secret, lasts)
                return answer
        return mistake(429, TOO_MANY)


def _waiting(request: Request, pairing: Pairing, now: datetime) -> dict[str, Any]:
    address = f"{request.scope['scheme']}://{request.headers.get('host', '')}"
    left = (pairing.expires_at - now).total_seconds()
    url = f"{address}/screens?pair={pairing.code}"
    return {
        "state": "waiting",
        "code": pairing.code,
        "seconds": max(0, round(left)),
        "address": f"{address}/screens",
        "qr": qr_picture(url),
    }


@lru_cache(maxsize=256)
def qr_picture(url: str) -> str:
    """A QR code as the address of a picture, dark on light as readers want it."""
    found: str = segno.make(url, error="m").svg_data_uri(
        scale=8, border=2, dark="#000", light="#fff"
    )
    return found


def register(
    server: FastAPI, services: Services, devices: Devices, look: Look, worker: Path
) -> None:
    """Register the stage's page, its pairing, its heartbeat and its worker."""
    desk = PairingDesk(services, devices)

    async def page(request: Request) -> Response:
        answer = HTMLResponse(render_stage(look))
        if (token := token_of(request.scope)) and await devices.of(request.scope) is not None:
            set_device_cookie(answer, request.scope, token)
        return answer

    server.add_route(STAGE, page, methods=["GET"])
    server.add_route(PAIRING, desk.answer, methods=["POST"])
    guarded_route(server, services, "/wall/heartbeat", methods=("POST",))(hear)

    async def give_worker(_: Services, __: Person, ___: Request) -> Response:
        if DEVICE.get() is None:
            raise Refused("only a paired screen keeps its pages")
        return FileResponse(worker, media_type="text/javascript", headers=WORKER_HEADERS)

    guarded_route(server, services, WORKER)(give_worker)


async def hear(services: Services, _: Person, request: Request) -> Response:
    """Keep what a stage says of itself. Raises Refused where it is no device."""
    device = DEVICE.get()
    if device is None:
        raise Refused("only a paired screen has a heartbeat")
    try:
        beat = Beat.model_validate(await json_body(request, MOST_BYTES))
        await services.wire.keep(device.id, beat, services.clock())
    except ValueError as error:
        said = str(error).splitlines()
        return mistake(400, BAD_BEAT, found=" ".join(said[:3]), expected="see docs/wall.md")
    except Unreachable as error:
        return unanswered(error)
    return Response(status_code=204)
