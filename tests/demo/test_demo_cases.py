"""Service matters of the demo city: plausible, and as the product counts them, beside pandas."""

from collections import Counter
from datetime import UTC, datetime

import numpy as np
import pandas as pd
import pytest
from demo_reading import Reading

from demo.cases import published
from demo.cases.matters import FLOODED, HEAVY_RAIN, TOPICS, matters_of, surges_on
from demo.places import TOWN_DISTRICT, TOWN_SIZES, TOWNS
from demo.weather import rain_rate

NOW = datetime(2026, 9, 16, 2, 10, tzinfo=UTC)
"""A Wednesday, ten past ten in the city."""
SEED, DAYS = 5, 20


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> Reading:
    """The department of some weeks."""
    return Reading.made(tmp_path_factory.mktemp("cases"), "cases", SEED, DAYS, NOW)


def minutes(start: pd.Series, end: pd.Series) -> pd.Series:
    return (end - start).dt.total_seconds() / 60


def test_orders_not_signed_for_in_time_are_counted_by_their_urgency(cases: Reading) -> None:
    orders = cases.table("T_GDXX", "交办时间", "签收时间")
    open_now = orders[orders["签收时间"].isna()]
    age = minutes(open_now["交办时间"], pd.Series(cases.here, open_now.index))
    urgent = open_now["紧急程度"] != "一般"
    late = (urgent & (age > 30)) | (~urgent & (age > 240))
    found = cases.stock("unsigned", "unit")
    assert found[""][0] == late.sum()
    assert (
        found[""][0] == cases.stock("unsigned_urgent")[""][0] + cases.stock("unsigned_other")[""][0]
    )
    assert {c: v[0] for c, v in found.items() if c} == Counter(open_now[late]["主办单位"])
    assert late.sum() < len(open_now)


@pytest.mark.parametrize(
    ("name", "column", "good"),
    [
        ("solved_rate", "是否解决", ["是"]),
        ("satisfaction_rate", "满意度", ["非常满意", "满意", "基本满意"]),
    ],
)
def test_call_backs_are_counted_by_channel_without_those_not_reached(
    cases: Reading, name: str, column: str, good: list[str]
) -> None:
    orders = cases.table("T_GDXX", "交办时间", "回访时间", "办结时间")
    asked = orders[orders["回访时间"] >= cases.here - pd.Timedelta(days=7)]
    valid = asked[asked[column].notna()]
    assert 0 < len(valid) < len(asked), "some are not reached"
    assert cases.total(name, 7)[1] == len(valid)
    for channel, (value, n) in cases.flow(name, 7, "channel").items():
        own = valid[valid["诉求渠道"] == channel]
        assert n == len(own)
        assert value == pytest.approx(100 * own[column].isin(good).mean())
    assert 80 < 100 * valid[column].isin(good).mean() < 95


def test_whoever_gave_up_waiting_no_longer_stands_in_the_queue(cases: Reading) -> None:
    tickets = cases.table("T_PDJH", "QHSJ", "JHSJ", "LKSJ")
    waiting = tickets[tickets["LKSJ"].isna()]
    found = cases.stock("hall_queue", "town")
    assert {c: v[0] for c, v in found.items() if c} == Counter(waiting["JDDM"])
    assert 5 < len(waiting) < 300
    gone = tickets[tickets["JHSJ"].isna() & tickets["LKSJ"].notna()]
    assert set(gone["PHZT"]) == {"过号"}
    assert 0.01 < len(gone) / len(tickets) < 0.06
    wait = minutes(tickets["QHSJ"], tickets["JHSJ"])
    assert 5 <= wait.median() <= 10


def test_the_last_version_of_a_case_says_where_it_was_and_when(cases: Reading) -> None:
    rows = cases.table("T_BJXX", "SBSJ").sort_values("VERSION")
    last = rows.drop_duplicates("SBLSH", keep="last")
    recent = last[last["SBSJ"] >= cases.here - pd.Timedelta(days=14)]
    companies = recent[recent["SQRLX"] == 2]
    after = companies["WSSBQD"].notna() & (companies["SFFGZSJ"] == 1)
    value, n = cases.total("company_after_hours_rate", 14)
    assert (n, value) == (len(companies), pytest.approx(100 * after.mean()))
    assert 12 < value < 28
    towns = cases.flow("applications", 14, "town")
    assert {code: n for code, (_, n) in towns.items()} == Counter(recent["JDDM"])
    assert (last["JDDM"].str[:6] == last["XZQHDM"]).all()
    assert len(towns) == len(TOWNS)


def test_halls_hours_are_marked_by_the_calendar_of_working_days(cases: Reading) -> None:
    rows = cases.table("T_BJXX", "SBSJ")
    window = rows[rows["WSSBQD"].isna()]
    assert (window["SFFGZSJ"] == 0).all(), "windows are closed after hours"
    at_night = rows[rows["SBSJ"].dt.hour.isin([0, 1, 2, 3, 13, 22])]
    assert (at_night["SFFGZSJ"] == 1).all()
    sunday = rows[rows["SBSJ"].dt.date.astype(str) == "2026-09-13"]
    assert len(sunday) > 50
    assert (sunday["SFFGZSJ"] == 1).all()


