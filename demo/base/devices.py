"""Cameras and access points: where they stand, when each is offline and why.

No picture, face or person is anywhere in it: a camera is a device with a place and a state.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from demo.days import DAY, HOUR, MINUTE, Array, Times, day_of, midnight
from demo.draws import arrivals, chance, lasting, numbered, pick, rhythm
from demo.places import CODES, SHARES, TOWN_DISTRICT, TOWNS
from demo.sheets import From, Sheet, Written
from demo.sites import near

ROUND = 30 * MINUTE
"""How often a round of inspection looks at every device."""
LONGEST = 20
"""Days after which a device that is still offline has been replaced."""
NODE_CAPACITY = 5_000
"""Cameras that one access node can connect."""
NODES_PER_TOWN = 2
CAUSES = ("断电", "断网", "设备故障", "施工", "镜头污损")
USERS = rhythm((1, 1, 1, 1, 1, 2, 4, 7, 9, 10, 11, 12, 12, 11, 11, 11, 12, 13, 14, 14, 12, 8, 4, 2))


@dataclass(frozen=True)
class Kind:
    """A kind of device: its prefix, how many are shown, how often one fails and for how long."""

    name: str
    prefix: str
    size: int
    per_day: float
    median: float
    uses: tuple[str, ...]
    weights: tuple[float, ...]


CAMERAS = Kind(
    "摄像机",
    "SXJ",
    2400,
    0.05,
    5 * HOUR,
    ("公安", "交通", "学校", "企业", "公共场所"),
    (38, 22, 14, 12, 14),
)
POINTS = Kind(
    "接入点",
    "AP",
    1200,
    0.06,
    7 * HOUR,
    ("车站", "医院", "广场公园", "办事大厅", "商业街"),
    (22, 18, 24, 14, 22),
)
KINDS = (CAMERAS, POINTS)
SEATS = np.array([12, 20, 24, 16, 28])
"""Users that a point of each use can take at once."""


@lru_cache(maxsize=8)
def _towns(seed: int, kind: Kind) -> Array:
    """The index of the town of each device; a district has its share of the city's life."""
    rng = chance(seed, f"base.{kind.prefix}.towns")
    within = np.bincount(TOWN_DISTRICT)
    shares = (SHARES / within)[TOWN_DISTRICT]
    return np.asarray(rng.choice(len(TOWNS), kind.size, p=shares / shares.sum()))


def _numbers(kind: Kind) -> Array:
    return np.array([f"{kind.prefix}{number:05d}" for number in range(1, kind.size + 1)], object)


def _fixed(seed: int, kind: Kind) -> dict[str, Array]:
    towns = _towns(seed, kind)
    places = near(seed, f"base.{kind.prefix}", towns, 0.018)
    rng = chance(seed, f"base.{kind.prefix}.marks")
    chosen = rng.random(kind.size)
    # Installers type positions by hand: some swap them, some leave a nought.
    swapped, absent = chosen < 0.004, (chosen >= 0.004) & (chosen < 0.007)
    latitude = np.where(swapped, places[:, 1], np.where(absent, 0.0, places[:, 0]))
    longitude = np.where(swapped, places[:, 0], np.where(absent, 0.0, places[:, 1]))
    return {
        "编号": _numbers(kind),
        "区": CODES[TOWN_DISTRICT[towns]],
        "镇街": TOWNS[towns],
        "纬度": latitude,
        "经度": longitude,
    }


def _uses(seed: int, kind: Kind) -> Array:
    rng = chance(seed, f"base.{kind.prefix}.uses")
    weights = np.array(kind.weights)
    return np.asarray(rng.choice(len(kind.uses), kind.size, p=weights / weights.sum()))


@lru_cache(maxsize=128)
def _outages(seed: int, kind: Kind, day: int) -> tuple[Array, Times, Times]:
    """Devices that go offline on a day, from when and until when."""
    rng = chance(seed, f"base.{kind.prefix}.outages", day)
    times, _ = arrivals(rng, day, kind.size * kind.per_day * rhythm((1,) * 24)[:, None])
    device = rng.choice(kind.size, len(times), replace=len(times) > kind.size)
    lasts = np.minimum(lasting(rng, kind.median, 1.25, len(times)), LONGEST * DAY)
    return device, times, times + lasts


