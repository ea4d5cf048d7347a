"""What tests need of the machine: databases of their own on each engine, and Chromium."""

import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from typing import NoReturn

import pytest
import redis
import sqlalchemy as sa

ENGINES = ("sqlite", "postgresql", "mariadb")
STANDARD = {
    "postgres": "postgresql+psycopg://postgres@127.0.0.1:5432",
    "mariadb": "mysql+pymysql://root@127.0.0.1:3306",
    "redis": "redis://127.0.0.1:6379/0",
}
"""Where servers are looked for; `TEST_POSTGRES_URL` and its like name another place."""
ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"


def missing(reason: str) -> NoReturn:
    """Skip the test for want of something; fail it under REQUIRE_ENGINES=1, as on CI."""
    if os.environ.get("REQUIRE_ENGINES") == "1":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


def chromium_path() -> str:
    """Debian's Chromium; skips the test saying so where there is none."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        missing("Chromium is not installed: apt-get install chromium")
    return found


def chromium_arguments() -> list[str]:
    """Arguments for a browser that asks nobody but the product under test."""
    return [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--disable-default-apps",
        "--force-color-profile=srgb",
    ]


def refusal(url: str) -> str:
    """Why the server at a URL does not let us in, in its own words; empty where it does."""
    try:
        if url.startswith(("redis:", "rediss:", "unix:")):
            with redis.Redis.from_url(url, socket_timeout=3) as client:
                client.ping()
            return ""
        with sa.create_engine(
            _entrance(sa.make_url(url)), connect_args={"connect_timeout": 3}, poolclass=sa.NullPool
        ).connect() as connection:
            connection.execute(sa.text("SELECT 1"))
    except redis.RedisError as error:
        return str(error)
    except sa.exc.SQLAlchemyError as error:
        # Only the cause: the rest is advice about the library.
        return " ".join(str(getattr(error, "orig", None) or error).split())
    return ""


def serving(name: str, own: Callable[[], AbstractContextManager[str]]) -> Iterator[str]:
    """URL of a server: the one that is named, else the standard one, else one of our own.

    A generator to `yield from` in a fixture. A named server that does not let us in is an error: who
    names it wants that one. TEST_STANDARD_PORTS=0 looks past the standard one.
    """
    variable = f"TEST_{name.upper()}_URL"
    url = os.environ.get(variable, STANDARD[name])
    aside = variable not in os.environ and os.environ.get("TEST_STANDARD_PORTS") == "0"
    reason = "TEST_STANDARD_PORTS is 0" if aside else refusal(url)
    if not reason:
        yield url
        return
    if variable in os.environ:
        pytest.fail(f"the server that {variable} names does not let tests in: {reason}", False)
    with ExitStack() as stack:
        try:
            begun = stack.enter_context(own())
        except FileNotFoundError as error:
            at = sa.make_url(url)
            missing(f"{name} on {at.host}:{at.port}: {reason}; and {error}")
        yield begun


def _entrance(url: sa.URL) -> sa.URL:
    """The URL of the database in which others are made."""
    return url if url.get_backend_name() == "mysql" else url.set(database="postgres")


def _fresh(server: str, name: str, extra: str = "") -> Iterator[str]:
    url = sa.make_url(server)
    admin = sa.create_engine(_entrance(url), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(sa.text(f"CREATE DATABASE {name}{extra}"))
    yield url.set(database=name).render_as_string(hide_password=False)
    with admin.connect() as connection:
        force = "" if url.get_backend_name() == "mysql" else " WITH (FORCE)"
        connection.execute(sa.text(f"DROP DATABASE {name}{force}"))
    admin.dispose()


def make_database(engine: str, request: pytest.FixtureRequest, folder: Path) -> Iterator[str]:
    """A fresh database on one engine, as a generator to `yield from` in fixtures of any scope."""
    name = f"cc_test_{uuid.uuid4().hex[:12]}"
    if engine == "sqlite":
        yield f"sqlite:///{folder}/{name}.sqlite"
    elif engine == "postgresql":
        yield from _fresh(request.getfixturevalue("postgres_server"), name)
    else:
        server = request.getfixturevalue("mariadb_server")
        for url in _fresh(server, name, " CHARACTER SET utf8mb4"):
            yield url + "?charset=utf8mb4"
