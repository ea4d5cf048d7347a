"""Thinning: fewer rows, the same sums."""

from datetime import timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa
from store_ground import (
    COUNT,
    DEAREST,
    MONEY,
    NOW,
    SHANGHAI,
    WEIGHT,
    Store,
    five_minutes,
    one_count,
    row,
)

from dashboard.ports import ClocksDiffer, Sample
from dashboard.windows import align, bucket_start, widen
from data_access.store import tables as t

AGO_20, AGO_410 = timedelta(days=20), timedelta(days=410)
THEN = bucket_start(NOW - timedelta(days=2), "1d", SHANGHAI)
DAY = (THEN, THEN + timedelta(days=1))


def _rows(store: Store) -> int:
    with store.history.database.reading() as connection:
        return int(
            connection.execute(sa.select(sa.func.count()).select_from(t.bucket)).scalar_one()
        )


def _fill(store: Store) -> None:
    times = five_minutes(DAY[0], 288)
    rows = [row(at, 2) for at in times]
    rows += [row(at, 3, by="district", code=code) for at in times[::2] for code in ("a", "b")]
    rows += [row(at, i + Decimal("0.999999"), MONEY) for i, at in enumerate(times)]
    rows += [row(at, 0.1, WEIGHT) for at in times]
    rows += [row(at, i % 7, DEAREST) for i, at in enumerate(times)]
    store.put([DAY], rows)


def _sums(store: Store) -> list[tuple[str, object]]:
    found = [
        pair
        for additive, by in ((COUNT, ""), (COUNT, "district"), (MONEY, ""), (DEAREST, ""))
        for pair in store.total(additive, DAY, by)
    ]
    return [*found, ("", round(store.total(WEIGHT, DAY)[0][1], 9))]


def test_thinning_to_hours_and_days_keeps_every_sum(store: Store) -> None:
    _fill(store)
    before, sums = _rows(store), _sums(store)
    assert store.thin(NOW) == 0
    assert _rows(store) == before == 288 * 5
    assert store.thin(NOW + AGO_20) > 0
    assert _sums(store) == sums
    assert _rows(store) == 24 * 6
    assert store.thin(NOW + AGO_410) > 0
    assert _sums(store) == sums
    assert _rows(store) == 6


def test_thinning_twice_changes_nothing(store: Store) -> None:
    _fill(store)
    store.thin(NOW + AGO_20)
    sums = _sums(store)
    assert store.thin(NOW + AGO_20) == 0
    assert _sums(store) == sums


def test_a_late_correction_replaces_the_whole_kept_hour(store: Store) -> None:
    _fill(store)
    store.clock.now = NOW + AGO_20
    store.thin(store.clock.now)
    changed = (DAY[0] + timedelta(minutes=65), DAY[0] + timedelta(minutes=70))
    [wide] = widen([changed], store.clock.now, SHANGHAI)
    before = store.total(COUNT, DAY)[0][1]
    again = [row(at, 2) for at in five_minutes(wide[0], 12)]
    assert store.put([wide], [*again, row(changed[0], 10)], one_count("cases"))
    assert store.total(COUNT, DAY) == [("", before + 10)]
    assert _rows(store) == 24 * 6


def test_what_is_written_after_thinning_ran_ahead_is_kept_as_thin(store: Store) -> None:
    """The frontier counts, not only the clock: a clock set back must not add finer rows beside."""
    _fill(store)
    store.thin(NOW + AGO_20)
    wide = align((DAY[0], DAY[0] + timedelta(minutes=5)), "1h", SHANGHAI)
    rows = [row(at, 2) for at in five_minutes(wide[0], 12)]
    assert not store.put([wide], rows, one_count("cases"))
    assert store.total(COUNT, wide) == [("", 24)]


def test_series_of_another_zone_are_left_to_their_own_days(store: Store) -> None:
    _fill(store)
    assert store.thin(NOW + AGO_410, "Asia/Kolkata") == 0
    assert _rows(store) == 288 * 5


def test_of_old_samples_the_last_of_each_hour_then_day_stays(store: Store) -> None:
    times = five_minutes(DAY[0], 288)
    samples = [
        Sample("cases.open", "", "", code, at, float(i), i)
        for i, at in enumerate(times)
        for code in ("", "x")
    ]
    store.history.add_samples("cases", samples, token=store.token)

    def values() -> list[object]:
        found = store.history.samples("cases.open", DAY, zone=SHANGHAI)
        return [point.value for point in found if point.code == "x"]

    assert store.thin(NOW + AGO_20) == (288 - 24) * 2
    assert values() == [float(i) for i in range(11, 288, 12)]
    store.thin(NOW + AGO_410)
    assert values() == [287.0]


def test_nothing_is_thinned_by_a_clock_that_the_store_has_not(store: Store) -> None:
    _fill(store)
    store.at(NOW)
    for wrong in (NOW + timedelta(days=60), NOW + timedelta(minutes=6), NOW - AGO_20):
        with pytest.raises(ClocksDiffer, match="2026-11-22 05:37 by the store's clock"):
            store.history.thin(wrong, SHANGHAI, samples=True)
    assert _rows(store) == 288 * 5
    assert store.history.thin(NOW + timedelta(minutes=4), SHANGHAI, samples=True) == 0


def test_after_all_clocks_were_wrong_ticks_and_thinning_go_on_once_they_are_right(
    store: Store,
) -> None:
    """On one machine the store's clock is wrong as well; its marks of a day to come count not."""
    _fill(store)
    sums = _sums(store)
    store.thin(NOW + timedelta(days=60))
    store.at(NOW)
    tail = (bucket_start(NOW, "5m", SHANGHAI) - timedelta(minutes=5), NOW + timedelta(seconds=300))
    [wide] = widen([tail], NOW, SHANGHAI)
    assert store.put([wide], [row(wide[0], 7)], one_count("cases"))
    assert store.total(COUNT, wide) == [("", 7)]
    assert store.thin(NOW) == 0
    _fill(store)
    assert _rows(store) == 288 * 5 + 1
    store.thin(NOW + AGO_20)
    assert _sums(store) == sums
    assert _rows(store) == 24 * 6 + 1


def test_samples_are_left_to_the_zone_in_whose_days_they_are_thinned(store: Store) -> None:
    """East of the city a day ends earlier: thinned in both zones the city's last would be lost."""
    times = five_minutes(DAY[0], 288)
    samples = [Sample("cases.open", "", "", "", at, float(i), i) for i, at in enumerate(times)]
    store.history.add_samples("cases", samples, token=store.token)
    assert store.thin(NOW + AGO_410, "Asia/Tokyo", samples=False) == 0
    store.thin(NOW + AGO_410)
    [left] = store.history.samples("cases.open", DAY, zone=SHANGHAI)
    assert left.value == 287.0
