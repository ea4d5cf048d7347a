"""A small city for the collector: departments of orders on real databases, and a watch on Redis."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import orjson
import redis
import sqlalchemy as sa

from dashboard.catalogue import Catalogue, Department
from data_access.collector import Collector, Pace
from data_access.departments.source import SqlSource
from data_access.live.publisher import RedisPublisher
from data_access.store import SqlHistory

T = {"zh": "甲", "en": "A"}
QUICK = Pace(
    lease=3.0,
    waiting=0.1,
    judge=0.1,
    shown=0.1,
    sweep=60.0,
    past=0.5,
    fill=0.1,
    turn=0.05,
    remember=0.2,
    set_aside=1.0,
    histograms=0.5,
    beat=1.0,
    memory=0.2,
    derived=0.5,
    diary=0.5,
    tend=0.1,
    retire=0.2,
)
ORDERS = sa.Table(
    "orders",
    sa.MetaData(),
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("town", sa.String(8)),
    sa.Column("opened", sa.Integer, index=True),
    sa.Column("closed", sa.Integer, index=True),
    sa.Column("minutes", sa.Integer),
    sa.Column("changed", sa.Integer, index=True),
)


def epoch_now(**back: float) -> int:
    """Seconds since 1970, so much ago."""
    return int((datetime.now(UTC) - timedelta(**back)).timestamp())


def definition(key: str, **more: Any) -> Department:
    """A department of orders. `more` replaces keys of its dataset; `indicators` adds some, and
    `others` datasets."""
    others = more.pop("others", {})
    indicators = {**INDICATORS, **with_share(key), **more.pop("indicators", {})}
    keys = {k: more.pop(k) for k in ("limits", "title", "quiet") if k in more}
    dataset = {
        "title": {"zh": "工单", "en": "Orders"},
        "table": "orders",
        "key": ["id"],
        "times": {n: {"column": n, "kind": "epoch"} for n in ("opened", "closed")},
        "dimensions": {"town": {"column": "town", "title": T}},
        "changed": {"column": "changed", "kind": "epoch"},
        "reported": "clock",
        "tail": "10m",
        "history": "5d",
        "refresh": "0.3s",
        "late": "2s",
        "stale": "1m",
        **more,
    }
    return Department.model_validate(
        {
            "key": key,
            "title": T,
            "owner": T,
            "url": "x",
            "liaison": T,
            "demo": True,
            "limits": {"statement": "2s"},
            "datasets": {"orders": dataset, **others},
            "indicators": {
                n: {**one, "basis": "live", "definition": {"text": T}}
                for n, one in indicators.items()
            },
            **keys,
        }
    )


UNIT = {"zh": "件", "en": "orders"}
INDICATORS: dict[str, dict[str, Any]] = {
    "opened": {
        "title": {"zh": "受理量", "en": "Opened"},
        "dataset": "orders",
        "measure": {"kind": "count"},
        "time": "opened",
        "window": "24h",
        "by": ["town"],
        "live_by": "town",
        "unit": UNIT,
    },
    "closed": {
        "title": {"zh": "办结量", "en": "Closed"},
        "dataset": "orders",
        "measure": {"kind": "count"},
        "time": "closed",
        "window": "24h",
        "unit": UNIT,
    },
    "waiting": {
        "title": {"zh": "待办", "en": "Waiting"},
        "dataset": "orders",
        "measure": {"kind": "stock", "where": [{"column": "closed", "op": "is_null"}]},
        "window": "now",
        "by": ["town"],
        "unit": UNIT,
        "limits": [{"level": "warning", "op": ">=", "value": 50, "due": "30m"}],
    },
    "median": {
        "title": {"zh": "办理时长", "en": "Median"},
        "dataset": "orders",
        "measure": {"kind": "percentile", "of": {"column": "minutes"}, "q": 0.5},
        "time": "opened",
        "window": "24h",
        "windows": ["3d"],
        "refresh": "1s",
        "unit": {"zh": "min", "en": "min"},
    },
}


def with_share(key: str) -> dict[str, Any]:
    """The derived indicator with inputs of its own department."""
    inputs = {"w": f"{key}.waiting", "o": f"{key}.opened"}
    return {
        "share": {
            "title": {"zh": "待办占比", "en": "Share waiting"},
            "measure": {"kind": "formula", "formula": "100 * w / o", "inputs": inputs},
            "window": "now",
            "unit": {"zh": "%", "en": "%"},
        }
    }


@dataclass
class Holder:
    """A catalogue that a test may exchange."""

    catalogue: Catalogue

    def current(self) -> Catalogue:
        return self.catalogue


@dataclass
class Place:
    """One department's real database, to be written to as the department does."""

    key: str
    url: str
    engine: sa.Engine = field(init=False)

    def __post_init__(self) -> None:
        self.engine = sa.create_engine(self.url)
        ORDERS.metadata.create_all(self.engine)

    def add(self, first: int, count: int, town: str = "a", **back: float) -> None:
        """Orders opened so long ago (now where nothing is said), and not closed."""
        at = epoch_now(**back)
        rows = [
            {"id": n, "town": town, "opened": at, "minutes": n % 10, "changed": at}
            for n in range(first, first + count)
        ]
        with self.engine.begin() as connection:
            connection.execute(sa.insert(ORDERS), rows)

    def change(self, ids: range, **values: Any) -> None:
        """Correct orders; `changed` is set as the department does."""
        values = {"changed": epoch_now()} | values
        with self.engine.begin() as connection:
            connection.execute(sa.update(ORDERS).where(ORDERS.c.id.in_(ids)).values(**values))

    def delete(self, ids: range) -> None:
        """Delete orders, of which nothing is left to see."""
        with self.engine.begin() as connection:
            connection.execute(sa.delete(ORDERS).where(ORDERS.c.id.in_(ids)))


