"""Self-service terminals (市民之窗): where they stand, whether they work, what is done at them."""

import numpy as np

from demo.cases.applications import is_after_hours
from demo.counter.desk import SHUNDE
from demo.days import HOUR, MINUTE, Array, Times
from demo.draws import arrivals, chance, lasting, numbered, pick, rhythm
from demo.places import CODES, TOWN_DISTRICT, TOWN_SIZES, TOWNS
from demo.sheets import Columns, From, Sheet, Written

COUNT = 150
PLACES = ("行政服务中心", "村居服务站", "银行网点", "社区医院", "商场", "产业园")
SERVICES = ("tax", "social", "traffic", "vehicle", "insurance", "other")
SERVICE_SHARES = np.array([19, 33, 22, 8, 10, 8], float)
PER_DAY = 430.0
BY_HOUR = rhythm(
    (0.5, 0.3, 0.2, 0.2, 0.2, 0.4, 1, 2.5, 6, 8, 8, 6.5, 5, 5, 6.5, 7, 6, 5, 4, 4.5, 4, 3, 1.8, 0.9)
)
FAULTS = ("缺纸", "断网", "读卡", "屏幕")
BROKEN = 0.035
"""Share of half days for which a terminal has a fault; half of these are silent as well."""
BEAT = 2 * MINUTE


def towns_of_terminals() -> Array:
    """The town of each terminal, as many as it has of the district's life; every town has some."""
    own = np.flatnonzero(TOWN_DISTRICT == SHUNDE)
    share = TOWN_SIZES[own] / TOWN_SIZES[own].sum()
    ends = np.cumsum(share) * COUNT
    return np.asarray(TOWNS[own][np.searchsorted(ends, np.arange(COUNT), side="right")])


def faults_at(seed: int, at: int) -> tuple[Array, Array]:
    """Which terminals have a fault at a moment, and which are silent, for half a day each."""
    rng = chance(seed, "counter.faults", at // (12 * HOUR))
    fault = rng.random(COUNT) < BROKEN
    return fault, fault & (rng.random(COUNT) < 0.5)


def terminals_at(seed: int, at: int) -> tuple[dict[str, Array], Times]:
    """All terminals with their newest heartbeat; a silent one is as old as its silence."""
    fault, silent = faults_at(seed, at)
    rng = chance(seed, "counter.terminals")
    place = pick(rng, PLACES, np.array([16, 40, 16, 10, 10, 8]), COUNT)
    beat = at - (at + np.arange(COUNT) * 7) % BEAT
    beat = np.where(silent, at - at % (12 * HOUR) - 60, beat)
    names = np.array(FAULTS, dtype=object)[rng.integers(0, len(FAULTS), COUNT)]
    return {
        "terminalId": ids(np.arange(COUNT)),
        "districtCode": np.full(COUNT, CODES[SHUNDE], dtype=object),
        "townCode": towns_of_terminals(),
        "place": place,
        "faultCode": np.where(fault, names, np.full(COUNT, None, dtype=object)),
        "heartbeatAt": beat,
    }, np.maximum(beat, at - at % (12 * HOUR))


def ids(places: Array) -> Array:
    """Numbers of terminals."""
    return np.char.add("SD", np.char.zfill(places.astype(str), 4)).astype(object)


def uses_of(seed: int, day: int) -> dict[str, Sheet]:
    """What is done at terminals on a day, around the clock; nothing at those that have a fault."""
    rng = chance(seed, "counter.uses", day)
    started, _ = arrivals(rng, day, (PER_DAY * BY_HOUR)[:, None])
    where = rng.integers(0, COUNT, len(started))
    works = np.ones(len(started), bool)
    for half in np.unique(started // (12 * HOUR)):
        rows = started // (12 * HOUR) == half
        works[rows] = ~faults_at(seed, int(half) * 12 * HOUR)[0][where[rows]]
    started, where = started[works], where[works]
    size = len(started)
    ended = started + lasting(rng, 150, 0.5, size)
    columns: Columns = {
        "useId": numbered(day, size, "ZZ"),
        "terminalId": ids(where),
        "districtCode": np.full(size, CODES[SHUNDE], dtype=object),
        "townCode": towns_of_terminals()[where],
        "serviceKind": pick(rng, SERVICES, SERVICE_SHARES, size),
        "afterHours": is_after_hours(started),
        "result": From(ended, pick(rng, ("ok", "failed", "left"), np.array([94, 3.2, 2.8]), size)),
        "startedAt": started,
        "endedAt": From(ended),
        "updatedAt": Written(),
    }
    return {"terminalUse": Sheet(started + 1, columns)}
