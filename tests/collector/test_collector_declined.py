"""A department that answers but declines a question: only that question waits, and it is said once."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa
from collecting import QUICK, City, Place, Watch, definition, slower
from structlog.testing import capture_logs
from structlog.typing import EventDict
from test_collector_outages import cut_off

from callbacks.health import department_parts
from dashboard.catalogue import Department
from dashboard.ports import Declined, Unreachable
from dashboard.readings import parse_instant
from dashboard.reasons import is_declined, reason_in_full
from data_access.departments.source import SqlSource

EPOCH = {"kind": "epoch"}
PACE = slower(QUICK, set_aside=0.5, sweep=1.0)
VISITS: dict[str, Any] = {
    "title": {"zh": "巡查", "en": "Visits"},
    "table": "visits",
    "key": ["id"],
    "times": {name: {"column": name, **EPOCH} for name in ("opened", "closed")},
    "changed": {"column": "changed", **EPOCH},
    "reported": "clock",
    "set_aside": [
        {
            "name": "backwards",
            "title": {"zh": "倒置", "en": "Backwards"},
            "where": [{"column": "minutes", "op": "<", "value": 0}],
        }
    ],
    "tail": "10m",
    "history": "5d",
    "refresh": "0.3s",
    "late": "3s",
    "stale": "1m",
}


def shown(title: str, dataset: str, measure: dict[str, Any], **more: Any) -> dict[str, Any]:
    both = {"zh": title, "en": title}
    given = {"window": "24h", **more}
    return {"title": both, "dataset": dataset, "measure": measure, "unit": both, **given}


PAST = {"kind": "stock", "since": "opened", "until": "closed"}
MEDIAN = {"kind": "percentile", "of": {"column": "minutes"}, "q": 0.5}
INDICATORS = {
    "open": shown("open", "orders", PAST, window="now"),
    "visited": shown("visited", "visits", {"kind": "count"}, time="opened"),
    "lying": shown("lying", "visits", PAST, window="now"),
    "took": shown("took", "visits", MEDIAN, time="opened", refresh="1s", windows=["3d"]),
}


def two_datasets(**visits: Any) -> Department:
    """`orders` as ever, and `visits` with what is wrong of it."""
    return definition(
        "north",
        late="3s",
        limits={"statement": "5s", "connections": 4},
        others={"visits": VISITS | visits},
        indicators=INDICATORS,
    )


def misspelled(column: str = "opend") -> Department:
    """The same with a column that no table has."""
    return two_datasets(times={**VISITS["times"], "opened": {"column": column, **EPOCH}})


@pytest.fixture(params=["sqlite", "postgresql"])
def engine_name(request: pytest.FixtureRequest) -> str:
    """A file and a server: what they say of a wrong name differs."""
    return str(request.param)


@pytest.fixture
def north(city: City, database_url: str) -> Iterator[Place]:
    """A department of two tables with the same rows, some of them days old."""
    place = Place("north", database_url)
    for day in range(5):
        place.add(day * 100, 7, hours=24 * day + 2)
    with place.engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE visits AS SELECT * FROM orders"))
    city.places = {**city.places, "north": place}
    yield place
    place.engine.dispose()


def alter(place: Place, statement: str) -> None:
    with place.engine.begin() as connection:
        connection.execute(sa.text(statement))


def of_north(logs: list[EventDict]) -> list[str]:
    """What was said of the department, but for desks that began."""
    events = [one["event"] for one in logs if one.get("department") == "north"]
    return [event for event in events if event != "collecting"]


def declined(watch: Watch, key: str = "north.visited") -> bool:
    return is_declined(watch.reading(key).get("reason"))


def fresh(watch: Watch, *keys: str) -> bool:
    return all(watch.reading(f"north.{key}").get("state") == "fresh" for key in keys)


GOOD = ("opened", "closed", "waiting", "median", "open")
BAD = ("visited", "lying", "took")


def stays_well(watch: Watch, seconds: float) -> None:
    """What is asked of `orders` is fresh the whole time, and the department is not left alone."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        for key in GOOD:
            assert watch.reading(f"north.{key}")["state"] == "fresh", key
        feed = watch.section("feeds")["north.orders"]
        assert (feed["state"], feed["reason"]) == ("fresh", None)
        assert watch.counter("north", "breaker") == "closed"
        time.sleep(0.05)


def is_filled(city: City, time_name: str) -> bool:
    """Whether the whole history of a plan of `orders` is read."""
    state = city.history.state("north", f"flow/north.orders.{time_name}")
    return state is not None and state["pending"] == []


