"""Histograms counted value by value in Python, to hold those of databases against."""

from collections.abc import Iterable

from dashboard.histogram import bin_of


def counts_of(values: Iterable[float]) -> dict[int, int]:
    """The histogram of values."""
    counts: dict[int, int] = {}
    for value in values:
        number = bin_of(value)
        counts[number] = counts.get(number, 0) + 1
    return counts
