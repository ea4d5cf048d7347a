"""Indicators of the traffic police beside pandas on a small city, and the traps of their rows."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest
from demo_town import NOW, Town, shipped

from demo.city import make_department
from demo.traffic.violations import violations_of
from demo.transit.crashes import crashes_on

NAIVE = pd.Timestamp(NOW).tz_convert("Asia/Shanghai").tz_localize(None)
WEEK = NAIVE - pd.Timedelta(days=7)
START = NOW - timedelta(days=7)


@pytest.fixture(scope="module")
def police(tmp_path_factory: pytest.TempPathFactory) -> Town:
    """The traffic police's department."""
    return Town(tmp_path_factory.mktemp("traffic"), "traffic")


def test_overloads_are_a_share_of_lorries_weighed(police: Town) -> None:
    weighed = police.table("ZC_JC", "JCSJ", "XZSJ")
    inside = weighed[weighed.JCSJ.between(WEEK, NAIVE)]
    value, n = police.flow("overload_rate", START)
    assert n == len(inside) > 800
    assert value == pytest.approx(100 * inside.CXBZ.mean())
    assert 0.04 < weighed.CXBZ.mean() < 0.1
    assert weighed.HPHM.str.startswith("粤X演").all(), "no lorry has such a plate"


def test_an_overload_taken_off_before_it_was_weighed_is_set_aside(police: Town) -> None:
    weighed = police.table("ZC_JC", "JCSJ", "XZSJ")
    wrong = weighed.XZSJ < weighed.JCSJ
    window = (NOW - timedelta(days=30), NOW)
    counted = police.source.set_aside("weighing", window)
    assert counted["unloaded_before_weighed"] == wrong.sum() > 0
    assert counted["weight_in_kilograms"] == (weighed.CHZZ > 1000).sum() > 0
    over = weighed[(weighed.CXBZ == 1) & weighed.JCSJ.between(WEEK, NAIVE)]
    value, n = police.flow("overload_unloaded_rate", START)
    assert n == len(over)
    assert value == pytest.approx(100 * over.XZSJ.notna().mean())


def test_notices_come_of_grave_crashes_and_end(police: Town) -> None:
    notices = police.table("LK_XX", "FXSJ", "FBSJ", "JSSJ")
    told = notices[notices.FBSJ <= NAIVE]
    open_now = told[told.JSSJ.isna() | (told.JSSJ > NAIVE)]
    [stock] = police.source.stock("notices_in_force", NOW, None)
    assert stock.value == len(open_now) > 0
    inside = told[told.FBSJ >= WEEK]
    minutes = (inside.FBSJ - inside.FXSJ).dt.total_seconds() / 60
    [middle] = police.source.asked("notice_delay", (START, NOW), None)
    assert middle.value == pytest.approx(minutes.median())
    assert 2 < minutes.median() < 8
    day = (NOW + timedelta(hours=8)).date() - timedelta(days=2)
    grave = (crashes_on(11, (day - datetime(1970, 1, 1).date()).days).severity != "NONE").sum()
    crashed = notices[(notices.SJLX == "SGU") & (notices.FXSJ.dt.date == day)]
    assert abs(len(crashed) - grave) <= 1, "one may be found after midnight"


def test_cars_pass_green_waves_by_the_hour(police: Town) -> None:
    waves = police.table("LB_YD", "XS")
    inside = waves[WEEK.ceil("h") <= waves.XS]
    value, n = police.flow("green_wave_rate", START.replace(minute=0) + timedelta(hours=1))
    assert n == inside.CLS.sum()
    assert value == pytest.approx(100 * inside[inside.TGQK == "TG"].CLS.sum() / inside.CLS.sum())
    assert set(waves.XS.dt.hour) == set(range(6, 23)), "none at night"


def test_of_sums_sent_again_the_newest_counts(police: Town) -> None:
    sums = police.table("WF_HZ", "TJRQ", "GXSJ")
    assert (sums.BBH == 2).any()
    key = ["TJRQ", "XZJDDM", "CLQD", "JKFS"]
    newest = sums.sort_values("BBH").groupby(key).tail(1)
    newest = newest[newest.TJRQ >= WEEK]
    for name, part in (
        ("violations_online_rate", newest.CLQD.isin(["WS", "SJ"])),
        ("violations_mobile_pay_rate", newest.JKFS == "YD"),
    ):
        value, n = police.flow(name, START)
        assert n == newest.JS.sum() > 10_000
        assert value == pytest.approx(100 * newest[part].JS.sum() / newest.JS.sum())
    assert 0.6 < newest[newest.CLQD.isin(["WS", "SJ"])].JS.sum() / newest.JS.sum() < 0.8


def test_the_file_of_yesterday_comes_after_six(police: Town) -> None:
    sums = police.table("WF_HZ", "TJRQ", "GXSJ")
    first = sums[sums.BBH == 1]
    hours = (first.GXSJ - first.TJRQ).dt.total_seconds() / 3600
    assert hours.between(30, 31).all()
    assert sums.TJRQ.max() == NAIVE.normalize() - pd.Timedelta(days=1)


def test_on_days_of_rest_the_windows_deal_with_nothing() -> None:
    holiday = (datetime(2026, 10, 2).date() - datetime(1970, 1, 1).date()).days
    channels = violations_of(1, holiday)["WF_HZ"].columns["CLQD"]
    assert "CK" not in set(channels)  # type: ignore[arg-type]  # a plain array
    workday = violations_of(1, holiday - 4)["WF_HZ"].columns["CLQD"]
    assert "CK" in set(workday)  # type: ignore[arg-type]  # a plain array


def test_a_file_that_is_not_there_by_night_is_not_due() -> None:
    dataset = shipped("traffic").datasets["violations"]
    assert dataset.calendar == "daily_report"


def test_a_made_department_is_left_alone(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/traffic.sqlite"
    at = int(datetime(2026, 9, 16, tzinfo=UTC).timestamp())
    assert make_department("traffic", url, 1, 1, at) > 100
    assert make_department("traffic", url, 1, 1, at) == 0
