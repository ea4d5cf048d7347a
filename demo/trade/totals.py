"""Imports and exports by month, town, direction and trade mode, in 10,000 yuan."""

from datetime import date
from functools import lru_cache

import numpy as np

from demo.days import HOUR, NEVER, Array, date_of, day_number, midnight
from demo.draws import chance
from demo.places import CODES, DISTRICTS, TOWN_DISTRICT, TOWNS
from demo.sheets import Sheet

MONTHS_BACK = 26
"""Months that there are at least, so that a year's line has a year before it."""
WAYS = ("进口", "出口")
MODES = ("一般贸易", "加工贸易", "保税物流", "其他")
MONTH = 3_060_000.0
"""What a month trades on the average, in 10,000 yuan."""
WAY_SHARES = np.array([0.29, 0.71])
MODE_SHARES = np.array([0.49, 0.40, 0.06, 0.05])
TOWN_SHARES = np.array([0.2, 0.33, 0.34, 0.09, 0.04])
"""Of the districts; within one the towns differ."""
SEASON = (1.02, 0.72, 0.98, 0.99, 1.0, 1.01, 1.03, 1.02, 1.05, 0.98, 1.07, 1.13)
"""January to December; February has the Spring Festival."""
WANDERS = 0.035
"""How far a month strays from its season: the log-spread of all together."""
APART = 0.12
"""How far single towns and modes stray from the city."""
IN_YUAN = 0.01
"""Of the cells of a month, those first sent in yuan instead of 10,000 yuan."""
SMALL = 200.0
"""Cells of less are never taken for yuan by whoever reads them."""
AGAIN = 0.02
"""Of the cells of a month, those sent once more with a better number."""


def month_number(day: int) -> int:
    """Months since the year 0 of a local day."""
    found = date_of(day)
    return found.year * 12 + found.month - 1


def first_of(month: int) -> int:
    """The first local day of a month."""
    return day_number(date(month // 12, month % 12 + 1, 1))


@lru_cache(maxsize=4)
def _towns(seed: int) -> Array:
    """The towns' shares of the city's trade."""
    rng = chance(seed, "trade.towns")
    weight = rng.lognormal(0, 0.7, len(TOWNS))
    of_district = np.bincount(TOWN_DISTRICT, weight, len(DISTRICTS))[TOWN_DISTRICT]
    return np.asarray(TOWN_SHARES[TOWN_DISTRICT] * weight / of_district)


@lru_cache(maxsize=64)
def traded(seed: int, month: int) -> Array:
    """What was traded in a month: towns by directions by modes, in 10,000 yuan."""
    rng = chance(seed, "trade.month", month)
    level = MONTH * SEASON[month % 12] * np.exp(WANDERS * rng.standard_normal())
    shares = _towns(seed)[:, None, None] * WAY_SHARES[:, None] * MODE_SHARES
    apart = rng.lognormal(-(APART**2) / 2, APART, shares.shape)
    return np.asarray(np.round(level * shares * apart, 2))


def totals_of(seed: int, day: int) -> dict[str, Sheet]:
    """The report of the month that begins on a day: none on other days."""
    if date_of(day).day != 1:
        return {}
    month = month_number(day)
    rng = chance(seed, "trade.report", month)
    value, before = traded(seed, month).ravel(), traded(seed, month - 12).ravel()
    size = len(value)
    due = midnight(first_of(month + 1) + 17 + int(rng.integers(0, 3)))
    came = np.full(size, due + 15 * HOUR + int(rng.integers(0, 3600)), np.int64)
    wrong = (rng.random(size) < IN_YUAN) & (value > SMALL)
    better = ~wrong & (rng.random(size) < AGAIN)
    sent = np.where(wrong, value * 10_000, np.where(better, np.round(value * 0.97, 2), value))
    again = np.flatnonzero(wrong | better)
    later = midnight(first_of(month + 2) + 17) + 15 * HOUR
    rows = np.concatenate([np.arange(size), again])
    version = np.concatenate([np.ones(size, np.int64), np.full(len(again), 2)])
    arrived = np.concatenate([came, np.full(len(again), later, np.int64)])
    amounts = np.concatenate([sent, value[again]])
    return {"进出口月报": _sheet(day, rows, version, arrived, amounts, before[rows])}


def _sheet(
    day: int, rows: Array, version: Array, arrived: Array, amounts: Array, before: Array
) -> Sheet:
    town, way, mode = np.unravel_index(rows, (len(TOWNS), len(WAYS), len(MODES)))
    assert (arrived < NEVER).all()
    return Sheet(
        arrived,
        {
            "统计月份": np.full(len(rows), midnight(day), np.int64),
            "镇街代码": TOWNS[town],
            "进出口": np.array(WAYS, dtype=object)[way],
            "贸易方式": np.array(MODES, dtype=object)[mode],
            "版本": version,
            "区代码": CODES[TOWN_DISTRICT][town],
            "本期值": amounts,
            "上年同期值": before,
            "报送时间": arrived,
        },
    )
