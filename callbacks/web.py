"""The web application: Dash on FastAPI with its routes, callbacks and the door before them.

A new interaction: write a module here with `register(app, services)` (callbacks) or
`register(server, services)` (routes), and add it to CALLBACKS or ROUTES.
"""

import asyncio
import hashlib
from collections.abc import Callable
from contextlib import AsyncExitStack
from functools import cache
from pathlib import Path
from typing import Any

import structlog
from dash import Dash, html
from dash.development.base_component import Component
from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from callbacks import (
    account,
    api,
    desk,
    entry,
    export,
    export_rows,
    health,
    indicator,
    lookups,
    map_values,
    maps,
    orders,
    pairing,
    panels,
    record,
    router,
    screens,
    search,
    sign_in,
    status,
)
from callbacks.answers import REFUSED, TROUBLE, mistake
from callbacks.bundles import Bundles
from callbacks.devices import Devices
from callbacks.failures import on_error
from callbacks.files import remove_left_files
from callbacks.guard import PERSON
from callbacks.hosts import Hosts, names_of
from callbacks.hub import Hub
from callbacks.identity import Identity
from callbacks.live import LiveStream
from callbacks.look import LOOK
from callbacks.same_origin import SameOrigin
from callbacks.screen_watch import ScreenWatch
from callbacks.services import Services
from callbacks.sessions import Sessions
from callbacks.stages import Stages
from callbacks.views import build_view
from dashboard import ids
from dashboard.access import Refused, authorise
from dashboard.words import Word
from layouts.markup import settled
from layouts.router import is_page
from layouts.shell import render_shell
from layouts.stage import Look

ASSETS = Path(__file__).resolve().parents[1] / "assets"
WORKER = ASSETS / "stage-worker.js"
CALLBACKS: list[Callable[[Dash, Services], None]] = [
    router.register,
    panels.register,
    indicator.register,
    lookups.register,
    record.register,
    maps.register,
    status.register,
    entry.register,
]
ROUTES: list[Callable[[FastAPI, Services], None]] = [
    api.register,
    export.register,
    export_rows.register,
    health.register,
    search.register,
    map_values.register,
]
_RESTART_SECONDS = 1.0

log = structlog.get_logger()


def build_web(services: Services) -> Dash:
    """The Dash application; its ASGI application is `.server`. Nothing is asked of the outside
    before the server starts, and it may be called twice in one process."""
    server = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    app = CityDash(
        __name__,
        server=server,
        backend="fastapi",
        assets_folder=str(ASSETS),
        # In the head instead: it says which theme is in force before anything is painted.
        # Those of the stage are its own.
        assets_ignore=r"^(shell\.js|screen-.*|stage-worker\.js)$",
        serve_locally=True,
        compress=True,
        # Pages are put in place by the router; a test holds that every id is one of `ids`.
        suppress_callback_exceptions=True,
        title=Word.COMMAND_CENTER.of("zh"),
        update_title=None,
        add_log_handler=False,
        on_error=on_error,
        meta_tags=[{"name": "viewport", "content": "width=device-width, initial-scale=1"}],
    )
    app.layout = lambda: _render_root(services)
    for register_callbacks in CALLBACKS:
        register_callbacks(app, services)
    for register_routes in ROUTES:
        register_routes(server, services)
    sessions = Sessions(services)
    for register_accounts in (sign_in.register, account.register):
        register_accounts(server, services, sessions)
    server.add_exception_handler(Refused, _on_refused)
    server.add_exception_handler(Exception, _on_trouble)
    _add_door(app, server, services, sessions)
    return app


def _add_door(app: Dash, server: FastAPI, services: Services, sessions: Sessions) -> None:
    hub = Hub(services.live, services.settings.heartbeat)
    look, settings = stage_look(), services.settings
    devices, stages = Devices(services), Stages(services, look.version)
    streams: dict[str, ASGIApp] = {
        "/live": LiveStream(hub, sessions),
        "/wall/orders": orders.OrdersStream(stages),
    }
    server.state.hub, server.state.sessions = hub, sessions
    server.state.stages, server.state.devices = stages, devices
    for path, stream in streams.items():
        server.router.routes.append(Route(path, stream, methods=["GET"]))
    pairing.register(server, services, devices, look, WORKER)
    orders.register(server, services, stages)
    screens.register(app, services, devices, stages)
    desk.register(app, services, devices, stages)
    # The last one added stands before all others.
    server.add_middleware(Bundles)
    server.add_middleware(
        Identity,
        lifespan=Lifespan(services, endless_work(services, hub, sessions, devices, stages)),
        direct=streams,
        is_page=is_page,
        # Once: all inline scripts are known when the first request comes.
        policy=cache(lambda: content_policy(app)),
        trust_proxy=settings.trust_proxy,
        sessions=sessions,
        devices=devices,
        catalogue=lambda: services.catalogue,
    )
    server.add_middleware(SameOrigin)
    believes_proxy = settings.believes_proxy
    server.add_middleware(Hosts, names=names_of(settings), believes_proxy=believes_proxy)


