"""The units that an indicator may have, so that a slip of the pen is found before a wall shows it.

A city adds units of its own in `catalog/units.yaml`.
"""

from collections.abc import Iterable

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from dashboard.catalogue.model import Entry
from dashboard.text import Text

_LIKENESS = DamerauLevenshtein.normalized_similarity
_KNOWN = """
% %|‰ ‰|倍 times|倍 ×|个百分点 pp|指数 index|级 level|级 grade|类 class|分 points|/10 /10|位 rank
位 place|名 rank
s s|秒 s|min min|分钟 min|分 min|h h|小时 h|小时 hours|d d|天 d|天 days|日 days|年 years|ms ms|毫秒 ms
件 cases|件 orders|件 matters|件 applications|件 reports|件 bookings|件 complaints|件 questions|件 calls
件 items|件 pieces|件 fines|件 requests|件 issues|件 appointments|宗 cases|宗 matters|宗 items|宗 projects
单 orders|单 tickets|份 copies|份 files|项 items|项 matters|项 kinds|项 services|项 changes|项 alerts
条 items|条 notices|条 records|条 messages|条 rows|条 lines|条 questions|行 rows|起 incidents|起 events
起 crashes|起 calls|起 delays|起 cases|起/时 calls/h|起/时 incidents/h|起/小时 calls/h|起/时 per hour|次 times
次 calls|次 trips|次 gaps|次 visits|次 uses|次 scans|次/时 per hour|次/时 gaps/h|次/时 /h|次/小时 per hour
次/分 per min|通 calls|个 calls|通/时 calls/h|票 declarations|票 decl.|票 entries|票 shipments
票/时 declarations/h|批 batches|批 lots|辆 vehicles|辆 buses|辆 cars|车次 trips|班 trips|班 buses|班次 trips
趟 trips|艘 ships|艘 vessels|艘 boats|列 trains|架 aircraft|台 units|台 cameras|台 terminals|台 machines
套 sets|个 items|个 units|个 access points|个 points|个 sites|个 stations|个 places|个 feeds|个 datasets
个 indicators|个 projects|个 sections|块 screens|个 signals|个 people|个 jobs|处 places|处 hazards|处 shelters
处 stages|处 sites|处 points|家 companies|家 sources|家 markets|家 sites|家 plants|家 enterprises
站 stations|站点 stations|断面 sections|点位 sites|路口 junctions|人 people|人 persons|人 pupils|人 children
人次 visits|人次 trips|人次 people|户 households|万人 10,000 people|元 CNY|元 yuan|万元 10,000 CNY|万元 ×10,000 CNY|亿元 100 m CNY
亿元 100 million yuan|亿元 CNY 100 m|亿美元 100 m USD|美元 USD
µg/m³ µg/m³|μg/m³ μg/m³|微克/立方米 µg/m³|mg/m³ mg/m³|mg/L mg/L|毫克/升 mg/L|pH pH|NTU NTU|dB dB
分贝 dB
mm mm|毫米 mm|cm cm|厘米 cm|m m|米 m|km km|公里 km|千米 km|km/h km/h|公里/时 km/h|m/s m/s|米/秒 m/s
m³/s m³/s|m³ m³|m² m²|t t|吨 t|吨 tonnes|万吨 10,000 t|kg kg|千克 kg|公斤 kg|g g|℃ °C|°C °C|hPa hPa
kW kW|MW MW|kWh kWh|千瓦时 kWh|GB GB|TB TB|MB MB|Mbps Mbps
"""


class Units(Entry):
    """catalog/units.yaml: units of the city beside the known ones."""

    units: list[Text]


def known_units() -> tuple[Text, ...]:
    """The units that every catalogue may use."""
    pairs = (pair.strip().split(maxsplit=1) for pair in _KNOWN.replace("\n", "|").split("|"))
    return tuple(Text(zh=pair[0], en=pair[1]) for pair in pairs if len(pair) == 2)


def nearest_unit(unit: Text, units: Iterable[Text]) -> Text | None:
    """The right unit that `unit` most likely stands for: the same Chinese first, then by spelling."""
    known = list(units)
    same = [one for one in known if one.zh == unit.zh]
    if same:
        best = process.extractOne(unit.en, [one.en for one in same], scorer=_LIKENESS)
        return same[best[2]] if best else same[0]
    spelled = [f"{one.zh} {one.en}" for one in known]
    found = process.extractOne(f"{unit.zh} {unit.en}", spelled, scorer=_LIKENESS)
    return known[found[2]] if found else None
