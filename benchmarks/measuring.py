"""What all benchmarks share: processor time of a process, quantiles, tables, a house to measure."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
_TICKS = os.sysconf("SC_CLK_TCK")


def cpu_seconds(pid: int) -> float:
    """User and system seconds a process has used so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def quantile(values: Sequence[float], q: float) -> float:
    """The q-quantile by nearest rank; nan of nothing."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(q * len(ordered)))] if ordered else float("nan")


def table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)


@dataclass(frozen=True)
class House:
    """A running product: its address, its folder and the processes in it."""

    url: str
    data: Path
    process: subprocess.Popen[bytes]

    @property
    def processes(self) -> dict[str, int]:
        """Process ids by name: supervisor, redis, collect, serve, simulate."""
        found: dict[str, int] = json.loads((self.data / "processes.json").read_text())
        return found

    def get(self, path: str) -> Any:
        """The JSON answer to a GET."""
        with urllib.request.urlopen(self.url + path, timeout=30) as answer:
            return json.loads(answer.read())


def free_port() -> int:
    """A port on loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_ready(url: str, seconds: float) -> float:
    """Wait until `/readyz` says 200; the seconds it took. Raises TimeoutError."""
    started = time.monotonic()
    while time.monotonic() - started < seconds:
        try:
            with urllib.request.urlopen(url + "/readyz", timeout=2) as answer:
                if answer.status == 200:
                    return time.monotonic() - started
        except OSError:
            pass
        time.sleep(0.2)
    raise TimeoutError(f"{url} was not ready in {seconds:.0f} s")


_TOLD = 0.17
"""Of the moments of a past that is told, those of the last day are as many and a little more."""


def wait_read(url: str, seconds: float) -> float:
    """Wait until the history of a first start is read, and of the past of states the last days are
    told; the seconds it took. What lies further back is told at a pace of its own for a quarter of an
    hour, whoever looks. Raises TimeoutError."""
    started, quiet = time.monotonic(), 0
    while time.monotonic() - started < seconds:
        shares = [feed.get("progress") for feed in snapshot(url)["feeds"].values()]
        reading = any(share is not None and share < _TOLD for share in shares)
        # In its first seconds a collector has not said yet that it reads.
        quiet = 0 if reading else quiet + 1
        if quiet == 3:
            return time.monotonic() - started
        time.sleep(5)
    raise TimeoutError(f"{url} still reads its history after {seconds:.0f} s")


def snapshot(url: str) -> dict[str, Any]:
    """The first frame that a viewer is given."""
    with urllib.request.urlopen(url + "/live", timeout=30) as stream:
        for line in stream:
            if line.startswith(b"data:"):
                frame: dict[str, Any] = json.loads(line[5:])
                return frame
    raise OSError(f"{url}/live ended without a frame")


@contextmanager
def running_house(
    data: Path, port: int, seconds: float = 120, **environment: str
) -> Iterator[House]:
    """`python app.py run` in a folder of its own until the block ends."""
    settings: Mapping[str, str] = {
        **os.environ,
        "COMMAND_CENTER_DATA": str(data),
        "COMMAND_CENTER_PORT": str(port),
        **environment,
    }
    data.mkdir(parents=True, exist_ok=True)
    with (data / "run.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, str(ROOT / "app.py"), "run", "--with-parent"],
            cwd=ROOT,
            env=settings,
            stdout=log,
            stderr=log,
        )
    try:
        url = f"http://127.0.0.1:{port}"
        wait_ready(url, seconds)
        yield House(url, data, process)
    finally:
        process.terminate()
        process.wait(20)
