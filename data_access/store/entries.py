"""Manual entries in the store: each is kept for ever; a correction ends the one before it."""

import uuid
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from dashboard.entries import Kept, Statement
from data_access.store import tables as t
from data_access.store.audit import note
from data_access.store.database import Database
from data_access.store.grains import epoch, moment

_C = t.manual_entry.c


class Entries:
    """What people entered. An entry and its note in the audit are written together or not at all."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def enter(self, statement: Statement) -> str:
        """Keep a statement and end the one that stood for its place; the new entry's id."""
        entry = uuid.uuid4().hex
        rows = [_row(entry, statement, field) for field in statement.values]
        at = epoch(statement.entered_at)
        with self._database.writing() as connection:
            self._lock(connection, statement.form, statement.place)
            replaced = _end(
                connection, statement.form, statement.place, statement.author, at, "replaced"
            )
            connection.execute(sa.insert(t.manual_entry), rows)
            detail = {
                "entry": entry,
                "place": statement.place,
                "author": statement.author,
                "values": dict(statement.values),
                "expires": statement.expires_at.isoformat(),
                "replaces": replaced,
            }
            note(self._database, connection, statement.who, "enter", statement.form, detail)
        return entry

    def withdraw(
        self, form: str, place: str, author: str, who: str, at: datetime, entry: str | None = None
    ) -> bool:
        """End the entry that stands for a place, if it is this one; False where none does, or
        another."""
        with self._database.writing() as connection:
            self._lock(connection, form, place)
            ended = _end(connection, form, place, author, epoch(at), "withdrawn", entry)
            if ended is None:
                return False
            detail = {"entry": ended, "place": place, "author": author}
            note(self._database, connection, who, "withdraw", form, detail)
        return True

    def newest(self, form: str, limit: int) -> list[Kept]:
        """All entries of a form that stand, and the newest others, newest first."""
        ids = (
            sa.select(_C.entry)
            .where(_C.form == form)
            .group_by(_C.entry)
            .order_by(
                sa.case((sa.func.max(_C.ended_at).is_(None), 0), else_=1),
                sa.func.max(_C.entered_at).desc(),
                sa.func.max(_C.id).desc(),
            )
            .limit(limit)
        )
        query = sa.select(t.manual_entry).where(_C.entry.in_(ids))
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(_C.entered_at.desc(), _C.id)).all()
        found: dict[str, list[sa.Row[Any]]] = {}
        for row in rows:
            found.setdefault(row.entry, []).append(row)
        return [_kept(entry, parts) for entry, parts in found.items()]

    def _lock(self, connection: sa.Connection, form: str, place: str) -> None:
        """Let nobody else enter for the same place meanwhile: a row that is not there yet cannot be
        locked, and two would stand. SQLite has one writer at a time anyway."""
        if not self._database.sqlite:
            key = sa.func.hashtextextended(f"entry/{form}/{place}", 0)
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(key)))


def _end(
    connection: sa.Connection,
    form: str,
    place: str,
    author: str,
    at: int,
    why: str,
    entry: str | None = None,
) -> str | None:
    """End what stands for a place, or the one entry where it does; its id, None where nothing does."""
    stands = [_C.form == form, _C.place == place, _C.ended_at.is_(None)]
    if entry is not None:
        stands.append(_C.entry == entry)
    found = connection.execute(sa.select(_C.entry).where(*stands)).scalars().first()
    if found is not None:
        ended = {"ended_at": at, "ended_by": author, "ended_why": why, "written_at": at}
        connection.execute(sa.update(t.manual_entry).where(*stands).values(ended))
    return found


def _row(entry: str, statement: Statement, field: str) -> dict[str, Any]:
    value = statement.values[field]
    return {
        "entry": entry,
        "form": statement.form,
        "field": field,
        "place": statement.place,
        "district": statement.district,
        "town": statement.town,
        "number": None if isinstance(value, str) else value,
        "text": value if isinstance(value, str) else None,
        "author": statement.author,
        "who": statement.who,
        "entered_at": epoch(statement.entered_at),
        "expires_at": epoch(statement.expires_at),
        "written_at": epoch(statement.entered_at),
    }


def _kept(entry: str, rows: list[sa.Row[Any]]) -> Kept:
    first = rows[0]
    statement = Statement(
        form=first.form,
        place=first.place,
        district=first.district,
        town=first.town,
        values={row.field: row.number if row.text is None else row.text for row in rows},
        author=first.author,
        who=first.who,
        entered_at=moment(first.entered_at),
        expires_at=moment(first.expires_at),
    )
    ended = None if first.ended_at is None else moment(first.ended_at)
    return Kept(entry, statement, ended, first.ended_by, first.ended_why)
