"""Accounts and their sessions in the store; each change and its note in the audit are one."""

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from dashboard.accounts import IDLE, LONGEST, Account, Session
from dashboard.ports.accounts import Beginning
from data_access.store import tables as t
from data_access.store.audit import note
from data_access.store.database import Database
from data_access.store.grains import epoch, moment

_A, _S = t.account.c, t.session.c
REMEMBERED = timedelta(days=30)
"""How long a session that ended can still be looked up in the store."""


class SqlAccounts:
    """Implements `ports.Accounts`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def account(self, name: str) -> Account | None:
        """See `ports.Accounts`, as for all below."""
        with self._database.reading() as connection:
            return _account_of(connection, name)

    def accounts(self) -> list[Account]:
        """All accounts by name."""
        with self._database.reading() as connection:
            rows = connection.execute(sa.select(t.account).order_by(_A.name)).all()
        return [_account(row) for row in rows]

    def add(self, account: Account, who: str, *, only_first: bool = False) -> bool:
        """Add an account where there is none of its name, or none at all."""
        there = sa.select(_A.name).limit(1)
        if not only_first:
            there = there.where(_A.name == account.name)
        with self._database.writing() as connection:
            self._lock(connection)
            if connection.execute(there).first() is not None:
                return False
            connection.execute(sa.insert(t.account), [_row(account)])
            detail = {"title": account.title, "roles": account.roles}
            note(self._database, connection, who, "account add", account.name, detail)
        return True

    def set_password(
        self, name: str, password: str, who: str, now: datetime, *, must_change: bool
    ) -> bool:
        """Another hash; all sessions end."""
        values = {"password": password, "must_change": int(must_change)}
        detail = {"one_time": must_change}
        return self._change(name, values, who, "account password", detail, ends_at=now)

    def strengthen(self, name: str, old: str, new: str) -> None:
        """The same password, hashed anew; nothing that anybody did, so nothing in the audit."""
        same = sa.update(t.account).where(_A.name == name, _A.password == old)
        with self._database.writing() as connection:
            connection.execute(same.values(password=new))

    def set_roles(self, name: str, roles: Sequence[str], who: str) -> bool:
        """Other roles, in force with the next look at the account."""
        values = {"roles": json.dumps(list(roles))}
        return self._change(name, values, who, "account roles", {"roles": list(roles)})

    def set_disabled(self, name: str, who: str, now: datetime, *, disabled: bool) -> bool:
        """Shut out, or let in again."""
        action = "account disable" if disabled else "account enable"
        values = {"disabled_at": epoch(now) if disabled else None}
        return self._change(name, values, who, action, {}, ends_at=now if disabled else None)

    def begin(self, beginning: Beginning, now: datetime) -> int:
        """A session from now on."""
        at = epoch(now)
        row = {
            "token": beginning.token,
            "account": beginning.account,
            "created_at": at,
            "seen_at": at,
            "expires_at": epoch(now + LONGEST),
            "agent": beginning.agent[:300],
            "host": beginning.host[:64],
        }
        with self._database.writing() as connection:
            _forget(connection, epoch(now - REMEMBERED))
            made = connection.execute(sa.insert(t.session).values(row).returning(_S.id))
            session = int(made.scalar_one())
            detail = {"session": session, "host": beginning.host}
            name = beginning.account
            note(self._database, connection, name, "sign in", name, detail)
        return session

    def standing(
        self, tokens: Collection[str], now: datetime
    ) -> Mapping[str, tuple[Session, Account]]:
        """Those that let somebody in."""
        if not tokens:
            return {}
        query = (
            sa.select(t.session, _A.name)
            .join(t.account, _A.name == _S.account)
            .where(_S.token.in_(list(tokens)), *_stand(now), _A.disabled_at.is_(None))
        )
        with self._database.reading() as connection:
            sessions = connection.execute(query).all()
            names = {row.account for row in sessions}
            known = {name: _account_of(connection, name) for name in names}
        return {
            row.token: (_session(row), account)
            for row in sessions
            if (account := known[row.account]) is not None
        }

    def touch(self, session: int, now: datetime) -> None:
        """Heard of: nothing that belongs into the audit."""
        with self._database.writing() as connection:
            connection.execute(
                sa.update(t.session).where(_S.id == session).values(seen_at=epoch(now))
            )

    def sessions(self, account: str | None, now: datetime) -> list[Session]:
        """Those that stand, the last heard of first."""
        query = sa.select(t.session).where(*_stand(now)).order_by(_S.seen_at.desc(), _S.id.desc())
        if account is not None:
            query = query.where(_S.account == account)
        with self._database.reading() as connection:
            return [_session(row) for row in connection.execute(query).all()]

    def end(self, session: int, who: str, now: datetime, account: str | None = None) -> bool:
        """One session."""
        which = [_S.id == session]
        if account is not None:
            which.append(_S.account == account)
        with self._database.writing() as connection:
            return bool(self._end(connection, which, who, now))

    def end_all(self, account: str, who: str, now: datetime, but: int | None = None) -> int:
        """All sessions of an account but one."""
        which = [_S.account == account]
        if but is not None:
            which.append(_S.id != but)
        with self._database.writing() as connection:
            return self._end(connection, which, who, now)

    def _change(
        self,
        name: str,
        values: Mapping[str, Any],
        who: str,
        action: str,
        detail: Mapping[str, Any],
        ends_at: datetime | None = None,
    ) -> bool:
        with self._database.writing() as connection:
            changed = connection.execute(
                sa.update(t.account).where(_A.name == name).values(values)
            ).rowcount
            if not changed:
                return False
            note(self._database, connection, who, action, name, detail)
            if ends_at is not None:
                self._end(connection, [_S.account == name], who, ends_at)
        return True

    def _end(
        self,
        connection: sa.Connection,
        which: Sequence[sa.ColumnElement[bool]],
        who: str,
        now: datetime,
    ) -> int:
        ended = connection.execute(
            sa.update(t.session)
            .where(*which, *_stand(now))
            .values(revoked_at=epoch(now))
            .returning(_S.id, _S.account)
        ).all()
        for row in ended:
            action = "session end"
            note(self._database, connection, who, action, row.account, {"session": row.id})
        return len(ended)

    def _lock(self, connection: sa.Connection) -> None:
        """One adds at a time: two processes that start would both find no account. SQLite has one
        writer anyway."""
        if not self._database.sqlite:
            key = sa.func.hashtextextended("accounts", 0)
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(key)))


def _stand(now: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    """What `Session.stands` says, for the store."""
    return (
        _S.revoked_at.is_(None),
        _S.expires_at > epoch(now),
        _S.seen_at > epoch(now - IDLE),
    )


def _forget(connection: sa.Connection, before: int) -> None:
    old = sa.or_(_S.expires_at < before, _S.revoked_at < before)
    connection.execute(sa.delete(t.session).where(old))


def _account_of(connection: sa.Connection, name: str) -> Account | None:
    row = connection.execute(sa.select(t.account).where(_A.name == name)).one_or_none()
    return None if row is None else _account(row)


def _account(row: sa.Row[Any]) -> Account:
    return Account(
        name=row.name,
        title=row.title,
        password=row.password,
        roles=tuple(json.loads(row.roles)),
        created_at=moment(row.created_at),
        disabled_at=None if row.disabled_at is None else moment(row.disabled_at),
        must_change=bool(row.must_change),
    )


def _row(account: Account) -> dict[str, Any]:
    disabled = account.disabled_at
    return {
        "name": account.name,
        "title": account.title,
        "password": account.password,
        "roles": json.dumps(list(account.roles)),
        "created_at": epoch(account.created_at),
        "disabled_at": None if disabled is None else epoch(disabled),
        "must_change": int(account.must_change),
    }


def _session(row: sa.Row[Any]) -> Session:
    return Session(
        id=row.id,
        account=row.account,
        created_at=moment(row.created_at),
        seen_at=moment(row.seen_at),
        expires_at=moment(row.expires_at),
        revoked_at=None if row.revoked_at is None else moment(row.revoked_at),
        agent=row.agent,
        host=row.host,
    )
