"""The past that rows tell: samples as if the collector had always been there."""

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from collecting import ORDERS, QUICK, City, definition, slower

from dashboard.ports import Point, Range
from dashboard.readings import parse_instant
from dashboard.recall import moments
from dashboard.windows import bucket_start
from data_access.collector import remember
from data_access.collector.remember import SETTLED
from data_access.departments.source import SqlSource

ZONE = "Asia/Shanghai"
DAYS = 3
WAITING = {
    "title": {"zh": "待办", "en": "Waiting"},
    "dataset": "orders",
    "measure": {"kind": "stock", "since": "opened", "until": "closed"},
    "window": "now",
    "by": ["town"],
    "unit": {"zh": "件", "en": "orders"},
}
UNTOLD = WAITING | {
    "title": {"zh": "未办", "en": "Not done"},
    "measure": {"kind": "stock", "where": [{"column": "closed", "op": "is_null"}]},
}

BUSY_DAYS = {
    "title": {"zh": "忙日", "en": "Busy days"},
    "measure": {"kind": "days", "of": "north.opened", "op": ">=", "value": 20, "share": False},
    "window": "7d",
    "unit": {"zh": "件", "en": "orders"},
}


@dataclass(frozen=True)
class Order:
    """One order: its hours ago of coming and going (None: it still waits)."""

    id: int
    town: str
    opened: int
    closed: int | None
    minutes: int

    def waits(self, at: float) -> bool:
        return self.opened <= at and (self.closed is None or self.closed > at)


QUARTER, LONGEST = 900.0, 40.0
"""Seconds of a quarter of an hour, and those that a collector runs in one test at most."""


def orders(now: datetime) -> list[Order]:
    """An order every 50 minutes of four days; each waits between a few minutes and two days, every
    ninth still."""
    found = []
    for number in range(1, 115):
        opened = int((now - timedelta(minutes=50 * number)).timestamp())
        took = (number * 37 % 48 + 1) * 3600 // 2
        left = opened + took
        closed = None if number % 9 == 0 or left > now.timestamp() else left
        found.append(Order(number, "ab"[number % 2], opened, closed, number % 13))
    return found


@pytest.fixture
def now() -> datetime:
    """The moment of the test: within a quarter of an hour that a running collector does not leave
    meanwhile, since what it tells of is reckoned back from the newest settled moment."""
    left = QUARTER - (time.time() - SETTLED.total_seconds()) % QUARTER
    if left < LONGEST:
        time.sleep(left)
    return datetime.now(UTC)


@pytest.fixture
def lived(city: City, now: datetime) -> list[Order]:
    """`north` has a past of some days; the catalogue tells of it."""
    found = orders(now)
    rows = [order.__dict__ | {"changed": order.opened} for order in found]
    with city.places["north"].engine.begin() as connection:
        connection.execute(sa.insert(ORDERS), rows)
    told = definition(
        "north",
        history=f"{DAYS}d",
        indicators={"waiting": WAITING, "untold": UNTOLD, "busy_days": BUSY_DAYS},
    )
    city.redefine("v2", north=told)
    return found


def sampled(city: City, key: str, span: Range, window: str = "", by: str = "") -> list[Point]:
    return city.history.samples(f"north.{key}", span, sample_window=window, by=by, zone=ZONE)


def times(points: list[Point]) -> set[datetime]:
    return {point.at for point in points}


def told(city: City, now: datetime) -> Callable[[], bool]:
    """Whether the whole past of `waiting` is told."""

    def holds() -> bool:
        known = (city.history.state("north", "remembered") or {}).get("north.waiting", [])
        return len(known) == 1 and parse_instant(known[0][0]) <= expected(now)[-1]

    return holds


def expected(now: datetime) -> list[datetime]:
    """The moments that must be sampled: those that are told and settled."""
    oldest = now - timedelta(days=DAYS, minutes=-5)
    return list(moments(oldest, now - SETTLED, ZONE))


