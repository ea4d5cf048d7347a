"""The weather, which all departments share: rain that falls in storms, sun and still air."""

from functools import lru_cache

import numpy as np

from demo.days import DAY, HOUR, SLOT, SLOTS, Array, Times, date_of, midnight
from demo.draws import chance, smooth
from demo.places import DISTRICTS

STORMS_PER_DAY = (0.4, 0.5, 0.7, 0.9, 1.1, 1.2, 1.0, 1.0, 0.8, 0.65, 0.6, 0.4)
"""Storms expected per day, January to December."""
TYPHOONS_PER_DAY = (0, 0, 0, 0, 0.003, 0.01, 0.02, 0.022, 0.022, 0.014, 0.003, 0)
"""Typhoons that come near per day, January to December."""


@lru_cache(maxsize=128)
def _storms(seed: int, day: int) -> Array:
    """Rain of the storms that begin on a day, mm per slot and district, over two days."""
    rng = chance(seed, "weather.storms", day)
    rain = np.zeros((2 * SLOTS, len(DISTRICTS)))
    middle = (np.arange(2 * SLOTS) + 0.5) * SLOT
    for _ in range(rng.poisson(STORMS_PER_DAY[date_of(day).month - 1])):
        start = rng.normal(15 * HOUR, 5 * HOUR) % DAY
        length = np.clip(rng.lognormal(np.log(2.5 * HOUR), 0.6), HOUR / 2, 14 * HOUR)
        peak = rng.lognormal(np.log(6.5), 0.95) * SLOT / HOUR
        part = (middle - start) / length
        shape = np.where((part > 0) & (part < 1), np.sin(np.pi * np.clip(part, 0, 1)) ** 2, 0)
        cover = rng.random(len(DISTRICTS)) ** 1.5
        gusts = rng.gamma(2.0, 0.5, rain.shape)
        rain += peak * shape[:, None] * cover * gusts
    return rain


@lru_cache(maxsize=128)
def rain_of(seed: int, day: int) -> Array:
    """Rain in mm per slot (rows) and district, of storms begun that day or the day before."""
    return np.asarray(_storms(seed, day - 1)[SLOTS:] + _storms(seed, day)[:SLOTS])


def rain_rate(seed: int, times: Times, districts: Array) -> Array:
    """Rain in mm/h where and when each row happened; all rows lie within a few days."""
    return np.asarray(rain_between(seed, times)[np.arange(len(times)), districts])


def rain_between(seed: int, times: Times) -> Array:
    """Rain in mm/h in all districts (columns) at each time."""
    if not len(times):
        return np.zeros((0, len(DISTRICTS)))
    slots = (times - midnight(0)) // SLOT
    first, last = int(slots.min() // SLOTS), int(slots.max() // SLOTS)
    falling = np.concatenate([rain_of(seed, day) for day in range(first, last + 1)])
    return np.asarray(falling[slots - first * SLOTS] * HOUR / SLOT)


def wet_factor(seed: int, day: int, strength: float) -> Array:
    """How much more often a thing happens in rain, per slot and district: 1 when dry.

    `strength` is the increase at 20 mm/h; it saturates at about twice that.
    """
    rate = rain_of(seed, day) * HOUR / SLOT
    return np.asarray(1 + 2 * strength * rate / (rate + 20))


@lru_cache(maxsize=64)
def _typhoons(seed: int, day: int) -> Array:
    """Gusts of the typhoon that comes near on a day, if one does, in m/s per slot and district over
    three days."""
    rng = chance(seed, "weather.typhoon", day)
    gusts = np.zeros((3 * SLOTS, len(DISTRICTS)))
    if rng.random() < TYPHOONS_PER_DAY[date_of(day).month - 1]:
        middle = (np.arange(3 * SLOTS) + 0.5) * SLOT
        part = (middle - rng.uniform(0, DAY)) / rng.uniform(26 * HOUR, 44 * HOUR)
        shape = np.where((part > 0) & (part < 1), np.sin(np.pi * np.clip(part, 0, 1)) ** 2, 0)
        peak = np.clip(rng.lognormal(np.log(17), 0.35), 9, 45)
        gusts = peak * shape[:, None] * rng.uniform(0.8, 1.1, len(DISTRICTS))
    return gusts


@lru_cache(maxsize=64)
def gusts_of(seed: int, day: int) -> Array:
    """The strongest gusts in m/s per slot (rows) and district; 0 where no typhoon is near."""
    found = [_typhoons(seed, day - back)[back * SLOTS :][:SLOTS] for back in range(3)]
    return np.asarray(np.stack(found).max(axis=0))


def sun(seed: int, day: int) -> float:
    """Sunshine of a day, about 0.2 (dull) to 1.3 (cloudless); rain takes it away."""
    rained = float(rain_of(seed, day)[SLOTS // 3 : 2 * SLOTS // 3].mean(axis=1).sum())
    clear = 0.8 + 0.25 * smooth(seed, "weather.sun", day, 3)
    return float(np.clip(clear - 0.04 * rained, 0.15, 1.35))


def stillness(seed: int, day: int) -> float:
    """How still the air is: 1 on an ordinary day, above where pollution gathers."""
    season = 1 + 0.3 * np.cos(2 * np.pi * (date_of(day).timetuple().tm_yday - 5) / 365)
    washed = 1 / (1 + 0.03 * float(rain_of(seed, day).mean(axis=1).sum()))
    return float(season * washed * np.exp(0.28 * smooth(seed, "weather.still", day, 3)))
