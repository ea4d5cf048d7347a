"""One-door service: a case is applied for, accepted, decided, maybe sent again corrected; queues."""

from dataclasses import dataclass

import numpy as np

from demo.days import DAY, HOUR, MINUTE, NEVER, OFFSET, Array, Times, date_of, is_workday
from demo.draws import (
    arrivals,
    chance,
    in_office,
    invented_names,
    invented_phones,
    lasting,
    numbered,
    opening_hours,
    pick,
    rhythm,
)
from demo.places import CODES, SHARES, towns_of
from demo.sheets import Columns, From, Sheet, Written

HALL, ONLINE = 0, 1
PER_DAY = np.array([1250.0, 650.0])
"""Cases applied for on a workday at windows and online."""
HALL_HOURS = opening_hours((8.5, 11.7), (14, 17.2))
ONLINE_HOURS = rhythm(
    (0.6, 0.3, 0.2, 0.2, 0.2, 0.3, 0.6, 1.5, 4, 7, 7, 6, 3, 3, 6, 7, 7, 5, 3, 3, 3.5, 3.5, 2.5, 1.4)
)
PERSON, COMPANY, OTHER = 1, 2, 3
COMPANY_SHARE = {HALL: 0.25, ONLINE: 0.265}
"""How many of the applications at windows and online are companies'."""
COMPANIES = 12_000
"""Companies that have business with the halls; each keeps to the way it is used to."""
USED_TO_ONLINE = 0.297
"""How many of them apply online. They have more business than the others, and do it after work."""
MATTERS = (
    ("440601001", "身份证换领", "公安", 0), ("440601002", "居住证办理", "公安", 5),
    ("440602001", "社保卡申领", "人社", 0), ("440602002", "养老待遇核定", "人社", 15),
    ("440602003", "灵活就业登记", "人社", 1), ("440603001", "个体工商户设立", "市监", 1),
    ("440603002", "企业变更登记", "市监", 3), ("440603003", "食品经营许可", "市监", 10),
    ("440604001", "不动产转移登记", "自然资源", 5), ("440605001", "发票领用", "税务", 0),
    ("440605002", "完税证明开具", "税务", 0), ("440606001", "生育登记", "卫健", 0),
    ("440607001", "施工许可", "住建", 7), ("440608001", "公积金提取", "公积金", 3),
    ("440609001", "临时救助", "民政", 20), ("440610001", "道路运输证换发", "交通", 5),
)  # fmt: skip
SIZES = np.array([9, 7, 10, 2, 4, 6, 5, 3, 6, 7, 6, 4, 1, 8, 1, 2], float)


@dataclass(frozen=True)
class Life:
    """When each case is accepted, promised and decided."""

    accepted: Times
    promised: Times
    decided: Times
    resent: Times


def _live(rng: np.random.Generator, applied: Times, days: Array) -> Life:
    """Most are decided on the spot or well before the promised day, a few after it."""
    size = len(applied)
    refused = rng.random(size) < 0.03
    spot = days == 0
    accepted = np.where(
        spot,
        applied + lasting(rng, 3 * MINUTE, 0.5, size),
        in_office(rng, applied + lasting(rng, 80 * MINUTE, 0.8, size), ends=17.5),
    )
    promised = applied + (np.maximum(days, 1) * 1.4).astype(np.int64) * DAY
    share = np.minimum(rng.lognormal(np.log(0.42), 0.36, size), 2.2)
    slow = in_office(rng, (applied + share * (promised - applied)).astype(np.int64), ends=17.5)
    quick = accepted + lasting(rng, 12 * MINUTE, 0.6, size)
    decided = np.where(spot, quick, np.maximum(slow, accepted + 10 * MINUTE))
    resent = np.where(rng.random(size) < 0.03, applied + lasting(rng, 9 * HOUR, 0.9, size), NEVER)
    return Life(accepted, promised, np.where(refused, NEVER, decided), resent)


def applications_of(seed: int, day: int) -> dict[str, Sheet]:
    """The cases applied for on a day; a corrected one is sent again with the next VERSION."""
    rng = chance(seed, "cases.applications", day)
    busy = PER_DAY * ((1.0, 1.0) if is_workday(day) else (0.0, 0.35))
    applied, way = arrivals(rng, day, np.stack([HALL_HOURS, ONLINE_HOURS], axis=1) * busy)
    size = len(applied)
    matter = rng.choice(len(MATTERS), size, p=SIZES / SIZES.sum())
    place = rng.choice(len(CODES), size, p=SHARES / SHARES.sum())
    life = _live(rng, applied, np.array([m[3] for m in MATTERS])[matter])
    again = np.flatnonzero(life.resent < NEVER)
    rows = np.concatenate([np.arange(size), again])
    version = np.concatenate([np.ones(size, np.int64), np.full(len(again), 2)])
    appears = np.where(version == 1, (applied + 25)[rows], life.resent[rows])
    frozen = np.where(version == 1, life.resent[rows], NEVER)
    columns: Columns = {
        "SBLSH": numbered(day, size, "FS")[rows],
        "VERSION": version,
        **{name: values[rows] for name, values in _what(rng, matter, way).items()},
        **{name: values[rows] for name, values in _who(rng, way, place, day).items()},
        "SFFGZSJ": is_after_hours(applied)[rows],
        **_places(rng, place[rows], version),
        **_progress(rng, applied, life, rows),
    }
    return {"T_BJXX": Sheet(appears, columns, frozen)}


