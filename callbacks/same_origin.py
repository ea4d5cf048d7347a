"""The second look at a request: what changes something comes from the center's own pages.

A page of another site can make a browser post here, with the cookie of whoever is signed in. The
browser itself says where a request comes from: by `Sec-Fetch-Site` where it speaks to an address
that it holds for safe, by `Origin` everywhere. Programs say neither and hold no cookie.
"""

from urllib.parse import urlsplit

import structlog
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from callbacks.answers import mistake
from dashboard.text import Text

FOREIGN = Text(
    zh="这个请求来自别的网站，没有执行", en="This request comes from another site and was not done"
)
_HARMLESS = frozenset({"GET", "HEAD", "OPTIONS"})

log = structlog.get_logger()


class SameOrigin:
    """Answers 403 to whatever would change something and was sent by a page of another site."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what reads, and what the center's own pages send."""
        if not _could_change(scope) or is_same_origin(scope):
            await self._app(scope, receive, send)
            return
        log.info("foreign request", path=scope["path"])
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 4403, "reason": FOREIGN.en})
        else:
            await mistake(403, FOREIGN)(scope, receive, send)


def is_same_origin(scope: Scope) -> bool:
    """Whether the browser says that a page of this very address sent it, or it was no page."""
    headers = Headers(scope=scope)
    site = headers.get("sec-fetch-site")
    if site is not None:
        # `none`: a person, by the address line or by sending a form once more.
        return site in ("same-origin", "none")
    origin = headers.get("origin")
    return origin is None or urlsplit(origin).netloc.lower() == headers.get("host", "").lower()


def _could_change(scope: Scope) -> bool:
    # A stream of messages is opened by GET and may ask for anything.
    if scope["type"] == "websocket":
        return True
    return scope["type"] == "http" and scope["method"] not in _HARMLESS
