"""A store on PostgreSQL that stands still holds nobody for long."""

import time
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from standstill import Standstill

from dashboard.ports import Unreachable
from data_access.store import SqlHistory, database, open_history


@pytest.fixture
def between(shared_url: str) -> Iterator[Standstill]:
    """What stands between us and the store, and can stand still."""
    server = Standstill(sa.make_url(shared_url).port or 5432)
    yield server
    server.close()


@pytest.fixture
def history(
    shared_url: str, between: Standstill, monkeypatch: pytest.MonkeyPatch
) -> Iterator[SqlHistory]:
    monkeypatch.setattr(database, "STATEMENT_SECONDS", 2)
    monkeypatch.setattr(database, "GRACE_SECONDS", 1.0)
    open_history(shared_url).close()
    url = sa.make_url(shared_url).set(port=between.port)
    opened = SqlHistory(url.render_as_string(hide_password=False))
    yield opened
    opened.close()


def test_a_lease_is_not_waited_for_where_the_store_stands_still(
    history: SqlHistory, between: Standstill
) -> None:
    assert history.take_lease("silent", "a", 60.0)
    between.frozen.set()
    began = time.monotonic()
    with pytest.raises(Unreachable):
        history.take_lease("silent", "a", 60.0)
    assert time.monotonic() - began < 20, "asked whether it is there, and connected to once more"
    between.frozen.clear()
    assert history.take_lease("silent", "a", 60.0)


@pytest.mark.parametrize("moment", ["statement", "commit"])
def test_what_is_under_way_is_cut_where_the_store_stands_still(
    history: SqlHistory, between: Standstill, moment: str
) -> None:
    began = time.monotonic()
    with pytest.raises(Unreachable):
        _write(history, between, moment)
    assert time.monotonic() - began < 10


def _write(history: SqlHistory, between: Standstill, moment: str) -> None:
    with history.database.writing() as connection:
        connection.execute(sa.text("SELECT 1"))
        between.frozen.set()
        if moment == "statement":
            connection.execute(sa.text("SELECT 2"))
