"""Turns of writers: in order, urgent ones first, and a lease is renewed beside a long write."""

import threading
import time

import pytest
import sqlalchemy as sa
from store_ground import Store

from dashboard.ports import Unreachable
from data_access.store import tables as t
from data_access.store.registry import check_token
from data_access.store.turns import Turns


def waiting(turns: Turns, names: list[str], served: list[str]) -> list[threading.Thread]:
    """Threads that want their turn, in this order; names in capitals are urgent."""

    def want(name: str) -> None:
        with turns.taken(10, urgent=name.isupper()):
            served.append(name)

    threads = []
    for name in names:
        thread = threading.Thread(target=want, args=(name,))
        thread.start()
        threads.append(thread)
        while turns.waiting < len(threads):
            time.sleep(0.001)
    return threads


def test_turns_come_in_order_and_urgent_ones_first() -> None:
    turns, served = Turns(), []
    with turns.taken(10):
        threads = waiting(turns, ["a", "b", "C", "d", "E"], served)
        assert served == []
    for thread in threads:
        thread.join(10)
    assert served == ["C", "E", "a", "b", "d"]


def test_a_turn_that_does_not_come_is_given_up_and_holds_up_nobody() -> None:
    turns, served = Turns(), []
    with turns.taken(10):
        with pytest.raises(Unreachable, match="in time"), turns.taken(0.05):
            served.append("never")
        threads = waiting(turns, ["next"], served)
    threads[0].join(10)
    assert served == ["next"]
    with pytest.raises(ZeroDivisionError), turns.taken(1):
        raise ZeroDivisionError
    with turns.taken(1):
        served.append("after a fault")
    assert served == ["next", "after a fault"]


def test_a_lease_is_renewed_while_its_holder_writes(store: Store) -> None:
    """On SQLite it comes next after the write under way; on PostgreSQL it need not even wait."""
    database, renewed = store.history.database, []
    renewal = threading.Thread(
        target=lambda: renewed.append(store.history.take_lease("cases", "tests", 600))
    )
    with database.writing() as connection:
        check_token(connection, "cases", store.token)
        renewal.start()
        if not database.sqlite:
            renewal.join(10)
            assert renewed
    renewal.join(10)
    assert renewed == [store.token]


def test_who_takes_over_waits_for_what_is_being_written(store: Store) -> None:
    database, taken = store.history.database, []
    store.history.take_lease("cases", "tests", -1)
    taker = threading.Thread(
        target=lambda: taken.append(store.history.take_lease("cases", "other", 600))
    )
    with database.writing() as connection:
        check_token(connection, "cases", store.token)
        taker.start()
        time.sleep(0.3)
        assert taken == []
    taker.join(10)
    assert taken == [store.token + 1]


def test_a_later_life_at_the_same_place_takes_over_at_once(store: Store) -> None:
    take = store.history.take_lease
    assert take("transit", "place/one", 600) == 1
    assert take("transit", "elsewhere/two", 600) is None
    assert take("transit", "place", 600) is None, "a name without a life is no place"
    assert take("transit", "place/two", 600) == 2
    assert take("transit", "place/one", 600) == 3, "whoever comes later lives there"
    with store.history.database.reading() as connection:
        holder = sa.select(t.lease.c.holder).where(t.lease.c.department == "transit")
        assert connection.execute(holder).scalar_one() == "place/one"
