"""The sample frame: a wet Sunday afternoon, environment late, the hall closed."""

import random
from datetime import datetime, timedelta
from typing import Any

from face_city import DISTRICTS, TILES, text

from dashboard.readings import instant


def reading(
    key: str, value: float | None, now: datetime, *, age: float = 20, **more: Any
) -> dict[str, Any]:
    """A reading as of `age` seconds before `now`."""
    return {
        "key": key,
        "department": key.partition(".")[0],
        "value": value,
        "n": 1932,
        "state": "fresh",
        "level": "normal",
        "as_of": instant(now - timedelta(seconds=age)),
        "collected_at": instant(now),
        "version": "v1",
        "window": "now",
        "late_after": 300.0,
        "stale_after": 1800.0,
        **more,
    }


def matter(
    id_: str, level: str, title: str, place: str, now: datetime, **more: Any
) -> dict[str, Any]:
    """A matter; `since` and `due` in minutes from `now`."""
    due = more.pop("due", None)
    since = more.pop("since", -20)
    return {
        "id": id_,
        "department": id_.partition("/")[0],
        "kind": "limit",
        "level": level,
        "title": text(title),
        "place": text(place),
        "since": instant(now + timedelta(minutes=since)),
        "due": instant(now + timedelta(minutes=due)) if due is not None else None,
        "indicator": None,
        "part": None,
        **more,
    }


def _part(value: float | None, level: str = "normal", **more: Any) -> dict[str, Any]:
    return {"value": value, "n": 4, "level": level, **more}


def _incident_readings(now: datetime) -> dict[str, Any]:
    gap = {"rq2": _part(0.18, "alarm"), "ss2": _part(-2.4)}
    rain = dict(zip(DISTRICTS, (12.4, 18.1, 34.6, 9.0, 3.2), strict=True))
    rain_parts = {c: _part(v, "warning" if v > 30 else "normal") for c, v in rain.items()}
    stated = dict(zip(("440600", *DISTRICTS), ("4", "", "4", "3", "4", ""), strict=True))
    levels = {
        code: _part(None, "warning" if level == "3" else "normal", text=level)
        for code, level in stated.items()
    }
    people = {"leader": _part(None, text="陈志强"), "chief": _part(None, text="黄丽华")}
    more = {
        "water_level_gap": ("station", 0.18, gap, {"level": "alarm"}),
        "rain_hour": ("district", 34.6, rain_parts, {"level": "warning"}),
        "responses": ("place", None, levels, {}),
        "roster": ("role", None, people, {}),
    }
    return {
        f"incidents.{name}": reading(
            f"incidents.{name}", value, now, parts_by=by, parts=parts, **extra
        )
        for name, (by, value, parts, extra) in more.items()
    }


def sample_matters(now: datetime) -> dict[str, Any]:
    """Nine open matters of every kind, as of a wet Sunday."""
    gap = {"indicator": "incidents.water_level_gap", "part": "rq2"}
    silent = {"kind": "feed"}
    found = [
        matter("incidents/water_level_gap/rq2", "alarm", "容奇(二) 水位超警戒 0.18 m", "顺德 容桂", now, due=-12, since=-47, **gap),
        matter("incidents/report", "alarm", "较大交通事故 伤 3 人", "南海 狮山", now, due=8, since=-22),
        matter("incidents/ponding", "alarm", "海八路积水 31 cm，仍在上涨", "南海 桂城", now, due=18, since=-13),
        matter("cases/urgent", "warning", "12345 待签收 紧急工单 7 件", "全市", now, due=-6, since=-36),
        matter("transit/gap", "warning", "115 路大间隔 41 分钟", "禅城", now, due=24, since=-17),
        matter("customs/kept", "warning", "放行未提 超 7 天 新增 4 票", "顺德 北滘港", now, due=400, since=-120, indicator="customs.import_clearance_p90"),
        matter("environment/ozone", "warning", "臭氧小时 172 µg/m³ 关注", "高明 孔堂站", now, since=-42),
        matter("environment/feed/rows", "warning", "环境监测 数据迟到 6 分钟", "全市", now, due=9, since=-6, **silent),
        matter("cases/feed/more", "warning", "禅城行政中心 侧屏离线", "三楼大厅", now, since=-3, **silent),
    ]  # fmt: skip
    return {item["id"]: item for item in found}


def sample(now: datetime) -> dict[str, Any]:
    """A whole frame: a wet Sunday afternoon, environment late, the hall closed."""
    drawn = random.Random(7)
    readings = _incident_readings(now)
    for key, (_, _, tiles) in TILES.items():
        for name, *_, value, level in tiles:
            state: dict[str, Any] = {"level": level, "age": 660 if key == "environment" else 20}
            if value is None:
                state |= {"state": "not_due"}
            else:
                state["compare"] = {"week_before": value * 0.96, "day_before": value}
            readings[f"{key}.{name}"] = reading(f"{key}.{name}", value, now, **state)
    sparks = {}
    for key in readings:
        level, values = 10.0, []
        for _ in range(48):
            level += drawn.uniform(-1, 1)
            values.append(round(level, 2))
        sparks[key] = {"department": key.partition(".")[0], "from": instant(now), "step": 1800}
        sparks[key]["values"] = values
    feeds = {
        f"{key}.{name}": feed(
            key, name, now, age=660 if (key, name) == ("environment", "rows") else 20
        )
        for key in TILES
        for name in ("rows", "more")
    }
    facts = {"catalogue": {"department": "*", "version": "v1"}}
    return {
        "readings": readings,
        "sparks": sparks,
        "matters": sample_matters(now),
        "feeds": feeds,
        "facts": facts,
    }


def feed(department_key: str, dataset: str, now: datetime, *, age: float = 20) -> dict[str, Any]:
    """A feed as of `age` seconds before `now`."""
    return {
        "department": department_key,
        "dataset": dataset,
        "state": "fresh",
        "as_of": instant(now - timedelta(seconds=age)),
        "collected_at": instant(now),
        "since": None,
        "late_after": 300.0,
        "stale_after": 1800.0,
        "reason": None,
    }
