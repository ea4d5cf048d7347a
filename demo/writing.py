"""Writing sheets' columns into a department's database, in bulk, the same on every engine."""

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import numpy as np
import sqlalchemy as sa
from sqlalchemy.sql.compiler import SQLCompiler

from demo.columns import LOST, SLASHED
from demo.days import DAY, NEVER, OFFSET, Array

BATCH = 20_000
"""Rows sent in one statement execution."""


def open_engine(url: str) -> sa.Engine:
    """An engine that writes while others read: WAL and patience on SQLite."""
    engine = sa.create_engine(url, pool_pre_ping=True, pool_size=1, max_overflow=1)
    if engine.dialect.name == "sqlite":
        sa.event.listen(engine, "connect", _set_pragmas)
    return engine


def _set_pragmas(connection: Any, _record: object) -> None:
    cursor = connection.cursor()
    for pragma in ("busy_timeout=15000", "journal_mode=WAL", "synchronous=NORMAL"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def insert(connection: sa.Connection, table: sa.Table, columns: Mapping[str, Array]) -> int:
    """Insert rows given by column; returns how many."""
    statement = sa.insert(table).values({name: sa.bindparam(name) for name in columns})
    return _send(connection, statement, {n: (table.c[n], v) for n, v in columns.items()})


def update(
    connection: sa.Connection, table: sa.Table, columns: Mapping[str, Array], changing: list[str]
) -> int:
    """Update the `changing` columns of rows found by their primary key; returns how many."""
    keys = [column.name for column in table.primary_key]
    statement = sa.update(table).values({name: sa.bindparam(f"to_{name}") for name in changing})
    for name in keys:
        statement = statement.where(table.c[name] == sa.bindparam(f"of_{name}"))
    cells = {f"to_{name}": (table.c[name], columns[name]) for name in changing}
    cells |= {f"of_{name}": (table.c[name], columns[name]) for name in keys}
    return _send(connection, statement, cells)


def _send(
    connection: sa.Connection,
    statement: sa.Insert | sa.Update,
    cells: Mapping[str, tuple[sa.Column[Any], Array]],
) -> int:
    """Compile once, then hand the driver whole batches: per-row processing costs most otherwise."""
    dialect = connection.dialect
    compiled = statement.compile(dialect=dialect)
    assert isinstance(compiled, SQLCompiler)
    order = list(compiled.positiontup or cells)
    lists = [driver_values(*cells[name], dialect.name) for name in order]
    total = len(lists[0])
    names = [compiled.escaped_bind_names.get(name, name) for name in order]
    for start in range(0, total, BATCH):
        rows = zip(*(cell[start : start + BATCH] for cell in lists), strict=True)
        batch: list[Any] = list(rows)
        if not compiled.positiontup:
            batch = [dict(zip(names, row, strict=True)) for row in batch]
        connection.exec_driver_sql(str(compiled), batch)
    return total


def driver_values(column: sa.Column[Any], values: Array, backend: str) -> list[Any]:
    """The cells of a column as the engine's driver takes them; NEVER and nan become NULL."""
    form = column.info.get("form")
    if form is None:
        return _plain(values)
    empty = values == NEVER
    known = np.where(empty, LOST if column.info.get("lost") else 0, values)
    if column.info.get("lost"):
        empty = np.zeros(len(values), bool)
    found = _FORMS[form](known, backend)
    return [None if gone else value for value, gone in zip(found, empty, strict=True)]


def _plain(values: Array) -> list[Any]:
    found: list[Any] = values.tolist()
    if values.dtype.kind == "f" and np.isnan(values).any():
        return [None if value != value else value for value in found]
    if values.dtype.kind == "i" and (values == NEVER).any():
        return [None if value == NEVER else value for value in found]
    return found


def _wall(values: Array, backend: str) -> list[Any]:
    return _timestamps(values + OFFSET, backend)


def _timestamps(values: Array, backend: str) -> list[Any]:
    """Naive timestamps; SQLite keeps them as the text that SQLAlchemy reads back."""
    found = values.astype("datetime64[s]")
    if backend == "sqlite":
        return [text.replace("T", " ") for text in np.datetime_as_string(found, unit="us").tolist()]
    naive: list[datetime] = found.tolist()
    return naive


def _instants(values: Array, backend: str) -> list[Any]:
    if backend == "postgresql":
        return [moment.replace(tzinfo=UTC) for moment in values.astype("datetime64[s]").tolist()]
    return _timestamps(values, backend)


def _stamps(values: Array, _backend: str) -> list[Any]:
    slashed = values >= SLASHED
    seconds = np.where(slashed, values - SLASHED, values) + OFFSET
    texts = np.datetime_as_string(seconds.astype("datetime64[s]"), unit="s").tolist()
    return [
        text.replace("-", "/").replace("T", " ")
        if by_hand
        else text.replace("-", "").replace("T", "").replace(":", "")
        for text, by_hand in zip(texts, slashed.tolist(), strict=True)
    ]


def _hours(values: Array, _backend: str) -> list[Any]:
    """Ends of hours: the last one of a day is its 24:00, not the next day's 00:00."""
    local = values + OFFSET
    midnight = local % DAY == 0
    shown = np.where(midnight, local - 1, local).astype("datetime64[s]")
    texts = np.datetime_as_string(shown, unit="m").tolist()
    return [
        f"{text[:10]} 24:00" if last else text.replace("T", " ")
        for text, last in zip(texts, midnight.tolist(), strict=True)
    ]


def _amounts(values: Array, backend: str) -> list[Any]:
    if backend == "sqlite":
        return [cents / 100 for cents in values.tolist()]
    return [Decimal(cents).scaleb(-2) for cents in values.tolist()]


_FORMS = {
    "local": _wall,
    "instant": _instants,
    "epoch": lambda values, _: values.tolist(),
    "millis": lambda values, _: (values * 1000).tolist(),
    "stamp": _stamps,
    "hour": _hours,
    "hundredths": _amounts,
}
