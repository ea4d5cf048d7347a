"""Engines: read only, limited in time, and plain about what is wrong."""

import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from measures_town import (
    CASES,
    NOW,
    at,
    case,
    cases_table,
    department,
    dimension,
    fill,
    indicator,
    plan_of,
    source,
    write,
)
from standstill import Standstill

from dashboard.catalogue import Catalogue
from dashboard.ports import TimedOut, Unreachable
from data_access.departments.rows import BATCH
from data_access.departments.source import SqlSource
from data_access.departments.sources import SqlSources

COUNT = {"n": indicator({"kind": "count"}, time="opened")}


@pytest.mark.parametrize(
    "attempt",
    [
        "INSERT INTO cases (id) VALUES (99)",
        "UPDATE cases SET topic = 'x'",
        "DELETE FROM cases",
        "DROP TABLE cases",
        "CREATE TABLE more (id INTEGER)",
    ],
)
def test_the_database_itself_refuses_a_write(database_url: str, attempt: str) -> None:
    fill(database_url, cases_table(database_url), [case(1, "2026-11-22T08:00")])
    asked = source(database_url, department(CASES, COUNT))
    with pytest.raises(Unreachable):
        committed(asked, attempt)
    assert asked.rows("n", None, where={}, limit=5).total == 1
    # A pooled connection that has answered before is as read only as a new one.
    with pytest.raises(Unreachable):
        committed(asked, attempt)


def committed(asked: SqlSource, statement: str) -> None:
    """Try to write through a source's own connection."""
    with asked.reader.connected() as connection:
        connection.execute(sa.text(statement))
        connection.commit()


SLOW = {
    "sqlite": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n",
    "postgresql": "SELECT pg_sleep(30)",
    # SLEEP only says 1 when it is ended; a join of many rows is ended with an error.
    "mysql": "SELECT COUNT(*) FROM seq_1_to_100000 a, seq_1_to_100000 b WHERE a.seq * b.seq % 7 = 3",
}


def test_a_statement_ends_at_its_limit_and_the_next_one_answers(database_url: str) -> None:
    fill(database_url, cases_table(database_url), [])
    town = department(CASES, COUNT, limits={"statement": "1s", "connections": 1})
    asked = source(database_url, town)
    slow = SLOW[sa.make_url(database_url).get_backend_name()]
    began = time.monotonic()
    with pytest.raises(TimedOut, match="ended after 1 s"):
        asked.reader.rows(sa.text(slow))
    assert time.monotonic() - began < 10
    # The pool of one connection still serves.
    assert asked.rows("n", None, where={}, limit=1).rows == []


@pytest.fixture
def standstill(database_url: str) -> Iterator[tuple[str, Standstill]]:
    """The URL of a database behind a server that can stand still."""
    url = sa.make_url(database_url)
    if url.get_backend_name() == "sqlite":
        pytest.skip("a file does not stop speaking")
    between = Standstill(url.port or 5432)
    through = url.set(port=between.port).render_as_string(hide_password=False)
    yield through, between
    between.close()


def test_a_server_that_stands_still_is_given_up(standstill: tuple[str, Standstill]) -> None:
    url, between = standstill
    direct = sa.make_url(url).set(port=between.target).render_as_string(hide_password=False)
    fill(direct, cases_table(direct), [case(1, "2026-11-22T08:00")])
    town = department(CASES, COUNT, limits={"statement": "1s"})
    asked = source(url, town)
    assert asked.rows("n", None, where={}, limit=5).total == 1
    between.frozen.set()
    began = time.monotonic()
    with pytest.raises(Unreachable):
        asked.rows("n", None, where={}, limit=5)
    assert time.monotonic() - began < 20
    between.frozen.clear()
    assert asked.rows("n", None, where={}, limit=5).total == 1
    asked.close()


def test_a_server_that_stands_still_between_rows_is_given_up(
    standstill: tuple[str, Standstill],
) -> None:
    """An export fetches its rows piece by piece, and the first piece was answered in time."""
    url, between = standstill
    direct = sa.make_url(url).set(port=between.target).render_as_string(hide_password=False)
    many = [case(number, "2026-11-22T08:00") for number in range(1, 3 * BATCH)]
    fill(direct, cases_table(direct), many)
    asked = source(url, department(CASES, COUNT, limits={"statement": "1s"}))
    rows = asked.stream_rows("n", None)
    assert [next(rows), next(rows)]
    between.frozen.set()
    began = time.monotonic()
    with pytest.raises(Unreachable):
        list(rows)
    assert time.monotonic() - began < 10
    asked.close()


@pytest.mark.parametrize(
    "url",
    [
        "sqlite:////nowhere/secret-place.sqlite",
        "postgresql+psycopg://clerk:hunter2@127.0.0.1:1/secret",
        "mysql+pymysql://clerk:hunter2@127.0.0.1:1/secret",
        "a server that answers",
    ],
)
def test_what_is_said_of_a_failure_names_no_address_and_no_account(
    url: str, request: pytest.FixtureRequest
) -> None:
    if url == "a server that answers":
        place = sa.make_url(request.getfixturevalue("postgres_server"))
        clerk = place.set(
            drivername="postgresql",
            username="clerk",
            password="hunter2",
            database="secret_that_is_not",
        )
        url = clerk.render_as_string(hide_password=False)
    asked = source(url, department(CASES, COUNT))
    with pytest.raises(Unreachable) as caught:
        asked.reported("cases")
    said = str(caught.value)
    assert said.startswith("town: ")
    assert not any(word in said for word in ("hunter2", "clerk", "secret", "127.0.0.1", "/"))


