"""A small city for tests of the web: two departments, and ports that answer from memory."""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import orjson
from walls.walls_city import MemoryScreens, MemoryWire

from callbacks.lanes import Lanes
from callbacks.services import Services
from dashboard import ids
from dashboard.catalogue import Catalogue, Department
from dashboard.catalogue.layers import Layer
from dashboard.catalogue.pages import Page
from dashboard.entries import Kept, Statement
from dashboard.frames import Change, FrameState
from dashboard.geography.sampling import classed_of
from dashboard.ports import Point, RowPage, Series, SeriesRequest, Unreachable
from dashboard.settings import Settings
from data_access.geography import load_geography

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


def text(zh: str, en: str | None = None) -> dict[str, str]:
    return {"zh": zh, "en": en or zh}


def count(title: str, **more: Any) -> dict[str, Any]:
    return {
        "title": text(title, f"{title} count"),
        "dataset": "applications",
        "measure": {"kind": "count"},
        "time": "applied",
        "unit": text("件", "cases"),
        "basis": "live",
        "definition": {"text": text("申请数", "how many were lodged")},
        **more,
    }


CASES = {
    "key": "cases",
    "title": text("办件", "Cases"),
    "owner": text("政务局", "Service office"),
    "url": "${CASES_URL}",
    "liaison": text("李", "Li"),
    "demo": True,
    "order": 1,
    "datasets": {
        "applications": {
            "title": text("申请", "Applications"),
            "table": "applications",
            "key": ["id"],
            "times": {"applied": {"column": "sbsj", "kind": "instant"}},
            "dimensions": {
                "district": {
                    "column": "xzqhdm",
                    "title": text("区", "District"),
                    "values": {"440604": text("禅城", "Chancheng"), "=1+1": text("=怪", "=odd")},
                }
            },
            "set_aside": [
                {
                    "name": "early",
                    "title": text("办结早于申请", "closed before lodged"),
                    "where": [{"column": "x", "op": "is_null"}],
                }
            ],
        }
    },
    "indicators": {
        "lodged": count("申请量", by=["district"], serves=["S9"]),
        "fees": count("收费", decimals=2),
        "open": count("在办", measure={"kind": "stock"}, time=None, window="now"),
        "hidden": count("内部", internal=True),
    },
}
CUSTOMS = {
    **CASES,
    "key": "customs",
    "title": text("通关", "Customs"),
    "demo": False,
    "order": 2,
    "indicators": {"released": count("放行")},
}


def city() -> Catalogue:
    """Two departments with a page each."""
    departments = {d["key"]: Department.model_validate(d) for d in (CASES, CUSTOMS)}
    page = Page.model_validate(
        {
            "key": "cases",
            "title": text("办件"),
            "department": "cases",
            "numbers": ["cases.lodged", "cases.fees"],
            "panels": [{"kind": "trend", "indicators": ["cases.lodged"]}],
        }
    )
    layers = {key: Layer.model_validate(layer(key)) for key in ("cases", "customs")}
    return Catalogue(
        version="abc123", departments=departments, pages={"cases": page}, layers=layers
    )


def layer(department: str) -> dict[str, Any]:
    """A layer of a department's applications, named after it."""
    title = text("图层" if department == "cases" else "通关图层", f"{department} layer")
    return {
        "key": department,
        "title": title,
        "kind": "points",
        "dataset": f"{department}.applications",
        "position": {"lat": "lat", "lon": "lon"},
        "on": True,
        "nearest": ["customs"] if department == "cases" else [],
    }


def points(version: str = "v1", department: str = "cases") -> dict[str, Any]:
    """The points of a department's layer as the collector publishes them."""
    return {
        "version": version,
        "classed": classed_of(Layer.model_validate(layer(department))),
        "id": ["1", "2"],
        "label": ["甲", None],
        "value": [3.0, None],
        "class": [0, 0],
        "lon": [11311000, 11327000],
        "lat": [2302000, 2284000],
        "aside": [{"id": "3", "label": "丙", "why": "zero", "lat": "0", "lon": "0"}],
    }


