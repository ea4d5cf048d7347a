"""Pollution sources: hourly values with their validity, and the daily mean as it forms."""

from functools import lru_cache

import numpy as np

from demo.days import HOUR, MINUTE, Array, midnight
from demo.draws import chance, pick, smooth
from demo.places import CODES, SHARES, TOWNS, towns_of
from demo.sheets import Sheet, Steps, Written
from demo.sites import gcj02, near, towns_index

TRADES = ("印染", "陶瓷", "铝材", "电镀", "造纸", "食品")
ENTERPRISES = 24
FACTORS = {
    "water": (("w01018", 80.0), ("w21003", 10.0)),
    "gas": (("a21026", 50.0), ("a21002", 150.0)),
}
"""Factor codes with their limits: COD and NH3-N in mg/L, SO2 and NOx in mg/m³."""
HOURS = np.arange(24)
NOT_SENT = "L"
"""The flag of an hour that was owed and did not come; the others: valid, fault, maintenance,
calibration."""


def _outlets(seed: int) -> tuple[Array, Array, Array, Array, Array]:
    """Outlet, enterprise, district, factor and limit of each measured series."""
    rng = chance(seed, "environment.sources.places")
    district = rng.choice(len(CODES), ENTERPRISES, p=SHARES / SHARES.sum())
    rows = []
    for number in range(ENTERPRISES):
        trade = TRADES[number % len(TRADES)]
        kind = "gas" if trade in ("陶瓷", "铝材") else "water"
        for factor, limit in FACTORS[kind]:
            name = f"演示{trade}{number + 1:02d}"
            rows.append((f"FS{number + 1:03d}-1", name, CODES[district[number]], factor, limit))
    outlet, enterprise, place, factor_code, limits = zip(*rows, strict=True)
    texts = [np.array(part, dtype=object) for part in (outlet, enterprise, place, factor_code)]
    return texts[0], texts[1], texts[2], texts[3], np.array(limits)


def sources_of(seed: int, day: int) -> dict[str, Sheet]:
    """The hours of a day at every outlet; a bad day comes about once in a hundred and twenty."""
    rng = chance(seed, "environment.sources", day)
    outlet, enterprise, district, factor, limit = _outlets(seed)
    size = len(outlet)
    drift = np.array([smooth(seed, f"environment.source.{n}", day, 3) for n in range(size)])
    bad = np.where(rng.random(size) < 0.004, rng.uniform(1.7, 2.6, size), 1.0)
    work = 0.8 + 0.3 * np.exp(-(((HOURS - 14) / 5) ** 2))[:, None]
    value = np.round(
        limit * 0.5 * np.exp(0.12 * drift) * bad * work * rng.lognormal(0, 0.16, (24, size)), 2
    )
    flag = pick(rng, ("N", "D", "M", "C"), np.array([97, 1.3, 0.9, 0.8]), 24 * size)
    flag = flag.reshape(24, size)
    sent = (rng.random((24, size)) > 0.008) & ~_cut_off(rng, size)
    fixed = {"outlet_code": outlet, "factor_code": factor, "enterprise": enterprise}
    fixed |= {"district_code": district, "limit_value": limit}
    return {
        "source_hourly": _hourly(day, fixed, value, np.where(sent, flag, NOT_SENT)),
        "source_daily": _daily(
            day, fixed | _places(seed, day, outlet), value, sent & (flag == "N")
        ),
    }


@lru_cache(maxsize=4)
def _towns(seed: int) -> Array:
    """The index of the town of each enterprise: one of its district's."""
    rng = chance(seed, "environment.sources.places")
    district = rng.choice(len(CODES), ENTERPRISES, p=SHARES / SHARES.sum())
    towns = towns_of(chance(seed, "environment.sources.towns"), district)
    return towns_index(tuple(towns.tolist()))


def _places(seed: int, day: int, outlet: Array) -> dict[str, Array]:
    """Town and position (GCJ-02, picked from a map) of each series; a few are typed the wrong way
    round for a day."""
    number = np.array([int(code[2:5]) - 1 for code in outlet])
    towns = _towns(seed)
    latitude, longitude = gcj02(near(seed, "sources", towns))[number].T
    swapped = chance(seed, "environment.sources.swapped", day).random(len(outlet)) < 0.006
    return {
        "town_code": TOWNS[towns[number]],
        "wd": np.where(swapped, longitude, latitude),
        "jd": np.where(swapped, latitude, longitude),
    }


def _cut_off(rng: np.random.Generator, size: int) -> Array:
    """Hours in which a series sends nothing because its line is down: some hours on end, of one
    series in two hundred a day."""
    begun = np.where(rng.random(size) < 0.005, rng.integers(0, 20, size), 99)
    hours = HOURS[:, None]
    return np.asarray((hours >= begun) & (hours < begun + rng.integers(4, 16, size)))


def _hourly(day: int, fixed: dict[str, Array], value: Array, flag: Array) -> Sheet:
    """A row for every hour that is owed: what has not come a quarter of an hour later is entered
    by the platform without a value."""
    hour, series = np.indices(value.shape).reshape(2, -1)
    lost = flag.ravel() == NOT_SENT
    ends = midnight(day) + (hour + 1) * HOUR
    return Sheet(
        ends + np.where(lost, 15, 7) * MINUTE + series,
        {name: column[series] for name, column in fixed.items()}
        | {
            "data_hour": ends.astype(np.int64),
            "value": np.where(lost, np.nan, value.ravel()),
            "flag": flag.ravel(),
            "received_at": Written(),
        },
    )


def _daily(day: int, fixed: dict[str, Array], value: Array, valid: Array) -> Sheet:
    """The mean of the day's valid hours so far, written anew after each hour."""
    count = np.cumsum(valid, axis=0).T
    total = np.cumsum(np.where(valid, value, 0), axis=0).T
    mean = np.where(count > 0, np.round(total / np.maximum(count, 1), 3), np.nan)
    times = np.broadcast_to(midnight(day) + (HOURS + 1) * HOUR + 9 * MINUTE, mean.shape)
    size = len(mean)
    return Sheet(
        times[:, 0].copy(),
        {
            **fixed,
            "data_date": np.full(size, midnight(day), np.int64),
            "avg_value": Steps(times, mean, before=np.nan),
            "over_ratio": Steps(times, np.round(mean / fixed["limit_value"][:, None], 4), np.nan),
            "valid_hours": Steps(times, count.astype(np.int64), before=0),
            "updated_at": Written(),
        },
    )
