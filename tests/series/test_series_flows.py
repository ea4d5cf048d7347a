"""Flows and stocks as series: grains, splits, and unknown told apart from zero."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from series_ground import DAY, NOW, SHANGHAI, Case, City, every

from dashboard.access import Refused
from dashboard.ports import Range, SeriesRequest
from dashboard.windows import TOTAL, day_range, midnight, resolve

HOUR = timedelta(hours=1)
START = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
TODAY = (START, START + 3 * HOUR)
ROWS = [
    Case(START, "a", 10.0, True, Decimal("0.10")),
    Case(START + timedelta(minutes=6), "b", 20.0, False, Decimal("0.20")),
    Case(START + 2 * HOUR, "a", 40.0, True, Decimal("99999999999.35")),
]


def test_counts_are_zero_where_read_and_unknown_where_not(town: City) -> None:
    town.fill(TODAY, ROWS)
    wide = (START - HOUR, START + 3 * HOUR)
    series = town.ask("opened", wide, "1h")
    assert [point.value for point in series.points] == [None, 2, 0, 1]
    assert [point.n for point in series.points] == [None, 2, 0, 1]
    assert series.covered == TODAY
    assert series.origin == "history"


def test_nothing_read_at_all_is_unknown_and_never_zero(town: City) -> None:
    assert town.values("opened", TODAY, "1h") == [None, None, None]
    assert town.values("opened", TODAY, TOTAL) == [None]


def test_a_ratio_and_a_mean_of_no_rows_have_no_value(town: City) -> None:
    town.fill(TODAY, ROWS)
    assert town.values("done", TODAY, "1h") == [50.0, None, 100.0]
    assert town.values("wait", TODAY, "1h") == [15.0, None, 40.0]
    assert town.values("longest", TODAY, "1h") == [20.0, None, 40.0]


def test_a_mean_over_a_window_is_of_its_rows_and_not_of_its_means(town: City) -> None:
    town.fill(TODAY, ROWS)
    [point] = town.ask("wait", TODAY, TOTAL).points
    assert point.value == pytest.approx(70 / 3)
    assert point.n == 3


def test_money_stays_decimal_to_the_last_cent(town: City) -> None:
    town.fill(TODAY, ROWS)
    assert town.values("fees", TODAY, TOTAL) == [Decimal("99999999999.65")]
    assert town.values("fees", TODAY, "1h") == [Decimal("0.30"), 0, Decimal("99999999999.35")]


def test_a_split_gives_every_code_in_every_bucket(town: City) -> None:
    town.fill(TODAY, ROWS)
    points = town.ask("opened", TODAY, "1h", "district").points
    assert [(p.code, p.value) for p in points] == [
        ("a", 1), ("b", 1), ("a", 0), ("b", 0), ("a", 1), ("b", 0),
    ]  # fmt: skip


def test_days_of_a_zone_with_summer_time_are_whole(make_city: Callable[..., City]) -> None:
    zone = "America/New_York"
    town = make_city(zone, datetime(2026, 11, 4, tzinfo=UTC))
    window = (midnight(date(2026, 10, 31), zone), midnight(date(2026, 11, 3), zone))
    town.fill(window, every(HOUR, window, Case))
    points = town.ask("opened", window, "1d").points
    assert [point.value for point in points] == [24, 25, 24]
    assert points[2].at - points[1].at == timedelta(hours=25)


def test_a_window_that_begins_inside_a_bucket_begins_with_that_bucket(town: City) -> None:
    window = day_range(date(2026, 11, 20), SHANGHAI)
    town.fill(window, every(HOUR, window, Case))
    part = (window[0] + 5 * HOUR, window[1])
    assert town.values("opened", part, "1d") == [24]
    assert town.values("opened", part, TOTAL) == [19]


def test_the_running_bucket_shows_what_there_is_of_it_and_the_future_nothing(town: City) -> None:
    today = resolve("today", NOW, SHANGHAI)
    town.fill((today[0], NOW.replace(minute=35, second=0)), [Case(NOW - HOUR)])
    tomorrow = (today[0] - DAY, today[0] + 2 * DAY)
    assert town.values("opened", tomorrow, "1d") == [None, 1]


def test_a_day_that_was_read_only_in_part_is_unknown(town: City) -> None:
    """A collector that stopped at noon must not make yesterday look like half a day."""
    window = day_range(date(2026, 11, 20), SHANGHAI)
    noon = window[0] + 12 * HOUR
    town.fill((window[0], noon), every(HOUR, (window[0], noon), Case))
    assert town.values("opened", window, "1d") == [None]
    assert town.values("opened", window, "1h") == [1] * 12 + [None] * 12


@pytest.mark.parametrize(
    ("minutes_read", "asked_after", "known"),
    [(1, 5 * HOUR, False), (58, 5 * HOUR, False), (60, 5 * HOUR, True),
     (59, timedelta(seconds=30), True), (59, timedelta(minutes=2), False),
     (1, timedelta(seconds=30), False)],
)  # fmt: skip
def test_an_hour_of_which_only_a_part_was_read_is_unknown_once_it_is_over(
    make_city: Callable[..., City], minutes_read: int, asked_after: timedelta, known: bool
) -> None:
    """The collector was away from then on; else its outage would look like a fall to nothing."""
    hour = (START, START + HOUR)
    town = make_city(now=hour[1] + asked_after)
    read = (START - DAY, START + timedelta(minutes=minutes_read))
    town.fill((read[0], hour[1]), [Case(START)], covered=read)
    assert town.values("opened", hour, "1h") == [1 if known else None]


def test_a_window_until_now_is_known_though_its_now_has_just_passed(town: City) -> None:
    """Who asks takes the time a moment before it is looked at."""
    town.fill((START - DAY, START + 3 * HOUR), [Case(START)], (START - DAY, NOW - HOUR / 12))
    just = NOW - timedelta(milliseconds=20)
    assert town.values("opened", (just - 24 * HOUR, just), TOTAL) == [1]


def test_grains_that_are_not_kept_any_more_are_refused_with_those_that_are(town: City) -> None:
    old = (NOW - 30 * DAY, NOW - 29 * DAY)
    with pytest.raises(ValueError, match="expected 1h or 1d or 1mo"):
        town.ask("opened", old, "15m")
    assert town.ask("opened", old).grain == "1h"
    assert town.ask("opened", (NOW - 500 * DAY, NOW - 499 * DAY)).grain == "1d"


def test_more_days_than_anybody_can_read_are_refused(town: City) -> None:
    century = (NOW - 30_000 * DAY, NOW)
    with pytest.raises(ValueError, match="grain=1mo"):
        town.ask("opened", century, "1d")
    assert town.ask("opened", century).grain == "1mo"


@pytest.mark.parametrize(
    ("key", "grain", "by", "error", "words"),
    [
        ("opened", "1h", "street", ValueError, r"expected one of district"),
        ("good_days", None, "district", ValueError, "cannot be split"),
        ("opened", "2h", "", ValueError, "expected one of 5m, 15m, 1h, 1d, 1mo, total"),
        ("level", "1h", "", ValueError, "expected rows"),
        ("circle", "1h", "", ValueError, "derived from itself"),
        ("unknown", "1h", "", KeyError, "unknown"),
    ],
)
def test_questions_that_have_no_answer_say_what_has(
    town: City, key: str, grain: str | None, by: str, error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        town.ask(key, TODAY, grain, by)


def test_a_stock_is_its_last_sample_and_a_gap_stays_a_gap(town: City) -> None:
    times = [START, START + timedelta(minutes=50), START + 2 * HOUR]
    town.sample("open", [(at, "", float(i)) for i, at in enumerate(times)])
    assert town.values("open", TODAY, "1h") == [1.0, None, 2.0]
    assert town.values("open", TODAY, TOTAL) == [2.0]


def test_a_code_that_was_not_there_is_zero_of_a_counted_stock(town: City) -> None:
    samples = [(START, "a", 3.0), (START, "b", 1.0), (START + HOUR, "a", 2.0)]
    town.sample("open", samples, by="district")
    points = town.ask("open", TODAY, "1h", "district").points
    assert [(p.code, p.value) for p in points] == [
        ("a", 3.0), ("b", 1.0), ("a", 2.0), ("b", 0), ("a", None), ("b", None),
    ]  # fmt: skip


def test_a_time_before_all_history_is_asked_of_the_department_once(town: City) -> None:
    """The dataset's history is 60 days; nothing older will ever be read."""
    window = day_range(date(2026, 3, 2), SHANGHAI)
    town.source.rows = [Case(window[0]), Case(window[0] + HOUR, "b"), Case(window[1])]
    for _ in range(3):
        series = town.ask("opened", (window[0] - DAY, window[1]), "1d")
        assert series.origin == "department"
        assert [point.value for point in series.points] == [0, 2]
    split = town.ask("opened", window, TOTAL, "district").points
    assert [(point.code, point.value) for point in split] == [("a", 1), ("b", 1)]
    assert town.source.ticked == [(window[0] - DAY, window[1]), window]


def test_who_may_not_ask_is_not_told_what_another_was_answered(town: City) -> None:
    window = day_range(date(2026, 3, 2), SHANGHAI)
    assert town.values("opened", window, TOTAL) == [0]

    def refuse(_key: str, _window: Range) -> None:
        raise Refused("no")

    with pytest.raises(Refused):
        town.desk.answer(SeriesRequest("cases.opened", window, TOTAL, permit=refuse))


def test_a_time_that_history_will_hold_or_a_long_one_is_not_asked(town: City) -> None:
    assert town.values("opened", (NOW - 3 * DAY, NOW - 2 * DAY), TOTAL) == [None]
    assert set(town.values("opened", (NOW - 200 * DAY, NOW - 100 * DAY), "1d")) == {None}
    assert town.source.ticked == []
