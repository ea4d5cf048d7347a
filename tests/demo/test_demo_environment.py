"""Environment as the room asks for it: each number against pandas over the same rows, the months that
are published, and days judged by the standard of their own day."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import sqlalchemy as sa

from dashboard.catalogue import Catalogue
from dashboard.catalogue.indicators import ByStandard
from dashboard.catalogue.load import load
from dashboard.derived import judge_values
from dashboard.measures import flow_of, tick_plans
from dashboard.series.flows import value_of
from data_access.departments.source import SqlSource
from demo.city import make_department
from demo.days import date_of, day_number
from demo.environment.air import air_of
from demo.environment.months import months_of
from demo.places import TOWN_DISTRICT, TOWNS
from demo.sites import TOWN_MIDDLES, gcj02

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2026, 9, 16, 8, 10, tzinfo=UTC)
WALL = pd.Timestamp(NOW).tz_convert("Asia/Shanghai").tz_localize(None)
KEY = "environment"


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    """The shipped city."""
    return load(ROOT / "catalog", {"ENVIRONMENT_URL": "sqlite://"})


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The department's database after some days."""
    found = f"sqlite:///{tmp_path_factory.mktemp('environment')}/e.sqlite"
    make_department(KEY, found, 11, 12, int(NOW.timestamp()))
    return found


@pytest.fixture
def source(catalogue: Catalogue, url: str) -> Iterator[SqlSource]:
    opened = SqlSource(catalogue.departments[KEY], url, clock=lambda: NOW)
    yield opened
    opened.close()


def table(url: str, name: str) -> pd.DataFrame:
    return pd.read_sql_query(
        sa.select(sa.text("*")).select_from(sa.table(name)), sa.create_engine(url)
    )


def newest_month(url: str, name: str) -> pd.DataFrame:
    """Rows of the newest month that was published by now."""
    rows = table(url, name)
    return rows[rows.month == rows[pd.to_datetime(rows.published_at) <= WALL].month.max()]


def test_a_month_is_always_published_and_holds_until_the_next(url: str) -> None:
    for name in ("section_month", "water_source_month", "air_rank_month"):
        rows = table(url, name)
        assert rows[rows.replaced_at.isna()].month.unique().tolist() == ["2026-08"], name
        assert set(rows.month) >= {"2026-07", "2026-08"}, name


def test_sections_and_drinking_water_are_shares_of_the_newest_month(
    source: SqlSource, url: str
) -> None:
    sections = newest_month(url, "section_month")
    [good] = source.stock("sections_good_rate", NOW, None)
    assert good.value == pytest.approx(100 * sections.found_class.isin(["Ⅰ", "Ⅱ", "Ⅲ"]).mean())
    assert good.n == len(sections) == 8
    [beyond] = source.stock("sections_beyond_v", NOW, None)
    assert beyond.value == (sections.found_class == "劣Ⅴ").sum()
    water = newest_month(url, "water_source_month")
    [met] = source.stock("drinking_water_rate", NOW, None)
    assert (met.value, met.n) == (pytest.approx(100 * water.met.mean()), len(water))
    [rank] = source.stock("composite_rank", NOW, None)
    assert rank.value == newest_month(url, "air_rank_month").place.item()


def test_a_month_earlier_the_month_before_counted(source: SqlSource, url: str) -> None:
    rows = table(url, "section_month")
    july = rows[rows.month == "2026-07"]
    groups = source.stood("sections_good_rate", NOW - timedelta(days=10), "district")
    wanted = july.assign(good=july.found_class.isin(["Ⅰ", "Ⅱ", "Ⅲ"])).groupby("district_code").good
    assert {g.code: g.value for g in groups if g.code} == (100 * wanted.mean()).to_dict()


def test_what_did_not_come_in_time_counts_as_owed(source: SqlSource, url: str) -> None:
    rows = table(url, "station_delivery")
    due = pd.to_datetime(rows.due_at)
    owed = rows[(due >= WALL - pd.Timedelta(hours=24)) & (due < WALL)]
    in_time = pd.to_datetime(owed.arrived_at) <= pd.to_datetime(owed.due_at)
    shipped = load(ROOT / "catalog", {"ENVIRONMENT_URL": "sqlite://"}).departments[KEY]
    plan = next(p for p in tick_plans(shipped) if (p.dataset, p.time) == ("deliveries", "due"))
    totals: dict[str, Any] = {}
    for row in source.tick(plan, [(NOW - timedelta(hours=24), NOW)]).rows:
        if row.by == "":
            totals[row.additive] = totals.get(row.additive, 0) + row.value
    flow = flow_of(shipped.indicators["data_in_time_rate"])
    assert flow is not None
    value, n = value_of(flow, totals)
    assert (value, n) == (pytest.approx(100 * in_time.mean()), len(owed))
    everything = pd.to_datetime(rows.arrived_at) <= pd.to_datetime(rows.due_at)
    past = due < WALL
    assert 0.93 < everything[past].mean() < 0.995
    assert rows[past].arrived_at.isna().any()


