"""A small city for page tests: a catalogue, a frame of readings, and series drawn from sines."""

import math
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from pages_catalogue import AIR, NUMBERS, PANELS, PORTS
from pages_customs import CUSTOMS, text

from dashboard.access import EVERYTHING, Person
from dashboard.catalogue import Catalogue, Department, Problem
from dashboard.catalogue.pages import Page, Panel
from dashboard.catalogue.reference import Code, Codes, Standard
from dashboard.readings import instant
from dashboard.text import Language, Text
from layouts.view import View

NOW = datetime(2026, 11, 22, 8, 42, 14, tzinfo=UTC)
"""16:42:14 of a Sunday in the city."""
ZONE = "Asia/Shanghai"
PERSON = Person("tester", None, EVERYTHING)
KINDS = (
    "number", "trend", "band", "ranked", "stages", "heatmap", "multiples", "table", "rules", "facts", "rows",
    "matrix", "calendar", "control", "flow", "gantt",
)  # fmt: skip


def city(problems: tuple[Problem, ...] = ()) -> Catalogue:
    """The catalogue of the small city."""
    page = Page(
        key="customs",
        title=Text(zh="通关", en="Customs"),
        department="customs",
        numbers=NUMBERS,
        panels=[Panel.model_validate(panel) for panel in PANELS],
    )
    codes = {code: Code(title=title) for code, title in PORTS.items()}
    standards: dict[str, Standard] = {}
    return Catalogue(
        version="3f9c2a71",
        departments={
            "customs": Department.model_validate(CUSTOMS),
            "environment": Department.model_validate(AIR),
        },
        pages={"customs": page},
        codes={"ports": Codes(key="ports", title=Text(zh="口岸", en="Ports"), codes=codes)},
        standards=standards,
        problems=problems,
    )


def reading(
    key: str, value: float | None, n: int | None = None, now: datetime = NOW, **more: Any
) -> dict[str, Any]:
    """One reading on the wire, fresh unless said otherwise."""
    at = more.pop("at", now - timedelta(seconds=24))
    return {
        "key": key,
        "department": key.partition(".")[0],
        "value": value,
        "n": n,
        "state": "fresh",
        "level": "normal",
        "as_of": instant(at),
        "collected_at": instant(now - timedelta(seconds=4)),
        "version": "3f9c2a71",
        "window": "today",
        "late_after": 120.0,
        "stale_after": 900.0,
        **more,
    }


