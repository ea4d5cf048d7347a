"""The receiver as a process: killed while it works, it goes on without loss and takes nothing twice."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import redis
import sqlalchemy as sa
from intake_ground import Ground, visits

ROOT = Path(__file__).resolve().parents[2]


class Process:
    """`app.py receive` on a ground of its own."""

    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        self.log = ground.root / "receive.log"
        self.running = self._start()

    def _start(self) -> "subprocess.Popen[bytes]":
        environment = {
            **os.environ,
            **self.ground.environ,
            "COMMAND_CENTER_CATALOG": str(self.ground.root / "catalog"),
            "COMMAND_CENTER_DATA": str(self.ground.root / "data"),
            "COMMAND_CENTER_REDIS_URL": self.ground.redis_url,
        }
        return subprocess.Popen(
            [sys.executable, str(ROOT / "app.py"), "receive"],
            env=environment,
            stderr=self.log.open("ab"),
        )

    def kill(self) -> None:
        """End it with no time to say so, and start it again."""
        self.running.kill()
        self.running.wait()
        self.running = self._start()

    def end(self) -> int:
        """End it as an operator does; gives its exit code."""
        self.running.send_signal(signal.SIGTERM)
        return self.running.wait(20)


def until(holds: Callable[[], bool], seconds: float = 60) -> None:
    """Wait until something holds; fail where it does not in time."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it did not come to that in time"
        time.sleep(0.1)


def count(ground: Ground, table: str) -> int:
    """Rows of a landing table; none while it is not there."""
    try:
        return len(ground.rows(table, "received_at"))
    except sa.exc.SQLAlchemyError:
        return 0


def test_a_receiver_that_is_killed_goes_on_without_loss(ground: Ground) -> None:
    now = datetime.now(UTC)
    days = [(now - timedelta(days=back)).date() for back in range(1, 41)]
    for number, day in enumerate(days):
        rows = [(f"{day:%Y/%m/%d}", f"诊所{n}", "440604", n, "") for n in range(1, 26)]
        ground.put(f"JZ_{day:%Y%m%d}.csv", visits(rows), now - timedelta(minutes=90 - number))
    with redis.Redis.from_url(ground.redis_url) as client:
        for first in range(0, 4000, 1000):
            with client.pipeline(transaction=False) as pipe:
                for number in range(first, first + 1000):
                    row = {"id": f"T{number}", "at": "2026-11-24 11:58:00", "result": "pass"}
                    pipe.xadd(ground.stream, row)
                pipe.execute()
    process = Process(ground)
    for share in (5, 60):
        until(lambda share=share: count(ground, "visits") + count(ground, "tests") > share)
        process.kill()
    until(lambda: count(ground, "visits") == 1000 and count(ground, "tests") == 4000)
    until(lambda: len(list((ground.folder / "taken").iterdir())) == 40)
    assert process.end() == 0
    assert sorted(ground.deliveries("state", "taken_rows")) == [
        *[("taken", 25)] * 40,
        ("taken", 4000),
    ], "each file is told of once, and each push counted once"
    assert "Traceback" not in process.log.read_text()


def test_a_locked_landing_database_is_said_once_and_once_when_it_is_free(ground: Ground) -> None:
    process = Process(ground)
    until(lambda: Path(ground.url.removeprefix("sqlite:///")).exists())
    until(lambda: _has_deliveries(ground))
    engine = sa.create_engine(ground.url)
    with engine.connect() as connection:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        day = (datetime.now(UTC) - timedelta(days=1)).date()
        row = (f"{day:%Y/%m/%d}", "诊所", "440604", 5, "")
        ground.put(f"JZ_{day:%Y%m%d}.csv", visits([row]), datetime.now(UTC) - timedelta(hours=1))
        until(lambda: b"landing database fails" in process.log.read_bytes())
        connection.rollback()
    engine.dispose()
    until(lambda: count(ground, "visits") == 1)
    until(lambda: b"landing database works again" in process.log.read_bytes())
    assert process.end() == 0
    assert process.log.read_bytes().count(b"landing database fails") == 1


def _has_deliveries(ground: Ground) -> bool:
    engine = sa.create_engine(ground.url)
    try:
        return sa.inspect(engine).has_table("tests")
    finally:
        engine.dispose()


def test_a_second_receiver_of_one_folder_says_so_and_ends(ground: Ground) -> None:
    process = Process(ground)
    until(lambda: (ground.root / "data" / "receive.lock").exists())
    time.sleep(0.5)
    second = Process(ground)
    assert second.running.wait(30) == 1
    assert b"already running in" in second.log.read_bytes()
    assert process.end() == 0


@pytest.fixture(autouse=True)
def nothing_left(ground: Ground) -> object:
    """End whatever a failing test left."""
    started: list[subprocess.Popen[bytes]] = []
    begin = Process._start

    def noted(self: Process) -> "subprocess.Popen[bytes]":
        started.append(begin(self))
        return started[-1]

    Process._start = noted  # type: ignore[method-assign]
    yield
    Process._start = begin  # type: ignore[method-assign]
    for process in started:
        if process.poll() is None:
            process.kill()
            process.wait()
