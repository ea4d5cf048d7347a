import asyncio
import contextlib
import os
import signal
import time
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
import redis
from structlog.testing import capture_logs

from dashboard.frames import Change
from data_access.live.embedded import EmbeddedRedis
from data_access.live.follower import LiveFollower
from data_access.live.publisher import RedisPublisher


def entry(value: float) -> dict[str, Any]:
    return {"department": "cases", "value": value}


class Followed:
    """A follower that is running, and all it told."""

    def __init__(self, follower: LiveFollower) -> None:
        self.follower = follower
        self.changes: list[Change] = []
        follower.listen(self.changes.append)

    @property
    def readings(self) -> dict[str, Any]:
        return dict(self.follower.sections()["readings"])


async def until(condition: Callable[[], Any], seconds: float = 30.0) -> None:
    """Wait for a condition."""
    start = time.monotonic()
    while not condition():
        assert time.monotonic() - start < seconds, "waited in vain"
        await asyncio.sleep(0.01)


@contextlib.asynccontextmanager
async def following(server: EmbeddedRedis, **options: Any) -> AsyncIterator[Followed]:
    followed = Followed(LiveFollower(server.url, "test", **options))
    task = asyncio.create_task(followed.follower.follow())
    try:
        yield followed
    finally:
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task


def fill(publisher: RedisPublisher, **values: float) -> None:
    publisher.needs_refill("cases")
    batch = {"readings": {f"cases.{name}": entry(value) for name, value in values.items()}}
    assert publisher.publish("cases", 1, batch)


async def test_follower_starts_with_everything_and_hears_each_change(
    own_redis: EmbeddedRedis, publisher: RedisPublisher
) -> None:
    fill(publisher, a=1, b=2)
    async with following(own_redis) as followed:
        await until(lambda: followed.follower.connected)
        assert followed.readings == {"cases.a": entry(1), "cases.b": entry(2)}
        assert followed.changes[0].whole
        publisher.publish("cases", 1, {"readings": {"cases.a": entry(3), "cases.b": None}})
        await until(lambda: len(followed.changes) == 2)
        assert followed.readings == {"cases.a": entry(3)}
        told = followed.changes[1]
        assert not told.whole
        assert told.batch == {"readings": {"cases.a": entry(3), "cases.b": None}}
        assert told.seq == 2
        assert told.id == followed.follower.newest().id != followed.changes[0].id


async def test_frame_taken_before_stays_as_it_was(
    own_redis: EmbeddedRedis, publisher: RedisPublisher
) -> None:
    fill(publisher, a=1)
    async with following(own_redis) as followed:
        await until(lambda: followed.follower.connected)
        before = followed.follower.sections()
        fill(publisher, a=2)
        await until(lambda: len(followed.changes) == 2)
        assert before["readings"] == {"cases.a": entry(1)}
        after = followed.follower.sections()
        assert after["readings"] is not before["readings"]
        # What did not change is not copied with every change.
        assert all(after[name] is before[name] for name in ("sparks", "matters", "feeds"))


async def test_follower_waits_for_a_redis_that_is_not_there_yet(own_redis: EmbeddedRedis) -> None:
    own_redis.stop()
    async with following(own_redis) as followed:
        await until(lambda: followed.follower._outage.on)
        assert not followed.follower.connected
        assert followed.follower.newest() == Change(None, 0, followed.follower.sections(), True)
        own_redis.start()
        publisher = RedisPublisher(own_redis.url, "test", 100)
        fill(publisher, a=1)
        await until(lambda: followed.follower.connected)
        assert followed.readings == {"cases.a": entry(1)}
        publisher.close()


async def test_killed_redis_keeps_the_values_and_comes_back(
    own_redis: EmbeddedRedis, publisher: RedisPublisher
) -> None:
    fill(publisher, a=1, b=2)
    async with following(own_redis) as followed:
        await until(lambda: followed.follower.connected)
        assert own_redis.pid is not None
        with capture_logs() as logs:
            os.kill(own_redis.pid, signal.SIGKILL)
            await until(lambda: not followed.follower.connected)
            await asyncio.sleep(0.5)
            assert followed.readings == {"cases.a": entry(1), "cases.b": entry(2)}
            own_redis.start()
            await until(lambda: publisher.needs_refill("cases"))
            fill(publisher, a=5)
            await until(lambda: followed.follower.connected)
            await until(lambda: followed.readings["cases.a"] == entry(5))
        said = [log["event"] for log in logs if log.get("who") == "follower"]
        assert said == ["redis does not answer", "redis answers again"]
        assert followed.readings == {"cases.a": entry(5), "cases.b": entry(2)}
        assert followed.changes[-1].whole
        assert followed.changes[-1].id.split("-")[0] != followed.changes[0].id.split("-")[0]


