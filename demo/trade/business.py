"""Processing trade business of companies, online or at the window, as it comes a day later."""

from functools import lru_cache

import numpy as np

from demo.days import DAY, HOUR, MINUTE, NEVER, Array, Times, day_of, is_workday, midnight
from demo.draws import arrivals, chance, in_office, lasting, numbered, pick, rhythm
from demo.places import CODES, DISTRICTS, towns_of
from demo.sheets import From, Sheet, Written
from demo.trade.totals import TOWN_SHARES

KINDS = ("手册设立", "手册变更", "外发加工", "深加工结转", "内销征税", "手册核销")
KIND_WEIGHTS = np.array([1.6, 2.6, 1.4, 2.2, 1.3, 0.9])
COMPANIES = 1_120
"""Companies in processing trade."""
PER_DAY = 88.0
"""Business of a workday."""
REST = 0.12
"""Of that, what is filed on a day of rest, all of it online."""
ONLINE = 0.87
FASTEST = 5 * MINUTE
"""What the checks of the system take at least."""
FILED = 6 * HOUR + 10 * MINUTE
"""Local time at which the file of the day before comes."""
BY_HOUR = rhythm(
    (0.2, 0.1, 0.1, 0.1, 0.1, 0.2, 0.5, 1, 5, 9, 10, 8, 4, 6, 9, 10, 9, 6, 3, 2, 2, 1.5, 1, 0.5)
)


@lru_cache(maxsize=8)
def _companies(seed: int) -> tuple[Array, Array]:
    """The district and the town of each company."""
    rng = chance(seed, "trade.companies")
    district = rng.choice(len(DISTRICTS), COMPANIES, p=TOWN_SHARES / TOWN_SHARES.sum())
    return district, towns_of(rng, district)


def filed_before(at: int) -> int:
    """When the newest file came that had come by a second."""
    today = midnight(day_of(at)) + FILED
    return today if today <= at else today - DAY


def filed(times: Times) -> Times:
    """When the file comes that tells of what happened at each time."""
    day = (times + 8 * HOUR) // DAY + 1
    return np.where(times < NEVER, day * DAY - 8 * HOUR + FILED, NEVER)


def business_of(seed: int, day: int) -> dict[str, Sheet]:
    """The business that companies file on a day, told by the files of the mornings after."""
    rng = chance(seed, "trade.business", day)
    expected = PER_DAY * (1.0 if is_workday(day) else REST)
    asked, _ = arrivals(rng, day, expected * BY_HOUR[:, None])
    size = len(asked)
    online = np.full(size, True) if not is_workday(day) else rng.random(size) < ONLINE
    asked = np.where(online, asked, in_office(rng, asked, ends=17))
    done = _done(rng, asked, online)
    districts, towns = _companies(seed)
    company = rng.integers(0, COMPANIES, size)
    told = filed(done)
    sheet = Sheet(
        filed(asked),
        {
            "业务编号": numbered(day, size, "JM", ""),
            "业务类型": pick(rng, KINDS, KIND_WEIGHTS, size),
            "企业编码": np.char.add("4406J", np.char.zfill(company.astype(str), 5)).astype(object),
            "区代码": CODES[districts[company]],
            "镇街代码": towns[company],
            "办理方式": np.where(online, "网上", "窗口").astype(object),
            "申请时间": asked,
            "办结时间": From(told, done),
            "更新时间": Written(),
        },
    )
    return {"加工贸易业务": sheet}


def _done(rng: np.random.Generator, asked: Times, online: Array) -> Times:
    """When it is decided: the system's checks alone in most cases, an officer's work in others, and
    days of paper at the window."""
    size = len(asked)
    by_system = asked + FASTEST + lasting(rng, 14 * MINUTE, 1.2, size)
    by_officer = in_office(rng, asked + FASTEST + lasting(rng, 3 * HOUR, 0.8, size), ends=18)
    doubtful = rng.random(size) < 0.18
    at_window = in_office(rng, asked + lasting(rng, 2.2 * DAY, 0.3, size), ends=17.5)
    return np.where(online, np.where(doubtful, by_officer, by_system), at_window)
