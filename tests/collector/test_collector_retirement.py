"""What a removed department published is taken down, whenever it was removed."""

import os
import signal
import threading
import time
from typing import Any

from collecting import City, Watch, definition

from dashboard.catalogue import Catalogue, Problem
from data_access.live.embedded import EmbeddedRedis

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