async def test_flushed_redis_never_blanks_and_forgets_what_nobody_repeats(
    own_redis: EmbeddedRedis, publisher: RedisPublisher
) -> None:
    fill(publisher, a=1, b=2)
    async with following(own_redis, keep_seconds=3.0) as followed:
        await until(lambda: followed.follower.connected)
        redis.Redis.from_url(own_redis.url).flushall()
        await until(lambda: publisher.needs_refill("cases"))
        await asyncio.sleep(0.8)  # an epoch exists, and nothing is in it
        assert not followed.follower.connected
        assert set(followed.readings) == {"cases.a", "cases.b"}
        fill(publisher, a=5)
        await until(lambda: followed.readings.get("cases.a") == entry(5))
        assert followed.follower.connected
        assert followed.readings["cases.b"] == entry(2)
        await until(lambda: "cases.b" not in followed.readings)
        assert followed.changes[-1].batch == {"readings": {"cases.b": None}}
        assert followed.changes[-1].id is None
        assert followed.readings == {"cases.a": entry(5)}


async def test_values_repeated_in_the_new_epoch_stay(
    own_redis: EmbeddedRedis, publisher: RedisPublisher
) -> None:
    fill(publisher, a=1, b=2)
    async with following(own_redis, keep_seconds=1.0) as followed:
        await until(lambda: followed.follower.connected)
        redis.Redis.from_url(own_redis.url).flushall()
        fill(publisher, a=5)
        await until(lambda: followed.changes[-1].whole and len(followed.changes) > 1)
        publisher.publish("cases", 1, {"readings": {"cases.b": entry(6)}})
        await asyncio.sleep(1.8)  # beyond what is kept
        assert followed.readings == {"cases.a": entry(5), "cases.b": entry(6)}


async def test_number_left_out_of_the_stream_leads_to_a_whole_change(
    own_redis: EmbeddedRedis, publisher: RedisPublisher
) -> None:
    fill(publisher, a=1)
    async with following(own_redis) as followed:
        await until(lambda: followed.follower.connected)
        client = redis.Redis.from_url(own_redis.url)
        with client.pipeline(transaction=True) as pipe:  # as if two batches had been trimmed away
            pipe.incrby("test:seq", 2)
            pipe.hset("test:readings", "cases.missed", b'{"department":"cases","value":9}')
            pipe.execute()
        fill(publisher, a=2)
        await until(lambda: followed.readings.get("cases.missed") == entry(9))
        assert followed.changes[-1].whole
        assert followed.readings["cases.a"] == entry(2)


async def test_older_dump_with_older_ids_does_not_freeze_the_screens(
    own_redis: EmbeddedRedis, publisher: RedisPublisher
) -> None:
    fill(publisher, a=1)
    async with following(own_redis) as followed:
        await until(lambda: followed.follower.connected)
        epoch = followed.follower.newest().id.split("-")[0]
        client = redis.Redis.from_url(own_redis.url)
        with client.pipeline(transaction=True) as pipe:
            pipe.delete("test:changes")
            fields = {"epoch": epoch, "seq": 5, "batch": b"{}"}
            pipe.xadd("test:changes", fields, id="1000-0")
            pipe.set("test:seq", 5)
            pipe.hset("test:readings", "cases.a", b'{"department":"cases","value":7}')
            pipe.execute()
        await until(lambda: followed.readings["cases.a"] == entry(7))


async def test_stopped_redis_counts_as_lost(
    own_redis: EmbeddedRedis, publisher: RedisPublisher
) -> None:
    fill(publisher, a=1)
    async with following(own_redis) as followed:
        await until(lambda: followed.follower.connected)
        assert own_redis.pid is not None
        os.kill(own_redis.pid, signal.SIGSTOP)
        try:
            await until(lambda: not followed.follower.connected)
            assert followed.readings == {"cases.a": entry(1)}
        finally:
            os.kill(own_redis.pid, signal.SIGCONT)
        await until(lambda: followed.follower.connected)


async def test_follower_ends_whenever_it_is_cancelled(
    own_redis: EmbeddedRedis, publisher: RedisPublisher
) -> None:
    fill(publisher, a=1)
    for turns in range(120):
        task = asyncio.create_task(LiveFollower(own_redis.url, "test").follow())
        for _ in range(turns % 60):
            await asyncio.sleep(0)
        task.cancel()
        done, _ = await asyncio.wait({task}, timeout=20)
        assert done, f"cancelled after {turns} turns of the loop, and it goes on"
        assert task.cancelled()