def is_remembered(city: City, key: str) -> bool:
    known = (city.history.state("north", "remembered") or {}).get(key) or []
    oldest = datetime.now(UTC) - timedelta(days=4)
    return bool(known) and parse_instant(known[0][0]) < oldest


def histograms(city: City, key: str) -> int:
    return len(city.history.state("north", f"histograms/{key}/") or [])


def test_a_wrong_column_of_one_dataset_stops_nothing_else(city: City, north: Place) -> None:
    watch = city.watch
    city.redefine("v1", north=misspelled())
    with capture_logs() as logs, city.collecting(PACE):
        watch.until(lambda: fresh(watch, *GOOD) and declined(watch))
        stays_well(watch, 4.0)
        feed = watch.section("feeds")["north.visits"]
        assert feed["state"] == "unavailable"
        assert "north.visits: the database has no column 'opend'" in feed["reason"]
        assert all(declined(watch, f"north.{key}") for key in BAD)
        watch.until(lambda: is_filled(city, "opened") and is_filled(city, "closed"), 15)
        watch.until(lambda: is_remembered(city, "north.open"), 30)
        watch.until(lambda: histograms(city, "north.median") >= 3, 15)
        north.delete(range(2))
        watch.until(lambda: watch.section("feeds")["north.orders"]["drift"] == 1, what="compared")
        stays_well(watch, 1.0)
        assert of_north(logs) == ["question declined"]
        before = watch.counter("north", "failures")
        time.sleep(3.0)
        assert watch.counter("north", "failures") - before < 20, "it is not hammered"
        city.redefine("v2", north=two_datasets())
        watch.until(lambda: fresh(watch, *GOOD, *BAD), 15)
        watch.until(lambda: of_north(logs) == ["question declined", "question answered again"])
        assert watch.value("north.visited") == 7
        assert watch.section("feeds")["north.visits"]["reason"] is None
    said = [one for one in logs if one["event"] == "question declined"]
    assert said[0]["subject"] == "visits"
    assert "opend" in said[0]["reason"]


def test_a_table_that_is_altered_and_mended_is_said_once_each(city: City, north: Place) -> None:
    watch = city.watch
    city.redefine("v1", north=two_datasets())
    with capture_logs() as logs, city.collecting(PACE):
        watch.until(lambda: fresh(watch, *GOOD, *BAD), 15)
        alter(north, "ALTER TABLE visits RENAME COLUMN minutes TO took")
        watch.until(lambda: is_declined(watch.section("feeds")["north.visits"]["reason"]))
        watch.until(lambda: watch.section("feeds")["north.visits"]["state"] == "late")
        stays_well(watch, 3.0)
        assert watch.value("north.visited") == 7, "the last value stays on screen"
        assert watch.section("feeds")["north.visits"]["reason"].startswith(
            "declined: north.visits: the database has no column 'minutes'"
        )
        city.redefine("v2", north=two_datasets(late="4s"))
        watch.until(lambda: watch.reading("north.opened").get("version") == "v2")
        watch.until(lambda: fresh(watch, *GOOD) and declined(watch))
        stays_well(watch, 2.0)
        assert of_north(logs) == ["question declined"], "another catalogue says nothing new"
        alter(north, "ALTER TABLE visits RENAME COLUMN took TO minutes")
        watch.until(lambda: fresh(watch, *GOOD, *BAD), 15)
        watch.until(lambda: watch.section("feeds")["north.visits"]["reason"] is None, 15)
        # The feed tells it at once, the log when the job that met it has ended.
        watch.until(lambda: len(of_north(logs)) > 1)
        assert of_north(logs) == ["question declined", "question answered again"]


def test_what_one_indicator_asks_amiss_marks_it_alone(city: City, north: Place) -> None:
    watch = city.watch
    odd = shown("odd", "orders", {"kind": "stock", "where": [WRONG]}, window="now")
    city.redefine("v1", north=definition("north", late="3s", indicators={"odd": odd}))
    with capture_logs() as logs, city.collecting(PACE):
        watch.until(lambda: fresh(watch, "opened", "waiting", "median"))
        watch.until(lambda: declined(watch, "north.odd"))
        assert "nowhere" in watch.section("feeds")["north.orders"]["reason"]
        watch.until(lambda: is_filled(city, "opened"), 15)
        time.sleep(4.0)
        assert fresh(watch, "opened", "waiting", "median")
    assert of_north(logs) == ["question declined"]


WRONG = {"column": "nowhere", "op": "is_null"}


