"""Buckets: replaced to equal the source, summed exactly, cut by local days."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa
from store_ground import (
    COUNT,
    DEAREST,
    LIGHTEST,
    MONEY,
    NOW,
    PLAN,
    SHANGHAI,
    WEIGHT,
    Store,
    five_minutes,
    one_count,
    row,
)

from dashboard.windows import bucket_start, day_range, midnight, starts, widen
from data_access.store import buckets
from data_access.store.grains import runs_of
from data_access.store.sums import sums_statement
from data_access.store.values import scale_of

START = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
HOUR = (START, START + timedelta(hours=1))
TIMES = five_minutes(START, 12)


def test_counts_come_back_as_whole_numbers_per_grain(store: Store) -> None:
    assert store.put([HOUR], [row(at, 3) for at in TIMES])
    window = (START, START + timedelta(minutes=30))
    by_quarter = store.history.sums([COUNT], window, grain="15m", zone=SHANGHAI)
    assert [(r["at"], r["code"], r[COUNT.name]) for r in by_quarter] == [
        (START, "", 9),
        (START + timedelta(minutes=15), "", 9),
    ]
    assert store.total(COUNT, HOUR) == [("", 36)]
    assert isinstance(store.total(COUNT, HOUR)[0][1], int)


def test_money_of_a_quadrillion_keeps_six_digits_through_sums(store: Store) -> None:
    dear = Decimal("999999999999999.999999")
    store.put([HOUR], [row(at, dear, MONEY) for at in TIMES])
    assert store.total(MONEY, HOUR) == [("", dear * 12)]


def test_negative_money_adds_up_exactly(store: Store) -> None:
    values = [Decimal("-0.000001"), Decimal("-12.5"), Decimal("12.499999")]
    store.put([HOUR], [row(at, v, MONEY) for at, v in zip(TIMES, values, strict=False)])
    assert store.total(MONEY, HOUR) == [("", sum(values))]


def test_other_sums_agree_to_the_noise_of_floats(store: Store) -> None:
    store.put([HOUR], [row(at, 0.1, WEIGHT) for at in TIMES])
    assert store.total(WEIGHT, HOUR)[0][1] == pytest.approx(1.2, rel=1e-12)


def test_extremes_merge_by_the_larger_and_the_smaller(store: Store) -> None:
    fees = [Decimal("9.90"), Decimal("10.05"), Decimal("-3.20"), Decimal("10.01")]
    weights = [2.5, 0.75, 9.0, 1.0]
    rows = [row(at, v, DEAREST) for at, v in zip(TIMES, fees, strict=False)]
    rows += [row(at, v, LIGHTEST) for at, v in zip(TIMES, weights, strict=False)]
    store.put([HOUR], rows)
    assert store.total(DEAREST, HOUR) == [("", Decimal("10.05"))]
    assert store.total(LIGHTEST, HOUR) == [("", 0.75)]
    both = store.history.sums([DEAREST, COUNT], HOUR, grain="1h", zone=SHANGHAI)
    assert both == [{"at": START, "code": "", DEAREST.name: Decimal("10.05"), COUNT.name: 0}]


def test_an_unchanged_tail_causes_no_write(store: Store, written: Callable[[], list[str]]) -> None:
    rows = [row(at, 3) for at in TIMES] + [row(at, 0.1, WEIGHT) for at in TIMES]
    assert store.put([HOUR], rows)
    assert written()
    assert not store.put([HOUR], list(reversed(rows)))
    assert written() == []


def test_the_noise_of_another_order_of_adding_is_no_change(store: Store) -> None:
    assert store.put([HOUR], [row(START, 0.1 + 0.2, WEIGHT)])
    assert not store.put([HOUR], [row(START, 0.3, WEIGHT)])
    assert store.put([HOUR], [row(START, 0.3000001, WEIGHT)])


def test_only_what_differs_is_written(store: Store) -> None:
    store.put([HOUR], [row(at, 3) for at in TIMES])
    touched: list[int] = []

    def note(_c: object, _cursor: object, statement: str, parameters: object, *_: object) -> None:
        if statement.startswith("INSERT INTO bucket"):
            touched.append(len(parameters) if isinstance(parameters, list) else 1)

    sa.event.listen(store.history.database.engine, "before_cursor_execute", note)
    assert store.put([HOUR], [row(at, 4 if at == TIMES[5] else 3) for at in TIMES])
    assert touched == [1]


def test_a_row_that_moved_to_another_district_leaves_the_old_one(store: Store) -> None:
    store.put([HOUR], [row(START, 1), row(START, 1, by="district", code="禅城")])
    assert store.put([HOUR], [row(START, 1), row(START, 1, by="district", code="南海")])
    assert store.total(COUNT, HOUR, by="district") == [("南海", 1)]
    assert store.total(COUNT, HOUR) == [("", 1)]


def test_deleted_rows_leave_nothing_behind(store: Store) -> None:
    store.put([HOUR], [row(at, 3) for at in TIMES])
    assert store.put([HOUR], [])
    assert store.total(COUNT, HOUR) == []


def test_buckets_outside_the_ranges_stay(store: Store) -> None:
    store.put([HOUR], [row(at, 3) for at in TIMES])
    store.put([(TIMES[2], TIMES[4])], [row(TIMES[2], 5)])
    assert store.total(COUNT, HOUR) == [("", 3 * 10 + 5)]


def test_a_row_outside_the_ranges_is_refused(store: Store) -> None:
    with pytest.raises(ValueError, match="expected rows within"):
        store.put([(TIMES[0], TIMES[1])], [row(TIMES[1], 1)])


@pytest.mark.parametrize("value", [float("nan"), float("inf"), Decimal("NaN"), 10**30])
def test_what_is_no_number_is_refused(store: Store, value: float) -> None:
    with pytest.raises(ValueError, match="in a bucket"):
        store.put([HOUR], [row(START, value, WEIGHT if isinstance(value, float) else MONEY)])


def test_days_of_a_zone_with_summer_time_have_23_and_25_hours(store: Store) -> None:
    zone = "America/New_York"
    store.clock.now = datetime(2026, 11, 5, tzinfo=UTC)
    first, last = date(2026, 10, 31), date(2026, 11, 2)
    window = (midnight(first, zone), midnight(last + timedelta(days=1), zone))
    store.put([window], [row(at, 1) for at in starts(window, "1h", zone)], zone=zone)
    days = store.history.sums([COUNT], window, grain="1d", zone=zone)
    assert [r[COUNT.name] for r in days] == [24, 25, 24]
    assert [r["at"] for r in days] == list(starts(window, "1d", zone))


def test_hours_of_a_zone_with_half_hours_start_at_its_midnight(store: Store) -> None:
    zone = "Asia/Kolkata"
    window = day_range(date(2026, 11, 20), zone)
    store.put([window], [row(at, 1) for at in starts(window, "5m", zone)], zone=zone)
    hours = store.history.sums([COUNT], window, grain="1h", zone=zone)
    assert [r[COUNT.name] for r in hours] == [12] * 24
    assert hours[0]["at"] == window[0]


def test_months_are_local_and_of_their_own_length(store: Store) -> None:
    window = (midnight(date(2026, 1, 1), SHANGHAI), midnight(date(2026, 4, 1), SHANGHAI))
    store.put([window], [row(at, 1) for at in starts(window, "1h", SHANGHAI)])
    months = store.history.sums([COUNT], window, grain="1mo", zone=SHANGHAI)
    assert [r[COUNT.name] for r in months] == [31 * 24, 28 * 24, 31 * 24]


def test_old_ranges_that_cut_a_kept_hour_are_refused_and_widened_ones_fit(store: Store) -> None:
    old = bucket_start(NOW - timedelta(days=40), "1h", SHANGHAI)
    narrow = (old + timedelta(minutes=5), old + timedelta(minutes=10))
    with pytest.raises(ValueError, match=r"windows\.widen"):
        store.put([narrow], [])
    [wide] = widen([narrow], NOW, SHANGHAI)
    assert wide == (old, old + timedelta(hours=1))
    store.put([wide], [row(at, 2) for at in five_minutes(old, 12)])
    fine = store.history.sums([COUNT], wide, grain="5m", zone=SHANGHAI)
    assert [(r["at"], r[COUNT.name]) for r in fine] == [(old, 24)]


def test_very_old_ranges_are_kept_by_local_day(store: Store) -> None:
    [wide] = widen([(NOW - timedelta(days=500), NOW - timedelta(days=499))], NOW, SHANGHAI)
    assert wide[1] - wide[0] == timedelta(days=2)
    store.put([wide], [row(at, 1) for at in starts(wide, "5m", SHANGHAI)])
    kept = store.history.sums([COUNT], wide, grain="5m", zone=SHANGHAI)
    assert [r[COUNT.name] for r in kept] == [288, 288]


def test_ranges_widened_before_midnight_still_fit_after_it(store: Store) -> None:
    """Between widening and writing a local midnight passes, and with it what is kept per hour."""
    before = midnight(date(2026, 11, 22), SHANGHAI) - timedelta(seconds=5)
    edge = midnight(date(2026, 11, 7), SHANGHAI) + timedelta(minutes=25)
    ranges = widen([(edge, edge + timedelta(minutes=5))], before, SHANGHAI)
    assert ranges == [(edge, edge + timedelta(minutes=5))]
    store.clock.now = before + timedelta(seconds=10)
    store.thin(store.clock.now)
    assert store.put(ranges, [row(edge, 7)])
    assert store.total(COUNT, ranges[0]) == [("", 7)]


def test_departments_that_define_the_same_additive_are_kept_apart(store: Store) -> None:
    token = store.history.take_lease("transit", "tests", 600)
    store.put([HOUR], [row(START, 1)], one_count("cases"))
    store.put([HOUR], [row(START, 40)], one_count("transit"), token=token)
    assert store.total(COUNT, HOUR) == [("", 1)]
    with pytest.raises(ValueError, match="expected `department`"):
        store.history.sums([COUNT], HOUR, grain=None, zone=SHANGHAI)


def test_an_unknown_additive_or_split_sums_to_nothing(store: Store) -> None:
    assert store.total(COUNT, HOUR) == []
    store.put([HOUR], [row(START, 1)])
    assert store.total(COUNT, HOUR, by="street") == []


def test_many_rows_are_written_in_pieces_of_whole_buckets(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(buckets, "PIECE", 50)
    codes = [f"c{i:02}" for i in range(17)]
    rows = [row(at, 2, by="district", code=code) for at in TIMES for code in codes]
    assert store.put([HOUR], rows)
    assert not store.put([HOUR], rows)
    assert store.total(COUNT, HOUR, by="district") == [(code, 24) for code in codes]


def test_day_totals_are_what_reconciliation_compares(store: Store) -> None:
    window = day_range(date(2026, 11, 20), SHANGHAI)
    store.put([window], [row(window[0], 5), row(window[0], Decimal("1.25"), MONEY)])
    [day] = store.history.day_totals(PLAN, window, zone=SHANGHAI)
    assert day.day == date(2026, 11, 20)
    assert day.values[COUNT.name] == 5
    assert day.values[MONEY.name] == Decimal("1.25")
    assert DEAREST.name not in day.values


@pytest.mark.parametrize("additive", [COUNT, DEAREST, LIGHTEST])
def test_sums_are_range_scans_of_the_primary_key(store: Store, additive: object) -> None:
    window = (NOW - timedelta(days=1826), NOW)
    runs = runs_of(window, "1d", SHANGHAI)
    assert len(runs) == 1
    with store.history.database.reading() as connection:
        statement = sums_statement(scale_of(additive), 1, 1, runs).compile(
            connection, compile_kwargs={"literal_binds": True}
        )
        sqlite = store.history.database.sqlite
        if not sqlite:
            connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        prefix = "EXPLAIN QUERY PLAN " if sqlite else "EXPLAIN "
        plan = str(connection.exec_driver_sql(prefix + str(statement)).all())
    wanted = "USING PRIMARY KEY (series_id=? AND by_id=? AND at>? AND at<?)"
    assert (wanted if sqlite else "using bucket_pkey") in plan
    if not sqlite:
        assert "(series_id = 1) AND (by_id = 1) AND (at >=" in plan


def test_a_plan_may_lose_and_regain_an_additive(store: Store) -> None:
    store.put([HOUR], [row(START, 1), row(START, 2.0, WEIGHT)])
    smaller = replace(PLAN, additives=(COUNT,))
    store.put([HOUR], [row(START, 3)], smaller)
    assert store.total(COUNT, HOUR) == [("", 3)]
    assert store.total(WEIGHT, HOUR) == [("", 2.0)]
