"""Leases: kept while the desk is busy, and taken over at once from one that was killed."""

import multiprocessing
import os
import signal
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from collecting import QUICK, City, definition, slower

from data_access.collector.lease import Lease
from data_access.collector.place import holder_of
from data_access.live.publisher import RedisPublisher
from data_access.store import open_history


def test_a_lease_is_renewed_however_long_the_desk_is_busy(city: City) -> None:
    lease = Lease(city.history, "north", "mine", 0.6)
    assert lease.take()
    with lease.kept():
        time.sleep(1.5)  # The desk does something else.
        assert city.history.take_lease("north", "other", 60.0) is None
        assert lease.token == 1
    lease.give_back()
    assert city.history.take_lease("north", "other", 60.0) == 2


def test_whose_lease_was_taken_is_told_by_the_next_renewal(city: City) -> None:
    lease = Lease(city.history, "north", "mine", 0.5)
    assert lease.take()
    with lease.kept():
        city.history.release_lease("north", "mine")
        assert city.history.take_lease("north", "other", 60.0) == 2
        city.watch.until(lambda: lease.token is None, 5)
    assert not lease.take()
    lease.give_back()
    assert city.history.take_lease("north", "other", 60.0) == 2, "given back is only what one has"


def test_a_lease_given_back_is_not_renewed_by_what_was_under_way(city: City) -> None:
    lease = Lease(city.history, "north", "mine", 0.2)
    assert lease.take()
    with lease.kept():
        lease.give_back()
        time.sleep(0.2)
    assert city.history.take_lease("north", "other", 60.0) == 2


def test_a_fence_left_behind_by_an_older_store_is_outdone(city: City) -> None:
    """Redis remembers larger tokens than a new store gives; each try brings a larger one."""
    city.history.take_lease("north", "earlier", 60.0)
    city.history.release_lease("north", "earlier")
    watch = city.watch
    with city.collecting(holder="one"):
        watch.until(lambda: watch.value("north.opened") == 0)
    other = open_history(f"{city.history.database.engine.url}-new")
    fresh = City(other, city.redis_url, city.prefix, city.places, city.holder)
    with fresh.collecting(holder="two"):
        city.places["north"].add(1, 4)
        watch.until(lambda: watch.value("north.opened") == 4, what="not fenced for ever")
    other.close()


def test_a_desk_does_not_wait_for_a_store_that_hangs_to_outdo_what_it_gave_up(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    hangs, go_on = threading.Event(), threading.Event()
    take = city.history.take_lease

    def take_slowly(department: str, holder: str, seconds: float) -> int | None:
        hangs.set()
        go_on.wait(30)
        return take(department, holder, seconds)

    lease = Lease(city.history, "north", "mine", 0.5)
    assert lease.take()
    monkeypatch.setattr(city.history, "take_lease", take_slowly)
    with lease.kept():
        assert hangs.wait(5)
        began = time.monotonic()
        lease.outdo()
        assert time.monotonic() - began < 5
        assert lease.held() == 1, "kept until the store answers"
        go_on.set()
        city.watch.until(lambda: lease.token == 2, 5)
    lease.give_back()


def test_a_desk_that_ends_slowly_lets_the_next_ones_lease_be(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A catalogue edit sets up another desk while the first still waits for Redis."""
    watch, hold, held = city.watch, threading.Event(), threading.Event()
    published = RedisPublisher.publish

    def publish(self: RedisPublisher, department: str, token: int, batch: Any) -> bool:
        if hold.is_set() and department == "north" and not held.is_set():
            held.set()
            time.sleep(4.0)
        return published(self, department, token, batch)

    monkeypatch.setattr(RedisPublisher, "publish", publish)
    with city.collecting(holder="mine"):
        watch.until(lambda: watch.value("north.opened") == 0)
        hold.set()
        assert held.wait(5)
        title = {"zh": "乙", "en": "B"}
        city.redefine("v2", north=definition("north", title=title), south=definition("south"))
        north = city.places["north"]
        north.add(1, 4)
        watch.until(lambda: watch.value("north.opened") == 4, 3.5, "while the first waits")
        until = time.monotonic() + 4.0
        while time.monotonic() < until:
            assert city.history.take_lease("north", "other", 60.0) is None
            time.sleep(0.01)
        north.add(5, 1)
        watch.until(lambda: watch.value("north.opened") == 5)


def _hold(folder: str, url: str, ready: object) -> None:
    with holder_of(Path(folder) / "collect.lock") as holder:
        token = open_history(url).take_lease("north", holder, 600.0)
        ready.put((holder, token))
        time.sleep(600)


@pytest.fixture
def killed(city: City, tmp_path: Path) -> str:
    """The name of a collector that took the lease of `north` for ten minutes and was killed."""
    spawn = multiprocessing.get_context("spawn")
    ready = spawn.Queue()
    url = city.history.database.engine.url.render_as_string(hide_password=False)
    process = spawn.Process(target=_hold, args=(str(tmp_path), url, ready))
    process.start()
    holder, token = ready.get(timeout=60)
    assert token == 1
    with holder_of(tmp_path / "collect.lock") as second:
        assert "/" not in second, "somebody lives there"
        assert city.history.take_lease("north", second, 60.0) is None
    os.kill(process.pid or 0, signal.SIGKILL)
    process.join(10)
    return str(holder)


def test_a_collector_started_again_takes_over_from_one_that_was_killed(
    city: City, tmp_path: Path, killed: str
) -> None:
    watch = city.watch
    with holder_of(tmp_path / "collect.lock") as holder:
        assert holder.partition("/")[0] == killed.partition("/")[0]
        began = time.monotonic()
        with city.collecting(slower(QUICK, waiting=60.0), holder=holder):
            watch.until(lambda: watch.counter("north", "holder") == holder)
            assert time.monotonic() - began < 10, "the lease had ten minutes to go"
        assert city.history.take_lease("north", "another", 1.0) == 3, "2 was the second life's"


def test_a_collector_elsewhere_waits_for_the_lease_to_end(
    city: City, tmp_path: Path, killed: str
) -> None:
    with holder_of(tmp_path / "elsewhere.lock") as holder:
        assert holder.partition("/")[0] != killed.partition("/")[0]
        assert city.history.take_lease("north", holder, 60.0) is None
