"""Leases: one collector at a time, and an old one cannot write any more."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from store_ground import NOW, PLAN, Store

from dashboard.ports import Fenced, Sample

HOUR = (NOW.replace(minute=0, second=0), NOW.replace(minute=0, second=0) + timedelta(hours=1))


def test_a_lease_is_renewed_by_its_holder_and_waited_for_by_others(store: Store) -> None:
    take = store.history.take_lease
    assert take("transit", "first", 600) == 1
    assert take("transit", "second", 600) is None
    assert take("transit", "first", 600) == 1
    assert take("customs", "second", 600) == 1


def test_an_expired_lease_is_taken_with_a_larger_token(store: Store) -> None:
    take = store.history.take_lease
    assert take("transit", "first", -1) == 1
    assert take("transit", "second", 600) == 2
    assert take("transit", "first", 600) is None


def test_a_lease_let_go_is_free_at_once_and_its_token_is_spent(store: Store) -> None:
    take = store.history.take_lease
    assert take("transit", "first", 600) == 1
    store.history.release_lease("transit", "second")
    assert take("transit", "second", 600) is None
    store.history.release_lease("transit", "first")
    assert take("transit", "second", 600) == 2
    store.history.release_lease("transit", "second")
    assert take("transit", "second", 600) == 3


def test_a_desk_takes_over_from_an_earlier_one_of_its_life_and_never_from_a_later(
    store: Store,
) -> None:
    take, release = store.history.take_lease, store.history.release_lease
    for number, life in enumerate(("host:1:a", "place/host:1:a"), start=1):
        department = f"transit{number}"
        assert take(department, f"{life}#9", 600) == 1
        assert take(department, f"{life}#10", 600) == 2, "with a token of its own"
        assert take(department, f"{life}#9", 600) is None
        release(department, f"{life}#9")
        assert take(department, f"{life}#10", 600) == 2, "it let nothing go but its own"
        assert take(department, "host:1:b#11", 600) is None, "another life"
    assert take("transit2", "place/host:1:b#1", 600) == 3, "the next life at its place"
    assert take("transit2", "elsewhere/host:1:a#99", 600) is None


def _writes(store: Store, token: int) -> dict[str, Callable[[], object]]:
    history = store.history
    sample = Sample("cases.open", "", "", "", NOW, 1.0, 1)
    day = date(2026, 11, 20)
    return {
        "replace": lambda: store.put([HOUR], [], token=token),
        "note_coverage": lambda: history.note_coverage(PLAN, HOUR, token=token),
        "forget_coverage": lambda: history.forget_coverage(PLAN, token=token),
        "add_samples": lambda: history.add_samples("cases", [sample], token=token),
        "put_histograms": lambda: history.put_histograms(
            "cases", "cases.p90", day, "", {"": {1: 1}}, token=token
        ),
        "set_state": lambda: history.set_state("cases", "watermark", 1, token=token),
    }


@pytest.mark.parametrize(
    "write",
    [
        "replace",
        "note_coverage",
        "forget_coverage",
        "add_samples",
        "put_histograms",
        "set_state",
    ],
)
def test_a_collector_that_lost_its_lease_can_write_nothing(store: Store, write: str) -> None:
    _writes(store, store.token)[write]()
    store.history.take_lease("cases", "tests", -1)
    assert store.history.take_lease("cases", "another", 600) == store.token + 1
    with pytest.raises(Fenced):
        _writes(store, store.token)[write]()
    _writes(store, store.token + 1)[write]()


def test_nobody_writes_without_any_lease(store: Store) -> None:
    with pytest.raises(Fenced):
        store.history.set_state("incidents", "watermark", 1, token=0)
