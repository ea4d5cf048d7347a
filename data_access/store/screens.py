"""Screens in the store, as `dashboard.ports.ScreenStore`: devices, browsers that wait, orders.

Every change is written with its note in the audit, or not at all.
"""

import json
import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from dashboard.devices import Device, Pairing
from dashboard.orders import STANDING, Kind, Order, ends, kind_of
from dashboard.ports import ScreenNote
from data_access.store import screen_tables as t
from data_access.store.database import Database
from data_access.store.grains import epoch, moment
from data_access.store.tables import audit
from data_access.store.writes import upsert

_D, _P, _O, _N = t.device.c, t.pairing.c, t.screen_order.c, t.screen_now.c
ORDERS_KEPT = 30 * 86_400
"""Seconds for which orders that are over are kept; the audit keeps them longer."""


class SqlScreens:
    """See `dashboard.ports.ScreenStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def open_pairing(self, code: str, secret: str, now: datetime, until: datetime) -> bool:
        """Let a browser wait under a code; what has expired is forgotten."""
        row = {
            "code": code,
            "secret": secret,
            "created_at": epoch(now),
            "expires_at": epoch(until),
        }
        with self._database.writing() as connection:
            self._lock(connection, "pairing")
            connection.execute(sa.delete(t.pairing).where(_P.expires_at <= epoch(now)))
            taken = connection.execute(sa.select(_P.code).where(_P.code == code)).first()
            if taken is None:
                connection.execute(sa.insert(t.pairing), [row])
        return taken is None

    def waiting(self, now: datetime) -> int:
        """How many browsers wait."""
        query = sa.select(sa.func.count()).select_from(t.pairing)
        with self._database.reading() as connection:
            found = connection.execute(query.where(_P.expires_at > epoch(now)))
            return int(found.scalar_one())

    def pairing(self, secret: str, now: datetime) -> Pairing | None:
        """The pairing of a browser that has not expired."""
        query = sa.select(t.pairing).where(_P.secret == secret, _P.expires_at > epoch(now))
        with self._database.reading() as connection:
            row = connection.execute(query).first()
        return Pairing(row.code, moment(row.expires_at), row.device) if row else None

    def claim(self, code: str, screen: str, name: str, who: str, now: datetime) -> Device | None:
        """Pair the browser that shows a code; None where none does, or somebody was first."""
        device = uuid.uuid4().hex
        free = sa.and_(_P.code == code, _P.expires_at > epoch(now), _P.device.is_(None))
        row = {
            "id": device,
            "screen": screen,
            "name": name,
            "paired_by": who,
            "paired_at": epoch(now),
        }
        with self._database.writing() as connection:
            claimed = connection.execute(sa.update(t.pairing).where(free).values(device=device))
            if claimed.rowcount != 1:
                return None
            connection.execute(sa.insert(t.device), [row])
            self._note(connection, who, "pair", screen, {"device": device, "name": name})
        return Device(device, screen, name, who, moment(epoch(now)))

    def hand_over(self, secret: str, token: str, now: datetime) -> Device | None:
        """Give a claimed browser its token; again until it has come with one, for an answer can be
        lost on its way."""
        asked = sa.select(_P.device).where(_P.secret == secret, _P.expires_at > epoch(now))
        with self._database.writing() as connection:
            device = connection.execute(asked).scalar_one_or_none()
            if device is None:
                return None
            mine = sa.and_(_D.id == device, _D.last_seen.is_(None), _D.revoked_at.is_(None))
            given = connection.execute(sa.update(t.device).where(mine).values(token=token))
            if given.rowcount != 1:
                return None
            row = connection.execute(sa.select(t.device).where(_D.id == device)).one()
        return _device(row)

    def devices(self) -> list[Device]:
        """All devices that are not revoked."""
        query = sa.select(t.device).where(_D.revoked_at.is_(None))
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(_D.paired_at, _D.id)).all()
        return [_device(row) for row in rows]

    def rename(self, device: str, name: str, who: str) -> bool:
        """Give a device another name."""
        with self._database.writing() as connection:
            before = self._standing(connection, device)
            if before is None:
                return False
            connection.execute(sa.update(t.device).where(_D.id == device).values(name=name))
            detail = {"device": device, "name": name, "before": before.name}
            self._note(connection, who, "rename", before.screen, detail)
        return True

    def revoke(self, device: str, who: str, now: datetime) -> bool:
        """A device's token is worth nothing from now on."""
        with self._database.writing() as connection:
            before = self._standing(connection, device)
            if before is None:
                return False
            ended = {"revoked_at": epoch(now), "revoked_by": who}
            connection.execute(sa.update(t.device).where(_D.id == device).values(ended))
            detail = {"device": device, "name": before.name}
            self._note(connection, who, "revoke", before.screen, detail)
        return True

    def seen(self, devices: Mapping[str, datetime]) -> None:
        """Note when devices were heard last; that is no act of anybody, so nothing is audited."""
        rows = [{"of": device, "at": epoch(at)} for device, at in devices.items()]
        newer = sa.or_(_D.last_seen.is_(None), _D.last_seen < sa.bindparam("at"))
        statement = sa.update(t.device).where(_D.id == sa.bindparam("of"), newer)
        if rows:
            with self._database.writing() as connection:
                connection.execute(statement.values(last_seen=sa.bindparam("at")), rows)

    def give(
        self,
        screen: str,
        kind: Kind,
        payload: Mapping[str, Any],
        who: str,
        now: datetime,
        until: datetime | None = None,
    ) -> Order:
        """Keep an order and end those that it ends; one that does not stand is over at once."""
        at = now.timestamp()
        order = Order(0, screen, kind, who, now, dict(payload), until)
        values = {
            "screen": screen,
            "kind": kind,
            "payload": json.dumps(order.payload, ensure_ascii=False),
            "given_by": who,
            "given_at": at,
            "until": until.timestamp() if until else None,
            "ended_at": None if kind in STANDING else at,
        }
        others = sa.and_(_O.screen == screen, _O.kind.in_(ends(order)), _O.ended_at.is_(None))
        with self._database.writing() as connection:
            self._lock(connection, f"orders/{screen}")
            connection.execute(sa.update(t.screen_order).where(others).values(ended_at=at))
            connection.execute(sa.delete(t.screen_order).where(_O.ended_at < at - ORDERS_KEPT))
            made = connection.execute(sa.insert(t.screen_order).values(values))
            self._note(connection, who, f"order {kind}", screen, dict(payload))
        number = made.inserted_primary_key
        return Order(int(number[0]) if number else 0, screen, kind, who, now, dict(payload), until)

    def orders(self, now: datetime) -> list[Order]:
        """All orders that are in force."""
        alive = sa.or_(_O.until.is_(None), _O.until > now.timestamp())
        query = sa.select(t.screen_order).where(_O.ended_at.is_(None), alive).order_by(_O.id)
        with self._database.reading() as connection:
            return [_order(row) for row in connection.execute(query)]

    def note_screens(self, notes: Sequence[ScreenNote], now: datetime) -> None:
        """Put down how the paired screens are; several web processes may say the same."""
        at = epoch(now)
        with self._database.writing() as connection:
            self._lock(connection, "screen_now")
            known = {row.screen: row for row in connection.execute(sa.select(t.screen_now))}
            gone = set(known) - {note.screen for note in notes}
            connection.execute(sa.delete(t.screen_now).where(_N.screen.in_(gone)))
            upsert(
                connection,
                t.screen_now,
                [_noted(note, known.get(note.screen), at) for note in notes],
            )

    def _standing(self, connection: sa.Connection, device: str) -> sa.Row[Any] | None:
        query = sa.select(t.device).where(_D.id == device, _D.revoked_at.is_(None))
        return connection.execute(
            query if self._database.sqlite else query.with_for_update()
        ).first()

    def _lock(self, connection: sa.Connection, what: str) -> None:
        """Let nobody else do the same meanwhile. SQLite has one writer at a time anyway."""
        if not self._database.sqlite:
            key = sa.func.hashtextextended(f"screens/{what}", 0)
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(key)))

    def _note(
        self,
        connection: sa.Connection,
        who: str,
        action: str,
        subject: str,
        detail: Mapping[str, Any],
    ) -> None:
        row = {
            "at": self._database.clock(connection),
            "who": who,
            "action": action,
            "subject": subject,
            "detail": json.dumps(detail, ensure_ascii=False),
        }
        connection.execute(sa.insert(audit), [row])


def _device(row: sa.Row[Any]) -> Device:
    return Device(
        row.id,
        row.screen,
        row.name,
        row.paired_by,
        moment(row.paired_at),
        row.token,
        None if row.last_seen is None else moment(row.last_seen),
        None if row.revoked_at is None else moment(row.revoked_at),
    )


def _order(row: sa.Row[Any]) -> Order:
    return Order(
        row.id,
        row.screen,
        kind_of(row.kind),
        row.given_by,
        moment(row.given_at),
        json.loads(row.payload),
        None if row.until is None else moment(row.until),
    )


def _noted(note: ScreenNote, before: sa.Row[Any] | None, at: int) -> dict[str, Any]:
    same = before is not None and (before.due, before.silent) == (int(note.due), int(note.silent))
    return {
        "screen": note.screen,
        "title": note.title[:200],
        "devices": note.devices,
        "due": int(note.due),
        "silent": int(note.silent),
        "since": before.since if before is not None and same else at,
        "seen_at": at,
    }
