"""The customs department of the small city for page tests, as a city would write it."""

from datetime import date
from typing import Any


def text(zh: str, en: str) -> dict[str, str]:
    return {"zh": zh, "en": en}


def definition(
    zh: str = "按到港时间计入的报关单。", en: str = "Declarations by arrival."
) -> dict[str, Any]:
    return {"text": text(zh, en)}


CONFIRMED = definition() | {
    "confirmed_by": text("关务处 陈工", "Chen, customs affairs"),
    "confirmed_on": date(2026, 10, 8),
}

CUSTOMS: dict[str, Any] = {
    "key": "customs",
    "title": text("通关", "Customs"),
    "owner": text("佛山海关", "Foshan Customs"),
    "liaison": text("陈工 8866", "Chen 8866"),
    "url": "${CUSTOMS_URL}",
    "demo": True,
    "order": 20,
    "datasets": {
        "declarations": {
            "title": text("报关单", "Declarations"),
            "table": "bgd_main",
            "key": ["decl_no"],
            "times": {
                "arrived": {"column": "arrive_time", "kind": "local"},
                "released": {"column": "release_time", "kind": "local"},
            },
            "dimensions": {
                "stage": {
                    "column": "status",
                    "title": text("环节", "Stage"),
                    "values": {
                        "declared": text("已申报", "Declared"),
                        "review": text("审单", "Review"),
                        "inspect": text("查验", "Inspection"),
                        "tax": text("缴税", "Tax"),
                        "released": text("放行未提", "Released, uncollected"),
                    },
                },
                "port": {"column": "customs_code", "title": text("口岸", "Port"), "codes": "ports"},
            },
            "set_aside": [
                {
                    "name": "released_first",
                    "title": text("放行早于到港", "Released before arrival"),
                    "where": [{"time": "released", "op": "<", "other": "arrived"}],
                },
                {
                    "name": "year_1900",
                    "title": text("1900 年的日期", "Dates of 1900"),
                    "where": [{"time": "released", "op": "<", "value": "1901-01-01"}],
                    "keep": True,
                },
            ],
            "show": {
                "decl_no": text("报关单号", "Declaration"),
                "status": text("状态", "State"),
                "arrive_time": text("到港", "Arrived"),
                "release_time": text("放行", "Released"),
            },
            "private": ["owner_name"],
        }
    },
    "indicators": {
        "unreleased": {
            "title": text("未放行报关单", "Unreleased declarations"),
            "dataset": "declarations",
            "measure": {"kind": "stock", "where": [{"time": "released", "op": "is_null"}]},
            "window": "now",
            "by": ["stage"],
            "live_by": "stage",
            "unit": text("票", "decl."),
            "direction": "down",
            "basis": "live",
            "definition": CONFIRMED,
        },
        "unreleased_14d": {
            "title": text("超 14 天未放行", "Unreleased for 14 days"),
            "dataset": "declarations",
            "measure": {
                "kind": "stock",
                "where": [
                    {"time": "released", "op": "is_null"},
                    {"time": "arrived", "op": "<", "value": "now-14d"},
                ],
            },
            "window": "now",
            "by": ["stage"],
            "live_by": "stage",
            "unit": text("票", "decl."),
            "direction": "down",
            "limits": [{"level": "warning", "op": ">=", "value": 1, "due": "4h"}],
            "basis": "live",
            "definition": definition(),
        },
        "age_median": {
            "title": text("未放行多久（中位）", "Age of the unreleased, median"),
            "short": text("中位", "Median"),
            "dataset": "declarations",
            "measure": {
                "kind": "stock",
                "aggregate": "median",
                "age_of": "arrived",
                "where": [{"time": "released", "op": "is_null"}],
            },
            "window": "now",
            "by": ["stage"],
            "live_by": "stage",
            "unit": text("h", "h"),
            "decimals": 1,
            "basis": "live",
            "definition": definition(),
        },
        "age_oldest": {
            "title": text("未放行多久（最久）", "Age of the unreleased, oldest"),
            "short": text("最久", "Oldest"),
            "dataset": "declarations",
            "measure": {
                "kind": "stock",
                "aggregate": "max",
                "age_of": "arrived",
                "where": [{"time": "released", "op": "is_null"}],
            },
            "window": "now",
            "by": ["stage"],
            "live_by": "stage",
            "unit": text("h", "h"),
            "decimals": 0,
            "basis": "live",
            "definition": definition(),
        },
        "unreleased_14d_oldest": {
            "title": text("最久的超期票", "The oldest of them"),
            "dataset": "declarations",
            "measure": {
                "kind": "stock",
                "aggregate": "max",
                "age_of": "arrived",
                "where": [
                    {"time": "released", "op": "is_null"},
                    {"time": "arrived", "op": "<", "value": "now-14d"},
                ],
            },
            "window": "now",
            "unit": text("h", "h"),
            "internal": True,
            "basis": "live",
            "definition": definition(),
        },
        "clearance_median": {
            "title": text("进口整体通关时间 中位", "Import clearance, median"),
            "short": text("中位", "Median"),
            "dataset": "declarations",
            "measure": {
                "kind": "percentile",
                "q": 0.5,
                "of": {"start": "arrived", "end": "released", "unit": "h"},
            },
            "time": "released",
            "window": "today",
            "by": ["port"],
            "unit": text("h", "h"),
            "decimals": 1,
            "direction": "down",
            "basis": "live",
            "definition": definition(),
        },
        "clearance_p90": {
            "title": text("进口整体通关时间 P90", "Import clearance, P90"),
            "short": text("P90", "P90"),
            "dataset": "declarations",
            "measure": {
                "kind": "percentile",
                "q": 0.9,
                "of": {"start": "arrived", "end": "released", "unit": "h"},
            },
            "time": "released",
            "window": "today",
            "by": ["port"],
            "unit": text("h", "h"),
            "decimals": 1,
            "direction": "down",
            "limits": [
                {"level": "warning", "op": ">", "value": 48, "min_n": 30},
                {"level": "alarm", "op": ">", "value": 1.5, "against": "four_weeks"},
            ],
            "basis": "live",
            "definition": definition(),
        },
        "auto_release_rate": {
            "title": text("自助缴税自动放行率", "Released automatically after payment"),
            "dataset": "declarations",
            "measure": {
                "kind": "ratio",
                "where": [{"column": "release_way", "value": "A"}],
                "among": [{"column": "taxed", "value": "Y"}],
            },
            "time": "released",
            "window": "today",
            "by": ["port", ("stage", "port")],
            "limits": [{"level": "warning", "op": "<", "value": 30}],
            "unit": text("%", "%"),
            "decimals": 1,
            "direction": "up",
            "target": 60,
            "basis": "assessed",
            "definition": definition(),
        },
        "declarations": {
            "title": text("申报量", "Declarations lodged"),
            "dataset": "declarations",
            "measure": {"kind": "count"},
            "time": "arrived",
            "window": "today",
            "by": ["port"],
            "live_by": "port",
            "unit": text("票", "decl."),
            "basis": "live",
            "definition": definition(),
        },
        "state_of_port": {
            "title": text("口岸状态", "State of the ports"),
            "dataset": "declarations",
            "measure": {
                "kind": "fact",
                "column": "status",
                "group": ["port"],
                "values": {"open": text("正常开放", "Open"), "shut": text("暂停", "Suspended")},
            },
            "window": "now",
            "by": ["port"],
            "live_by": "port",
            "unit": text("状态", "state"),
            "basis": "live",
            "definition": definition(),
        },
        "release_share": {
            "title": text("放行与申报之比", "Released per lodged"),
            "measure": {
                "kind": "formula",
                "formula": "kept / lodged * 100",
                "inputs": {"kept": "customs.unreleased", "lodged": "customs.declarations"},
            },
            "window": "now",
            "unit": text("%", "%"),
            "decimals": 1,
            "basis": "live",
            "definition": definition(),
        },
    },
}
