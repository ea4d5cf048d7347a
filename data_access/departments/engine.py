"""Engines that only read: one small pool per department, with a limit on every wait.

Each connection is made read only by its own database, so that no mistake of ours can write, and
lives in UTC. How long a statement may run is the department's `limits.statement`; how long anything
else may take (connecting, waiting for a connection, a server that has stopped speaking) is a few
seconds more. Advice for the account itself is in `docs/operations.md`: grant SELECT and no more.
"""

import sqlite3
import time
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import URL

from dashboard.catalogue import Department
from data_access.departments.sqlite import register_functions
from data_access.silence import make_impatient

CONNECT_SECONDS = 5
GRACE_SECONDS = 3.0
"""How much longer than its limit a statement is waited for before the connection is cut."""
_STEPS_BETWEEN_LOOKS = 20_000
DRIVERS = {
    "mysql": "mysql+pymysql",
    "mariadb": "mariadb+pymysql",
    "postgresql": "postgresql+psycopg",
}
"""By which driver we speak to an engine, where a URL names only the engine."""


def read_only_engine(department: Department, url: str, connections: int) -> sa.Engine:
    """An engine for one department; nothing is connected yet.

    Raises ValueError where the URL is none, or of an engine that is not supported.
    """
    if not url:
        names = " or ".join(department.variables) or "the department's URL"
        raise ValueError(f"department {department.key}: {names} is not set")
    parsed = _parsed(department.key, url)
    seconds = department.limits.statement.total_seconds()
    pool: dict[str, Any] = {
        "pool_size": connections,
        "max_overflow": 0,
        "pool_timeout": CONNECT_SECONDS,
        "pool_recycle": 1800,
    }
    backend = parsed.get_backend_name()
    if backend == "sqlite":
        return _sqlite(parsed, department.charset, seconds, pool)
    if backend == "postgresql":
        return _postgresql(parsed, department.charset, seconds, pool)
    return _mariadb(parsed, department.charset, seconds, pool)


def _parsed(department: str, url: str) -> URL:
    try:
        parsed = sa.make_url(url)
    except (sa.exc.ArgumentError, ValueError):
        # Without the cause: it quotes what stands where the port should, and that is part of the
        # password where an @ in it is not escaped.
        raise ValueError(
            f"department {department}: the URL is not readable; write @, : and / in a password as"
            " %40, %3A and %2F"
        ) from None
    if parsed.get_backend_name() not in ("sqlite", *DRIVERS):
        raise ValueError(
            f"department {department}: found a URL of {parsed.drivername!r},"
            " expected sqlite, postgresql, mariadb or mysql"
        )
    return parsed.set(drivername=DRIVERS.get(parsed.drivername, parsed.drivername))


def _sqlite(url: URL, charset: str | None, seconds: float, pool: dict[str, Any]) -> sa.Engine:
    path = Path(url.database or "").resolve()

    def connect() -> sqlite3.Connection:
        opened = sqlite3.connect(
            f"{path.as_uri()}?mode=ro",
            uri=True,
            timeout=min(seconds, CONNECT_SECONDS),
            check_same_thread=False,
        )
        opened.execute("PRAGMA query_only = ON")
        opened.text_factory = lambda raw: raw.decode(charset or "utf-8", "replace")
        register_functions(opened)
        return opened

    engine = sa.create_engine("sqlite://", creator=connect, poolclass=sa.QueuePool, **pool)

    @sa.event.listens_for(engine, "before_cursor_execute")
    def _limit(connection: sa.Connection, *_: Any) -> None:
        extend_deadline(connection, seconds)

    return engine


def extend_deadline(connection: sa.Connection, seconds: float) -> None:
    """Let SQLite run for so many seconds from now before it interrupts itself."""
    until = time.monotonic() + seconds
    raw = connection.connection.dbapi_connection
    if isinstance(raw, sqlite3.Connection):
        raw.set_progress_handler(lambda: time.monotonic() > until, _STEPS_BETWEEN_LOOKS)


def _postgresql(url: URL, charset: str | None, seconds: float, pool: dict[str, Any]) -> sa.Engine:
    arguments: dict[str, Any] = {
        "connect_timeout": CONNECT_SECONDS,
        "application_name": "city-command-center",
        "keepalives_idle": 30,
    }
    if charset:
        arguments["client_encoding"] = charset
    engine = sa.create_engine(url, connect_args=arguments, **pool)
    settings = (
        "SET default_transaction_read_only = on",
        f"SET statement_timeout = {round(seconds * 1000)}",
        f"SET lock_timeout = {round(min(seconds, CONNECT_SECONDS) * 1000)}",
        "SET TIME ZONE 'UTC'",
    )

    @sa.event.listens_for(engine, "connect")
    def _settle(raw: Any, _: Any) -> None:
        with raw.hurried(CONNECT_SECONDS):
            for setting in settings:
                raw.execute(setting)
            raw.commit()

    make_impatient(engine, seconds + GRACE_SECONDS, CONNECT_SECONDS)
    return engine


def _mariadb(url: URL, charset: str | None, seconds: float, pool: dict[str, Any]) -> sa.Engine:
    patience = seconds + GRACE_SECONDS
    arguments: dict[str, Any] = {
        "connect_timeout": CONNECT_SECONDS,
        "read_timeout": patience,
        "write_timeout": patience,
        "charset": charset or url.query.get("charset", "utf8mb4"),
    }
    engine = sa.create_engine(
        url.difference_update_query(["charset"]),
        connect_args=arguments,
        pool_pre_ping=True,
        **pool,
    )

    @sa.event.listens_for(engine, "connect")
    def _settle(raw: Any, _: Any) -> None:
        # MariaDB's subquery cache takes keys that differ in case for equal, whatever is compared.
        limit = (
            f"max_statement_time = {seconds:g}, optimizer_switch = 'subquery_cache=off'"
            if "mariadb" in raw.get_server_info().lower()
            else f"max_execution_time = {round(seconds * 1000)}"
        )
        with raw.cursor() as cursor:
            cursor.execute("SET SESSION TRANSACTION READ ONLY")
            cursor.execute(
                f"SET SESSION {limit}, time_zone = '+00:00', lock_wait_timeout = {CONNECT_SECONDS}"
            )

    return engine
