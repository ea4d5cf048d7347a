"""The landing database of a department: a table per feed, and what was delivered when."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import mysql

from dashboard.catalogue import Department
from dashboard.catalogue.deliveries import DeliveredColumn, Delivery
from data_access.departments.engine import DRIVERS
from data_access.silence import make_impatient

DELIVERIES = "deliveries"
_TIMEOUT = 5
"""Seconds that a connection waits for another that writes, and for a server to let us in."""
STATEMENT_SECONDS = 30
"""After which PostgreSQL ends a statement by itself."""
GRACE_SECONDS = 3.0
"""How much later a connection is cut whose server says nothing at all."""


class WrongTable(ValueError):
    """A table that cannot hold what its feed declares."""


def landing_engine(url: str) -> sa.Engine:
    """An engine that writes while the collector reads; nothing is connected yet. A server that
    stands still is given up after a while: a thread that waits for it for ever would say nothing.

    Raises ValueError where the URL is none.
    """
    try:
        parsed = sa.make_url(url)
        return _ENGINES.get(parsed.get_backend_name(), _mariadb)(
            parsed.set(drivername=DRIVERS.get(parsed.drivername, parsed.drivername))
        )
    except (sa.exc.ArgumentError, ValueError):
        # Without the cause: it may quote a part of the password.
        raise ValueError("the URL of the landing database is not readable") from None


def _sqlite(url: sa.URL) -> sa.Engine:
    engine = sa.create_engine(url, pool_size=1, max_overflow=1)
    sa.event.listen(engine, "connect", _settle_sqlite)
    return engine


def _postgresql(url: sa.URL) -> sa.Engine:
    arguments = {"connect_timeout": _TIMEOUT, "keepalives_idle": 30}
    engine = sa.create_engine(url, pool_size=1, max_overflow=1, connect_args=arguments)

    @sa.event.listens_for(engine, "connect")
    def _settle(raw: Any, _: Any) -> None:
        with raw.hurried(_TIMEOUT):
            raw.execute(f"SET statement_timeout = {STATEMENT_SECONDS * 1000}")
            raw.commit()

    make_impatient(engine, STATEMENT_SECONDS + GRACE_SECONDS, _TIMEOUT)
    return engine


def _mariadb(url: sa.URL) -> sa.Engine:
    patience = STATEMENT_SECONDS + GRACE_SECONDS
    arguments = {
        "connect_timeout": _TIMEOUT,
        "read_timeout": patience,
        "write_timeout": patience,
    }
    return sa.create_engine(
        url, pool_pre_ping=True, pool_size=1, max_overflow=1, connect_args=arguments
    )


_ENGINES: dict[str, Callable[[sa.URL], sa.Engine]] = {
    "sqlite": _sqlite,
    "postgresql": _postgresql,
}


def _settle_sqlite(raw: Any, _record: object) -> None:
    cursor = raw.cursor()
    for pragma in (f"busy_timeout={_TIMEOUT * 1000}", "journal_mode=WAL", "synchronous=FULL"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def landing_tables(department: Department) -> sa.MetaData:
    """The tables of a department's feeds and its table of deliveries."""
    metadata = sa.MetaData()
    _deliveries(metadata)
    for name, feed in department.delivery.items():
        if table_name(name, feed) not in metadata.tables:
            _landing(metadata, table_name(name, feed), feed)
    return metadata


def table_name(name: str, feed: Delivery) -> str:
    """The landing table of a feed."""
    return feed.table or name


def _moment(name: str, *, index: bool = False) -> sa.Column[Any]:
    """A UTC time: timestamptz where the engine has it."""
    return sa.Column(name, sa.DateTime(timezone=True), index=index)


def _deliveries(metadata: sa.MetaData) -> None:
    """What was delivered: a row per file, per day of a stream, and per file that is owed.

    `state` is awaited, taken, replaced (by a later file for the same days), repeated (the same
    content again, which changed nothing) or refused; `due` stands in the first row of a day only,
    so that a day is on time or late once.
    """
    sa.Table(
        DELIVERIES,
        metadata,
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=True),
        sa.Column("feed", sa.String(60), nullable=False),
        sa.Column("day", sa.Date()),
        sa.Column("name", sa.String(255)),
        sa.Column("digest", sa.String(64)),
        sa.Column("written", sa.BigInteger()),
        sa.Column("state", sa.String(10), nullable=False),
        _moment("due", index=True),
        _moment("came", index=True),
        sa.Column("taken_rows", sa.Integer(), nullable=False, default=0),
        sa.Column("aside_rows", sa.Integer(), nullable=False, default=0),
        sa.Column("reason_zh", sa.Text()),
        sa.Column("reason_en", sa.Text()),
        _moment("changed", index=True),
        sa.Index("ix_deliveries_feed_day", "feed", "day"),
    )


def _landing(metadata: sa.MetaData, name: str, feed: Delivery) -> None:
    keys = set(feed.key)
    columns = [
        sa.Column(
            column,
            type_of(one),
            primary_key=column in keys,
            autoincrement=False,
            index=one.kind in ("date", "time") and feed.key[0] != column,
        )
        for column, one in feed.columns.items()
    ]
    sa.Table(
        name,
        metadata,
        *columns,
        sa.Column("delivery_id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.String(40)),
        _moment("received_at", index=True),
    )


def type_of(column: DeliveredColumn) -> sa.types.TypeEngine[Any]:
    """The type of a delivered column; texts differ by case on every engine."""
    match column.kind:
        case "whole":
            return sa.BigInteger()
        case "number":
            return sa.Double()
        case "date":
            return sa.Date()
        case "time":
            return sa.DateTime()
    exact = mysql.VARCHAR(column.length, collation="utf8mb4_bin")
    return sa.String(column.length).with_variant(exact, "mysql", "mariadb")


def make_tables(engine: sa.Engine, metadata: sa.MetaData) -> None:
    """Create what is absent, and add columns that a feed has been given since.

    Raises WrongTable where a table has another key than the feed declares: its rows could not be
    told apart.
    """
    if engine.dialect.name == "sqlite" and engine.url.database:
        Path(engine.url.database).parent.mkdir(parents=True, exist_ok=True)
    metadata.create_all(engine)
    inspector = sa.inspect(engine)
    for table in metadata.sorted_tables:
        there = {column["name"] for column in inspector.get_columns(table.name)}
        wanted = [column.name for column in table.primary_key]
        found = inspector.get_pk_constraint(table.name)["constrained_columns"]
        if set(found) != set(wanted):
            raise WrongTable(
                f"table {table.name} has the key {', '.join(found)}, expected {', '.join(wanted)};"
                " name another `table` for the feed"
            )
        _add_columns(engine, table, there)


def _add_columns(engine: sa.Engine, table: sa.Table, there: set[str]) -> None:
    quote = engine.dialect.identifier_preparer
    for column in table.columns:
        if column.name not in there:
            kind = column.type.compile(engine.dialect)
            with engine.begin() as connection:
                connection.exec_driver_sql(
                    f"ALTER TABLE {quote.format_table(table)} ADD COLUMN"
                    f" {quote.format_column(column)} {kind}"
                )
