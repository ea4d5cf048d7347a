"""How stocks stood: told from the rows of today, beside a city that was looked at on that day."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from measures_town import at, department, dimension, fill, indicator, source
from pydantic import ValidationError

from dashboard.catalogue import Department
from dashboard.catalogue.indicators import Stock
from dashboard.catalogue.load import load
from dashboard.recall import is_recalled, moments, recalled_splits
from data_access.departments.source import SqlSource
from demo.city import PLANS, make_department

ROOT = Path(__file__).resolve().parents[2]
SEEDS = dict.fromkeys(PLANS, 11) | {"cases": 118, "customs": 14}
"""Cities in which there is something to count: a unit of 118 is behind with its orders."""
NOW = datetime(2026, 9, 30, 8, 10, tzinfo=UTC)
THEN = [NOW - timedelta(hours=hours) for hours in (2, 28, 60)]
"""Moments between two writings of the demo city at which no slip of its clerks is under way."""
OPEN = [{"column": "return_status", "op": "in", "value": ["120", "300", "399", "500"]}]
UNSIGNED = {"time": "signed", "op": "is_null"}
ON_STATUS: dict[str, dict[str, list[dict[str, Any]]]] = {
    "customs": {
        "unreleased": [*OPEN, {"time": "arrived", "op": "not_null"}],
        "unreleased_14d": [*OPEN, {"time": "arrived", "op": "<", "value": "now-14d"}],
        "released_uncollected": [
            {"column": "return_status", "value": "800"},
            {"time": "released", "op": "<", "value": "now-7d"},
        ],
    },
    "cases": {
        "unsigned_urgent": [
            UNSIGNED,
            {"column": "紧急程度", "op": "in", "value": ["紧急", "特急"]},
            {"time": "given", "op": "<", "value": "now-30m"},
        ],
        "unsigned_other": [
            UNSIGNED,
            {"column": "紧急程度", "value": "一般"},
            {"time": "given", "op": "<", "value": "now-4h"},
        ],
        "overdue_open": [
            {"time": "closed", "op": "is_null"},
            {"time": "due", "op": "<", "value": "now"},
        ],
    },
    "incidents": {
        "open_incidents": [{"column": "status", "value": "open", "fold": True}],
        "open_major": [
            {"column": "status", "value": "open", "fold": True},
            {"column": "grade", "op": "in", "value": ["较大", "重大", "特别重大"]},
        ],
        "report_age": [{"time": "sent", "op": "is_null"}],
    },
}
"""What the stocks of the demo city are by the departments' own status columns, which are
overwritten as rows go on."""


def shipped(name: str) -> Department:
    """A department of the shipped catalogue."""
    urls = {f"{key.upper()}_URL": "sqlite://" for key in PLANS}
    return load(ROOT / "catalog", urls).departments[name]


def on_status(whole: Department) -> Department:
    """The same with its stocks defined by what the columns say now."""
    found = dict(whole.indicators)
    for name, where in ON_STATUS[whole.key].items():
        measure = found[name].measure.model_dump() | {"since": None, "until": None}
        wanted = Stock.model_validate(measure | {"where": where})
        found[name] = found[name].model_copy(update={"measure": wanted})
    return whole.model_copy(update={"indicators": found})


def lived_until(folder: Path, name: str, moment: datetime) -> str:
    """The department's city as it was at a moment, from the same first day on."""
    url = f"sqlite:///{folder}/{name}-{moment:%d%H%M}.sqlite"
    days = (17 if name == "customs" else 7) - (NOW.date() - moment.date()).days
    make_department(name, url, SEEDS[name], days, int(moment.timestamp()))
    return url


@pytest.mark.parametrize("name", sorted(ON_STATUS))
def test_the_past_that_todays_rows_tell_is_what_was_seen_then(name: str, tmp_path: Path) -> None:
    whole = shipped(name)
    told = SqlSource(whole, lived_until(tmp_path, name, NOW), clock=lambda: NOW)
    counted = 0.0
    for moment in [NOW, *THEN]:
        seen = SqlSource(on_status(whole), lived_until(tmp_path, name, moment), clock=lambda: NOW)
        for key in ON_STATUS[name]:
            one = whole.indicators[key]
            for by in [None, *recalled_splits(one, whole.datasets[str(one.dataset)])]:
                then = by_code(told.stood(key, moment, by))
                assert then == by_code(seen.stock(key, moment, by)), (key, moment, by)
                counted += then[""][1]
        seen.close()
    assert counted > 20, "there was something to count"
    told.close()


def by_code(groups: list[Any]) -> dict[str, tuple[float | None, int]]:
    return {group.code: (group.value, group.n) for group in groups}


CASES = sa.Table(
    "cases",
    sa.MetaData(),
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("town", sa.String(8)),
    sa.Column("stage", sa.String(8)),
    sa.Column("begun", sa.DateTime),
    sa.Column("ended", sa.DateTime),
)
DATASET = {
    "table": "cases",
    "times": {
        "begun": {"column": "begun", "kind": "local"},
        "ended": {"column": "ended", "kind": "local", "open": "1900-01-01"},
    },
    "dimensions": {"town": dimension("town"), "stage": dimension("stage", changes=True)},
}
LASTING = {"kind": "stock", "since": "begun", "until": "ended"}