def stage_look() -> Look:
    """The scripts and styles of the stage, in their order, named by when they were changed."""
    shared = ASSETS / "live-0-retry.js"
    files = [shared, *sorted(ASSETS.glob("screen-*.js"))], sorted(ASSETS.glob("screen-*.css"))
    known = [WORKER, *(path for kind in files for path in kind)]
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in known))
    version = digest.hexdigest()[:12]
    scripts, styles = (tuple(f"/assets/{one.name}?m={version}" for one in kind) for kind in files)
    return Look(version, scripts, styles)


def endless_work(
    services: Services, hub: Hub, sessions: Sessions, devices: Devices, stages: Stages
) -> list[Callable[[], Any]]:
    """What goes on as long as the server runs."""

    def heard_of_devices() -> None:
        devices.changed()
        stages.look_again()

    async def listen() -> None:
        await services.wire.follow(stages.take, heard_of_devices)

    watch = ScreenWatch(services, devices)
    own = (devices.follow, stages.follow, watch.follow, listen)
    return [services.live.follow, hub.beat, sessions.watch, *own]


def _render_root(services: Services) -> Component:
    person = authorise(PERSON.get(), "see")
    shell = render_shell(build_view(services, person))
    notice = html.Div(id=ids.NOTICE, className="notice", role="status")
    return html.Div([settled(shell), notice])


async def _on_refused(_: Request, error: Exception) -> Response:
    log.info("refused", reason=str(error))
    return mistake(403, REFUSED)


async def _on_trouble(request: Request, error: Exception) -> Response:
    """A route failed: noted, and said in safe words."""
    log.error("route failed", path=request.url.path, exc_info=error)
    return mistake(500, TROUBLE)


def content_policy(app: Dash) -> str:
    """The content security policy: own scripts, and the inline ones that Dash itself writes."""
    scripts = " ".join(("'self'", *app.csp_hashes()))
    return (
        f"default-src 'self'; script-src {scripts}; style-src 'self' 'unsafe-inline';"
        " img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self';"
        " worker-src 'self' blob:; object-src 'none'; base-uri 'self'; form-action 'self';"
        " frame-ancestors 'self'"
    )


class CityDash(Dash):  # type: ignore[misc]  # dash has no types
    """Dash whose first page says which language it is in, and whose layout may be refused."""

    def _setup_server(self) -> None:
        """What Dash does at its first request. It looks at the layout too, and must find an empty
        one: whoever comes first may be refused, and half of this would be left undone for ever."""
        layout: Any = self.layout
        self._layout: Any = html.Div
        try:
            super()._setup_server()
        finally:
            self._layout = layout

    def serve_layout(self) -> Any:
        """The layout; Dash itself would make a failure of a refusal."""
        try:
            return super().serve_layout()
        except Refused as refused:
            log.info("refused", reason=str(refused))
            return mistake(403, REFUSED)

    def interpolate_index(self, *args: Any, **kwargs: Any) -> str:
        """The index page; screen readers and fonts choose by its `lang`."""
        page: str = super().interpolate_index(*args, **kwargs)
        look = LOOK.get()
        language = "zh-CN" if look.language() == "zh" else "en"
        script = f'<script src="{self.get_asset_url("shell.js")}"></script>'
        page = page.replace("<head>", f"<head>{script}", 1)
        return page.replace("<html>", f'<html lang="{language}">', 1)


class Lifespan:
    """Runs endless work while the server runs; tidies up before."""

    def __init__(self, services: Services, endless: list[Callable[[], Any]]) -> None:
        self._services = services
        self._endless = endless

    async def __call__(self, _: Scope, receive: Receive, send: Send) -> None:
        """The ASGI lifespan protocol."""
        async with AsyncExitStack() as running:
            while (message := await receive())["type"] != "lifespan.shutdown":
                if message["type"] == "lifespan.startup":
                    await self._services.in_files(remove_left_files)
                    for work in self._endless:
                        task = asyncio.create_task(kept_up(work))
                        running.callback(task.cancel)
                    await send({"type": "lifespan.startup.complete"})
        self._services.lanes.close()
        await send({"type": "lifespan.shutdown.complete"})


async def kept_up(work: Callable[[], Any]) -> None:
    """Run endless work, and start it again should it ever fail: screens must not freeze."""
    while True:
        task = asyncio.ensure_future(work())
        try:
            await asyncio.wait({task})
        finally:
            task.cancel()
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("endless work failed, starting it again", exc_info=error)
        await asyncio.sleep(_RESTART_SECONDS)
