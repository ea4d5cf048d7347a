"""A surge: a pair's count over what is usual of its weekday-hour, beside pandas."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random

import pandas as pd
import pytest
from series_ground import NOW, SHANGHAI

from dashboard.catalogue import Catalogue, Department
from dashboard.measures import JOINT, flow_of, tick_plans
from dashboard.ports import BucketRow, Point, SeriesRequest
from dashboard.series import SeriesDesk
from dashboard.series.surges import worst_pair
from dashboard.windows import bucket_start, local_day, midnight, shift
from data_access.collector.usual import HistoryOnly, UsualValues
from data_access.store import SqlHistory, open_history

_NAMED = {"zh": "名称", "en": "name"}
_SHARED = {"title": _NAMED, "unit": _NAMED, "basis": "live", "definition": {"text": _NAMED}}
_PAIR = "topic,town"
DEPARTMENT = Department.model_validate(
    {
        "key": "cases",
        "title": _NAMED,
        "owner": _NAMED,
        "url": "sqlite://",
        "liaison": _NAMED,
        "datasets": {
            "orders": {
                "title": _NAMED,
                "table": "orders",
                "key": ["id"],
                "times": {"given": {"column": "given", "kind": "instant"}},
                "dimensions": {
                    name: {"column": name, "title": _NAMED} for name in ("topic", "town")
                },
            }
        },
        "indicators": {
            "hour": {
                **_SHARED,
                "dataset": "orders",
                "measure": {"kind": "count"},
                "time": "given",
                "window": "60m",
                "by": [["topic", "town"]],
            },
            "surge": {
                **_SHARED,
                "measure": {"kind": "surge", "of": "cases.hour", "least": 10},
                "window": "60m",
                "live_by": _PAIR,
            },
        },
    }
)
Order = tuple[datetime, str, str]
"""When, about what, where."""
HOUR = bucket_start(NOW, "1h", SHANGHAI)


class Town:
    """A desk over a store that holds some orders of the last so many days."""

    def __init__(self, history: SqlHistory, orders: Iterable[Order], days: int = 60) -> None:
        self.catalogue = Catalogue("v1", {"cases": DEPARTMENT})
        self.history = history
        self.orders = list(orders)
        [plan] = tick_plans(DEPARTMENT)
        token = history.take_lease("cases", "tests", 600)
        assert token is not None
        first = midnight(local_day(NOW, SHANGHAI), SHANGHAI) - timedelta(days=days)
        window = (first, NOW.replace(minute=35, second=0))
        history.replace(plan, [window], list(self._rows()), token=token, zone=SHANGHAI)
        history.note_coverage(plan, window, token=token)
        self.desk = SeriesDesk(self, history, HistoryOnly(), lambda: NOW)

    def current(self) -> Catalogue:
        """The catalogue."""
        return self.catalogue

    def _rows(self) -> Iterator[BucketRow]:
        flow = flow_of(DEPARTMENT.indicators["hour"])
        assert flow is not None
        counted: dict[tuple[datetime, str], int] = {}
        for at, topic, town in self.orders:
            bucket = at - timedelta(seconds=at.timestamp() % 300)
            key = bucket, f"{topic}{JOINT}{town}"
            counted[key] = counted.get(key, 0) + 1
        for (at, code), count in counted.items():
            yield BucketRow(flow.numerator.name, _PAIR, code, at, count)

    def ask(self, since: datetime, grain: str, by: str = "") -> list[Point]:
        """The surge from a moment until now."""
        return self.desk.answer(SeriesRequest("cases.surge", (since, NOW), grain, by)).points


@pytest.fixture
def history(tmp_path: Path) -> Iterator[SqlHistory]:
    """An empty store."""
    found = open_history(f"sqlite:///{tmp_path}/store.sqlite", lambda: NOW)
    yield found
    found.close()


def past(count: int, topic: str, town: str, weeks: int = 8) -> Iterator[Order]:
    """So many orders in this hour of each of the weeks before."""
    for week in range(1, weeks + 1):
        at = shift((HOUR, HOUR), -7 * week, SHANGHAI)[0]
        yield from (((at + timedelta(minutes=n % 50)), topic, town) for n in range(count))


def now(count: int, topic: str, town: str) -> Iterator[Order]:
    """So many orders within the running hour."""
    return ((HOUR + timedelta(minutes=n % 35), topic, town) for n in range(count))


def code(topic: str, town: str) -> str:
    return f"{topic}{JOINT}{town}"


def test_the_pair_furthest_over_its_usual_stands_for_all(history: SqlHistory) -> None:
    orders = [
        *past(8, "noise", "a"), *now(16, "noise", "a"),
        *past(2, "water", "b"), *now(12, "water", "b"),
        *now(6, "roads", "c"),
    ]  # fmt: skip
    found = {p.code: (p.value, p.n) for p in Town(history, orders).ask(HOUR, "1h", _PAIR)}
    share = (NOW - HOUR) / timedelta(hours=1)
    assert found[code("noise", "a")] == (pytest.approx(16 / (8 * share)), 16)
    assert found[code("water", "b")] == (pytest.approx(12 / (2 * share)), 12)
    assert found[code("roads", "c")] == (6.0, 6), "what never happens is usual once"
    [worst] = Town(history, orders).ask(HOUR, "1h")
    assert (worst.value, worst.n) == found[code("water", "b")]


def test_a_pair_of_few_rows_stands_for_all_only_where_none_has_more(history: SqlHistory) -> None:
    few = [Point(NOW, "a", 9.0, 9), Point(NOW, "b", 1.2, 3)]
    assert worst_pair(few, 10) == few[0]
    enough = Point(NOW, "c", 1.1, 14)
    assert worst_pair([*few, enough], 10) == enough
    assert worst_pair([], 10) is None
    town = Town(history, now(9, "water", "b"))
    [worst] = town.ask(HOUR, "1h")
    assert (worst.value, worst.n) == (9.0, 9)


def test_without_any_rows_nothing_is_over_its_usual(history: SqlHistory) -> None:
    [point] = Town(history, past(4, "noise", "a")).ask(HOUR, "1h")
    assert (point.value, point.n) == (0.0, 0)


@pytest.mark.parametrize(("days", "known"), [(22, True), (20, False)])
def test_under_three_weeks_of_history_say_nothing(
    history: SqlHistory, days: int, known: bool
) -> None:
    town = Town(history, now(30, "water", "b"), days)
    [point] = town.ask(HOUR, "1h")
    assert (point.value == 30.0) is known
    assert all((p.value is not None) is known for p in town.ask(HOUR, "1h", _PAIR))
    usual = UsualValues(town.desk, SHANGHAI)
    found = usual.counted("cases.surge", DEPARTMENT.indicators["surge"], NOW)
    assert (found.value is not None) is known


def test_a_day_of_random_orders_is_counted_as_pandas_does(history: SqlHistory) -> None:
    rng = Random(4)
    orders = [
        (
            NOW - timedelta(minutes=rng.randrange(5, 60 * 24 * 58)),
            rng.choice("xy"),
            rng.choice("abc"),
        )
        for _ in range(9000)
    ]
    since = HOUR - timedelta(hours=23)
    frame = pd.DataFrame(orders, columns=["at", "topic", "town"])
    frame["hour"] = frame["at"].dt.floor("h")
    counts = frame.groupby(["hour", "topic", "town"]).size()
    points = Town(history, orders).ask(since, "1h", _PAIR)
    assert len(points) > 60
    for point in points:
        topic, town = point.code.split(JOINT)
        weeks = [
            counts.get((point.at - timedelta(days=7 * week), topic, town), 0)
            for week in range(1, 9)
        ]
        length = (min(point.at + timedelta(hours=1), NOW) - point.at) / timedelta(hours=1)
        usual = max(sum(weeks) / 8 * length, 1.0)
        assert point.n == counts[(point.at, topic, town)]
        assert point.value == pytest.approx(point.n / usual)


def test_the_last_sixty_minutes_are_compared_with_parts_of_two_hours(history: SqlHistory) -> None:
    orders = [*past(40, "water", "b"), *now(20, "water", "b")]
    usual = UsualValues(Town(history, orders).desk, SHANGHAI)
    ask = partial(usual.counted, "cases.surge", DEPARTMENT.indicators["surge"])
    found = ask(NOW)
    # 60 minutes that began at 12:40 hold 37 of this hour's and none of the hour's before.
    assert found.value == pytest.approx(20 / (40 * (NOW - HOUR) / timedelta(hours=1)))
    assert (found.n, found.code, found.as_of) == (20, code("water", "b"), NOW)
    assert found.parts[code("water", "b")].n == 20
    before = usual.counted_before(
        "cases.surge", DEPARTMENT.indicators["surge"], HOUR - timedelta(minutes=1)
    )
    assert (before.value, before.n) == (0.0, 0)


def test_only_the_largest_pairs_go_with_the_reading_and_the_worst_among_them(
    history: SqlHistory,
) -> None:
    busy = [o for n in range(14) for o in (*past(15, "noise", f"t{n}"), *now(15, "noise", f"t{n}"))]
    usual = UsualValues(Town(history, [*busy, *now(11, "water", "b")]).desk, SHANGHAI)
    found = usual.counted("cases.surge", DEPARTMENT.indicators["surge"], NOW)
    assert found.code == code("water", "b")
    assert found.code in found.parts
    assert len(found.parts) == 12
