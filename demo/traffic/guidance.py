"""What drivers are told: notices of road conditions, and the speed at which lights stay green."""

import numpy as np

from demo.days import DAY, HOUR, MINUTE, Array, Times, is_workday, midnight
from demo.draws import arrivals, chance, lasting, numbered, pick, rhythm
from demo.places import CODES, SHARES, towns_of
from demo.sheets import Columns, From, Sheet, Written
from demo.transit.crashes import crashes_on
from demo.weather import rain_between, wet_factor

OTHERS = 22
"""Notices of a day besides those of crashes: works, jams, closures, flooded roads."""
BY_HOUR = rhythm((1, 1, 1, 1, 1, 2, 4, 8, 8, 6, 5, 5, 4, 4, 5, 5, 6, 8, 8, 6, 4, 3, 2, 1))
CORRIDORS = (
    ("季华路绿波", "440604012", 50), ("桂澜路绿波", "440605011", 50),
    ("105国道大良段绿波", "440606005", 55), ("佛陈路绿波", "440606101", 50),
    ("三水大道绿波", "440607001", 60), ("荷城高明大道绿波", "440608001", 55),
)  # fmt: skip
"""Name, town and the speed (km/h) that is advised on a free road."""
THROUGH, STOPPED = "TG", "TC"


def notices_of(seed: int, day: int) -> dict[str, Sheet]:
    """The notices of a day: found, published some minutes later, over in an hour or so."""
    rng = chance(seed, "traffic.notices", day)
    found, kind, district, town = _causes(rng, seed, day)
    size = len(found)
    published = found + lasting(rng, 4 * MINUTE, 0.65, size)
    length = np.where(kind == "SG", 7 * HOUR, np.where(kind == "JS", 2 * HOUR, 50 * MINUTE))
    over = published + (length * rng.lognormal(0, 0.5, size)).astype(np.int64)
    columns: Columns = {
        "XXBH": numbered(day, size, "LK"),
        "SJLX": kind,
        "XZQHDM": CODES[district],
        "XZJDDM": town,
        "FXSJ": found,
        "FBSJ": From(published),
        "JSSJ": From(np.minimum(over, published + 2 * DAY)),
        "GXSJ": Written(),
    }
    return {"LK_XX": Sheet(found + 15, columns)}


def _causes(rng: np.random.Generator, seed: int, day: int) -> tuple[Times, Array, Array, Array]:
    """When, what and where: grave crashes that the police themselves know of, and all else."""
    crashes = crashes_on(seed, day)
    grave = np.flatnonzero(crashes.severity != "NONE")
    expected = OTHERS * (1 if is_workday(day) else 0.7) * BY_HOUR[:, None] * SHARES
    when, where = arrivals(rng, day, expected * wet_factor(seed, day, 1.2))
    wet = rain_between(seed, when)[np.arange(len(when)), where] > 8
    usual = pick(rng, ("SG", "YD", "GZ"), np.array([3, 5, 1]), len(when))
    kinds = np.where(wet & (rng.random(len(when)) < 0.6), "JS", usual).astype(object)
    found = np.concatenate([crashes.reported[grave] + MINUTE, when])
    kind = np.concatenate([np.full(len(grave), "SGU", dtype=object), kinds])
    district = np.concatenate([crashes.district[grave], where])
    town = np.concatenate([crashes.town[grave], towns_of(rng, where)])
    order = np.argsort(found, kind="stable")
    return found[order], kind[order], district[order], town[order]


def guidance_of(seed: int, day: int) -> dict[str, Sheet]:
    """Cars that followed the advised speed, by hour: through without a stop, or stopped."""
    rng = chance(seed, "traffic.guidance", day)
    hours = np.arange(6, 23)
    rush = np.exp(-((hours - 8) ** 2) / 2) + np.exp(-((hours - 18) ** 2) / 3)
    rush = rush * (1 if is_workday(day) else 0.4)
    each, corridor = (one.ravel() for one in np.indices((len(hours), len(CORRIDORS))))
    cars = rng.poisson(260 * (0.5 + rush[each]))
    through = rng.binomial(cars, np.clip(0.78 - 0.2 * rush[each], 0.2, 0.95))
    starts = midnight(day) + hours[each] * HOUR
    town = np.array([one[1] for one in CORRIDORS], dtype=object)[corridor]
    advised = np.array([one[2] for one in CORRIDORS])[corridor] - np.round(12 * rush[each])
    twice = {
        "LDMC": np.array([one[0] for one in CORRIDORS], dtype=object)[corridor],
        "XS": starts,
        "XZQHDM": np.array([code[:6] for code in town], dtype=object),
        "XZJDDM": town,
        "YDCS": advised.astype(np.int64),
    }
    columns: Columns = {name: np.concatenate([values, values]) for name, values in twice.items()}
    outcome = np.repeat(np.array([THROUGH, STOPPED], dtype=object), len(cars))
    columns |= {"TGQK": outcome, "CLS": np.concatenate([through, cars - through])}
    return {"LB_YD": Sheet(np.concatenate([starts, starts]) + HOUR + 4 * MINUTE, columns)}