def reading(key: str, value: float | None = 1.0, **more: Any) -> dict[str, Any]:
    return {
        "key": key,
        "department": key.partition(".")[0],
        "value": value,
        "n": 7,
        "state": "fresh",
        "level": "normal",
        "as_of": "2026-11-22T07:59:30.000Z",
        "collected_at": "2026-11-22T07:59:58.000Z",
        "version": "abc123",
        "window": "today",
        "late_after": 120.0,
        "stale_after": 900.0,
        **more,
    }


def feed(department: str) -> dict[str, Any]:
    return {
        "department": department,
        "dataset": "applications",
        "state": "fresh",
        "as_of": "2026-11-22T07:59:30.000Z",
        "collected_at": "2026-11-22T07:59:58.000Z",
        "since": None,
        "late_after": 120.0,
        "stale_after": 900.0,
        "reason": None,
        "tick_ms": 3.0,
        "skipped": 0,
        "drift": 0,
        "set_aside": {"early": 3},
        "unreadable": {"applied": 2},
    }


async def until(condition: Callable[[], Any], seconds: float = 30.0) -> None:
    """Wait for a condition."""
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110  # there is no event to wait for
            await asyncio.sleep(0.01)


class MemoryFeed:
    """A live feed that tests write to."""

    def __init__(self) -> None:
        self.state = FrameState()
        self.connected = True
        self.epoch = "e1"
        self.at: tuple[str | None, int] = ("e1-0-0", 0)
        self.listeners: list[Callable[[Change], None]] = []
        self.followed = 0

    def sections(self) -> Mapping[str, Mapping[str, dict[str, Any]]]:
        return self.state.sections

    def newest(self) -> Change:
        return Change(*self.at, self.state.sections, whole=True)

    def listen(self, listener: Callable[[Change], None]) -> None:
        self.listeners.append(listener)

    async def follow(self) -> None:
        self.followed += 1

    def publish(self, batch: Mapping[str, Any], *, whole: bool = False) -> None:
        seq = self.at[1] + 1
        self.at = (f"{self.epoch}-{seq}-0", seq)
        self.state.apply(batch)
        change = self.newest() if whole else Change(*self.at, batch)
        for listener in self.listeners:
            listener(change)


class MemorySeries:
    """Answers every question with the same few points, or as `refuses` says."""

    def __init__(self) -> None:
        self.refuses: Exception | None = None
        self.silent: set[str] = set()
        self.only_total = False
        self.asks_department: set[str] = set()
        self.asked: list[SeriesRequest] = []

    def answer(self, request: SeriesRequest) -> Series:
        self.asked.append(request)
        if self.refuses is not None:
            raise self.refuses
        if self.only_total and request.grain != "total":
            raise ValueError("found grain 15m, expected total")
        if request.key in self.silent:
            raise Unreachable("the department does not answer")
        if request.key in self.asks_department and request.permit is not None:
            request.permit(request.key, request.window)
        codes = ["440604", "=1+1"] if request.by else [""]
        values = (
            [Decimal("1234567890123.45"), Decimal("-2.50")]
            if request.key == "cases.fees"
            else [0.1 + 0.2, -2.5]
        )
        start = request.window[0]
        points = [
            Point(start + timedelta(hours=hour), code, value, 3)
            for hour, value in enumerate(values)
            for code in codes
        ]
        return Series(request, request.grain or "1h", points, "history", covered=request.window)


class MemoryHistory:
    """What the web itself uses of the store."""

    def __init__(self) -> None:
        self.notes: list[tuple[Any, ...]] = []
        self.kept: list[Kept] = []
        self.withdrawn: list[tuple[str, str, str | None]] = []
        self.down = False

    def state(self, department: str, name: str) -> Any:
        if self.down:
            raise Unreachable("the store does not answer")

    def audit(self, *note: Any) -> None:
        self.notes.append(note)

    def enter(self, statement: Statement) -> str:
        entry = str(len(self.kept))
        self.kept.insert(0, Kept(entry, statement))
        return entry

    def withdraw(
        self, form: str, place: str, author: str, who: str, at: datetime, entry: str | None = None
    ) -> bool:
        self.withdrawn.append((form, place, entry))
        return False

    def entries(self, form: str, limit: int) -> list[Kept]:
        return self.kept[:limit]


