"""Static bundles: compressed once and kept, since a megabyte of script costs a quarter second."""

import re

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SUITES, ASSETS = "/_dash-component-suites/", "/assets/"
MOST_KEPT = 256
"""Answers kept; what comes after is answered as well, only slower."""
_ASK_AGAIN = "no-cache"
_FOR_EVER = "public, max-age=31536000, immutable"
_A_DAY = "public, max-age=86400"


class Bundles:
    """Keeps the compressed answers of paths whose content stays while the process runs: component
    suites, and assets that carry their time of change (`?m=`). Browsers keep for ever what carries
    a fingerprint, and ask whether the rest has changed."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._kept: dict[tuple[str, bytes, bool], list[Message]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer from what is kept, or keep what is answered."""
        if scope["type"] != "http" or not _lasting(scope):
            await self._app(scope, receive, _with_caching(scope, send))
            return
        zipped = "gzip" in Headers(scope=scope).get("accept-encoding", "")
        # Suites are named by their path alone: a query that nobody reads must fill no memory.
        query = scope.get("query_string", b"") if scope["path"].startswith(ASSETS) else b""
        key = scope["path"], query, zipped
        if key not in self._kept:
            made: list[Message] = []
            await self._app(scope, receive, _recorder(made))
            if made[0]["status"] != 200 or len(self._kept) >= MOST_KEPT:
                await _replay(made, send)
                return
            caching = _FOR_EVER if _fingerprinted(scope) else _ASK_AGAIN
            MutableHeaders(scope=made[0])["cache-control"] = caching
            self._kept[key] = made
        kept = self._kept[key]
        await _replay(_unchanged(kept) if _known(scope, kept) else kept, send)


def _lasting(scope: Scope) -> bool:
    if scope["method"] != "GET" or "range" in Headers(scope=scope):
        return False
    path = scope["path"]
    return path.startswith(SUITES) or (path.startswith(ASSETS) and _fingerprinted(scope))


def _fingerprinted(scope: Scope) -> bool:
    if scope["path"].startswith(SUITES):
        return re.search(r"\.v\w+m\d+\.", scope["path"]) is not None
    return bool(scope.get("query_string", b"").startswith(b"m="))


def _known(scope: Scope, kept: list[Message]) -> bool:
    """Whether the browser has it already."""
    tag = Headers(raw=kept[0]["headers"]).get("etag")
    return tag is not None and Headers(scope=scope).get("if-none-match") == tag


def _unchanged(kept: list[Message]) -> list[Message]:
    dropped = (b"content-length", b"content-encoding", b"content-type")
    headers = [(name, value) for name, value in kept[0]["headers"] if name not in dropped]
    start = {"type": "http.response.start", "status": 304, "headers": headers}
    return [start, {"type": "http.response.body", "body": b""}]


def _with_caching(scope: Scope, send: Send) -> Send:
    """Fonts and pictures that styles name without a time of change are asked for again daily."""
    if scope["type"] != "http" or not scope["path"].startswith(ASSETS):
        return send

    async def cached(message: Message) -> None:
        if message["type"] == "http.response.start" and message["status"] in (200, 206, 304):
            MutableHeaders(scope=message).setdefault("cache-control", _A_DAY)
        await send(message)

    return cached


def _recorder(made: list[Message]) -> Send:
    async def record(message: Message) -> None:
        made.append(message)

    return record


async def _replay(made: list[Message], send: Send) -> None:
    """Send copies: who sends them on may change their headers."""
    for message in made:
        headers = {"headers": list(message["headers"])} if "headers" in message else {}
        await send({**message, **headers})
