"""Air by the hour at the eight national stations: still days, traffic, sun and afternoon ozone."""

from functools import lru_cache

import numpy as np

from demo.days import HOUR, MINUTE, NEVER, Array, date_of, is_workday, midnight
from demo.draws import chance
from demo.environment.delivery import delivered
from demo.places import CODES, TOWNS
from demo.sheets import Columns, Sheet, Written
from demo.sites import towns_index
from demo.weather import rain_of, stillness, sun

STATIONS = (
    ("1371A", "湾梁", 0), ("1372A", "华材职中", 0), ("1373A", "南海气象局", 1),
    ("1374A", "顺德苏岗", 2), ("1375A", "容桂街道办", 2), ("1376A", "高明孔堂", 4),
    ("1377A", "三水监测站", 3), ("1378A", "三水云东海", 3),
)  # fmt: skip
STATION_TOWNS = towns_index(
    (
        "440604012", "440604010", "440605011", "440606005",
        "440606006", "440608001", "440607001", "440607004",
    )
)  # fmt: skip
STATION_PLACES = np.array(
    (
        (23.036, 113.128), (23.046, 113.105), (23.071, 113.144), (22.805, 113.285),
        (22.767, 113.268), (22.905, 112.875), (23.163, 112.885), (23.197, 112.892),
    )
)  # fmt: skip
"""Latitude and longitude, to some hundred metres."""
HOURS = np.arange(24)
IN_TIME = 20 * MINUTE
"""How long after its hour a station's value is due at the data center."""
MISSING = -99.0
"""What an instrument at fault writes instead of a number; a gap in transmission writes nothing."""


@lru_cache(maxsize=16)
def ambient(seed: int, day: int) -> dict[str, Array]:
    """What is truly in the air: hours by stations, µg/m³, CO in mg/m³."""
    rng = chance(seed, "environment.air", day)
    shape = (24, len(STATIONS))
    still = np.interp(HOURS, [-12, 12, 36], [stillness(seed, day + shift) for shift in (-1, 0, 1)])[
        :, None
    ]
    rush = np.exp(-(((HOURS - 8) / 1.8) ** 2)) + 1.1 * np.exp(-(((HOURS - 19.5) / 2.6) ** 2))
    traffic = 0.75 + (0.55 if is_workday(day) else 0.35) * rush[:, None]
    wet = rain_of(seed, day).reshape(24, 6, -1).sum(axis=1)[:, [s[2] for s in STATIONS]]
    washed = 1 / (1 + 0.08 * wet)
    season = 0.88 + 0.32 * np.cos(2 * np.pi * (date_of(day).timetuple().tm_yday - 275) / 365)
    height = np.exp(-(((HOURS - 14.6) / 4.0) ** 2))[:, None]

    def local(spread: float) -> Array:
        return rng.lognormal(0, spread, len(STATIONS)) * rng.lognormal(0, spread / 2, shape)

    ozone = 22 + 174 * sun(seed, day) * season * height * local(0.07) / (1 + 0.1 * wet)
    fine = 22.5 * still * (0.8 + 0.25 * traffic) * washed * local(0.12)
    return {
        "pm2_5": fine,
        "pm10": fine * 1.75 * local(0.1),
        "o3": ozone,
        "no2": 27 * still * traffic * (1 - 0.35 * height) * local(0.12),
        "so2": 6.5 * still * local(0.15),
        "co": 0.68 * still * (0.8 + 0.25 * traffic) * local(0.08),
    }


def _rounded(values: dict[str, Array]) -> dict[str, Array]:
    return {name: np.round(found, 2 if name == "co" else 0) for name, found in values.items()}


def air_of(seed: int, day: int) -> dict[str, Sheet]:
    """The hourly readings of a day, published ten minutes after the hour."""
    rng = chance(seed, "environment.air.sent", day)
    times = midnight(day) + HOURS * HOUR
    sent = times + rng.integers(9 * MINUTE, 12 * MINUTE, 24)
    silent = rng.random(24 * len(STATIONS)) < 0.012
    return {
        "air_hourly": _stations(rng, seed, day, sent, silent),
        "air_city_hourly": _city(seed, day, sent),
        "station_delivery": _delivered(seed, day, sent, silent),
    }


