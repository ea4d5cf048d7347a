"""Orders and heartbeats over a real Redis."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import pytest
import redis.asyncio as redis
from walls.walls_city import BEAT

from dashboard.devices import Beat
from dashboard.orders import Order
from dashboard.ports import Unreachable
from data_access.live.screens import RedisScreens

NOW = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
ORDER = Order(7, "duty", "message", "李明", NOW, {"text": "会商"})


async def until(condition: Callable[[], object], seconds: float = 10.0) -> None:
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110  # there is no event to wait for
            await asyncio.sleep(0.01)


@asynccontextmanager
async def listening(wire: RedisScreens) -> AsyncIterator[tuple[list[Order], list[int]]]:
    """What one web process hears: orders, and how often it is to look at the devices."""
    orders: list[Order] = []
    changes: list[int] = []
    task = asyncio.create_task(wire.follow(orders.append, lambda: changes.append(1)))
    try:
        await until(lambda: changes)
        yield orders, changes
    finally:
        task.cancel()


@pytest.fixture
def prefix() -> str:
    return f"cc-test-{uuid.uuid4().hex[:8]}"


async def test_an_order_reaches_all_web_processes_at_once(redis_url: str, prefix: str) -> None:
    one, two = RedisScreens(redis_url, prefix), RedisScreens(redis_url, prefix)
    async with listening(one) as (first, _), listening(two) as (second, changes):
        began = asyncio.get_running_loop().time()
        await one.publish(ORDER)
        await until(lambda: first and second)
        assert asyncio.get_running_loop().time() - began < 1
        assert first == second == [ORDER]
        await one.announce()
        await until(lambda: len(changes) == 2)


async def test_what_is_not_understood_is_passed_over(redis_url: str, prefix: str) -> None:
    wire = RedisScreens(redis_url, prefix)
    client = redis.Redis.from_url(redis_url)
    async with listening(wire) as (orders, _):
        for data in ("{", "{}", '{"kind": "explode"}', "[1]"):
            await client.publish(f"{prefix}:screens", data)
        await wire.publish(ORDER)
        await until(lambda: orders)
        assert orders == [ORDER]
    await client.aclose()


async def test_heartbeats_are_kept_for_a_while(redis_url: str, prefix: str) -> None:
    wire, beat = RedisScreens(redis_url, prefix), Beat.model_validate(BEAT)
    await wire.keep("a", beat, NOW)
    found = await wire.heard(["a", "b"])
    assert {device: (one.at, one.beat) for device, one in found.items()} == {"a": (NOW, beat)}
    assert await wire.heard([]) == {}
    client = redis.Redis.from_url(redis_url)
    assert 0 < await client.ttl(f"{prefix}:beat:a") <= 600
    await client.aclose()


async def test_redis_that_does_not_answer_is_said() -> None:
    wire = RedisScreens("redis://127.0.0.1:1", "x")
    with pytest.raises(Unreachable):
        await wire.heard(["a"])
    with pytest.raises(Unreachable):
        await wire.publish(ORDER)
