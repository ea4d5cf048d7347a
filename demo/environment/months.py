"""What is published once a month: classes of assessed sections, drinking water, and the city's place
among those of the province. The month before, about the tenth."""

from datetime import date
from functools import lru_cache

import numpy as np

from demo.days import HOUR, Array, date_of, day_number, midnight
from demo.draws import chance
from demo.environment import water
from demo.environment.air import ambient
from demo.places import CODES, TOWNS
from demo.sheets import Columns, From, Sheet, Written
from demo.sites import district_of, near, towns_index
from demo.weather import stillness

PUBLISHED_ON = 10
"""The day of the month on which the month before is published."""
CLASSES = ("Ⅰ", "Ⅱ", "Ⅲ", "Ⅳ", "Ⅴ", "劣Ⅴ")
OXYGEN, AMMONIA = (7.5, 6.0, 5.0, 3.0, 2.0), (0.15, 0.5, 1.0, 1.5, 2.0)
"""Limits by which the department judges a month's means, mg/L (GB 3838-2002)."""
SOURCES = (
    ("S4401", "石湾水厂水源地", "东平水道", "440604010"),
    ("S4402", "沙口水厂水源地", "东平水道", "440604011"),
    ("S4403", "南海第二水厂水源地", "北江", "440605124"),
    ("S4404", "桂城水厂水源地", "东平水道", "440605011"),
    ("S4405", "羊额水厂水源地", "顺德水道", "440606003"),
    ("S4406", "容桂水厂水源地", "容桂水道", "440606006"),
    ("S4407", "三水水厂水源地", "北江", "440607001"),
    ("S4408", "高明水厂水源地", "西江", "440608001"),
)
NEIGHBOURS = 20
"""Other cities of the province that are ranked with this one."""
YEAR_LIMITS = {"pm2_5": 35.0, "pm10": 70.0, "no2": 40.0, "so2": 60.0}
"""Means that count as 1 in the composite index, µg/m³; besides CO by 4 mg/m³ and ozone by 160."""


def months_of(seed: int, day: int) -> dict[str, Sheet]:
    """What is published on a day: nothing but on the tenth."""
    if date_of(day).day != PUBLISHED_ON:
        return {}
    days = range(_month_before(day, 1), _month_before(day, 0))
    at = published_at(seed, day)
    following = date_of(day).replace(day=1)
    later = day_number(_next_month(following).replace(day=PUBLISHED_ON))
    replaced = published_at(seed, later)
    month = f"{date_of(days[0]):%Y-%m}"
    return {
        "section_month": _sections(seed, days, month, at, replaced),
        "water_source_month": _sources(seed, month, day, at, replaced),
        "air_rank_month": _rank(seed, days, month, at, replaced),
    }


def published_at(seed: int, day: int) -> int:
    """When on its day a month is published: some time in the morning."""
    return midnight(day) + int(chance(seed, "environment.published", day).integers(9, 12)) * HOUR


