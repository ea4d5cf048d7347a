"""The kinds of matter that a grid worker may report: six main types, over two hundred kinds."""

from dataclasses import dataclass

import numpy as np

from demo.days import Array


@dataclass(frozen=True)
class MainType:
    """A main type: how many of a hundred matters are of it, what it is about, what is wrong with
    that, and within how many days it is to be dealt with."""

    code: str
    name: str
    share: float
    things: tuple[str, ...]
    faults: tuple[str, ...]
    days: tuple[int, ...]


MAIN_TYPES = (
    MainType(
        "01", "人居环境", 40,
        ("生活垃圾", "建筑垃圾", "河涌", "沟渠", "绿化带", "公厕", "路面", "井盖", "路灯", "广告牌"),
        ("积存", "破损", "堵塞", "异味"), (1, 3),
    ),
    MainType(
        "02", "流动人口", 14,
        ("出租屋", "居住登记", "用工单位", "群租房", "旅馆住宿", "务工人员", "随迁子女", "租赁合同"),
        ("未登记", "信息变更", "超员", "注销"), (3, 5),
    ),
    MainType(
        "03", "特殊人群", 9,
        ("独居老人", "残疾人", "重病患者", "困境儿童", "精神障碍患者", "刑满释放人员", "困难家庭"),
        ("需探访", "需救助", "失联", "情况变化"), (1, 3),
    ),
    MainType(
        "04", "矛盾纠纷", 12,
        ("邻里", "婚姻家庭", "劳资", "土地", "物业", "租赁", "医患", "消费", "拆迁"),
        ("争执", "求助调解", "反复", "升级"), (3, 7),
    ),
    MainType(
        "05", "村居安全", 16,
        ("消防通道", "电动车充电", "燃气瓶", "三合一场所", "危旧房屋", "配电箱", "水塘", "工地", "堤围"),
        ("占用", "隐患", "缺警示", "违规"), (1, 3),
    ),
    MainType(
        "06", "公共服务", 9,
        ("社保", "就业", "助残", "优抚", "医保", "养老", "计生", "法律援助", "志愿服务", "文体设施"),
        ("咨询", "代办", "宣传"), (3, 5),
    ),
)  # fmt: skip
CODES = np.array(
    [
        f"{main.code}{place:02d}"
        for main in MAIN_TYPES
        for place in range(len(main.things) * len(main.faults))
    ],
    dtype=object,
)
NAMES = np.array(
    [f"{thing}{fault}" for main in MAIN_TYPES for thing in main.things for fault in main.faults],
    dtype=object,
)
MAINS = np.array([int(code[:2]) - 1 for code in CODES])
"""The index of each kind's main type."""


def _weights() -> Array:
    """How often each kind is reported: within a main type the first ones most, the last seldom."""
    found = np.zeros(len(CODES))
    for place, main in enumerate(MAIN_TYPES):
        rows = np.flatnonzero(place == MAINS)
        weight = 1 / (np.arange(len(rows)) + 4.0)
        found[rows] = main.share * weight / weight.sum()
    return np.asarray(found / found.sum())


WEIGHTS = _weights()
DAYS_ALLOWED = np.array(
    [
        MAIN_TYPES[main].days[place % len(MAIN_TYPES[main].days)]
        for place, main in enumerate(MAINS.tolist())
    ]
)


def kinds_of(seed: int) -> dict[str, Array]:
    """The dictionary of kinds, the same in every city."""
    del seed
    return {
        "sub_type_code": CODES,
        "main_type_code": np.array([f"{main + 1:02d}" for main in MAINS.tolist()], dtype=object),
        "main_type_name": np.array([m.name for m in MAIN_TYPES], dtype=object)[MAINS],
        "sub_type_name": NAMES,
        "days_allowed": DAYS_ALLOWED,
    }
