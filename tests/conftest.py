"""Real servers for tests.

Servers that let tests in on their standard ports are used; otherwise PostgreSQL and Redis come up
from their pip packages, MariaDB from Debian's binaries. A test that cannot run says exactly what is
missing.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from own_servers import own_mariadb, own_postgres, own_redis
from playwright.sync_api import Browser, expect, sync_playwright
from servers import (
    ENGINES,
    SHARED,
    chromium_arguments,
    chromium_path,
    make_database,
    serving,
)

ALONE = (
    "lifecycle",
    "outages",
    "screens",
    "test_collector_declined",
    "test_collector_engines",
    "test_collector_outages",
    "test_web_outage",
)
"""Folders and files whose tests watch whole processes by the clock."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark tests that must not share the machine with others."""
    for item in items:
        if item.path.parent.name in ALONE or item.path.stem in ALONE:
            item.add_marker(pytest.mark.alone)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """URL of a PostgreSQL server, without a database."""
    yield from serving("postgres", own_postgres)


@pytest.fixture(scope="session")
def mariadb_server() -> Iterator[str]:
    """URL of a MariaDB server, without a database."""
    yield from serving("mariadb", own_mariadb)


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """URL of a Redis that others may use too: tests keep to keys of their own."""
    yield from serving("redis", own_redis)


@pytest.fixture(params=ENGINES)
def engine_name(request: pytest.FixtureRequest) -> str:
    """Each engine in turn: a test that asks for it runs three times."""
    return str(request.param)


@pytest.fixture
def database_url(engine_name: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A fresh, empty database on each engine in turn; dropped afterwards."""
    yield from make_database(engine_name, request, tmp_path)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real data; tests that need it are skipped where it is absent."""
    folder = SHARED / "data"
    if not folder.is_dir():
        pytest.skip(
            f"the real data is absent: no folder {folder.name!r} in ../shared beside the project"
        )
    return folder


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for all tests; each opens pages of its own.

    A driver keeps an event loop running in the thread that started it, in which a second one
    refuses to start: all that drive a browser in the main thread share this one.
    """
    path = chromium_path()
    # Two cores are shared with whatever else runs: waiting long costs nothing when all is well.
    expect.set_options(timeout=20_000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=chromium_arguments())
        yield browser
        browser.close()
