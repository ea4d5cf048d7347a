"""Service matters: one-door cases, the hotline with its work orders, the halls' queues, matters of
several departments, jobs offered, open questions of the public, public resource trading."""

import numpy as np

from demo.cases.applications import applications_of, queues_of
from demo.cases.catalogue import matters_of_districts
from demo.cases.hotline import hotline_of
from demo.cases.joint import dialogue_of, joint_of, seekers_of, tenders_of
from demo.cases.schema import METADATA
from demo.days import Array, Times
from demo.simulation import Mirror, Plan, Process

TABLES = (
    "T_BJXX", "T_HWJL", "T_GDXX", "T_PDJH", "T_SXML", "T_LBSX", "T_JYPP", "T_ZMHD", "T_GGJY",
)  # fmt: skip


def sync_at(seed: int, at: int) -> tuple[dict[str, Array], Times]:
    """The exchange platform's log: every table is in step."""
    del seed
    times = np.full(len(TABLES), at, np.int64)
    return {"BM": np.array(TABLES, dtype=object), "TBSJ": times}, times


PLAN = Plan(
    METADATA,
    (
        Process(applications_of, lead=60),
        Process(hotline_of, lead=60),
        Process(queues_of),
        Process(joint_of, lead=40),
        Process(seekers_of, lead=60),
        Process(dialogue_of, lead=60),
        Process(tenders_of, lead=60),
    ),
    (Mirror("T_TBRZ", sync_at),),
    {"T_SXML": matters_of_districts},
)
