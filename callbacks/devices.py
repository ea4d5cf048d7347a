"""Devices as a web process knows them: by the token in a cookie, without a question per request.

All are read every few seconds, and at once where another process says that they changed, so that a
revoked one is nobody within seconds, and its open streams end.
"""

import asyncio
import time
from collections.abc import Awaitable

import structlog
from starlette.requests import HTTPConnection
from starlette.responses import Response
from starlette.types import Message, Receive, Scope

from callbacks.cookies import cookie_name, set_cookie
from callbacks.services import Services
from dashboard.accounts import fingerprint
from dashboard.devices import Device
from dashboard.ports import Unreachable

REFRESH_SECONDS = 2.0
AGAIN_SECONDS = 0.5
"""A token that nobody knows has all devices read again, but not more often than this."""
YEAR = 365 * 24 * 3600
_COOKIE = "cc-device"

log = structlog.get_logger()


def set_device_cookie(answer: Response, scope: Scope, token: str) -> None:
    """Give the browser its token; it is given anew with every start, so that it never ends."""
    set_cookie(answer, scope, _COOKIE, token, YEAR)


def token_of(scope: Scope) -> str | None:
    """The token that a request brings."""
    if scope["type"] not in ("http", "websocket"):
        return None
    return HTTPConnection(scope).cookies.get(cookie_name(_COOKIE, scope))


class Devices:
    """All devices that are not revoked, by the hash of their token."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._known: dict[str, Device] = {}
        self._all: tuple[Device, ...] = ()
        self._ended: dict[str, asyncio.Event] = {}
        self._read = 0.0
        self._reading: asyncio.Task[None] | None = None
        self._changed: asyncio.Event | None = None

    @property
    def all(self) -> tuple[Device, ...]:
        """All as they were read last, in the order in which they were paired."""
        return self._all

    async def of(self, scope: Scope) -> Device | None:
        """The device that makes a request; None where its token is none, or is revoked."""
        token = token_of(scope)
        if not token:
            return None
        key = fingerprint(token)
        if key not in self._known and time.monotonic() - self._read > AGAIN_SECONDS:
            await self.refresh()
        return self._known.get(key)

    async def refresh(self) -> None:
        """Read all anew; who comes meanwhile waits for the same answer. A store that is away
        leaves them as they were."""
        if self._reading is None:
            self._reading = asyncio.ensure_future(self._read_all())
            self._reading.add_done_callback(self._has_read)
        await asyncio.shield(self._reading)

    def changed(self) -> None:
        """Another process says that devices changed: they are read again at once."""
        if self._changed is not None:
            self._changed.set()

    async def follow(self) -> None:
        """Read all from time to time, until cancelled."""
        self._changed = asyncio.Event()
        while True:
            await self.refresh()
            self._changed.clear()
            try:
                async with asyncio.timeout(REFRESH_SECONDS):
                    await self._changed.wait()
            except TimeoutError:
                continue

    def ended(self, device: Device) -> asyncio.Event:
        """Is set once the device is revoked."""
        return self._ended.setdefault(device.id, asyncio.Event())

    def _has_read(self, _: "asyncio.Task[None]") -> None:
        self._reading = None

    async def _read_all(self) -> None:
        try:
            found = await self._services.in_store(self._services.screens.devices)
        except Unreachable:
            return  # Noted by who asks the store for more; what was known stays.
        finally:
            self._read = time.monotonic()
        self._all = tuple(found)
        self._known = {one.token: one for one in found if one.token}
        standing = {one.id for one in found}
        for gone in set(self._ended) - standing:
            self._ended.pop(gone).set()


def until_ended(receive: Receive, ended: asyncio.Event) -> Receive:
    """What a stream receives, with the end of its device as if the browser had gone."""

    async def next_message() -> Message:
        said = asyncio.ensure_future(_taken(receive()))
        over = asyncio.ensure_future(ended.wait())
        try:
            await asyncio.wait({said, over}, return_when=asyncio.FIRST_COMPLETED)
            return said.result() if said.done() else {"type": "http.disconnect"}
        finally:
            said.cancel()
            over.cancel()

    return next_message


async def _taken(message: Awaitable[Message]) -> Message:
    return await message
