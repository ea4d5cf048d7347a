"""The catalogue of matters of each district: what may be applied for, by whom, and how."""

import numpy as np

from demo.days import Array
from demo.draws import chance
from demo.places import CODES

PERSON, COMPANY = 1, 2
ACTIONS = ("申领", "变更", "补办", "核查", "注销", "备案")
PERSONAL = (
    ("公安", ("身份证", "居住证", "户口登记", "出入境证件", "无犯罪记录证明", "犬只登记", "驾驶证")),
    ("人社", ("社保卡", "养老待遇", "失业待遇", "工伤待遇", "灵活就业", "技能补贴", "人才入户")),
    ("卫健", ("生育登记", "医师执业", "护士执业", "独生子女奖励", "献血优待", "母婴保健")),
    ("民政", ("婚姻登记", "低保", "临时救助", "高龄津贴", "残疾补贴", "收养登记", "殡葬补贴")),
    ("自然资源", ("不动产登记", "抵押登记", "查档", "宅基地", "更正登记", "预告登记")),
    ("公积金", ("公积金提取", "公积金贷款", "账户转移", "缴存证明", "还贷约定")),
    ("住建", ("公租房", "住房补贴", "维修资金", "房屋租赁", "从业资格")),
    ("交通", ("客运从业", "货运从业", "网约车驾驶员证", "教练员证", "船员证", "出租车证", "优待卡", "年审")),
)  # fmt: skip
BUSINESS = (
    ("市监", ("公司登记", "个体登记", "食品经营", "药品经营", "特种设备", "计量器具", "广告", "商标",
             "医疗器械", "食品生产", "股权出质", "检验机构")),
    ("税务", ("发票", "完税证明", "税种认定", "减免备案", "出口退税", "跨区报验", "税控设备", "延期申报")),
    ("住建", ("施工许可", "竣工验收", "资质", "预售许可", "燃气经营", "消防设计", "物业企业", "招标备案",
             "质量监督", "安全监督")),
    ("自然资源", ("用地预审", "规划许可", "不动产转移", "不动产抵押", "采矿权", "测绘资质", "工程规划核实")),
    ("交通", ("道路运输证", "货运经营", "客运线路", "驾校经营", "维修经营", "港口经营", "路政许可",
             "水路运输", "超限运输")),
    ("生态环境", ("环评审批", "排污许可", "危废经营", "辐射许可", "应急预案", "夜间施工", "验收备案")),
    ("水利", ("取水许可", "水土保持", "河道管理", "排水许可", "水工程", "节水评估")),
    ("人社", ("劳务派遣", "人力资源许可", "工时制度", "集体合同", "社保登记", "参保增减", "培训学校",
             "稳岗补贴", "仲裁申请")),
    ("卫健", ("医疗机构", "公共场所", "放射诊疗", "供水单位", "消毒产品", "托育机构", "母婴技术")),
    ("民政", ("社团登记", "民办非企业", "养老机构", "慈善组织", "地名命名")),
    ("城管", ("户外广告", "占道", "渣土运输", "树木迁移", "市政设施", "垃圾经营", "临时建筑", "绿地占用")),
    ("公安", ("特种行业", "印章刻制", "保安公司", "大型活动", "剧毒品", "旅馆业", "民爆物品", "网吧备案")),
)  # fmt: skip
OFFERED = {PERSON: 0.998, COMPANY: 0.985}
"""How many of the thinkable matters a district offers."""
ON_THE_SPOT = {PERSON: 0.52, COMPANY: 0.46}
"""How many of those offered are finished while the applicant waits: natural persons' more often."""


def matters_of_districts(seed: int) -> dict[str, Array]:
    """All rows of the catalogue, five districts' one after the other."""
    parts = [_district(seed, place) for place in range(len(CODES))]
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def _district(seed: int, place: int) -> dict[str, Array]:
    rng = chance(seed, f"cases.catalogue.{CODES[place]}")
    rows = [
        (kind, unit, f"{thing}{action}")
        for kind, units in ((PERSON, PERSONAL), (COMPANY, BUSINESS))
        for unit, things in units
        for thing in things
        for action in ACTIONS
        if rng.random() < OFFERED[kind]
    ]
    size = len(rows)
    kinds = np.array([row[0] for row in rows])
    spot = rng.random(size) < np.where(kinds == PERSON, ON_THE_SPOT[PERSON], ON_THE_SPOT[COMPANY])
    numbers = np.char.zfill(np.arange(size).astype(str), 4)
    return {
        "QXDM": np.full(size, CODES[place], dtype=object),
        "SXBM": np.char.add(f"{CODES[place]}", numbers).astype(object),
        "SXMC": np.array([row[2] for row in rows], dtype=object),
        "SXDX": kinds,
        "BMMC": np.array([row[1] for row in rows], dtype=object),
        "CNGZR": np.where(spot, 0, rng.integers(1, 21, size)),
        "SFDC": spot.astype(np.int64),
        "SFWB": (rng.random(size) < 0.82).astype(np.int64),
    }
