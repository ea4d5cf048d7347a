"""`app.py run` as a person starts it: its words, its processes, and what is left when it has ended."""

import os
import queue
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import redis
from outages.stage import free_port
from redis.backoff import NoBackoff
from redis.retry import Retry
from servers import ROOT

from benchmarks.measuring import House
from data_access.live.embedded import socket_path
from demo import DELIVERED, DEPARTMENTS

PROGRAM = ROOT / "app.py"
CITY = {*DEPARTMENTS, *DELIVERED, "center", "entries"}
"""Every department that the whole product reads: databases, deliveries, the center's own rows."""
READY = 300.0
"""Seconds until it must be ready: a dozen on an idle machine."""
GONE = 20.0
"""Seconds until nothing may be left. A stop is allowed six seconds per process that does not listen."""


@dataclass
class Running:
    """A started product; `words` are the lines that it has said on standard output so far."""

    data: Path
    port: int
    process: subprocess.Popen[bytes]
    words: list[str] = field(default_factory=list)
    _said: "queue.SimpleQueue[str | None]" = field(default_factory=queue.SimpleQueue)

    def __post_init__(self) -> None:
        """Listen to standard output, so that the pipe never fills."""
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._said.put(line.decode().rstrip())
        self._said.put(None)

    @property
    def house(self) -> House:
        """Its address and its processes."""
        return House(f"http://127.0.0.1:{self.port}", self.data, self.process)

    def wait_ready(self, seconds: float = READY) -> str:
        """The line that says it is ready. Raises AssertionError with what was said instead."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            try:
                line = self._said.get(timeout=0.5)
            except queue.Empty:
                continue
            if line is None:
                break
            self.words.append(line)
            if line.startswith("ready: "):
                return line
        raise AssertionError(f"not ready: {self.words}\n{self.log()}")

    def log(self) -> str:
        """The newest lines of what it and its processes logged."""
        return (self.data / "run.log").read_text()[-3000:]


def start(
    data: Path,
    port: int,
    *arguments: str,
    environment: Mapping[str, str] | None = None,
    through: Sequence[str] = (),
    command: Sequence[str] = (sys.executable, str(PROGRAM), "run"),
) -> Running:
    """`python app.py run ARGUMENTS` in a data folder; `through` is a command that starts it, and
    `command` another way to run it."""
    data.mkdir(parents=True, exist_ok=True)
    with (data / "run.log").open("ab") as log:
        process = subprocess.Popen(
            [*through, *command, *arguments],
            cwd=ROOT,
            env=environment_of(data, port) | dict(environment or {}),
            stdout=subprocess.PIPE,
            stderr=log,
        )
    return Running(data, port, process)


def environment_of(data: Path, port: int) -> dict[str, str]:
    """The environment of a product of its own, whatever the caller's says."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith("COMMAND_CENTER_")}
    return clean | {
        "COMMAND_CENTER_DATA": str(data),
        "COMMAND_CENTER_PORT": str(port),
        "COMMAND_CENTER_DEMO_DAYS": "2",
    }


@contextmanager
def running(data: Path, *arguments: str, **more: str) -> Iterator[Running]:
    """A product on a port of its own that is ready; ended where the block has not ended it."""
    product = start(data, free_port(), *arguments, environment=more)
    try:
        product.wait_ready()
        yield product
    finally:
        end(product)


def end(product: Running) -> None:
    """End what the block has left running."""
    if product.process.poll() is None:
        product.process.send_signal(signal.SIGTERM)
        product.process.wait(GONE)
    for pid in processes_of(product.data):
        os.kill(pid, signal.SIGKILL)


def processes_of(data: Path) -> dict[int, str]:
    """Processes whose environment or command names a data folder, whoever their parent is."""
    named = os.fsencode(data)
    found: dict[int, str] = {}
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit() or int(folder.name) == os.getpid():
            continue
        try:
            command = (folder / "cmdline").read_bytes()
            settings = (folder / "environ").read_bytes().split(b"\0")
        except OSError:
            continue  # It has ended meanwhile, or is not ours to look at.
        if named in command or b"COMMAND_CENTER_DATA=" + named in settings:
            found[int(folder.name)] = command.replace(b"\0", b" ").decode(errors="replace")
    return found


def left_of(product: Running, processes: Mapping[str, int]) -> list[str]:
    """Everything that is still there of a product: processes, the open port, a served Redis."""
    left = [f"{name} {pid}" for name, pid in processes.items() if _lives(pid)]
    left += [f"{pid} {command}" for pid, command in processes_of(product.data).items()]
    with socket.socket() as probe:
        if probe.connect_ex(("127.0.0.1", product.port)) == 0:
            left.append(f"port {product.port}")
    client = redis.Redis(
        unix_socket_path=str(socket_path(product.data)), retry=Retry(NoBackoff(), 0)
    )
    try:
        client.ping()
        left.append("redis")
    except redis.ConnectionError:
        pass
    finally:
        client.close()
    return left


def _lives(pid: int) -> bool:
    """Whether a process is there and not only waits for its parent to take note of its end."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"
