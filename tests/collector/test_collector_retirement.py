"""What a removed department published is taken down, whenever it was removed."""

import os
import signal
import threading
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from collecting import City, Watch, definition
from test_collector_diary import DOWN

from dashboard.catalogue import Catalogue, Problem
from dashboard.diary import closing_page
from dashboard.matters import Matter
from dashboard.readings import Level
from dashboard.text import Text
from data_access.live.embedded import EmbeddedRedis
from data_access.store import tables as t

NOW = datetime.now(UTC) - timedelta(hours=2)
SECTIONS = ("readings", "matters", "feeds", "sparks", "facts")


def left(watch: Watch, department: str) -> list[str]:
    """What screens would see of a department."""
    return [
        f"{section}/{key}"
        for section in SECTIONS
        for key, entry in watch.section(section).items()
        if entry["department"] == department
    ]


def published(city: City) -> Any:
    return city.history.state("north", "published")


def is_tended(department: str) -> bool:
    return f"collect-{department}" in {thread.name for thread in threading.enumerate()}


def collect_both(city: City) -> None:
    """Have both departments collected and what is published remembered."""
    city.places["north"].add(1, 60)
    watch = city.watch
    with city.collecting():
        watch.until(lambda: watch.value("north.opened") == 60)
        watch.until(lambda: watch.value("south.opened") == 0)
        watch.until(lambda: "matters" in (published(city) or {}))
    assert left(watch, "north")


def test_what_was_removed_while_no_collector_ran_is_taken_down(city: City) -> None:
    collect_both(city)
    city.redefine("v2", south=definition("south"))
    with city.collecting():
        city.watch.until(lambda: left(city.watch, "north") == [])
        city.watch.until(lambda: published(city) == {})
    assert left(city.watch, "south")


def test_what_was_removed_while_redis_was_silent_is_taken_down_afterwards(
    city: City, live: EmbeddedRedis
) -> None:
    watch = city.watch
    with city.collecting():
        watch.until(lambda: watch.value("north.opened") == 0)
        watch.until(lambda: published(city))
        assert live.pid
        os.kill(live.pid, signal.SIGSTOP)
        time.sleep(0.5)
        city.redefine("v2", south=definition("south"))
        watch.until(lambda: not is_tended("north"), 20, "the desk has ended and tried in vain")
        os.kill(live.pid, signal.SIGCONT)
        watch.until(lambda: left(watch, "north") == [], 20)
        watch.until(lambda: published(city) == {})


def test_what_is_removed_and_comes_back_is_there_again(city: City) -> None:
    watch = city.watch
    both = city.holder.catalogue
    with city.collecting():
        watch.until(lambda: watch.value("north.opened") == 0)
        for version in ("v2", "v3"):
            city.redefine(version, south=definition("south"))
            watch.until(lambda: left(watch, "north") == [])
            city.redefine(f"{version} again", **both.departments)
            watch.until(lambda: watch.value("north.opened") == 0)


def still_open(city: City) -> list[Any]:
    """What the diary holds of the north as open."""
    with city.history.database.reading() as connection:
        return [
            row
            for table in (t.data_ticket, t.matter_life)
            for row in connection.execute(sa.select(table).where(table.c.closed_at.is_(None)))
            if row.department == "north"
        ]


def test_what_was_open_of_a_department_closes_when_it_is_removed(city: City) -> None:
    """Else it would be counted as open, and as overdue, for ever."""
    north = definition("north")
    gone = north.datasets["orders"].model_copy(update={"table": "nowhere"})
    broken = north.model_copy(update={"datasets": {"orders": gone}})
    urls = {key: city.places[key].url for key in ("north", "south")}
    departments = {"north": broken, "south": definition("south")}
    city.holder.catalogue = Catalogue("v1", departments, urls=urls, tickets={"down": DOWN})
    with city.collecting():
        city.watch.until(lambda: city.history.open_tickets("north"), 15, "a ticket")
        city.redefine("v2", south=definition("south"))
        city.watch.until(lambda: still_open(city) == [], 15, "closed")
        assert city.history.open_tickets("north") == []


def test_what_was_open_of_a_department_removed_while_no_collector_ran_closes(city: City) -> None:
    matter = Matter(
        "north/feed/orders", "north", "feed", Level.WARNING, Text(zh="迟", en="late"),
        Text(zh="全市", en="City"), NOW, NOW + timedelta(hours=1),
    )  # fmt: skip
    token = city.history.take_lease("north", "before", 60)
    assert token is not None
    page = replace(closing_page("north", [], NOW), matters=[matter])
    city.history.write_diary(page, token=token)
    city.history.release_lease("north", "before")
    city.redefine("v2", south=definition("south"))
    with city.collecting():
        city.watch.until(lambda: still_open(city) == [])


def test_a_mistake_in_its_file_takes_no_department_down(city: City) -> None:
    collect_both(city)
    problem = Problem("catalog/departments/north.yaml", 3, "x", "y")
    urls = {"south": city.places["south"].url}
    south = {"south": definition("south")}
    city.holder.catalogue = Catalogue("v2", south, urls=urls, problems=(problem,))
    with city.collecting():
        ticks = city.watch.ticks("south")
        city.watch.until(lambda: city.watch.ticks("south") > ticks + 4)
        assert left(city.watch, "north")
