"""A city for tests of the screen: five departments as a wall shows them."""

from collections.abc import Mapping
from typing import Any

from dashboard.catalogue import Catalogue, Department
from dashboard.catalogue.layers import Layer
from dashboard.catalogue.pages import Page
from dashboard.catalogue.screens import DutyScreen

DISTRICTS = {
    "440604": ("禅城", "Chancheng"),
    "440605": ("南海", "Nanhai"),
    "440606": ("顺德", "Shunde"),
    "440607": ("三水", "Sanshui"),
    "440608": ("高明", "Gaoming"),
}
STATIONS = {"rq2": ("容奇(二)", "Rongqi (2)"), "ss2": ("三水(二)", "Sanshui (2)")}
ROLES = {"leader": ("带班领导", "Leader"), "chief": ("值班长", "Shift leader")}
LEVELS = {"": ("", ""), "4": ("防汛Ⅳ", "Flood IV"), "3": ("防汛Ⅲ", "Flood III")}

# name, short title, unit, decimals, value, level
TILES: dict[str, tuple[tuple[str, str], tuple[str, str], list[tuple[Any, ...]]]] = {
    "transit": (
        ("交通", "Transit"),
        ("公安局 交通局", "Police, Transport"),
        [
            ("road_index", "道路运行指数", "Road index", "/10", 1, 5.2, "normal"),
            ("bus_online_rate", "公交在线率", "Buses online", "%", 1, 97.1, "normal"),
            ("crash_clearance", "事故撤离中位", "Crash clearance", "min", 1, 7.4, "normal"),
        ],
    ),
    "customs": (
        ("通关", "Customs"),
        ("佛山海关", "Foshan Customs"),
        [
            ("unreleased", "未放行报关单", "Unreleased", "票", 0, 318, "normal"),
            ("import_clearance_p90", "进口 P90", "Import P90", "h", 1, 38.6, "warning"),
            ("inspection_wait", "查验等待", "Inspection wait", "h", 1, 11.2, "normal"),
        ],
    ),
    "cases": (
        ("办件", "Cases"),
        ("政数局", "Service office"),
        [
            ("answer_rate", "12345 接通率", "12345 answered", "%", 1, 96.4, "normal"),
            ("overdue_open", "超期未办结", "Overdue", "件", 0, 23, "warning"),
            ("hall_wait", "大厅等候", "Hall wait", "min", 0, None, "normal"),
        ],
    ),
    "environment": (
        ("环境", "Environment"),
        ("生态环境局", "Ecology bureau"),
        [
            ("aqi_now", "最差 AQI", "Worst AQI", "", 0, 104, "warning"),
            ("ozone_hour", "臭氧小时最高", "Ozone, hour", "µg/m³", 0, 172, "normal"),
            ("water_over", "水站超标", "Water over", "站", 0, 0, "normal"),
        ],
    ),
    "incidents": (
        ("应急", "Incidents"),
        ("应急局", "Emergency bureau"),
        [
            ("open_incidents", "在办事件", "Open", "起", 0, 6, "normal"),
            ("calls_received", "接警量", "Calls", "起/时", 0, 214, "normal"),
            ("arrival_p90", "到场 P90", "Arrival P90", "min", 1, 9.8, "normal"),
        ],
    ),
}
ENGLISH = {"票": "decl.", "件": "cases", "站": "stations", "起": "open", "起/时": "per h"}


def text(zh: str, en: str | None = None) -> dict[str, str]:
    """Both languages; the same where the English is not given."""
    return {"zh": zh, "en": en or zh}


def _values(named: Mapping[str, tuple[str, str]]) -> dict[str, dict[str, str]]:
    return {code: text(zh, en) for code, (zh, en) in named.items()}


def _indicator(zh: str, en: str, unit: str, decimals: int, **more: Any) -> dict[str, Any]:
    return {
        "title": text(zh, en),
        "dataset": "rows",
        "measure": {"kind": "stock"},
        "unit": text(unit or "指数", ENGLISH.get(unit, unit or "index")),
        "decimals": decimals,
        "window": "now",
        "basis": "live",
        "definition": {"text": text("在册的数", "as registered")},
        "limits": [{"level": "warning", "op": ">=", "value": 1e9}],
        **more,
    }


