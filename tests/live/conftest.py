"""A Redis of our own on a unix socket, which tests may kill, flush and replace."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from data_access.live.embedded import EmbeddedRedis
from data_access.live.publisher import RedisPublisher


@pytest.fixture
def own_redis(tmp_path: Path) -> Iterator[EmbeddedRedis]:
    """A running server."""
    with EmbeddedRedis(tmp_path / "redis") as server:
        yield server


@pytest.fixture
def publisher(own_redis: EmbeddedRedis) -> Iterator[RedisPublisher]:
    """The collector's side of it."""
    made = RedisPublisher(own_redis.url, "test", 1000)
    yield made
    made.close()
