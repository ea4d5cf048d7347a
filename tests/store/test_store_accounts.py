"""Accounts and sessions in the store: what stands, what ends it, and that all of it is in the audit."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa
from store_ground import NOW, Store

from dashboard.accounts import IDLE, LONGEST, Account, fingerprint
from dashboard.ports import Beginning
from data_access.store import SqlAccounts
from data_access.store import tables as t
from data_access.store.accounts import REMEMBERED

AT = NOW.replace(microsecond=0)
OFFICER = Account("li", "李明", "$argon2id$…", ("duty_officer",), AT)


@pytest.fixture
def accounts(store: Store) -> SqlAccounts:
    return SqlAccounts(store.history.database)


def begun(accounts: SqlAccounts, token: str = "a", name: str = "li") -> int:
    return accounts.begin(Beginning(name, fingerprint(token), "Firefox", "10.1.2.3"), AT)


def stands(accounts: SqlAccounts, later: timedelta = timedelta(0), token: str = "a") -> bool:
    return fingerprint(token) in accounts.standing([fingerprint(token)], AT + later)


def notes(store: Store) -> list[tuple[str, str, str]]:
    c = t.audit.c
    with store.history.database.reading() as connection:
        rows = connection.execute(sa.select(c.who, c.action, c.subject).order_by(c.id)).all()
    return [(row.who, row.action, row.subject) for row in rows]


def test_an_account_is_kept_as_it_was_made_and_its_name_is_taken(accounts: SqlAccounts) -> None:
    assert accounts.account("li") is None
    assert accounts.add(OFFICER, "me")
    assert not accounts.add(OFFICER, "me")
    assert accounts.account("li") == OFFICER
    assert accounts.accounts() == [OFFICER]


def test_the_first_account_is_made_once_however_many_start(accounts: SqlAccounts) -> None:
    gate = threading.Barrier(4)

    def add(number: int) -> bool:
        gate.wait(10)
        made = Account(f"admin{number}", "", "x", (), AT)
        return accounts.add(made, "start", only_first=True)

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(add, range(4))) == [False, False, False, True]
    assert len(accounts.accounts()) == 1


def test_a_session_stands_until_it_is_idle_or_old(accounts: SqlAccounts) -> None:
    accounts.add(OFFICER, "me")
    session = begun(accounts)
    found, account = accounts.standing([fingerprint("a")], AT)[fingerprint("a")]
    assert (found.id, found.agent, found.host, account) == (session, "Firefox", "10.1.2.3", OFFICER)
    assert found.stands(AT + IDLE - timedelta(seconds=1))
    assert stands(accounts, IDLE - timedelta(seconds=1))
    assert not found.stands(AT + IDLE)
    assert not stands(accounts, IDLE)
    accounts.touch(session, AT + LONGEST - timedelta(seconds=1))
    assert stands(accounts, LONGEST - timedelta(seconds=1))
    assert not stands(accounts, LONGEST)
    assert not stands(accounts, token="b")
    assert accounts.standing([], AT) == {}


def test_the_store_holds_no_token(accounts: SqlAccounts, store: Store) -> None:
    accounts.add(OFFICER, "me")
    begun(accounts, "very-secret")
    with store.history.database.reading() as connection:
        rows = connection.execute(sa.select(t.session)).mappings().all()
        told = json.dumps([dict(row) for row in rows])
        told += str(connection.execute(sa.select(t.audit.c.detail)).all())
    assert "very-secret" not in told


def test_what_is_revoked_ends_and_only_by_whom_it_is(accounts: SqlAccounts, store: Store) -> None:
    accounts.add(OFFICER, "me")
    first, second, third = (begun(accounts, token) for token in "abc")
    assert not accounts.end(first, "wu", AT, "wu"), "somebody else's"
    assert accounts.end(first, "li", AT, "li")
    assert not accounts.end(first, "li", AT, "li"), "it has ended"
    assert [one.id for one in accounts.sessions("li", AT)] == [third, second]
    assert accounts.end_all("li", "admin", AT, but=third) == 1
    assert [one.id for one in accounts.sessions(None, AT)] == [third]
    assert notes(store)[-2:] == [("li", "session end", "li"), ("admin", "session end", "li")]


def test_another_password_ends_all_sessions(accounts: SqlAccounts) -> None:
    accounts.add(OFFICER, "me")
    begun(accounts)
    assert accounts.set_password("li", "other", "admin", AT, must_change=True)
    found = accounts.account("li")
    assert found is not None
    assert (found.password, found.must_change) == ("other", True)
    assert not stands(accounts)
    assert not accounts.set_password("wu", "x", "admin", AT, must_change=False)


def test_a_stronger_hash_of_the_same_password_ends_nothing(accounts: SqlAccounts) -> None:
    accounts.add(OFFICER, "me")
    begun(accounts)
    accounts.strengthen("li", "not it", "x")
    accounts.strengthen("li", OFFICER.password, "stronger")
    found = accounts.account("li")
    assert found is not None
    assert found.password == "stronger"
    assert stands(accounts)


def test_who_is_shut_out_has_no_session_and_gets_none_back(accounts: SqlAccounts) -> None:
    accounts.add(OFFICER, "me")
    begun(accounts)
    assert accounts.set_disabled("li", "admin", AT, disabled=True)
    assert not stands(accounts)
    begun(accounts, "b")
    assert not stands(accounts, token="b"), "begun in the moment in which it was shut out"
    assert accounts.set_disabled("li", "admin", AT, disabled=False)
    assert not stands(accounts)
    found = accounts.account("li")
    assert found is not None
    assert found.disabled_at is None


def test_roles_are_those_of_the_moment(accounts: SqlAccounts) -> None:
    accounts.add(OFFICER, "me")
    begun(accounts)
    accounts.set_roles("li", ["leader", "clerk"], "admin")
    _, account = accounts.standing([fingerprint("a")], AT)[fingerprint("a")]
    assert account.roles == ("leader", "clerk")


def test_sessions_that_ended_long_ago_are_forgotten(accounts: SqlAccounts, store: Store) -> None:
    accounts.add(OFFICER, "me")
    old = begun(accounts)
    accounts.end(old, "li", AT)
    later = AT + REMEMBERED + timedelta(seconds=1)
    accounts.begin(Beginning("li", fingerprint("n"), "", ""), later)
    with store.history.database.reading() as connection:
        kept = connection.execute(sa.select(t.session.c.id)).scalars().all()
    assert old not in kept
    assert len(kept) == 1


def test_every_change_is_in_the_audit(accounts: SqlAccounts, store: Store) -> None:
    accounts.add(OFFICER, "me")
    begun(accounts)
    accounts.set_roles("li", [], "me")
    accounts.set_disabled("li", "me", AT, disabled=True)
    accounts.set_disabled("li", "me", AT, disabled=False)
    accounts.set_password("li", "x", "me", AT, must_change=False)
    assert notes(store) == [
        ("me", "account add", "li"),
        ("li", "sign in", "li"),
        ("me", "account roles", "li"),
        ("me", "account disable", "li"),
        ("me", "session end", "li"),
        ("me", "account enable", "li"),
        ("me", "account password", "li"),
    ]
