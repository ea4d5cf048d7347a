"""What is kept ready and what must be mended: reservoirs against their flood limit, shelters, and
hazards at work sites with the day by which they have to be put right."""

from functools import lru_cache

import numpy as np

from demo.days import DAY, HOUR, SLOT, SLOTS, Array, Times, day_of, is_workday, midnight
from demo.draws import chance, lasting, numbered, pick, smooth
from demo.incidents.hazards import HAZARDS, responses_at
from demo.places import CODES, SHARES, TOWNS, towns_of
from demo.sheets import Columns, From, Sheet, Written
from demo.sites import district_of, gcj02, near, towns_index
from demo.weather import rain_of

RESERVOIRS = (
    ("R4401", "西坑水库", "440608108", 41.0),
    ("R4402", "深步水水库", "440608107", 35.5),
    ("R4403", "九曲河水库", "440607103", 22.0),
    ("R4404", "大坑水库", "440607106", 48.0),
    ("R4405", "东风水库", "440605124", 15.8),
)
"""Code, name, town and flood limit level (汛限水位, m; set for the demo)."""
SHELTER_SIZES = (200, 300, 500, 800, 1200)
OPENED_FROM = 2
"""The grade of a response (Ⅲ) from which a district opens its shelters."""
OPENED_FOR = [HAZARDS.index(name) for name in ("rain", "flood", "wind", "cold")]
TRADES = ("工贸", "危化品", "建筑施工", "消防", "燃气", "仓储")
FOUND_A_DAY = 17
GRADES = ("一般", "重大")
MENDED_IN = ((6 * DAY, 0.55), (14 * DAY, 0.5))
"""Median time and log-spread in which a hazard of each grade is put right; owed in 15 and 30 days."""
OWED_IN = (15 * DAY, 30 * DAY)
HAZARD_LEAD = 75
"""Days after which nearly every hazard has been put right."""


