"""Shunde's one counter, its city app with the services added to it, its self-service terminals."""

import numpy as np

from demo.counter.app import services_at, usage_of
from demo.counter.desk import bookings_of, cases_of
from demo.counter.schema import METADATA
from demo.counter.terminals import terminals_at, uses_of
from demo.days import Array, Times
from demo.simulation import Mirror, Plan, Process

FEEDS = ("counter", "app", "terminal", "booking")


def synced_at(seed: int, at: int) -> tuple[dict[str, Array], Times]:
    """When each feed was last in step."""
    del seed
    times = np.full(len(FEEDS), at, np.int64)
    return {"feed": np.array(FEEDS, dtype=object), "syncedAt": times}, times


PLAN = Plan(
    METADATA,
    (
        Process(cases_of, lead=30),
        Process(usage_of),
        Process(uses_of),
        Process(bookings_of, lead=20),
    ),
    (
        Mirror("syncState", synced_at),
        Mirror("mobileService", services_at),
        Mirror("terminal", terminals_at),
    ),
)
