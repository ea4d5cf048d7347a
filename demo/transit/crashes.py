"""Crashes: reported, the parties leave the scene, the matter is settled."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from demo.days import MINUTE, NEVER, Array, Times, is_workday
from demo.draws import arrivals, chance, lasting, numbered, pick, rhythm
from demo.places import CODES, SHARES, towns_of
from demo.sheets import Columns, From, Sheet, Written
from demo.weather import rain_rate, wet_factor

PER_DAY = 190
BY_HOUR = rhythm(
    (
        1,
        0.7,
        0.5,
        0.4,
        0.5,
        1,
        2,
        5,
        6.5,
        5,
        4.5,
        4.5,
        4,
        4,
        4.5,
        4.5,
        5,
        6.5,
        7,
        5,
        4,
        3.5,
        2.5,
        1.6,
    )
)


@dataclass(frozen=True)
class Crashes:
    """What happened on the roads on a day, whoever is told of it."""

    reported: Times
    district: Array
    town: Array
    severity: Array


@lru_cache(maxsize=4)
def crashes_on(seed: int, day: int) -> Crashes:
    """The crashes of a day in order: rain brings more of them. The emergency center hears of the
    grave ones from here."""
    rng = chance(seed, "transit.crashes.happened", day)
    expected = PER_DAY * (1.0 if is_workday(day) else 0.85) * BY_HOUR[:, None] * SHARES
    reported, district = arrivals(rng, day, expected * wet_factor(seed, day, 0.8))
    severity = pick(
        rng, ("NONE", "INJURY", "FATAL"), np.array([0.925, 0.0735, 0.0015]), len(reported)
    )
    return Crashes(reported, district, towns_of(rng, district), severity)


def crashes_of(seed: int, day: int) -> dict[str, Sheet]:
    """The crashes reported on a day; quick settlement ends most soon."""
    rng = chance(seed, "transit.crashes", day)
    crashes = crashes_on(seed, day)
    reported, district, severity = crashes.reported, crashes.district, crashes.severity
    size = len(reported)
    channel = pick(rng, ("APP", "PHONE"), np.array([0.62, 0.38]), size)
    left, settled = _ends(rng, seed, reported, district, severity, channel)
    minutes = np.where(left == NEVER, NEVER, (left - reported) // MINUTE)
    columns: Columns = {
        "crash_id": numbered(day, size),
        "district_code": CODES[district],
        "town_code": crashes.town,
        "severity": severity,
        "report_channel": channel,
        "reported_at": reported,
        "left_scene_at": From(left),
        "settled_at": From(settled),
        "minutes_to_clear": From(left, minutes),
        "updated_at": Written(),
    }
    return {"crashes": Sheet(reported + 20, columns)}


def _ends(
    rng: np.random.Generator,
    seed: int,
    reported: Array,
    district: Array,
    severity: Array,
    channel: Array,
) -> tuple[Array, Array]:
    """When the parties left and when it was settled; one in a hundred is never closed."""
    size = len(reported)
    slow = np.where(severity == "NONE", 1.0, 4.0) * np.where(channel == "APP", 1.0, 2.6)
    wet = 1 + np.minimum(rain_rate(seed, reported, district), 40) / 60
    left = reported + (slow * wet * lasting(rng, 4.9 * MINUTE, 0.55, size)).astype(np.int64)
    left = np.where(rng.random(size) < 0.01, NEVER, left)
    quick = (channel == "APP") & (severity == "NONE") & (left < NEVER)
    settled = np.where(quick, left + lasting(rng, 60 * MINUTE, 0.9, size), NEVER)
    return left, settled
