"""Who calls the hotline with what: calls, the matters they leave, and people who call again."""

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from demo.days import HOUR, MINUTE, NEVER, Array, Times, is_workday, midnight
from demo.draws import arrivals, chance, invented_names, invented_phones, lasting, pick, rhythm
from demo.places import SHARES, TOWN_DISTRICT, TOWN_SIZES, TOWNS, towns_of
from demo.weather import rain_rate, wet_factor

CALLS_PER_DAY = 2300
BY_HOUR = rhythm(
    (
        1,
        0.6,
        0.4,
        0.3,
        0.4,
        0.7,
        1.4,
        3,
        6.5,
        9,
        9.5,
        8,
        5,
        5,
        7.5,
        8.5,
        8,
        6.5,
        5,
        5,
        4.5,
        3.5,
        2.5,
        1.6,
    )
)
UNITS = ("城管", "住建", "公安", "市监", "人社", "交通", "生态环境", "水利", "镇街", "供水集团")
UNIT_SHARES = np.array([17, 12, 13, 14, 10, 8, 7, 4, 12, 3], float)
"""Who is asked to help with a matter; who leads it follows from its topic."""
TOPICS = (
    ("市容环境", 0, 9), ("噪音扰民", 0, 8), ("物业管理", 1, 12), ("违法停车", 2, 13),
    ("消费纠纷", 3, 14), ("劳动工资", 4, 6), ("社保医保", 4, 4), ("道路交通", 5, 8),
    ("油烟异味", 6, 7), ("内涝积水", 7, 4), ("邻里纠纷", 8, 12), ("停水停气", 9, 3),
)  # fmt: skip
"""What matters are about, the unit that deals with it, and how many of a hundred are."""
TOPIC_SHARES = np.array([share for _, _, share in TOPICS], float)
UNIT_OF_TOPIC = np.array([unit for _, unit, _ in TOPICS])
KINDS = ("投诉", "咨询", "求助", "举报", "建议")
SURGES_PER_DAY = 0.65
SURGE_SHARES = np.array([1, 2, 1, 0, 1, 3, 1, 4, 2, 0, 0, 6], float)
"""What surges are about, by topic: most often the water fails or a road is closed."""
HEAVY_RAIN = 8.0
"""mm/h from which a surge is of flooded streets."""
FLOODED = [name for name, _, _ in TOPICS].index("内涝积水")
AGAIN = 0.085
"""Share of a day's matters that their people have raised before."""
BACK = np.arange(2, 30)
"""Days after which somebody calls again: the order before is given out by then, and is no older
than the thirty days within which a matter counts as repeated."""


@dataclass(frozen=True)
class Calls:
    """The calls of a day; `answered` is NEVER where the caller gave up at `ended`, `surge` the
    index of the surge that a call belongs to, -1 where to none."""

    offered: Times
    answered: Times
    ended: Times
    district: Array
    phones: Array
    surge: Array


@dataclass(frozen=True)
class Surge:
    """A pipe bursts, a factory closes, a street floods: one town calls of one thing for hours."""

    begins: int
    town: int
    topic: int
    calls: Times


@lru_cache(maxsize=8)
def surges_on(seed: int, day: int) -> tuple[Surge, ...]:
    """The surges that begin on a day, two in three days; in heavy rain they are of flooded streets."""
    rng = chance(seed, "cases.surges", day)
    found = []
    for _ in range(rng.poisson(SURGES_PER_DAY)):
        town = int(rng.choice(len(TOWNS), p=TOWN_SIZES / TOWN_SIZES.sum()))
        start = midnight(day) + int(rng.uniform(7, 21) * HOUR)
        size = int(rng.lognormal(np.log(45), 0.4))
        calls = start + lasting(rng, 45 * MINUTE, 0.7, size)
        wet = rain_rate(seed, np.array([start]), TOWN_DISTRICT[[town]])[0] > HEAVY_RAIN
        topic = int(rng.choice(len(TOPICS), p=SURGE_SHARES / SURGE_SHARES.sum()))
        calls = calls[calls < midnight(day + 1)]
        found.append(Surge(start, town, FLOODED if wet else topic, np.sort(calls)))
    return tuple(found)


def _with_surges(
    seed: int, day: int, offered: Times, district: Array
) -> tuple[Times, Array, Array]:
    """Calls in order with those of the day's surges among them, and which of these each is of."""
    surges = surges_on(seed, day)
    times = np.concatenate([offered, *(one.calls for one in surges)])
    where = [np.full(len(one.calls), TOWN_DISTRICT[one.town]) for one in surges]
    which = [np.full(len(one.calls), place) for place, one in enumerate(surges)]
    order = np.argsort(times, kind="stable")
    none = np.full(len(offered), -1)
    return (
        times[order],
        np.concatenate([district, *where])[order],
        np.concatenate([none, *which])[order],
    )