@dataclass
class Watch:
    """What screens would see."""

    url: str
    prefix: str

    def section(self, name: str) -> dict[str, dict[str, Any]]:
        client = redis.Redis.from_url(self.url)
        try:
            found = client.hgetall(f"{self.prefix}:{name}")
        finally:
            client.close()
        return {key.decode(): orjson.loads(value) for key, value in found.items()}

    def reading(self, key: str) -> dict[str, Any]:
        return self.section("readings").get(key, {})

    def value(self, key: str) -> Any:
        return self.reading(key).get("value")

    def counter(self, department: str, name: str) -> Any:
        """What the collector says of its own work."""
        return self.section("facts").get(f"collector/{department}", {}).get(name)

    def ticks(self, department: str) -> int:
        """Ticks that a department has answered."""
        return int(self.counter(department, "ticks") or 0)

    def until(self, holds: Callable[[], Any], seconds: float = 10.0, what: str = "") -> float:
        """Wait until something holds; how long it took. Fails where it takes too long."""
        began = time.monotonic()
        while not holds():
            taken = time.monotonic() - began
            assert taken < seconds, f"not so after {seconds} s: {what} {self.section('readings')}"
            time.sleep(0.03)
        return time.monotonic() - began


@dataclass
class City:
    """All parts of a running collector."""

    history: SqlHistory
    redis_url: str
    prefix: str
    places: Mapping[str, Place]
    holder: Holder

    zone = ZoneInfo("Asia/Shanghai")

    @property
    def watch(self) -> Watch:
        return Watch(self.redis_url, self.prefix)

    def collector(self, pace: Pace = QUICK, **more: Any) -> Collector:
        """A collector that is not running yet."""
        publisher = RedisPublisher(self.redis_url, self.prefix, 1000)
        make = more.pop("make_source", SqlSource)
        return Collector(self.holder, self.history, publisher, make, pace=pace, **more)

    @contextmanager
    def collecting(self, pace: Pace = QUICK, **more: Any) -> Iterator[Collector]:
        """A running collector."""
        with running(self.collector(pace, **more)) as collector:
            yield collector

    def histogram_rows(self, indicator: str, days_ago: int) -> int:
        """Rows in the histogram of a closed day, 0 where it has not been made."""
        day = (datetime.now(UTC) - timedelta(days=days_ago)).astimezone(self.zone).date()
        found = self.history.histograms(indicator, day, day).get(day, {})
        return sum(found.get("", {}).values())

    def redefine(self, version: str, **departments: Department) -> None:
        """Exchange the catalogue's departments."""
        urls = {key: self.places[key].url for key in departments}
        self.holder.catalogue = Catalogue(version, departments, urls=urls)


@contextmanager
def running(collector: Collector) -> Iterator[Collector]:
    """Run a collector in a thread; it must end within two seconds."""
    thread = threading.Thread(target=collector.run)
    thread.start()
    try:
        yield collector
    finally:
        began = time.monotonic()
        collector.stop()
        thread.join(5)
        assert not thread.is_alive()
        assert time.monotonic() - began < 2.0


def slower(pace: Pace, **changes: float) -> Pace:
    """A pace with some changes."""
    return replace(pace, **changes)
