"""The hotline: a call is offered, answered or given up, and may become a work order with a life."""

from dataclasses import dataclass

import numpy as np

from demo.cases.matters import TOPICS, UNIT_SHARES, UNITS, Matters, calls_on, matters_of
from demo.days import DAY, HOUR, MINUTE, NEVER, Array, Times
from demo.draws import chance, in_office, lasting, numbered, pick
from demo.places import CODES
from demo.sheets import Columns, From, Sheet, Steps, Written

LATENESS = np.array([1.0, 1.07, 0.95, 0.96, 0.97, 1.02, 1.04, 1.0, 1.03, 0.9])
URGENCY = ("一般", "紧急", "特急")
CHANNELS = ("电话", "微信", "i顺德", "网站")
SOLVED = np.array([0.895, 0.885, 0.88, 0.82])
"""How many matters are solved in the end, by channel."""
WORDS = ("非常满意", "满意", "基本满意", "不满意", "非常不满意")
TERMS = np.array([5 * DAY, DAY, 8 * HOUR])


def hotline_of(seed: int, day: int) -> dict[str, Sheet]:
    """The calls of a day, and the work orders that come of them and of other channels."""
    calls, matters = calls_on(seed, day), matters_of(seed, day)
    phones = calls.phones.copy()
    phones[matters.call] = matters.phone
    answered = calls.answered < NEVER
    outcome = np.where(answered, calls.answered, calls.ended)
    waited = outcome - calls.offered
    columns: Columns = {
        "HWLSH": numbered(day, len(calls.offered), "HW"),
        "LDHM": phones,
        "QXDM": CODES[calls.district],
        "HRSJ": calls.offered,
        "JTSJ": From(calls.answered),
        "GDSJ": From(calls.ended),
        "DDSC": From(outcome, waited),
        "SFJT": From(outcome, answered.astype(np.int64)),
        "GXSJ": Written(),
    }
    return {"T_HWJL": Sheet(calls.offered + 1, columns), "T_GDXX": _orders(seed, day)}


@dataclass(frozen=True)
class Life:
    """When each order is signed for, sent back, due, closed, and asked about."""

    signed: Times
    sent_back: Times
    due: Times
    closed: Times
    asked: Times


def _live(rng: np.random.Generator, given: Times, matters: Matters, stuck: Array) -> Life:
    urgency = matters.urgency
    size = len(given)
    pace = np.array([26 * MINUTE, 6 * MINUTE, 4 * MINUTE])[urgency]
    signed = given + (pace * rng.lognormal(0, np.where(urgency == 0, 0.95, 0.7), size)).astype(int)
    term = TERMS[urgency] * np.where(matters.hard, 3, 1)
    back = np.where(rng.random(size) < 0.068, signed + lasting(rng, 2 * HOUR, 0.8, size), NEVER)
    closed = given + (_shares(rng, urgency, matters.unit, stuck) * term).astype(np.int64)
    closed = np.where(urgency == 0, in_office(rng, closed, ends=19), closed)
    closed = np.maximum(closed, signed + 15 * MINUTE)
    closed = np.where(back < NEVER, np.maximum(closed, back + HOUR), closed)
    asked = in_office(rng, closed + lasting(rng, 20 * HOUR, 0.5, size), opens=9, ends=19)
    asked = np.where(rng.random(size) < 0.7, asked, NEVER)
    return Life(signed, back, given + term, closed, asked)


def _shares(rng: np.random.Generator, urgency: Array, unit: Array, stuck: Array) -> Array:
    """The share of its term that each order takes. Who would be late is hurried by the unit's own
    reminder, all but a few; a unit that is stuck takes twice as long and hurries nobody."""
    size = len(unit)
    share = rng.lognormal(np.log(0.44 * LATENESS[unit]), 0.37, size)
    # Ordinary orders are closed in office hours, so that the last evening is no time to close.
    last = np.where(urgency == 0, 0.86, 0.96)
    hurried = (share > last) & (rng.random(size) > 0.004)
    usual = np.where(hurried, last - 0.2 * rng.random(size), share)
    # What is overdue is everybody's matter, and closed within the next tenth of its term or two.
    behind = np.minimum(1.9 * share, 1.03 + 0.12 * rng.random(size))
    return np.where(stuck, behind, usual)


