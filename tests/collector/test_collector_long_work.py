"""Reading and telling the past is done by one department at a time, the most urgent first."""

import pytest
from hand_clock import Clock

from data_access.collector.long_work import (
    BETWEEN,
    FORGOTTEN,
    HELD,
    RESTS,
    LongWork,
    Urgency,
)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def work(clock: Clock) -> LongWork:
    return LongWork(clock)


def _does(work: LongWork, clock: Clock, who: str, urgency: Urgency, seconds: float = 0.1) -> bool:
    """Ask for the turn and work so long in it; whether it was given."""
    with work.turn(who, urgency) as later:
        if not later:
            clock.now += seconds
        return not later


def test_one_works_at_a_time(work: LongWork, clock: Clock) -> None:
    with work.turn("transit", Urgency.READING) as later:
        assert not later
        assert not _does(work, clock, "customs", Urgency.READING)
    clock.now += 1
    assert _does(work, clock, "customs", Urgency.READING)


def test_a_piece_is_followed_by_a_rest_for_all(work: LongWork, clock: Clock) -> None:
    assert _does(work, clock, "transit", Urgency.FURTHER, 0.3)
    rest = 0.3 * RESTS[Urgency.FURTHER]
    clock.now += rest - 0.01
    assert not _does(work, clock, "customs", Urgency.FURTHER)
    clock.now += 0.02
    assert _does(work, clock, "customs", Urgency.FURTHER)


def test_what_numbers_wait_for_goes_first(work: LongWork, clock: Clock) -> None:
    assert _does(work, clock, "transit", Urgency.FURTHER)
    assert not _does(work, clock, "customs", Urgency.READING)
    clock.now += 1
    assert not _does(work, clock, "cases", Urgency.FURTHER)
    assert not _does(work, clock, "cases", Urgency.LAST_DAY)
    assert _does(work, clock, "customs", Urgency.READING)


def test_of_equals_nobody_goes_twice_while_others_wait(work: LongWork, clock: Clock) -> None:
    assert _does(work, clock, "transit", Urgency.READING)
    assert not _does(work, clock, "customs", Urgency.READING)
    clock.now += 0.5
    assert not _does(work, clock, "transit", Urgency.READING)
    assert _does(work, clock, "customs", Urgency.READING)
    clock.now += 0.5
    assert _does(work, clock, "transit", Urgency.READING)


def test_nobody_waits_for_one_who_does_not_ask_again(work: LongWork, clock: Clock) -> None:
    assert _does(work, clock, "transit", Urgency.FURTHER)
    assert not _does(work, clock, "customs", Urgency.READING)
    clock.now += FORGOTTEN
    assert _does(work, clock, "transit", Urgency.FURTHER)


def test_a_department_that_hangs_keeps_no_other_from_its_past(work: LongWork, clock: Clock) -> None:
    with work.turn("transit", Urgency.READING):
        clock.now += HELD
        with work.turn("customs", Urgency.READING) as later:
            assert not later
            clock.now += 0.1
        # What hung gives nothing back that is another's by now.
    clock.now += 0.1 * RESTS[Urgency.READING]
    assert _does(work, clock, "cases", Urgency.READING)


def test_the_turn_is_given_back_where_the_work_fails(work: LongWork, clock: Clock) -> None:
    with pytest.raises(RuntimeError), work.turn("transit", Urgency.READING):
        raise RuntimeError("the department is away")
    clock.now += 1
    assert _does(work, clock, "customs", Urgency.READING)


def test_a_long_wait_for_a_department_rests_no_longer_than_a_turn(
    work: LongWork, clock: Clock
) -> None:
    assert _does(work, clock, "transit", Urgency.FURTHER, 60.0)
    clock.now += HELD * RESTS[Urgency.FURTHER]
    assert _does(work, clock, "customs", Urgency.FURTHER)


def test_who_waits_alone_asks_again_when_the_turn_is_free(work: LongWork, clock: Clock) -> None:
    assert _does(work, clock, "transit", Urgency.FURTHER, 0.2)
    with work.turn("transit", Urgency.FURTHER) as later:
        assert later == pytest.approx(0.2 * RESTS[Urgency.FURTHER])


def test_the_more_wait_the_more_seldom_each_asks(work: LongWork, clock: Clock) -> None:
    asked = []
    with work.turn("transit", Urgency.READING):
        for number in range(40):
            with work.turn(f"department-{number}", Urgency.READING) as later:
                asked.append(later)
    assert asked == [min(work.waiting, BETWEEN * (number + 1)) for number in range(40)]
    assert asked[-1] == work.waiting


def test_who_is_more_urgent_is_not_long_in_coming(work: LongWork, clock: Clock) -> None:
    """The others wait for him, though nobody has the turn."""
    with work.turn("transit", Urgency.READING):
        for number in range(10):
            assert not _does(work, clock, f"department-{number}", Urgency.FURTHER)
        with work.turn("customs", Urgency.LAST_DAY) as later:
            assert later == pytest.approx(BETWEEN)
