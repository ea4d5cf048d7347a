"""Trade of the demo city: months that come weeks later, corrections, files of the morning after."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest
import sqlalchemy as sa
from demo_reading import flow_of_window, table_of
from servers import ENGINES, make_database

from dashboard.catalogue import Department
from dashboard.catalogue.load import load
from data_access.departments.source import SqlSource
from demo.city import make_department
from demo.places import CODES, TOWN_DISTRICT, TOWNS
from demo.published import CLOSE, Lived
from demo.simulation import Simulation
from demo.trade import PLAN
from demo.trade.business import KINDS
from demo.trade.published import PUBLISHED
from demo.trade.totals import MODES, WAYS, traded
from demo.writing import open_engine

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2026, 9, 18, 4, 0, tzinfo=UTC)
"""A Friday at noon in the city; August is told this afternoon at the earliest."""
SEED, DAYS = 3, 30
CELLS = len(TOWNS) * len(WAYS) * len(MODES)


@pytest.fixture(scope="module", params=ENGINES)
def url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    maker = make_database(request.param, request, tmp_path_factory.mktemp("trade"))
    found = next(maker)
    make_department("trade", found, SEED, DAYS, int(NOW.timestamp()))
    yield found
    next(maker, None)


@pytest.fixture(scope="module")
def department(url: str) -> Department:
    return load(ROOT / "catalog", {"TRADE_URL": url}).departments["trade"]


@pytest.fixture(scope="module")
def source(url: str, department: Department) -> Iterator[SqlSource]:
    found = SqlSource(department, url, clock=lambda: NOW)
    yield found
    found.close()


@pytest.fixture(scope="module")
def months(url: str) -> pd.DataFrame:
    """The newest sending of every cell, in 10,000 yuan."""
    found = table_of(url, "进出口月报").sort_values("版本")
    found["统计月份"] = pd.to_datetime(found["统计月份"])
    cells = ["统计月份", "镇街代码", "进出口", "贸易方式"]
    newest = found.groupby(cells, as_index=False).last()
    wrong = newest["本期值"] > 1_000_000
    newest.loc[wrong, "本期值"] /= 10_000
    return newest


@pytest.fixture(scope="module")
def business(url: str) -> pd.DataFrame:
    found = table_of(url, "加工贸易业务")
    for name in ("申请时间", "办结时间", "更新时间"):
        found[name] = pd.to_datetime(found[name])
    return found


def test_the_newest_month_is_the_one_whose_file_has_come(
    source: SqlSource, months: pd.DataFrame
) -> None:
    newest = months["统计月份"].max()
    assert newest == pd.Timestamp("2026-07-01")
    rows = months[months["统计月份"] == newest]
    assert len(rows) == CELLS
    [total] = source.stock("total", NOW, None)
    assert total.n == CELLS
    assert total.value == pytest.approx(rows["本期值"].sum() / 10_000)
    parts = {g.code: g.value for g in source.stock("total", NOW, "way") if g.code}
    for way, value in rows.groupby("进出口")["本期值"].sum().items():
        assert parts[way] == pytest.approx(value / 10_000)
    [before] = source.stock("total_last_year", NOW, None)
    assert before.value == pytest.approx(rows["上年同期值"].sum() / 10_000)


def _flow(
    source: SqlSource, department: Department, name: str, window: tuple[datetime, datetime]
) -> tuple[float, int]:
    value, n = flow_of_window(source, department, name, window)[""]
    assert value is not None
    assert n is not None
    return float(value), n


YEAR = (datetime(2025, 12, 31, 16, tzinfo=UTC), NOW)


@pytest.mark.parametrize(
    ("name", "column", "mode"),
    [
        ("total_year", "本期值", None),
        ("total_year_before", "上年同期值", None),
        ("processing_value", "本期值", "加工贸易"),
    ],
)
def test_the_year_is_the_sum_of_its_reported_months(
    name: str,
    column: str,
    mode: str | None,
    source: SqlSource,
    department: Department,
    months: pd.DataFrame,
) -> None:
    rows = months[months["统计月份"] >= "2026-01-01"]
    rows = rows if mode is None else rows[rows["贸易方式"] == mode]
    value, n = _flow(source, department, name, YEAR)
    assert n == len(rows)
    assert value == pytest.approx(rows[column].sum() / 10_000)


def test_there_are_more_than_thirteen_months_and_each_names_the_year_before(
    months: pd.DataFrame,
) -> None:
    totals = months.groupby("统计月份")[["本期值", "上年同期值"]].sum()
    assert len(totals) >= 25
    for month in totals.index[12:]:
        before = totals.loc[month - pd.DateOffset(years=1), "本期值"]
        assert totals.loc[month, "上年同期值"] == pytest.approx(before, rel=0.005)
    assert 200e4 < totals["本期值"].mean() < 420e4
    yoy = totals["本期值"] / totals["上年同期值"] - 1
    assert (yoy < 0).any()
    assert (yoy > 0).any()


def test_wrong_units_are_sent_again_a_month_later(url: str, source: SqlSource) -> None:
    sent = table_of(url, "进出口月报")
    wrong = sent[sent["本期值"] > 1_000_000]
    assert 0.002 < len(wrong) / len(sent) < 0.03
    cells = ["统计月份", "镇街代码", "进出口", "贸易方式"]
    corrected = sent[sent["版本"] == 2].merge(wrong, on=cells, suffixes=("", "_wrong"))
    assert len(corrected) > 10
    assert (corrected["本期值_wrong"] / corrected["本期值"]).round(2).eq(10_000).all()
    window = (NOW - timedelta(days=120), NOW)
    [count] = source.set_aside("monthly", window).values()
    assert 0 < count < 30, "those of the newest month are not corrected yet"


def test_the_file_of_a_day_comes_the_morning_after(business: pd.DataFrame) -> None:
    told = business["更新时间"]
    assert (told.dt.strftime("%H:%M") == "06:10").all()
    known = business[["申请时间", "办结时间"]].max(axis=1)
    assert (told.dt.normalize() - known.dt.normalize() == pd.Timedelta("1D")).all()
    assert business["申请时间"].max() < pd.Timestamp("2026-09-18")


@pytest.mark.parametrize(
    ("name", "way", "unit"),
    [("processing_time", "网上", "1min"), ("processing_time_window", "窗口", "1D")],
)
def test_business_takes_as_long_as_pandas_says(
    name: str, way: str, unit: str, source: SqlSource, business: pd.DataFrame
) -> None:
    rows = business[business["办理方式"] == way].dropna(subset=["办结时间"])
    took = (rows["办结时间"] - rows["申请时间"]) / pd.Timedelta(unit)
    [found] = source.asked(name, (NOW - timedelta(days=DAYS + 30), NOW), None)
    assert found.n == len(took) > 50
    assert found.value == pytest.approx(took.median())


def test_six_kinds_online_by_companies_of_all_towns(
    source: SqlSource, department: Department, business: pd.DataFrame
) -> None:
    whole = (NOW - timedelta(days=DAYS + 30), NOW)
    online = business["办理方式"] == "网上"
    assert set(business[online]["业务类型"]) == set(KINDS)
    rate, n = _flow(source, department, "processing_online_rate", whole)
    assert (rate, n) == (pytest.approx(100 * online.mean()), len(business))
    [companies] = source.asked("processing_companies", whole, None)
    assert companies.value == business[online]["企业编码"].nunique()
    rows = business[online].dropna(subset=["办结时间"])
    fastest, _ = _flow(source, department, "processing_fastest", whole)
    took = (rows["办结时间"] - rows["申请时间"]) / pd.Timedelta("1min")
    assert fastest == pytest.approx(took.min())
    districts = dict(zip(TOWNS, CODES[TOWN_DISTRICT], strict=True))
    assert (business["镇街代码"].map(districts) == business["区代码"]).all()
    assert business.groupby("企业编码")["镇街代码"].nunique().max() == 1


def test_open_business_is_what_this_mornings_file_leaves(
    source: SqlSource, business: pd.DataFrame
) -> None:
    [found] = source.stock("processing_open", NOW, None)
    assert found.value == business["办结时间"].isna().sum() > 0


def test_a_city_that_was_away_while_a_month_came_has_it_afterwards(tmp_path: Path) -> None:
    """Months that began before the city's own history still come and are still corrected."""
    begun, later = int(NOW.timestamp()), int((NOW + timedelta(days=35)).timestamp())
    counts = []
    for name, steps in (("away", [later]), ("made later", [])):
        engine = open_engine(f"sqlite:///{tmp_path}/{name}.sqlite")
        simulation = Simulation(engine, PLAN, SEED)
        simulation.build(begun if steps else later, 1 if steps else 36)
        for step in steps:
            simulation.advance(step)
        with engine.connect() as connection:
            asked = (
                "SELECT 统计月份, 版本, count(*) FROM 进出口月报 GROUP BY 1, 2 ORDER BY 1 DESC, 2"
            )
            counts.append(connection.execute(sa.text(asked)).all()[:8])
        engine.dispose()
    assert counts[0] == counts[1]
    assert str(counts[0][0][0]).startswith("2026-09-01")


def test_seasons_and_years_differ_and_equal_seeds_agree() -> None:
    january = 2026 * 12
    assert traded(1, january + 1).sum() < 0.85 * traded(1, january).sum()
    assert (traded(1, january) == traded(1, january)).all()
    assert (traded(1, january) != traded(2, january)).any()


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_processes_yield_what_was_published(seed: int, tmp_path: Path) -> None:
    url, days = f"sqlite:///{tmp_path}/trade.sqlite", 60
    make_department("trade", url, seed, days, int(NOW.timestamp()))
    lived = Lived(open_engine(url), days, int(NOW.timestamp()))
    for figure in PUBLISHED:
        found = figure.measure(lived)
        assert figure.departs(found) <= CLOSE, (figure.said, found)
    lived.engine.dispose()