def is_after_hours(times: Times) -> Times:
    """1 where a time lies outside the halls' hours or on a day of rest, as the platform marks it."""
    hour = (times + OFFSET) % DAY / HOUR
    open_now = ((hour >= 8.5) & (hour < 12)) | ((hour >= 14) & (hour < 17.5))
    days = (times + OFFSET) // DAY
    works = np.array([is_workday(int(day)) for day in np.unique(days)], bool)
    return np.where(open_now & works[np.searchsorted(np.unique(days), days)], 0, 1)


def _places(rng: np.random.Generator, district: Array, version: Times) -> Columns:
    """Districts and towns; a correction names others, so that the first row must not count any
    more."""
    district = (district + (version == 2)) % len(CODES)
    return {"XZQHDM": CODES[district], "JDDM": towns_of(rng, district)}


def _what(rng: np.random.Generator, matter: Array, way: Array) -> dict[str, Array]:
    size = len(matter)
    channel = pick(rng, ("0", "1", "2", "3", "4", "9"), np.array([30, 28, 1, 30, 8, 3]), size)
    return {
        "SXBM": np.array([m[0] for m in MATTERS], dtype=object)[matter],
        "SXMC": np.array([m[1] for m in MATTERS], dtype=object)[matter],
        "SLBMMC": np.array([m[2] for m in MATTERS], dtype=object)[matter],
        "WSSBQD": np.where(way == HALL, np.full(size, None, dtype=object), channel),
    }


def _who(rng: np.random.Generator, way: Array, place: Array, day: int) -> dict[str, Array]:
    """Persons, who are new each time, and companies, which come again in their own way."""
    size = len(way)
    share = np.where(way == HALL, COMPANY_SHARE[HALL], COMPANY_SHARE[ONLINE])
    kind = np.where(rng.random(size) < share, COMPANY, PERSON)
    kind = np.where((kind == PERSON) & (rng.random(size) < 0.03), OTHER, kind)
    known = np.floor(COMPANIES * SHARES[place])
    online = np.floor(known * USED_TO_ONLINE)
    low, high = np.where(way == ONLINE, 0, online), np.where(way == ONLINE, online, known)
    number = (10_000 * (place + 1) + low + rng.random(size) * (high - low)).astype(np.int64)
    companies = np.char.add("Q", number.astype(str)).astype(object)
    return {
        "SQRLX": kind,
        "SQRBM": np.where(kind == COMPANY, companies, numbered(day, size, "R")),
        "SQRXM": invented_names(rng, size),
        "SJHM": invented_phones(rng, size),
    }


def _progress(rng: np.random.Generator, applied: Times, life: Life, rows: Array) -> Columns:
    """Times and states; a few decisions are dated before the application."""
    size = len(applied)
    dated = np.where(rng.random(size) < 0.0012, applied - 5 * DAY, life.decided)[rows]
    said = np.where(
        rng.random(size) < 0.3, life.decided + lasting(rng, 20 * MINUTE, 1.0, size), NEVER
    )
    said = np.where(life.decided == NEVER, NEVER, said)[rows]
    refused = np.where(life.decided == NEVER, "4", "1").astype(object)[rows]
    word = pick(
        rng,
        ("非常满意", "满意", "基本满意", "不满意", "非常不满意"),
        np.array([62, 26, 7, 3.5, 1.5]),
        size,
    )
    result = pick(rng, ("0", "1", "6"), np.array([40, 5, 55]), size)
    return {
        "SLZTDM": From(life.accepted[rows], refused),
        "BJJGDM": From(life.decided[rows], result[rows]),
        "MYD": From(said, word[rows]),
        "SBSJ": applied[rows],
        "SLSJ": From(life.accepted[rows]),
        "CNSJ": life.promised[rows],
        "BJSJ": From(life.decided[rows], dated),
        "GXSJ": Written(),
    }


def queues_of(seed: int, day: int) -> dict[str, Sheet]:
    """The halls' tickets of a day: taken, called, served. Mondays are worse."""
    rng = chance(seed, "cases.queues", day)
    if not is_workday(day):
        return {}
    monday = 1.25 if date_of(day).weekday() == 0 else 1.0
    taken, district = arrivals(rng, day, 1400 * monday * HALL_HOURS[:, None] * SHARES)
    size = len(taken)
    hour = (taken + 8 * HOUR) % DAY / HOUR
    crowd = 0.8 + 0.7 * np.exp(-(((hour - 10) / 0.9) ** 2)) + 0.4 * np.exp(-((hour - 15.3) ** 2))
    wait = (crowd * monday * lasting(rng, 6.0 * MINUTE, 0.55, size)).astype(np.int64)
    called = np.where(rng.random(size) < 0.03, NEVER, taken + wait)
    served = np.where(called == NEVER, NEVER, called + lasting(rng, 9 * MINUTE, 0.6, size))
    # Whoever went home is struck off the list when the number would have been called.
    left = np.where(called == NEVER, taken + wait, called)
    state = np.where(called == NEVER, "过号", "已叫号").astype(object)
    desks = np.char.add("W", np.char.zfill(rng.integers(1, 31, size).astype(str), 2))
    columns: Columns = {
        "PDLSH": numbered(day, size, "PD"),
        "QXDM": CODES[district],
        "JDDM": towns_of(rng, district),
        "PHZT": From(left, state),
        "CKH": From(called, desks.astype(object)),
        "QHSJ": taken,
        "JHSJ": From(called),
        "WCSJ": From(served),
        "LKSJ": From(left),
        "GXSJ": Written(),
    }
    return {"T_PDJH": Sheet(taken + 2, columns)}