def test_companies_that_apply_online_are_counted_once(cases: Reading) -> None:
    rows = cases.table("T_BJXX", "SBSJ").sort_values("VERSION")
    last = rows.drop_duplicates("SBLSH", keep="last")
    companies = last[last["SQRLX"] == 2]
    source = cases.source()
    window = (NOW - pd.Timedelta(days=DAYS + 1), NOW)
    [total, *_] = source.asked("companies_applying", window, None)
    [online, *_] = source.asked("companies_applying_online", window, None)
    source.close()
    assert total.value == companies["SQRBM"].nunique()
    assert online.value == companies[companies["WSSBQD"].notna()]["SQRBM"].nunique()
    assert 0.28 < online.value / total.value < 0.45


def test_half_of_the_matters_can_be_finished_on_the_spot(cases: Reading) -> None:
    matters = cases.table("T_SXML")
    by_district = cases.stock("spot_matters_rate", "district")
    for code, (value, n) in by_district.items():
        own = matters[matters["QXDM"] == code] if code else matters
        assert n == len(own)
        assert value == pytest.approx(100 * own["SFDC"].mean())
    assert 44 < by_district["440604"][0] < 56
    assert not matters.duplicated(["QXDM", "SXBM"]).any()


def test_joint_matters_take_two_departments_or_more_and_are_closed_by_the_last(
    cases: Reading,
) -> None:
    joint = cases.table("T_LBSX", "HJSJ", "CLQX", "BJSJ")
    assert joint["BMS"].min() == 2
    assert set(joint["QXDM"]) == {"440604"}
    assert cases.stock("joint_open")[""][0] == joint["BJSJ"].isna().sum() > 0
    due = joint[
        (joint["CLQX"] < cases.here) & (joint["CLQX"] >= cases.here - pd.Timedelta(days=14))
    ]
    value, n = cases.total("joint_on_time_rate", 14)
    assert (n, value) == (len(due), pytest.approx(100 * (due["BJSJ"] <= due["CLQX"]).mean()))
    overdue = (joint["CLQX"] < cases.here) & joint["BJSJ"].isna()
    assert cases.stock("joint_overdue")[""][0] == overdue.sum()


def test_seekers_are_judged_when_their_week_is_over(cases: Reading) -> None:
    seekers = cases.table("T_JYPP", "SKSJ", "GZQX", "SGSJ")
    over = seekers[(seekers["GZQX"] < cases.here)]
    value, n = cases.total("back_to_work_rate", DAYS + 1)
    assert (n, value) == (len(over), pytest.approx(100 * (over["SGSJ"] <= over["GZQX"]).mean()))
    assert 25 < value < 60
    offered, _ = cases.total("jobs_offered", DAYS + 1)
    assert offered == pytest.approx(seekers["PPGWS"].mean())


def test_open_questions_and_tenders_have_a_life(cases: Reading) -> None:
    asked = cases.table("T_ZMHD", "DFQX", "DFSJ")
    due = asked[(asked["DFQX"] < cases.here) & (asked["DFQX"] >= cases.here - pd.Timedelta(days=7))]
    value, n = cases.total("dialogue_on_time_rate", 7)
    assert (n, value) == (len(due), pytest.approx(100 * (due["DFSJ"] <= due["DFQX"]).mean()))
    tenders = cases.table("T_GGJY", "GGSJ", "KBSJ", "CJSJ")
    assert cases.stock("tenders_open")[""][0] == (tenders["KBSJ"] > cases.here).sum() > 20
    settled = tenders[tenders["CJSJ"].notna()]
    assert settled["CJJE"].isna().eq(settled["JYJG"] == "流标").all()


def test_a_surge_is_of_one_town_and_topic_and_of_water_in_heavy_rain() -> None:
    days = range(20_600, 20_900)
    found = [(day, one) for day in days for one in surges_on(SEED, day)]
    assert 0.4 < len(found) / len(days) < 0.9
    day, one = max(found, key=lambda item: len(item[1].calls))
    matters = matters_of(SEED, day)
    own = (matters.town == TOWNS[one.town]) & (matters.topic == one.topic)
    assert own.sum() > 0.4 * len(one.calls)
    rain = [
        rain_rate(SEED, np.array([one.begins]), TOWN_DISTRICT[[one.town]])[0] for _, one in found
    ]
    wet = [one for (_, one), rate in zip(found, rain, strict=True) if rate > HEAVY_RAIN]
    assert {TOPICS[one.topic][0] for one in wet} == {"内涝积水"}
    dry = Counter(
        one.topic for (_, one), rate in zip(found, rain, strict=True) if rate <= HEAVY_RAIN
    )
    assert dry[FLOODED] < dry.total() / 4


def test_towns_have_the_share_of_life_that_is_drawn_for_them() -> None:
    assert TOWN_SIZES.sum() == pytest.approx(1)
    drawn: Counter[str] = Counter()
    for day in range(20_700, 20_740):
        drawn.update(matters_of(SEED, day).town.tolist())
    shares = [drawn[town] / drawn.total() for town in TOWNS]
    assert shares == pytest.approx(TOWN_SIZES.tolist(), abs=0.03)


@pytest.mark.parametrize("figure", published.PUBLISHED, ids=lambda figure: figure.said)
def test_what_was_published_holds_in_a_few_weeks(
    cases: Reading, figure: published.Published
) -> None:
    assert figure.departs(figure.measure(cases.lived(DAYS))) < 0.25
