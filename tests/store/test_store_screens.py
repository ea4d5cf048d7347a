"""Devices, browsers that wait and orders in the store: each change with its note, or not at all."""

import hashlib
import json
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from store_ground import NOW, Store

from dashboard.devices import PAIRING_LASTS, Device
from dashboard.orders import Order
from dashboard.ports import ScreenNote
from data_access.store import screen_tables as t
from data_access.store.screens import SqlScreens
from data_access.store.tables import audit

AT = NOW.replace(microsecond=0)


def hashed(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


@pytest.fixture
def screens(store: Store) -> SqlScreens:
    return SqlScreens(store.history.database)


def later(seconds: float) -> datetime:
    return AT + timedelta(seconds=seconds)


def wait_under(screens: SqlScreens, code: str, secret: str, at: datetime = AT) -> bool:
    return screens.open_pairing(code, hashed(secret), at, at + PAIRING_LASTS)


def paired(screens: SqlScreens, secret: str = "s", screen: str = "duty") -> Device:
    assert wait_under(screens, "123456", secret)
    device = screens.claim("123456", screen, "左侧", "李明", later(5))
    assert device is not None
    return device


def audited(store: Store) -> list[tuple[str, str, str]]:
    with store.history.database.reading() as connection:
        rows = connection.execute(sa.select(audit).order_by(audit.c.id)).all()
    return [(row.who, row.action, row.subject) for row in rows]


def test_a_browser_is_paired_and_gets_its_token_again_until_it_came_with_it(
    screens: SqlScreens, store: Store
) -> None:
    assert wait_under(screens, "123456", "secret")
    pairing = screens.pairing(hashed("secret"), AT)
    assert pairing is not None
    assert (pairing.code, pairing.device) == ("123456", None)
    assert screens.hand_over(hashed("secret"), hashed("t0"), AT) is None, "nobody claimed it"
    device = screens.claim("123456", "duty", "左侧", "李明", later(5))
    assert device is not None
    first = screens.hand_over(hashed("secret"), hashed("t1"), later(6))
    again = screens.hand_over(hashed("secret"), hashed("t2"), later(7))
    assert first is not None
    assert again is not None
    [kept] = screens.devices()
    assert (kept.id, kept.screen, kept.name, kept.token) == (
        device.id,
        "duty",
        "左侧",
        hashed("t2"),
    )
    screens.seen({device.id: later(8)})
    assert screens.hand_over(hashed("secret"), hashed("t3"), later(9)) is None
    assert screens.devices()[0].token == hashed("t2")
    assert audited(store) == [("李明", "pair", "duty")]


def test_a_code_is_claimed_once_and_only_while_it_is_valid(screens: SqlScreens) -> None:
    paired(screens)
    assert screens.claim("123456", "duty", "x", "王五", later(6)) is None
    assert wait_under(screens, "654321", "other")
    assert screens.claim("654321", "duty", "x", "王五", AT + PAIRING_LASTS) is None
    assert screens.claim("000000", "duty", "x", "王五", AT) is None
    assert len(screens.devices()) == 1


def test_two_operators_who_enter_the_same_code_pair_it_once(screens: SqlScreens) -> None:
    assert wait_under(screens, "123456", "s")
    ready = threading.Barrier(2)

    def claim(who: str) -> Device | None:
        ready.wait(10)
        return screens.claim("123456", "duty", who, who, AT)

    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(claim, ("a", "b")))
    assert sum(one is not None for one in found) == 1
    assert len(screens.devices()) == 1


def test_no_two_browsers_wait_under_one_code_until_it_has_expired(screens: SqlScreens) -> None:
    assert wait_under(screens, "123456", "one")
    assert not wait_under(screens, "123456", "two")
    assert screens.waiting(AT) == 1
    after = AT + PAIRING_LASTS
    assert screens.waiting(after) == 0
    assert screens.pairing(hashed("one"), after) is None
    assert wait_under(screens, "123456", "two", after)


