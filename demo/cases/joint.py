"""Matters of several departments joined on the governance cloud, jobs offered at the desk, the
public's open questions, and public resource trading."""

import numpy as np

from demo.cases.matters import UNIT_SHARES, UNITS
from demo.days import DAY, HOUR, MINUTE, NEVER, is_workday
from demo.draws import arrivals, chance, in_office, lasting, numbered, opening_hours, pick, rhythm
from demo.places import CODES, SHARES, towns_of
from demo.sheets import Columns, From, Sheet, Written

CLOUD = 0
"""The district whose governance cloud it is, and whose desks offer jobs: Chancheng."""
JOINT_PER_DAY = 34.0
BY_HOUR = rhythm(
    (0.3, 0.2, 0.2, 0.2, 0.2, 0.4, 0.8, 2, 5, 8, 8, 6, 3, 3, 6, 7, 6, 5, 3, 3, 3, 2, 1, 0.5)
)
SOURCES = ("热线", "网格", "一门式", "视频巡查", "安全监管")
MATTERS = ("三合一场所", "占道经营", "出租屋隐患", "污水直排", "欠薪纠纷", "违法建设", "消防通道")
TERMS = (3, 5, 10)
"""Days within which a joint matter is to be closed."""
SEEKERS_PER_DAY = 46.0
FITTING = 3.0
"""Jobs that fit a person who swipes the card, on average."""
TO_WORK = 0.62
"""Of those who are offered a fitting job, how many are at work again within weeks."""


def joint_of(seed: int, day: int) -> dict[str, Sheet]:
    """The matters joined on a day: handed to two departments or more, closed when the last has."""
    rng = chance(seed, "cases.joint", day)
    busy = JOINT_PER_DAY * (1.0 if is_workday(day) else 0.5)
    joined, _ = arrivals(rng, day, busy * BY_HOUR[:, None])
    size = len(joined)
    partners = np.minimum(2 + rng.poisson(0.7, size), 6)
    handed = joined + lasting(rng, 22 * MINUTE, 0.8, size)
    term = np.array(TERMS)[rng.choice(len(TERMS), size, p=[0.5, 0.35, 0.15])] * DAY
    # Each further department is one more that may be late.
    share = rng.lognormal(np.log(0.46), 0.34, size) * (1 + 0.05 * (partners - 2))
    closed = in_office(rng, handed + (share * term).astype(np.int64), ends=18)
    columns: Columns = {
        "LBBH": numbered(day, size, "LB"),
        "SXLY": pick(rng, SOURCES, np.array([34, 30, 12, 14, 10]), size),
        "SXLB": pick(rng, MATTERS, np.array([16, 22, 20, 9, 11, 13, 9]), size),
        "QTDW": pick(rng, UNITS, UNIT_SHARES, size),
        "BMS": partners,
        "QXDM": np.full(size, CODES[CLOUD], dtype=object),
        "JDDM": towns_of(rng, np.full(size, CLOUD)),
        "HJSJ": joined,
        "PDSJ": From(handed),
        "CLQX": handed + term,
        "BJSJ": From(closed),
        "GXSJ": Written(),
    }
    return {"T_LBSX": Sheet(joined + 20, columns)}


def seekers_of(seed: int, day: int) -> dict[str, Sheet]:
    """Who swipes the card at a desk and is shown fitting jobs; some soon work again."""
    rng = chance(seed, "cases.seekers", day)
    if not is_workday(day):
        return {}
    hours = opening_hours((8.5, 11.7), (14, 17.2))
    swiped, _ = arrivals(rng, day, SEEKERS_PER_DAY * hours[:, None])
    size = len(swiped)
    jobs = rng.poisson(FITTING, size)
    pace = rng.lognormal(np.log(4.6), 0.55, size) * (1.4 - 0.1 * np.minimum(jobs, 6))
    found = (jobs > 0) & (rng.random(size) < TO_WORK)
    began = np.where(found, in_office(rng, swiped + (pace * DAY).astype(np.int64), 8, 10), NEVER)
    wish = ("普工", "文员", "销售", "仓管", "保安", "技工", "服务员")
    columns: Columns = {
        "PPLSH": numbered(day, size, "JY"),
        "SQRBM": numbered(day, size, "J"),
        "QZYX": pick(rng, wish, np.array([30, 14, 13, 11, 9, 13, 10]), size),
        "QXDM": np.full(size, CODES[CLOUD], dtype=object),
        "JDDM": towns_of(rng, np.full(size, CLOUD)),
        "PPGWS": jobs,
        "SKSJ": swiped,
        "GZQX": swiped + 7 * DAY,
        "SGSJ": From(began),
        "GXSJ": Written(),
    }
    return {"T_JYPP": Sheet(swiped + 3, columns)}


