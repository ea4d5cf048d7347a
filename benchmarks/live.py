"""(a) `/live` under 50, 200 and 1,000 viewers while pages load and an export runs.

The whole product runs as it does in production (collector, Redis, web as processes of their own) on
the living demo city; the viewers are a process of their own. In the same run, under the same load,
a naive interval Dash application shows the same frame.

- `age` is from the moment the oldest change in a frame reached Redis to the frame's arrival;
  `since tick` from the moment the oldest tick that it tells of began to read its department.
- The processor time of a viewer and update is that of the web process, less what the process uses
  at rest and what the requests of the load use, each of which is measured without viewers first;
  `raw` is all of it.
- Requests at the database are counted on the wire, by a proxy before one department's PostgreSQL,
  and for all departments by the collector's own count.
"""

import json
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from benchmarks.counting_proxy import CountingProxy
from benchmarks.measuring import (
    ROOT,
    House,
    cpu_seconds,
    free_port,
    quantile,
    running_house,
    table,
    wait_read,
)  # fmt: skip
from benchmarks.pages import Ask, load_of, record

VIEWERS = (1, 50, 200, 1000)
NAIVE_VIEWERS = 10
SECONDS = 30.0
POSTGRES = "postgresql+psycopg://postgres@127.0.0.1:5432/postgres"


@dataclass(frozen=True)
class Rest:
    """What the web process uses without viewers: seconds of a processor per second at rest, and
    per request of the load."""

    idle: float
    request: float


def at_rest(house: House, asks: Sequence[Ask], seconds: float) -> Rest:
    """Measured one after the other."""
    web = house.processes["serve"]
    before, started = cpu_seconds(web), time.monotonic()
    time.sleep(seconds)
    idle = (cpu_seconds(web) - before) / (time.monotonic() - started)
    with load_of(house.url, asks) as load:
        before, started = cpu_seconds(web), time.monotonic()
        time.sleep(2 * seconds)
        used = cpu_seconds(web) - before - idle * (time.monotonic() - started)
    return Rest(idle, used / max(1, load.asked))


def queries(house: House) -> float:
    """What the collector has asked of all departments so far, by its own count."""
    with urllib.request.urlopen(house.url + "/metrics", timeout=30) as answer:
        lines = answer.read().decode().splitlines()
    name = "command_center_collector_queries_total{"
    return sum(float(line.rpartition(" ")[2]) for line in lines if line.startswith(name))


def crowd(
    house: House, viewers: int, asks: Sequence[Ask], rest: Rest, proxy: CountingProxy
) -> dict[str, Any]:
    """One crowd for `SECONDS` under load: what it heard and what it cost."""
    web, port = house.processes["serve"], house.url.rpartition(":")[2]
    command = [sys.executable, "-m", "benchmarks.viewers", "127.0.0.1", port, str(viewers)]
    with load_of(house.url, asks) as load:
        before, started = cpu_seconds(web), time.monotonic()
        asked, all_asked = proxy.requests, queries(house)
        answer = subprocess.run(
            [*command, str(SECONDS)], cwd=ROOT, capture_output=True, check=True, text=True
        )
        took = time.monotonic() - started
        raw = cpu_seconds(web) - before
        requests = load.asked
    heard: dict[str, Any] = json.loads(answer.stdout)
    updates = max(1, heard["frames"])
    heard["raw_ms"] = 1000 * raw / updates
    heard["cpu_ms"] = 1000 * (raw - rest.idle * took - rest.request * requests) / updates
    heard["bytes"] /= updates
    heard["asked"] = (proxy.requests - asked) / took
    heard["queries"] = (queries(house) - all_asked) / took
    return heard


