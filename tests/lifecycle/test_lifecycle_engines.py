"""One city on SQLite, PostgreSQL and MariaDB: equal seeds give equal readings, to the last part."""

import math
import threading
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import orjson
import pytest
import redis
from outages.stage import wait_for
from servers import ENGINES, ROOT, make_database

from app import store_url
from dashboard.catalogue.watch import WatchedCatalogue
from dashboard.measures import tick_plans
from dashboard.ports import History
from dashboard.reasons import Reason
from dashboard.settings import Settings
from data_access.collector import Collector, Pace
from data_access.departments.source import SqlSource
from data_access.live.keys import Keys
from data_access.live.publisher import RedisPublisher
from data_access.store import open_history
from demo.city import make_city

pytestmark = pytest.mark.timeout(900)
NOW = datetime(2026, 9, 14, 2, 20, 30, tzinfo=UTC)
"""A Monday, 10:20:30 in the city: halls are open, buses run."""
T = TypeVar("T")
DEMO = ("transit", "customs", "cases", "environment", "incidents")
"""Departments that are moved from engine to engine: those of the room. That the rows of all are the
same on every engine is held where the demo city is made."""
SEED = 20261122
DAYS = 2
PACE = Pace(
    judge=3.0,
    publish=1.0,
    fill=0.05,
    turn=0.2,
    histograms=5.0,
    derived=5.0,
    past=5.0,
    remember=3600.0,
)
"""How states stood in the past is told piece by piece for minutes, and tested elsewhere."""
QUIET = 5 * PACE.past
"""Seconds without a change after which none is to come."""
STARTING = {Reason.NOT_READ.value, Reason.READING_HISTORY.value}
"""Reasons of readings that are still on their way."""


def moved(entries: Mapping[str, T]) -> dict[str, T]:
    """Those of the departments that are moved to other engines, by key; files and what the center
    knows of itself stay where they are."""
    return {key: entry for key, entry in entries.items() if key.partition(".")[0] in DEMO}


@dataclass(frozen=True)
class Collected:
    """What one collector publishes and keeps."""

    catalogue: WatchedCatalogue
    history: History
    redis_url: str
    prefix: str

    def section(self, name: str) -> dict[str, dict[str, Any]]:
        """A section of the newest frame as it lies in Redis."""
        with redis.Redis.from_url(self.redis_url) as client:
            found = client.hgetall(Keys(self.prefix).section(name))
        return {key.decode(): orjson.loads(entry) for key, entry in found.items()}

    def complete(self) -> bool:
        """Whether everything is read: the whole history, every indicator with all its windows, and
        the days that are counted last of all."""
        readings = moved(self.section("readings"))
        indicators = moved(dict(self.catalogue.current().indicators()))
        return (
            readings.keys() == indicators.keys()
            and not any(r.get("reason") in STARTING for r in readings.values())
            and all(
                set(indicator.windows) - {indicator.window} <= set(readings[key].get("windows", {}))
                for key, indicator in indicators.items()
                if indicator.measure.kind in ("percentile", "distinct")
            )
            and all(
                readings[key]["value"] is not None
                for key, indicator in indicators.items()
                if indicator.measure.kind == "days"
            )
            and self._covered()
        )

    def _covered(self) -> bool:
        for department in moved(self.catalogue.current().departments).values():
            for plan in tick_plans(department):
                covered = self.history.coverage(plan)
                begins = NOW - department.datasets[plan.dataset].history
                if covered is None or covered[0] > begins:
                    return False
        return True


@contextmanager
def collecting(urls: Mapping[str, str], folder: Path, redis_url: str) -> Iterator[Collected]:
    """A collector at work on one engine's city, at a moment that stands still."""
    prefix = f"cc-test-{uuid.uuid4().hex[:8]}"
    settings = Settings(data=folder, redis_url=redis_url, redis_prefix=prefix)
    environ = {f"{name.upper()}_URL": url for name, url in urls.items()}
    catalogue = WatchedCatalogue(ROOT / "catalog", environ)
    history = open_history(store_url(settings), lambda: NOW)
    publisher = RedisPublisher(settings.redis_url, prefix, settings.stream_length)
    collector = Collector(catalogue, history, publisher, SqlSource, clock=lambda: NOW, pace=PACE)
    thread = threading.Thread(target=collector.run)
    thread.start()
    try:
        yield Collected(catalogue, history, redis_url, prefix)
    finally:
        collector.stop()
        thread.join(30)
        publisher.close()
        history.close()
        with redis.Redis.from_url(redis_url) as client:
            client.delete(*client.scan_iter(f"{prefix}:*"))


@contextmanager
def city_on(engine: str, request: pytest.FixtureRequest, folder: Path) -> Iterator[Collected]:
    """The city of one seed, made and collected on an engine, all of it read."""
    databases = {name: make_database(engine, request, folder) for name in DEMO}
    urls = {name: next(database) for name, database in databases.items()}
    redis_url = request.getfixturevalue("redis_url")
    try:
        make_city(urls, SEED, DAYS, NOW)
        with collecting(urls, folder, redis_url) as city:
            wait_for(city.complete, 600)
            yield city
    finally:
        for database in databases.values():
            next(database, None)


@pytest.fixture(scope="module")
def expected(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Any]:
    """What the readings of the city are on SQLite."""
    with city_on("sqlite", request, tmp_path_factory.mktemp("sqlite")) as city:
        return settled(city)


def settled(city: Collected) -> dict[str, Any]:
    """What is read once nothing changes any more: a limit against the past is judged some moments
    after all has been read. The city's clock stands still."""
    looks = [seen(city)]

    def quiet() -> bool:
        time.sleep(QUIET)
        looks.append(seen(city))
        return looks[-1] == looks[-2]

    wait_for(quiet, 240)
    return looks[-1]


def seen(city: Collected) -> dict[str, Any]:
    """What is read of the present. Comparisons with the past come later: it is told piece by piece."""
    readings = moved(city.section("readings"))
    return {
        key: {name: value for name, value in reading.items() if name != "compare"}
        for key, reading in readings.items()
    }


@pytest.mark.parametrize("engine", [name for name in ENGINES if name != "sqlite"])
def test_equal_seeds_give_equal_readings(
    expected: dict[str, Any], request: pytest.FixtureRequest, tmp_path: Path, engine: str
) -> None:
    with city_on(engine, request, tmp_path) as city:
        found = settled(city)
    assert list(differences(found, expected, "")) == []
    assert sum(reading["value"] is not None for reading in found.values()) >= 30
    assert sum(len(reading.get("parts", {})) for reading in found.values()) >= 100
    assert sum(len(reading.get("windows", {})) for reading in found.values()) >= 10


def differences(found: Any, expected: Any, path: str) -> Iterator[str]:
    """Where two JSON values differ: exactly, but numbers to 1e-9."""
    if isinstance(found, dict) and isinstance(expected, dict):
        for key in sorted({*found, *expected}):
            yield from differences(found.get(key), expected.get(key), f"{path}/{key}")
    elif isinstance(found, list) and isinstance(expected, list) and len(found) == len(expected):
        for number, pair in enumerate(zip(found, expected, strict=True)):
            yield from differences(*pair, f"{path}/{number}")
    elif isinstance(found, float) and isinstance(expected, float):
        if not math.isclose(found, expected, rel_tol=1e-9, abs_tol=1e-12):
            yield f"{path}: {found} instead of {expected}"
    elif found != expected:
        yield f"{path}: {found!r} instead of {expected!r}"
