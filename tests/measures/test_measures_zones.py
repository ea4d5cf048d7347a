"""Zones that change their offset: buckets, days and durations over the night of a switch."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from measures_town import (
    asked,
    at,
    counted,
    department,
    fill,
    indicator,
    plan_of,
    source,
    timed,
)

from data_access.departments.zones import naive_ranges, utc_of

AMSTERDAM = "Europe/Amsterdam"


SHANGHAI = "Asia/Shanghai"


HOUR = timedelta(hours=1)


def test_the_autumn_night_puts_its_second_hour_into_the_first(database_url: str) -> None:
    night = ["01:59", "02:00", "02:30", "02:59", "03:00"]
    values = [datetime.fromisoformat(f"2026-10-25T{clock}") for clock in night]
    under_test, plan = timed(database_url, {"kind": "local"}, sa.DateTime(), values, AMSTERDAM)
    first_two = at("2026-10-25T00:00")
    assert counted(under_test, plan, (first_two, first_two + HOUR)) == {
        first_two: 1,
        first_two + HOUR / 2: 1,
        first_two + timedelta(minutes=55): 1,
    }
    assert counted(under_test, plan, (first_two + HOUR, first_two + 2 * HOUR)) == {}
    assert counted(under_test, plan, (first_two + 2 * HOUR, first_two + 3 * HOUR)) == {
        first_two + 2 * HOUR: 1
    }
    day = (at("2026-10-25T00:00", AMSTERDAM), at("2026-10-26T00:00", AMSTERDAM))
    assert day[1] - day[0] == 25 * HOUR
    assert asked(under_test, day) == 5
    [total] = under_test.day_totals(plan, day)
    assert (total.day, list(total.values.values())) == (date(2026, 10, 25), [5])


def test_the_spring_night_has_no_hour_too_many(database_url: str) -> None:
    night = ["01:59", "02:30", "03:00", "03:30", "04:00"]
    values = [datetime.fromisoformat(f"2026-03-29T{clock}") for clock in night]
    under_test, plan = timed(database_url, {"kind": "local"}, sa.DateTime(), values, AMSTERDAM)
    one = at("2026-03-29T01:00")
    assert counted(under_test, plan, (one, one + HOUR)) == {one: 1, one + HOUR / 2: 2}
    assert counted(under_test, plan, (one - HOUR, one)) == {one - timedelta(minutes=5): 1}
    day = (at("2026-03-29T00:00", AMSTERDAM), at("2026-03-30T00:00", AMSTERDAM))
    assert day[1] - day[0] == 23 * HOUR
    assert asked(under_test, day) == 5


SHIFTS = [
    ("2026-10-24T22:00", "2026-10-25 04:00:00", "2026-10-25 00:00:00"),
    ("2026-03-28T23:00", "2026-03-29 04:00:00", "2026-03-29 00:00:00"),
    ("2026-07-01T00:00", "2026-07-01 04:00:00", "2026-07-01 02:00:00"),
]
"""When a shift began in UTC, and what clocks on the wall showed at its end and when it was told."""


@pytest.mark.parametrize("form", ["local", "text"])
def test_a_duration_over_a_change_of_offset_is_the_time_that_passed(
    database_url: str, form: str
) -> None:
    kind: Any = sa.String(30) if form == "text" else sa.DateTime()
    table = sa.Table(
        "shifts",
        sa.MetaData(),
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("began", sa.BigInteger, index=True),
        sa.Column("ended", kind),
        sa.Column("told", kind),
    )
    wrote: Any = str if form == "text" else datetime.fromisoformat
    rows = [
        {"id": n, "began": int(at(b).timestamp()), "ended": wrote(e), "told": wrote(t)}
        for n, (b, e, t) in enumerate(SHIFTS)
    ]
    fill(database_url, table, rows)
    times = {name: {"column": name, "kind": form} for name in ("ended", "told")}
    times["began"] = {"column": "began", "kind": "epoch"}
    lasted = {
        start: indicator(
            {"kind": "sum", "of": {"start": start, "end": "ended", "unit": "h"}}, time="began"
        )
        for start in ("began", "told")
    }
    town = department({"table": "shifts", "times": times}, lasted, zone=AMSTERDAM)
    under_test, plan = source(database_url, town), plan_of(town)
    totals = {additive.name: 0.0 for additive in plan.additives}
    for row in under_test.tick(plan, [(at("2026-01-01T00:00"), at("2027-01-01T00:00"))]).rows:
        totals[row.additive] += float(row.value)
    found = {a.of.start: totals[a.name] for a in plan.additives if a.how == "sum" and a.of}
    assert found == pytest.approx({"began": 5 + 3 + 2, "told": 5 + 3 + 2}, rel=1e-9)


@pytest.mark.parametrize("zone", [AMSTERDAM, SHANGHAI, "Africa/Casablanca", "Australia/Lord_Howe"])
def test_naive_ranges_hold_exactly_the_times_of_a_window(zone: str) -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    step = timedelta(minutes=15)
    for hours in range(0, 24 * 366, 11):
        window = (start + timedelta(hours=hours), start + timedelta(hours=hours + 2))
        ranges = naive_ranges(window, zone)
        naive = window[0].replace(tzinfo=None) - timedelta(hours=2)
        while naive < window[1].replace(tzinfo=None) + timedelta(hours=12):
            inside = any(a <= naive < b for a, b in ranges)
            assert inside == (window[0] <= utc_of(naive, zone) < window[1]), (zone, naive, window)
            naive += step
