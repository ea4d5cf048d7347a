"""The breaker, the timetable and the lanes."""

import math
import random
import threading
from datetime import UTC, date, datetime, timedelta

from collecting import definition

from data_access.collector.breaker import Breaker
from data_access.collector.lanes import Lanes
from data_access.collector.quiet import night_of
from data_access.collector.timetable import Job, Lane, Timetable


def always(_: Lane) -> bool:
    return True


def timetable(rooms: int = 2, **jobs: tuple[Lane, float]) -> Timetable[None]:
    table: Timetable[None] = Timetable(
        {Lane.TICK: rooms, Lane.SLOW: max(1, rooms - 1), Lane.HOUSE: 1}, rooms, jitter=0.0
    )
    for name, (lane, every) in jobs.items():
        table.add(Job(name, lane, every, lambda: None, due=100.0))
    return table


def started(table: Timetable[None], now: float) -> list[str]:
    jobs = table.due(now, always)
    for job in jobs:
        table.start(job, now)
    return [job.name for job in jobs]


def test_a_late_tick_is_skipped_and_counted_never_queued() -> None:
    table = timetable(tick=(Lane.TICK, 10.0))
    assert started(table, 100.0) == ["tick"]
    assert started(table, 110.0) == []
    assert started(table, 145.0) == []
    assert table.jobs["tick"].skipped == 4  # at 110, 120, 130 and 140
    table.ended("tick")
    assert started(table, 146.0) == []
    assert started(table, 150.0) == ["tick"]
    assert started(table, 151.0) == []


def test_ticks_missed_while_nothing_might_run_are_counted_and_run_once() -> None:
    table = timetable(tick=(Lane.TICK, 10.0))
    assert table.due(150.0, lambda lane: False) == []
    assert started(table, 155.0) == ["tick"]
    assert table.jobs["tick"].skipped == 5
    assert table.jobs["tick"].due == 165.0


def test_slow_questions_leave_room_for_ticks() -> None:
    table = timetable(2, a=(Lane.SLOW, 60.0), b=(Lane.SLOW, 60.0), tick=(Lane.TICK, 10.0))
    assert started(table, 100.0) == ["a", "tick"]


def test_a_tick_leaves_room_for_a_slow_question() -> None:
    table = timetable(2, tick=(Lane.TICK, 10.0), a=(Lane.SLOW, 60.0))
    assert started(table, 100.0) == ["tick", "a"]


def test_a_department_with_one_connection_is_asked_one_thing_at_a_time() -> None:
    table = timetable(1, a=(Lane.SLOW, 60.0), tick=(Lane.TICK, 10.0), house=(Lane.HOUSE, 60.0))
    assert started(table, 100.0) == ["a", "house"]
    assert table.next_due(lambda lane: 0.0) == math.inf
    table.ended("a")
    assert started(table, 101.0) == ["tick"]


def test_jitter_keeps_departments_off_the_same_beat_and_never_slows_them() -> None:
    table: Timetable[None] = Timetable({Lane.TICK: 1}, 1, random.Random(7), jitter=0.1)
    table.add(Job("tick", Lane.TICK, 10.0, lambda: None))
    pauses = []
    for now in range(0, 1000, 100):
        (job,) = table.due(float(now), always)
        table.start(job, float(now))
        table.ended("tick")
        pauses.append(job.due - now)
    assert len(set(pauses)) > 5
    assert all(9.0 <= pause <= 10.0 for pause in pauses)


def test_breaker_opens_with_the_third_failure_in_a_row() -> None:
    breaker = Breaker()
    breaker.failed(0.0)
    breaker.failed(1.0)
    breaker.succeeded()
    assert [breaker.failed(t) for t in (2.0, 3.0, 4.0, 5.0)] == [False, False, True, False]
    assert breaker.is_open
    assert not breaker.lets(5.1)


def test_one_probe_at_a_time_and_success_closes_it_once() -> None:
    breaker = Breaker()
    for t in (0.0, 1.0, 2.0):
        breaker.failed(t)
    assert breaker.lets(10.0)
    breaker.started()
    assert not breaker.lets(10.0)
    assert breaker.succeeded() is True
    assert breaker.succeeded() is False
    assert breaker.lets(10.0)


def test_an_outage_of_minutes_ends_within_five_seconds_a_long_one_is_probed_gently() -> None:
    breaker, now, pauses = Breaker(random.Random(1)), 0.0, []
    while now < 3600.0:
        breaker.failed(now)
        at = breaker.probe_at
        pauses.append((now, (at or now + 1.0) - now))
        now = at or now + 1.0
    assert all(pause <= 4.0 for began, pause in pauses if began < 300.0)
    assert max(pause for _, pause in pauses) > 40.0
    assert all(pause <= 60.0 for _, pause in pauses)


def test_a_job_that_fails_in_any_way_is_reported() -> None:
    lanes: Lanes[int] = Lanes("test")
    lanes.start("good", lambda: 7)
    lanes.start("bad", lambda: 1 // 0)
    ended = {}
    while len(ended) < 2:
        ended |= {done.job: done for done in lanes.ended(5.0)}
    assert ended["good"].outcome == 7
    assert isinstance(ended["bad"].error, ZeroDivisionError)


def test_what_ends_after_it_was_given_up_is_not_heard() -> None:
    lanes: Lanes[int] = Lanes("test")
    gate = threading.Event()
    lanes.start("hung", lambda: int(gate.wait(5)))
    lanes.abandon()
    gate.set()
    lanes.start("next", lambda: 2)
    heard = []
    while not heard:
        heard = lanes.ended(5.0)
    assert [done.job for done in heard] == ["next"]


def test_a_quiet_night_over_midnight_is_one_night() -> None:
    """In Shanghai the 20th ends at 16:00 UTC."""

    def night(quiet: str, hour: int, minute: int = 0) -> date | None:
        return night_of(
            definition("north", quiet=quiet), datetime(2026, 11, 20, hour, minute, tzinfo=UTC)
        )

    first, second = date(2026, 11, 20), date(2026, 11, 21)
    assert night("22:00-04:00", 13, 59) is None
    assert night("22:00-04:00", 14) == night("22:00-04:00", 15, 59) == first
    assert night("22:00-04:00", 16) == night("22:00-04:00", 19, 59) == first
    assert night("22:00-04:00", 20) is None
    assert night("02:00-04:00", 18) == second
    assert night("02:00-04:00", 17) is night("02:00-04:00", 20) is None
    assert night("00:00-00:00", 16) is None


def test_quiet_hours_can_end_with_the_day() -> None:
    department = definition("north", quiet="22:00-24:00")
    at = datetime(2026, 11, 20, 15, 59, 59, tzinfo=UTC)
    assert night_of(department, at) == date(2026, 11, 20)
    assert night_of(department, at + timedelta(seconds=1)) is None