def _fact(zh: str, en: str, by: str, values: Mapping[str, tuple[str, str]]) -> dict[str, Any]:
    named = {code: text(*both) for code, both in values.items() if code}
    levels = {"3": "warning"} if "3" in named else {}
    measure = {"kind": "fact", "column": "x", "group": [by], "values": named, "levels": levels}
    return _indicator(zh, en, "级", 0, measure=measure, live_by=by, limits=[])


def _extra() -> dict[str, Any]:
    gap = _indicator(
        "水位距警戒",
        "Water level over warning",
        "m",
        2,
        live_by="station",
        limits=[
            {"level": "warning", "op": ">=", "value": -0.5},
            {"level": "alarm", "op": ">=", "value": 0, "note": text("警戒", "Warning level")},
        ],
    )
    rain = _indicator("近 1 小时最大雨量", "Rain in the past hour", "mm", 1, live_by="district")
    return {
        "water_level_gap": gap,
        "rain_hour": rain,
        "roster": _fact("值班", "On duty", "role", {}),
        "responses": _fact("应急响应", "Responses", "place", LEVELS),
    }


def department(key: str, order: int) -> Department:
    """One department with the indicators of its block."""
    title, owner, tiles = TILES[key]
    places = {"440600": ("市", "City"), **DISTRICTS}
    dimensions = {
        name: {"column": name, "title": text(name), "values": _values(values)}
        for name, values in (
            ("district", DISTRICTS),
            ("station", STATIONS),
            ("role", ROLES),
            ("place", places),
        )
    }
    rows = {
        "title": text("登记", "register"),
        "table": "rows",
        "key": ["id"],
        "dimensions": dimensions,
    }
    indicators = {n: _indicator(zh, en, u, d) for n, zh, en, u, d, _, _ in tiles}
    return Department.model_validate(
        {
            "key": key,
            "title": text(*title),
            "owner": text(*owner),
            "url": "${X_URL}",
            "liaison": text("李", "Li"),
            "demo": True,
            "order": order,
            "datasets": {"rows": rows, "more": rows},
            "indicators": indicators | (_extra() if key == "incidents" else {}),
        }
    )


SPOTS = {
    "key": "spots",
    "title": text("内涝点", "Flooded spots"),
    "kind": "points",
    "dataset": "incidents.rows",
    "position": {"lat": "lat", "lon": "lon"},
    "colour": {
        "column": "depth",
        "classes": [
            {"below": 15, "title": text("不足 15 cm", "Under 15 cm"), "ink": "off"},
            {"below": 27, "title": text("15 cm 以上", "15 cm and more"), "ink": "warning"},
            {"title": text("27 cm 以上", "27 cm and more"), "ink": "alarm"},
        ],
    },
}


def city() -> Catalogue:
    """Five departments, each with a page, and the duty wall."""
    departments = {key: department(key, order) for order, key in enumerate(TILES)}
    blocks = [
        {"department": key, "numbers": [f"{key}.{tile[0]}" for tile in tiles]}
        for key, (_, _, tiles) in TILES.items()
    ]
    duty = DutyScreen.model_validate(
        {
            "key": "duty",
            "title": text("佛山城市运行指挥中心", "Foshan City Command Center"),
            "focus": "incidents.water_level_gap",
            "multiples": "incidents.rain_hour",
            "layers": ["spots"],
            "roster": "incidents.roster",
            "responses": ["incidents.responses"],
            "blocks": blocks,
        }
    )
    pages = {
        key: Page.model_validate(
            {
                "key": key,
                "title": text(*title),
                "department": key,
                "numbers": [f"{key}.{tile[0]}" for tile in tiles],
            }
        )
        for key, (title, _, tiles) in TILES.items()
    }
    return Catalogue(
        version="v1",
        departments=departments,
        pages=pages,
        screens={"duty": duty},
        layers={"spots": Layer.model_validate(SPOTS)},
    )
