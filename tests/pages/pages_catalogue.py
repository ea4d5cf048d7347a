"""The catalogue of a small city for page tests: its other department and its page."""

from typing import Any

from pages_customs import definition, text

from dashboard.text import Text

AIR: dict[str, Any] = {
    "key": "environment",
    "title": text("环境", "Environment"),
    "owner": text("市生态环境局", "Ecology and Environment Bureau"),
    "liaison": text("何工 8877", "He 8877"),
    "url": "${AIR_URL}",
    "order": 40,
    "datasets": {
        "hours": {
            "title": text("空气小时值", "Hourly air"),
            "table": "air_hour",
            "key": ["id"],
            "times": {"at": {"column": "timepoint", "kind": "local"}},
            "dimensions": {
                "station": {
                    "column": "code",
                    "title": text("站点", "Station"),
                    "values": {
                        "1371A": text("湾梁", "Wanliang"),
                        "1372A": text("华材职中", "Huacai School"),
                        "1376A": text("高明孔堂", "Gaoming Kongtang"),
                    },
                }
            },
        }
    },
    "indicators": {
        "ozone": {
            "title": text("臭氧小时浓度", "Hourly ozone"),
            "dataset": "hours",
            "measure": {
                "kind": "latest",
                "of": {"column": "o3"},
                "group": ["station"],
                "within": "3h",
            },
            "time": "at",
            "window": "now",
            "by": ["station"],
            "live_by": "station",
            "unit": text("µg/m³", "µg/m³"),
            "direction": "down",
            "limits": [
                {"level": "warning", "op": ">", "value": 160},
                {"level": "alarm", "op": ">", "value": 200},
            ],
            "basis": "live",
            "definition": definition("各站最新一小时的最大值。", "The largest newest hour."),
        }
    },
}

PANELS: list[dict[str, Any]] = [
    {
        "kind": "stages",
        "title": text("货物现在停在哪一步", "Where goods stand now"),
        "indicators": ["customs.unreleased", "customs.unreleased_14d"],
        "width": 7,
    },
    {
        "kind": "rules",
        "title": text("口岸预警清单", "Alarm list of the ports"),
        "indicators": [
            "customs.unreleased_14d",
            "customs.unreleased_14d_oldest",
            "customs.unreleased",
        ],
        "width": 5,
    },
    {
        "kind": "band",
        "title": text("进口货物从到港到放行要多久", "How long imports take"),
        "indicators": ["customs.clearance_median", "customs.clearance_p90"],
        "window": "30d",
        "width": 7,
    },
    {
        "kind": "table",
        "title": text("哪个口岸最慢", "Which port is slowest"),
        "indicators": ["customs.clearance_median", "customs.clearance_p90"],
        "by": "port",
        "window": "7d",
        "width": 5,
    },
    {
        "kind": "heatmap",
        "title": text("企业都在几点申报", "At which hours companies declare"),
        "indicators": ["customs.declarations"],
        "width": 7,
    },
    {
        "kind": "ranked",
        "title": text("哪个口岸申报最多", "Which port lodges most"),
        "indicators": ["customs.declarations"],
        "width": 5,
    },
    {
        "kind": "multiples",
        "title": text("各口岸一天的起落", "The day at each port"),
        "indicators": ["customs.declarations"],
        "width": 7,
        "height": "tall",
    },
    {
        "kind": "facts",
        "title": text("各口岸开着吗", "Are the ports open"),
        "indicators": ["customs.state_of_port"],
        "width": 5,
    },
    {
        "kind": "trend",
        "title": text("缴税后自动放行的有多少", "How many are released automatically"),
        "indicators": ["customs.auto_release_rate"],
        "window": "7d",
        "width": 8,
    },
    {
        "kind": "matrix",
        "title": text("哪一步在哪个口岸多", "Which step is busy at which port"),
        "indicators": ["customs.auto_release_rate"],
        "by": "stage",
        "across": "port",
        "width": 12,
    },
    {
        "kind": "flow",
        "title": text(
            "货物从申报到提离走到哪了", "How far goods are from declaration to collection"
        ),
        "indicators": [
            "customs.unreleased",
            "customs.unreleased_14d",
            "customs.age_median",
            "customs.age_oldest",
        ],
        "width": 12,
    },
    {
        "kind": "gantt",
        "title": text("哪几票最久没走完", "Which declarations have been under way longest"),
        "indicators": ["customs.unreleased_14d"],
        "width": 12,
    },
    {
        "kind": "calendar",
        "title": text("今年每天申报多少", "Declarations day by day this year"),
        "indicators": ["customs.declarations"],
        "width": 7,
    },
    {
        "kind": "control",
        "title": text("哪几天的自动放行不寻常", "On which days automatic release was unusual"),
        "indicators": ["customs.auto_release_rate"],
        "width": 5,
    },
    {
        "kind": "rows",
        "title": text("逐票看口岸预警", "The ports' alarms row by row"),
        "indicators": ["customs.unreleased", "customs.unreleased_14d"],
        "width": 12,
    },
    {"kind": "number", "indicators": ["customs.declarations"], "width": 4},
]
NUMBERS = [
    "customs.unreleased",
    "customs.clearance_median",
    "customs.clearance_p90",
    "customs.auto_release_rate",
    "customs.declarations",
]
PORTS = {
    "5101": Text(zh="北滘港", en="Beijiao Port"),
    "5102": Text(zh="南海三山", en="Nanhai Sanshan"),
    "5103": Text(zh="高明港", en="Gaoming Port"),
    "5104": Text(zh="三水港", en="Sanshui Port"),
}