def naive(redis_url: str) -> dict[str, Any]:
    """The naive application: each viewer asks once a second; cost and age of the answers."""
    port = free_port()
    command = [sys.executable, "-m", "benchmarks.naive", redis_url, "cc", str(port)]
    process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    try:
        _wait(url)
        before, sizes, ages = cpu_seconds(process.pid), [], []
        until = time.monotonic() + SECONDS / 2
        lock = threading.Lock()

        def view() -> None:
            while time.monotonic() < until:
                began = time.monotonic()
                size = _ask_naive(url)
                with lock:
                    sizes.append(size)
                    ages.append(time.monotonic() - began)
                time.sleep(max(0.0, 1 - (time.monotonic() - began)))

        viewers = [threading.Thread(target=view) for _ in range(NAIVE_VIEWERS)]
        for viewer in viewers:
            viewer.start()
        for viewer in viewers:
            viewer.join()
        spent = cpu_seconds(process.pid) - before
        return {
            "cpu_ms": 1000 * spent / len(sizes),
            "raw_ms": 1000 * spent / len(sizes),
            "bytes": sum(sizes) / len(sizes),
            "age_p50": quantile(ages, 0.5),
            "age_p99": quantile(ages, 0.99),
        }
    finally:
        process.terminate()
        process.wait()


def _ask_naive(url: str) -> int:
    body = {
        "output": "wall.children",
        "outputs": {"id": "wall", "property": "children"},
        "inputs": [{"id": "tick", "property": "n_intervals", "value": 1}],
        "changedPropIds": ["tick.n_intervals"],
    }
    request = urllib.request.Request(
        url + "/_dash-update-component",
        json.dumps(body).encode(),
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=120) as answer:
        return len(answer.read())


def _wait(url: str) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(url + "/_dash-layout", timeout=5):
                return
        except OSError:
            time.sleep(0.3)
    raise TimeoutError(f"{url} did not come up")


@contextmanager
def counted_customs() -> Iterator[tuple[str, CountingProxy]]:
    """A PostgreSQL database for customs behind a counting proxy: its URL and the proxy."""
    name = f"cc_bench_{uuid.uuid4().hex[:8]}"
    admin = sa.create_engine(POSTGRES, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(sa.text(f"CREATE DATABASE {name}"))
    proxy = CountingProxy(admin.url.port or 5432)
    url = admin.url.set(database=name, host="127.0.0.1", port=proxy.port)
    try:
        yield url.render_as_string(hide_password=False), proxy
    finally:
        proxy.close()
        with admin.connect() as connection:
            connection.execute(sa.text(f"DROP DATABASE {name} WITH (FORCE)"))
        admin.dispose()


HEAD = [
    "way", "server CPU per viewer and update, ms", "raw, ms", "bytes per update", "age p50, ms",
    "age p99", "since tick p50", "since tick p99", "lost", "closed", "fell behind",
    "requests/s at one department", "queries/s at all",
]  # fmt: skip


def _row(name: str, heard: dict[str, Any]) -> list[str]:
    def ms(key: str) -> str:
        return "–" if heard.get(key) is None else f"{1000 * heard[key]:.0f}"

    def rate(key: str) -> str:
        return f"{heard[key]:.1f}" if key in heard else "–"

    # One viewer costs less than the load's own cost varies.
    net = f"{heard['cpu_ms']:.3f}" if heard["cpu_ms"] > 0 else "≈ 0"
    return [
        name, net, f"{heard['raw_ms']:.3f}", f"{heard['bytes']:,.0f}",
        ms("age_p50"), ms("age_p99"), ms("tick_p50"), ms("tick_p99"),
        *(str(heard.get(name, "–")) for name in ("lost", "closed", "fell_behind")),
        rate("asked"), rate("queries"),
    ]  # fmt: skip


def main() -> str:
    """The table."""
    rows = []
    with tempfile.TemporaryDirectory() as folder, counted_customs() as (url, proxy):
        data = Path(folder) / "data"
        with running_house(data, free_port(), 180, CUSTOMS_URL=url) as house:
            wait_read(house.url, 1800)
            time.sleep(30)  # What was read last is still judged and drawn.
            asks = record(house.url)
            rest = at_rest(house, asks, 10)
            for viewers in VIEWERS:
                heard = crowd(house, viewers, asks, rest, proxy)
                rows.append(_row(f"one shared frame, {viewers:,} viewers", heard))
            redis_url = f"unix://{data.resolve()}/redis.sock"
            with load_of(house.url, asks):
                rows.append(_row(f"naive interval, {NAIVE_VIEWERS} viewers", naive(redis_url)))
    said = f"At rest the web uses {100 * rest.idle:.1f} % of a core; a request of the load {1000 * rest.request:.1f} ms."
    return f"{table(HEAD, rows)}\n\n{said}"


if __name__ == "__main__":
    print(main())
