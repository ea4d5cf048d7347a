"""A whole product over the real data: databases on one engine, collector, store, web."""

import io
import shutil
import threading
import time
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import python_calamine
import redis
from real_city.loader import DEPARTMENTS, City, load, read_city
from servers import make_database
from starlette.testclient import TestClient

from app import create_app, store_url
from dashboard.catalogue.load import load as load_catalogue
from dashboard.catalogue.watch import WatchedCatalogue
from dashboard.measures import tick_plans
from dashboard.ports import History
from dashboard.settings import Settings
from data_access.collector import Collector, Pace
from data_access.departments.source import SqlSource
from data_access.live.publisher import RedisPublisher
from data_access.store import open_history

CATALOG = Path(__file__).parent / "catalog"
NOW = datetime(2026, 2, 16, 21, 30, tzinfo=UTC)
"""The moved clock: half an hour after the last bus was seen."""
READING_ONLY = Pace(fill=0.02, turn=0.1)
"""Nobody looks at this city while its history is read, so that no rests are left to the ticks."""


@dataclass(frozen=True)
class Product:
    """What a test asks: the API and the exports of a product whose history is read."""

    client: TestClient

    def series(self, key: str, window: str, grain: str = "total", by: str = "") -> dict[str, Any]:
        """The JSON of `/api/series`."""
        found = self.client.get(f"/api/series/{key}", params=_asked(window, grain, by))
        assert found.status_code == 200, found.text
        return dict(found.json())

    def parts(self, key: str, window: str, by: str) -> dict[str, float]:
        """One number per code."""
        points = self.series(key, window, by=by)["points"]
        return {p["code"]: float(p["value"]) for p in points if p["value"] is not None}

    def exported(self, key: str, window: str, by: str = "") -> dict[str, float]:
        """One number per code ("" for the total) from the CSV of `/export`, as pandas reads it."""
        frame = pd.read_csv(io.BytesIO(self._file(key, "csv", window, by)), encoding="utf-8-sig")
        return _numbers(frame["code"] if by else None, frame["value"])

    def in_workbook(self, key: str, window: str, by: str = "") -> dict[str, float]:
        """The same from the first sheet of the XLSX, whose provenance names the source."""
        content = io.BytesIO(self._file(key, "xlsx", window, by))
        book = python_calamine.load_workbook(content)
        rows = book.get_sheet_by_index(0).to_python()
        named = {str(row[0]): row[1] for row in book.get_sheet_by_index(1).to_python()[1:]}
        assert named["键 key"] == key
        assert named["目录版本 definition version"]
        at = 4 if by else 1
        codes = [str(row[1]) for row in rows[1:]]
        return _numbers(codes if by else None, [row[at] for row in rows[1:]])

    def _file(self, key: str, form: str, window: str, by: str) -> bytes:
        found = self.client.get(f"/export/{key}.{form}", params=_asked(window, "total", by))
        assert found.status_code == 200, found.text
        return found.content


def _numbers(codes: Iterable[str] | None, values: Iterable[Any]) -> dict[str, float]:
    kept = list(values)
    named = list(codes) if codes is not None else [""] * len(kept)
    return {str(code): float(value) for code, value in zip(named, kept, strict=True)}


def _asked(window: str, grain: str, by: str) -> Mapping[str, str]:
    return {"window": window, "grain": grain} | ({"by": by} if by else {})


@pytest.fixture(scope="session")
def real_city(shared_data: Path) -> City:
    """The real data as it is."""
    return read_city(shared_data)


@pytest.fixture(scope="session")
def open_product(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, redis_url: str
) -> Callable[[City, str], Any]:
    """Makes a product over a city on an engine."""

    @contextmanager
    def opened(city: City, engine: str) -> Iterator[Product]:
        folder = tmp_path_factory.mktemp("real")
        databases = {name: make_database(engine, request, folder) for name in DEPARTMENTS}
        urls = {name: next(database) for name, database in databases.items()}
        try:
            load(city, urls)
            with collected(folder, urls, redis_url) as product:
                yield product
        finally:
            for database in databases.values():
                next(database, None)
            shutil.rmtree(folder, ignore_errors=True)

    return opened


@contextmanager
def collected(folder: Path, urls: Mapping[str, str], redis_url: str) -> Iterator[Product]:
    """Run the collector until the whole history is read, then serve it."""
    prefix = f"cc-test-{uuid.uuid4().hex[:8]}"
    settings = Settings(catalog=CATALOG, data=folder, redis_url=redis_url, redis_prefix=prefix)
    environ = {f"{name.upper()}_URL": url for name, url in urls.items()}
    catalogue = WatchedCatalogue(CATALOG, environ)
    assert not catalogue.current().problems, catalogue.current().problems
    history = open_history(store_url(settings), lambda: NOW)
    publisher = RedisPublisher(settings.redis_url, prefix, settings.stream_length)
    collector = Collector(
        catalogue, history, publisher, SqlSource, clock=lambda: NOW, pace=READING_ONLY
    )
    thread = threading.Thread(target=collector.run)
    thread.start()
    try:
        _wait_until_read(history)
    finally:
        collector.stop()
        thread.join(20)
    with TestClient(
        create_app(settings, environ, clock=lambda: NOW).server,
        base_url="http://localhost",
        client=("127.0.0.1", 50_000),
    ) as client:
        yield Product(client)
    history.close()
    _forget(redis_url, prefix)


def _wait_until_read(history: History, seconds: float = 600) -> None:
    city = load_catalogue(CATALOG, {})
    departments = city.departments.values()
    plans = [(d, plan) for d in departments for plan in tick_plans(d)]
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        covered = [
            (found := history.coverage(plan)) is not None
            and found[0] <= NOW - department.datasets[plan.dataset].history
            for department, plan in plans
        ]
        if all(covered):
            return
        time.sleep(0.2)
    raise AssertionError(
        f"history not read in {seconds:.0f} s: {[p.key for _, p in plans]} {covered}"
    )


def _forget(redis_url: str, prefix: str) -> None:
    with redis.Redis.from_url(redis_url) as client:
        for key in client.scan_iter(f"{prefix}:*"):
            client.delete(key)