def town_of(url: str, **indicators: Any) -> SqlSource:
    """Four cases: ended, open, open as written by a system that knows no empty dates, to come."""
    rows = [
        ("a", 8, "2026-11-22T10:00"),
        ("a", 9, None),
        ("b", 9, "1900-01-01T00:00"),
        ("b", 23, None),
    ]
    fill(
        url,
        CASES,
        [
            {
                "id": number,
                "town": town,
                "stage": "x",
                "begun": datetime(2026, 11, 22, hour),
                "ended": datetime.fromisoformat(ended) if ended else None,
            }
            for number, (town, hour, ended) in enumerate(rows, 1)
        ],
    )
    return source(url, department(DATASET, indicators))


def test_a_row_is_in_its_state_from_since_until_until_on_every_engine(database_url: str) -> None:
    town = town_of(
        database_url,
        lasting=indicator(LASTING, by=["town"]),
        begun=indicator({"kind": "stock", "since": "begun"}),
        oldest=indicator(LASTING | {"aggregate": "max", "age_of": "begun"}),
    )

    def at_hour(hour: int, minute: int = 0) -> datetime:
        return at(f"2026-11-22T{hour:02}:{minute:02}", "Asia/Shanghai")

    assert by_code(town.stock("lasting", at_hour(12, 30), "town")) == {
        "": (2, 2),
        "a": (1, 1),
        "b": (1, 1),
    }
    assert by_code(town.stood("lasting", at_hour(9, 30), "town"))[""] == (3, 3)
    assert by_code(town.stood("lasting", at_hour(8), None))[""] == (1, 1), "since is included"
    assert by_code(town.stood("lasting", at_hour(10), None))[""] == (2, 2), "until is not"
    assert by_code(town.stood("lasting", at_hour(7), None))[""] == (0, 0)
    assert by_code(town.stood("begun", at_hour(23), None))[""] == (4, 4), "it never ends"
    assert by_code(town.stood("oldest", at_hour(9, 30), None))[""] == (1.5, 3), "aged then"
    page = town.rows("lasting", None, where={}, limit=10)
    assert page.total == 2, "the rows behind it are those in the state"


def test_what_rows_do_not_tell_is_refused(database_url: str) -> None:
    town = town_of(
        database_url,
        now=indicator({"kind": "stock", "where": [{"time": "ended", "op": "is_null"}]}),
        lasting=indicator(LASTING, by=["town", "stage"]),
    )
    assert by_code(town.stock("now", NOW))[""] == (3, 3), "1900 is no time"
    with pytest.raises(ValueError, match="do not tell"):
        town.stood("now", NOW)
    with pytest.raises(ValueError, match="by stage"):
        town.stood("lasting", NOW, "stage")


def test_until_without_since_is_refused() -> None:
    with pytest.raises(ValidationError, match="expected `since` beside it"):
        Stock(kind="stock", until="ended")


def test_the_last_rows_of_the_past_are_those_written_by_then(tmp_path: Path) -> None:
    """Hours are published some ten minutes later: at five past, the hour before is the newest."""
    whole = shipped("environment")
    told = SqlSource(whole, lived_until(tmp_path, "environment", NOW), clock=lambda: NOW)
    one = whole.indicators["pm25_now"]
    for moment in (NOW - timedelta(hours=5, minutes=5), NOW - timedelta(hours=30)):
        seen = SqlSource(whole, lived_until(tmp_path, "environment", moment))
        now = {v.code: (v.value, v.as_of) for v in seen.stock("pm25_now", moment, "station")}
        then = {v.code: (v.value, v.as_of) for v in told.stood("pm25_now", moment, "station")}
        assert then == now
        assert len(then) == 9
        seen.close()
    assert is_recalled(one, whole.datasets["air"])
    told.close()


def test_a_table_of_one_row_per_thing_tells_nothing_of_the_past() -> None:
    transit, environment = shipped("transit"), shipped("environment")
    bus = transit.indicators["bus_online_rate"]
    assert not is_recalled(bus, transit.datasets["vehicles"])
    over = environment.indicators["sources_over"]
    assert not is_recalled(over, environment.datasets["sources_day"]), "its rows are not settled"
    customs = shipped("customs")
    stage = customs.indicators["unreleased"]
    recalled = recalled_splits(stage, customs.datasets["declarations"])
    assert recalled == ["office", "district", "town"], "a step or stage is that of today"


def test_the_past_is_told_newest_first_and_the_further_the_rarer() -> None:
    now = datetime(2026, 9, 30, 8, 10, tzinfo=UTC)
    found = list(moments(now - timedelta(days=30), now, "Asia/Shanghai"))
    assert found == sorted(found, reverse=True)
    assert found[0] == datetime(2026, 9, 30, 8, 0, tzinfo=UTC)
    day = [moment for moment in found if moment > now - timedelta(hours=24)]
    week = [m for m in found if now - timedelta(days=8) < m <= now - timedelta(hours=24)]
    rest = [moment for moment in found if moment <= now - timedelta(days=8)]
    assert len(day) == 48 + 1, "every half hour, and the end of yesterday"
    assert len(week) == 7 * 24 + 7, "every hour, and the end of each day"
    assert {(m + timedelta(hours=8)).strftime("%H:%M") for m in rest} == {"23:55"}
    assert len(rest) == 22
    assert list(moments(now, now, "Asia/Shanghai")) == []