def test_water_is_classed_by_its_worst_factor_and_marks_are_no_numbers(
    source: SqlSource, url: str
) -> None:
    rows = table(url, "water_station").sort_values("monitor_time")
    for key, column in (("do_now", "do_value"), ("nh3n_now", "nh3n_value"), ("tp_now", "tp_value")):
        known = rows[~rows[column].isin(["—", "-;"])].groupby("station_name").last()
        groups = source.stock(key, NOW, "section")
        assert {g.code: g.value for g in groups if g.code} == pytest.approx(
            known[column].astype(float).to_dict()
        )


def test_positions_are_in_their_town_and_the_shifted_grid_is_half_a_kilometre_off(
    url: str,
) -> None:
    middles = dict(zip(TOWNS.tolist(), TOWN_MIDDLES.tolist(), strict=True))
    for name in ("air_hourly", "water_station", "section_month", "water_source_month"):
        rows = table(url, name).drop_duplicates(["latitude", "longitude"])
        for row in rows.itertuples():
            assert abs(row.latitude - middles[row.town_code][0]) < 0.06
            assert abs(row.longitude - middles[row.town_code][1]) < 0.06
    sources = table(url, "source_daily")
    swapped = sources.wd > 60
    assert 0 < swapped.mean() < 0.03
    right = sources[~swapped]
    assert right.wd.between(22.6, 23.6).all()
    assert right.jd.between(112.4, 113.4).all()
    districts = dict(zip(TOWNS, TOWN_DISTRICT, strict=True))
    assert (right.district_code.str[-1].astype(int) - 4 == right.town_code.map(districts)).all()
    [[latitude, longitude]] = gcj02(np.array([[23.02, 113.12]]))
    assert (latitude, longitude) == pytest.approx((23.017448, 113.125484), abs=2e-6)


def test_sources_over_their_limit_leave_invalid_data_out(source: SqlSource, url: str) -> None:
    daily = table(url, "source_daily")
    hourly = table(url, "source_hourly")
    valid = hourly[hourly.flag == "N"].assign(day=lambda rows: rows.data_hour.str[:10])
    means = valid.groupby(["outlet_code", "factor_code", "day"]).value.mean()
    closed = daily[pd.to_datetime(daily.data_date) < WALL.normalize()]
    found = closed.set_index(
        ["outlet_code", "factor_code", closed.data_date.str[:10].rename("day")]
    ).avg_value
    both = found.to_frame().join(means.rename("mean"), how="inner").dropna()
    assert len(both) > 300
    assert both.avg_value.to_numpy() == pytest.approx(both["mean"].to_numpy(), abs=0.002)
    week = daily[pd.to_datetime(daily.data_date) >= WALL.normalize() - pd.Timedelta(days=7)]
    over = week[(week.over_ratio > 1) & (week.valid_hours >= 6)]
    since = NOW - timedelta(days=7, hours=16, minutes=10)
    [asked] = source.asked("sources_over", (since, NOW), None)
    assert asked.value == over.enterprise.nunique()


def test_days_are_judged_by_the_table_of_their_own_day_across_the_change(
    catalogue: Catalogue,
) -> None:
    """Daily means of February and March from the demo's hours, each against its own edition."""
    measure = catalogue.departments[KEY].indicators["aqi_daily"].measure
    assert isinstance(measure, ByStandard)
    standard = catalogue.standards["aqi"]
    points = {2012: ([0, 35, 75, 115, 150], [0, 50, 100, 150, 200])}
    points[2026] = ([0, 35, 60, 115, 150], [0, 50, 100, 150, 200])
    seen = set()
    for day in range(day_number(date(2026, 2, 10)), day_number(date(2026, 3, 20))):
        hours = air_of(11, day)["air_city_hourly"].columns["pm2_5"]
        assert isinstance(hours, np.ndarray)
        mean = float(np.nanmean(hours))
        edition = 2012 if date_of(day) < date(2026, 3, 1) else 2026
        seen.add(edition)
        noon = datetime(*date_of(day).timetuple()[:3], 4, tzinfo=UTC)
        judged = judge_values(measure, standard, {"pm25": mean}, noon)
        assert judged.value == np.ceil(np.round(np.interp(mean, *points[edition]), 9)), date_of(day)
    assert seen == {2012, 2026}


def test_a_day_with_particles_of_too_few_hours_is_not_valid() -> None:
    year = range(day_number(date(2026, 1, 1)), day_number(date(2026, 12, 1)))
    counts = []
    for day in year:
        hours = air_of(11, day)["air_city_hourly"].columns["pm2_5"]
        assert isinstance(hours, np.ndarray)
        counts.append(np.isfinite(hours).sum())
    short = np.array(counts) < 20
    assert 1 <= short.sum() <= 12


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_year_of_months_is_plausible(seed: int) -> None:
    tenths = [day_number(date(2026, month, 10)) for month in range(1, 12)]
    found = [months_of(seed, day) for day in tenths]
    assert months_of(seed, tenths[0] + 1) == {}
    classes = np.concatenate([np.asarray(m["section_month"].columns["found_class"]) for m in found])
    assert 0.8 <= np.isin(classes, ["Ⅰ", "Ⅱ", "Ⅲ"]).mean() < 1
    met = np.concatenate([np.asarray(m["water_source_month"].columns["met"]) for m in found])
    assert 0.93 < met.mean() <= 1
    places = np.concatenate([np.asarray(m["air_rank_month"].columns["place"]) for m in found])
    assert places.min() >= 1
    assert 12 <= np.median(places) <= 21
