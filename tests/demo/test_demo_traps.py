"""The traps that real data holds: each is in the demo city, survived by the product and counted."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import sqlalchemy as sa

from dashboard.catalogue import Department
from dashboard.catalogue.load import load
from dashboard.measures import flow_of, tick_plans
from dashboard.series.flows import value_of
from dashboard.windows import LONGEST
from data_access.departments.source import SqlSource
from demo.cases.hotline import hotline_of
from demo.cases.matters import matters_of
from demo.city import PLANS, make_department
from demo.days import OFFSET
from demo.transit.vehicles import vehicles_at

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2026, 9, 16, 8, 10, tzinfo=UTC)
SEED = 11
DAYS = 18
TRAPS = {
    "base": {"cameras": ["position_unusable"], "points": ["position_unusable"]},
    "transit": {"vehicles": ["in_the_future", "no_occupancy"]},
    "traffic": {"weighing": ["unloaded_before_weighed", "weight_in_kilograms"]},
    "customs": {
        "declarations": ["released_before_arrival", "declared_in_the_future"],
        "inspections": ["typed_by_hand"],
    },
    "trade": {"monthly": ["sent_in_yuan"]},
    "cases": {
        "one_door": ["written_1900", "finished_before_applied"],
        "orders": ["closed_before_given"],
    },
    "grid": {"matters": ["archived_before_created", "place_swapped_or_zero"]},
    "counter": {},
    "environment": {
        "air": ["instrument_fault", "marked_missing", "co_in_micrograms"],
        "water": ["text_for_missing"],
        "sources_hour": ["marked_invalid", "not_sent", "hour_24"],
        "sources_day": ["place_swapped"],
    },
    "incidents": {
        "incidents": ["cleared_before_received", "place_swapped_or_missing", "garbled_text"]
    },
}
WHOLE = (NOW - timedelta(days=DAYS + 100), NOW + LONGEST)
"""All days at once, with the months before them, and what is dated later than now."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A city of some days on SQLite."""
    found = tmp_path_factory.mktemp("traps")
    for name in PLANS:
        make_department(name, url_in(found, name), SEED, DAYS, int(NOW.timestamp()))
    return found


def url_in(folder: Path, name: str) -> str:
    return f"sqlite:///{folder}/{name}.sqlite"


def shipped(name: str) -> Department:
    """A department of the shipped catalogue."""
    urls = {f"{key.upper()}_URL": "sqlite://" for key in PLANS}
    return load(ROOT / "catalog", urls).departments[name]


def source_of(folder: Path, name: str) -> SqlSource:
    return SqlSource(shipped(name), url_in(folder, name), clock=lambda: NOW)


def table(folder: Path, department: str, name: str) -> pd.DataFrame:
    engine = sa.create_engine(url_in(folder, department))
    return pd.read_sql_query(sa.select(sa.text("*")).select_from(sa.table(name)), engine)


@pytest.mark.parametrize("name", sorted(PLANS))
def test_every_rule_of_a_dataset_finds_rows_and_leaves_most_alone(folder: Path, name: str) -> None:
    source = source_of(folder, name)
    for dataset, wanted in TRAPS[name].items():
        counted = source.set_aside(dataset, WHOLE)
        assert [rule for rule in wanted if not counted[rule]] == [], dataset
    source.close()


def test_a_bus_whose_clock_is_ahead_is_counted_and_not_online(folder: Path) -> None:
    buses = table(folder, "transit", "vehicle_positions")
    ahead = buses.timestamp > NOW.timestamp() + 300
    assert 0 < ahead.sum() < 12
    source = source_of(folder, "transit")
    assert source.set_aside("vehicles", WHOLE)["in_the_future"] == ahead.sum()
    [online] = source.stock("bus_online_rate", NOW, None)
    due = buses[(buses.in_service == 1) & ~ahead]
    assert online.value == pytest.approx(100 * (due.timestamp >= NOW.timestamp() - 90).mean())
    assert buses.occupancy_status.isna().all()
    source.close()


def test_the_future_comes_live_and_goes_when_the_device_is_mended() -> None:
    day = int(NOW.timestamp())
    seen = []
    for moment in range(day, day + 4 * 86_400, 86_400):
        columns, _ = vehicles_at(SEED, moment)
        late = columns["timestamp"] > moment + 300
        assert (columns["timestamp"][late] <= moment + OFFSET).all()
        seen.append(frozenset(np.flatnonzero(late)))
    assert all(seen)
    assert len(set(seen)) > 1