def _delivered(seed: int, day: int, sent: Array, silent: Array) -> Sheet:
    """What the data center was owed of each station and hour, and when it came: most at once, some
    with a later poll, nothing where the station was silent."""
    rng = chance(seed, "environment.air.delivered", day)
    hour, station = np.indices((24, len(STATIONS))).reshape(2, -1)
    late = np.where(rng.random(len(hour)) < 0.011, rng.integers(HOUR // 2, 3 * HOUR, len(hour)), 0)
    came = np.where(silent, NEVER, sent[hour] + late)
    return delivered(
        "空气",
        np.array([s[0] for s in STATIONS], dtype=object)[station],
        STATION_TOWNS[station],
        midnight(day) + hour * HOUR,
        IN_TIME,
        came,
    )


def _stations(rng: np.random.Generator, seed: int, day: int, sent: Array, silent: Array) -> Sheet:
    hour, station = np.indices((24, len(STATIONS))).reshape(2, -1)
    nothing = np.full(len(hour), None, dtype=object)
    marks = np.where(silent, np.full(len(hour), "—", dtype=object), nothing)
    values = {}
    for name, found in _rounded(ambient(seed, day)).items():
        gone = rng.random(len(hour)) < 0.006
        marks = np.where(gone & ~silent, "-;", marks)
        values[name] = np.where(silent | gone, np.nan, found.ravel())
    # After some visits an instrument sends CO in µg/m³ until somebody sees it, for a day.
    micro = rng.random(len(STATIONS)) < 0.02
    values["co"] = np.where(micro[station], np.round(values["co"] * 1000), values["co"])
    broken = rng.random(len(hour)) < 0.0005
    values["pm2_5"] = np.where(broken, MISSING, values["pm2_5"])
    columns: Columns = {
        "stationcode": np.array([s[0] for s in STATIONS], dtype=object)[station],
        "timepoint": (midnight(day) + hour * HOUR).astype(np.int64),
        "area": np.full(len(hour), "佛山市", dtype=object),
        "positionname": np.array([s[1] for s in STATIONS], dtype=object)[station],
        "district_code": CODES[[s[2] for s in STATIONS]][station],
        "town_code": TOWNS[STATION_TOWNS][station],
        "latitude": STATION_PLACES[station, 0],
        "longitude": STATION_PLACES[station, 1],
        **values,
        "marks": marks,
        "received_at": Written(),
    }
    return Sheet(sent[hour] + station, columns)


def _dust_out(seed: int, day: int) -> Array:
    """Hours without particles of the whole city: the platform is worked on for most of a working
    day, so that fewer than twenty hours are left and the day is not valid."""
    rng = chance(seed, "environment.air.out", day)
    if rng.random() > 0.012:
        return np.zeros(24, bool)
    begun = rng.integers(7, 12)
    return np.asarray((begun <= HOURS) & (begun + rng.integers(6, 10) > HOURS))


def _city(seed: int, day: int, sent: Array) -> Sheet:
    """The city's own row of each hour: the stations' mean, with ozone over eight hours."""
    means = {name: found.mean(axis=1) for name, found in ambient(seed, day).items()}
    ozone = np.concatenate([ambient(seed, day - 1)["o3"].mean(axis=1), means["o3"]])
    eight = np.array([ozone[hour + 17 : hour + 25].mean() for hour in HOURS])
    for name in ("pm2_5", "pm10"):
        means[name] = np.where(_dust_out(seed, day), np.nan, means[name])
    columns: Columns = {
        "timepoint": (midnight(day) + HOURS * HOUR).astype(np.int64),
        "area": np.full(24, "佛山市", dtype=object),
        **_rounded(means | {"o3_8h": eight}),
        "received_at": Written(),
    }
    return Sheet(sent + 20, columns)