@lru_cache(maxsize=4)
def calls_on(seed: int, day: int) -> Calls:
    """The calls offered on a day, more in rain, when they also wait longer."""
    rng = chance(seed, "cases.hotline", day)
    busy = CALLS_PER_DAY * (1.0 if is_workday(day) else 0.62)
    expected = busy * BY_HOUR[:, None] * SHARES * wet_factor(seed, day, 0.45)
    offered, district = arrivals(rng, day, expected)
    offered, district, surge = _with_surges(seed, day, offered, district)
    size = len(offered)
    load = np.minimum(rain_rate(seed, offered, district), 30) / 30
    wait = lasting(rng, 4.6, 0.72, size) * (1 + load)
    lost = rng.random(size) < 0.022 + 0.05 * load + 0.25 * (wait > 30)
    patience = lasting(rng, 22, 0.7, size)
    answered = np.where(lost, NEVER, offered + wait.astype(np.int64))
    talked = lasting(rng, 170, 0.6, size)
    ended = np.where(lost, offered + patience, offered + wait.astype(np.int64) + talked)
    return Calls(offered, answered, ended, district, invented_phones(rng, size), surge)


@dataclass(frozen=True)
class Matters:
    """What is to be dealt with: whose it is, where, what kind, for which unit, how urgent; `again`
    where the same person raised the same matter in the thirty days before."""

    call: Array
    ended: Times
    person: Array
    phone: Array
    name: Array
    district: Array
    town: Array
    kind: Array
    topic: Array
    unit: Array
    urgency: Array
    hard: Array
    again: Array


@lru_cache(maxsize=40)
def first_matters(seed: int, day: int) -> Matters:
    """The matters of a day as if nobody had called before: under half of the answered calls leave
    one."""
    rng = chance(seed, "cases.matters", day)
    calls = calls_on(seed, day)
    leaves = rng.random(len(calls.offered)) < np.where(calls.surge < 0, 0.36, 0.85)
    taken = np.flatnonzero((calls.answered < NEVER) & leaves)
    size = len(taken)
    town, topic = _where_and_what(rng, surges_on(seed, day), calls, taken)
    urgency = rng.choice(3, size, p=[0.93, 0.06, 0.01])
    return Matters(
        call=taken,
        ended=calls.ended[taken],
        person=np.char.add(f"P{day:05d}", np.char.zfill(np.arange(size).astype(str), 4)).astype(
            object
        ),
        phone=calls.phones[taken],
        name=invented_names(rng, size),
        district=calls.district[taken],
        town=town,
        kind=pick(rng, KINDS, np.array([44, 14, 25, 13, 4]), size),
        topic=topic,
        unit=UNIT_OF_TOPIC[topic],
        urgency=urgency,
        hard=(rng.random(size) < 0.05) & (urgency == 0),
        again=np.zeros(size, bool),
    )


def _where_and_what(
    rng: np.random.Generator, surges: tuple[Surge, ...], calls: Calls, taken: Array
) -> tuple[Array, Array]:
    """The town and the topic of the matters that some calls leave; those of a surge have its own."""
    town = towns_of(rng, calls.district[taken])
    topic = rng.choice(len(TOPICS), len(taken), p=TOPIC_SHARES / TOPIC_SHARES.sum())
    for place, one in enumerate(surges):
        rows = calls.surge[taken] == place
        town[rows], topic[rows] = TOWNS[one.town], one.topic
    return town, topic


def _raised_again(seed: int, day: int, size: int) -> Array:
    """Which matters of a day their people have raised before."""
    return chance(seed, "cases.again", day).random(size) < AGAIN


def matters_of(seed: int, day: int) -> Matters:
    """The matters of a day; some are those of people whose first call did not help. Complaints and
    hard cases come back most."""
    rng = chance(seed, "cases.whose", day)
    own = first_matters(seed, day)
    again = _raised_again(seed, day, len(own.urgency))
    back = pick(rng, BACK.tolist(), np.exp(-BACK / 9), len(again)).astype(np.int64)
    parts = {name: getattr(own, name).copy() for name in SAME}
    for days in np.unique(back[again]):
        rows = np.flatnonzero(again & (back == days))
        before = first_matters(seed, day - int(days))
        # What was itself raised again that day stands for another's matter.
        new = ~_raised_again(seed, day - int(days), len(before.kind))
        weight = new * (1.0 + 2 * (before.kind == "投诉") + 4 * before.hard)
        chosen = rng.choice(
            len(before.kind), min(len(rows), len(before.kind)), replace=False,
            p=weight / weight.sum(),
        )  # fmt: skip
        for name, values in parts.items():
            values[rows[: len(chosen)]] = getattr(before, name)[chosen]
    return replace(own, **parts, again=again)


SAME = ("person", "phone", "name", "district", "town", "kind", "topic", "unit")
"""What a matter keeps when it is raised again."""
