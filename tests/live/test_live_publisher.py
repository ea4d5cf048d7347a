import os
import signal
import threading
from typing import Any

import orjson
import pytest
import redis
from structlog.testing import capture_logs

from dashboard.ports import Fenced
from data_access.live.embedded import EmbeddedRedis
from data_access.live.publisher import RedisPublisher


def entry(value: float) -> dict[str, Any]:
    return {"department": "cases", "value": value}


def held(server: EmbeddedRedis, section: str = "readings") -> dict[str, Any]:
    found = redis.Redis.from_url(server.url).hgetall(f"test:{section}")
    return {key.decode(): orjson.loads(value) for key, value in found.items()}


def refill(publisher: RedisPublisher, department: str = "cases") -> None:
    assert publisher.needs_refill(department)
    assert publisher.publish(department, 1, {"readings": {f"{department}.a": entry(1)}})
    assert not publisher.needs_refill(department)


def test_batch_changes_hashes_and_stream_together(
    own_redis: EmbeddedRedis, publisher: RedisPublisher
) -> None:
    batch = {"readings": {"cases.a": entry(1), "cases.b": entry(2)}, "facts": {"x": entry(3)}}
    assert publisher.publish("cases", 1, batch)
    assert publisher.publish("cases", 1, {"readings": {"cases.a": None, "cases.b": entry(5)}})
    assert held(own_redis) == {"cases.b": entry(5)}
    assert held(own_redis, "facts") == {"x": entry(3)}
    stream = redis.Redis.from_url(own_redis.url).xrange("test:changes")
    assert [int(fields[b"seq"]) for _, fields in stream] == [1, 2]
    assert orjson.loads(stream[0][1][b"batch"]) == batch


def test_old_token_is_fenced_and_changes_nothing(
    own_redis: EmbeddedRedis, publisher: RedisPublisher
) -> None:
    assert publisher.publish("cases", 7, {"readings": {"cases.a": entry(1)}})
    with pytest.raises(Fenced, match="7"):
        publisher.publish("cases", 6, {"readings": {"cases.a": entry(99)}})
    assert publisher.publish("customs", 1, {"readings": {"customs.a": entry(2)}})
    assert held(own_redis)["cases.a"] == entry(1)
    assert redis.Redis.from_url(own_redis.url).xlen("test:changes") == 2


def test_stream_is_capped(own_redis: EmbeddedRedis) -> None:
    publisher = RedisPublisher(own_redis.url, "test", 100)
    for value in range(500):
        publisher.publish("cases", 1, {"readings": {"cases.a": entry(value)}})
    assert redis.Redis.from_url(own_redis.url).xlen("test:changes") < 300
    publisher.close()


def test_flush_is_noticed_by_every_department(
    own_redis: EmbeddedRedis, publisher: RedisPublisher
) -> None:
    refill(publisher, "cases")
    refill(publisher, "customs")
    redis.Redis.from_url(own_redis.url).flushall()
    refill(publisher, "cases")
    refill(publisher, "customs")


def test_what_another_published_is_held_until_redis_has_lost_it(
    own_redis: EmbeddedRedis, publisher: RedisPublisher
) -> None:
    refill(publisher)
    successor = RedisPublisher(own_redis.url, "test", 1000)
    assert successor.needs_refill("cases")
    assert successor.holds("cases")
    assert not successor.holds("customs")
    redis.Redis.from_url(own_redis.url).flushall()
    assert not successor.holds("cases")
    own_redis.stop()
    assert successor.holds("cases"), "of a Redis that is silent nothing is known"
    successor.close()


def test_publishing_after_a_flush_without_refill_does_not_count_as_one(
    own_redis: EmbeddedRedis, publisher: RedisPublisher
) -> None:
    refill(publisher)
    redis.Redis.from_url(own_redis.url).flushall()
    assert publisher.publish("cases", 1, {"readings": {"cases.b": entry(2)}})
    assert publisher.needs_refill("cases")


def test_outage_is_logged_once_and_what_was_not_published_is_refilled(
    own_redis: EmbeddedRedis, publisher: RedisPublisher
) -> None:
    refill(publisher)
    assert own_redis.pid is not None
    os.kill(own_redis.pid, signal.SIGKILL)
    with capture_logs() as logs:
        for _ in range(30):
            assert not publisher.publish("cases", 1, {"readings": {"cases.a": entry(2)}})
            assert not publisher.needs_refill("cases")
        own_redis.start()
        waited = threading.Event()
        while not publisher.needs_refill("cases"):
            waited.wait(0.02)
        assert publisher.publish("cases", 1, {"readings": {"cases.a": entry(3)}})
    said = [log["event"] for log in logs if log.get("who") == "publisher"]
    assert said == ["redis does not answer", "redis answers again"]
    assert held(own_redis)["cases.a"] == entry(3)


def test_full_redis_is_an_outage_and_no_crash(
    own_redis: EmbeddedRedis, publisher: RedisPublisher
) -> None:
    redis.Redis.from_url(own_redis.url).config_set("maxmemory", "1")
    assert not publisher.publish("cases", 1, {"readings": {"cases.a": entry(1)}})


def test_many_threads_share_one_publisher(
    own_redis: EmbeddedRedis, publisher: RedisPublisher
) -> None:
    def run(department: str) -> None:
        publisher.needs_refill(department)
        for value in range(50):
            publisher.publish(department, 1, {"readings": {f"{department}.a": entry(value)}})

    threads = [threading.Thread(target=run, args=(f"d{n}",)) for n in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    stream = redis.Redis.from_url(own_redis.url).xrange("test:changes")
    assert [int(fields[b"seq"]) for _, fields in stream] == list(range(1, 251))
    assert not any(publisher.needs_refill(f"d{n}") for n in range(5))


def test_older_dump_is_filled_again(own_redis: EmbeddedRedis, publisher: RedisPublisher) -> None:
    for department in ("cases", "customs"):
        refill(publisher, department)
    redis.Redis.from_url(own_redis.url).set("test:seq", 0)
    assert publisher.publish("cases", 1, {"readings": {"cases.a": entry(2)}})
    assert publisher.needs_refill("cases")
    assert publisher.needs_refill("customs")
