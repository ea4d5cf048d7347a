"""Attempts to sign in are counted by name and by host; waits grow, and end."""

import uuid
from datetime import timedelta

import pytest

from data_access.live.attempts import CountedAttempts

HOUR = timedelta(hours=1)


@pytest.fixture(params=["redis", "away"])
def attempts(request: pytest.FixtureRequest) -> CountedAttempts:
    """Counted in Redis, and by the process where Redis is away."""
    away = "redis://127.0.0.1:9/0"
    url = request.getfixturevalue("redis_url") if request.param == "redis" else away
    return CountedAttempts(str(url), f"cc-test-{uuid.uuid4().hex[:8]}")


def test_a_name_is_tried_five_times_a_minute_from_wherever(attempts: CountedAttempts) -> None:
    found = [attempts.take("li", f"10.0.0.{number}") for number in range(7)]
    assert found[:5] == [None] * 5
    for wait in found[5:]:
        assert wait is not None
        assert timedelta(0) < wait <= timedelta(minutes=1)
    assert attempts.take("wu", "10.0.0.9") is None


def test_a_host_tries_twenty_times_a_minute_whatever_the_names(attempts: CountedAttempts) -> None:
    found = [attempts.take(f"name{number}", "10.0.0.1") for number in range(21)]
    assert found[:20] == [None] * 20
    assert found[20] is not None
    assert attempts.take("name1", "10.0.0.2") is None


def test_who_succeeded_begins_anew(attempts: CountedAttempts) -> None:
    for _ in range(3):
        for _ in range(4):
            assert attempts.take("li", "10.0.0.1") is None
        attempts.succeeded("li")


def test_waits_grow_and_none_is_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    """By the clock of the process, which the test moves."""
    now = [1_000_000.0]
    monkeypatch.setattr("time.time", lambda: now[0])
    attempts = CountedAttempts("redis://127.0.0.1:9/0", "x")
    waits: list[timedelta] = []
    for _ in range(300):
        wait = attempts.take("li", "10.0.0.1")
        if wait is not None:
            waits.append(wait)
            now[0] += wait.total_seconds() + 0.01
    assert waits[0] <= timedelta(minutes=1)
    assert max(waits) > timedelta(minutes=10)
    assert max(waits) <= HOUR
    now[0] += HOUR.total_seconds()
    assert attempts.take("li", "10.0.0.1") is None


def test_neither_names_nor_hosts_stand_in_redis(redis_url: str) -> None:
    """Who mistakes the fields types a password into that of the name."""
    import redis

    prefix = f"cc-test-{uuid.uuid4().hex[:8]}"
    CountedAttempts(redis_url, prefix).take("my-password", "10.0.0.1")
    client = redis.from_url(redis_url)
    keys = [key.decode() for key in client.scan_iter(f"{prefix}*")]
    assert len(keys) == 6
    assert not [key for key in keys if "my-password" in key or "10.0.0.1" in key]
    assert all(0 < client.ttl(key) <= 3700 for key in keys)