class MemoryCatalogue:
    def __init__(self) -> None:
        self.catalogue = city()

    def current(self) -> Catalogue:
        return self.catalogue


class MemorySources:
    """Departments with a few rows, or as many as a test wants; the last one's stream is kept."""

    def __init__(self) -> None:
        self.rows_there = 3
        self.streamed = 0
        self.closed = 0

    def of(self, department: str) -> Any:
        return self

    def sql(self, indicator: str) -> str:
        return "SELECT count(*) FROM applications"

    def rows(self, indicator: str, window: Any, **_: Any) -> RowPage:
        return RowPage(["id", "sbsj"], [[1, NOW]], 1, self.sql(indicator))

    def row(self, dataset: str, key: Any, *, cleared: bool = False) -> RowPage:
        return RowPage(["id", "who"], [[key[0], "王" if cleared else "•••"]], 1, "select 1")

    def stream_rows(
        self, indicator: str, window: Any, *, where: Any = None, cleared: bool
    ) -> Iterator[list[Any]]:
        try:
            yield ["id", "sbsj", "who"]
            for number in range(self.rows_there):
                self.streamed += 1
                yield [number, NOW, "=1+1" if cleared else "•••"]
        finally:
            self.closed += 1


class MemoryShelf:
    """The points of layers, by their keys."""

    def __init__(self) -> None:
        self.bodies = {f"{d}.{d}": orjson.dumps(points(department=d)) for d in ("cases", "customs")}
        self.asked: list[tuple[str, str]] = []

    async def points(self, layer: str, version: str) -> bytes | None:
        self.asked.append((layer, version))
        return self.bodies.get(layer)


def told_layer(department: str) -> dict[str, Any]:
    """What every screen is told of a layer."""
    return {
        "department": department, "at": "2026-11-22T07:59:58.000Z", "version": "v1", "n": 3,
        "drawn": 2, "more": False, "classes": [2], "aside": {"zero": 1},
    }  # fmt: skip


def make_services(**settings: Any) -> Services:
    """Services from memory; `series`, `history` and `live` are the fakes above."""
    services = Services(
        settings=Settings(**({"heartbeat": 15.0, "allowed_hosts": "center"} | settings)),
        catalogue_source=MemoryCatalogue(),
        live=MemoryFeed(),
        history=MemoryHistory(),  # type: ignore[arg-type]  # only what the web uses
        series=MemorySeries(),
        sources=MemorySources(),
        shelf=MemoryShelf(),
        screens=MemoryScreens(),
        wire=MemoryWire(),
        geography=load_geography(),
        lanes=Lanes(2, 2),
        clock=lambda: NOW,
    )
    services.live.publish(
        {
            "readings": {key: reading(key) for key in ("cases.lodged", "customs.released")},
            "feeds": {f"{d}.applications": feed(d) for d in ("cases", "customs")},
            "layers": {f"{d}.{d}": told_layer(d) for d in ("cases", "customs")},
        }
    )
    return services


def router_question(path: str, search: str = "") -> dict[str, Any]:
    """What the browser sends to have a page put in its place."""
    inputs = [
        {"id": ids.URL, "property": "pathname", "value": path},
        {"id": ids.URL, "property": "search", "value": search},
        {"id": ids.LANGUAGE, "property": "data", "value": None},
        {"id": ids.THEME, "property": "data", "value": None},
    ]
    return {
        "output": f"{ids.PAGE}.children",
        "outputs": {"id": ids.PAGE, "property": "children"},
        "inputs": inputs,
        "changedPropIds": [f"{ids.URL}.pathname"],
        "state": [],
    }