def test_a_wrong_column_names_dataset_column_and_the_nearest_right_one(database_url: str) -> None:
    fill(database_url, cases_table(database_url), [])
    times = {"opened": {"column": "opend_at", "kind": "local"}}
    asked = source(database_url, department(CASES | {"times": times, "changed": None}, COUNT))
    with pytest.raises(Unreachable, match=r"town\.cases: .*'opend_at'; the nearest is 'opened_at'"):
        asked.tick(plan_of(asked.department), [(NOW - timedelta(hours=1), NOW)])
    wrong = source(database_url, department(CASES | {"table": "casess"}, COUNT))
    with pytest.raises(Unreachable, match="no table 'casess'; the nearest is 'cases'"):
        wrong.reported("cases")


def test_a_column_that_is_renamed_is_named_with_the_second_question(database_url: str) -> None:
    table = cases_table(database_url)
    fill(database_url, table, [])
    asked = source(database_url, department(CASES, COUNT))
    assert asked.rows("n", None, where={}, limit=1).rows == []
    write(database_url, sa.text("ALTER TABLE cases RENAME COLUMN topic TO topics"))
    with pytest.raises(Unreachable, match="named in the catalogue is gone"):
        asked.rows("n", None, where={}, limit=1)
    with pytest.raises(Unreachable, match="'topic'; the nearest is 'topics'"):
        asked.rows("n", None, where={}, limit=1)


class Fixed:
    """A catalogue source that gives what it was last handed."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue

    def current(self) -> Catalogue:
        """The catalogue."""
        return self.catalogue


def test_sources_follow_the_catalogue(tmp_path: Path) -> None:
    urls = [f"sqlite:///{tmp_path}/{name}.sqlite" for name in ("one", "two")]
    for place, url in enumerate(urls):
        fill(url, cases_table(url), [case(n, "2026-11-22T08:00") for n in range(place + 1)])
    town = department(CASES, COUNT)
    held = Fixed(Catalogue("1", {"town": town}, urls={"town": urls[0]}))
    sources = SqlSources(held)
    first = sources.of("town")
    assert sources.of("town") is first
    assert first.rows("n", None, where={}, limit=9).total == 1
    held.catalogue = Catalogue("2", {"town": town}, urls={"town": urls[1]})
    second = sources.of("town")
    assert second.rows("n", None, where={}, limit=9).total == 2
    narrowed = town.model_copy(update={"limits": town.limits.model_copy(update={"rows": 1})})
    held.catalogue = Catalogue("3", {"town": narrowed}, urls={"town": urls[1]})
    assert len(sources.of("town").rows("n", None, where={}, limit=9).rows) == 1
    held.catalogue = Catalogue("4", {"town": town}, urls={})
    with pytest.raises(Unreachable, match="TOWN_URL is not set"):
        sources.of("town")
    held.catalogue = Catalogue("5", {"town": town}, urls={"town": "oracle://x/y"})
    with pytest.raises(Unreachable, match="expected sqlite, postgresql"):
        sources.of("town")
    with pytest.raises(KeyError):
        sources.of("elsewhere")
    sources.close()


def test_a_written_ahead_log_is_read_while_the_department_writes(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/wal.sqlite"
    table = cases_table(url)
    write(url, sa.text("PRAGMA journal_mode=WAL"))
    fill(url, table, [case(1, "2026-11-22T08:00")])
    asked = source(url, department(CASES, COUNT))
    assert asked.rows("n", None, where={}, limit=5).total == 1
    writer = sa.create_engine(url)
    with writer.connect() as connection:
        connection.execute(table.insert().values(case(2, "2026-11-22T08:00")))
        assert asked.rows("n", None, where={}, limit=5).total == 1
        connection.commit()
    assert asked.rows("n", None, where={}, limit=5).total == 2
    writer.dispose()


def test_text_in_another_character_set_is_read(database_url: str) -> None:
    backend = sa.make_url(database_url).get_backend_name()
    if backend == "postgresql":
        pytest.skip("PostgreSQL converts to the connection's encoding by itself")
    table = sa.Table(
        "cases",
        sa.MetaData(),
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("opened_at", sa.DateTime),
        sa.Column("topic", sa.String(20) if backend == "mysql" else sa.LargeBinary),
        mysql_charset="gbk",
    )
    topic: Any = "噪音" if backend == "mysql" else "噪音".encode("gbk")
    fill(database_url, table, [{"id": 1, "opened_at": datetime(2026, 11, 22, 8), "topic": topic}])
    if backend == "sqlite":
        write(database_url, sa.text("UPDATE cases SET topic = CAST(topic AS TEXT)"))
    town = department(
        {
            "table": "cases",
            "times": {"opened": {"column": "opened_at", "kind": "local"}},
            "dimensions": {"topic": dimension("topic")},
        },
        {"n": indicator({"kind": "count"}, time="opened", by=["topic"])},
        charset="gbk",
    )
    rows = source(database_url, town).tick(plan_of(town), [(at("2026-11-22T00:00"), NOW)]).rows
    assert {row.code for row in rows} == {"", "噪音"}


@pytest.mark.parametrize("url", ["postgresql://cc:se@cr:et@host/db", "not a url of se@cr:et"])
def test_a_url_that_cannot_be_read_is_said_without_its_password(url: str) -> None:
    with pytest.raises(ValueError, match="the URL is not readable") as found:
        SqlSource(department(CASES, COUNT), url)
    assert "et@host" not in str(found.value)
    assert found.value.__suppress_context__


def test_a_url_that_is_not_set_is_said_by_the_name_of_its_variable() -> None:
    with pytest.raises(ValueError, match="TOWN_URL is not set"):
        SqlSource(department(CASES, COUNT), "")
