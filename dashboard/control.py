"""Control charts of single values: between which limits a steady process moves, and what leaves them.

Individuals and moving range, NIST/SEMATECH e-Handbook of Statistical Methods, 6.3.2.2: the limits
are the mean ± 3 sigma, where sigma is the mean moving range of two neighbouring values over d₂ = 1.128. A
run is eight or more neighbouring values on one side of the mean (ibid., 6.3.2, Western Electric).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

D2 = 1.128
"""Mean range of two values of a normal distribution, in its sigma."""
SIGMAS = 3.0
RUN = 8
"""Values on one side of the mean that are not chance."""
FEWEST = 8
"""Fewer values say nothing of how a process moves."""


@dataclass(frozen=True)
class Control:
    """The mean, both limits, and by place in the values: those outside, and the runs as
    (first, last, +1 above or −1 below the mean)."""

    mean: float
    low: float
    high: float
    outside: tuple[int, ...]
    runs: tuple[tuple[int, int, int], ...]


def control_of(
    values: Sequence[float | None], *, least: float | None = None, most: float | None = None
) -> Control | None:
    """The control of values in time order; None where fewer than `FEWEST` are known.

    `least` and `most` are what no value can be below or above (0 of a count, 100 of a share): a
    limit beyond says nothing and is drawn there. A moving range spans an unknown value.
    """
    known = [(place, value) for place, value in enumerate(values) if value is not None]
    if len(known) < FEWEST:
        return None
    mean = sum(value for _, value in known) / len(known)
    moved = [abs(after - before) for (_, before), (_, after) in pairwise(known)]
    reach = SIGMAS * (sum(moved) / len(moved)) / D2
    low, high = mean - reach, mean + reach
    outside = tuple(place for place, value in known if not low <= value <= high)
    low = low if least is None else max(low, least)
    high = high if most is None else min(high, most)
    return Control(mean, low, high, outside, tuple(_runs(known, mean)))


def _runs(known: Sequence[tuple[int, float]], mean: float) -> list[tuple[int, int, int]]:
    """The longest stretches on one side of the mean; a value on the mean ends one."""
    found: list[tuple[int, int, int]] = []
    stretch: list[int] = []
    side = 0
    for place, value in [*known, (-1, mean)]:
        now = (value > mean) - (value < mean)
        if now == side and now:
            stretch.append(place)
            continue
        if side and len(stretch) >= RUN:
            found.append((stretch[0], stretch[-1], side))
        stretch, side = [place], now
    return found
