"""Work that hung and was given up changes nothing any more, whenever it ends."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, ClassVar

import pytest
from collecting import QUICK, City, definition
from structlog.testing import capture_logs

from dashboard.geography.sampling import ground_of
from dashboard.measures import TickPlan
from dashboard.ports import Fenced, Range, TickResult
from data_access.collector.agenda import agenda_of
from data_access.collector.board import Board
from data_access.collector.crew import Crew, GivenUp, Ground
from data_access.collector.door import Door, SourceDown
from data_access.collector.feed_states import FeedStates
from data_access.collector.house import House
from data_access.collector.lease import Lease
from data_access.departments.source import SqlSource
from data_access.geography import load_geography
from data_access.store import SqlHistory


class Standing(SqlSource):
    """A source that, told to, stands still once with a tick's answer, which grows old meanwhile."""

    stand = threading.Event()
    stands = threading.Event()
    go_on = threading.Event()
    standing: ClassVar[list[threading.Thread]] = []

    @classmethod
    def reset(cls) -> None:
        cls.standing.clear()
        for event in (cls.stand, cls.stands, cls.go_on):
            event.clear()

    def tick(
        self, plan: TickPlan, ranges: Sequence[Range], until: datetime | None = None
    ) -> TickResult:
        answer = super().tick(plan, ranges, until)
        newest = ranges[-1][1] > datetime.now(UTC)
        if plan.time == "opened" and newest and self.stand.is_set():
            self.stand.clear()
            self.standing.append(threading.current_thread())
            self.stands.set()
            self.go_on.wait(30)
        return answer


@pytest.fixture(autouse=True)
def _stands() -> Iterator[None]:
    Standing.reset()
    yield
    Standing.go_on.set()


def crew_of(city: City, lease: Lease) -> Crew:
    department = definition("north")

    def now() -> datetime:
        return datetime.now(UTC)

    publisher: Any = None
    house = House(
        city.holder,
        city.history,
        publisher,
        SqlSource,
        now,
        "a",
        QUICK,
        ground_of(load_geography()),
    )
    agenda = agenda_of(department)
    url = city.places["north"].url

    def make_door() -> Door:
        return Door(lambda: Standing(department, url))

    return Crew(Ground(house, agenda, Board(agenda), make_door, lease.held))


def work_of(crew: Crew, job: str = "tick/orders") -> Callable[[], Any]:
    return next(one.work for one in crew.roster.jobs(0.0) if one.name == job)


@contextmanager
def in_thread(work: Callable[[], Any]) -> Iterator[list[Exception]]:
    """Work in a thread of its own that hangs; it goes on and ends with the block."""
    errors: list[Exception] = []

    def perform() -> None:
        try:
            work()
        except (SourceDown, Fenced) as error:
            errors.append(error)

    thread = threading.Thread(target=perform)
    thread.start()
    assert Standing.stands.wait(10)
    yield errors
    Standing.go_on.set()
    thread.join(10)
    assert not thread.is_alive()


def test_an_old_answer_neither_reaches_the_store_nor_moves_a_watermark(city: City) -> None:
    north = city.places["north"]
    lease = Lease(city.history, "north", "a", 60)
    assert lease.take()
    first = crew_of(city, lease)
    north.add(1, 3)
    work_of(first)()
    Standing.stand.set()
    with in_thread(work_of(first)) as errors:
        north.add(11, 4)
        second = first.relieved()
        assert work_of(second)().measured["north.opened"].value == 7
        flows = second.handed_flows(lease.held)
        before = {k: (f.watermark, f.ticked_to, f.pending) for k, f in flows.items()}
    assert [type(error) for error in errors] == [SourceDown]
    after = second.handed_flows(lease.held)
    assert {k: (f.watermark, f.ticked_to, f.pending) for k, f in after.items()} == before
    assert before["north.orders.opened"][0] is not None, "the successor goes on from there"
    Standing.stand.clear()
    assert work_of(second)().measured["north.opened"].value == 7


def test_who_was_given_up_writes_no_more_whatever_it_is_about_to_write(city: City) -> None:
    lease = Lease(city.history, "north", "a", 60)
    assert lease.take()
    first = crew_of(city, lease)
    first.memory.note({}, FeedStates(), {"readings": ["north.opened"]})
    second = first.relieved()
    with pytest.raises(GivenUp):
        first.memory()
    second.memory()
    assert city.history.state("north", "published") == {"readings": ["north.opened"]}
    first.memory.note({}, FeedStates(), {"readings": []})
    second.memory()
    assert city.history.state("north", "published") == {"readings": ["north.opened"]}


