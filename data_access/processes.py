"""Child processes that never outlive their parent, and a supervisor that starts them again."""

import ctypes
import fcntl
import json
import logging
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import structlog
from structlog.typing import EventDict

PARENT = "COMMAND_CENTER_PARENT"
"""Variable by which a child is told whose death it follows."""
_PR_SET_PDEATHSIG = 1
PATIENCE = 6.0
"""Seconds a process that was told to end has for it."""
_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 4.0
_STEADY = 30.0
"""Seconds after which a child that dies again is restarted without a longer pause."""

log = structlog.get_logger()


def configure_logging(level: str, process: str) -> None:
    """One line per event on standard error, naming the process it comes from."""

    def named(_: object, __: str, event: EventDict) -> EventDict:
        # Not a context variable: those bound here are unknown to the threads of the collector.
        return {**event, "process": process}

    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            named,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.LogfmtRenderer(
                key_order=["timestamp", "level", "process", "event"]
            ),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level.upper())),
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
    )


@contextmanager
def only_one(lock: Path) -> Iterator[None]:
    """Hold a lock file while the block runs. Raises SystemExit where another process holds it."""
    with lock.open("w") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SystemExit(
                f"already running in {lock.parent}: stop it, or set"
                " COMMAND_CENTER_DATA to another folder"
            ) from None
        yield


def answers(url: str) -> bool:
    """Whether a GET is answered with 200 within a second."""
    try:
        with urllib.request.urlopen(url, timeout=1) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def follow_parent(expected: int | None = None) -> None:
    """End this process with SIGTERM when its parent dies, however the parent dies.

    `expected` is the parent's process id: where it has died already (the process was adopted by
    another), this process ends at once. Does nothing on systems without prctl.
    """
    if not sys.platform.startswith("linux"):
        return
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    if expected is not None and os.getppid() != expected:
        raise SystemExit(f"parent process {expected} has ended")


def follow_named_parent() -> None:
    """`follow_parent` for a process that a supervisor started; it ends in any case.

    Its end may wait for a database that hangs, and nobody is left then who would kill it.
    """
    parent = os.environ.get(PARENT)
    if parent:
        follow_parent(int(parent))
        threading.Thread(target=_end_after, args=(int(parent),), name="parent", daemon=True).start()


def follow_interrupt(parent: int, stopped: threading.Event) -> None:
    """Set `stopped` once a parent that caught interrupts catches them no more.

    `make` that is interrupted alone (not by the keyboard, which reaches everybody) tells its
    children nothing and waits for them for ever; all that can be seen is that it has begun to
    handle the interrupt. Does nothing where there is no /proc, or the parent never caught any.
    """
    if not _catches_interrupt(parent):
        return

    def watch() -> None:
        while _catches_interrupt(parent) and not stopped.wait(0.25):
            pass
        stopped.set()

    threading.Thread(target=watch, name="interrupt", daemon=True).start()


def _catches_interrupt(pid: int) -> bool:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return False
    caught = next((line.split()[1] for line in lines if line.startswith("SigCgt:")), "0")
    return bool(int(caught, 16) >> (signal.SIGINT - 1) & 1)


def _end_after(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1.0)
    time.sleep(PATIENCE)
    os._exit(1)


@dataclass
class Child:
    """One supervised command."""

    name: str
    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    pause: float = _FIRST_PAUSE
    due: float = 0.0


@dataclass
class Supervisor:
    """Starts children, starts those that die again at a limited rate, and stops all of them."""

    environment: Mapping[str, str]
    program: Path
    register: Path
    """File in which the running children are noted, for operators and tests."""
    children: list[Child] = field(default_factory=list)

    def add(self, name: str, *arguments: str) -> None:
        """Start `python PROGRAM ARGUMENTS` as a child called `name`."""
        child = Child(name, [sys.executable, str(self.program), *arguments])
        self.children.append(child)
        self._start(child)

    def complete(self, stopped: threading.Event, *arguments: str) -> bool:
        """Run `python PROGRAM ARGUMENTS` to its end; true where it succeeded.

        Ends it early once `stopped` is set.
        """
        child = Child(arguments[0], [sys.executable, str(self.program), *arguments])
        self.children.append(child)
        self._start(child)
        assert child.process is not None
        while child.process.poll() is None and not stopped.wait(0.1):
            pass
        if child.process.poll() is None:
            return False
        self.children.remove(child)
        return child.process.returncode == 0

    def _start(self, child: Child) -> None:
        child.started = time.monotonic()
        # A session of its own: an interrupt at the keyboard reaches only the supervisor, which
        # then stops the children in order.
        child.process = subprocess.Popen(
            child.command,
            env={**self.environment, PARENT: str(os.getpid())},
            start_new_session=True,
        )
        running = {c.name: c.process.pid for c in self.children if c.process}
        # Whoever reads it finds all of it, the old or the new.
        written = self.register.with_suffix(".new")
        written.write_text(json.dumps({"supervisor": os.getpid(), **running}))
        written.replace(self.register)

    def tend(self) -> None:
        """Start again what has died and is due; call it about twice a second."""
        now = time.monotonic()
        for child in self.children:
            if child.process is None:
                if now >= child.due:
                    self._start(child)
            elif (code := child.process.poll()) is not None:
                steady = now - child.started > _STEADY
                child.pause = _FIRST_PAUSE if steady else min(child.pause * 2, _LONGEST_PAUSE)
                child.process, child.due = None, now + child.pause
                log.warning("process ended, starting it again", child=child.name, code=code)

    def stop(self, patience: float = PATIENCE) -> None:
        """End all children: SIGTERM, and SIGKILL for those that do not listen.

        The first one ends last, since the others lean on it.
        """
        running = [
            c.process for c in reversed(self.children) if c.process and c.process.poll() is None
        ]
        deadline = time.monotonic() + patience
        for together in (running[:-1], running[-1:]):
            for process in together:
                process.terminate()
            for process in together:
                _see_out(process, deadline)
        self.children.clear()
        self.register.unlink(missing_ok=True)


def _see_out(process: subprocess.Popen[bytes], deadline: float) -> None:
    """Wait until a process has ended; kill it where it has not by the deadline."""
    try:
        process.wait(max(0.1, deadline - time.monotonic()))
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
