"""A landing database that stands still costs its own department a while, and no stop for ever."""

import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from intake_ground import GOOD, NOW, Ground, visits
from standstill import Standstill
from structlog.testing import capture_logs

from dashboard.catalogue import Catalogue
from data_access.intake import receiver, tables
from data_access.intake.receiver import Desk, Receiver, told_of

FILE = "JZ_20261124.csv"


@pytest.fixture
def between(any_ground: Ground, monkeypatch: pytest.MonkeyPatch) -> Iterator[Standstill]:
    """What stands between us and the landing database, and can stand still."""
    url = sa.make_url(any_ground.url)
    if url.get_backend_name() == "sqlite":
        pytest.skip("a file does not stop speaking")
    monkeypatch.setattr(tables, "STATEMENT_SECONDS", 1)
    monkeypatch.setattr(tables, "GRACE_SECONDS", 1.0)
    server = Standstill(url.port or 5432)
    any_ground.url = url.set(port=server.port).render_as_string(hide_password=False)
    yield server
    server.close()


def test_a_landing_database_that_stands_still_is_given_up_and_tried_again(
    any_ground: Ground, between: Standstill
) -> None:
    told = told_of(any_ground.catalogue)["clinics"]
    desk = Desk(told, any_ground.places, "test")
    desk.receive(NOW)
    assert desk.landing.reason is None
    any_ground.put(FILE, visits(GOOD))
    between.frozen.set()
    began = time.monotonic()
    assert desk.receive(NOW) == 0
    assert time.monotonic() - began < 20
    assert desk.landing.reason is not None
    between.frozen.clear()
    desk.landing.due = 0.0
    assert desk.receive(NOW) > 0
    assert desk.landing.reason is None
    desk.close()
    assert len(any_ground.rows("visits", "clinic")) == len(GOOD)


class Standing:
    """A catalogue that does not change."""

    def __init__(self, ground: Ground) -> None:
        self._catalogue = ground.catalogue

    def current(self) -> Catalogue:
        """The catalogue."""
        return self._catalogue


def test_a_receiver_that_is_told_to_stop_waits_for_no_desk_that_hangs(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    hangs, free = threading.Event(), threading.Event()

    def hang(desk: Desk, now: datetime) -> int:
        hangs.set()
        free.wait(60)
        return 0

    monkeypatch.setattr(Desk, "receive", hang)
    monkeypatch.setattr(receiver, "GOODBYE", 0.3)
    running = Receiver(Standing(ground), ground.places, "test", lambda: datetime.now(UTC))
    thread = threading.Thread(target=running.run, daemon=True)
    with capture_logs() as said:
        thread.start()
        assert hangs.wait(10)
        running.stop()
        thread.join(10)
        ended = not thread.is_alive()
        free.set()
    assert ended
    assert [one["departments"] for one in said if "departments" in one] == [["clinics"]]
