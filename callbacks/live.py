"""`GET /live`: the stream of frames, as plain ASGI so that a frame costs a viewer one write."""

import asyncio
from collections.abc import Awaitable, Callable
from urllib.parse import parse_qs

from starlette.datastructures import Headers
from starlette.types import Message, Receive, Scope, Send

from callbacks.guard import PERSON
from callbacks.hub import Hub, Viewer
from callbacks.sessions import Sessions
from dashboard.access import Action, authorise

RETRY_MILLISECONDS = 2000
"""What EventSource waits before it reconnects by itself."""
HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    # Proxies that buffer would hold every frame back.
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
]


class LiveStream:
    """The ASGI application behind the route; resumes by `Last-Event-ID` or `?last=`."""

    guarded_by: Action = "see"

    def __init__(self, hub: Hub, sessions: Sessions) -> None:
        self._hub = hub
        self._sessions = sessions

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send frames until the viewer goes. Raises Refused before anything is sent."""
        person = authorise(PERSON.get(), self.guarded_by)
        await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
        if scope["method"] == "HEAD":
            await send({"type": "http.response.body", "body": b""})
            return
        viewer = self._hub.join(person.audience, last_seen(scope))
        watch = asyncio.create_task(until_gone(receive))
        watch.add_done_callback(lambda _: viewer.leave())
        try:
            with self._sessions.watching(person, viewer.leave):
                await _serve(viewer, send)
        finally:
            viewer.leave()
            watch.cancel()


def last_seen(scope: Scope) -> str | None:
    """The id of the last event the screen had."""
    header = Headers(scope=scope).get("last-event-id")
    asked = parse_qs(scope.get("query_string", b"").decode("latin-1")).get("last", [None])[-1]
    return header or asked


async def _serve(viewer: Viewer, send: Callable[[Message], Awaitable[None]]) -> None:
    body = f"retry: {RETRY_MILLISECONDS}\n\n".encode()
    while not viewer.gone:
        await send({"type": "http.response.body", "body": body, "more_body": True})
        body = await viewer.next()
    await send({"type": "http.response.body", "body": b""})


async def until_gone(receive: Receive) -> None:
    """Wait until the browser has gone."""
    while (await receive())["type"] != "http.disconnect":
        pass
