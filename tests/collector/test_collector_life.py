"""Restarts, two collectors, changes of the catalogue, nights: a collector over its life."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import redis
import sqlalchemy as sa
from collecting import QUICK, City, definition, epoch_now, slower
from structlog.testing import capture_logs

from dashboard.catalogue import Catalogue
from dashboard.catalogue.reference import Calendar
from dashboard.measures import TickPlan, tick_plans
from data_access.collector.memory import PUBLISHED
from data_access.departments.source import SqlSource
from data_access.store import SqlHistory, open_history, tables

ZONE = "Asia/Shanghai"


def plan_of(city: City, department: str, time: str) -> TickPlan:
    plans = tick_plans(city.holder.catalogue.departments[department])
    return next(plan for plan in plans if plan.time == time)


def test_an_open_matter_keeps_its_since_over_a_restart(city: City) -> None:
    watch, north = city.watch, city.places["north"]
    north.add(1, 60)
    with city.collecting():
        watch.until(lambda: "north/waiting" in watch.section("matters"))
        first = watch.section("matters")["north/waiting"]
        assert first["title"]["zh"] == "待办 60\u00a0件，超过限值 50\u00a0件"
        assert first["indicator"] == "north.waiting"
    with city.collecting():
        north.add(100, 5)
        watch.until(lambda: "65" in watch.section("matters")["north/waiting"]["title"]["zh"])
        again = watch.section("matters")["north/waiting"]
        assert (again["since"], again["due"]) == (first["since"], first["due"])
    north.change(range(1, 40), closed=epoch_now())
    with city.collecting():
        watch.until(lambda: watch.section("matters") == {}, what="closed after a restart")


def test_a_restart_goes_on_where_it_was(city: City) -> None:
    north, watch = city.places["north"], city.watch
    north.add(1, 5, hours=2)
    with city.collecting():
        watch.until(lambda: watch.section("feeds").get("north.orders", {}).get("collected_at"))
        watch.until(lambda: watch.section("feeds")["north.orders"]["progress"] is None)
    # Changed while nobody looked, by a row whose own time is long past.
    north.add(10, 2, hours=1)
    north.change(range(10, 12), minutes=3)
    with city.collecting():
        watch.until(lambda: watch.value("north.opened") == 7)
        assert watch.section("feeds")["north.orders"]["progress"] is None, "nothing read twice"


class Waiting(SqlSource):
    """A department that is not heard of before somebody lets it."""

    let = threading.Event()

    def reported(self, dataset: str) -> datetime | None:
        Waiting.let.wait(30)
        return super().reported(dataset)


def test_what_is_not_read_again_yet_stays_up_after_a_restart(city: City) -> None:
    north, watch = city.places["north"], city.watch
    north.add(1, 4)
    with city.collecting():
        watch.until(lambda: watch.value("north.opened") == 4)
        watch.until(lambda: "north.opened" in watch.section("sparks"))
        watch.until(
            lambda: (
                "north.opened" in (city.history.state("north", PUBLISHED) or {}).get("sparks", ())
            )
        )
    before = watch.reading("north.opened")
    north.add(10, 3)
    with city.collecting(slower(QUICK, past=60.0), make_source=Waiting):
        watch.until(lambda: watch.counter("north", "queries"))
        time.sleep(0.5)
        assert watch.reading("north.opened") == before, "it grows old by itself"
        assert "north.opened" in watch.section("sparks")
        assert watch.section("feeds")["north.orders"]["reason"] is None
        Waiting.let.set()
        watch.until(lambda: watch.value("north.opened") == 7)


def test_a_second_collector_waits_and_takes_over_when_the_first_ends(city: City) -> None:
    watch = city.watch
    with capture_logs() as logs, city.collecting(holder="second-choice-is-first") as first:
        watch.until(lambda: watch.value("north.opened") == 0)
        with city.collecting(holder="second"):
            before = watch.ticks("north")
            watch.until(lambda: watch.ticks("north") > before + 3)
            assert watch.counter("north", "holder") == "second-choice-is-first"
            assert sum(one["event"] == "collecting" for one in logs) == 2
            first.stop()
            watch.until(lambda: watch.counter("north", "holder") == "second")
            city.places["north"].add(1, 4)
            watch.until(lambda: watch.value("north.opened") == 4)


def test_who_lost_the_lease_writes_nothing_more_and_waits(city: City) -> None:
    """Another collector took over while this one was away: its token is older, and is refused."""
    watch, store = city.watch, city.history
    with capture_logs() as logs, city.collecting(holder="mine"):
        watch.until(lambda: watch.value("north.opened") == 0)
        store.release_lease("north", holder_of(city, "north"))
        token = store.take_lease("north", "other", 60.0)
        assert token == 2
        watch.until(lambda: any(one["event"] == "another collector took over" for one in logs))
        city.places["north"].add(1, 4)
        ticks = watch.ticks("south")
        watch.until(lambda: watch.ticks("south") > ticks + 3)
        assert watch.value("north.opened") == 0, "published by nobody"
        store.release_lease("north", "other")
        watch.until(lambda: watch.value("north.opened") == 4)
    tokens = redis.Redis.from_url(city.redis_url).hgetall("test:tokens")
    assert tokens[b"north"] == b"3"


def holder_of(city: City, department: str) -> str:
    """The desk that holds a lease."""
    c = tables.lease.c
    with city.history.database.reading() as connection:
        query = sa.select(c.holder).where(c.department == department)
        return str(connection.execute(query).scalar_one())


def test_a_changed_catalogue_is_followed_without_a_restart(city: City) -> None:
    watch = city.watch
    with capture_logs() as logs, city.collecting():
        watch.until(lambda: len(watch.section("readings")) == 10)
        late = definition("north").indicators["opened"].model_dump(by_alias=True)
        more = {"today": late | {"window": "today"}}
        city.redefine("v2", north=definition("north", indicators=more), south=definition("south"))
        watch.until(lambda: watch.value("north.today") == 0)
        watch.until(lambda: {r["version"] for r in watch.section("readings").values()} == {"v2"})
        assert watch.section("facts")["catalogue"]["version"] == "v2"
        collecting = [one["department"] for one in logs if one["event"] == "collecting"]
        assert collecting.count("south") == 1, "what did not change goes on"
        city.redefine("v3", north=definition("north"))
        watch.until(lambda: "north.today" not in watch.section("readings"))
        watch.until(lambda: not any(k.startswith("south") for k in watch.section("readings")))
        assert set(watch.section("facts")) == {"catalogue", "department/north", "collector/north"}


def test_what_left_the_catalogue_while_nobody_collected_leaves_the_screens(city: City) -> None:
    watch = city.watch
    extra = {"today": definition("north").indicators["opened"].model_dump(by_alias=True)}
    city.redefine("v1", north=definition("north", indicators=extra))
    with city.collecting():
        watch.until(lambda: watch.value("north.today") == 0)
    city.redefine("v2", north=definition("north"))
    with city.collecting():
        watch.until(lambda: "north.today" not in watch.section("readings"))


@dataclass
class Clock:
    """A clock that a test sets; it runs on from there."""

    behind: timedelta = timedelta(0)

    def __call__(self) -> datetime:
        return datetime.now(UTC) - self.behind


def clocked(city: City, clock: Clock) -> dict[str, Any]:
    """Everything of a collector by one clock."""
    url = city.history.database.engine.url.render_as_string(hide_password=False)
    city.history.close()
    city.history = open_history(url, clock)
    make: Callable[..., SqlSource] = partial(SqlSource, clock=clock)
    return {"clock": clock, "make_source": make}


def test_what_happened_while_no_collector_ran_is_read_afterwards(city: City) -> None:
    watch, north, clock = city.watch, city.places["north"], Clock(timedelta(days=4))
    by_rows = definition("north", reported="rows", changed=None, late="10d", stale="20d")
    city.redefine("v1", north=by_rows)
    north.add(1, 5, days=4, hours=1)
    parts = clocked(city, clock)
    with city.collecting(**parts):
        watch.until(lambda: watch.value("north.opened") == 5)
        watch.until(lambda: watch.section("feeds")["north.orders"]["progress"] is None)
    north.add(10, 4, days=3)
    north.add(20, 3, days=2)
    north.add(30, 2, hours=1)
    clock.behind = timedelta(0)
    plan = plan_of(city, "north", "opened")

    def counted(days: float) -> int:
        window = (clock() - timedelta(days=days), clock())
        rows = city.history.sums(plan.additives, window, grain=None, zone=ZONE, department="north")
        return int(rows[0][plan.additives[0].name]) if rows else 0

    with city.collecting(**parts):
        watch.until(lambda: watch.value("north.opened") == 2)
        watch.until(lambda: counted(4.5) == 5 + 4 + 3 + 2, what="the gap is read like history")


def test_a_new_additive_reads_the_history_again(city: City) -> None:
    watch, north = city.watch, city.places["north"]
    north.add(1, 5, hours=60)
    minutes = {
        "minutes": definition("north").indicators["opened"].model_dump(by_alias=True)
        | {"measure": {"kind": "sum", "of": {"column": "minutes"}}, "window": "4d"}
    }
    city.redefine("v1", north=definition("north"))
    with city.collecting():
        watch.until(lambda: watch.value("north.opened") == 0)
        watch.until(lambda: watch.section("feeds")["north.orders"]["progress"] is None)
        city.redefine("v2", north=definition("north", indicators=minutes))
        watch.until(lambda: watch.value("north.minutes") == 1 + 2 + 3 + 4 + 5)


def test_the_history_is_reconciled_once_in_a_quiet_night(city: City) -> None:
    watch, north = city.watch, city.places["north"]
    north.add(1, 6, hours=20)
    north.add(10, 2, hours=19)
    busy = definition("north", quiet="00:00-00:00")
    city.redefine("v1", north=busy)
    with city.collecting():
        watch.until(lambda: watch.value("north.opened") == 8)
        watch.until(lambda: watch.section("feeds")["north.orders"]["progress"] is None)
        north.delete(range(1, 4))
        ticks = watch.ticks("north")
        watch.until(lambda: watch.ticks("north") > ticks + 3)
        assert watch.value("north.opened") == 8
        city.redefine("v2", north=definition("north", quiet="00:00-23:59"))
        watch.until(lambda: watch.value("north.opened") == 5)
        watch.until(lambda: city.history.state("north", "night") is not None)


def test_limits_against_the_past_are_judged_from_the_history(city: City) -> None:
    """Three times as many as a week ago at this time, and at least ten."""
    watch, north = city.watch, city.places["north"]
    surge = {
        "level": "alarm",
        "op": ">=",
        "value": 3,
        "against": "week_before",
        "as": "quotient",
        "min_n": 10,
    }
    opened = definition("north").indicators["opened"].model_dump(by_alias=True)
    sudden = {"sudden": opened | {"limits": [surge], "live_by": "town"}}
    city.redefine("v1", north=definition("north", history="9d", indicators=sudden))
    north.add(1, 4, "a", days=7, hours=2)
    north.add(10, 11, "a", hours=2)
    north.add(30, 5, "b", days=7, hours=2)
    north.add(40, 15, "b", hours=2)
    with city.collecting():
        watch.until(lambda: "north/sudden/b" in watch.section("matters"), 15)
        parts = watch.reading("north.sudden")["parts"]
        assert {code: part["level"] for code, part in parts.items()} == {
            "a": "normal",
            "b": "alarm",
        }
        title = watch.section("matters")["north/sudden/b"]["title"]
        assert title["zh"] == "b 受理量 15\u00a0件，达到上周同期 3 倍"


def test_outside_its_hours_a_dataset_is_not_due_and_shows_nothing(city: City) -> None:
    watch = city.watch
    calendar = {"key": "never", "title": {"zh": "休", "en": "Closed"}}
    departments = {"north": definition("north", calendar="never")}
    city.holder.catalogue = Catalogue(
        "v1",
        departments,
        calendars={"never": Calendar.model_validate(calendar)},
        urls={"north": city.places["north"].url},
    )
    with city.collecting():
        watch.until(lambda: watch.reading("north.opened").get("state") == "not_due")
        watch.until(lambda: watch.section("feeds")["north.orders"]["collected_at"])
        assert watch.value("north.opened") is None
        watch.until(lambda: watch.reading("north.share").get("state") == "not_due")
        assert watch.section("matters") == {}


def test_history_is_thinned_in_the_zone_of_every_department(city: City) -> None:
    """Buckets are kept by the days of their department: one in another zone grew for ever."""
    abroad = definition("north").model_copy(update={"zone": "Asia/Tokyo"})
    city.redefine("v1", north=abroad, south=definition("south"))
    with city.collecting(slower(QUICK, thin=0.2)):
        city.watch.until(lambda: thinned_zones(city) == {"Asia/Tokyo", ZONE})


def thinned_zones(city: City) -> set[str]:
    assert isinstance(city.history, SqlHistory)
    with city.history.database.reading() as connection:
        return set(connection.execute(sa.select(tables.thinned.c.zone)).scalars())
