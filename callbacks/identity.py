"""The middleware behind the check of the host: says who asks, keeps everybody else out, and adds what every answer has.

Dash's own routes (layout, callbacks, dependencies) cannot be registered through the guard, so this
door asks `authorise` for every path but the few public ones. It also hands page paths to Dash as
`/`: on this backend a cold deep link fails otherwise, exactly what a rebooted wall asks for.
"""

import uuid
from collections.abc import Callable, Mapping
from urllib.parse import urlencode

import structlog
from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from callbacks.answers import REFUSED, mistake
from callbacks.devices import Devices, until_ended
from callbacks.guard import DEVICE, PERSON
from callbacks.hosts import is_handed_on
from callbacks.look import LOOK, look_of
from callbacks.sessions import Sessions
from dashboard.access import NOBODY, Person, Refused, authorise, may, person_of
from dashboard.catalogue import Catalogue
from dashboard.devices import Device, person_of_device
from layouts.routes import ACCOUNT, SIGN_IN

PUBLIC = ("/healthz", "/_favicon.ico", "/assets/", "/_dash-component-suites/", SIGN_IN)
"""Paths that hold nothing of the city: liveness, static bundles, where one signs in."""
_PUBLIC_BELOW = tuple(path for path in PUBLIC if path.endswith("/"))
WAITING = frozenset({"/wall", "/wall/pairing"})
"""What a browser asks for that is to be paired: it may see nothing yet, and is told nothing."""
_NO_PAGES = (
    "/api/", "/export/", "/assets/", "/_", "/healthz", "/readyz", "/metrics", SIGN_IN, ACCOUNT,
)  # fmt: skip

log = structlog.get_logger()


class Identity:
    """`direct` are applications that are called without the middleware inside, by path."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        lifespan: ASGIApp,
        direct: Mapping[str, ASGIApp],
        is_page: Callable[[str], bool],
        policy: Callable[[], str],
        trust_proxy: bool,
        sessions: Sessions,
        devices: Devices,
        catalogue: Callable[[], Catalogue],
    ) -> None:
        self._app = app
        self._lifespan = lifespan
        self._direct = direct
        self._is_page = is_page
        self._policy = policy
        self._trust_proxy = trust_proxy
        self._sessions = sessions
        self._devices = devices
        self._catalogue = catalogue

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request as the person who asks."""
        if scope["type"] == "lifespan":
            await self._lifespan(scope, receive, send)
            return
        found = await self._devices.of(scope)
        device = DEVICE.set(found)
        person = PERSON.set(await self._who(scope, found))
        look = LOOK.set(look_of(HTTPConnection(scope)))
        try:
            await self._admit(scope, receive, send)
        finally:
            LOOK.reset(look)
            PERSON.reset(person)
            DEVICE.reset(device)

    async def _who(self, scope: Scope, device: Device | None) -> Person:
        """Who asks: whoever signed in, else a paired screen, else the address."""
        if _is_static(scope["path"]):
            return NOBODY
        if (signed_in := await self._sessions.person(scope)) is not None:
            return signed_in
        if device is not None:
            return person_of_device(device, self._catalogue())
        client = scope.get("client")
        handed_on = is_handed_on(scope) and not self._trust_proxy
        return person_of(client[0] if client else None, handed_on=handed_on)

    async def _admit(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            if not is_public(scope["path"]):
                authorise(PERSON.get(), "own" if scope["path"] == ACCOUNT else "see")
            if scope["path"] in self._direct:
                device = DEVICE.get()
                ending = receive
                if device is not None:
                    ending = until_ended(receive, self._devices.ended(device))
                await self._direct[scope["path"]](scope, ending, send)
            elif scope["type"] == "http":
                await self._answer(scope, receive, send)
            else:
                await self._sessions.hold(self._app, scope, receive, send)
        except Refused as refused:
            log.info("refused", path=scope["path"], reason=str(refused))
            await self._refuse(scope, receive, send)

    async def _refuse(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 4403, "reason": REFUSED.en})
        elif _wants_page(scope):
            await self._elsewhere(scope)(scope, receive, send)
        else:
            await mistake(403, REFUSED)(scope, receive, send)

    def _elsewhere(self, scope: Scope) -> Response:
        """Where somebody goes who may not see a page: to sign in, or to choose a password."""
        person = PERSON.get()
        if person.session is None:
            return RedirectResponse(sign_in_path(scope), 303)
        if may(person, "see"):
            return refused_page()
        return RedirectResponse(ACCOUNT, 303) if scope["path"] != ACCOUNT else refused_page()

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        request_id = uuid.uuid4().hex[:12]
        page = self._is_page(scope["path"])
        # A browser that asks for a page there is none of gets the shell, which says so.
        missing = not page and _wants_page(scope) and not _is_no_page(scope["path"])
        policy = self._policy()

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                if missing and message["status"] == 200:
                    message["status"] = 404
                headers = MutableHeaders(scope=message)
                headers["content-security-policy"] = policy
                headers["x-content-type-options"] = "nosniff"
                headers["referrer-policy"] = "same-origin"
                headers["x-request-id"] = request_id
                headers.setdefault("cache-control", "no-store")
            await send(message)

        inner = {**scope, "path": "/", "raw_path": b"/"} if page or missing else scope
        with structlog.contextvars.bound_contextvars(request=request_id):
            await self._app(inner, receive, with_headers)


def is_public(path: str) -> bool:
    """Whether whoever asks may have what is at a path."""
    return path in PUBLIC or path in WAITING or path.startswith(_PUBLIC_BELOW)


def _is_static(path: str) -> bool:
    """Whether it is the same for everybody, so that nobody need be asked for."""
    return is_public(path) and path not in WAITING and path != SIGN_IN


def _is_no_page(path: str) -> bool:
    return path.startswith(_NO_PAGES) or path in WAITING


def sign_in_path(scope: Scope) -> str:
    """Where to sign in so as to come back to what was asked for."""
    query = scope.get("query_string", b"").decode("latin-1")
    wanted = scope["path"] + (f"?{query}" if query else "")
    return SIGN_IN if wanted == "/" else f"{SIGN_IN}?{urlencode({'next': wanted})}"


def _wants_page(scope: Scope) -> bool:
    accepts = HTTPConnection(scope).headers.get("accept", "")
    return scope.get("method") in ("GET", "HEAD") and "text/html" in accepts


def refused_page() -> Response:
    """A page for people who may not come in, in both languages."""
    return HTMLResponse(
        f'<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>403</title>'
        f"<h1>{REFUSED.zh}</h1><p>{REFUSED.en}</p></html>",
        status_code=403,
    )
