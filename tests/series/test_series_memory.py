"""The memory of answers: how long, how much, and one question at a time."""

import threading
import time
from datetime import timedelta

import pytest

from dashboard.series.memory import Memory


class Clock:
    """Seconds that pass when told to."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def memory(clock: Clock, most: int = 100) -> Memory[list[int]]:
    """A memory of a minute."""
    return Memory(timedelta(minutes=1), most, clock)


def test_an_answer_is_given_again_until_it_is_too_old(clock: Clock) -> None:
    kept, asked = memory(clock), []

    def ask() -> list[int]:
        asked.append(clock.now)
        return []

    for clock.now in (0.0, 59.0, 60.0, 100.0, 121.0):
        kept.get("key", ask)
    assert asked == [0.0, 60.0, 121.0]


def test_what_has_expired_is_dropped_whatever_is_asked_next(clock: Clock) -> None:
    kept = memory(clock)
    for key in range(5):
        kept.get(key, lambda: [0] * 10)
    assert len(kept) == 50
    clock.now = 61.0
    kept.get("other", lambda: [0])
    assert len(kept) == 1


def test_points_are_bounded_and_not_entries(clock: Clock) -> None:
    kept, asked = memory(clock, most=100), []
    for key in range(10):
        kept.get(key, lambda: [0] * 30)
        assert len(kept) <= 100
    for key in (7, 8, 9, 6):
        kept.get(key, lambda key=key: asked.append(key) or [0] * 30)  # type: ignore[misc]
    assert asked == [6]


def test_an_answer_larger_than_the_memory_is_given_and_not_kept(clock: Clock) -> None:
    kept = memory(clock, most=100)
    kept.get("small", lambda: [0])
    assert len(kept.get("large", lambda: [0] * 101)) == 101
    assert len(kept) == 1


def test_answers_without_points_are_bounded_too(clock: Clock) -> None:
    kept = memory(clock, most=3)
    for key in range(10):
        kept.get(key, list)
    assert len(kept) == 3


def test_a_failure_is_not_remembered(clock: Clock) -> None:
    kept = memory(clock)
    with pytest.raises(ZeroDivisionError):
        kept.get("key", lambda: [1 // 0])
    assert kept.get("key", lambda: [1]) == [1]


def test_after_a_failure_those_who_wait_and_who_comes_new_ask_one_by_one(clock: Clock) -> None:
    kept = memory(clock)
    asking = most = 0
    counted, first_asks, may_fail = threading.Lock(), threading.Event(), threading.Event()

    def fail() -> list[int]:
        first_asks.set()
        may_fail.wait(5)
        raise OSError("away")

    def slow() -> list[int]:
        nonlocal asking, most
        with counted:
            asking += 1
            most = max(most, asking)
        time.sleep(0.05)
        with counted:
            asking -= 1
        raise OSError("away")

    def ask(work: object) -> None:
        with pytest.raises(OSError, match="away"):
            kept.get("key", work)  # type: ignore[arg-type]

    first = threading.Thread(target=ask, args=(fail,))
    first.start()
    assert first_asks.wait(5)
    others = [threading.Thread(target=ask, args=(slow,)) for _ in range(3)]
    for thread in others:
        thread.start()
    time.sleep(0.05)
    may_fail.set()
    first.join(5)
    late = [threading.Thread(target=ask, args=(slow,)) for _ in range(3)]
    for thread in late:
        thread.start()
    for thread in [*others, *late]:
        thread.join(5)
    assert most == 1


def test_nothing_is_left_of_those_who_asked(clock: Clock) -> None:
    kept = memory(clock)
    for key in range(10):
        kept.get(key, list)
    assert kept._turns == {}
