"""Inserts that meet a row already there: the one statement SQLite and PostgreSQL share by dialect."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

Rows = Sequence[dict[str, Any]]


def _insert(connection: sa.Connection, table: sa.Table) -> postgresql.Insert | sqlite.Insert:
    postgres = connection.dialect.name == "postgresql"
    return postgresql.insert(table) if postgres else sqlite.insert(table)


def insert_missing(
    connection: sa.Connection, table: sa.Table, keys: Sequence[str], rows: Rows
) -> None:
    """Insert the rows whose keys are not there yet."""
    if rows:
        statement = _insert(connection, table)
        connection.execute(statement.on_conflict_do_nothing(index_elements=list(keys)), rows)


def upsert(connection: sa.Connection, table: sa.Table, rows: Rows) -> None:
    """Insert rows, or give those already there (by primary key) the new values."""
    if not rows:
        return
    statement = _insert(connection, table)
    keys = [column.name for column in table.primary_key]
    changed = {name: statement.excluded[name] for name in rows[0] if name not in keys}
    connection.execute(
        statement.on_conflict_do_update(index_elements=keys, set_=changed), list(rows)
    )
