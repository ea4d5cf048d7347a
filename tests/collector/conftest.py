"""A city on SQLite with a Redis of its own; PostgreSQL where a test needs a database that hangs."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from collecting import City, Holder, Place, definition

from dashboard.catalogue import Catalogue
from data_access.live.embedded import EmbeddedRedis
from data_access.store import open_history


@pytest.fixture
def live(tmp_path: Path) -> Iterator[EmbeddedRedis]:
    """A Redis that a test may kill and flush."""
    with EmbeddedRedis(tmp_path / "redis") as server:
        yield server


@pytest.fixture
def city(tmp_path: Path, live: EmbeddedRedis) -> Iterator[City]:
    """Two departments, `north` and `south`, with nothing in their databases."""
    places = {key: Place(key, f"sqlite:///{tmp_path}/{key}.sqlite") for key in ("north", "south")}
    departments = {key: definition(key) for key in places}
    urls = {key: place.url for key, place in places.items()}
    history = open_history(f"sqlite:///{tmp_path}/store.sqlite")
    catalogue = Catalogue("v1", departments, urls=urls)
    yield City(history, live.url, "test", places, Holder(catalogue))
    history.close()
    for place in places.values():
        place.engine.dispose()