def test_health_and_status_tell_of_that_feed_alone(city: City, north: Place) -> None:
    watch = city.watch
    city.redefine("v1", north=misspelled(), south=definition("south", late="3s"))
    with city.collecting(PACE):
        watch.until(lambda: fresh(watch, *GOOD) and declined(watch))
        watch.until(lambda: watch.value("south.opened") == 0)
        services: Any = SimpleNamespace(catalogue=city.holder.catalogue)
        parts = department_parts(services, {"feeds": watch.section("feeds")})
    assert parts["south"]["ok"]
    assert not parts["north"]["ok"]
    assert parts["north"]["feeds"] == {"orders": "fresh", "visits": "unavailable"}
    words = reason_in_full(parts["north"]["reason"])
    assert words is not None
    assert words.zh.startswith("数据库拒绝该查询：north.visits: ")
    assert words.en.startswith("the database declined this question: north.visits: ")
    assert "'opend'" in words.en


@pytest.mark.parametrize("engine_name", ["postgresql"])
def test_a_missing_right_is_declined_until_it_is_granted(city: City, north: Place) -> None:
    watch, url = city.watch, sa.make_url(north.url)
    role = f"reader_{url.database}"
    alter(north, f"CREATE ROLE {role} LOGIN")
    alter(north, f"GRANT SELECT ON orders TO {role}")
    city.redefine("v1", north=two_datasets())
    narrow = url.set(username=role).render_as_string(hide_password=False)
    city.holder.catalogue.urls["north"] = narrow  # type: ignore[index]
    with capture_logs() as logs, city.collecting(PACE):
        watch.until(lambda: fresh(watch, *GOOD) and declined(watch))
        assert "no right to read" in watch.reading("north.visited")["reason"]
        stays_well(watch, 2.0)
        alter(north, f"GRANT SELECT ON visits TO {role}")
        watch.until(lambda: fresh(watch, *GOOD, *BAD), 15)
        watch.until(lambda: watch.section("feeds")["north.visits"]["reason"] is None, 15)
    assert of_north(logs) == ["question declined", "question answered again"]
    alter(north, f"DROP OWNED BY {role}")
    alter(north, f"DROP ROLE {role}")


@pytest.mark.parametrize("engine_name", ["postgresql"])
@pytest.mark.parametrize("wrong", [False, True])
def test_a_department_that_dies_is_said_once_and_its_return_once(
    city: City, north: Place, wrong: bool
) -> None:
    watch = city.watch
    city.redefine("v1", north=misspelled() if wrong else two_datasets())
    with capture_logs() as logs, city.collecting(PACE):
        watch.until(lambda: fresh(watch, *GOOD), 15)
        watch.until(lambda: declined(watch) or not wrong)
        north.engine.dispose()
        with cut_off(north.url):
            watch.until(lambda: watch.counter("north", "breaker") == "open", 15)
            watch.until(lambda: watch.reading("north.opened")["state"] == "late")
            time.sleep(4.0)
            assert watch.counter("north", "breaker") == "open"
            assert watch.section("feeds")["north.visits"]["reason"].startswith("unreachable")
        watch.until(lambda: fresh(watch, *GOOD), 15)
        watch.until(lambda: declined(watch) if wrong else fresh(watch, *BAD), 15)
        time.sleep(2.0)
    said = of_north(logs)
    assert [event for event in said if "question" not in event] == [
        "does not answer",
        "answers again",
    ]
    assert said.count("question declined") == wrong
    assert said.count("question answered again") == 0


def test_a_file_that_is_no_database_is_an_outage_and_a_wrong_statement_is_none(
    tmp_path: Path,
) -> None:
    north, path = misspelled(), tmp_path / "north.sqlite"
    place = Place("north", f"sqlite:///{path}")
    alter(place, "CREATE TABLE visits AS SELECT * FROM orders")
    place.engine.dispose()
    window = (datetime.now(UTC) - timedelta(days=1), datetime.now(UTC))
    with pytest.raises(Declined, match="no column 'opend'; the nearest is 'opened'"):
        SqlSource(north, place.url).asked("took", window)
    syntax = two_datasets(select="SELECT FROM nothing WHERE", table=None)
    with pytest.raises(Declined, match="refused the statement"):
        SqlSource(syntax, place.url).asked("took", window)
    path.write_bytes(b"this is no database file at all " * 64)
    with pytest.raises(Unreachable) as raised:
        SqlSource(north, place.url).asked("took", window)
    assert not isinstance(raised.value, Declined)