DIALOGUES_PER_DAY = 46.0
ANSWERS_IN = {"咨询": 3, "建议": 10, "投诉": 7}
"""Days within which an open question of the public is to be answered."""


def dialogue_of(seed: int, day: int) -> dict[str, Sheet]:
    """Questions that the public asks in the open, most of them in the busiest districts."""
    rng = chance(seed, "cases.dialogue", day)
    asked, district = arrivals(rng, day, DIALOGUES_PER_DAY * BY_HOUR[:, None] * SHARES)
    size = len(asked)
    kind = pick(rng, tuple(ANSWERS_IN), np.array([58, 14, 28]), size)
    term = np.array([ANSWERS_IN[word] for word in kind.tolist()], np.int64) * DAY
    share = rng.lognormal(np.log(0.42), 0.42, size)
    answered = in_office(rng, asked + (share * term).astype(np.int64) + HOUR, ends=18)
    columns: Columns = {
        "HDBH": numbered(day, size, "HD"),
        "HDLB": kind,
        "DFDW": pick(rng, UNITS, UNIT_SHARES, size),
        "QXDM": CODES[district],
        "JDDM": towns_of(rng, district),
        "TJSJ": asked,
        "DFQX": asked + term,
        "DFSJ": From(answered),
        "GXSJ": Written(),
    }
    return {"T_ZMHD": Sheet(asked + 4, columns)}


TENDERS_PER_DAY = 9.0
TRADES = (
    ("工程建设", 30, 8.0e8, 1.2, 21), ("政府采购", 46, 9.0e7, 1.0, 18),
    ("土地矿权", 3, 1.6e10, 0.9, 30), ("国有产权", 21, 3.5e7, 1.3, 15),
)  # fmt: skip
"""What is traded: its share, median amount in fen (hundredths of a yuan) and spread, days open."""
FAILS = 0.07


def tenders_of(seed: int, day: int) -> dict[str, Sheet]:
    """Tenders announced on a workday: open for weeks, opened, then awarded or failed."""
    rng = chance(seed, "cases.tenders", day)
    if not is_workday(day):
        return {}
    announced, district = arrivals(
        rng, day, TENDERS_PER_DAY * opening_hours((9, 12), (14, 17))[:, None] * SHARES
    )
    size = len(announced)
    kind = rng.choice(len(TRADES), size, p=np.array([t[1] for t in TRADES]) / 100)
    days = np.array([t[4] for t in TRADES])[kind]
    opens = in_office(
        rng, announced + (days * DAY * rng.uniform(0.9, 1.15, size)).astype(np.int64), 9, 16
    )
    settled = in_office(rng, opens + lasting(rng, 2.5 * DAY, 0.5, size), 9, 17)
    amount = np.array([t[2] for t in TRADES])[kind] * rng.lognormal(
        0, np.array([t[3] for t in TRADES])[kind]
    )
    failed = rng.random(size) < FAILS
    columns: Columns = {
        "XMBH": numbered(day, size, "GJ"),
        "JYLB": np.array([t[0] for t in TRADES], dtype=object)[kind],
        "QXDM": CODES[district],
        "JDDM": towns_of(rng, district),
        "CJJE": From(np.where(failed, NEVER, settled), amount.astype(np.int64)),
        "JYJG": From(settled, np.where(failed, "流标", "成交").astype(object)),
        "GGSJ": announced,
        "KBSJ": opens,
        "CJSJ": From(settled),
        "GXSJ": Written(),
    }
    return {"T_GGJY": Sheet(announced + 30, columns)}
