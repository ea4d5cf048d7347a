"""Layers of the map: sampled by the collector, published once, and no department asked by viewers."""

import asyncio
from typing import Any

import pytest
import redis
import sqlalchemy as sa
from collecting import City, T, definition

from dashboard.catalogue import Catalogue
from dashboard.catalogue.layers import Layer
from dashboard.ports import Unreachable
from data_access.live.embedded import EmbeddedRedis
from data_access.live.follower import LiveFollower
from data_access.live.shelf import RedisShelf


def orders_layer(**more: Any) -> Layer:
    """Orders at places by their town."""
    plain = {
        "key": "orders",
        "title": T,
        "kind": "points",
        "dataset": "north.orders",
        "position": {"by": "town"},
        "places": {"a": [23.02, 113.11], "b": [22.84, 113.27]},
        "label": "town",
        "value": "minutes",
    }
    return Layer.model_validate(plain | more)


def show(city: City, version: str, *layers: Layer) -> None:
    """A catalogue with these layers."""
    departments = {key: definition(key) for key in city.places}
    urls = {key: place.url for key, place in city.places.items()}
    found = {layer.key: layer for layer in layers}
    city.holder.catalogue = Catalogue(version, departments, urls=urls, layers=found)


def test_rows_are_drawn_within_a_tick_and_a_new_version_says_so(city: City) -> None:
    north, watch = city.places["north"], city.watch
    north.add(1, 3)
    north.add(4, 1, town="nowhere")
    show(city, "v1", orders_layer())
    with city.collecting():
        watch.until(lambda: watch.section("layers"), what="the layer")
        told = watch.section("layers")["north.orders"]
        assert (told["n"], told["drawn"], told["aside"]) == (4, 3, {"unknown": 1})
        body = watch.section("points")["north.orders"]
        assert body["version"] == told["version"]
        assert body["lon"] == [11311000] * 3
        assert body["label"] == ["a"] * 3
        north.add(10, 1, town="b")
        watch.until(lambda: watch.section("layers")["north.orders"]["drawn"] == 4)
        assert watch.section("layers")["north.orders"]["version"] != told["version"]


def test_the_points_are_kept_beside_the_stream_and_not_in_it(city: City) -> None:
    city.places["north"].add(1, 50)
    show(city, "v1", orders_layer())
    with city.collecting():
        city.watch.until(lambda: city.watch.section("points"))
        client = redis.Redis.from_url(city.redis_url)
        batches = [fields[b"batch"] for _, fields in client.xrange("test:changes")]
        client.close()
    assert any(b'"layers":{"north.orders"' in batch for batch in batches)
    assert not any(b'"lon"' in batch for batch in batches)


def test_a_layer_that_is_taken_out_is_taken_down_and_a_new_one_comes(city: City) -> None:
    city.places["north"].add(1, 2)
    show(city, "v1", orders_layer())
    with city.collecting():
        watch = city.watch
        watch.until(lambda: "north.orders" in watch.section("layers"))
        show(city, "v2", orders_layer(key="waiting", where=[{"column": "closed", "op": "is_null"}]))
        watch.until(lambda: set(watch.section("layers")) == {"north.waiting"})
        assert set(watch.section("points")) == {"north.waiting"}


def test_redis_that_was_emptied_is_filled_with_the_points_again(
    city: City, live: EmbeddedRedis
) -> None:
    city.places["north"].add(1, 2)
    show(city, "v1", orders_layer())
    with city.collecting():
        city.watch.until(lambda: city.watch.section("points"))
        client = redis.Redis.from_url(live.url)
        client.flushall()
        client.close()
        city.watch.until(lambda: city.watch.section("points"), what="the points are back")


def test_a_layer_that_the_database_declines_takes_no_other_down(city: City) -> None:
    city.places["north"].add(1, 2)
    show(city, "v1", orders_layer(), orders_layer(key="wrong", label="no_such_column"))
    with city.collecting():
        watch = city.watch
        watch.until(lambda: "north.orders" in watch.section("layers"))
        watch.until(lambda: watch.value("north.opened") == 2)
        assert "north.wrong" not in watch.section("layers")


async def test_the_web_reads_a_version_once_and_keeps_it_through_an_outage(
    city: City, live: EmbeddedRedis
) -> None:
    city.places["north"].add(1, 2)
    show(city, "v1", orders_layer())
    with city.collecting():
        await asyncio.to_thread(city.watch.until, lambda: city.watch.section("points"))
        version = city.watch.section("layers")["north.orders"]["version"]
    shelf = RedisShelf(city.redis_url, "test")
    body = await shelf.points("north.orders", version)
    assert body is not None
    assert b'"lon":[11311000' in body
    assert await shelf.points("north.none", "x") is None
    live.stop()
    assert await shelf.points("north.orders", version) == body
    with pytest.raises(Unreachable):
        await shelf.points("north.orders", "newer")
    assert await shelf.points("north.orders", version) == body


async def test_the_follower_knows_the_layers_and_not_their_points(city: City) -> None:
    city.places["north"].add(1, 2)
    show(city, "v1", orders_layer())
    follower = LiveFollower(city.redis_url, "test")
    with city.collecting():
        await asyncio.to_thread(city.watch.until, lambda: city.watch.section("points"))
        task = asyncio.create_task(follower.follow())
        heard = asyncio.Event()
        follower.listen(lambda _: heard.set() if follower.sections().get("layers") else None)
        await asyncio.wait_for(heard.wait(), 10)
        task.cancel()
    assert "lon" not in follower.sections()["layers"]["north.orders"]
    assert "points" not in follower.sections()


def test_the_places_of_the_shipped_ground_are_used(city: City) -> None:
    """A dataset without positions of its own is placed at the seats of its towns."""
    north = city.places["north"]
    north.add(1, 1, town="a")
    with north.engine.begin() as connection:
        connection.execute(sa.text("UPDATE orders SET town = '440604'"))
    show(city, "v1", orders_layer(places={}))
    with city.collecting():
        city.watch.until(lambda: city.watch.section("layers"))
        assert city.watch.section("layers")["north.orders"]["drawn"] == 1