def test_a_revoked_device_is_none_any_more_and_cannot_be_renamed(
    screens: SqlScreens, store: Store
) -> None:
    device = paired(screens)
    assert screens.rename(device.id, "右侧", "王五")
    assert screens.devices()[0].name == "右侧"
    assert screens.revoke(device.id, "王五", later(9))
    assert not screens.revoke(device.id, "王五", later(10))
    assert not screens.rename(device.id, "x", "王五")
    assert screens.devices() == []
    assert screens.hand_over(hashed("s"), hashed("t"), later(11)) is None
    assert [action for _, action, _ in audited(store)] == ["pair", "rename", "revoke"]


def test_a_change_whose_note_cannot_be_written_is_not_made(
    screens: SqlScreens, store: Store
) -> None:
    device = paired(screens)

    def refuse(_c: object, _cursor: object, statement: str, *_: object) -> None:
        if "INSERT INTO audit" in statement:
            raise RuntimeError("the audit is full")

    engine = store.history.database.engine
    sa.event.listen(engine, "before_cursor_execute", refuse)
    try:
        for change in (
            lambda: screens.rename(device.id, "x", "w"),
            lambda: screens.revoke(device.id, "w", AT),
            lambda: screens.give("duty", "show", {"path": "/map"}, "w", AT),
        ):
            with pytest.raises(RuntimeError, match="full"):
                change()
    finally:
        sa.event.remove(engine, "before_cursor_execute", refuse)
    assert [one.name for one in screens.devices()] == ["左侧"]
    assert screens.orders(AT) == []


def test_when_a_device_was_heard_last_never_goes_back(screens: SqlScreens) -> None:
    device = paired(screens)
    screens.seen({device.id: later(60)})
    screens.seen({device.id: later(30), "unknown": later(30)})
    assert screens.devices()[0].last_seen == later(60)


def kinds(orders: list[Order]) -> list[str]:
    return [one.kind for one in orders]


def test_an_order_stands_until_another_of_its_kind_or_its_end(screens: SqlScreens) -> None:
    screens.give("duty", "show", {"path": "/map"}, "李明", AT)
    screens.give("duty", "hold", {}, "李明", later(1))
    screens.give("side", "show", {"path": "/"}, "李明", later(1))
    newer = screens.give("duty", "show", {"path": "/department/transit"}, "王五", later(2))
    assert kinds(screens.orders(later(3))) == ["hold", "show", "show"]
    assert newer in screens.orders(later(3))
    screens.give("duty", "next", {}, "王五", later(3))
    assert kinds(screens.orders(later(4))) == ["hold", "show", "show"], "next is over at once"
    screens.give("duty", "end", {"kind": "show"}, "王五", later(4))
    assert [(one.screen, one.kind) for one in screens.orders(later(5))] == [
        ("duty", "hold"),
        ("side", "show"),
    ]


def test_an_order_with_an_end_is_over_by_itself(screens: SqlScreens) -> None:
    screens.give("duty", "identify", {}, "李明", AT, later(15))
    assert kinds(screens.orders(later(14))) == ["identify"]
    assert screens.orders(later(15)) == []


def test_orders_are_noted_with_what_they_say(screens: SqlScreens, store: Store) -> None:
    screens.give("duty", "message", {"text": "会商"}, "李明", AT)
    with store.history.database.reading() as connection:
        [row] = connection.execute(sa.select(audit)).all()
    assert (row.who, row.action, row.subject) == ("李明", "order message", "duty")
    assert json.loads(row.detail) == {"text": "会商"}


def test_how_screens_are_is_put_down_with_since_when(screens: SqlScreens, store: Store) -> None:
    def rows() -> list[tuple[str, int, int]]:
        c = t.screen_now.c
        with store.history.database.reading() as connection:
            found = connection.execute(sa.select(t.screen_now).order_by(c.screen)).all()
        return [(row.screen, row.silent, row.since - int(AT.timestamp())) for row in found]

    well, silent = (ScreenNote("duty", "值班", 1, True, state) for state in (False, True))
    other = ScreenNote("side", "侧屏", 2, True, False)
    screens.note_screens([well, other], AT)
    screens.note_screens([well, other], later(30))
    screens.note_screens([silent, other], later(60))
    screens.note_screens([silent, other], later(90))
    assert rows() == [("duty", 1, 60), ("side", 0, 0)]
    screens.note_screens([other], later(120))
    assert rows() == [("side", 0, 0)]
