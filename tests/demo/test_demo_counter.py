"""The one counter, the city app and the terminals of the demo city, beside pandas."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pandas as pd
import pytest
from demo_reading import Reading

from demo.counter import published
from demo.counter.app import KINDS, services, services_at, up
from demo.counter.terminals import COUNT, faults_at, terminals_at
from demo.days import HOUR, day_of, is_workday
from demo.places import DISTRICTS

NOW = datetime(2026, 9, 16, 2, 10, tzinfo=UTC)
SEED, DAYS = 5, 14


@pytest.fixture(scope="module")
def counter(tmp_path_factory: pytest.TempPathFactory) -> Reading:
    """The department of two weeks."""
    return Reading.made(tmp_path_factory.mktemp("counter"), "counter", SEED, DAYS, NOW)


def utc(counter: Reading) -> pd.Timestamp:
    """Now as the department writes it."""
    return pd.Timestamp(counter.now).tz_localize(None)


def last(frame: pd.DataFrame, column: str, counter: Reading, days: float) -> pd.DataFrame:
    """Rows with a time within the days before now."""
    now = utc(counter)
    return frame[(frame[column] >= now - pd.Timedelta(days=days)) & (frame[column] < now)]


def test_most_cases_are_taken_by_any_counter_and_closed_on_time(counter: Reading) -> None:
    cases = counter.table("counterCase", "acceptedAt", "dueAt", "closedAt")
    recent = last(cases, "acceptedAt", counter, 7)
    value, n = counter.total("general_counter_rate", 7)
    assert (n, value) == (
        len(recent),
        pytest.approx(100 * recent["counterKind"].eq("general").mean()),
    )
    due = last(cases, "dueAt", counter, 7)
    value, n = counter.total("on_time_rate", 7)
    assert (n, value) == (len(due), pytest.approx(100 * (due["closedAt"] <= due["dueAt"]).mean()))
    assert value > 95
    assert all(is_workday(day_of(int(at.timestamp()))) for at in cases["acceptedAt"])


def test_services_are_counted_by_kind_and_so_is_their_use(counter: Reading) -> None:
    names, kinds = services(SEED)
    assert len(names) == len(set(names))
    added = counter.stock("services_added", "kind")
    assert added[""][0] == len(names)
    assert {k: v[0] for k, v in added.items() if k} == {
        name: (kinds == place).sum() for place, name in enumerate(KINDS)
    }
    usage = counter.table("appUsage", "usageHour", "updatedAt")
    recent = last(usage, "usageHour", counter, 1)
    for kind, (value, _) in counter.flow("app_uses", 1, "kind").items():
        assert value == recent[recent["serviceKind"] == kind]["useCount"].sum()
    ok = recent[recent["outcome"] == "ok"]["useCount"].sum()
    value, n = counter.total("app_success_rate", 1)
    assert n == recent["useCount"].sum()
    assert value == pytest.approx(100 * ok / recent["useCount"].sum())
    assert 90 < value < 99
    assert (usage["updatedAt"] - usage["usageHour"]).between("60min", "65min").all()


def test_a_service_that_does_not_answer_fails_its_users_and_comes_back() -> None:
    count = len(services(SEED)[0])
    start = int(NOW.timestamp()) // HOUR * HOUR
    states = np.array([up(SEED, start + hour * HOUR, count) for hour in range(200)])
    assert 0.97 < states.mean() < 0.999
    assert states.any(axis=0).all()
    columns, probed = services_at(SEED, start + 60)
    assert (start + 60 - probed < 300).all()
    before = probed < start
    assert before.any()
    assert (columns["isUp"][before] == up(SEED, start - HOUR, count)[before]).all()


def test_terminals_that_are_silent_or_faulty_do_not_work(counter: Reading) -> None:
    terminals = counter.table("terminal", "heartbeatAt")
    fresh = terminals["heartbeatAt"] >= utc(counter) - pd.Timedelta(minutes=10)
    works = fresh & terminals["faultCode"].isna()
    found = counter.stock("terminals_up_rate", "town")
    assert found[""] == (pytest.approx(100 * works.mean()), COUNT)
    assert {code for code in found if code} == set(DISTRICTS[2].towns)
    assert counter.stock("terminals_down")[""][0] == COUNT - works.sum()
    half = 12 * HOUR
    start = int(NOW.timestamp()) // half * half
    faults = [faults_at(SEED, start + place * half) for place in range(60)]
    assert 0.02 < np.mean([fault.mean() for fault, _ in faults]) < 0.05
    place = next(at for at, (_, silent) in enumerate(faults) if silent.any())
    silent = faults[place][1]
    moment = start + place * half + 4 * HOUR
    columns, changed = terminals_at(SEED, moment)
    assert (moment - columns["heartbeatAt"][silent] > 600).all()
    assert (moment - columns["heartbeatAt"][~silent] < 600).all()
    assert (changed <= moment).all()


def test_terminals_are_used_at_every_hour_and_never_where_they_are_broken(
    counter: Reading,
) -> None:
    uses = counter.table("terminalUse", "startedAt")
    local = uses["startedAt"] + timedelta(hours=8)
    assert set(local.dt.hour) == set(range(24))
    recent = last(uses, "startedAt", counter, 1)
    ended = recent[recent["result"].notna()]
    value, n = counter.total("terminal_success_rate", 1)
    assert (n, value) == (len(ended), pytest.approx(100 * ended["result"].eq("ok").mean()))
    week = last(uses, "startedAt", counter, 7)
    value, _ = counter.total("terminal_after_hours_rate", 7)
    assert value == pytest.approx(100 * week["afterHours"].mean())
    assert 50 < value < 80
    for row in uses.head(400).itertuples():
        fault, _ = faults_at(SEED, int(row.startedAt.timestamp()))
        assert not fault[int(row.terminalId[2:])]


def test_appointments_not_kept_are_counted_when_their_time_has_passed(counter: Reading) -> None:
    bookings = counter.table("booking", "bookedAt", "slotAt", "arrivedAt")
    past = last(bookings, "slotAt", counter, 7)
    value, n = counter.total("no_show_rate", 7)
    assert (n, value) == (len(past), pytest.approx(100 * past["arrivedAt"].isna().mean()))
    assert 5 < value < 15
    assert all(is_workday(day_of(int(at.timestamp()))) for at in bookings["slotAt"])
    assert (bookings["slotAt"] > bookings["bookedAt"]).all()
    assert counter.total("bookings", 1)[0] == len(last(bookings, "bookedAt", counter, 1))


def test_what_was_published_holds(counter: Reading) -> None:
    for figure in published.PUBLISHED:
        assert figure.departs(figure.measure(counter.lived(DAYS))) < 0.15, figure.said
