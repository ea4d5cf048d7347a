"""The collector on departments behind a server: the main way, and one that hangs, dies and returns."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from collecting import QUICK, City, Place, Watch, definition, epoch_now, slower
from outages.faulty_proxy import FaultyProxy
from structlog.testing import capture_logs

SERVERS = ["postgresql", "mariadb"]


@pytest.fixture(params=SERVERS)
def engine_name(request: pytest.FixtureRequest) -> str:
    """SQLite is what all other tests of the collector run on."""
    return str(request.param)


@pytest.fixture
def north(city: City, database_url: str) -> Iterator[Place]:
    """The department `north` on a server of its own; `south` stays as it was."""
    place = Place("north", database_url)
    city.places = {**city.places, "north": place}
    city.redefine(
        "v1",
        north=definition("north", late="1s", stale="4s"),
        south=definition("south", late="1m", stale="2m"),
    )
    yield place
    place.engine.dispose()


def parts(watch: Watch, key: str) -> dict[str, float]:
    return {code: part["value"] for code, part in watch.reading(key).get("parts", {}).items()}


def test_rows_come_change_and_go_and_the_readings_with_them(city: City, north: Place) -> None:
    watch = city.watch
    north.add(1, 20, hours=5)
    north.add(31, 10, town="b", hours=2)
    with city.collecting(slower(QUICK, sweep=1.0)):
        watch.until(lambda: watch.value("north.opened") == 30)
        watch.until(lambda: parts(watch, "north.opened") == {"a": 20, "b": 10})
        watch.until(lambda: watch.value("north.waiting") == 30)
        watch.until(lambda: watch.value("north.share") == 100)
        watch.until(lambda: watch.reading("north.median").get("n") == 30)
        north.add(100, 5, town="B ")
        watch.until(lambda: watch.value("north.opened") == 35, what="a committed row")
        watch.until(lambda: parts(watch, "north.opened").get("B ") == 5, what="codes are exact")
        north.change(range(1, 6), closed=epoch_now(hours=1), town="b")
        watch.until(lambda: watch.value("north.closed") == 5, what="a corrected row")
        watch.until(lambda: parts(watch, "north.opened") == {"a": 15, "b": 15, "B ": 5})
        north.delete(range(31, 34))
        watch.until(lambda: watch.value("north.waiting") == 27)
        watch.until(lambda: watch.value("north.opened") == 32, what="a deleted row")
        feed = watch.section("feeds")["north.orders"]
        assert feed["drift"] == 1, "one bucket holds what was deleted"


def test_a_server_that_hangs_dies_and_comes_back(city: City, north: Place) -> None:
    watch, url = city.watch, sa.make_url(north.url)
    proxy = FaultyProxy(url.port or 3306)
    behind = url.set(host="127.0.0.1", port=proxy.port).render_as_string(hide_password=False)
    city.holder.catalogue.urls["north"] = behind  # type: ignore[index]
    north.add(1, 4)
    short = slower(QUICK, patience=1.0, grace=1.0)
    with capture_logs() as logs, city.collecting(short):
        watch.until(lambda: watch.value("north.opened") == 4)
        proxy.set("hanging")
        watch.until(lambda: watch.reading("north.opened")["state"] == "stale", 15)
        watch.until(lambda: "north/feed/orders" in watch.section("matters"))
        watch.until(lambda: watch.counter("north", "failures") > 0, 15)
        assert watch.value("north.opened") == 4, "the last value stays on screen"
        proxy.set("dead")
        north.add(11, 3)
        watch.until(lambda: watch.counter("north", "breaker") == "open", 20)
        before = watch.ticks("south")
        watch.until(lambda: watch.ticks("south") > before + 3, what="the other goes on")
        assert watch.reading("south.opened")["state"] == "fresh"
        assert "127.0.0.1" not in watch.reading("north.opened")["reason"]
        proxy.set("forward")
        watch.until(lambda: watch.value("north.opened") == 7, 20, "all is read that came meanwhile")
        watch.until(lambda: watch.reading("north.opened")["state"] == "fresh")
        watch.until(lambda: watch.section("matters") == {})
        watch.until(lambda: watch.counter("north", "breaker") == "closed")
    proxy.close()
    of_north = [one["event"] for one in logs if one.get("department") == "north"]
    assert of_north == ["collecting", "does not answer", "answers again"]


def test_a_locked_table_is_late_and_over_with_the_lock(city: City, north: Place) -> None:
    watch = city.watch
    north.add(1, 4)
    mysql = north.engine.dialect.name == "mysql"
    lock = "LOCK TABLES orders WRITE" if mysql else "LOCK TABLE orders IN ACCESS EXCLUSIVE MODE"
    with city.collecting():
        watch.until(lambda: watch.value("north.opened") == 4)
        with north.engine.connect() as connection:
            connection.execute(sa.text(lock))
            watch.until(lambda: watch.reading("north.opened")["state"] == "late")
            watch.until(lambda: watch.counter("north", "failures") > 0, 15)
            assert watch.value("north.opened") == 4
            if mysql:
                connection.execute(sa.text("UNLOCK TABLES"))
        watch.until(lambda: watch.reading("north.opened")["state"] == "fresh", 20)
    assert watch.reading("south.opened")["state"] == "fresh"
