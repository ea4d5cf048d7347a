"""Chance, the same for equal seeds: each process of each day has a generator of its own.

Nothing is drawn from a generator that runs on, so a day is the same whether it was lived through,
made as history or caught up with after a pause.
"""

from collections.abc import Sequence
from zlib import crc32

import numpy as np

from demo.days import DAY, HOUR, SLOT, SLOTS, Array, Times, date_of, midnight


def chance(seed: int, name: str, day: int = 0) -> np.random.Generator:
    """The generator of one process on one day."""
    return np.random.default_rng(np.random.SeedSequence([seed, crc32(name.encode()), day]))


def rhythm(by_hour: Sequence[float]) -> Array:
    """Shares of a day's events per slot, from weights of its 24 hours; they sum to 1."""
    hours = np.arange(24) + 0.5
    weights = np.interp((np.arange(SLOTS) + 0.5) * 24 / SLOTS, hours, by_hour, period=24)
    return np.asarray(weights / weights.sum())


def opening_hours(*spans: tuple[float, float]) -> Array:
    """Shares of a day's visits per slot where doors are open from–to these hours, fullest early."""
    hours = np.arange(SLOTS) * 24 / SLOTS
    weights = sum(
        np.where((hours >= start) & (hours < end), np.exp((start - hours) / 4), 0)
        for start, end in spans
    )
    return np.asarray(weights / np.sum(weights))


def arrivals(rng: np.random.Generator, day: int, expected: Array) -> tuple[Times, Array]:
    """Seconds at which events happen, in order, and the column each belongs to.

    `expected` holds events expected per slot (rows) and column, such as a district.
    """
    counts = rng.poisson(expected)
    slots, kinds = np.nonzero(counts)
    repeats = counts[slots, kinds]
    starts = np.repeat(slots, repeats) * SLOT + rng.integers(0, SLOT, repeats.sum())
    order = np.argsort(starts, kind="stable")
    return midnight(day) + starts[order].astype(np.int64), np.repeat(kinds, repeats)[order]


def lasting(rng: np.random.Generator, median: float, spread: float, size: int) -> Times:
    """Durations in whole seconds: lognormal with this median and log-spread, at least 1."""
    return np.maximum(1, rng.lognormal(np.log(median), spread, size)).astype(np.int64)


def paired(rng: np.random.Generator, median: float, spread: float, group: Array) -> Times:
    """Durations as of `lasting`, one per row of `group`, drawn in pairs of the same group (a whole
    number) of which one lies as far above the median as the other below.

    Single lives are as different as ever; how groups differ is then seen on some thousand rows
    instead of a million.
    """
    z = np.empty(len(group))
    for value in np.unique(group):
        rows = np.flatnonzero(group == value)
        half = rng.standard_normal((len(rows) + 1) // 2)
        z[rows] = rng.permutation(np.concatenate([half, -half])[: len(rows)])
    return np.maximum(1, median * np.exp(spread * z)).astype(np.int64)


def quota(rng: np.random.Generator, shares: Array, group: Array) -> Array:
    """Whether a thing happens to each row: by chance who, but of every `group` (a whole number, in
    which all rows have the same of `shares`) as many as its share says."""
    found = np.zeros(len(group), bool)
    for value in np.unique(group):
        rows = np.flatnonzero(group == value)
        many = int(len(rows) * shares[rows[0]] + rng.random())
        found[rng.permutation(rows)[:many]] = True
    return found


def pick(rng: np.random.Generator, values: Sequence[object], weights: Array, size: int) -> Array:
    """Draw values by weight, which need not sum to 1."""
    weights = np.asarray(weights, float)
    chosen = rng.choice(len(values), size, p=weights / weights.sum())
    return np.array(values, dtype=object)[chosen]


def smooth(seed: int, name: str, day: int, span: int = 4) -> float:
    """A number that wanders from day to day: normal, correlated over about `span` days."""
    weights = np.exp(-np.arange(span * 2) / span)
    steps = [chance(seed, name, day - back).standard_normal() for back in range(span * 2)]
    return float(weights @ np.array(steps) / np.sqrt((weights**2).sum()))


def numbered(day: int, size: int, prefix: str = "", separator: str = "-") -> Array:
    """Serial numbers of a day's things, such as `GD20261122-00017`."""
    stem = f"{prefix}{date_of(day):%Y%m%d}{separator}"
    return np.array([f"{stem}{n:05d}" for n in range(size)], dtype=object)


def in_office(
    rng: np.random.Generator, times: Times, opens: float = 8.5, ends: float = 20
) -> Times:
    """Times moved out of the night: work that would fall after hours is done next morning."""
    second = (times + 8 * HOUR) % DAY
    start = times - second + opens * HOUR
    spread = rng.integers(0, 90 * 60, len(times))
    moved = np.where(second < opens * HOUR, start + spread, times)
    return np.asarray(np.where(second > ends * HOUR, start + DAY + spread, moved), np.int64)


def invented_names(rng: np.random.Generator, size: int) -> Array:
    """Names that no one can take for a person's: a surname and the word 演示 (demonstration)."""
    return pick(rng, [f"{name}演示" for name in "陈李黄何梁刘张罗周卢"], np.ones(10), size)


def invented_phones(rng: np.random.Generator, size: int) -> Array:
    """Numbers of a range that is not given out."""
    digits = np.char.zfill(rng.integers(0, 10_000, size).astype(str), 4)
    return np.char.add("1990000", digits).astype(object)
