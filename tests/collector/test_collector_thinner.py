"""History is thinned as long as the collector runs, whatever fails meanwhile."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from structlog.testing import capture_logs

from dashboard.ports import ClocksDiffer, Unreachable
from data_access.collector.thinner import Thinner

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)


class Brittle:
    """A history whose first thinnings of one zone fail; it tells when both zones were thinned."""

    def __init__(self, error: Exception, failures: int) -> None:
        self.error, self.failures = error, failures
        self.calls: list[str] = []
        self.sampled: set[str] = set()
        self.pruned: set[int] = set()
        self.thinned = threading.Event()

    def thin(self, now: datetime, zone: str, *, samples: bool) -> int:
        self.calls.append(zone)
        if samples:
            self.sampled.add(zone)
        if zone == "Asia/Shanghai" and self.failures:
            self.failures -= 1
            raise self.error
        if zone == "Asia/Shanghai":
            self.thinned.set()
        return 1

    def prune_audit(self, now: datetime, days: int) -> int:
        self.pruned.add(days)
        return 0


@contextmanager
def thinning(history: Brittle) -> Iterator[None]:
    zones = ["Asia/Shanghai", "Asia/Urumqi"]
    thinner = Thinner(history, lambda: NOW, lambda: zones, 0.01, 400)  # type: ignore[arg-type]
    stopped = threading.Event()
    thread = threading.Thread(target=thinner.run, args=(stopped,))
    thread.start()
    try:
        yield
    finally:
        stopped.set()
        thread.join(5)
        assert not thread.is_alive()


@pytest.mark.parametrize(
    ("error", "level"),
    [
        (Unreachable("away"), "warning"),
        (ClocksDiffer("another time"), "warning"),
        (KeyError("a fault"), "error"),
    ],
)
def test_a_failure_is_said_once_and_history_is_thinned_afterwards(
    error: Exception, level: str
) -> None:
    history = Brittle(error, failures=3)
    with capture_logs() as logs, thinning(history):
        assert history.thinned.wait(5), "the thread goes on"
    said = [one for one in logs if one["event"] == "history not thinned"]
    assert [(one["zone"], one["log_level"]) for one in said] == [("Asia/Shanghai", level)]
    assert history.calls[:4] == ["Asia/Shanghai", "Asia/Urumqi"] * 2, "one zone stops no other"
    assert "history thinned" in {one["event"] for one in logs if one.get("zone") == "Asia/Shanghai"}


def test_samples_are_thinned_in_the_first_zone_only_and_the_audit_with_them() -> None:
    history = Brittle(KeyError(), failures=0)
    with thinning(history):
        while len(history.calls) < 4:
            history.thinned.wait(0.01)
    assert history.sampled == {"Asia/Shanghai"}
    assert history.pruned == {400}
