"""The ground on which deliveries are tried."""

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from intake_ground import Ground


@pytest.fixture
def stream(redis_url: str) -> Iterator[str]:
    """A stream of the test's own; removed afterwards."""
    name = f"test-intake-{uuid.uuid4().hex[:12]}"
    yield name
    with redis.Redis.from_url(redis_url) as client:
        client.delete(name)


@pytest.fixture
def ground(tmp_path: Path, redis_url: str, stream: str) -> Ground:
    """Landing in SQLite."""
    return Ground(tmp_path, f"sqlite:///{tmp_path}/clinics.sqlite", redis_url, stream)


@pytest.fixture
def any_ground(tmp_path: Path, database_url: str, redis_url: str, stream: str) -> Ground:
    """Landing in each engine in turn."""
    return Ground(tmp_path, database_url, redis_url, stream)
