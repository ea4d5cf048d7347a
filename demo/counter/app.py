"""The city app: which mobile services it has, whether they answer, how much they are used."""

import numpy as np

from demo.days import HOUR, MINUTE, Array, Times, is_workday, midnight
from demo.draws import chance, rhythm
from demo.sheets import Sheet, Written

KINDS = ("民政社保", "医疗卫生", "文化体育", "安全生产", "公证")
THINGS = (
    ("社保缴费", "养老待遇", "医保账户", "失业金", "低保", "高龄津贴", "婚姻登记", "殡葬补贴", "残疾补贴"),
    ("挂号", "检验报告", "预防接种", "体检", "无偿献血", "家庭医生", "疾病预防"),
    ("图书馆", "场馆", "展览", "赛事", "培训班", "演出"),
    ("特种作业证", "隐患举报", "企业自查", "安全培训", "应急预案"),
    ("委托公证", "学历公证", "继承公证", "核验"),
)  # fmt: skip
ACTIONS = ("查询", "预约", "办理")
OFFERED = 0.925
"""How many of the thinkable services the app was given."""
SHARES = np.array([34, 41, 15, 6, 4], float)
PER_DAY = 9_400.0
"""Uses of the added services on a workday."""
BY_HOUR = rhythm(
    (0.8, 0.4, 0.3, 0.2, 0.3, 0.7, 2, 5, 8, 8, 7, 6, 5, 5, 6, 6, 5, 4.5, 4.5, 5, 5.5, 5, 3.5, 1.8)
)
FAILED = np.array([0.026, 0.034, 0.015, 0.012, 0.02])
"""How many uses end in an error, by kind, while all services answer."""
PROBED = 5 * MINUTE
DOWN = 0.011
"""Share of hours for which a service does not answer: an interface behind it is down."""


def services(seed: int) -> tuple[Array, Array]:
    """Names of the services and the index of the kind of each."""
    rng = chance(seed, "counter.services")
    found = [
        (f"{thing}{action}", kind)
        for kind, things in enumerate(THINGS)
        for thing in things
        for action in ACTIONS
        if rng.random() < OFFERED
    ]
    return np.array([name for name, _ in found], dtype=object), np.array([k for _, k in found])


def up(seed: int, at: int, count: int) -> Array:
    """Which services answer at a moment; an outage lasts for whole hours."""
    return chance(seed, "counter.probe", at // HOUR).random(count) >= DOWN


def services_at(seed: int, at: int) -> tuple[dict[str, Array], Times]:
    """The newest probe of every service."""
    names, kinds = services(seed)
    probed = at - (at + np.arange(len(names)) * 3) % PROBED
    same_hour = probed // HOUR == at // HOUR
    answers = np.where(same_hour, up(seed, at, len(names)), up(seed, at - HOUR, len(names)))
    return {
        "serviceId": np.char.add("M", np.char.zfill(np.arange(len(names)).astype(str), 3)).astype(
            object
        ),
        "serviceName": names,
        "serviceKind": np.array(KINDS, dtype=object)[kinds],
        "isUp": answers.astype(np.int64),
        "probedAt": probed,
    }, probed


def usage_of(seed: int, day: int) -> dict[str, Sheet]:
    """Uses per hour and kind; each hour is told some minutes after it has ended. What does not
    answer fails."""
    rng = chance(seed, "counter.usage", day)
    busy = PER_DAY * (1.0 if is_workday(day) else 0.8)
    hourly = BY_HOUR.reshape(24, -1).sum(axis=1)
    used = rng.poisson(busy * hourly[:, None] * SHARES / SHARES.sum())
    kinds = services(seed)[1]
    starts = midnight(day) + np.arange(24) * HOUR
    rate = np.zeros(used.shape)
    for hour, at in enumerate(starts.tolist()):
        answers = up(seed, at, len(kinds))
        rate[hour] = [1 - answers[kinds == kind].mean() for kind in range(len(KINDS))]
    failed = rng.binomial(used, np.minimum(FAILED + rate, 1))
    told = np.repeat(starts + HOUR, len(KINDS)) + rng.integers(30, 240, used.size)
    hours = np.repeat(starts, len(KINDS))
    names = np.tile(np.array(KINDS, dtype=object), len(starts))
    outcomes = {"ok": used - failed, "failed": failed}
    return {
        "appUsage": Sheet(
            np.tile(told, len(outcomes)),
            {
                "usageHour": np.tile(hours, len(outcomes)),
                "serviceKind": np.tile(names, len(outcomes)),
                "outcome": np.repeat(np.array(list(outcomes), dtype=object), used.size),
                "useCount": np.concatenate([uses.ravel() for uses in outcomes.values()]),
                "updatedAt": Written(),
            },
        )
    }
