"""The diary in the store: feeds by day and now, data tickets, lives of matters, indicators now."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from dashboard.diary import FeedNote, Page
from dashboard.matters import Matter
from dashboard.tickets import Ticket
from data_access.store import tables as t
from data_access.store.database import Database
from data_access.store.grains import epoch, moment
from data_access.store.registry import check_token
from data_access.store.writes import insert_missing, upsert

_LONGEST = 300


class Diary:
    """What the center keeps of its own work. A page is written as a whole or not at all."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def write(self, page: Page, token: int) -> None:
        """Put a page down. Raises Fenced for an old token."""
        at = epoch(page.at)
        with self._database.writing() as connection:
            check_token(connection, page.department, token)
            _write_feeds(connection, page.department, page.feeds, at)
            _write_tickets(connection, page, at)
            _write_matters(connection, page.department, page.matters, at)
            indicators = [
                {
                    "key": note.key,
                    "department": page.department,
                    "title": note.title[:200],
                    "confirmed": int(note.confirmed),
                    "state": note.state,
                    "level": note.level,
                    "seen_at": at,
                }
                for note in page.indicators
            ]
            upsert(connection, t.indicator_now, indicators)

    def open_tickets(self, department: str | None) -> list[Ticket]:
        """The tickets of a department (None: of all) that are open, the oldest first."""
        c = t.data_ticket.c
        query = sa.select(t.data_ticket).where(c.closed_at.is_(None)).order_by(c.due_at, c.id)
        if department is not None:
            query = query.where(c.department == department)
        with self._database.reading() as connection:
            return [_ticket(row) for row in connection.execute(query)]

    def departments_open(self) -> set[str]:
        """The departments of which a ticket or a matter is open."""
        queries = (
            sa.select(table.c.department).where(table.c.closed_at.is_(None)).distinct()
            for table in (t.data_ticket, t.matter_life)
        )
        with self._database.reading() as connection:
            return {name for query in queries for name in connection.execute(query).scalars()}


def _write_feeds(
    connection: sa.Connection, department: str, feeds: Sequence[FeedNote], at: int
) -> None:
    now = [
        {
            "department": department,
            "dataset": note.dataset,
            "title": note.title[:200],
            "state": note.state,
            "due": int(note.state != "not_due"),
            "late": int(note.state == "late"),
            "down": int(note.state in ("stale", "unavailable")),
            "since": _epoch_of(note.since),
            "as_of": _epoch_of(note.as_of),
            "reason": (note.reason or "")[:_LONGEST] or None,
            "seen_at": at,
        }
        for note in feeds
    ]
    upsert(connection, t.feed_now, now)
    empty = [
        {
            "department": department,
            "dataset": note.dataset,
            "day_at": epoch(note.day),
            "seconds_due": 0,
            "seconds_late": 0,
            "seconds_down": 0,
            "drift": 0,
            "written_at": at,
        }
        for note in feeds
    ]
    insert_missing(connection, t.feed_day, ["department", "dataset", "day_at"], empty)
    _add_lived(connection, department, feeds, at)


def _add_lived(
    connection: sa.Connection, department: str, feeds: Sequence[FeedNote], at: int
) -> None:
    """Add what was lived since the note before to each dataset's day."""
    c = t.feed_day.c
    statement = (
        sa.update(t.feed_day)
        .where(
            c.department == department,
            c.dataset == sa.bindparam("of_dataset"),
            c.day_at == sa.bindparam("of_day"),
        )
        .values(
            seconds_due=c.seconds_due + sa.bindparam("due"),
            seconds_late=c.seconds_late + sa.bindparam("late"),
            seconds_down=c.seconds_down + sa.bindparam("down"),
            drift=c.drift + sa.bindparam("found"),
            rows_read=sa.func.coalesce(sa.bindparam("rows", type_=sa.BigInteger), c.rows_read),
            rows_aside=sa.func.coalesce(sa.bindparam("aside", type_=sa.BigInteger), c.rows_aside),
            delivered_at=sa.func.coalesce(
                sa.bindparam("delivered", type_=sa.BigInteger), c.delivered_at
            ),
            written_at=at,
        )
    )
    lived = [
        {
            "of_dataset": note.dataset,
            "of_day": epoch(note.day),
            "due": note.due,
            "late": note.late,
            "down": note.down,
            "found": note.drift,
            "rows": note.rows,
            "aside": note.aside,
            "delivered": _epoch_of(note.as_of),
        }
        for note in feeds
    ]
    if lived:
        connection.execute(statement, lived)


def _write_tickets(connection: sa.Connection, page: Page, at: int) -> None:
    titles = {note.dataset: note.title for note in page.feeds}
    rows = [
        {
            "department": page.department,
            "dataset": ticket.dataset,
            "dataset_title": titles.get(ticket.dataset, "全部数据集")[:200],
            "rule": ticket.rule,
            "cause": ticket.cause[:_LONGEST],
            "liaison": ticket.liaison[:200],
            "opened_at": epoch(ticket.opened_at),
            "due_at": epoch(ticket.due_at),
            "written_at": at,
        }
        for ticket in page.opened
    ]
    if rows:
        connection.execute(sa.insert(t.data_ticket), rows)
    c = t.data_ticket.c
    for ticket in page.closed:
        connection.execute(
            sa.update(t.data_ticket)
            .where(
                c.department == page.department,
                c.dataset == ticket.dataset,
                c.rule == ticket.rule,
                c.closed_at.is_(None),
            )
            .values(closed_at=at, written_at=at)
        )


def _write_matters(
    connection: sa.Connection, department: str, matters: Sequence[Matter], at: int
) -> None:
    """What is open, and the end of what no longer is."""
    c = t.matter_life.c
    mine = (c.department == department, c.closed_at.is_(None))
    standing = {
        (row.matter, row.since): (row.level, row.title, row.due_at)
        for row in connection.execute(
            sa.select(c.matter, c.since, c.level, c.title, c.due_at).where(*mine)
        )
    }
    rows = {(m.id[:200], epoch(m.since)): _life(department, m, at) for m in matters}
    changed = [
        row
        for key, row in rows.items()
        if standing.get(key) != (row["level"], row["title"], row["due_at"])
    ]
    upsert(connection, t.matter_life, changed)
    for name, since in standing.keys() - rows.keys():
        connection.execute(
            sa.update(t.matter_life)
            .where(c.matter == name, c.since == since)
            .values(closed_at=at, written_at=at)
        )


def _life(department: str, matter: Matter, at: int) -> dict[str, Any]:
    return {
        "matter": matter.id[:200],
        "since": epoch(matter.since),
        "department": department,
        "kind": matter.kind,
        "level": matter.level.value,
        "title": matter.title.zh[:_LONGEST],
        "due_at": _epoch_of(matter.due),
        "closed_at": None,
        "written_at": at,
    }


def _ticket(row: sa.Row[Any]) -> Ticket:
    return Ticket(
        row.department,
        row.dataset,
        row.rule,
        row.cause,
        row.liaison,
        moment(row.opened_at),
        moment(row.due_at),
    )


def _epoch_of(at: datetime | None) -> int | None:
    return None if at is None else epoch(at)
