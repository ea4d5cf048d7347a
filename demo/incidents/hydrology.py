"""Rain by town, river levels, flooded spots, and the calls of three emergency lines."""

from functools import lru_cache

import numpy as np

from demo.days import DAY, HOUR, MINUTE, SLOT, SLOTS, Array, is_workday, midnight
from demo.draws import chance, rhythm
from demo.places import CODES, DISTRICTS, SHARES, TOWN_DISTRICT, TOWNS
from demo.sheets import Sheet, Written
from demo.sites import near, towns_index
from demo.weather import rain_of, wet_factor

LINES = (("110", 5200.0, 0.15), ("119", 130.0, 0.9), ("120", 980.0, 0.35))
"""Emergency lines: calls a day in the whole city, and how much more at 20 mm/h."""
CALL_HOURS = rhythm(
    (
        2.4,
        1.8,
        1.3,
        1.1,
        1,
        1.3,
        2,
        3.2,
        4.6,
        5,
        5,
        4.9,
        4.6,
        4.4,
        4.7,
        4.8,
        5,
        5.3,
        5.6,
        5.8,
        5.8,
        5.4,
        4.5,
        3.4,
    )
)
STATIONS = (
    ("80501", "三水(二)", 3, 7.5, 1.6, 0.45, 0.030),
    ("80502", "马口", 3, 7.5, 1.4, 0.4, 0.028),
    ("80503", "容奇(二)", 2, 2.7, 0.75, 0.9, 0.016),
)
"""Code, name, district, warning level (三水(二), 马口: 2017 bulletin, 容奇(二): 2006), usual level,
half the tide's range, rise in m for a mm of the days' rain."""
STATION_TOWNS = towns_index(("440607001", "440607104", "440606006"))
STATION_PLACES = np.array(((23.165, 112.852), (23.118, 112.806), (22.765, 113.295)))
SPOT_PLACES = np.array(
    (
        (22.998, 113.110), (23.006, 113.092), (23.036, 113.106), (22.992, 113.102),
        (23.055, 113.165), (23.066, 113.150), (23.108, 113.100), (23.212, 113.148),
        (22.832, 113.278), (22.768, 113.262), (22.930, 113.210), (22.950, 113.094),
        (23.162, 112.888), (22.898, 112.884),
    )
)  # fmt: skip
"""Latitude and longitude of the river stations and of the spots, to some hundred metres."""
SPOTS = (
    ("汾江南路下穿", 0, 1.1), ("季华路东平隧道口", 0, 0.9), ("建新路", 0, 0.8), ("魁奇路口", 0, 0.75),
    ("桂平路下穿", 1, 1.1), ("海八路隧道", 1, 1.0), ("大沥城区", 1, 0.9), ("里水大道", 1, 0.8),
    ("大良凤翔路", 2, 1.0), ("容桂大道", 2, 0.95), ("北滘城区", 2, 0.85), ("乐从大道", 2, 0.8),
    ("西南文锋路", 3, 0.9), ("荷城文华路", 4, 0.9),
)  # fmt: skip
EVERY = 5 * MINUTE


@lru_cache(maxsize=16)
def _gauged(seed: int, day: int) -> Array:
    """Rain caught by each town's gauge, mm per slot."""
    rng = chance(seed, "incidents.gauges", day)
    local = rng.lognormal(0, 0.35, len(TOWNS)) * rng.lognormal(0, 0.25, (SLOTS, len(TOWNS)))
    return np.asarray(np.round(rain_of(seed, day)[:, TOWN_DISTRICT] * local, 1))


@lru_cache(maxsize=16)
def hourly_rain(seed: int, day: int) -> Array:
    """Rain of the hour up to the end of each slot, by town, in mm."""
    both = np.concatenate([_gauged(seed, day - 1)[-5:], _gauged(seed, day)])
    return np.asarray(np.round(np.stack([both[n : n + SLOTS] for n in range(6)]).sum(axis=0), 1))


def gauges_of(seed: int, day: int) -> dict[str, Sheet]:
    """What the towns' gauges report every ten minutes, rain or none."""
    slot, town = np.indices((SLOTS, len(TOWNS))).reshape(2, -1)
    observed = midnight(day) + (slot + 1) * SLOT
    places = near(seed, "gauges", np.arange(len(TOWNS)))
    columns = {
        "town_code": TOWNS[town],
        "observed_at": observed.astype(np.int64),
        "district_code": CODES[TOWN_DISTRICT][town],
        "latitude": places[town, 0],
        "longitude": places[town, 1],
        "rain_10m": _gauged(seed, day).ravel(),
        "rain_1h": hourly_rain(seed, day).ravel(),
        "received_at": Written(),
    }
    return {"rain_gauge": Sheet(observed + 8 + town % 20, columns)}


