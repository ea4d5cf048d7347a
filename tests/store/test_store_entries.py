"""Manual entries in the store: all are kept, a correction ends the one before, nothing is deleted."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import sqlalchemy as sa
from store_ground import NOW, Store

from dashboard.entries import Statement
from data_access.store import tables as t


def statement(place: str = "440605", hours: float = 0, **values: float | str) -> Statement:
    at = (NOW + timedelta(hours=hours)).replace(microsecond=0)
    return Statement(
        "transfer", place, place, None, values, "李明", "me", at, at + timedelta(hours=3)
    )


def test_a_correction_ends_what_stood_and_keeps_it(store: Store) -> None:
    history = store.history
    first = history.enter(statement(due=100.0, moved=10.0))
    history.enter(statement("440606", due=5.0))
    second = history.enter(statement(hours=1, due=120.0, moved=90.0, remark="核对"))
    kept = {one.id: one for one in history.entries("transfer", 10)}
    assert len(kept) == 3
    assert kept[second].statement.values == {"due": 120.0, "moved": 90.0, "remark": "核对"}
    assert kept[second].state(NOW) == "known"
    assert kept[first].state(NOW) == "replaced"
    assert kept[first].ended_at == kept[second].statement.entered_at
    assert [one.state(NOW + timedelta(hours=9)) for one in kept.values()].count("lapsed") == 2


def test_what_is_withdrawn_is_kept_too(store: Store) -> None:
    history = store.history
    entry = history.enter(statement(due=100.0))
    at = statement(hours=2).entered_at
    assert history.withdraw("transfer", "440605", "王五", "me", at)
    assert not history.withdraw("transfer", "440605", "王五", "me", at), "nothing stands any more"
    [kept] = history.entries("transfer", 10)
    assert (kept.id, kept.ended_why, kept.ended_by, kept.ended_at) == (
        entry,
        "withdrawn",
        "王五",
        at,
    )


def test_what_stands_is_listed_before_what_ended(store: Store) -> None:
    history = store.history
    oldest = history.enter(statement("440604", due=1.0))
    for hour in range(1, 5):
        history.enter(statement(hours=hour, due=float(hour)))
    assert oldest in {one.id for one in history.entries("transfer", 2)}
    assert len(history.entries("transfer", 2)) == 2


def test_only_the_entry_that_was_seen_is_withdrawn(store: Store) -> None:
    history = store.history
    seen = history.enter(statement(due=100.0))
    newer = history.enter(statement(hours=1, due=120.0))
    at = statement(hours=2).entered_at
    assert not history.withdraw("transfer", "440605", "王五", "me", at, seen)
    assert not history.withdraw("transfer", "440606", "王五", "me", at, newer)
    kept = {one.id: one.ended_why for one in history.entries("transfer", 10)}
    assert kept == {seen: "replaced", newer: None}
    assert history.withdraw("transfer", "440605", "王五", "me", at, newer)


def test_of_entries_that_come_together_one_stands(store: Store) -> None:
    """Where nothing stands yet, there is no row by which they could wait for each other."""
    gate = threading.Barrier(4)

    def enter(due: int) -> str:
        gate.wait(10)
        return store.history.enter(statement(due=float(due)))

    with ThreadPoolExecutor(4) as pool:
        for _ in range(5):
            ids = set(pool.map(enter, range(4)))
            kept = store.history.entries("transfer", 40)
            standing = [one.id for one in kept if one.ended_why is None]
            assert len(standing) == 1
            assert standing[0] in ids
            store.history.withdraw("transfer", "440605", "王五", "me", NOW)


def test_each_entry_and_withdrawal_is_in_the_audit(store: Store) -> None:
    history = store.history
    history.enter(statement(due=100.0))
    history.withdraw("transfer", "440605", "王五", "me", NOW)
    with history.database.reading() as connection:
        notes = connection.execute(sa.select(t.audit.c.who, t.audit.c.action, t.audit.c.detail))
        rows = notes.all()
    assert [(row.who, row.action) for row in rows] == [("me", "enter"), ("me", "withdraw")]
    assert "李明" in rows[0].detail
