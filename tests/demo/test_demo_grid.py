"""The grid of the demo city: plausible, and as the product counts it, beside pandas."""

from collections import Counter
from datetime import UTC, datetime

import pandas as pd
import pytest
from demo_reading import Reading

from demo.grid import published
from demo.grid.kinds import CODES, DAYS_ALLOWED, MAIN_TYPES, NAMES
from demo.places import DISTRICTS

NOW = datetime(2026, 9, 16, 2, 10, tzinfo=UTC)
SEED, DAYS = 5, 20


@pytest.fixture(scope="module")
def grid(tmp_path_factory: pytest.TempPathFactory) -> Reading:
    """The department of some weeks."""
    return Reading.made(tmp_path_factory.mktemp("grid"), "grid", SEED, DAYS, NOW)


TIMES = ("create_time", "dispatch_time", "dispose_deadline", "dispose_end_time", "archive_time")


def last(frame: pd.DataFrame, column: str, grid: Reading, days: float) -> pd.DataFrame:
    """Rows with a time within the days before now."""
    since = grid.here - pd.Timedelta(days=days)
    return frame[(frame[column] >= since) & (frame[column] < grid.here)]


def test_on_time_closing_is_the_sum_of_the_two_columns_without_what_is_suspended(
    grid: Reading,
) -> None:
    matters = grid.table("to_rec", *TIMES)
    due = last(matters, "dispose_deadline", grid, 7)
    value, n = grid.total("closing_on_time_rate", 7)
    assert n == due["need_archive"].sum()
    assert value == pytest.approx(100 * due["intime_archive"].sum() / due["need_archive"].sum())
    assert 92 < value < 99
    hung = due["hang_num"] > 0
    assert hung.any()
    assert due[hung]["need_archive"].eq(0).all()
    towns = grid.flow("closing_on_time_rate", 7, "town")
    assert set(towns) == set(DISTRICTS[2].towns)
    own = due[due["street_code"] == "440606003"]
    assert towns["440606003"][1] == own["need_archive"].sum()


def test_the_settled_columns_say_what_the_times_say(grid: Reading) -> None:
    matters = grid.table("to_rec", *TIMES)
    settled = matters[matters["need_archive"].eq(1)]
    closed = settled["archive_time"] <= settled["dispose_deadline"]
    sound = settled["archive_time"].isna() | (settled["archive_time"] >= settled["create_time"])
    assert settled[sound]["intime_archive"].eq(closed[sound].astype(int)).all()
    assert matters[matters["dispose_deadline"] > grid.here]["need_archive"].isna().all()


def test_matters_sent_back_are_counted_when_they_are_closed(grid: Reading) -> None:
    matters = grid.table("to_rec", *TIMES)
    sound = matters[~(matters["archive_time"] < matters["create_time"])]
    closed = last(sound, "archive_time", grid, 7)
    value, n = grid.total("rework_rate", 7)
    assert (n, value) == (len(closed), pytest.approx(100 * (closed["rework_num"] > 0).mean()))
    assert 1 < value < 6


def test_what_waits_for_dispatch_and_what_is_overdue_stands_by_town(grid: Reading) -> None:
    matters = grid.table("to_rec", *TIMES)
    waiting = matters["dispatch_time"].isna() & (
        matters["create_time"] < grid.here - pd.Timedelta(minutes=30)
    )
    assert grid.stock("undispatched")[""][0] == waiting.sum()
    overdue = matters[
        (matters["dispose_deadline"] <= grid.here)
        & matters["archive_time"].isna()
        & matters["hang_num"].eq(0)
    ]
    found = grid.stock("overdue_open", "town")
    assert {code: v[0] for code, v in found.items() if code} == Counter(overdue["street_code"])


def test_there_are_over_two_hundred_kinds_under_six_main_types(grid: Reading) -> None:
    assert len(CODES) == len(set(CODES)) == len(set(NAMES)) == len(DAYS_ALLOWED) > 200
    assert {main.name for main in MAIN_TYPES} == {
        "人居环境", "流动人口", "特殊人群", "矛盾纠纷", "村居安全", "公共服务"
    }  # fmt: skip
    matters = grid.table("to_rec", "create_time")
    source = grid.source()
    window = (NOW - pd.Timedelta(days=14), NOW)
    [reported, *_] = source.asked("kinds_reported", window, None)
    source.close()
    recent = last(matters, "create_time", grid, 14)
    assert reported.value == recent["sub_type_code"].nunique() > 180
    named = grid.table("dict_event_type").set_index("sub_type_code")["sub_type_name"]
    assert matters["sub_type_name"].eq(named[matters["sub_type_code"]].to_numpy()).all()


def test_places_that_cannot_be_are_counted_and_the_matters_kept(grid: Reading) -> None:
    matters = grid.table("to_rec")
    wrong = (matters["coordinate_x"] < 100) | (matters["coordinate_y"] > 60)
    assert 0.005 < wrong.mean() < 0.03
    assert matters[~wrong]["coordinate_y"].between(22.5, 23.2).all()
    source = grid.source()
    window = (NOW - pd.Timedelta(days=DAYS + 2), NOW)
    assert source.set_aside("matters", window)["place_swapped_or_zero"] == wrong.sum()
    source.close()


def test_visits_are_judged_when_due_and_nobody_is_named(grid: Reading) -> None:
    visits = grid.table("to_visit", "plan_time", "visit_deadline", "visit_time")
    due = last(visits, "visit_deadline", grid, 7)
    value, n = grid.total("visits_on_time_rate", 7)
    met = due["visit_time"] <= due["visit_deadline"]
    assert (n, value) == (len(due), pytest.approx(100 * met.mean()))
    assert 93 < value < 100
    missed = visits[(visits["visit_deadline"] <= grid.here) & visits["visit_time"].isna()]
    assert grid.stock("visits_missed")[""][0] == len(missed)
    to_make = visits[(visits["plan_time"] <= grid.here) & visits["visit_time"].isna()]
    assert grid.stock("visits_to_make")[""][0] == len(to_make) > 20
    private = grid.department.datasets["visits"].private
    assert {"person_name", "person_code"} <= set(private)
    assert visits["person_name"].str.endswith("演示").all()


def test_what_was_published_holds(grid: Reading) -> None:
    for figure in published.PUBLISHED:
        assert figure.departs(figure.measure(grid.lived(DAYS))) < 0.15, figure.said
