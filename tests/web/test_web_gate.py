"""The gate before a department: how many ask at a time, what is remembered of a silence, the log."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from hand_clock import Clock
from small_city import CASES
from structlog.testing import capture_logs

from dashboard.catalogue import Catalogue, Department
from dashboard.ports import Busy, Unanswered, Unreachable
from data_access.departments.faults import Silent
from data_access.departments.gate import FIRST_PAUSE, LONGEST_PAUSE, Gate
from data_access.departments.sources import SqlSources


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def gate(clock: Clock) -> Gate:
    return Gate("cases", 2, clock=clock)


def fail(gate: Gate, error: Exception, question: str = "lodged") -> None:
    expected = Unanswered if isinstance(error, Unreachable) else type(error)
    with pytest.raises(expected), gate.passing(question):
        raise error


def refused(gate: Gate, question: str = "lodged") -> str | None:
    """What is said to a question that is not put; None where it may be put."""
    try:
        with gate.passing(question, proves=False):
            return None
    except Unanswered as error:
        return str(error)


SILENT = Silent("cases: the database does not answer")
SLOW = Unreachable("cases: the statement was ended after 10 s")


def test_after_a_silence_nobody_asks_for_some_seconds_and_the_reason_is_named(
    gate: Gate, clock: Clock
) -> None:
    fail(gate, SILENT)
    said = refused(gate, "another")
    assert said == "cases: the database does not answer; it is asked again in 5 s"
    clock.now += FIRST_PAUSE + 0.1
    assert refused(gate) is None


def test_one_question_goes_to_see_and_the_others_do_not_wait_for_it(
    gate: Gate, clock: Clock
) -> None:
    fail(gate, SILENT)
    clock.now += FIRST_PAUSE
    with gate.passing("lodged"):
        assert "being asked again" in (refused(gate, "another") or "")
    assert refused(gate, "another") is None


def test_pauses_grow_to_a_limit_while_the_silence_goes_on(gate: Gate, clock: Clock) -> None:
    fail(gate, SILENT)
    for _ in range(10):
        clock.now += LONGEST_PAUSE
        fail(gate, SILENT)
    clock.now += LONGEST_PAUSE - 0.5
    assert "in 1 s" in (refused(gate) or "")


def test_a_statement_that_takes_too_long_shuts_out_only_its_like(gate: Gate) -> None:
    fail(gate, SLOW, "percentile")
    assert "ended after 10 s" in (refused(gate, "percentile") or "")
    assert refused(gate, "lodged") is None


def test_a_question_that_does_not_fit_says_nothing_of_the_department(
    gate: Gate, clock: Clock
) -> None:
    fail(gate, ValueError("found by 'street'"))
    assert refused(gate) is None
    fail(gate, SILENT)
    clock.now += FIRST_PAUSE
    fail(gate, ValueError("found by 'street'"))
    assert refused(gate) is None, "the next one goes to see"


def test_a_question_too_many_is_told_that_the_department_is_busy() -> None:
    gate = Gate("cases", 2, patience=0.05)
    with gate.passing("one"), gate.passing("two"):
        assert "2 questions" in (refused(gate, "three") or "")
        with pytest.raises(Busy), gate.passing("three"):
            raise AssertionError("let in")
    assert refused(gate, "three") is None


def test_a_question_that_waits_for_its_turn_is_put_when_another_has_ended() -> None:
    gate = Gate("cases", 1, patience=30)
    entered, ended = threading.Event(), threading.Event()

    def ask() -> None:
        with gate.passing("two"):
            entered.set()
        ended.set()

    with gate.passing("one"):
        threading.Thread(target=ask).start()
        assert not entered.wait(0.1)
    assert ended.wait(5)


def test_an_outage_is_logged_once_when_it_starts_and_once_when_it_ends(
    gate: Gate, clock: Clock
) -> None:
    with capture_logs() as logs:
        for minute in range(5):
            fail(gate, SILENT, f"panel {minute}")
            for panel in range(8):
                refused(gate, f"panel {panel}")
            clock.now += 60
        with gate.passing("lodged"):
            pass
        with gate.passing("lodged"):
            pass
    assert [(log["event"], log["department"]) for log in logs] == [
        ("no answer to people", "cases"),
        ("answers people again", "cases"),
    ]
    assert logs[0]["reason"] == "cases: the database does not answer"
    assert logs[1]["seconds"] == 300


class Fixed:
    """A catalogue that stays."""

    def __init__(self, url: str) -> None:
        limits = {"statement": "1s"}
        department = Department.model_validate({**CASES, "limits": limits})
        urls = {"cases": url} if url else {}
        self.catalogue = Catalogue("1", {"cases": department}, urls=urls)

    def current(self) -> Catalogue:
        return self.catalogue


@contextmanager
def speechless() -> Iterator[int]:
    """A server that lets everybody in and never says a word."""
    with socket.create_server(("127.0.0.1", 0), backlog=50) as listening:
        yield listening.getsockname()[1]


def test_a_server_that_never_speaks_is_waited_for_once() -> None:
    with speechless() as port:
        sources = SqlSources(Fixed(f"mysql://clerk@127.0.0.1:{port}/cases"))
        with pytest.raises(Unanswered):
            sources.of("cases").rows("lodged", None, where={}, limit=1)
        began = time.monotonic()
        for _ in range(50):
            with pytest.raises(Unanswered, match="does not answer; it is asked again in"):
                sources.of("cases").rows("lodged", None, where={}, limit=1)
        assert time.monotonic() - began < 0.5
        sources.close()


def test_a_department_without_a_url_is_logged_once() -> None:
    sources = SqlSources(Fixed(""))
    with capture_logs() as logs:
        for _ in range(3):
            with pytest.raises(Unanswered, match="is not set"):
                sources.of("cases")
    assert [log["event"] for log in logs] == ["cannot ask the department"]
