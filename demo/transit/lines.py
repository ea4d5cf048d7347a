"""Bus lines: their numbers, the districts in which they run and how often."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from demo.days import MINUTE, Array, Times
from demo.draws import chance
from demo.places import CODES, SHARES

LINES = 56
KNOWN_LINE = "115路"
"""A line that was named in public, of the first district."""


@dataclass(frozen=True)
class Lines:
    """All lines: id, name, district index, planned headway in seconds off the peak."""

    ids: Array
    names: Array
    districts: Array
    headways: Times


@lru_cache(maxsize=4)
def lines_of(seed: int) -> Lines:
    """The lines of the city; line 115 is always among them."""
    rng = chance(seed, "transit.lines")
    numbers = np.unique(np.append(rng.choice(np.arange(101, 900), LINES - 1, replace=False), 115))
    if len(numbers) < LINES:
        numbers = np.append(numbers, 901)
    names = np.array([f"{n}路" for n in numbers], dtype=object)
    districts = rng.choice(len(CODES), LINES, p=SHARES / SHARES.sum())
    return Lines(
        np.array([f"FS{n}" for n in numbers], dtype=object),
        names,
        np.where(names == KNOWN_LINE, 0, districts),
        rng.integers(7, 21, LINES) * MINUTE,
    )


def routes_table(seed: int) -> dict[str, Array]:
    """The reference table of lines."""
    lines = lines_of(seed)
    return {
        "route_id": lines.ids,
        "route_short_name": lines.names,
        "district_code": CODES[lines.districts],
        "planned_headway": lines.headways,
    }
