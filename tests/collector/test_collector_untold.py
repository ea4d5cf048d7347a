"""What a tick has written is summed and told of, though the tick itself came to nothing."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from collecting import City
from working import Bench, bench

from dashboard.measures import TickPlan
from dashboard.ports import Unreachable
from dashboard.readings import State
from data_access.collector.board import Board
from data_access.collector.door import SourceDown
from data_access.collector.flows import PlanFlow
from data_access.store import SqlHistory

MINUTE = timedelta(minutes=1)


class Clock:
    """A clock that a test moves; it stays within one bucket of five minutes."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC).replace(minute=1, second=0, microsecond=0) - timedelta(hours=1)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def work(city: City, clock: Clock) -> Iterator[Bench]:
    with bench(city, city.places["north"], clock) as found:
        assert found.value("north.opened") == 0
        yield found


def once(error: Exception, real: Callable[..., Any]) -> Callable[..., Any]:
    """Fails the first time, and then does what it always did."""
    left = [error]

    def question(*arguments: Any, **named: Any) -> Any:
        if left:
            raise left.pop()
        return real(*arguments, **named)

    return question


def add(city: City, clock: Clock, count: int) -> None:
    """Orders that have opened just before, and another minute."""
    back = datetime.now(UTC) - clock.now
    city.places["north"].add(1, count, seconds=back.total_seconds() + 30)
    clock.now += MINUTE


def test_what_changed_is_summed_by_the_next_tick_where_the_store_could_not(
    city: City, clock: Clock, work: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(city, clock, 3)
    silent = once(Unreachable("the store is silent"), city.history.sums)
    monkeypatch.setattr(city.history, "sums", silent)
    assert work.tick().store == "the store is silent"
    assert work.value("north.opened") == 3


def test_what_changed_is_summed_by_the_next_tick_where_another_plan_had_no_answer(
    city: City, clock: Clock, work: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(city, clock, 3)
    (other,) = (flow for flow in work.desk.flows.values() if flow is not work.flow())
    monkeypatch.setattr(other, "tick", once(SourceDown("silent"), other.tick))
    with pytest.raises(SourceDown):
        work.tick()
    assert work.value("north.opened") == 3


def test_of_a_silent_store_the_flows_say_that_it_is_what_is_silent(
    city: City, work: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    board, catalogue = Board(work.desk.agenda), city.holder.catalogue
    sums = city.history.sums
    board.take(work.tick())
    monkeypatch.setattr(city.history, "sums", once(Unreachable("the store is silent"), sums))
    work.tick.stale = True
    board.take(work.tick())
    later = datetime.now(UTC)
    flow = board.readings(catalogue, later)["north.opened"]
    assert (flow.state, flow.reason) == (State.STALE, "store_down: the store is silent")
    assert board.readings(catalogue, later)["north.waiting"].reason is None
    board.take(work.tick())
    assert board.readings(catalogue, later)["north.opened"].reason is None


@pytest.mark.parametrize("fails", ["PlanFlow", "histograms"])
def test_changed_buckets_are_told_of_until_somebody_has_heard(
    city: City, clock: Clock, work: Bench, monkeypatch: pytest.MonkeyPatch, fails: str
) -> None:
    heard: set[datetime] = set()

    def hear(_: TickPlan, buckets: frozenset[datetime]) -> None:
        heard.update(buckets)

    monkeypatch.setattr(work.tick, "_corrected", hear)
    silent = Unreachable("the store is silent")
    if fails == "PlanFlow":
        monkeypatch.setattr(SqlHistory, "set_state", once(silent, SqlHistory.set_state))
    else:
        monkeypatch.setattr(work.tick, "_corrected", once(silent, hear))
    add(city, clock, 3)
    assert work.tick().store is not None
    assert not heard
    assert work.value("north.opened") == 3
    assert len(heard) == 1


def test_who_takes_over_a_flow_tells_of_what_was_not_told(work: Bench) -> None:
    flow: PlanFlow = work.flow()
    flow.untold = frozenset([datetime.now(UTC)])
    assert flow.handed_over(flow.token).untold == flow.untold


def test_a_day_whose_loss_the_store_did_not_hear_of_is_lost_again(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A collector that starts again would go by a histogram of before the correction."""
    name = "histograms/north.median/"
    with bench(city, city.places["north"]) as work:
        city.places["north"].add(1, 3, hours=30)
        work.read_all()
        while not (city.history.state("north", name) or []):
            work.histograms()
        plan = work.flow("opened").plan
        day = date.fromisoformat((city.history.state("north", name) or [""])[0])
        real = city.history.set_state
        monkeypatch.setattr(city.history, "set_state", once(Unreachable("store"), real))
        with pytest.raises(Unreachable):
            work.histograms.forget(plan, [day])
        work.histograms.forget(plan, [day])
        assert day.isoformat() not in (city.history.state("north", name) or [])
