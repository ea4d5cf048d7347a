"""What dies or hangs touches nothing else, is said once, and is over soon after it ends."""

import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime

import pytest
import redis
import sqlalchemy as sa
from collecting import QUICK, City, Place, Watch, definition
from structlog.testing import capture_logs
from structlog.typing import EventDict

from dashboard.catalogue import Department
from dashboard.measures import tick_plans
from data_access.departments.source import SqlSource
from data_access.live.embedded import EmbeddedRedis
from data_access.store import open_history


def said(logs: list[EventDict], department: str, event: str) -> int:
    """How often something was logged of a department."""
    return sum(one["event"] == event and one.get("department") == department for one in logs)


def goes_on(watch: Watch, department: str, ticks: int = 5) -> None:
    """The department is read as ever."""
    before = watch.ticks(department)
    watch.until(lambda: watch.ticks(department) >= before + ticks, 10, f"{department} goes on")
    assert watch.reading(f"{department}.opened")["state"] == "fresh"
    assert watch.counter(department, "failures") == 0
    assert watch.counter(department, "breaker") == "closed"


@contextmanager
def cut_off(database_url: str) -> Iterator[None]:
    """A database that ends all connections and takes no new ones for a while."""
    url = sa.make_url(database_url)
    admin = sa.create_engine(url.set(database="postgres"), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(sa.text(f"ALTER DATABASE {url.database} ALLOW_CONNECTIONS false"))
        ended = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :n"
        connection.execute(sa.text(ended), {"n": url.database})
        yield
        connection.execute(sa.text(f"ALTER DATABASE {url.database} ALLOW_CONNECTIONS true"))
    admin.dispose()


@pytest.mark.parametrize("engine_name", ["postgresql"])
def test_of_two_departments_one_dies_and_the_other_never_notices(
    city: City, database_url: str
) -> None:
    watch, north = city.watch, Place("north", database_url)
    city.places = {**city.places, "north": north}
    north.add(1, 3)
    city.redefine(
        "v1",
        north=definition("north", late="1s", stale="3s"),
        south=definition("south", late="1m", stale="2m"),
    )
    with capture_logs() as logs, city.collecting():
        watch.until(lambda: watch.value("north.opened") == 3)
        north.engine.dispose()
        with cut_off(database_url):
            watch.until(lambda: watch.counter("north", "breaker") == "open", 15)
            watch.until(lambda: watch.reading("north.opened")["state"] == "late")
            goes_on(watch, "south")
            watch.until(lambda: watch.reading("north.opened")["state"] == "stale")
            reading = watch.reading("north.opened")
            assert reading["value"] == 3, "the last value stays on screen"
            assert reading["reason"].startswith("unreachable")
            assert "127.0.0.1" not in reading["reason"]
            watch.until(lambda: "north/feed/orders" in watch.section("matters"))
        watch.until(lambda: watch.reading("north.opened")["state"] == "fresh", 15)
        watch.until(lambda: watch.section("matters") == {})
        watch.until(lambda: watch.counter("north", "breaker") == "closed")
    of_north = [one["event"] for one in logs if one.get("department") == "north"]
    assert of_north == ["collecting", "does not answer", "answers again"]
    assert [one for one in logs if one.get("department") == "south"] == [
        {"department": "south", "token": 1, "event": "collecting", "log_level": "info"}
    ]


@pytest.mark.parametrize("engine_name", ["postgresql"])
def test_a_locked_table_delays_no_other_department(city: City, database_url: str) -> None:
    hanging = Place("north", database_url)
    city.places = {**city.places, "north": hanging}
    hanging.add(1, 4)
    watch = city.watch
    city.redefine(
        "v1",
        north=definition("north", late="1s"),
        south=definition("south", late="1m", stale="2m"),
    )
    with city.collecting():
        watch.until(lambda: watch.value("north.opened") == 4)
        with hanging.engine.connect() as lock:
            lock.execute(sa.text("LOCK TABLE orders IN ACCESS EXCLUSIVE MODE"))
            watch.until(lambda: watch.reading("north.opened")["state"] == "late")
            goes_on(watch, "south", 8)
            watch.until(lambda: watch.counter("north", "failures") > 0)
            assert watch.value("north.opened") == 4
        watch.until(lambda: watch.reading("north.opened")["state"] == "fresh", 15)
        watch.until(lambda: watch.section("feeds")["north.orders"]["skipped"] > 0)
    hanging.engine.dispose()


class Hanging(SqlSource):
    """A database that never says anything again, until it is asked anew."""

    hang = threading.Event()
    over = threading.Event()

    def reported(self, dataset: str) -> datetime | None:
        if self.department.key == "north" and Hanging.hang.is_set():
            Hanging.hang.clear()
            Hanging.over.wait(30)
        return super().reported(dataset)


def test_a_connection_that_never_answers_is_given_up(city: City) -> None:
    watch = city.watch
    one = {"limits": {"statement": "5s", "connections": 1}}
    city.redefine("v1", north=definition("north", late="2s", **one))
    short = replace(QUICK, patience=0.0, grace=4.0)
    with capture_logs() as logs, city.collecting(short, make_source=Hanging):
        watch.until(lambda: watch.value("north.opened") == 0)
        Hanging.hang.set()
        watch.until(lambda: watch.reading("north.opened")["state"] == "late")
        watch.until(lambda: watch.counter("north", "failures") == 1)
        watch.until(lambda: watch.reading("north.opened")["state"] == "fresh")
        Hanging.over.set()
        watch.until(lambda: said(logs, "north", "answers again"), what="it is asked again soon")
    assert said(logs, "north", "does not answer") == 1
    assert said(logs, "north", "answers again") == 1


class Slow(SqlSource):
    """A department whose every answer takes longer than its refresh."""

    def reported(self, dataset: str) -> datetime | None:
        time.sleep(1.0)
        return super().reported(dataset)


def test_ticks_that_come_too_late_are_skipped_and_counted(city: City) -> None:
    city.redefine("v1", north=definition("north"))
    with city.collecting(make_source=Slow):
        watch = city.watch
        watch.until(lambda: watch.ticks("north") >= 3, 20)
        skipped = watch.section("feeds")["north.orders"]["skipped"]
        assert skipped >= 4
        assert threading.active_count() < 15, "nothing is queued"


def test_redis_that_is_flushed_is_filled_again(city: City, live: EmbeddedRedis) -> None:
    watch = city.watch
    city.places["north"].add(1, 60)
    with city.collecting():
        watch.until(lambda: len(watch.section("readings")) == 10)
        watch.until(lambda: len(watch.section("sparks")) == 10)
        watch.until(lambda: "north/waiting" in watch.section("matters"))
        redis.Redis.from_url(live.url).flushall()
        watch.until(lambda: len(watch.section("readings")) == 10)
        for name, count in {"sparks": 10, "feeds": 2, "matters": 1, "facts": 5}.items():
            assert len(watch.section(name)) == count, name


def test_redis_that_is_killed_stops_no_collecting(city: City, live: EmbeddedRedis) -> None:
    watch, north = city.watch, city.places["north"]
    (plan,) = (
        p for p in tick_plans(city.holder.catalogue.departments["north"]) if p.time == "opened"
    )

    def stored() -> int:
        now = datetime.now(UTC)
        window = (datetime.fromtimestamp(0, UTC), now)
        zone = "Asia/Shanghai"
        rows = city.history.sums(plan.additives, window, grain=None, zone=zone, department="north")
        return int(rows[0][plan.additives[0].name]) if rows else 0

    with city.collecting():
        watch.until(lambda: watch.value("north.opened") == 0)
        os.kill(live.pid or 0, signal.SIGKILL)
        north.add(1, 6)
        watch.until(lambda: stored() == 6)
        live.start()
        watch.until(lambda: watch.value("north.opened") == 6, 15)
        watch.until(lambda: len(watch.section("readings")) == 10)


@pytest.mark.parametrize("engine_name", ["postgresql"])
def test_a_silent_store_is_survived(city: City, database_url: str) -> None:
    city.history.close()
    city.history = open_history(database_url)
    watch, north = city.watch, city.places["north"]
    city.redefine("v1", north=definition("north"))

    with capture_logs() as logs, city.collecting():
        north.add(1, 2)
        watch.until(lambda: watch.value("north.opened") == 2)
        with cut_off(database_url):
            watch.until(lambda: said(logs, "north", "store does not answer"))
            north.add(10, 5)
            watch.until(lambda: watch.value("north.waiting") == 7, what="stocks need no store")
        watch.until(lambda: watch.value("north.opened") == 7, 15)
        watch.until(lambda: said(logs, "north", "store answers again"))
    assert said(logs, "north", "store does not answer") == 1
    assert said(logs, "north", "store answers again") == 1
    assert said(logs, "north", "does not answer") == 0, "the department is not to blame"
    city.history.close()


class Faulty(SqlSource):
    """A source with a fault of our own in it."""

    broken = True

    def stock(self, indicator: str, now: datetime, by: str | None = None):  # type: ignore[no-untyped-def]
        if self.department.key == "north" and Faulty.broken:
            raise AssertionError("a fault of ours")
        return super().stock(indicator, now, by)


def test_a_fault_of_ours_is_logged_once_and_kills_no_desk(city: City) -> None:
    watch = city.watch
    with capture_logs() as logs, city.collecting(make_source=Faulty):
        watch.until(lambda: watch.value("south.waiting") == 0)
        watch.until(lambda: int(watch.counter("north", "failures") or 0) >= 4)
        assert watch.section("feeds")["north.orders"]["reason"] == "fault: AssertionError"
        assert watch.counter("north", "breaker") == "closed"
        Faulty.broken = False
        watch.until(lambda: watch.value("north.waiting") == 0)
    assert said(logs, "north", "fault") == 1


def test_a_url_that_is_none_is_said_and_hurts_nobody(city: City) -> None:
    bad = definition("north")
    city.redefine("v1", south=definition("south"))
    catalogue = city.holder.catalogue
    departments: dict[str, Department] = {**catalogue.departments, "north": bad}
    city.holder.catalogue = replace(
        catalogue, departments=departments, urls={**catalogue.urls, "north": "gopher://x"}
    )
    with city.collecting():
        watch = city.watch
        watch.until(lambda: watch.value("south.opened") == 0)
        watch.until(lambda: watch.reading("north.opened").get("state") == "unavailable")
        watch.until(lambda: "unreachable" in (watch.reading("north.opened").get("reason") or ""))
