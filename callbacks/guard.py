"""The one door: callbacks and routes are registered here, and each asks `access.authorise` first."""

from collections.abc import Awaitable, Callable, Sequence
from contextvars import ContextVar
from functools import wraps
from typing import Any

from dash import Dash
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response

from callbacks.services import Services
from dashboard.access import NOBODY, Action, Person, authorise
from dashboard.devices import Device
from layouts.markup import settled

PERSON: ContextVar[Person] = ContextVar("person", default=NOBODY)
"""Who makes the current request; set by `callbacks.identity`."""
DEVICE: ContextVar[Device | None] = ContextVar("device", default=None)
"""The paired screen that makes it, whoever is signed in there; set likewise."""

Answer = Callable[..., Awaitable[Any]]
RouteAnswer = Callable[[Services, Person, Request], Awaitable[Response]]


def guarded_callback(
    app: Dash, services: Services, *dependencies: Any, action: Action = "see", **options: Any
) -> Callable[[Answer], Answer]:
    """Register `answer(services, person, *inputs)` as a Dash callback behind `authorise`.

    The function itself stays as it is, so that a test calls it directly; what stands still in its
    answer is sent as markup. Raises `access.Refused`, which the web turns into a 403.
    """

    def register(answer: Answer) -> Answer:
        @wraps(answer)
        async def _guarded(*inputs: Any) -> Any:
            person = authorise(PERSON.get(), action)
            return settled(await answer(services, person, *inputs))

        _guarded.guarded_by = action  # type: ignore[attr-defined]  # walked by a test
        app.callback(*dependencies, **options)(_guarded)
        return answer

    return register


def guarded_route(
    server: Starlette,
    services: Services,
    path: str,
    *,
    action: Action = "see",
    methods: Sequence[str] = ("GET",),
) -> Callable[[RouteAnswer], RouteAnswer]:
    """Register `answer(services, person, request)` as an HTTP route behind `authorise`.

    `path` is Starlette's, such as `/api/readings/{key}`. Raises `access.Refused` as above.
    """

    def register(answer: RouteAnswer) -> RouteAnswer:
        async def _guarded(request: Request) -> Response:
            person = authorise(PERSON.get(), action)
            return await answer(services, person, request)

        _guarded.guarded_by = action  # type: ignore[attr-defined]  # walked by a test
        _guarded.__name__ = getattr(answer, "__name__", path)
        server.add_route(path, _guarded, methods=list(methods))
        return answer

    return register