def levels_of(seed: int, day: int) -> dict[str, Sheet]:
    """River levels every five minutes: the tide, and the rain of the last five days."""
    rng = chance(seed, "incidents.levels", day)
    steps = np.arange(DAY // EVERY)
    ends = midnight(day) + (steps + 1) * EVERY
    fallen = [float(rain_of(seed, day - back).sum(axis=0).mean()) for back in range(6)]
    parts = []
    for _, _, district, _, usual, tide, rise in STATIONS:
        here = rain_of(seed, day)[:, district].cumsum()[steps * EVERY // SLOT]
        weights = 0.62 ** (np.arange(1, 6) + (steps[:, None] * EVERY / DAY) - 0.5)
        flood = rise * (0.6 * here + weights @ np.array(fallen[1:]))
        moon = 0.75 + 0.25 * np.cos(4 * np.pi * ends / (29.53 * DAY))
        wave = tide * moon * np.sin(2 * np.pi * ends / (12.42 * HOUR) + district)
        parts.append(usual + wave + flood + rng.normal(0, 0.006, len(steps)))
    level = np.round(np.stack(parts, axis=1), 2)
    step, station = np.indices(level.shape).reshape(2, -1)
    warning = np.array([s[3] for s in STATIONS])
    columns = {
        "station_code": np.array([s[0] for s in STATIONS], dtype=object)[station],
        "observed_at": ends[step].astype(np.int64),
        "station_name": np.array([s[1] for s in STATIONS], dtype=object)[station],
        "district_code": CODES[[s[2] for s in STATIONS]][station],
        "town_code": TOWNS[STATION_TOWNS][station],
        "latitude": STATION_PLACES[station, 0],
        "longitude": STATION_PLACES[station, 1],
        "level_m": level.ravel(),
        "warning_m": warning[station],
        "above_warning": np.round(level - warning, 2).ravel(),
        "received_at": Written(),
    }
    return {"water_level": Sheet(ends[step] + 25 + station, columns)}


def floods_of(seed: int, day: int) -> dict[str, Sheet]:
    """Depth at the spots that flood: every half hour when dry, every five minutes when not."""
    rng = chance(seed, "incidents.floods", day)
    district = np.array([spot[1] for spot in SPOTS])
    first = np.searchsorted(TOWN_DISTRICT, np.arange(len(DISTRICTS)))
    sizes = np.array([len(d.towns) for d in DISTRICTS])
    town = first[district] + np.arange(len(SPOTS)) % sizes[district]
    steps = np.arange(DAY // EVERY)
    weight = np.array([spot[2] for spot in SPOTS]) * rng.lognormal(0, 0.15, len(SPOTS))
    fallen = hourly_rain(seed, day)[steps * EVERY // SLOT][:, town]
    depth = np.round(np.maximum(0, fallen * weight - 12) * 1.1, 1)
    step, spot = np.nonzero((depth > 0) | (steps[:, None] % 6 == 5))
    ends = midnight(day) + (step + 1) * EVERY
    columns = {
        "spot_code": np.array([f"NL{n + 1:03d}" for n in range(len(SPOTS))], dtype=object)[spot],
        "observed_at": ends.astype(np.int64),
        "spot_name": np.array([s[0] for s in SPOTS], dtype=object)[spot],
        "district_code": CODES[district][spot],
        "town_code": TOWNS[town][spot],
        "latitude": SPOT_PLACES[spot, 0],
        "longitude": SPOT_PLACES[spot, 1],
        "depth_cm": depth[step, spot],
        "received_at": Written(),
    }
    return {"flood_spot": Sheet(ends + 12, columns)}


def calls_of(seed: int, day: int) -> dict[str, Sheet]:
    """Calls of 110, 119 and 120 by district and ten minutes: aggregates, no single call."""
    rng = chance(seed, "incidents.calls", day)
    usual = np.array([line[1] for line in LINES]) * (1.0 if is_workday(day) else 0.95)
    expected = CALL_HOURS[:, None, None] * SHARES[:, None] * usual
    wet = np.stack([wet_factor(seed, day, line[2]) for line in LINES], axis=2)
    counts = rng.poisson(expected * wet)
    slot, district, line = np.indices(counts.shape).reshape(3, -1)
    starts = midnight(day) + slot * SLOT
    columns = {
        "line": np.array([name for name, _, _ in LINES], dtype=object)[line],
        "district_code": CODES[district],
        "slot_start": starts.astype(np.int64),
        "calls": counts.ravel().astype(np.int64),
        "received_at": Written(),
    }
    return {"call_volume": Sheet(starts + SLOT + 10, columns)}