def parts(values: Mapping[str, float], levels: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Parts on the wire."""
    return {
        code: {"value": value, "n": int(value), "level": (levels or {}).get(code, "normal")}
        for code, value in values.items()
    }


def sections(now: datetime = NOW) -> dict[str, dict[str, dict[str, Any]]]:
    """The newest frame of the small city."""
    stages = {"declared": 402, "review": 186, "inspect": 77, "tax": 301, "released": 318}
    late = {"declared": 9, "review": 4, "inspect": 15, "tax": 3, "released": 62}
    ages = {"declared": 3.5, "review": 9.2, "inspect": 31.0, "tax": 12.1, "released": 26.4}
    ports = {"5101": 412, "5102": 688, "5103": 133, "5104": 205}
    made = partial(reading, now=now)
    compare = {"day_before": 1190.0, "week_before": 1337.0}
    found = [
        made("customs.unreleased", 1284, 1284, parts_by="stage", parts=parts(stages), compare=compare),
        made("customs.unreleased_14d", 93, 93, level="warning", parts_by="stage", parts=parts(late, dict.fromkeys(late, "warning"))),
        made("customs.unreleased_14d_oldest", 456, 93),
        made("customs.age_median", 21.5, 1284, parts_by="stage", parts=parts(ages)),
        made("customs.age_oldest", 611, 1284, parts_by="stage", parts=parts({code: 9 * age for code, age in ages.items()})),
        made("customs.clearance_median", 15.8, 1438, compare={"week_before": 16.4}),
        made("customs.clearance_p90", 38.6, 1438, level="warning", compare={"week_before": 33.1}),
        made("customs.auto_release_rate", 62.4, 941, compare={"week_before": 61.2}),
        made("customs.declarations", 1438, 1438, parts_by="port", parts=parts(ports), compare=compare),
        made("customs.state_of_port", None, None, parts_by="port", parts={
            code: {"value": None, "n": None, "level": "normal", "text": "open"} for code in PORTS
        }),
        made("customs.release_share", 89.3, 1438),
        made("environment.ozone", 172, 3, level="warning", state="late", at=now - timedelta(minutes=11),
                parts_by="station", parts=parts({"1371A": 121, "1372A": 98, "1376A": 172}, {"1376A": "warning"})),
    ]  # fmt: skip
    sparks = {
        r["key"]: {
            "department": r["department"],
            "from": instant(now - timedelta(days=1)),
            "step": 900,
            "values": [wave(r["key"], now - timedelta(minutes=15 * i)) for i in range(96, 0, -1)],
        }
        for r in found
    }
    return {
        "readings": {r["key"]: r for r in found},
        "sparks": sparks,
        "matters": {m["id"]: m for m in matters(now)},
        "feeds": {f"{f['department']}.{f['dataset']}": f for f in feeds(now)},
        "facts": {},
        "lists": dict.fromkeys(("customs.unreleased", "customs.unreleased_14d"), listed(now)),
    }


def listed(now: datetime = NOW) -> dict[str, Any]:
    """The worst rows of an indicator, as the collector keeps them."""
    arrived = [now - timedelta(days=days, hours=3) for days in (21, 17, 15)]
    return {
        "department": "customs",
        "at": instant(now - timedelta(seconds=9)),
        "columns": ["decl_no", "status", "arrive_time"],
        "rows": [
            [f"5101-2026-000{place}", "inspect", {"at": instant(at)}]
            for place, at in enumerate(arrived, 1)
        ],
        "ids": [f"5101-2026-000{place}" for place in (1, 2, 3)],
    }


def matters(now: datetime = NOW) -> list[dict[str, Any]]:
    """Three open matters, one of each mark."""

    def matter(name: str, kind: str, level: str, title: Text, minutes: int) -> dict[str, Any]:
        department = name.partition("/")[0]
        indicator = name.replace("/", ".") if kind == "limit" else None
        return {
            "id": name, "department": department, "kind": kind, "level": level,
            "title": title.model_dump(), "place": text("全市", "Whole city"),
            "since": instant(now - timedelta(minutes=minutes)),
            "due": instant(now + timedelta(minutes=60 - minutes)),
            "indicator": indicator, "part": None,
        }  # fmt: skip

    return [
        matter("customs/unreleased_14d", "limit", "alarm", Text(zh="超 14 天未放行 93 票", en="93 declarations unreleased for 14 days"), 72),
        matter("customs/clearance_p90", "limit", "warning", Text(zh="进口通关 P90 38.6 h，超四周均值 20 %", en="Import clearance P90 38.6 h, 20 % over its four weeks"), 36),
        matter("environment/feed/hours", "feed", "warning", Text(zh="环境 空气小时值 数据迟报", en="Hourly air data is late"), 6),
    ]  # fmt: skip


def feeds(now: datetime = NOW) -> list[dict[str, Any]]:
    """One feed that is well and one that is late."""
    shared = {"late_after": 120.0, "stale_after": 900.0, "skipped": 0, "drift": 0, "progress": None}
    return [
        shared | {
            "department": "customs", "dataset": "declarations", "state": "fresh",
            "as_of": instant(now - timedelta(seconds=24)), "collected_at": instant(now), "since": None,
            "reason": None, "tick_ms": 6.2, "set_aside": {"released_first": 12, "year_1900": 3},
            "unreadable": {"released": 7},
        },
        shared | {
            "department": "environment", "dataset": "hours", "state": "late",
            "as_of": instant(now - timedelta(minutes=11)), "collected_at": instant(now),
            "since": instant(now - timedelta(minutes=9)), "reason": "no_answer: timed out",
            "tick_ms": 41.0, "set_aside": {}, "progress": 0.42,
        },
    ]  # fmt: skip


def wave(seed: str, at: datetime) -> float:
    """A believable value: a day's rhythm with a little unrest, the same for the same question."""
    hour = at.astimezone(ZoneInfo(ZONE)).hour + at.minute / 60
    day = math.sin((hour - 9) / 24 * 2 * math.pi)
    unrest = math.sin(hash_of(seed) + at.timestamp() / 5000) + math.sin(at.timestamp() / 31000)
    return round(50 + 24 * day + 6 * unrest, 2)


def hash_of(seed: str) -> int:
    """A small number of a text, the same in every process."""
    return sum(ord(letter) for letter in seed) % 97


def view_of(language: Language = "zh", **more: Any) -> View:
    """A view of the small city."""
    shared: dict[str, Any] = {
        "catalogue": city(), "sections": sections(), "person": PERSON, "language": language,
        "theme": "light", "now": NOW, "zone": ZoneInfo(ZONE),
    }  # fmt: skip
    return View(**(shared | more))
