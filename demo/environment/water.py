"""Water stations every four hours, written as text with `—` and `-;` for what is missing."""

from functools import lru_cache

import numpy as np

from demo.days import HOUR, MINUTE, NEVER, Array, date_of, midnight
from demo.draws import chance, smooth
from demo.environment.delivery import delivered
from demo.places import CODES, TOWNS
from demo.sheets import Sheet, Written
from demo.sites import towns_index
from demo.weather import rain_of

STATIONS = (
    ("W4401", "横滘", 0, "Ⅳ", 0.55), ("W4402", "石湾", 0, "Ⅲ", 0.45),
    ("W4403", "平洲", 1, "Ⅲ", 0.5), ("W4404", "西樵", 1, "Ⅱ", 0.3),
    ("W4405", "乌洲", 2, "Ⅲ", 0.45), ("W4406", "容桂", 2, "Ⅲ", 0.5),
    ("W4407", "三水河口", 3, "Ⅱ", 0.3), ("W4408", "高明大桥", 4, "Ⅱ", 0.3),
)  # fmt: skip
STATION_TOWNS = towns_index(
    (
        "440604011", "440604010", "440605011", "440605122",
        "440606003", "440606006", "440607001", "440608001",
    )
)  # fmt: skip
STATION_PLACES = np.array(
    (
        (23.045, 113.075), (22.990, 113.090), (23.010, 113.195), (22.925, 112.990),
        (22.885, 113.255), (22.757, 113.240), (23.160, 112.850), (22.895, 112.897),
    )
)  # fmt: skip
"""Latitude and longitude, to some hundred metres."""
LIMITS = {"Ⅱ": (6.0, 0.5), "Ⅲ": (5.0, 1.0), "Ⅳ": (3.0, 1.5)}
"""Least dissolved oxygen and most ammonia nitrogen of a class, mg/L (GB 3838-2002)."""
DISTRICT = np.array([station[2] for station in STATIONS])
TARGETS = np.array([LIMITS[station[3]] for station in STATIONS])
TIMES = 6
IN_TIME = 45 * MINUTE
"""How long after its hour a station's reading is due at the data center."""


@lru_cache(maxsize=64)
def loads(seed: int, day: int) -> Array:
    """How much of its class each station's water carries: it wanders, and rain washes more in."""
    washed = (rain_of(seed, day).sum(axis=0) + rain_of(seed, day - 1).sum(axis=0)) / 60
    drift = np.array([smooth(seed, f"environment.water.{s[0]}", day, 3) for s in STATIONS])
    usual = np.array([s[4] for s in STATIONS])
    return np.asarray(usual * np.exp(0.24 * drift) * (1 + washed[DISTRICT]))


def oxygen_of(load: Array, day: int) -> Array:
    """Dissolved oxygen in mg/L at each station: less in summer and where more is carried."""
    month = date_of(day).month
    oxygen = 7.9 - 1.1 * np.sin((month - 1) / 12 * np.pi) - 1.2 * (load - 0.4)
    return np.asarray(oxygen - (TARGETS[:, 0] < 4) * 2.2)


def water_of(seed: int, day: int) -> dict[str, Sheet]:
    """The readings of a day; rain washes ammonia in and oxygen sinks."""
    rng = chance(seed, "environment.water", day)
    each, station = np.indices((TIMES, len(STATIONS))).reshape(2, -1)
    load, shape = loads(seed, day), (TIMES, len(STATIONS))
    nh3n = TARGETS[:, 1] * load * rng.lognormal(0, 0.1, shape)
    oxygen = oxygen_of(load, day) + rng.normal(0, 0.15, shape)
    times = midnight(day) + each * 4 * HOUR
    codes = np.array([s[0] for s in STATIONS], dtype=object)[station]
    columns = {
        "station_code": codes,
        "monitor_time": times.astype(np.int64),
        "station_name": np.array([s[1] for s in STATIONS], dtype=object)[station],
        "district_code": CODES[DISTRICT][station],
        "town_code": TOWNS[STATION_TOWNS][station],
        "latitude": STATION_PLACES[station, 0],
        "longitude": STATION_PLACES[station, 1],
        "target_class": np.array([s[3] for s in STATIONS], dtype=object)[station],
        "ph": _text(rng, rng.normal(7.3, 0.15, len(each)), 2),
        "do_value": _text(rng, oxygen.ravel(), 2),
        "codmn_value": _text(rng, rng.lognormal(0.8, 0.2, len(each)), 1),
        "nh3n_value": _text(rng, nh3n.ravel(), 3),
        "tp_value": _text(rng, rng.lognormal(-2.5, 0.25, len(each)), 3),
        "do_limit": TARGETS[station, 0],
        "nh3n_limit": TARGETS[station, 1],
        "received_at": Written(),
    }
    sent = times + 22 * MINUTE + station
    return {
        "water_station": Sheet(sent, columns),
        "station_delivery": _delivered(seed, day, codes, station, times, sent),
    }


def _delivered(
    seed: int, day: int, codes: Array, station: Array, times: Array, sent: Array
) -> Sheet:
    """What the data center was owed of each station: a few readings come hours late or never."""
    luck = chance(seed, "environment.water.delivered", day).random(len(sent))
    late = np.where(luck < 0.02, sent + (3600 * (1 + 200 * luck)).astype(np.int64), sent)
    came = np.where(luck > 0.985, NEVER, late)
    return delivered("地表水", codes, STATION_TOWNS[station], times, IN_TIME, came)


def _text(rng: np.random.Generator, values: Array, decimals: int) -> Array:
    """Numbers as text; one in sixty is a mark instead."""
    texts = np.array([f"{value:.{decimals}f}" for value in values], dtype=object)
    gone = rng.random(len(values))
    return np.where(gone < 0.012, "—", np.where(gone < 0.017, "-;", texts))
