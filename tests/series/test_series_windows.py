"""Windows: what they mean, how they are cut, how they are widened."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard import windows
from dashboard.catalogue.model import parse_span
from dashboard.windows import Range, resolve

SHANGHAI = "Asia/Shanghai"
NOW = datetime(2026, 11, 22, 5, 37, 12, tzinfo=UTC)
ZONES = st.sampled_from(
    [SHANGHAI, "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "America/Sao_Paulo"]
)
MOMENTS = st.datetimes(datetime(2012, 1, 1), datetime(2026, 11, 22)).map(
    lambda at: at.replace(microsecond=0, tzinfo=UTC)
)


def _utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc, arg-type]


@pytest.mark.parametrize(
    ("window", "start"),
    [
        ("hour", _utc(2026, 11, 22, 5)),
        ("today", _utc(2026, 11, 21, 16)),
        ("month", _utc(2026, 10, 31, 16)),
        ("year", _utc(2025, 12, 31, 16)),
        ("2m", _utc(2026, 11, 22, 5, 35)),
        ("30m", _utc(2026, 11, 22, 5, 10)),
        ("24h", _utc(2026, 11, 21, 5, 40)),
        ("7d", _utc(2026, 11, 15, 5, 40)),
        ("30d", _utc(2026, 10, 23, 6)),
        ("500d", _utc(2025, 7, 10, 16)),
    ],
)
def test_windows_of_the_catalogue_end_now_and_begin_with_a_kept_bucket(
    window: str, start: datetime
) -> None:
    assert resolve(window, NOW, SHANGHAI) == (start, NOW)


@given(MOMENTS, st.sampled_from(["5m", "60m", "24h", "13d", "30d", "420d"]), ZONES)
def test_a_rolling_window_is_never_longer_than_it_says_nor_a_bucket_shorter(
    now: datetime, window: str, zone: str
) -> None:
    start, end = resolve(window, now, zone)
    span = parse_span(window)
    assert end == now
    assert now - start <= span
    grain = windows.store_grain(now - span, now, zone)
    bucket = {"5m": timedelta(minutes=5), "1h": timedelta(hours=1), "1d": timedelta(hours=25)}
    assert span - (now - start) < bucket[grain]


@given(MOMENTS, st.sampled_from([10, 15, 30, 60]), ZONES)
def test_of_slots_a_rolling_window_is_the_newest_whole_ones(
    now: datetime, minutes: int, zone: str
) -> None:
    slots = windows.Slots(timedelta(minutes=minutes), timedelta(minutes=1))
    start, end = resolve("60m", now, zone, slots)
    assert end - start == timedelta(hours=1)
    assert timedelta(minutes=1) <= now - end < timedelta(minutes=minutes + 1)
    assert resolve("today", now, zone, slots) == resolve("today", now, zone)


@pytest.mark.parametrize(
    ("window", "expected"),
    [
        ("2020-01-01/2020-12-31", (_utc(2019, 12, 31, 16), _utc(2020, 12, 31, 16))),
        ("2020-02-29/2020-02-29", (_utc(2020, 2, 28, 16), _utc(2020, 2, 29, 16))),
        ("2020-01-01T08:00:00Z/2020-01-01T09:00:00Z", (_utc(2020, 1, 1, 8), _utc(2020, 1, 1, 9))),
        ("2020-01-01T08:00/2020-01-01T10:00+09:00", (_utc(2020, 1, 1), _utc(2020, 1, 1, 1))),
    ],
)
def test_dates_include_both_days_and_times_exclude_the_second(window: str, expected: Range) -> None:
    assert resolve(window, NOW, SHANGHAI) == expected


@pytest.mark.parametrize(
    "window",
    ["", "now", "0d", "-3d", "3w", "1.5h", "yesterday", "2020-01-01/", "/2020-01-01", "x/y",
     "2021-01-01/2020-01-01", "2020-13-01/2020-14-01", "999999d", "0001-01-01/2020-01-01",
     "2020-01-01/9999-12-31", "1800-01-01/2020-01-01",
     "0001-01-03/0001-01-05", "9998-01-01/9998-01-02"],
)  # fmt: skip
def test_what_is_no_window_says_what_was_found_and_expected(window: str) -> None:
    with pytest.raises(ValueError, match=r"found .*expected"):
        resolve(window, NOW, SHANGHAI)


def test_an_unknown_zone_says_so() -> None:
    with pytest.raises(ValueError, match=r"found zone 'Asia/Foshan', expected an IANA name"):
        resolve("today", NOW, "Asia/Foshan")


@pytest.mark.parametrize(
    ("day", "zone", "hours"),
    [
        (date(2026, 3, 8), "America/New_York", 23),
        (date(2026, 11, 1), "America/New_York", 25),
        (date(2018, 11, 4), "America/Sao_Paulo", 23),  # midnight itself was left out
        (date(2026, 11, 22), SHANGHAI, 24),
    ],
)
def test_local_days_have_the_hours_they_have(day: date, zone: str, hours: int) -> None:
    start, end = windows.day_range(day, zone)
    assert end - start == timedelta(hours=hours)
    assert len(list(windows.starts((start, end), "1h", zone))) == hours


def test_months_follow_the_calendar() -> None:
    window = resolve("2020-01-15/2020-04-02", NOW, SHANGHAI)
    found = [windows.local_day(at, SHANGHAI) for at in windows.starts(window, "1mo", SHANGHAI)]
    assert found == [date(2020, month, 1) for month in (1, 2, 3, 4)]


def test_shifted_windows_keep_their_local_times_over_summer_time() -> None:
    zone = "America/New_York"
    noon = windows.midnight(date(2026, 11, 2), zone) + timedelta(hours=12)
    before, _ = windows.shift((noon, noon), -7, zone)
    assert before.astimezone(windows.zone_of(zone)).hour == 12
    assert noon - before == timedelta(days=7, hours=1)


@pytest.mark.parametrize(
    ("window", "grain"),
    [("6h", "5m"), ("24h", "15m"), ("7d", "1h"), ("30d", "1d"), ("365d", "1d"), ("3000d", "1mo")],
)
def test_a_chart_has_some_hundred_points_at_most(window: str, grain: str) -> None:
    resolved = resolve(window, NOW, SHANGHAI)
    assert windows.pick_grain(resolved) == grain
    assert 6 <= len(list(windows.starts(resolved, grain, SHANGHAI))) <= 400


@given(MOMENTS, ZONES, st.sampled_from(windows.GRAINS))
def test_buckets_tile_the_time_without_gap_or_overlap(at: datetime, zone: str, grain: str) -> None:
    start = windows.bucket_start(at, grain, zone)
    end = windows.next_start(start, grain, zone)
    assert start <= at < end
    assert windows.bucket_start(start, grain, zone) == start
    assert windows.bucket_start(end, grain, zone) == end
    assert windows.bucket_start(end - timedelta(seconds=1), grain, zone) == start
    assert windows.align((at, end), grain, zone) == (start, end)


@given(MOMENTS, st.integers(1, 3_000_000), ZONES)
def test_widened_ranges_hold_the_asked_ones_in_whole_kept_buckets(
    start: datetime, seconds: int, zone: str
) -> None:
    asked = (start, start + timedelta(seconds=seconds))
    [(lo, hi)] = windows.widen([asked], NOW, zone)
    assert lo <= asked[0]
    assert asked[1] <= hi
    assert windows.bucket_start(lo, windows.store_grain(lo, NOW, zone), zone) == lo
    last = hi - timedelta(seconds=1)
    grain = windows.store_grain(last, NOW, zone)
    assert windows.next_start(windows.bucket_start(last, grain, zone), grain, zone) == hi
    assert windows.widen([(lo, hi)], NOW, zone) == [(lo, hi)]


def test_widened_ranges_are_joined_and_in_order() -> None:
    hour = timedelta(hours=1)
    ranges = [(NOW, NOW + hour), (NOW - 2 * hour, NOW - hour), (NOW - hour, NOW), (NOW, NOW)]
    assert windows.widen(ranges, NOW, SHANGHAI) == [
        (_utc(2026, 11, 22, 3, 35), _utc(2026, 11, 22, 6, 40))
    ]