def test_drift_that_was_put_down_is_not_put_down_again_by_the_next_crew(city: City) -> None:
    lease = Lease(city.history, "north", "a", 60)
    assert lease.take()
    first = crew_of(city, lease)
    first.roster.diary._drift = {"orders": 3}
    second = first.relieved()
    assert second.roster.diary._drift == {"orders": 3}
    assert second.roster.diary is not first.roster.diary


def test_a_write_that_was_under_way_is_refused_by_the_store(city: City) -> None:
    lease = Lease(city.history, "north", "a", 60)
    assert lease.take()
    under_way = lease.held()
    lease.outdo()
    with pytest.raises(Fenced):
        city.history.set_state("north", "x", 1, token=under_way)
    city.history.set_state("north", "x", 2, token=lease.held())


def test_what_a_shift_left_hanging_does_not_write_under_the_next_lease(city: City) -> None:
    lease = Lease(city.history, "north", "a", 60)
    assert lease.take()
    crew = crew_of(city, lease)
    crew.give_up()
    lease.give_back()
    assert lease.take()
    with pytest.raises(Fenced):
        crew.memory.desk.token()


def test_what_hangs_while_the_past_is_told_is_left_alone_in_the_end(city: City) -> None:
    lease = Lease(city.history, "north", "a", 60)
    assert lease.take()
    crew = crew_of(city, lease)
    for strikes in (1, 2, 3):
        crew.roster.remember.telling = "north.waiting"
        crew = crew.relieved()
        assert crew.roster.remember.strikes["north.waiting"] == strikes


def test_a_running_collector_lets_nothing_of_what_it_gave_up_through(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The thread that hung with an old answer ends without having written it."""
    wrote: list[threading.Thread] = []
    replaced = SqlHistory.replace

    def replace_spied(self: SqlHistory, *args: Any, **more: Any) -> frozenset[datetime]:
        found = replaced(self, *args, **more)
        if Standing.go_on.is_set():
            wrote.append(threading.current_thread())
        return found

    monkeypatch.setattr(SqlHistory, "replace", replace_spied)
    short = replace(QUICK, patience=0.0, grace=2.0)
    city.redefine("v1", north=definition("north"))
    watch, north = city.watch, city.places["north"]
    with city.collecting(short, make_source=Standing):
        watch.until(lambda: watch.value("north.opened") == 0)
        Standing.stand.set()
        watch.until(Standing.stands.is_set)
        north.add(1, 2)
        watch.until(lambda: watch.value("north.opened") == 2, 15, "a successor reads on")
        Standing.go_on.set()
        for thread in Standing.standing:
            thread.join(5)
            assert not thread.is_alive()
        before = watch.ticks("north")
        watch.until(lambda: watch.ticks("north") > before + 2)
        assert watch.value("north.opened") == 2
    assert not set(Standing.standing) & set(wrote)


def test_a_store_that_is_slow_is_not_told_as_a_silent_department(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A tick writes what it has read, and a write may wait for a minute."""
    slow, waits, go_on = threading.Event(), threading.Event(), threading.Event()
    replaced = SqlHistory.replace

    def replace_slowly(self: SqlHistory, plan: TickPlan, *args: Any, **more: Any) -> Any:
        if slow.is_set() and plan.time == "opened":
            waits.set()
            go_on.wait(30)
        return replaced(self, plan, *args, **more)

    monkeypatch.setattr(SqlHistory, "replace", replace_slowly)
    short = replace(QUICK, patience=0.0, grace=1.0)
    city.redefine("v1", north=definition("north"))
    watch, north = city.watch, city.places["north"]
    with capture_logs() as logs, city.collecting(short):

        def said(event: str) -> list[Any]:
            return [one["subject"] for one in logs if one["event"] == event]

        watch.until(lambda: watch.value("north.opened") == 0)
        slow.set()
        assert waits.wait(5)
        north.add(1, 2)
        watch.until(lambda: "tick/orders" in said("work waits for the store"), 15)
        time.sleep(3.0)
        assert watch.reading("north.opened").get("reason") is None
        assert watch.section("feeds")["north.orders"]["reason"] is None
        assert watch.counter("north", "breaker") == "closed"
        slow.clear()
        go_on.set()
        watch.until(lambda: watch.value("north.opened") == 2)
    assert said("does not answer") == []
    assert said("work waits for the store").count("tick/orders") == 1
