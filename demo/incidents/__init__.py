"""Incidents: events with their units and reports, calls, rain, rivers, reservoirs, flooding, shelters,
hazards at work, duty, responses."""

import numpy as np

from demo.days import Array, Times
from demo.incidents.duty import LOOKED_AHEAD, periods_of, roster_of, statements_of
from demo.incidents.events import incidents_of
from demo.incidents.hydrology import calls_of, floods_of, gauges_of, levels_of
from demo.incidents.readiness import HAZARD_LEAD, hazards_of, reservoirs_of, shelters_at
from demo.incidents.schema import METADATA
from demo.simulation import Mirror, Plan, Process

SOURCES = (
    "incident", "unit_run", "report_duty", "duty_roster", "response_level", "warning_signal",
    "hazard_period", "shelter", "work_hazard",
)  # fmt: skip


def heartbeat_at(seed: int, at: int) -> tuple[dict[str, Array], Times]:
    """Every source says that it runs."""
    del seed
    times = np.full(len(SOURCES), at, np.int64)
    return {"source": np.array(SOURCES, dtype=object), "beat_at": times}, times


PLAN = Plan(
    METADATA,
    (
        Process(incidents_of, lead=20),
        Process(calls_of),
        Process(gauges_of),
        Process(levels_of),
        Process(floods_of),
        Process(roster_of, lead=2, ahead=1),
        Process(reservoirs_of),
        Process(statements_of),
        Process(periods_of, lead=LOOKED_AHEAD + 1, before=9),
        Process(hazards_of, lead=HAZARD_LEAD, before=60),
    ),
    (Mirror("heartbeat", heartbeat_at), Mirror("shelter", shelters_at)),
)
