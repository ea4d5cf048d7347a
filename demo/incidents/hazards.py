"""What holds where: for each hazard the response that people have declared and the signal that is up,
by slot and place. Responses follow what fell and blew; signals are quicker and lower."""

from functools import lru_cache

import numpy as np

from demo.days import HOUR, SLOT, SLOTS, Array, date_of
from demo.draws import chance
from demo.incidents.hydrology import hourly_rain
from demo.places import CITY, CODES, TOWN_DISTRICT
from demo.weather import gusts_of, rain_of, sun

PLACES = np.append(CODES, CITY)
"""The five districts, and last the city as a whole."""
HAZARDS = ("rain", "flood", "wind", "drought", "cold", "heat")
RESPONSE_NAMES = {
    "rain": "防暴雨", "flood": "防汛", "wind": "防风", "drought": "防旱", "cold": "防冻", "heat": "防暑",
}  # fmt: skip
SIGNAL_NAMES = {
    "rain": "暴雨", "flood": "洪水", "wind": "台风", "drought": "干旱", "cold": "寒冷", "heat": "高温",
}  # fmt: skip
GRADES = ("", "Ⅳ", "Ⅲ", "Ⅱ", "Ⅰ")
COLOURS = ("", "蓝", "黄", "橙", "红")
RAINY, FLOODED, WINDY = (16, 30, 55), (150, 210, 270), (10.8, 17.2, 24.5, 32.7)
"""From how much on each grade of response is declared, Ⅳ first: mm in an hour at any town, mm in
five days, m/s in gusts."""
SIGNALLED = (0, 12, 28, 50)
"""mm in an hour from which a rainstorm signal is up, from blue on; there is none of blue."""
AHEAD = 12 * HOUR // SLOT
"""Slots by which a response to wind precedes it."""


@lru_cache(maxsize=32)
def responses_at(seed: int, day: int) -> Array:
    """Grades 0 (none) to 4 (Ⅰ) by slot, hazard and place. Nobody responds to heat alone."""
    return np.stack(
        [
            _with_city(np.digitize(_wettest(seed, day, 24, 3), RAINY)),
            _with_city(np.digitize(_fallen(seed, day), FLOODED)),
            _with_city(np.digitize(_gusts_ahead(seed, day, AHEAD), WINDY)),
            _all_day(_dry(seed, day)),
            _all_day(_cold(seed, day)),
            np.zeros((SLOTS, len(PLACES)), np.int64),
        ],
        axis=1,
    )


@lru_cache(maxsize=32)
def signals_at(seed: int, day: int) -> Array:
    """Colours 0 (none) to 4 (red) by slot, hazard and place. Flood and drought have no signal."""
    none = np.zeros((SLOTS, len(PLACES)), np.int64)
    rain = np.digitize(_wettest(seed, day, 18, 1), SIGNALLED[1:])
    hours = np.arange(SLOTS) * SLOT // HOUR
    hot = (hours >= 10) & (hours < 20) & (date_of(day).month in range(6, 10))
    heat = 2 * (hot & (sun(seed, day) > 1.02))
    return np.stack(
        [
            _with_city(np.where(rain > 0, rain + 1, 0)),
            none,
            _with_city(np.digitize(_gusts_ahead(seed, day, AHEAD // 2), WINDY)),
            none,
            _all_day(_cold(seed, day)),
            _all_day(np.zeros(len(PLACES), np.int64)) + heat[:, None],
        ],
        axis=1,
    )


def _with_city(found: Array) -> Array:
    """Grades of the districts, and last the city's: that of its second-worst district."""
    return np.column_stack([found, np.sort(found, axis=1)[:, -2]])


def _all_day(grades: Array) -> Array:
    return np.broadcast_to(grades, (SLOTS, len(PLACES))).astype(np.int64)


def _wettest(seed: int, day: int, held: int, lag: int) -> Array:
    """Per slot and district the most rain of an hour in any town, from `held` to `lag` slots ago."""
    rain = np.concatenate([hourly_rain(seed, day - 1), hourly_rain(seed, day)])
    worst = np.stack([rain[:, n == TOWN_DISTRICT].max(axis=1) for n in range(len(CODES))], axis=1)
    spans = [worst[SLOTS - back : 2 * SLOTS - back] for back in range(lag, held + 1)]
    return np.asarray(np.stack(spans).max(axis=0))


def _fallen(seed: int, day: int) -> Array:
    """Rain of the five days before, mm, by district; the same at every slot."""
    fallen = np.sum([rain_of(seed, day - back).sum(axis=0) for back in range(1, 6)], axis=0)
    return np.broadcast_to(fallen, (SLOTS, len(CODES)))


def _gusts_ahead(seed: int, day: int, ahead: int) -> Array:
    """The strongest gust from each slot until `ahead` slots later, by district."""
    gusts = np.concatenate([gusts_of(seed, day), gusts_of(seed, day + 1)])
    if not gusts.any():
        return gusts[:SLOTS]
    return np.asarray(
        np.stack([gusts[shift : shift + SLOTS] for shift in range(0, ahead + 1, 3)]).max(axis=0)
    )


def _dry(seed: int, day: int) -> Array:
    """Places that respond to drought this week."""
    return (chance(seed, "incidents.drought", (day + 3) // 7).random(len(PLACES)) < 0.12) * 1


def _cold(seed: int, day: int) -> Array:
    """Places that respond to cold: all at once, in cold spells of the winter."""
    spell = chance(seed, "incidents.cold", (day + 1) // 4).random() < 0.2
    return np.full(len(PLACES), int(spell and date_of(day).month in (12, 1, 2)))
