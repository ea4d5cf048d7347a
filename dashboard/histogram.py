"""Logarithmic histograms: one per closed day answers quantiles of arbitrary long windows.

A value falls into the bin whose bounds differ by the factor `GAMMA`, so that any value known only by
its bin is known to within 1 % of itself, whatever its unit. Bins are whole numbers that sort like
the values they hold: positive ones for positive values, 0 for zero, negative ones for negative
values. Merging is adding counts, so a year is the sum of its days.
"""

import math
from collections.abc import Iterable, Mapping

GAMMA = 1.01
TINY = 1e-9
"""Values closer to zero than this count as zero."""
_LOG_GAMMA = math.log(GAMMA)
_SHIFT = 1 - math.ceil(math.log(TINY) / _LOG_GAMMA)
"""Added to exponents so that `TINY` itself has bin 1."""

Counts = Mapping[int, int]


def bin_of(value: float) -> int:
    """The bin of a value. Raises ValueError for what is not finite, which is no measured value."""
    if not math.isfinite(value):
        raise ValueError(f"found {value!r}, expected a finite number")
    size = abs(value)
    if size < TINY:
        return 0
    found = max(1, math.ceil(math.log(size) / _LOG_GAMMA) + _SHIFT)
    return found if value > 0 else -found


def bounds_of_bin(number: int) -> tuple[float, float]:
    """The smallest and the largest value of a bin, in that order."""
    if number == 0:
        return 0.0, 0.0
    upper = math.exp((abs(number) - _SHIFT) * _LOG_GAMMA)
    lower = upper / GAMMA
    return (lower, upper) if number > 0 else (-upper, -lower)


def merge(histograms: Iterable[Counts]) -> dict[int, int]:
    """One histogram of everything in several."""
    merged: dict[int, int] = {}
    for counts in histograms:
        for number, count in counts.items():
            merged[number] = merged.get(number, 0) + count
    return merged


def quantile(counts: Counts, q: float) -> float:
    """The q-quantile (0 ≤ q ≤ 1) as a linear interpolation between the two nearest ranks.

    Each rank's value is taken as if the values of a bin lay evenly within it, so it is within 1 %
    of the true one, and so is the result where both ranks have the same sign. Raises ValueError
    for an empty histogram or a q outside its range.
    """
    if not 0 <= q <= 1:
        raise ValueError(f"found q = {q!r}, expected 0 ≤ q ≤ 1")
    total = sum(counts.values())
    if total <= 0:
        raise ValueError("found an empty histogram, expected at least one value")
    position = q * (total - 1)
    low = math.floor(position)
    at_low = _value_at(counts, low)
    share = position - low
    return at_low if share == 0 else at_low + (_value_at(counts, low + 1) - at_low) * share


def _value_at(counts: Counts, rank: int) -> float:
    """The value of one rank, counted from 0 at the smallest."""
    passed = 0
    for number in sorted(counts):
        count = counts[number]
        if count > 0 and rank < passed + count:
            lower, upper = bounds_of_bin(number)
            return lower + (upper - lower) * (rank - passed + 0.5) / count
        passed += count
    raise ValueError(f"found rank {rank}, expected one below {passed}")
