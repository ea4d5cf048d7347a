"""The servers that tests bring up themselves, and what is said where none can be had."""

import socket
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
import redis
import servers
import sqlalchemy as sa
from own_servers import own_mariadb, own_postgres, own_redis
from servers import STANDARD, missing, refusal, serving

from data_access.live.embedded import EmbeddedRedis

Own = Callable[[], AbstractContextManager[str]]


@pytest.fixture(params=[own_postgres, own_mariadb], ids=["postgres", "mariadb"])
def own(request: pytest.FixtureRequest) -> Iterator[str]:
    """Each database server of our own in turn."""
    try:
        with request.param() as url:
            yield url
            place = sa.make_url(url)
        with socket.socket() as probe:
            assert probe.connect_ex(("127.0.0.1", place.port or 0)) != 0
    except FileNotFoundError as error:
        missing(str(error))


def test_a_server_of_our_own_speaks_tcp_and_makes_databases(own: str) -> None:
    place = sa.make_url(own)
    assert place.host == "127.0.0.1"
    assert place.port not in (None, 3306, 5432)
    for url in servers._fresh(own, "cc_test_one"):
        with sa.create_engine(url, poolclass=sa.NullPool).begin() as connection:
            connection.execute(sa.text("CREATE TABLE t (n INTEGER)"))


def test_a_server_that_wants_another_login_is_refused_in_its_own_words(own: str) -> None:
    place = sa.make_url(own)
    postgres = place.get_backend_name() == "postgresql"
    words = 'role "somebody" does not exist' if postgres else "Access denied for user 'somebody'"
    stranger = place.set(username="somebody", password="wrong")
    assert words in refusal(stranger.render_as_string(hide_password=False))
    assert refusal(own) == ""


def test_redis_that_wants_a_password_is_refused_in_its_own_words(tmp_path: Path) -> None:
    with EmbeddedRedis(tmp_path) as server:
        assert refusal(server.url) == ""
        with redis.Redis.from_url(server.url) as client:
            client.config_set("requirepass", "secret")
        assert "authenticated" in refusal(server.url)


@contextmanager
def nothing() -> Iterator[str]:
    """A server whose program is not installed."""
    raise FileNotFoundError("no program for it")
    yield ""


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """A machine on whose standard ports nothing that matters answers."""
    for name in STANDARD:
        monkeypatch.delenv(f"TEST_{name.upper()}_URL", raising=False)
    monkeypatch.setenv("TEST_STANDARD_PORTS", "0")
    monkeypatch.delenv("REQUIRE_ENGINES", raising=False)
    return monkeypatch


def test_without_a_standard_server_our_own_serves(alone: pytest.MonkeyPatch) -> None:
    server = serving("redis", own_redis)
    url = next(server)
    assert url.startswith("unix:")
    assert refusal(url) == ""
    assert next(server, None) is None
    assert refusal(url) != ""


def test_a_test_that_cannot_run_says_what_is_missing(alone: pytest.MonkeyPatch) -> None:
    alone.setenv("TEST_STANDARD_PORTS", "1")
    alone.setitem(STANDARD, "mariadb", "mysql+pymysql://root@127.0.0.1:1")
    with pytest.raises(pytest.skip.Exception, match=r"on 127.0.0.1:1: .*refused.*; and no program"):
        next(serving("mariadb", nothing))


def test_a_missing_engine_fails_where_all_are_required(alone: pytest.MonkeyPatch) -> None:
    alone.setenv("REQUIRE_ENGINES", "1")
    with pytest.raises(pytest.fail.Exception, match="no program for it"):
        next(serving("mariadb", nothing))


def test_a_named_server_that_does_not_answer_is_an_error(alone: pytest.MonkeyPatch) -> None:
    alone.setenv("TEST_POSTGRES_URL", "postgresql+psycopg://postgres@127.0.0.1:1")
    with pytest.raises(pytest.fail.Exception, match="TEST_POSTGRES_URL names"):
        next(serving("postgres", own_postgres))
