"""Road sections every ten minutes, and signal controllers that answer or do not."""

from functools import lru_cache

import numpy as np

from demo.days import DAY, HOUR, MINUTE, Array, Times, day_of, is_workday, midnight
from demo.draws import chance, lasting
from demo.places import CODES, SHARES, towns_of
from demo.sheets import Sheet
from demo.weather import rain_between

EVERY = 10 * MINUTE
SECTIONS = (
    ("季华路", 0, 1.15, "440604012"), ("岭南大道", 0, 1.1, "440604010"),
    ("桂澜路", 1, 1.15, "440605011"), ("海八路", 1, 1.2, "440605125"),
    ("105国道", 2, 1.2, "440606005"), ("佛陈路", 2, 1.1, "440606101"),
    ("三水大道", 3, 0.85, "440607001"), ("广海大道", 3, 0.8, "440607004"),
    ("高明大道", 4, 0.75, "440608001"), ("荷香路", 4, 0.7, "440608106"),
)  # fmt: skip
"""Name, district, how full beside the mean, and the town in which it is measured."""
SIGNALS = 420


def roads_of(seed: int, day: int) -> dict[str, Sheet]:
    """The traffic index (0–10) and speed of every section through a day."""
    rng = chance(seed, "transit.roads", day)
    steps = np.arange(DAY // EVERY)
    ends = midnight(day) + (steps + 1) * EVERY
    hour = (steps + 1) * EVERY / HOUR
    rush = np.exp(-(((hour - 8.1) / 0.9) ** 2)) + 0.95 * np.exp(-(((hour - 18.0) / 1.2) ** 2))
    daytime = np.clip((hour - 6) / 2, 0, 1) * np.clip((23 - hour) / 3, 0, 1)
    flow = 0.9 + 1.6 * daytime + (3.1 if is_workday(day) else 1.3) * rush
    district = np.array([section[1] for section in SECTIONS])
    load = np.array([section[2] for section in SECTIONS]) * rng.lognormal(0, 0.06, len(SECTIONS))
    rain = rain_between(seed, ends - EVERY)[:, district]
    jams = 1 + rng.gamma(2, 0.05, (len(steps), len(SECTIONS)))
    tpi = np.clip(flow[:, None] * load * jams * (1 + 0.7 * rain / (rain + 10)), 0.3, 10).round(2)
    each, section = np.indices(tpi.shape).reshape(2, -1)
    columns = {
        "section_id": np.array([f"R{n:02d}" for n in range(len(SECTIONS))], dtype=object)[section],
        "observed_at": ends[each],
        "section_name": np.array([s[0] for s in SECTIONS], dtype=object)[section],
        "district_code": CODES[district][section],
        "town_code": np.array([s[3] for s in SECTIONS], dtype=object)[section],
        "tpi": tpi.ravel(),
        "avg_speed": (62 / (1 + 0.32 * tpi)).round(1).ravel(),
    }
    return {"road_conditions": Sheet(ends[each] + 20, columns)}


@lru_cache(maxsize=8)
def _faults(seed: int, day: int) -> tuple[Times, Times]:
    """From when to when each signal does not answer; begun on this day."""
    rng = chance(seed, "transit.signals", day)
    wet = float(rain_between(seed, midnight(day) + np.arange(24) * HOUR).max(initial=0))
    faulty = rng.random(SIGNALS) < 0.02 + 0.001 * min(wet, 40)
    start = midnight(day) + rng.integers(0, DAY, SIGNALS)
    start = np.where(faulty, start, midnight(day + 9))
    return start, start + np.minimum(lasting(rng, 4 * HOUR, 0.8, SIGNALS), 3 * DAY)


@lru_cache(maxsize=4)
def _places(seed: int) -> tuple[Array, Array]:
    rng = chance(seed, "transit.signals.places")
    district = rng.choice(len(CODES), SIGNALS, p=SHARES / SHARES.sum())
    return CODES[district], towns_of(rng, district)


def _states(seed: int, seen: Times) -> Array:
    """How each controller ran when it was last heard: most junctions belong to a coordinated group
    or adapt to the traffic by day, and run by fixed times or flash at night; in the rush some are
    led by hand."""
    kind = chance(seed, "transit.signals.kinds").random(SIGNALS)
    hour = (seen + 8 * HOUR) % DAY / HOUR
    by_hand = ((np.arange(SIGNALS) * 7 + seen // HOUR) % 100 < 4) & (np.abs(hour - 18) < 1.5)
    day = np.select([kind < 0.58, kind < 0.82], ["coordinated", "adaptive"], "fixed")
    night = np.where(kind < 0.35, "flash", "fixed")
    found = np.where((hour >= 6) & (hour < 23.5), day, night)
    return np.where(by_hand, "manual", found).astype(object)


def signals_at(seed: int, at: int) -> tuple[dict[str, Array], Times]:
    """When every signal controller was last heard, once a minute unless it is at fault."""
    phase = np.arange(SIGNALS) % MINUTE
    seen = (at - phase) // MINUTE * MINUTE + phase
    for back in range(4):
        start, end = _faults(seed, day_of(at) - back)
        down = (start <= at) & (at < end)
        heard = (start - phase) // MINUTE * MINUTE + phase
        seen = np.where(down, np.minimum(seen, heard), seen)
    district, town = _places(seed)
    columns = {
        "signal_id": np.array([f"S{n:04d}" for n in range(SIGNALS)], dtype=object),
        "district_code": district,
        "town_code": town,
        "state": _states(seed, seen),
        "last_seen": seen,
    }
    return columns, seen
