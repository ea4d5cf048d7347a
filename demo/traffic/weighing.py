"""治超: lorries weighed at fixed sites, and those over their limit unloaded before they go on."""

import numpy as np

from demo.days import MINUTE, NEVER, Array, Times, is_workday
from demo.draws import arrivals, chance, lasting, numbered, rhythm
from demo.sheets import Columns, From, Sheet, Written

SITES = (
    ("龙江治超站", "440606104", 1.2), ("陈村治超站", "440606101", 1.1),
    ("勒流治超站", "440606004", 1.0), ("均安治超站", "440606106", 0.8),
    ("西樵治超站", "440605122", 1.1), ("大塘治超站", "440607101", 0.9),
    ("明城治超站", "440608107", 0.7), ("南庄治超站", "440604100", 0.8),
)  # fmt: skip
"""Name, town and how busy beside the others."""
PER_SITE = 30
"""Lorries weighed at a site on a working day."""
OVER = 0.062
"""Share over their limit; at night some hope that nobody weighs."""
LIMITS = {2: 18.0, 3: 25.0, 4: 31.0, 6: 49.0}
"""Tonnes that a lorry of so many axles may weigh in all."""
FEEDS = ("ZC", "LK", "LB", "WF")
BY_HOUR = rhythm((5, 5, 4, 4, 4, 4, 4, 3, 3, 4, 5, 5, 4, 4, 5, 5, 5, 4, 3, 4, 5, 6, 6, 6))


def weighing_of(seed: int, day: int) -> dict[str, Sheet]:
    """The lorries weighed on a day, and when the load of those over their limit was taken off."""
    rng = chance(seed, "traffic.weighing", day)
    busy = np.array([site[2] for site in SITES])
    expected = PER_SITE * (1 if is_workday(day) else 0.7) * BY_HOUR[:, None] * busy
    weighed, site = arrivals(rng, day, expected)
    size = len(weighed)
    axles = rng.choice(np.array(list(LIMITS)), size, p=[0.3, 0.18, 0.2, 0.32])
    limit = np.array([LIMITS[each] for each in axles.tolist()])
    hour = (weighed + 8 * 3600) % 86_400 // 3600
    over = rng.random(size) < OVER * np.where((hour < 6) | (hour > 21), 1.4, 0.85)
    ratio = np.where(over, 1.05 + rng.gamma(1.6, 0.11, size), rng.uniform(0.35, 0.98, size))
    town = np.array([site[1] for site in SITES], dtype=object)[site]
    # One scale in a hundred readings is typed in kilograms by hand.
    typed = rng.random(size) < 0.008
    columns: Columns = {
        "JCBH": numbered(day, size, "ZC"),
        "ZDMC": np.array([site[0] for site in SITES], dtype=object)[site],
        "XZQHDM": np.array([code[:6] for code in town], dtype=object),
        "XZJDDM": town,
        "HPHM": _plates(rng, size),
        "ZS": axles,
        "CHZZ": np.where(typed, 1000, 1) * (limit * ratio).round(1),
        "XZ": limit,
        "CXBZ": over.astype(np.int64),
        "JCSJ": weighed,
        "XZSJ": From(_unloaded(rng, weighed, over)),
        "GXSJ": Written(),
    }
    return {"ZC_JC": Sheet(weighed + 30, columns)}


def _plates(rng: np.random.Generator, size: int) -> Array:
    """Plates that no lorry can have."""
    digits = np.char.zfill(rng.integers(0, 10_000, size).astype(str), 4)
    return np.char.add("粤X演", digits).astype(object)


def _unloaded(rng: np.random.Generator, weighed: Times, over: Array) -> Times:
    """When the load was taken off; a few drive off, and a few times were written down wrongly."""
    size = len(weighed)
    took = lasting(rng, 48 * MINUTE, 0.6, size)
    off = over & (rng.random(size) < 0.97)
    wrong = off & (rng.random(size) < 0.05)
    done = np.where(wrong, weighed - 20 * MINUTE, weighed + took)
    return np.asarray(np.where(off, done, NEVER))


def feeds_at(seed: int, at: int) -> tuple[dict[str, Array], Times]:
    """Every feed says when it was last copied."""
    del seed
    times = np.full(len(FEEDS), at // MINUTE * MINUTE, np.int64)
    return {"BM": np.array(FEEDS, dtype=object), "TBSJ": times}, times
