"""两客一危: scheduled and chartered coaches and lorries with dangerous goods, whose positions the
law wants to be known while they are on the road."""

from functools import lru_cache

import numpy as np

from demo.days import HOUR, MINUTE, Array, Times, day_of, midnight
from demo.draws import chance, lasting
from demo.places import CODES, SHARES, towns_of

FLEET = 460
EVERY = 30
"""Seconds between two positions."""
KINDS = ("SCHEDULED", "CHARTER", "HAZMAT")
SHARE_OF_KINDS = (0.3, 0.38, 0.32)
OUT = (5.5, 6.5, 0.5)
"""Hour from which each kind is on the road; lorries with dangerous goods go at night too."""
HOURS = (15.0, 14.0, 22.0)
LOOK = 8
"""Days in which each vehicle is on the road at least once."""


@lru_cache(maxsize=4)
def _fleet(seed: int) -> tuple[Array, Array, Array]:
    """Kind, district and town of each vehicle."""
    rng = chance(seed, "transit.coaches")
    kind = rng.choice(len(KINDS), FLEET, p=SHARE_OF_KINDS)
    district = rng.choice(len(CODES), FLEET, p=SHARES / SHARES.sum())
    return kind, district, towns_of(rng, district)


@lru_cache(maxsize=16)
def _duties(seed: int, day: int) -> tuple[Times, Times, Times, Times]:
    """From when to when each vehicle is on the road, and from when to when it is silent."""
    rng = chance(seed, "transit.coaches.duty", day)
    kind = _fleet(seed)[0]
    begin = np.array(OUT)[kind] + rng.uniform(0, np.array(HOURS)[kind] * 0.35)
    length = np.array(HOURS)[kind] * rng.uniform(0.35, 0.62, FLEET)
    away = rng.random(FLEET) < 0.18
    out = midnight(day) + (begin * HOUR).astype(np.int64)
    back = np.where(away, out, out + (length * HOUR).astype(np.int64))
    lost = rng.random(FLEET) < 0.2
    silent = np.where(lost, rng.integers(out, back + 1), back)
    return out, back, silent, silent + lasting(rng, 35 * MINUTE, 0.7, FLEET)


def _positions(duty: tuple[Times, Times, Times, Times], at: int) -> Times:
    """When each vehicle last gave its position on this day, -1 where not yet."""
    out, back, silent, heard = duty
    phase = np.arange(FLEET) % EVERY
    until = np.minimum(at, back)
    until = np.where((until >= silent) & (until < heard), silent, until)
    found = (until - phase) // EVERY * EVERY + phase
    return np.asarray(np.where((found >= out) & (back > out), found, -1))


def coaches_at(seed: int, at: int) -> tuple[dict[str, Array], Times]:
    """The newest position of every vehicle, and whether it is on the road."""
    day = day_of(at)
    days = [_duties(seed, day - back) for back in range(LOOK)]
    last = np.full(FLEET, -1, np.int64)
    for duty in days:
        last = np.where(last < 0, _positions(duty, at), last)
    turned = np.full(FLEET, midnight(day - len(days)))
    on = np.zeros(FLEET, bool)
    for out, back, *_ in reversed(days):
        goes = back > out
        on |= goes & (out <= at) & (at < back)
        turned = np.where(goes & (out <= at), out, turned)
        turned = np.where(goes & (back <= at), back, turned)
    last = np.where(last < 0, midnight(day - len(days)), last)
    kind, district, town = _fleet(seed)
    changed = np.maximum(last, turned)
    columns = {
        "coach_id": np.array([f"C{n:04d}" for n in range(FLEET)], dtype=object),
        "plate": np.array([f"粤E演{n:04d}" for n in range(FLEET)], dtype=object),
        "category": np.array(KINDS, dtype=object)[kind],
        "company": np.array([f"演示运输{n % 23 + 1}公司" for n in range(FLEET)], dtype=object),
        "district_code": CODES[district],
        "town_code": town,
        "on_duty": on.astype(np.int64),
        "position_at": last,
        "updated_at": changed,
    }
    return columns, changed