def stuck_units(seed: int, day: int) -> Array:
    """Which units are behind with the orders given on a day: a flood of matters, a failed system.
    It begins at one of the ten in three or four weeks and lasts for a day or two."""
    found = np.zeros(len(UNITS), bool)
    for back in (0, 1):
        rng = chance(seed, "cases.stuck", day - back)
        begun, long = rng.random(len(UNITS)) < 0.004, rng.random(len(UNITS)) < 0.5
        found |= begun & (long if back else True)
    return found


def _orders(seed: int, day: int) -> Sheet:
    """The work orders of a day with their lives."""
    rng = chance(seed, "cases.orders", day)
    matters = matters_of(seed, day)
    size = len(matters.urgency)
    given = matters.ended + lasting(rng, 9 * MINUTE, 0.6, size)
    # Nothing but urgent matters is handed out at night.
    given = np.where(matters.urgency == 0, in_office(rng, given, opens=8, ends=21.5), given)
    life = _live(rng, given, matters, stuck_units(seed, day)[matters.unit])
    helper = pick(rng, UNITS, UNIT_SHARES, size)
    channel = rng.choice(len(CHANNELS), size, p=[0.72, 0.15, 0.07, 0.06])
    columns: Columns = {
        "工单编号": numbered(day, size, "GD"),
        "紧急程度": np.array(URGENCY, dtype=object)[matters.urgency],
        "所属区": CODES[matters.district],
        "镇街": matters.town,
        "主办单位": np.array(UNITS, dtype=object)[matters.unit],
        "是否疑难": np.where(matters.hard, "是", "否").astype(object),
        "诉求人编码": matters.person,
        "来电号码": matters.phone,
        "诉求类型": matters.kind,
        "诉求主题": np.array([name for name, _, _ in TOPICS], dtype=object)[matters.topic],
        "诉求渠道": np.array(CHANNELS, dtype=object)[channel],
        "协办单位": np.where(rng.random(size) < 0.12, helper, np.full(size, None, dtype=object)),
        "是否重复": np.where(matters.again, "是", "否").astype(object),
        "诉求人": matters.name,
        **_progress(rng, given, life, channel),
    }
    return Sheet(given + 5, columns)


def _answers(rng: np.random.Generator, channel: Array) -> tuple[Array, Array]:
    """What people say when they are asked: whether their matter is solved, and how satisfied they
    are. Some are not reached, and whoever wrote on the website is harder to please."""
    size = len(channel)
    solved = rng.random(size) < SOLVED[channel]
    after = pick(rng, WORDS, np.array([49, 33, 12, 4, 2]), size)
    without = pick(rng, WORDS, np.array([12, 24, 22, 27, 15]), size)
    said = np.where(solved, after, without)
    reached = rng.random(size) < 0.93
    nothing = np.full(size, None, dtype=object)
    words = np.where(solved, "是", "否").astype(object)
    return np.where(reached, words, nothing), np.where(reached, said, nothing)


def _progress(rng: np.random.Generator, given: Times, life: Life, channel: Array) -> Columns:
    """Times and states; a few are closed, by their date, before they were given out."""
    size = len(given)
    dated = np.where(rng.random(size) < 0.0015, given - DAY, life.closed)
    solved, satisfied = _answers(rng, channel)
    steps = np.stack([given, life.signed, life.sent_back, life.closed, life.asked], axis=1)
    back = np.stack([given, life.sent_back], axis=1)
    return {
        "工单状态": Steps(
            steps, np.array(["待签收", "处理中", "重新交办", "已办结", "已回访"], dtype=object)
        ),
        "退单次数": Steps(back, np.array([0, 1], np.int64), before=0),
        "交办时间": given,
        "签收时间": From(life.signed),
        "办结期限": life.due,
        "办结时间": From(life.closed, dated),
        "回访时间": From(life.asked),
        "是否解决": From(life.asked, solved),
        "满意度": From(life.asked, satisfied),
        "更新时间": Written(),
    }
