"""The first look at a request: whether it calls the center by one of its names.

A page of another site can have its own name point to this machine (DNS rebinding); its browser then
takes the center for that site and hands it everything that loopback may see. The name it calls by
gives it away. Starlette's TrustedHostMiddleware does the same check, but says neither what was
found nor how to mend it, and knows no address that the machine has.
"""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import urlsplit

import structlog
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from callbacks.answers import mistake
from dashboard.access import LOOPBACK
from dashboard.settings import Settings
from dashboard.text import Text

MISDIRECTED = Text(
    zh="这个地址不是指挥中心的地址", en="The center does not go by the name in this address"
)
MEND = "open it by one of its names, or add this one to COMMAND_CENTER_ALLOWED_HOSTS"
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_FORWARDING = frozenset({"forwarded", "via", "x-real-ip", "x-client-ip", "true-client-ip"})

_SOCKETS = {"http": "ws", "https": "wss"}

log = structlog.get_logger()


def names_of(settings: Settings) -> list[str]:
    """The names and patterns by which the center may be called."""
    added = (name.strip().lower() for name in settings.allowed_hosts.split(","))
    return [name for name in (*_LOOPBACK, settings.host.lower(), *added) if name]


class Hosts:
    """Answers 421 to a request by any other name than `names`, or than the very address that it
    came in on: an address cannot be made to point elsewhere."""

    def __init__(self, app: ASGIApp, *, names: Sequence[str], believes_proxy: bool) -> None:
        self._app = app
        self._names = frozenset(name for name in names if not name.startswith("*"))
        self._below = tuple(name[1:] for name in names if name.startswith("*."))
        self._any = "*" in names
        self._believes_proxy = believes_proxy

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what is meant for the center."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        host = host_of(scope)
        if self._is_ours(host, scope):
            await self._app(self._as_seen_by_proxy(scope), receive, send)
            return
        log.info("misdirected", path=scope["path"], host=host)
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 4421, "reason": MISDIRECTED.en})
        else:
            expected = "a name of this center"
            answer = mistake(421, MISDIRECTED, found=host, expected=expected, mend=MEND)
            await answer(scope, receive, send)

    def _is_ours(self, host: str, scope: Scope) -> bool:
        if self._any or host in self._names or host.endswith(self._below):
            return True
        server = scope.get("server")
        return server is not None and _same_address(host, server[0])

    def _as_seen_by_proxy(self, scope: Scope) -> Scope:
        """With the scheme of the address in the browser, where a proxy is believed to say it."""
        said = Headers(scope=scope).get("x-forwarded-proto", "")
        if not self._believes_proxy or said not in ("http", "https"):
            return scope
        return {**scope, "scheme": said if scope["type"] == "http" else _SOCKETS[said]}


def host_of(scope: Scope) -> str:
    """The one name that a request calls by, without its port; empty where there is none to take."""
    said = Headers(scope=scope).getlist("host")
    if len(said) != 1 or any(mark in said[0] for mark in "/?#@\\"):
        return ""
    try:
        parts = urlsplit(f"//{said[0]}")
        name, _ = parts.hostname, parts.port  # What is no port raises ValueError as it is read.
        return name or ""
    except ValueError:
        return ""


def is_handed_on(scope: Scope) -> bool:
    """Whether a proxy handed the request on, so that its client is not who asks."""
    names = set(Headers(scope=scope).keys())
    return not names.isdisjoint(_FORWARDING) or any(n.startswith("x-forwarded-") for n in names)


def origin_of(scope: Scope, *, believes_proxy: bool) -> str:
    """The address somebody comes from. A proxy on this machine that is believed adds it last to
    what others may have written."""
    client = scope.get("client")
    host = str(client[0]) if client else ""
    said = Headers(scope=scope).get("x-forwarded-for", "").rpartition(",")[2].strip()
    if believes_proxy and host in LOOPBACK and _address(said) is not None:
        return said
    return host


def _same_address(one: str, other: str) -> bool:
    found = _address(one)
    return found is not None and found == _address(other)


def _address(text: str) -> IPv4Address | IPv6Address | None:
    """None for a name, which says nothing of where it points."""
    try:
        address = ip_address(text)
    except ValueError:
        return None
    # What listens for both families sees addresses of the older one in the form of the newer.
    return getattr(address, "ipv4_mapped", None) or address
