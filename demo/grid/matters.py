"""Matters of the grid: reported, dispatched by the system, disposed of, checked, archived."""

from dataclasses import dataclass

import numpy as np

from demo.days import DAY, HOUR, MINUTE, NEVER, Array, Times, is_workday
from demo.draws import arrivals, chance, in_office, lasting, numbered, pick, rhythm
from demo.grid.kinds import CODES as KINDS
from demo.grid.kinds import DAYS_ALLOWED, MAINS, NAMES, WEIGHTS
from demo.places import CODES, spots, towns_of
from demo.sheets import Columns, From, Sheet, Steps, Written
from demo.weather import wet_factor

SHUNDE = 2
"""The district whose grid it is."""
PER_DAY = 310.0
BY_HOUR = rhythm(
    (
        0.1,
        0.1,
        0.1,
        0.1,
        0.2,
        0.5,
        1.5,
        4,
        9,
        12,
        11,
        7,
        3,
        4,
        9,
        11,
        9,
        6,
        3,
        2.5,
        2,
        1.5,
        0.6,
        0.2,
    )
)
SOURCES = ("网格员上报", "群众随手拍", "12345转办", "视频巡查", "职能部门")
COMMUNITIES, GRIDS = 18, 12
"""Communities of a town, and grids of a community."""
REWORKED = 0.032
"""How many are sent back by the checker because the thing is not done."""


@dataclass(frozen=True)
class Life:
    """When each matter is dispatched, begun, done, sent back, due and archived; `hung` ones wait
    for something beyond anybody's reach, `longer` ones were given more time."""

    dispatched: Times
    begun: Times
    done: Times
    back: Times
    due: Times
    archived: Times
    hung: Array
    longer: Array


def matters_of(seed: int, day: int) -> dict[str, Sheet]:
    """The matters reported on a day, more in rain."""
    rng = chance(seed, "grid.matters", day)
    busy = PER_DAY * (1.0 if is_workday(day) else 0.55)
    wet = wet_factor(seed, day, 0.4)[:, SHUNDE]
    created, _ = arrivals(rng, day, (busy * BY_HOUR * wet)[:, None])
    size = len(created)
    kind = rng.choice(len(KINDS), size, p=WEIGHTS)
    life = _live(rng, created, DAYS_ALLOWED[kind])
    columns: Columns = {
        "rec_id": numbered(day, size, "R", ""),
        "task_num": numbered(day, size, "SD"),
        "event_src_name": pick(rng, SOURCES, np.array([64, 14, 10, 7, 5]), size),
        "main_type_code": np.array([f"{m + 1:02d}" for m in MAINS.tolist()], dtype=object)[kind],
        "sub_type_code": KINDS[kind],
        "sub_type_name": NAMES[kind],
        **places_of(rng, size),
        **_progress(rng, created, life),
    }
    town = columns["street_code"]
    assert isinstance(town, np.ndarray)
    return {"to_rec": Sheet(created + 10, columns | _spots(rng, town))}


def places_of(rng: np.random.Generator, size: int) -> dict[str, Array]:
    """District, town, community and grid of rows, the smaller codes beginning with the larger."""
    town = towns_of(rng, np.full(size, SHUNDE)).astype(str)
    community = np.char.add(
        town, np.char.zfill(rng.integers(1, COMMUNITIES + 1, size).astype(str), 3)
    )
    grid = np.char.add(community, np.char.zfill(rng.integers(1, GRIDS + 1, size).astype(str), 2))
    return {
        "district_code": np.full(size, CODES[SHUNDE], dtype=object),
        "street_code": town.astype(object),
        "community_code": community.astype(object),
        "duty_grid_code": grid.astype(object),
    }


def _spots(rng: np.random.Generator, town: Array) -> Columns:
    """Where: x is the longitude; some devices report 0, some have the two the wrong way round."""
    latitude, longitude = spots(rng, town)
    slip = rng.random(len(town))
    swapped, nowhere = slip < 0.004, (slip >= 0.004) & (slip < 0.016)
    return {
        "coordinate_x": np.where(nowhere, 0.0, np.where(swapped, latitude, longitude)),
        "coordinate_y": np.where(nowhere, 0.0, np.where(swapped, longitude, latitude)),
    }


def _live(rng: np.random.Generator, created: Times, days: Array) -> Life:
    size = len(created)
    dispatched = in_office(rng, created + lasting(rng, 14 * MINUTE, 0.8, size), 7.5, 21)
    longer = rng.random(size) < 0.05
    term = days * DAY * np.where(longer, 2, 1)
    begun = dispatched + lasting(rng, 90 * MINUTE, 0.7, size)
    share = rng.lognormal(np.log(0.34), 0.42, size)
    hurried = (share > 0.8) & (rng.random(size) > 0.06)
    share = np.where(hurried, 0.8 - 0.25 * rng.random(size), share)
    done = in_office(
        rng, np.maximum(dispatched + (share * term).astype(np.int64), begun + HOUR), 8, 19
    )
    again = rng.random(size) < REWORKED
    back = np.where(again, done + lasting(rng, 2 * HOUR, 0.5, size), NEVER)
    done = np.where(again, in_office(rng, np.minimum(back, done + DAY) + 5 * HOUR, 8, 19), done)
    archived = done + lasting(rng, 80 * MINUTE, 0.7, size)
    hung = rng.random(size) < 0.03
    archived = np.where(hung, archived + lasting(rng, 6 * DAY, 0.5, size), archived)
    return Life(dispatched, begun, done, back, dispatched + term, archived, hung, longer)


def _progress(rng: np.random.Generator, created: Times, life: Life) -> Columns:
    """Times and counts; a few are archived, by their date, before they were reported."""
    size = len(created)
    dated = np.where(rng.random(size) < 0.0015, created - DAY, life.archived)
    once = np.array([0, 1], np.int64)
    in_time = (life.archived <= life.due) & ~life.hung
    return {
        "create_time": created,
        "dispatch_time": From(life.dispatched),
        "dispose_deadline": From(life.dispatched, life.due),
        "dispose_begin_time": From(life.begun),
        "dispose_end_time": From(life.done),
        "archive_time": From(life.archived, dated),
        "rework_num": Steps(np.stack([created, life.back], axis=1), once, before=0),
        "hang_num": From(life.begun, life.hung.astype(np.int64)),
        "postpone_num": From(life.begun, life.longer.astype(np.int64)),
        # Settled when the deadline comes; what is hung need not be archived by then.
        "need_archive": From(life.due, (~life.hung).astype(np.int64)),
        "intime_archive": From(life.due, in_time.astype(np.int64)),
        "last_update_time": Written(),
    }
