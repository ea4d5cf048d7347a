"""Grid governance of Shunde: matters of over two hundred kinds, and visits to those who need them."""

import numpy as np

from demo.days import Array, Times
from demo.grid.kinds import kinds_of
from demo.grid.matters import matters_of
from demo.grid.schema import METADATA
from demo.grid.visits import visits_of
from demo.simulation import Mirror, Plan, Process

SOURCES = ("to_rec", "to_visit", "dict")


def heartbeat_at(seed: int, at: int) -> tuple[dict[str, Array], Times]:
    """The platform's own note of when each of its tables was last in step."""
    del seed
    times = np.full(len(SOURCES), at, np.int64)
    return {"source": np.array(SOURCES, dtype=object), "beat_time": times}, times


PLAN = Plan(
    METADATA,
    (Process(matters_of, lead=40), Process(visits_of, lead=20, ahead=1)),
    (Mirror("sys_heartbeat", heartbeat_at),),
    {"dict_event_type": kinds_of},
)
