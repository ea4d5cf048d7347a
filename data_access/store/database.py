"""The store's engine and its two ways to talk to it: a reading and a writing transaction.

Writes on SQLite begin with BEGIN IMMEDIATE: a transaction that begins by reading and then wants to
write fails at once, whatever the timeout, when another process has written in between.
"""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from dashboard.ports import Unreachable
from data_access.silence import make_impatient
from data_access.store.turns import Turns

BUSY_SECONDS = 30
"""How long a write waits for another process on the same SQLite file."""
CONNECT_SECONDS = 5
"""How long PostgreSQL may take to let us in, or to say that a connection of the pool still stands."""
STATEMENT_SECONDS = 30
"""After which PostgreSQL ends a statement by itself; GRACE_SECONDS later the connection is cut."""
GRACE_SECONDS = 3.0
_AWAY = (sa.exc.OperationalError, sa.exc.InterfaceError, sa.exc.TimeoutError)


class Database:
    """One store: SQLite in WAL mode, or PostgreSQL. Safe for threads."""

    def __init__(self, url: str) -> None:
        parsed = _parsed(url)
        backend = parsed.get_backend_name()
        if backend not in ("sqlite", "postgresql"):
            raise ValueError(f"found a store on {backend}, expected sqlite or postgresql")
        self.sqlite = backend == "sqlite"
        self.engine = _sqlite_engine(parsed) if self.sqlite else _postgres_engine(parsed)
        self._turns = Turns()

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """A transaction that only reads. Raises Unreachable."""
        with safely(), self.engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self, *, urgent: bool = False) -> Iterator[sa.Connection]:
        """A transaction that writes; keep it short, since SQLite has one writer at a time. `urgent`
        goes before the others of this process. Raises Unreachable."""
        # Threads queue here and not at the file, whose waiters are served in no order; and without
        # a connection, so that readers find one.
        turn = self._turns.taken(BUSY_SECONDS, urgent=urgent) if self.sqlite else nullcontext()
        with safely(), turn, self.engine.connect() as connection:
            connection = connection.execution_options(writes=True)
            with connection.begin():
                yield connection

    def clock(self, connection: sa.Connection) -> float:
        """The store's own time as an epoch, the one clock that all holders of leases share."""
        now = (
            sa.text("SELECT (julianday('now') - 2440587.5) * 86400.0")
            if self.sqlite
            else sa.text("SELECT CAST(extract(epoch FROM clock_timestamp()) AS double precision)")
        )
        return float(connection.execute(now).scalar_one())

    def close(self) -> None:
        """Let all connections go."""
        self.engine.dispose()


def _parsed(url: str) -> sa.URL:
    """The URL in its parts. Raises ValueError that quotes none of it, since it has a password."""
    try:
        return sa.make_url(url)
    except (sa.exc.ArgumentError, ValueError):
        raise ValueError(
            "the store's URL is not readable: write @, : and / in a password as %40, %3A and %2F"
        ) from None


@contextmanager
def safely() -> Iterator[None]:
    """Turn a store that is away, full or locked into Unreachable, without its address."""
    try:
        yield
    except _AWAY as error:
        raise Unreachable(f"the center's store did not answer ({type(error).__name__})") from error
    except sa.exc.DBAPIError as error:
        # A plain DatabaseError is what SQLite says of a file that is damaged or no database.
        if not error.connection_invalidated and type(error) is not sa.exc.DatabaseError:
            raise
        raise Unreachable("the center's store is damaged or its connection broke") from error


def _sqlite_engine(url: sa.URL) -> sa.Engine:
    if url.database and url.database != ":memory:":
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = sa.create_engine(
        url, connect_args={"timeout": BUSY_SECONDS}, pool_size=8, max_overflow=8, pool_timeout=10
    )
    sa.event.listen(engine, "connect", _prepare_sqlite)
    sa.event.listen(engine, "begin", _begin)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # transactions are begun by `_begin`, not by the driver
    _turn_to_wal(connection)
    connection.execute("PRAGMA synchronous = NORMAL")


def _turn_to_wal(connection: sqlite3.Connection) -> None:
    """Set WAL once; the change does not wait for other processes by itself, so it is tried again."""
    deadline = time.monotonic() + BUSY_SECONDS
    while connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.02)


def _begin(connection: sa.Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _postgres_engine(url: sa.URL) -> sa.Engine:
    arguments: dict[str, Any] = {
        "connect_timeout": CONNECT_SECONDS,
        "options": f"-c statement_timeout={STATEMENT_SECONDS * 1000}"
        " -c application_name=command-center",
        # A host that vanished is noticed by the kernel, and one that stands still by us.
        "tcp_user_timeout": 15_000,
        "keepalives_idle": 10,
        "keepalives_interval": 5,
        "keepalives_count": 2,
    }
    engine = sa.create_engine(
        url.set(drivername="postgresql+psycopg"),
        connect_args=arguments,
        pool_size=8,
        max_overflow=8,
        pool_timeout=10,
    )
    make_impatient(engine, STATEMENT_SECONDS + GRACE_SECONDS, CONNECT_SECONDS)
    return engine
