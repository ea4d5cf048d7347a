"""Rows whose time is no time are in no number, and the feed says how many they are."""

from datetime import UTC, datetime

from collecting import INDICATORS, City
from working import bench

from data_access.collector.board import Board

TEXT = {"column": "town", "kind": "text", "format": "%H:%M:%S"}


def test_rows_without_a_readable_time_are_counted_with_the_feed(city: City) -> None:
    north = city.places["north"]
    north.add(1, 4, town="未登记")
    north.add(11, 1, town="08:30:00")
    times = {name: {"column": name, "kind": "epoch"} for name in ("opened", "closed")}
    written = INDICATORS["closed"] | {"time": "written"}
    more = {"times": times | {"written": TEXT}, "indicators": {"written": written}}
    with bench(city, north, **more) as work:
        board = Board(work.desk.agenda)
        board.take(work.tick())
        (feed,) = board.feeds(city.holder.catalogue, datetime.now(UTC))
        assert feed.unreadable == {"written": 4}
        assert feed.wire()["unreadable"] == {"written": 4}
        north.delete(range(1, 5))
        board.take(work.tick())
        (feed,) = board.feeds(city.holder.catalogue, datetime.now(UTC))
        assert feed.unreadable == {}
