"""The diary in the store: days add up, tickets and matters end, what is unchanged is not written."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from store_ground import NOW, Store

from dashboard.diary import FeedNote, IndicatorNote, Page
from dashboard.matters import Matter
from dashboard.ports import Fenced
from dashboard.readings import Level
from dashboard.text import Text
from dashboard.tickets import Ticket
from data_access.store import tables as t

DAY = NOW.replace(hour=16, minute=0, second=0) - timedelta(days=1)
FEED = FeedNote("cases", "办件", "late", NOW, NOW, "no_report", DAY, 30, 30, 0, 100, 4, 2)
TICKET = Ticket("cases", "cases", "late", "数据迟到", "李", NOW, NOW + timedelta(hours=4))
MATTER = Matter(
    "cases/feed/cases", "cases", "feed", Level.WARNING, Text(zh="迟", en="late"),
    Text(zh="全市", en="City"), NOW, NOW + timedelta(hours=1),
)  # fmt: skip
KNOWN = IndicatorNote("cases.open", "在办", True, "fresh", "normal")


def page(minutes: float = 0, **more: Any) -> Page:
    at = NOW + timedelta(minutes=minutes)
    found = Page("cases", at, [FEED], [KNOWN], [], [], [])
    return replace(found, **more)


def rows(store: Store, table: sa.Table) -> list[Any]:
    with store.history.database.reading() as connection:
        return list(connection.execute(sa.select(table)).all())


def test_what_was_lived_adds_up_over_the_day(store: Store) -> None:
    store.history.write_diary(page(), token=store.token)
    later = replace(FEED, state="fresh", late=0, rows=None, aside=None, drift=0)
    store.history.write_diary(page(1, feeds=[later]), token=store.token)
    [day] = rows(store, t.feed_day)
    assert (day.seconds_due, day.seconds_late, day.seconds_down) == (60, 30, 0)
    assert (day.rows_read, day.rows_aside, day.drift) == (100, 4, 2), (
        "kept where nothing new is known"
    )
    [now] = rows(store, t.feed_now)
    assert (now.state, now.title) == ("fresh", "办件")
    tomorrow = replace(FEED, day=DAY + timedelta(days=1))
    store.history.write_diary(page(2, feeds=[tomorrow]), token=store.token)
    assert len(rows(store, t.feed_day)) == 2


def test_a_ticket_is_open_until_it_is_closed(store: Store) -> None:
    history = store.history
    history.write_diary(page(opened=[TICKET]), token=store.token)
    [found] = history.open_tickets()
    assert found.subject == TICKET.subject
    assert (found.liaison, found.due_at - found.opened_at) == ("李", timedelta(hours=4))
    assert history.open_tickets("customs") == []
    history.write_diary(page(9, closed=[found]), token=store.token)
    assert history.open_tickets() == []
    [row] = rows(store, t.data_ticket)
    assert row.closed_at - row.opened_at == 9 * 60
    assert row.dataset_title == "办件"


def test_a_matter_lives_from_its_since_until_it_is_gone(
    store: Store, written: Callable[[], list[str]]
) -> None:
    history = store.history
    history.write_diary(page(matters=[MATTER]), token=store.token)
    written()
    history.write_diary(page(1, matters=[MATTER]), token=store.token)
    assert not [statement for statement in written() if "matter_life" in statement]
    history.write_diary(page(2), token=store.token)
    [row] = rows(store, t.matter_life)
    assert row.closed_at == int((NOW + timedelta(minutes=2)).timestamp())
    assert (row.level, row.title) == ("warning", "迟")


def test_another_collectors_page_is_not_written(store: Store) -> None:
    with pytest.raises(Fenced):
        store.history.write_diary(page(), token=store.token + 1)
    assert rows(store, t.feed_now) == []
