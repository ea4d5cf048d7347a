"""Leases with fencing tokens, the collector's own small state, and the audit."""

import json
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from data_access.store import tables as t
from data_access.store.audit import note
from data_access.store.database import Database
from data_access.store.registry import check_token
from data_access.store.writes import insert_missing, upsert

NOBODY = ""
"""The holder of a lease that was let go, or that nobody has taken yet."""


def _yields(held_by: str, holder: str) -> bool:
    """Whether a lease that has not ended is free for a holder: nobody's, its own, that of an
    earlier life at its place, or of an earlier desk of its own life."""
    if held_by in (NOBODY, holder):
        return True
    place, life, desk = _parts(held_by)
    own_place, own_life, own_desk = _parts(holder)
    if (place, life) == (own_place, own_life):
        return desk < own_desk
    return bool(place) and place == own_place


def _parts(holder: str) -> tuple[str, str, int]:
    """Place, life and desk of a name `place/life#desk`; all but the life may be missing."""
    place, _, life = holder.rpartition("/")
    life, _, desk = life.partition("#")
    return place, life, int(desk) if desk.isdecimal() else 0


class Leases:
    """Who collects each department. A token grows each time the holder changes."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def take(self, department: str, holder: str, seconds: float) -> int | None:
        """The token where the lease is ours, taken or renewed; None while it is another's.

        A holder named `place/life` says that nobody else lives at that place: it takes over at once
        from an earlier life, which could not let go. With `#desk` behind, a number that grows, it
        takes over from earlier desks of the same life, and never from a later one.
        """
        c = t.lease.c
        query = sa.select(c.holder, c.expires).where(c.department == department)
        # Looked at before writing, since who waits asks every second.
        with self._database.reading() as connection:
            found = connection.execute(query).one_or_none()
            now = self._database.clock(connection)
        if found is not None and found.holder == holder:
            return self._renew(department, holder, seconds)
        if found is not None and found.expires > now and not _yields(found.holder, holder):
            return None
        return self._take_over(department, holder, seconds)

    def _renew(self, department: str, holder: str, seconds: float) -> int | None:
        """One short statement, before all other writes that wait."""
        c = t.lease.c
        with self._database.writing(urgent=True) as connection:
            now = self._database.clock(connection)
            statement = (
                sa.update(t.lease)
                .where(c.department == department, c.holder == holder)
                .values(expires=now + seconds)
                .returning(c.token)
            )
            token = connection.execute(statement).scalar_one_or_none()
        return None if token is None else int(token)

    def _take_over(self, department: str, holder: str, seconds: float) -> int | None:
        """Waits for what the holder before is writing."""
        c = t.lease.c
        mine = c.department == department
        with self._database.writing(urgent=True) as connection:
            free = {"department": department, "holder": NOBODY, "token": 0, "expires": 0.0}
            insert_missing(connection, t.lease, ["department"], [free])
            query = sa.select(c.holder, c.token, c.expires).where(mine).with_for_update()
            held_by, token, expires = connection.execute(query).one()
            now = self._database.clock(connection)
            if expires > now and not _yields(held_by, holder):
                return None
            newest = int(token) if held_by == holder else int(token) + 1
            values = {"holder": holder, "token": newest, "expires": now + seconds}
            connection.execute(sa.update(t.lease).where(mine).values(values))
            return newest

    def release(self, department: str, holder: str) -> None:
        """Let the lease go where it is ours, so that a waiting collector can take it at once."""
        c = t.lease.c
        with self._database.writing(urgent=True) as connection:
            connection.execute(
                sa.update(t.lease)
                .where(c.department == department, c.holder == holder)
                .values(holder=NOBODY, expires=0.0)
            )


class Notes:
    """Small JSON values of the collector, and who asked for what."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, department: str, name: str) -> Any:
        """A value, None where unset."""
        c = t.state.c
        query = sa.select(c.value).where(c.department == department, c.name == name)
        with self._database.reading() as connection:
            found = connection.execute(query).scalar_one_or_none()
        return None if found is None else json.loads(found)

    def owners(self, name: str) -> list[str]:
        """The departments that have a value of this name."""
        c = t.state.c
        query = sa.select(c.department).where(c.name == name).order_by(c.department)
        with self._database.reading() as connection:
            return list(connection.execute(query).scalars())

    def put(self, department: str, name: str, value: Any, token: int) -> None:
        """Set a value. Raises Fenced."""
        text = json.dumps(value, ensure_ascii=False)
        with self._database.writing() as connection:
            check_token(connection, department, token)
            upsert(connection, t.state, [{"department": department, "name": name, "value": text}])

    def audit(self, who: str, action: str, subject: str, detail: Mapping[str, Any]) -> None:
        """Note who asked for what, with the store's own time."""
        with self._database.writing() as connection:
            note(self._database, connection, who, action, subject, detail)
