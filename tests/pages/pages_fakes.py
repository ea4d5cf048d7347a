"""The outside world of page tests: ports that answer from the small city, and can be broken."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import product
from typing import Any

from pages_catalogue import PORTS
from pages_city import NOW, ZONE, city, hash_of, sections, wave
from walls.walls_city import MemoryScreens, MemoryWire

from callbacks.services import Services
from dashboard import windows
from dashboard.catalogue import Catalogue
from dashboard.frames import Change
from dashboard.measures import JOINT, TickPlan
from dashboard.ports import Point, Range, RowPage, Series, SeriesRequest, Unreachable
from dashboard.settings import Settings
from dashboard.tickets import Ticket
from data_access.geography import load_geography


@dataclass
class FakeSeries:
    """Answers every series from `wave`; `broken` keys do not answer."""

    broken: set[str] = field(default_factory=set)
    empty: set[str] = field(default_factory=set)
    asked: list[SeriesRequest] = field(default_factory=list)

    def answer(self, request: SeriesRequest) -> Series:
        self.asked.append(request)
        if request.key in self.broken:
            raise Unreachable("the department does not answer")
        grain = request.grain or windows.pick_grain(request.window)
        codes = list(codes_of(request.by)) if request.by else [""]
        points = [] if request.key in self.empty else list(self._points(request, grain, codes))
        return Series(request, grain, points, "history", covered=request.window)

    def usual(
        self, key: str, window: Range, grain: str = "1h", by: str = "", part: str = ""
    ) -> list[tuple[datetime, float, float, float]]:
        found = [(at, wave(key + "usual", at)) for at in windows.starts(window, "1h", ZONE)]
        return [(at, value - 9, value, value + 9) for at, value in found]

    def _points(self, request: SeriesRequest, grain: str, codes: list[str]) -> list[Point]:
        if grain == windows.TOTAL:
            return [
                Point(request.window[0], c, wave(request.key + c, NOW), 40 + hash_of(c))
                for c in codes
            ]
        shift = 1.8 if "p90" in request.key else 1.0
        return [
            Point(at, code, wave(request.key + code, at) * shift, 12)
            for at in windows.starts(request.window, grain, ZONE)
            for code in codes
        ]


def codes_of(by: str) -> tuple[str, ...]:
    """The codes of the small city's dimensions."""
    if "," in by:
        first, second = (codes_of(name) for name in by.split(","))
        return tuple(JOINT.join(pair) for pair in product(first, second))
    dimension = {
        "stage": ("declared", "review", "inspect", "tax", "released"),
        "station": ("1371A", "1372A", "1376A"),
    }
    return dimension.get(by, tuple(PORTS))


@dataclass
class FakeLive:
    """The newest frame, which never changes."""

    frame: dict[str, dict[str, dict[str, Any]]] = field(default_factory=sections)
    connected: bool = True

    def sections(self) -> dict[str, dict[str, dict[str, Any]]]:
        return self.frame

    def listen(self, listener: Callable[[Change], None]) -> None:
        return None

    def newest(self) -> Change:
        return Change("e-1-0", 1, self.frame, whole=True)

    async def follow(self) -> None:
        await asyncio.Event().wait()


@dataclass
class FakeHistory:
    """Remembers the audit; every feed's history goes back sixty days."""

    audited: list[tuple[str, str, str]] = field(default_factory=list)
    down: bool = False
    tickets: list[Ticket] = field(default_factory=list)

    def open_tickets(self, department: str | None = None) -> list[Ticket]:
        return self.tickets

    def coverage(self, plan: TickPlan) -> Range | None:
        if self.down:
            raise Unreachable("the store does not answer")
        return NOW - timedelta(days=60), NOW

    def audit(self, who: str, action: str, subject: str, detail: Mapping[str, Any]) -> None:
        self.audited.append((who, action, subject))


@dataclass
class FakeSource:
    """One department's database with two rows, one cell of which is masked."""

    asked: int = 0
    down: bool = False

    def sql(self, indicator: str) -> str:
        return "SELECT count(*) FROM bgd_main"

    def rows(self, indicator: str, window: Range | None, **options: Any) -> RowPage:
        if self.down:
            raise Unreachable("the department does not answer")
        self.asked += 1
        rows = [["5101-2026-0001", "inspect", "•••", NOW], ["5101-2026-0002", "tax", "•••", None]]
        return RowPage(["decl_no", "status", "owner_name", "arrive_time"], rows, 2, "SELECT 1")


@dataclass
class FakeSources:
    source: FakeSource = field(default_factory=FakeSource)

    def of(self, department: str) -> FakeSource:
        return self.source


@dataclass
class FakeCatalogue:
    catalogue: Catalogue = field(default_factory=city)

    def current(self) -> Catalogue:
        return self.catalogue


@dataclass
class FakeShelf:
    """The points of layers, by their keys."""

    bodies: dict[str, bytes] = field(default_factory=dict)

    async def points(self, layer: str, version: str) -> bytes | None:
        return self.bodies.get(layer)


def services(**more: Any) -> Services:
    """The web's services over fakes."""
    shared: dict[str, Any] = {
        "settings": Settings(), "catalogue_source": FakeCatalogue(), "live": FakeLive(),
        "history": FakeHistory(), "series": FakeSeries(), "sources": FakeSources(),
        "shelf": FakeShelf(), "screens": MemoryScreens(), "wire": MemoryWire(), "geography": load_geography(),
        "clock": lambda: NOW,
    }  # fmt: skip
    return Services(**(shared | more))
