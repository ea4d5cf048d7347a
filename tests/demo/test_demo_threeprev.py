"""三防 as the room asks for it: what is in force by hazard and district, reservoirs, shelters and
hazards at work sites, each against pandas over the same rows."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import sqlalchemy as sa

from dashboard.catalogue import Catalogue
from dashboard.catalogue.load import load
from data_access.departments.source import SqlSource
from demo.city import make_department
from demo.days import SLOTS, day_number, day_of, midnight
from demo.incidents.duty import periods_of
from demo.incidents.hazards import HAZARDS, PLACES, responses_at
from demo.incidents.readiness import hazards_of, reservoirs_of, shelters_at
from demo.places import CODES
from demo.sheets import From
from demo.weather import gusts_of

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2026, 8, 20, 8, 10, tzinfo=UTC)
WALL = pd.Timestamp(NOW).tz_convert("Asia/Shanghai").tz_localize(None)
SEED = 11
SUMMER = range(day_number(date(2026, 6, 1)), day_number(date(2026, 10, 1)))
KEY = "incidents"


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    """The shipped city."""
    return load(ROOT / "catalog", {"INCIDENTS_URL": "sqlite://"})


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The department's database after some days."""
    found = f"sqlite:///{tmp_path_factory.mktemp('threeprev')}/i.sqlite"
    make_department(KEY, found, SEED, 12, int(NOW.timestamp()))
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


def held(rows: pd.DataFrame, since: str, until: str, at: pd.Timestamp) -> pd.DataFrame:
    """Rows that were in their state at a moment."""
    begun, ended = pd.to_datetime(rows[since]), pd.to_datetime(rows[until])
    return rows[(begun <= at) & ~(ended <= at)]


def test_what_is_in_force_is_counted_by_hazard_and_district_now_and_then(
    source: SqlSource, url: str
) -> None:
    rows = table(url, "hazard_period")
    rows = rows[rows.grade > 0]
    moments = pd.date_range(WALL - pd.Timedelta(days=10), WALL, freq="3h")
    busiest = max(moments, key=lambda at: len(held(rows, "declared_at", "lifted_at", at)))
    for at in (busiest, WALL):
        then = at.tz_localize("Asia/Shanghai").to_pydatetime()
        wanted = held(rows, "declared_at", "lifted_at", at)
        for by, column in (("hazard", "hazard"), ("district", "district_code"), ("kind", "kind")):
            groups = source.stood("in_force", then, by)
            found = {g.code: g.value for g in groups if g.code}
            assert found == wanted[column].value_counts().to_dict(), (at, by)
    assert len(held(rows, "declared_at", "lifted_at", busiest)) > 3


def test_periods_and_statements_tell_the_same_of_every_district(url: str) -> None:
    """The gravest response in force by the periods is the one that the district states."""
    periods, stated = table(url, "hazard_period"), table(url, "response_level")
    responses = periods[periods.kind == "应急响应"]
    for at in pd.date_range(WALL - pd.Timedelta(days=9), WALL, freq="5h15min"):
        known = stated[pd.to_datetime(stated.declared_at) <= at - pd.Timedelta(minutes=9)]
        newest = known.sort_values("declared_at").groupby("district_code").response_code.last()
        grades = (5 - newest.str.extract(r"_(\d)$")[0].astype(float)).fillna(0)
        steady = held(responses, "declared_at", "lifted_at", at - pd.Timedelta(minutes=9))
        inside = held(responses, "declared_at", "lifted_at", at)
        if len(steady.merge(inside, on="period_no")) == len(steady) == len(inside):
            top = inside.groupby("district_code").grade.max().reindex(grades.index).fillna(0)
            assert top.to_dict() == grades.to_dict(), at


def test_what_holds_on_a_monday_is_declared_anew_so_that_no_period_outlasts_a_week() -> None:
    for day in SUMMER:
        columns = periods_of(SEED, day)["hazard_period"].columns
        declared, lifted = columns["declared_at"], columns["lifted_at"]
        assert isinstance(declared, np.ndarray)
        assert isinstance(lifted, From)
        spans = lifted.since - declared
        assert (spans > -600).all()
        assert (spans <= 7 * 86_400 + 600).all()


