"""The real web over the sample city, served on loopback, and what it is fed from."""

import asyncio
import math
import socket
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import uvicorn
from face_city import city
from face_frame import sample
from playwright.sync_api import Page
from walls.walls_city import MemoryScreens, MemoryWire

from callbacks.services import Services
from callbacks.web import build_web
from dashboard.catalogue import Catalogue
from dashboard.frames import Change, FrameState
from dashboard.ports import Point, Series, SeriesRequest
from dashboard.settings import Settings
from data_access.geography import load_geography

Open = Callable[..., Page]
"""Opens a path at a size, with cookies."""
SIZES = {"wall": (1920, 1080), "double": (3840, 2160), "phone": (390, 844), "desk": (1440, 900)}


class WrittenFeed:
    """A live feed that tests write to, from any thread once `call` is that of the server's loop."""

    def __init__(self) -> None:
        self.state = FrameState()
        self.connected = True
        self.at: tuple[str | None, int] = ("e1-0-0", 0)
        self.listeners: list[Callable[[Change], None]] = []
        self.call: Callable[..., object] = lambda work, *args: work(*args)

    def sections(self) -> Mapping[str, Mapping[str, dict[str, Any]]]:
        return self.state.sections

    def newest(self) -> Change:
        return Change(*self.at, self.state.sections, whole=True)

    def listen(self, listener: Callable[[Change], None]) -> None:
        self.listeners.append(listener)

    async def follow(self) -> None:
        """Nothing to follow: what is written is there."""

    def write(self, batch: Mapping[str, Any]) -> None:
        """Apply a batch and tell all screens."""
        self.call(self._publish, batch)

    def begin(self, frame: Mapping[str, Any]) -> None:
        """Forget all and begin with this frame: every screen is given a snapshot."""
        self.call(self._begin, frame)

    def _begin(self, frame: Mapping[str, Any]) -> None:
        self.connected = True
        self.at = (f"e{id(frame)}-0-0", 0)
        self.state = FrameState()
        self.state.apply(frame)
        for listener in self.listeners:
            listener(self.newest())

    def _publish(self, batch: Mapping[str, Any]) -> None:
        seq = self.at[1] + 1
        self.at = (f"e1-{seq}-0", seq)
        self.state.apply(batch)
        for listener in self.listeners:
            listener(Change(*self.at, batch))


class RisingSeries:
    """Every series rises over the window, as a river does."""

    def __init__(self) -> None:
        self.asked: list[SeriesRequest] = []
        self.usual_of: list[tuple[str, str]] = []

    def answer(self, request: SeriesRequest) -> Series:
        self.asked.append(request)
        start, end = request.window
        steps = int((end - start) / timedelta(minutes=30))
        points = [
            Point(start + timedelta(minutes=30 * i), code, self._value(code, i, steps), 3)
            for i in range(steps)
            for code in (["rq2", "ss2"] if request.by else [""])
        ]
        return Series(request, "15m", points, "history", covered=request.window)

    def usual(
        self,
        key: str,
        window: tuple[datetime, datetime],
        grain: str = "1h",
        by: str = "",
        part: str = "",
    ) -> list[tuple[datetime, float, float, float]]:
        """A range that swells in the afternoon; nothing for the customs."""
        self.usual_of.append((by, part))
        if key.startswith("customs"):
            return []
        hours = int((window[1] - window[0]) / timedelta(hours=1))
        edges = [(i, 0.1 * math.sin(i / 4)) for i in range(hours + 1)]
        return [
            (window[0] + timedelta(hours=i), -1.2 + s, -0.95 + s, -0.7 + 2 * s) for i, s in edges
        ]

    @staticmethod
    def _value(code: str, step: int, steps: int) -> float:
        share = step / max(1, steps)
        low = -2.4 if code == "ss2" else -1.1 + 1.25 * max(0.0, share - 0.4) ** 1.5 / 0.46
        return round(low + 0.05 * math.sin(step), 3)


class FixedCatalogue:
    """One catalogue, which a test may replace."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue

    def current(self) -> Catalogue:
        return self.catalogue


class Nothing:
    """Sources and history that nobody asks."""

    def __getattr__(self, name: str) -> Any:
        def refuse(*_: object, **__: object) -> None:
            raise KeyError(name)

        return refuse


def make_services(*, heartbeat: float = 15.0) -> Services:
    """The city with its sample frame as of now."""
    live = WrittenFeed()
    live.write(sample(datetime.now(UTC)))
    return Services(
        settings=Settings(heartbeat=heartbeat),
        catalogue_source=FixedCatalogue(city()),
        live=live,
        history=Nothing(),  # type: ignore[arg-type]
        series=RisingSeries(),
        sources=Nothing(),  # type: ignore[arg-type]
        shelf=Nothing(),  # type: ignore[arg-type]
        screens=MemoryScreens(),
        wire=MemoryWire(),
        geography=load_geography(),
    )


@dataclass
class Served:
    """A running web: its address, what it was built on, and how to stop and start it."""

    url: str
    services: Services
    port: int
    server: uvicorn.Server | None = None
    thread: threading.Thread | None = None

    @property
    def feed(self) -> WrittenFeed:
        assert isinstance(self.services.live, WrittenFeed)
        return self.services.live

    def start(self) -> None:
        """Serve in a thread of its own until stopped."""
        ready = threading.Event()
        app = build_web(self.services)
        config = uvicorn.Config(
            app.server, port=self.port, log_level="warning", timeout_graceful_shutdown=1
        )
        self.server = uvicorn.Server(config)

        async def serve() -> None:
            loop = asyncio.get_running_loop()
            self.feed.call = loop.call_soon_threadsafe
            assert self.server is not None
            asyncio.get_running_loop().call_later(0.05, announce)
            await self.server.serve()

        def announce() -> None:
            assert self.server is not None
            if self.server.started:
                ready.set()
            else:
                asyncio.get_running_loop().call_later(0.05, announce)

        self.thread = threading.Thread(target=lambda: asyncio.run(serve()), daemon=True)
        self.thread.start()
        assert ready.wait(20)

    def stop(self) -> None:
        """End it and wait until its port is free."""
        assert self.server is not None
        assert self.thread is not None
        self.server.should_exit = True
        self.thread.join(20)
        self.feed.call = lambda work, *args: work(*args)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def now() -> datetime:
    """The time, aware and in UTC."""
    return datetime.now(UTC)


def eventually(page: Page, holds: Callable[[], bool]) -> None:
    """Wait until something holds; fails where it does not within the time of an `expect`."""
    deadline = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < deadline
        page.wait_for_timeout(100)
