"""A restart together with Redis, which has lost all: what is not read yet says so."""

import threading
from datetime import datetime

import redis
from collecting import City

from data_access.collector.memory import PUBLISHED
from data_access.departments.source import SqlSource


class Waiting(SqlSource):
    """A department that is not heard of before somebody lets it."""

    let = threading.Event()

    def reported(self, dataset: str) -> datetime | None:
        Waiting.let.wait(30)
        return super().reported(dataset)


def test_readings_that_redis_has_lost_are_not_read_yet_and_not_absent(city: City) -> None:
    north, watch = city.places["north"], city.watch
    north.add(1, 4)

    def published() -> list[str]:
        return (city.history.state("north", PUBLISHED) or {}).get("readings", [])

    with city.collecting():
        watch.until(lambda: watch.value("north.opened") == 4)
        watch.until(lambda: "north.opened" in published())
    client = redis.Redis.from_url(city.redis_url)
    client.flushall()
    client.close()
    with city.collecting(make_source=Waiting):
        watch.until(lambda: watch.reading("north.opened").get("reason") == "not_read")
        assert watch.section("feeds")["north.orders"]["reason"] == "not_read"
        Waiting.let.set()
        watch.until(lambda: watch.value("north.opened") == 4)