def test_a_typhoon_is_responded_to_before_it_comes_and_districts_may_differ() -> None:
    wind = HAZARDS.index("wind")
    blown = [day for day in SUMMER if gusts_of(SEED, day).max() > 17.2]
    assert blown
    for day in blown:
        peak = np.unravel_index(gusts_of(SEED, day).argmax(), (SLOTS, len(CODES)))
        assert responses_at(SEED, day)[peak[0], wind, peak[1]] >= 2
    differ = [
        len(np.unique(responses_at(SEED, day)[slot, wind, : len(CODES)])) > 1
        for day in blown
        for slot in range(0, SLOTS, 12)
    ]
    assert any(differ)
    assert len(PLACES) == 6


def test_shelters_open_where_a_district_responds_from_grade_three_on() -> None:
    opened = closed = 0
    for day in SUMMER:
        for hour in (3, 15, 21):
            at = midnight(day) + hour * 3600
            columns, changed = shelters_at(SEED, at)
            grades = responses_at(SEED, day_of(at))[hour * 6, [0, 1, 2, 4], : len(CODES)]
            wanted = dict(zip(CODES.tolist(), (grades >= 2).any(axis=0).tolist(), strict=True))
            state = dict(zip(columns["district_code"], columns["state"] == "开放", strict=True))
            assert state == wanted
            assert (changed <= at).all()
            assert (columns["people"] <= columns["capacity"]).all()
            opened, closed = opened + any(wanted.values()), closed + (not any(wanted.values()))
    assert opened > 10
    assert closed > opened


def test_reservoirs_seldom_reach_their_limit_and_are_measured_against_it(
    source: SqlSource, url: str
) -> None:
    above = np.concatenate(
        [
            np.asarray(reservoirs_of(SEED, d)["reservoir_level"].columns["above_limit"])
            for d in SUMMER
        ]
    )
    assert -2 < above.min() < above.max() < 1.5
    assert (above >= 0).mean() < 0.05
    rows = table(url, "reservoir_level").sort_values("observed_at")
    newest = rows.groupby("reservoir_name").last()
    assert (newest.level_m - newest.limit_m).to_numpy() == pytest.approx(newest.above_limit)
    groups = source.stock("reservoir_gap", NOW, "reservoir")
    assert {g.code: g.value for g in groups if g.code} == newest.above_limit.to_dict()
    assert groups[0].value == newest.above_limit.max()


def test_hazards_past_their_day_are_overdue_and_few(source: SqlSource, url: str) -> None:
    rows = table(url, "work_hazard")
    overdue = held(rows, "owed_by", "mended_at", WALL)
    groups = source.stock("hazards_overdue", NOW, "town")
    wanted = overdue.town_code.value_counts().to_dict()
    assert {g.code: g.value for g in groups if g.code} == wanted
    [major] = source.stock("major_hazards_overdue", NOW, None)
    assert major.value == (overdue.grade == "重大").sum()
    days = pd.to_datetime(rows.owed_by) - pd.to_datetime(rows.found_at).dt.normalize()
    owed = days.dt.days.groupby(rows.grade).agg(["min", "max"])
    assert owed.loc["一般"].between(14, 15).all()
    assert owed.loc["重大"].between(29, 30).all()


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_overdue_hazards_stay_within_their_limit_on_ordinary_days(seed: int) -> None:
    first = SUMMER[0]
    owed, mended = [], []
    for day in range(first - 75, first + 60):
        sheets = hazards_of(seed, day)
        if not sheets:
            continue
        columns = sheets["work_hazard"].columns
        done = columns["mended_at"]
        assert isinstance(done, From)
        owed.append(np.asarray(columns["owed_by"]))
        mended.append(done.since)
    late, done_at = np.concatenate(owed), np.concatenate(mended)
    counts = [
        ((late <= at) & (done_at > at)).sum()
        for at in range(midnight(first), midnight(first + 60), 6 * 3600)
    ]
    assert 1 <= np.median(counts) < 10
    assert np.mean(np.array(counts) >= 10) < 0.1
