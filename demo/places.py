"""Where things are: districts and towns with their official codes, and how busy each is."""

import json
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from pathlib import Path

import numpy as np

from demo.days import Array


@dataclass(frozen=True)
class District:
    """A district: its code, name, share of the city's life, centre (WGS-84) and towns."""

    code: str
    name: str
    share: float
    latitude: float
    longitude: float
    towns: tuple[str, ...]


DISTRICTS = (
    District(
        "440604", "禅城", 0.19, 23.009, 113.122, ("440604010", "440604011", "440604012", "440604100")
    ),
    District(
        "440605", "南海", 0.31, 23.029, 113.143,
        ("440605011", "440605121", "440605122", "440605123", "440605124", "440605125", "440605126"),
    ),
    District(
        "440606", "顺德", 0.31, 22.840, 113.294,
        (
            "440606003", "440606004", "440606005", "440606006", "440606101",
            "440606102", "440606103", "440606104", "440606105", "440606106",
        ),
    ),
    District(
        "440607", "三水", 0.11, 23.156, 112.897,
        ("440607001", "440607004", "440607101", "440607103", "440607104", "440607105", "440607106"),
    ),
    District(
        "440608", "高明", 0.08, 22.900, 112.892, ("440608001", "440608106", "440608107", "440608108")
    ),
)  # fmt: skip
CITY = "440600"
TOWNS_DRAWN = Path(__file__).resolve().parents[1] / "assets" / "geo" / "towns.geojson"
CODES = np.array([district.code for district in DISTRICTS], dtype=object)
SHARES = np.array([district.share for district in DISTRICTS])
TOWNS = np.array(list(chain.from_iterable(d.towns for d in DISTRICTS)), dtype=object)
TOWN_DISTRICT = np.array([i for i, d in enumerate(DISTRICTS) for _ in d.towns])
"""The index of the district of each of `TOWNS`."""


def _town_sizes() -> Array:
    """How much of the city's life is in each town, as `towns_of` draws them."""
    counts = [len(district.towns) for district in DISTRICTS]
    edges = [np.linspace(0, 1, count + 1) ** (1 / 1.4) for count in counts]
    return np.concatenate(
        [d.share * np.diff(edge) for d, edge in zip(DISTRICTS, edges, strict=True)]
    )


TOWN_SIZES = _town_sizes()
"""The share of the city's life in each of `TOWNS`."""


def towns_of(rng: np.random.Generator, districts: Array) -> Array:
    """A town of each row's district; the first of a district is its busiest."""
    sizes = np.array([len(d.towns) for d in DISTRICTS])[districts]
    firsts = np.searchsorted(TOWN_DISTRICT, np.arange(len(DISTRICTS)))[districts]
    within = np.floor(sizes * rng.random(len(districts)) ** 1.4).astype(np.int64)
    return np.asarray(TOWNS[firsts + within])


@lru_cache(maxsize=1)
def seats() -> dict[str, tuple[float, float]]:
    """Latitude and longitude of each town's seat, as the map draws it."""
    towns = json.loads(TOWNS_DRAWN.read_text(encoding="utf-8"))["features"]
    stated = (one["properties"] for one in towns)
    return {one["code"]: (one["seat"][1], one["seat"][0]) for one in stated}


def spots(rng: np.random.Generator, towns: Array, spread: float = 0.008) -> tuple[Array, Array]:
    """Latitude and longitude near the seat of each row's town, to 5 decimals; `spread` in degrees
    keeps two of three within a kilometre, and nearly all within the city."""
    known = seats()
    centres = np.array([known[town] for town in towns]).reshape(-1, 2)
    found = np.round(centres + rng.normal(0, spread, centres.shape), 5)
    return found[:, 0], found[:, 1]
