"""Where lines run: stops along the streets of a district, and how far it is from stop to stop."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from demo.days import Array, Times
from demo.draws import chance, lasting
from demo.places import CODES, DISTRICTS, TOWN_DISTRICT, TOWNS
from demo.transit.lines import KNOWN_LINE, LINES, lines_of

KNOWN_STOP = "市二医院"
KNOWN_LEGS = (560, 590, 550)
"""Metres of the three legs before the known stop: a bus three stops away is about 1.7 km away."""
BLOCK = 0.0045
"""Degrees from one street to the next, about half a kilometre."""
SPEED = 5.0
"""Metres a second from terminus to terminus on free roads, waiting at stops included."""
LAYOVER = 300
"""Seconds that a bus rests at a terminus."""
APART = 1_000_000
"""Seconds by which the runs of all lines and directions are told apart in one long table."""
PLACES = {
    "440604010": "石湾 澜石 黎涌", "440604011": "张槎 大富 弼塘", "440604012": "祖庙 普君 同济",
    "440604100": "南庄 紫南 吉利", "440605011": "桂城 平洲 灯湖", "440605121": "九江 沙头 大谷",
    "440605122": "西樵 民乐 官山", "440605123": "丹灶 金沙 仙岗", "440605124": "狮山 罗村 小塘",
    "440605125": "大沥 黄岐 盐步", "440605126": "里水 和顺 麻奢", "440606003": "伦教 三洲 霞石",
    "440606004": "勒流 黄连 大晚", "440606005": "大良 云路 红岗", "440606006": "容桂 细滘 马冈",
    "440606101": "陈村 弼教 潭村", "440606102": "北滘 碧江 林头", "440606103": "乐从 水藤 良教",
    "440606104": "龙江 集北 仙塘", "440606105": "杏坛 逢简 光华", "440606106": "均安 仓门 星槎",
    "440607001": "西南 河口 金本", "440607004": "云东海 鹿洞 辑罗", "440607101": "大塘 永平 潦边",
    "440607103": "乐平 范湖 源潭", "440607104": "白坭 富景 周村", "440607105": "芦苞 独树 刘寨",
    "440607106": "南山 六和 大坳", "440608001": "荷城 西安 三洲岗", "440608106": "杨和 对川 清泰",
    "440608107": "明城 罗稳 光明", "440608108": "更合 合水 新圩",
}  # fmt: skip
"""Names that stops of a town begin with."""
ENDINGS = (
    "路口", "市场", "小学", "村口", "广场", "公园", "花园", "中学", "医院", "桥头", "工业园", "新村",
    "文化站", "体育馆", "大道口", "牌坊", "码头", "商场", "社区", "客运站",
)  # fmt: skip
SIDES = ("", "东", "西", "南", "北")


@dataclass(frozen=True)
class Stops:
    """All stops: id, name, district index, town, and where they are (WGS-84)."""

    ids: Array
    names: Array
    districts: Array
    towns: Array
    latitude: Array
    longitude: Array


@dataclass(frozen=True)
class Network:
    """Stops, and the calls of all lines in one table: line by line, there and back.

    `first` is where each line and direction (2 · line + direction) begins in the table, with one
    more that says where it ends; `keys` are run seconds told apart by `APART` per run.
    """

    stops: Stops
    run: Array
    stop: Array
    metres: Times
    seconds: Times
    first: Array

    @property
    def keys(self) -> Array:
        """Seconds since the terminus, in one rising order over all runs."""
        return np.asarray(self.run * APART + self.seconds, float)

    @property
    def lasts(self) -> Times:
        """How many seconds each run takes on free roads."""
        return np.asarray(self.seconds[self.first[1:] - 1])


@lru_cache(maxsize=4)
def network_of(seed: int) -> Network:
    """The city's network; the known stop lies on the known line."""
    rng = chance(seed, "transit.network")
    nodes: dict[tuple[int, int, int], int] = {}
    runs = [_walk(rng, int(district), nodes) for district in lines_of(seed).districts]
    known = int(np.flatnonzero(lines_of(seed).names == KNOWN_LINE)[0])
    halt = runs[known][len(runs[known]) // 2]
    stop, metres, seconds = [], [], []
    for line, there in enumerate(runs):
        legs = lasting(rng, 560, 0.14, len(there) - 1)
        if line == known:
            legs[len(there) // 2 - 3 : len(there) // 2] = KNOWN_LEGS
        for way, lengths in ((there, legs), (there[::-1], legs[::-1])):
            far = np.append(0, np.cumsum(lengths))
            stop.append(np.array(way))
            metres.append(far)
            seconds.append((far / SPEED).astype(np.int64))
    sizes = [len(each) for each in stop]
    return Network(
        _stops(rng, nodes, halt),
        np.repeat(np.arange(2 * LINES), sizes),
        np.concatenate(stop),
        np.concatenate(metres),
        np.concatenate(seconds),
        np.append(0, np.cumsum(sizes)),
    )


def _walk(
    rng: np.random.Generator, district: int, nodes: dict[tuple[int, int, int], int]
) -> list[int]:
    """The stops of a line through its district's centre, street corner by street corner."""
    size = int(rng.integers(16, 27))
    heading = rng.choice((-1, 1), 2)
    across = rng.random(size - 1) < rng.uniform(0.25, 0.75)
    steps = np.where(across[:, None], [heading[0], 0], [0, heading[1]])
    path = np.vstack([[0, 0], np.cumsum(steps, axis=0)])
    path = path - path[size // 2] + rng.integers(-4, 5, 2)
    return [nodes.setdefault((district, int(x), int(y)), len(nodes)) for x, y in path]


def _stops(rng: np.random.Generator, nodes: dict[tuple[int, int, int], int], known: int) -> Stops:
    where = np.array(list(nodes))
    district, corner = where[:, 0], where[:, 1:]
    centres = np.array([(d.latitude, d.longitude) for d in DISTRICTS])[district]
    spots = centres + BLOCK * (corner[:, ::-1] + rng.normal(0, 0.06, corner.shape))
    towns = np.array([_town(d, x, y) for d, x, y in where], dtype=object)
    names = np.empty(len(where), dtype=object)
    for town in TOWNS:
        here = np.flatnonzero(towns == town)
        said = [p + s + e for e in ENDINGS for s in SIDES for p in PLACES[town].split()]
        names[here] = rng.permutation(np.array(said, dtype=object))[: len(here)]
    names[known] = KNOWN_STOP
    return Stops(
        np.array([f"ST{n:04d}" for n in range(len(where))], dtype=object),
        names,
        district,
        towns,
        spots[:, 0].round(5),
        spots[:, 1].round(5),
    )


def _town(district: int, x: int, y: int) -> str:
    """The town around a street corner: the first of a district in its middle, the others around."""
    towns = TOWNS[district == TOWN_DISTRICT]
    if max(abs(x), abs(y)) <= 3:
        return str(towns[0])
    sector = (np.arctan2(y, x) / (2 * np.pi) + 1) % 1
    return str(towns[1 + int(sector * (len(towns) - 1))])


def termini(seed: int) -> Array:
    """The town of each line's first stop."""
    net = network_of(seed)
    return np.asarray(net.stops.towns[net.stop[net.first[0:-1:2]]])


def stops_table(seed: int) -> dict[str, Array]:
    """The reference table of stops."""
    stops = network_of(seed).stops
    return {
        "stop_id": stops.ids,
        "stop_name": stops.names,
        "district_code": CODES[stops.districts],
        "town_code": stops.towns,
        "latitude": stops.latitude,
        "longitude": stops.longitude,
    }


def stop_times_table(seed: int) -> dict[str, Array]:
    """The reference table of calls: which stop follows which, and how far from the terminus."""
    net, lines = network_of(seed), lines_of(seed)
    line, way = net.run // 2, net.run % 2
    ends = net.stop[net.first[1:] - 1][net.run]
    return {
        "route_id": lines.ids[line],
        "direction_id": way,
        "stop_sequence": np.arange(len(net.run)) - net.first[net.run] + 1,
        "stop_id": net.stops.ids[net.stop],
        "route_short_name": lines.names[line],
        "stop_name": net.stops.names[net.stop],
        "trip_headsign": np.char.add("往", net.stops.names[ends].astype(str)).astype(object),
        "shape_dist_traveled": net.metres,
        "run_seconds": net.seconds,
    }
