import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from structlog.testing import capture_logs

from data_access.live.outage import Outage


def test_attempts_are_spaced_by_a_second_at_most_and_never_in_step() -> None:
    pauses = [Outage("x").failed(OSError()) for _ in range(20)]
    assert len(set(pauses)) > 1
    outage = Outage("x")
    with capture_logs() as logs:
        longer = [outage.failed(OSError("gone")) for _ in range(50)]
        assert not outage.may_try()
        outage.ended()
        outage.ended()
    assert max(longer) <= 1.0
    assert min(longer[10:]) >= 0.5
    assert [log["event"] for log in logs] == ["redis does not answer", "redis answers again"]
    assert outage.may_try()


def test_new_outage_begins_with_short_pauses_again() -> None:
    outage = Outage("x")
    for _ in range(10):
        outage.failed(OSError())
    outage.ended()
    assert outage.failed(OSError()) <= 0.1


def test_an_outage_that_many_threads_meet_is_logged_once(monkeypatch: pytest.MonkeyPatch) -> None:
    outage, all_met = Outage("x"), threading.Barrier(8)
    monotonic = time.monotonic

    def slow() -> float:
        # Gives way between the look and the note, where threads meet.
        now = monotonic()
        threading.Event().wait(0.01)
        return now

    monkeypatch.setattr("data_access.live.outage.time.monotonic", slow)

    def meet() -> None:
        all_met.wait(5)
        outage.failed(OSError("gone"))
        all_met.wait(5)
        outage.ended()

    with capture_logs() as logs, ThreadPoolExecutor(8) as threads:
        for met in [threads.submit(meet) for _ in range(8)]:
            met.result(10)
    assert [log["event"] for log in logs] == ["redis does not answer", "redis answers again"]
