"""A store of its own for each test, on both engines that a store can be on."""

import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from store_ground import Clock, Store

from data_access.store import open_history
from data_access.store.tables import metadata


@pytest.fixture(params=("sqlite", "postgresql"))
def engine_name(request: pytest.FixtureRequest) -> str:
    """The engines of a store, instead of those of departments."""
    return str(request.param)


@pytest.fixture(scope="session")
def shared_url(postgres_server: str) -> Iterator[str]:
    """One PostgreSQL database for all tests that empty it first: making one takes a second."""
    name = f"cc_test_store_{uuid.uuid4().hex[:12]}"
    server = sa.make_url(postgres_server)
    admin = sa.create_engine(server.set(database="postgres"), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    yield server.set(database=name).render_as_string(hide_password=False)
    with admin.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
    admin.dispose()


@pytest.fixture
def store(engine_name: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """An empty store with the lease of department `cases` held."""
    sqlite = engine_name == "sqlite"
    url = f"sqlite:///{tmp_path}/store.sqlite" if sqlite else request.getfixturevalue("shared_url")
    clock = Clock()
    history = open_history(url, clock)
    if not sqlite:
        with history.database.writing() as connection:
            names = ", ".join(metadata.tables)
            connection.exec_driver_sql(f"TRUNCATE {names} RESTART IDENTITY")
    token = history.take_lease("cases", "tests", 600)
    assert token is not None
    yield Store(history, clock, token, url)
    history.close()


@pytest.fixture
def written(store: Store) -> Iterator[Callable[[], list[str]]]:
    """The statements that wrote anything since the last call."""
    seen: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.split(None, 1)[0] in ("INSERT", "UPDATE", "DELETE"):
            seen.append(statement)

    sa.event.listen(store.history.database.engine, "before_cursor_execute", note)

    def since() -> list[str]:
        found = list(seen)
        seen.clear()
        return found

    yield since
    sa.event.remove(store.history.database.engine, "before_cursor_execute", note)