def outages_of(seed: int, day: int) -> dict[str, Sheet]:
    """The outages of a day, entered as the platform notices them."""
    parts = []
    for kind in KINDS:
        device, start, end = _outages(seed, kind, day)
        rng = chance(seed, f"base.{kind.prefix}.causes", day)
        town = _towns(seed, kind)[device]
        cause = pick(rng, CAUSES, np.array([30, 34, 22, 9, 5]), len(device))
        name = np.full(len(device), kind.name, dtype=object)
        number = numbered(day, len(device), f"LX{kind.prefix}")
        parts.append((number, name, _numbers(kind)[device], town, cause, start, end))
    number, name, device, town, cause, start, end = map(np.concatenate, zip(*parts, strict=True))
    columns = {
        "记录号": number,
        "设备类型": name,
        "设备编号": device,
        "区": CODES[TOWN_DISTRICT[town]],
        "镇街": TOWNS[town],
        "原因": cause,
        "离线时间": start.astype(np.int64),
        "恢复时间": From(end.astype(np.int64)),
        "更新时间": Written(),
    }
    return {"离线记录": Sheet(start.astype(np.int64) + 90, columns)}


def _offline(seed: int, kind: Kind, at: int) -> Array:
    """Which devices are offline at a moment."""
    gone = np.zeros(kind.size, bool)
    for day in range(day_of(at) - LONGEST - 1, day_of(at) + 1):
        device, start, end = _outages(seed, kind, day)
        gone[device[(start <= at) & (end > at)]] = True
    return gone


def _state(seed: int, kind: Kind, at: int) -> tuple[dict[str, Array], Times]:
    looked = at // ROUND * ROUND
    gone = _offline(seed, kind, looked)
    times = np.full(kind.size, looked, np.int64)
    state = np.where(gone, "离线", "在线").astype(object)
    return _fixed(seed, kind) | {"状态": state, "更新时间": times}, times


def cameras_at(seed: int, at: int) -> tuple[dict[str, Array], Times]:
    """All cameras as the last round found them."""
    columns, times = _state(seed, CAMERAS, at)
    towns = _towns(seed, CAMERAS)
    node = np.arange(CAMERAS.size) % NODES_PER_TOWN
    nodes = [f"JD{TOWNS[t]}-{n + 1}" for t, n in zip(towns.tolist(), node.tolist(), strict=True)]
    uses = np.array(CAMERAS.uses, dtype=object)[_uses(seed, CAMERAS)]
    return columns | {"类别": uses, "节点编号": np.array(nodes, object)}, times


def points_at(seed: int, at: int) -> tuple[dict[str, Array], Times]:
    """All access points as the last round found them, with how many were using each."""
    columns, times = _state(seed, POINTS, at)
    uses = _uses(seed, POINTS)
    seats = SEATS[uses]
    looked = at // ROUND * ROUND
    slot = (looked - midnight(day_of(looked))) // (DAY // len(USERS))
    busy = 0.62 * USERS[slot] / USERS.max()
    rng = chance(seed, "base.wlan.users", looked // ROUND)
    users = np.minimum(rng.binomial(seats, busy), seats)
    online = columns["状态"] == "在线"
    return columns | {
        "场所": np.array(POINTS.uses, dtype=object)[uses],
        "最大并发": seats.astype(np.int64),
        "在线用户": np.where(online, users, 0).astype(np.int64),
    }, times


def nodes(seed: int) -> dict[str, Array]:
    """The access nodes: every town has as many, each of the same capacity."""
    del seed
    town = np.repeat(np.arange(len(TOWNS)), NODES_PER_TOWN)
    number = np.tile(np.arange(1, NODES_PER_TOWN + 1), len(TOWNS))
    names = [f"JD{TOWNS[t]}-{n}" for t, n in zip(town.tolist(), number.tolist(), strict=True)]
    return {
        "节点编号": np.array(names, object),
        "区": CODES[TOWN_DISTRICT[town]],
        "镇街": TOWNS[town],
        "接入能力": np.full(len(town), NODE_CAPACITY, np.int64),
    }


def rounds_at(seed: int, at: int) -> tuple[dict[str, Array], Times]:
    """The log of inspection: every round of every kind was finished."""
    del seed
    names = ("摄像机", "接入点", "云资源", "云平台事件", "离线记录")
    times = np.full(len(names), at // MINUTE * MINUTE, np.int64)
    return {"对象": np.array(names, object), "完成时间": times}, times
