"""The demo city is plausible: rates computed by pandas from its rows, not from the product."""

from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import sqlalchemy as sa
from ruamel.yaml import YAML

from demo.city import PLANS, make_department
from demo.days import date_of, day_number, day_of, is_workday
from demo.environment.air import air_of
from demo.places import CODES, TOWN_DISTRICT, TOWNS

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2026, 9, 30, 4, 0, tzinfo=UTC)
DAYS = 16


class City:
    """Tables of a city that was lived for some days."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def table(self, department: str, name: str) -> pd.DataFrame:
        """All rows of a table."""
        engine = sa.create_engine(f"sqlite:///{self._folder}/{department}.sqlite")
        return pd.read_sql_query(sa.select(sa.text("*")).select_from(sa.table(name)), engine)


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> City:
    """A city of some weeks on SQLite."""
    folder = tmp_path_factory.mktemp("city")
    for name in PLANS:
        url = f"sqlite:///{folder}/{name}.sqlite"
        make_department(name, url, 20261122, DAYS, int(NOW.timestamp()))
    return City(folder)


def hours(frame: pd.DataFrame, start: str, end: str) -> pd.Series:
    """Hours from one time column to another."""
    return (pd.to_datetime(frame[end]) - pd.to_datetime(frame[start])).dt.total_seconds() / 3600


def test_buses_mostly_report_and_leave_on_time(city: City) -> None:
    buses = city.table("transit", "vehicle_positions")
    due = buses[buses.in_service == 1]
    assert len(due) > 400
    assert 0.9 < (due.timestamp >= NOW.timestamp() - 90).mean() < 1
    trips = city.table("transit", "trips_performed")
    assert 0.88 < trips.start_delay.between(-60, 180).mean() < 0.97
    assert 0.001 < trips.actual_trip_start.isna().mean() < 0.02
    assert 0 < (trips.headway_ratio > 2).mean() < 0.03


def test_roads_are_busier_at_rush_and_crashes_are_cleared_soon(city: City) -> None:
    roads = city.table("transit", "road_conditions")
    hour = (roads.observed_at + 8 * 3600) % 86_400 // 3600
    assert roads[hour == 18].tpi.mean() > 2 * roads[hour == 3].tpi.mean()
    assert roads.tpi.between(0, 10).all()
    crashes = city.table("transit", "crashes")
    assert 6 < hours(crashes, "reported_at", "left_scene_at").median() * 60 < 11
    assert crashes.left_scene_at.isna().any()


def test_goods_clear_as_fast_as_published_and_a_few_are_stuck(city: City) -> None:
    heads = city.table("customs", "decl_head")
    waited = (heads.rel_time - heads.arr_time) / 3.6e6
    imports, exports = (waited[(heads.i_e_flag == way) & (waited >= 0)] for way in "IE")
    assert 5 < imports.median() < 14
    assert 20 < imports.quantile(0.9) < 45
    assert 0.2 < exports.median() < 1
    arrived = heads[heads.arr_time.notna() & heads.return_status.isin(["120", "300", "399", "500"])]
    assert 50 < len(arrived) < 600
    taxed = heads[heads.tax_time.notna() & heads.rel_time.notna()]
    assert 0.72 < (taxed.rel_mode == "A").mean() < 0.85
    assert 0 < (waited < 0).sum() < 0.004 * len(heads)
    assert heads.pre_no.is_unique


def test_the_hotline_answers_and_its_orders_have_a_life(city: City) -> None:
    calls = city.table("cases", "T_HWJL")
    done = calls[calls.SFJT.notna()]
    assert 0.95 < done.SFJT.mean() < 0.99
    assert 0.9 < ((done.SFJT == 1) & (done.DDSC <= 15)).mean() < 0.96
    orders = city.table("cases", "T_GDXX")
    now = pd.Timestamp(NOW).tz_convert("Asia/Shanghai").tz_localize(None)
    due = orders[pd.to_datetime(orders["办结期限"]) < now]
    in_time = pd.to_datetime(due["办结时间"]) <= pd.to_datetime(due["办结期限"])
    assert 0.98 < in_time.mean() < 1
    assert due["办结时间"].isna().sum() < 60
    assert 0.04 < (orders["退单次数"] > 0).mean() < 0.1
    asked = orders["满意度"].dropna()
    assert 0.85 < asked.isin(["非常满意", "满意", "基本满意"]).mean() < 0.94


def test_cases_hold_their_traps_and_nobodys_name(city: City) -> None:
    cases = city.table("cases", "T_BJXX")
    assert (cases.BJSJ < "1901").any()
    assert cases.BJSJ.notna().all()
    again = cases[cases.VERSION == 2]
    assert 0.01 < len(again) / len(cases) < 0.05
    first = cases[cases.VERSION == 1].set_index("SBLSH").loc[again.SBLSH]
    assert (first.XZQHDM.to_numpy() != again.XZQHDM.to_numpy()).all()
    assert (first.GXSJ.to_numpy() <= again.GXSJ.to_numpy()).all()
    assert cases.SQRXM.str.endswith("演示").all()
    assert cases.SJHM.str.fullmatch(r"1990000\d{4}").all()
    waits = hours(city.table("cases", "T_PDJH"), "QHSJ", "JHSJ") * 60
    assert 5 < waits.median() < 10


def test_halls_are_closed_on_days_of_rest(city: City) -> None:
    tickets = pd.to_datetime(city.table("cases", "T_PDJH").QHSJ)
    last = day_of(int(NOW.timestamp()))
    rest = {str(date_of(d)) for d in range(last - DAYS, last + 1) if not is_workday(d)}
    assert rest
    assert not rest & set(tickets.dt.date.astype(str))
    assert tickets.dt.hour.between(8, 17).all()


def test_ozone_peaks_in_the_afternoon_and_some_values_are_missing(city: City) -> None:
    air = city.table("environment", "air_hourly")
    hour = pd.to_datetime(air.timepoint).dt.hour
    good = air[air.pm2_5 >= 0]
    assert good.o3.groupby(hour).mean().idxmax() in (13, 14, 15, 16)
    assert 8 < good.pm2_5.mean() < 35
    assert 0 < air.o3.isna().mean() < 0.05
    assert air[air.o3.isna()].marks.notna().all()
    water = city.table("environment", "water_station")
    assert water.do_value.isin(["—", "-;"]).any()
    sources = city.table("environment", "source_daily")
    assert 0 <= (sources.over_ratio > 1).mean() < 0.05


def bad_days(seed: int, year: int) -> tuple[int, int, int]:
    """Days up to late November, those with an 8-hour ozone over 160 µg/m³, and of these those from
    July to November."""
    first = day_number(date(year, 1, 1))
    days = range(first, day_number(date(year, 11, 22)))
    hours = []
    for day in days:
        sheet = air_of(seed, day)["air_city_hourly"].columns["o3_8h"]
        assert isinstance(sheet, np.ndarray)
        hours.append(sheet.max())
    bad = [day for day, highest in zip(days, hours, strict=True) if highest > 160]
    return len(days), len(bad), sum(date_of(day).month >= 7 for day in bad)


@pytest.mark.parametrize("seed", [1, 7, 20261122])
def test_as_many_days_are_polluted_as_in_such_a_city_and_by_the_ozone_of_autumn(seed: int) -> None:
    days, bad, late = bad_days(seed, 2026)
    assert 0.85 < 1 - bad / days < 0.93
    assert late > 0.8 * bad


def test_what_is_alarmed_at_any_is_an_event_and_not_the_normal_state(city: City) -> None:
    orders = city.table("cases", "T_GDXX")
    due, closed = (pd.to_datetime(orders[name]) for name in ("办结期限", "办结时间"))
    end = pd.Timestamp(NOW).tz_convert("Asia/Shanghai").tz_localize(None)
    moments = pd.date_range(end - pd.Timedelta(days=9), end, freq="3h")
    overdue = [((due < at) & ~(closed <= at)).any() for at in moments]
    assert np.mean(overdue) < 0.5
    trips = city.table("transit", "trips_performed")
    lost = trips[(trips.first_last == 2) & (trips.schedule_relationship == "CANCELED")]
    assert lost.service_date.nunique() < DAYS / 2
    assert (trips.groupby("service_date").first_last.apply(lambda c: (c == 2).sum()) == 56).any()
    heads = city.table("customs", "decl_head")
    old = (
        heads.rel_time.isna()
        & heads.return_time.isna()
        & (heads.arr_time < (NOW.timestamp() - 14 * 86_400) * 1000)
    )
    assert old.sum() < 6


def test_the_citys_air_goes_back_to_january_where_history_is_long(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/e.sqlite"
    make_department("environment", url, 1, 31, int(datetime(2026, 2, 20, tzinfo=UTC).timestamp()))
    with sa.create_engine(url).connect() as connection:
        first = connection.execute(sa.text("SELECT min(timepoint) FROM air_city_hourly")).scalar()
    assert str(first).startswith("2026-01-01 00:00")


def test_incidents_arrive_are_reported_and_hold_their_traps(city: City) -> None:
    incidents = city.table("incidents", "incident")
    states = incidents.status.str.strip().str.lower()
    assert set(states) == {"open", "closed"}
    assert incidents.status.nunique() > 3
    assert 1 <= (states == "open").sum() < 25
    assert 7 < hours(incidents, "dispatched_at", "on_scene_at").median() * 60 < 13
    assert 0.9 < (incidents.grade == "一般").mean() < 1
    assert ((incidents.latitude == 0) | (incidents.latitude > 60)).any()
    runs = city.table("incidents", "unit_run")
    assert len(runs) > len(incidents)
    reports = city.table("incidents", "report_duty")
    late = pd.to_datetime(reports.sent_at) > pd.to_datetime(reports.due_at)
    assert 0 < late.mean() < 0.03


def test_somebody_is_on_duty_in_every_role_at_every_hour(city: City) -> None:
    roster = city.table("incidents", "duty_roster")
    for moment in pd.date_range("2026-09-16", "2026-09-30 12:00", freq="5h"):
        on = roster[(roster.starts_at <= str(moment)) & (roster.ends_at > str(moment))]
        assert sorted(on.role) == sorted(["带班领导", "值班长", "值班员"]), moment


def test_response_levels_follow_the_rain_by_district(city: City) -> None:
    levels = city.table("incidents", "response_level")
    assert set(levels.district_code) == {*CODES, "440600"}
    gauges = city.table("incidents", "rain_gauge")
    for _, stated in levels[levels.response_code.str.startswith("rain")].iterrows():
        moment = pd.Timestamp(stated.declared_at)
        before = (str(moment - pd.Timedelta("5h")), str(moment))
        near = gauges[gauges.observed_at.between(*before)]
        if stated.district_code != "440600":
            near = near[near.district_code == stated.district_code]
        assert near.rain_1h.max() >= 16


def test_places_are_those_of_the_catalogue() -> None:
    read = YAML(typ="safe")
    districts = read.load(ROOT / "catalog/codes/districts.yaml")["codes"]
    towns = read.load(ROOT / "catalog/codes/towns.yaml")["codes"]
    assert set(CODES) == set(districts)
    parents = dict(zip(TOWNS, CODES[TOWN_DISTRICT], strict=True))
    assert parents == {code: meaning["parent"] for code, meaning in towns.items()}


def test_years_whose_holidays_are_unknown_still_have_weekends() -> None:
    assert not is_workday(day_of(int(datetime(2039, 1, 1, tzinfo=UTC).timestamp())))
    assert is_workday(day_of(int(datetime(2039, 1, 3, tzinfo=UTC).timestamp())))
    assert not is_workday(day_of(int(datetime(2026, 10, 1, 4, tzinfo=UTC).timestamp())))