def test_carbon_monoxide_in_the_wrong_unit_is_converted(folder: Path) -> None:
    air = table(folder, "environment", "air_hourly")
    assert air.co.max() > 60
    assert air[air.co <= 60].co.max() < 6
    source = source_of(folder, "environment")
    when = pd.to_datetime(air[air.co > 60].timepoint).max()
    then = when.tz_localize("Asia/Shanghai").to_pydatetime() + timedelta(minutes=30)
    groups = source.stood("co_now", then, "station")
    assert all(group.value is not None and 0 < group.value < 6 for group in groups)
    source.close()


def test_hours_that_end_at_24_are_the_next_days_first_moment(folder: Path) -> None:
    hours = table(folder, "environment", "source_hourly")
    assert hours.data_hour.str.endswith("24:00").any()
    assert not hours.data_hour.str.contains(" 00:00").any()
    department = shipped("environment")
    source = source_of(folder, "environment")
    plan = next(p for p in tick_plans(department) if p.dataset == "sources_hour")
    ends = pd.to_datetime(hours.data_hour.str[:10]) + pd.to_timedelta(
        hours.data_hour.str[11:13].astype(int), "h"
    )
    utc = ends.dt.tz_localize("Asia/Shanghai")
    start, end = NOW - timedelta(hours=24), NOW
    inside = hours[(utc >= start) & (utc < end)]
    totals: dict[str, Any] = {}
    for row in source.tick(plan, [(start, end)]).rows:
        if row.by == "" and start <= row.at < end:
            totals[row.additive] = totals.get(row.additive, 0) + row.value
    flow = flow_of(department.indicators["source_data_valid_rate"])
    assert flow is not None
    value, n = value_of(flow, totals)
    assert n == len(inside)
    assert value == pytest.approx(100 * (inside.flag == "N").mean())
    assert (inside.flag == "L").any(), "hours that did not come lower it"
    source.close()


def test_a_second_way_to_write_a_date_is_counted_and_never_guessed(folder: Path) -> None:
    done = table(folder, "customs", "insp_list").cysj.dropna()
    by_hand = done.str.contains("/")
    assert 0 < by_hand.mean() < 0.06
    assert done[~by_hand].str.fullmatch(r"\d{14}").all()
    assert done[by_hand].str.fullmatch(r"\d{4}/\d\d/\d\d \d\d:\d\d:\d\d").all()
    source = source_of(folder, "customs")
    [wait] = source.asked("inspection_wait", (NOW - timedelta(days=DAYS + 2), NOW), None)
    assert wait.n == (~by_hand).sum()
    source.close()


def test_names_read_in_the_wrong_encoding_are_counted_and_can_be_told(folder: Path) -> None:
    names = table(folder, "incidents", "incident").district_name
    garbled = ~names.str.endswith("区")
    assert 0 < garbled.mean() < 0.04
    back = names[garbled].map(lambda text: text.encode("latin-1").decode("gbk"))
    assert back.str.endswith("区").all()


def test_a_repeated_matter_is_the_same_person_and_matter_within_thirty_days() -> None:
    first, last = 20_700, 20_760
    days = range(first, last)
    raised: dict[tuple[Any, ...], list[int]] = {}
    again = matters = 0
    for day in days:
        found = matters_of(SEED, day)
        for row in range(len(found.person)):
            same = (found.person[row], found.kind[row], found.unit[row], found.town[row])
            before = [d for d in raised.get(same, []) if 0 < day - d <= 30]
            if day >= first + 30:
                assert bool(found.again[row]) == bool(before), (day, row)
                again += bool(before)
                matters += 1
            raised.setdefault(same, []).append(day)
    assert 0.05 < again / matters < 0.12


def test_repeated_matters_come_from_the_callers_own_number() -> None:
    sheets = hotline_of(SEED, 20_750)
    orders, calls = sheets["T_GDXX"].columns, sheets["T_HWJL"].columns
    assert isinstance(orders["来电号码"], np.ndarray)
    assert isinstance(calls["LDHM"], np.ndarray)
    assert set(orders["来电号码"]) <= set(calls["LDHM"])
    assert set(orders["是否重复"]) == {"是", "否"}
