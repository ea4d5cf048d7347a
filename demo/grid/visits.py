"""Home visits and reminders for the old, weak, ill and disabled: planned, done, sometimes late."""

import numpy as np

from demo.days import DAY, HOUR, is_workday, midnight
from demo.draws import (
    arrivals,
    chance,
    in_office,
    invented_names,
    lasting,
    numbered,
    opening_hours,
    pick,
)
from demo.grid.matters import places_of
from demo.sheets import Columns, From, Sheet, Written
from demo.weather import rain_of

PER_DAY = 120.0
KINDS = ("老人", "体弱", "患病", "残疾")


def visits_of(seed: int, day: int) -> dict[str, Sheet]:
    """The visits planned for a day, due by the end of the second day after; rain puts some off."""
    rng = chance(seed, "grid.visits", day)
    if not is_workday(day):
        return {}
    planned, _ = arrivals(rng, day, (PER_DAY * opening_hours((8.5, 12), (14, 17.5)))[:, None])
    size = len(planned)
    due = planned - (planned + 8 * HOUR) % DAY + 3 * DAY - 1
    wet = min(1.0, float(rain_of(seed, day).mean()) * 3)
    pace = rng.lognormal(np.log(0.16 + 0.1 * wet), 0.62, size)
    visited = in_office(rng, planned + (pace * 3 * DAY).astype(np.int64), 8.5, 18.5)
    missed = rng.random(size) < 0.006
    # Who was forgotten is found when the list of the overdue is gone through.
    visited = np.where(missed, in_office(rng, due + lasting(rng, 2.5 * DAY, 0.6, size)), visited)
    columns: Columns = {
        "visit_id": numbered(day, size, "V", ""),
        "person_code": numbered(day, size, "TQ"),
        "person_name": invented_names(rng, size),
        "person_kind": pick(rng, KINDS, np.array([52, 14, 16, 18]), size),
        **places_of(rng, size),
        "plan_time": planned,
        "visit_deadline": due,
        "visit_time": From(visited),
        "visit_way": From(visited, pick(rng, ("上门", "电话"), np.array([84, 16]), size)),
        "need_help": From(visited, (rng.random(size) < 0.05).astype(np.int64)),
        "last_update_time": Written(),
    }
    # The plan of a day is laid at eight in the evening before.
    return {"to_visit": Sheet(np.full(size, midnight(day) - 4 * HOUR), columns)}