def reservoirs_of(seed: int, day: int) -> dict[str, Sheet]:
    """Reservoir levels every hour: about a metre under the limit, and the rain of the last days."""
    rng = chance(seed, "incidents.reservoirs", day)
    towns = towns_index(tuple(one[2] for one in RESERVOIRS))
    district, places = district_of(towns), near(seed, "reservoirs", towns)
    limit = np.array([one[3] for one in RESERVOIRS])
    fallen = np.array([rain_of(seed, day - back).sum(axis=0) for back in range(10)])
    weights = 0.82 ** np.arange(1, 10)
    before = weights @ fallen[1:]
    today = rain_of(seed, day).cumsum(axis=0)[SLOTS // 24 - 1 :: SLOTS // 24]
    drift = np.array([smooth(seed, f"incidents.reservoir.{n}", day, 6) for n in range(len(towns))])
    above = -1.25 + 0.12 * drift + 0.0042 * (0.7 * today + before)[:, district]
    above = np.round(above + rng.normal(0, 0.004, above.shape), 2)
    hour, which = np.indices(above.shape).reshape(2, -1)
    ends = midnight(day) + (hour + 1) * HOUR
    columns: Columns = {
        "reservoir_code": np.array([one[0] for one in RESERVOIRS], dtype=object)[which],
        "observed_at": ends.astype(np.int64),
        "reservoir_name": np.array([one[1] for one in RESERVOIRS], dtype=object)[which],
        "district_code": CODES[district][which],
        "town_code": TOWNS[towns][which],
        "latitude": places[which, 0],
        "longitude": places[which, 1],
        "level_m": np.round(limit[which] + above.ravel(), 2),
        "limit_m": limit[which],
        "above_limit": above.ravel(),
        "received_at": Written(),
    }
    return {"reservoir_level": Sheet(ends + 90 + which * 5, columns)}


@lru_cache(maxsize=4)
def _shelters(seed: int) -> dict[str, Array]:
    """One shelter per town, which does not change: its place as picked from a map."""
    rng = chance(seed, "incidents.shelters")
    size, towns = len(TOWNS), np.arange(len(TOWNS))
    latitude, longitude = gcj02(near(seed, "shelters", towns, 0.008)).T
    names = [f"演示避护场所{number + 1:02d}" for number in range(size)]
    return {
        "shelter_code": np.array([f"BH{number + 1:03d}" for number in range(size)], dtype=object),
        "shelter_name": np.array(names, dtype=object),
        "district_code": CODES[district_of(towns)],
        "town_code": TOWNS,
        "wd": latitude,
        "jd": longitude,
        "capacity": np.array(SHELTER_SIZES)[rng.integers(0, len(SHELTER_SIZES), size)],
    }


def shelters_at(seed: int, at: int) -> tuple[dict[str, Array], Times]:
    """Shelters as they are: open while their district responds from grade Ⅲ on. Each is reported
    at midnight, since people are counted anew by day, and where it opens or closes."""
    day = day_of(at)
    grades = np.concatenate([responses_at(seed, day - 1)[-1:], responses_at(seed, day)])
    wanted = np.asarray((grades[:, OPENED_FOR, : len(CODES)] >= OPENED_FROM).any(axis=1))
    now = 1 + (at - midnight(day)) // SLOT
    changed = np.zeros(len(CODES), np.int64)
    for place in range(len(CODES)):
        turns = np.flatnonzero(wanted[1 : now + 1, place] != wanted[:now, place])
        changed[place] = turns[-1] if len(turns) else 0
    fixed = _shelters(seed)
    district = district_of(np.arange(len(TOWNS)))
    opened = wanted[now][district]
    filled = chance(seed, "incidents.sheltered", day).uniform(0.03, 0.3, len(TOWNS))
    people = np.where(opened, np.round(fixed["capacity"] * filled), 0).astype(np.int64)
    times = midnight(day) + changed[district] * SLOT
    columns = fixed | {
        "state": np.where(opened, "开放", "关闭").astype(object),
        "people": people,
        "places_free": np.where(opened, fixed["capacity"] - people, 0).astype(np.int64),
        "changed_at": times,
    }
    return columns, times


def hazards_of(seed: int, day: int) -> dict[str, Sheet]:
    """Hazards found at work sites on a day, if any; each owes to be put right by a day."""
    rng = chance(seed, "incidents.work_safety", day)
    size = rng.poisson(FOUND_A_DAY if is_workday(day) else FOUND_A_DAY / 4)
    if not size:
        return {}
    district = rng.choice(len(CODES), size, p=SHARES / SHARES.sum())
    towns = towns_of(rng, district)
    spread = near(seed, f"work.{day}", towns_index(tuple(towns.tolist())), 0.015)
    latitude, longitude = gcj02(spread).T
    grade = (rng.random(size) < 0.02).astype(np.int64)
    found = midnight(day) + rng.integers(9 * HOUR, 17 * HOUR, size)
    owed = (found + np.array(OWED_IN)[grade]) // DAY * DAY + 10 * HOUR
    pace = np.array([lasting(rng, *MENDED_IN[which], size) for which in (0, 1)])
    columns: Columns = {
        "hazard_no": numbered(day, size, "YH"),
        "site": np.char.add("演示单位", rng.integers(1, 900, size).astype(str)).astype(object),
        "trade": pick(rng, TRADES, np.array([30, 8, 22, 25, 6, 9]), size),
        "grade": np.array(GRADES, dtype=object)[grade],
        "district_code": CODES[district],
        "town_code": towns,
        "wd": latitude,
        "jd": longitude,
        "found_at": found.astype(np.int64),
        "owed_by": owed.astype(np.int64),
        "mended_at": From((found + pace[grade, np.arange(size)]).astype(np.int64)),
        "updated_at": Written(),
    }
    return {"work_hazard": Sheet(found + 300, columns)}
