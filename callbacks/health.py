"""Health: whether the process lives, whether the wall can be trusted, and figures for Prometheus."""

import asyncio
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response

from callbacks.answers import json_answer
from callbacks.guard import guarded_route
from callbacks.services import Services
from dashboard.access import Person
from dashboard.catalogue.check import all_problems
from dashboard.catalogue.told import told_problems
from dashboard.ports import Unreachable
from dashboard.readings import parse_instant

STORE_SECONDS = 2.0
"""The store has to answer within this."""
LAG_SECONDS = 60.0
"""A collector that brought nothing for this long does not work."""
Part = dict[str, Any]
Sections = Mapping[str, Mapping[str, Mapping[str, Any]]]


async def _on_alive(_: Request) -> Response:
    """The process answers. Public, so that whoever watches needs no rights."""
    return json_answer({"status": "ok"})


async def _on_ready(services: Services, _: Person, __: Request) -> Response:
    """Each part and whether the wall can be trusted to be served: 200 or 503.

    A department that is down does not make the wall untrue, since the wall says so.
    """
    sections, now = services.live.sections(), services.clock()
    parts = {
        "redis": redis_part(services),
        "store": await store_part(services),
        "collector": collector_part(sections, now),
        "catalogue": catalogue_part(services, sections),
    }
    ready = all(part["ok"] for part in parts.values())
    departments = department_parts(services, sections)
    content = {"status": "ok" if ready else "not ready", **parts, "departments": departments}
    return json_answer(content, 200 if ready else 503)


def redis_part(services: Services) -> Part:
    """Whether Redis answers and how much of it is held."""
    readings = len(services.live.sections().get("readings", {}))
    return {"ok": services.live.connected and readings > 0, "readings": readings}


async def store_part(services: Services) -> Part:
    """Whether the store answers in time."""
    asked = services.in_health(services.history.state, "", "ready")
    try:
        await asyncio.wait_for(asked, STORE_SECONDS)
    except Unreachable as error:
        return {"ok": False, "reason": str(error)}
    except TimeoutError:
        reason = f"no answer in {STORE_SECONDS:g} s"
        services.outage.met(reason)
        return {"ok": False, "reason": reason}
    return {"ok": True}


def collector_part(sections: Sections, now: datetime) -> Part:
    """How long ago the collector brought anything."""
    lag = collector_lag(sections, now)
    return {"ok": lag is not None and lag < LAG_SECONDS, "lag": lag}


def collector_lag(sections: Sections, now: datetime) -> float | None:
    """Seconds since the newest thing was collected; None before the first."""
    entries = [*sections.get("feeds", {}).values(), *sections.get("readings", {}).values()]
    times = [parse_instant(e["collected_at"]) for e in entries if e.get("collected_at")]
    return round(max(0.0, (now - max(times)).total_seconds()), 3) if times else None


def catalogue_part(services: Services, sections: Sections) -> Part:
    """Whether there is anything to show, and what is wrong with the files or, as the collector
    found, with what they name in the databases."""
    catalogue = services.catalogue
    problems = all_problems(catalogue, told_problems(sections))
    count = sum(1 for _ in catalogue.indicators())
    return {
        "ok": count > 0,
        "version": catalogue.version,
        "indicators": count,
        "problems": sum(problem.severity == "error" for problem in problems),
        "named": [str(problem) for problem in problems],
    }


def department_parts(services: Services, sections: Sections) -> dict[str, Part]:
    """Each department's feeds; `ok` where all of them deliver or are not due, and every one has
    been read: of one that was not nobody knows whether it would deliver."""
    parts: dict[str, Part] = {}
    for key in services.catalogue.departments:
        feeds = [f for f in sections.get("feeds", {}).values() if f["department"] == key]
        good = [f for f in feeds if f["state"] in ("fresh", "not_due") and f["collected_at"]]
        reasons = sorted({f["reason"] for f in feeds if f.get("reason")})
        parts[key] = {
            "ok": bool(feeds) and len(good) == len(feeds),
            "feeds": {f["dataset"]: f["state"] for f in feeds},
            **({"reason": "; ".join(reasons)} if reasons else {}),
        }
    return parts


class CityMetrics(Collector):
    """Figures of the moment, made when Prometheus asks."""

    def __init__(self, services: Services, viewers: Any) -> None:
        """`viewers` is called for the number of open screens."""
        self._services = services
        self._viewers = viewers

    def describe(self) -> Iterable[Metric]:
        """Nothing is asked of the outside while the collector is registered."""
        return []

    def collect(self) -> Iterable[Metric]:
        """All families."""
        live, now = self._services.live, self._services.clock()
        sections = live.sections()
        yield _gauge("live_viewers", "open screens", self._viewers())
        yield _gauge("redis_connected", "whether Redis answers", float(live.connected))
        lag = collector_lag(sections, now)
        if lag is not None:
            yield _gauge("collector_lag_seconds", "since anything was collected", lag)
        yield self._feed_ages(sections, now)
        yield self._states(sections)
        yield from _collector_counters(sections)
        yield _gauge(
            "catalogue_problems",
            "problems of the catalogue",
            len(all_problems(self._services.catalogue, told_problems(sections))),
        )

    def _feed_ages(self, sections: Sections, now: datetime) -> Metric:
        family = GaugeMetricFamily(
            "command_center_feed_age_seconds",
            "since the source's own time of its newest report",
            labels=["department", "dataset"],
        )
        for feed in sections.get("feeds", {}).values():
            if feed.get("as_of"):
                age = (now - parse_instant(feed["as_of"])).total_seconds()
                family.add_metric([feed["department"], feed["dataset"]], max(0.0, age))
        return family

    def _states(self, sections: Sections) -> Metric:
        family = GaugeMetricFamily(
            "command_center_readings", "readings by state", labels=["department", "state"]
        )
        counts: dict[tuple[str, str], int] = {}
        for reading in sections.get("readings", {}).values():
            place = reading["department"], reading["state"]
            counts[place] = counts.get(place, 0) + 1
        for (department, state), count in sorted(counts.items()):
            family.add_metric([department, state], count)
        return family


_COUNTED = {
    "queries": "statements asked of the department",
    "ticks": "ticks that ended",
    "skipped": "ticks left out because the one before had not ended",
    "failures": "ticks that failed",
}


def _collector_counters(sections: Sections) -> Iterable[Metric]:
    """What the collector counts of its own work, by department."""
    facts = sections.get("facts", {})
    for name, about in _COUNTED.items():
        family = CounterMetricFamily(
            f"command_center_collector_{name}", about, labels=["department"]
        )
        for key, fact in sorted(facts.items()):
            if key.startswith("collector/") and fact.get(name) is not None:
                family.add_metric([fact["department"]], fact[name])
        yield family


def _gauge(name: str, about: str, value: float) -> Metric:
    return GaugeMetricFamily(f"command_center_{name}", about, value=value)


def register(server: Starlette, services: Services) -> None:
    """Register the routes. A registry of their own: two applications live in one process."""
    registry = CollectorRegistry()
    registry.register(CityMetrics(services, lambda: server.state.hub.viewers))

    async def _on_metrics(_: Services, __: Person, ___: Request) -> Response:
        return Response(generate_latest(registry), media_type="text/plain; version=0.0.4")

    server.add_route("/healthz", _on_alive, methods=["GET"])
    # Both tell of every department, whoever may see it.
    guarded_route(server, services, "/readyz", action="observe")(_on_ready)
    guarded_route(server, services, "/metrics", action="observe")(_on_metrics)
