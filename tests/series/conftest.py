"""A small city over a real store."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from series_ground import NOW, SHANGHAI, City, Rows, city

from data_access.store import open_history


@pytest.fixture
def make_city(tmp_path: Path) -> Iterator[Callable[..., City]]:
    """Makes a city in a zone at a time."""
    made: list[City] = []

    def make(zone: str = SHANGHAI, now: object = NOW) -> City:
        history = open_history(f"sqlite:///{tmp_path}/store{len(made)}.sqlite", lambda: now)
        token = history.take_lease("cases", "tests", 600)
        assert token is not None
        made.append(City(city(zone), history, Rows(), token, now))
        return made[-1]

    yield make
    for one in made:
        one.history.close()


@pytest.fixture
def town(make_city: Callable[..., City]) -> City:
    """A city in Shanghai's zone."""
    return make_city()