def _next_month(first: date) -> date:
    return first.replace(year=first.year + first.month // 12, month=first.month % 12 + 1)


def _month_before(day: int, back: int) -> int:
    """The first day of this month, or of that before."""
    first = day_number(date_of(day).replace(day=1))
    return day_number(date_of(first - 1).replace(day=1)) if back else first


def _monthly(columns: Columns, size: int, at: int, replaced: int, month: str) -> Sheet:
    """Rows that hold from their publication until the next."""
    return Sheet(
        np.full(size, at, np.int64),
        {
            **columns,
            "month": np.full(size, month, dtype=object),
            "published_at": np.full(size, at, np.int64),
            "replaced_at": From(np.full(size, replaced, np.int64)),
            "updated_at": Written(),
        },
    )


@lru_cache(maxsize=16)
def _means(seed: int, days: range) -> tuple[Array, Array]:
    """A month's mean oxygen and ammonia at each station, from every third day."""
    found = [(water.loads(seed, day), day) for day in days[::3]]
    oxygen = np.mean([water.oxygen_of(load, day) for load, day in found], axis=0)
    return oxygen, water.TARGETS[:, 1] * np.mean([load for load, _ in found], axis=0)


def _sections(seed: int, days: range, month: str, at: int, replaced: int) -> Sheet:
    """The class of each assessed section: the worse of oxygen and ammonia decides."""
    oxygen, ammonia = _means(seed, days)
    by_oxygen = (oxygen[:, None] < np.array(OXYGEN)).sum(axis=1)
    by_ammonia = (ammonia[:, None] > np.array(AMMONIA)).sum(axis=1)
    places, towns = water.STATION_PLACES, water.STATION_TOWNS
    columns: Columns = {
        "section_code": np.array([f"G{s[0][1:]}" for s in water.STATIONS], dtype=object),
        "section_name": np.array([s[1] for s in water.STATIONS], dtype=object),
        "district_code": CODES[water.DISTRICT],
        "town_code": TOWNS[towns],
        "latitude": places[:, 0],
        "longitude": places[:, 1],
        "target_class": np.array([s[3] for s in water.STATIONS], dtype=object),
        "found_class": np.array(CLASSES, dtype=object)[np.maximum(by_oxygen, by_ammonia)],
        "worst_factor": np.where(by_oxygen > by_ammonia, "溶解氧", "氨氮").astype(object),
    }
    return _monthly(columns, len(towns), at, replaced, month)


def _sources(seed: int, month: str, day: int, at: int, replaced: int) -> Sheet:
    """Whether each source of drinking water kept class Ⅲ; one in ninety months it does not."""
    rng = chance(seed, "environment.sources.drinking", day)
    towns = towns_index(tuple(source[3] for source in SOURCES))
    places, size = near(seed, "drinking", towns), len(SOURCES)
    met = rng.random(size) > 1 / 90
    factors = np.array(["铁", "锰", "总磷"], dtype=object)[rng.integers(0, 3, size)]
    columns: Columns = {
        "source_code": np.array([source[0] for source in SOURCES], dtype=object),
        "source_name": np.array([source[1] for source in SOURCES], dtype=object),
        "river": np.array([source[2] for source in SOURCES], dtype=object),
        "district_code": CODES[district_of(towns)],
        "town_code": TOWNS[towns],
        "latitude": places[:, 0],
        "longitude": places[:, 1],
        "met": met.astype(np.int64),
        "beyond": np.where(met, np.full(size, None, dtype=object), factors),
    }
    return _monthly(columns, size, at, replaced, month)


def composite_index(seed: int, days: range) -> float:
    """The sum of the month's means over their limits, from every third day; ozone by the largest
    eight hours' mean of nine days in ten, CO likewise of nineteen in twenty."""
    found = [ambient(seed, day) for day in days[::3]]
    parts = [
        np.mean([day[name].mean() for day in found]) / limit for name, limit in YEAR_LIMITS.items()
    ]
    ozone = [day["o3"].mean(axis=1)[11:19].mean() for day in found]
    carbon = [day["co"].mean() for day in found]
    return float(sum(parts) + np.quantile(ozone, 0.9) / 160 + np.quantile(carbon, 0.95) / 4)


def _rank(seed: int, days: range, month: str, at: int, replaced: int) -> Sheet:
    """The city's place among those of the province, the cleanest first. Neighbours breathe the same
    still air, each as clean as it is: those at the coast cleaner than an industrial city."""
    own = composite_index(seed, days)
    rng = chance(seed, "environment.rank", days[0])
    kind = chance(seed, "environment.neighbours").normal(0.84, 0.1, NEIGHBOURS)
    still = np.mean([stillness(seed, day) for day in days[::5]])
    others = 2.95 * kind * (0.5 + 0.5 * still) * rng.lognormal(0, 0.05, NEIGHBOURS)
    columns: Columns = {
        "cities": np.array([NEIGHBOURS + 1]),
        "place": np.array([1 + int((others < own).sum())]),
        "composite_index": np.round(np.array([own]), 2),
    }
    return _monthly(columns, 1, at, replaced, month)


BEFORE = 75
"""Days before the history that are lived too, so that a month is always published."""
LEAD = 33
"""Days for which a month's rows can still be replaced."""
