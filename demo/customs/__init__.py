"""Customs: declarations and inspections, with epoch milliseconds here and text times there."""

import numpy as np

from demo.customs.declarations import declarations_of
from demo.customs.schema import METADATA
from demo.days import Array, Times
from demo.simulation import Mirror, Plan, Process

JOBS = ("decl_head", "insp_list")


def sync_at(seed: int, at: int) -> tuple[dict[str, Array], Times]:
    """Every job says that it ran."""
    del seed
    times = np.full(len(JOBS), at, np.int64)
    return {"job": np.array(JOBS, dtype=object), "sync_time": times}, times


PLAN = Plan(METADATA, (Process(declarations_of, lead=75),), (Mirror("sync_log", sync_at),))
