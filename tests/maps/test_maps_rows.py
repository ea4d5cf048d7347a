"""Layers against rows of a real database, on every engine."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from maps_ground import layer

from dashboard.catalogue import Catalogue, Department
from dashboard.records import split_key
from data_access.departments.source import SqlSource

NOW = datetime.fromisoformat("2026-11-22T12:30:00+08:00")
WORDS = {"zh": "试", "en": "test"}
THINGS = sa.Table(
    "things",
    sa.MetaData(),
    sa.Column("code", sa.String(12), primary_key=True),
    sa.Column("seen_at", sa.DateTime, primary_key=True),
    sa.Column("lat", sa.Numeric(9, 5)),
    sa.Column("lon", sa.Float),
    sa.Column("state", sa.String(12)),
    sa.Column("owner", sa.String(12)),
    sa.Column("depth", sa.Integer),
)


def local(**back: float) -> datetime:
    return NOW.replace(tzinfo=None) - timedelta(**back)


@pytest.fixture
def things(database_url: str) -> SqlSource:
    """Two things measured twice, and one that has not been heard of for a day."""
    rows: list[dict[str, Any]] = [
        {"code": "甲", "seen_at": local(minutes=30), "state": "OPEN", "depth": 3},
        {"code": "甲", "seen_at": local(minutes=5), "state": "SHUT", "depth": 12},
        {"code": "a", "seen_at": local(minutes=10), "state": "OPEN", "depth": None},
        {"code": "old", "seen_at": local(days=1), "state": "OPEN", "depth": 1},
        {"code": "ahead", "seen_at": local(minutes=-60), "state": "OPEN", "depth": 1},
    ]
    engine = sa.create_engine(database_url)
    with engine.begin() as connection:
        THINGS.create(connection)
        for one in rows:
            connection.execute(THINGS.insert(), {"lat": 23.02, "lon": 113.11, "owner": "李"} | one)
    engine.dispose()
    department = Department.model_validate(
        {
            "key": "town",
            "title": WORDS,
            "owner": WORDS,
            "url": "x",
            "liaison": WORDS,
            "datasets": {
                "things": {
                    "title": WORDS,
                    "table": "things",
                    "key": ["code", "seen_at"],
                    "times": {"seen": {"column": "seen_at", "kind": "local"}},
                    "private": ["owner"],
                    "show": {"code": WORDS, "owner": WORDS, "depth": WORDS, "seen_at": WORDS},
                }
            },
            "indicators": {},
        }
    )
    return SqlSource(department, database_url, clock=lambda: NOW)


NEWEST = {"time": "seen", "of": ["code"], "within": "2h"}


def test_of_each_thing_the_newest_row_is_drawn(things: SqlSource) -> None:
    of = layer(newest=NEWEST, label="code", value="depth")
    found = {row.label: row for row in things.map_rows(of).rows}
    assert set(found) == {"甲", "a"}, "neither what is silent for long nor what is dated ahead"
    assert found["甲"].value == 12
    assert float(found["甲"].north) == 23.02
    assert found["a"].value is None


def test_conditions_and_ages_are_the_datasets_own(things: SqlSource) -> None:
    of = layer(
        newest=NEWEST,
        where=[{"column": "state", "value": "OPEN"}],
        colour={"age": "seen", "classes": [{"upto": 60, "title": WORDS}, {"title": WORDS}]},
    )
    ages = [row.decides for row in things.map_rows(of).rows]
    assert sorted(ages) == [600.0, 1800.0]


def test_no_more_rows_than_the_layer_may_have(things: SqlSource) -> None:
    found = things.map_rows(layer(limit=2))
    assert (len(found.rows), found.more) == (2, True)


def test_the_row_behind_a_point_is_found_by_its_id_and_masked(things: SqlSource) -> None:
    (row,) = (
        r for r in things.map_rows(layer(newest=NEWEST, label="code")).rows if r.label == "甲"
    )
    page = things.row("things", split_key(row.id))
    assert page.columns == ["code", "owner", "depth", "seen_at"]
    ((code, owner, depth, seen),) = page.rows
    assert (code, owner, depth) == ("甲", "•••", 12)
    assert seen == NOW - timedelta(minutes=5)
    assert "李" not in page.sql
    assert things.row("things", split_key(row.id), cleared=True).rows[0][1] == "李"


def test_a_record_that_is_gone_is_an_empty_page(things: SqlSource) -> None:
    assert things.row("things", ("none", NOW.isoformat())).rows == []


def test_a_private_key_reaches_no_browser(things: SqlSource) -> None:
    dataset = things.department.datasets["things"].model_copy(update={"private": ["code"]})
    things.reader.department = things.department.model_copy(
        update={"datasets": {"things": dataset}}
    )
    assert {row.id for row in things.map_rows(layer(newest=NEWEST)).rows} == {""}


def test_columns_that_a_layer_names_and_the_table_has_not_are_problems(things: SqlSource) -> None:
    wrong = layer(position={"lat": "lta", "lon": "lon"}, newest=NEWEST | {"of": ["cod"]})
    right = layer(key="right", newest=NEWEST)
    layers = {one.key: one for one in (wrong, right)}
    catalogue = Catalogue("v", {"town": things.department}, layers=layers)
    found = [(problem.found, problem.mend) for problem in things.problems(catalogue)]
    assert ("column 'lta'", "did you mean 'lat'?") in found
    assert ("column 'cod'", "did you mean 'code'?") in found
    assert len(found) == 2