def test_samples_are_what_somebody_would_have_seen(
    city: City, lived: list[Order], now: datetime
) -> None:
    with city.collecting():
        city.watch.until(told(city, now), 30, what="the past is told")
        city.watch.until(lambda: city.watch.reading("north.median").get("value") is not None)
    span = (now - timedelta(days=DAYS + 1), now)
    whole = {point.at: point.value for point in sampled(city, "waiting", span)}
    towns = {
        (point.at, point.code): point.value for point in sampled(city, "waiting", span, by="town")
    }
    medians = {point.at: (point.value, point.n) for point in sampled(city, "median", span, "24h")}
    for at in expected(now):
        waiting = [order for order in lived if order.waits(at.timestamp())]
        assert whole[at] == len(waiting), at
        by_town = Counter(order.town for order in waiting)
        assert {t: towns.get((at, t), 0) for t in "ab"} == {t: by_town[t] for t in "ab"}
        since = int((at - timedelta(hours=24)).timestamp() // 300 * 300)
        minutes = [o.minutes for o in lived if since <= o.opened < at.timestamp()]
        assert medians[at] == (_median(minutes), len(minutes)), at


def _median(values: list[int]) -> float | None:
    ordered = sorted(values)
    if not ordered:
        return None
    middle = len(ordered) // 2
    return (ordered[middle] + ordered[~middle]) / 2


def test_what_is_derived_is_made_of_what_was_so_at_the_same_moment(
    city: City, lived: list[Order], now: datetime
) -> None:
    with city.collecting():
        city.watch.until(told(city, now), 30)
        day = (now - timedelta(hours=24), now - timedelta(minutes=15))
        wanted = [at for at in expected(now) if day[0] < at < day[1]]
        city.watch.until(lambda: times(sampled(city, "share", day)) >= set(wanted), 40)
        shares = {point.at: point.value for point in sampled(city, "share", day)}
    for at in wanted:
        waiting = sum(order.waits(at.timestamp()) for order in lived)
        since = int((at - timedelta(hours=24)).timestamp() // 300 * 300)
        opened = sum(since <= order.opened < at.timestamp() for order in lived)
        assert shares[at] == pytest.approx(100 * waiting / opened), at


def test_days_are_counted_as_far_as_they_had_closed(
    city: City, lived: list[Order], now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remember, "AGAIN", 0.2)
    today = bucket_start(now, "1d", ZONE)
    before = (today - timedelta(hours=20), today)
    with city.collecting():
        city.watch.until(lambda: len(sampled(city, "busy_days", before, "7d")) > 10, 30)
        # The samples are written before the reading that rests on the same days is published.
        city.watch.until(lambda: city.watch.value("north.busy_days") is not None, 20)
        busy = city.watch.value("north.busy_days")
    yesterday = {point.value for point in sampled(city, "busy_days", before, "7d")}
    assert yesterday == {busy - 1}, "yesterday had not closed yet"


def test_lines_and_comparisons_are_there_on_the_first_day(
    city: City, lived: list[Order], now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remember, "PIECE", 0.02)
    seen: list[float] = []

    def line() -> bool:
        feed = city.watch.section("feeds").get("north.orders", {})
        seen.append(feed.get("progress") or 0.0)
        spark = city.watch.section("sparks").get("north.waiting", {})
        return None not in (spark.get("values") or [None, None])[:-1]

    with city.collecting(slower(QUICK, judge=0.05)):
        city.watch.until(line, 20, what="the line of the last day")
        city.watch.until(
            lambda: city.watch.reading("north.waiting").get("compare", {}).get("day_before"), 20
        )
        city.watch.until(told(city, now), 30)
        assert all(v is None for v in city.watch.section("sparks")["north.untold"]["values"][:-1])
    assert any(0 < share < 1 for share in seen), "the feed says how much of it is told"
    yesterday = (now - timedelta(days=1)).timestamp()
    then = sum(order.waits(yesterday) for order in lived)
    found = city.watch.reading("north.waiting")["compare"]["day_before"]
    assert found == pytest.approx(then, abs=3), "of the half hour before"


class Counting(SqlSource):
    """Counts the moments that a department is asked to tell of."""

    moments: list[datetime]

    def stood(self, indicator: str, then: datetime, by: str | None = None) -> Any:
        self.moments.append(then)
        return super().stood(indicator, then, by)


def test_it_goes_on_where_it_was_and_asks_nothing_twice(
    city: City, lived: list[Order], now: datetime
) -> None:
    asked: list[datetime] = []

    def counting(*arguments: Any, **more: Any) -> Counting:
        made = Counting(*arguments, **more)
        made.moments = asked
        return made

    whole = city.holder.catalogue.departments["north"]
    alone = {"waiting": whole.indicators["waiting"]}
    city.redefine("v3", north=whole.model_copy(update={"indicators": alone}))
    with city.collecting(make_source=counting):
        city.watch.until(lambda: len(asked) > 20)
    assert asked == sorted(asked, reverse=True), "newest first"
    with city.collecting(make_source=counting):
        city.watch.until(told(city, now), 30)
    assert set(asked) >= set(expected(now))
    before = len(asked)
    with city.collecting(make_source=counting):
        city.watch.until(lambda: city.watch.ticks("north") > 5)
        city.watch.until(lambda: city.watch.reading("north.waiting").get("compare"))
    assert len(asked) == before, "all is told already"


def test_what_was_missed_while_nobody_collected_is_filled_and_nothing_replaced(
    city: City, lived: list[Order], now: datetime
) -> None:
    back = timedelta(hours=7)
    with city.collecting(clock=lambda: datetime.now(UTC) - back):
        city.watch.until(told(city, now - back), 30)
        city.watch.until(lambda: sampled(city, "waiting", (now - back, now)))
    own = sampled(city, "waiting", (now - back - timedelta(minutes=1), now))
    assert own, "sampled by a tick of then"
    with city.collecting():
        gap = (now - back, now - timedelta(minutes=15))
        wanted = [at for at in expected(now) if gap[0] + timedelta(minutes=10) < at < gap[1]]
        city.watch.until(lambda: times(sampled(city, "waiting", gap)) >= set(wanted), 20)
    found = {point.at: point.value for point in sampled(city, "waiting", (now - back * 2, now))}
    assert {at: found.get(at) for at in wanted} == {
        at: sum(order.waits(at.timestamp()) for order in lived) for at in wanted
    }
    assert all(found[point.at] == point.value for point in own)


def test_a_past_that_costs_too_much_is_left_alone(
    city: City, lived: list[Order], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[datetime] = []

    def counting(*arguments: Any, **more: Any) -> Counting:
        made = Counting(*arguments, **more)
        made.moments = asked
        return made

    monkeypatch.setattr(remember, "COSTLY", 0.0)
    monkeypatch.setattr(remember, "AGAIN", 0.0)
    with city.collecting(make_source=counting):
        city.watch.until(lambda: len(set(asked)) > 0 and city.watch.ticks("north") > 10)
        assert city.watch.value("north.waiting") is not None
        assert city.watch.section("feeds")["north.orders"]["state"] == "fresh"
    assert len(set(asked)) == 1, "never further back than the first moment"
    assert len(asked) <= 2 * remember.STRIKES, "in total and by town"
