"""The one counter: cases taken by general or departments' counters, and appointments for them."""

import numpy as np

from demo.days import DAY, HOUR, MINUTE, NEVER, Array, Times, is_workday, midnight
from demo.draws import arrivals, chance, in_office, lasting, numbered, opening_hours, pick, rhythm
from demo.places import CODES, towns_of
from demo.sheets import Columns, From, Sheet, Written

SHUNDE = 2
"""The district whose counter it is."""
PER_DAY = 270.0
HOURS = opening_hours((8.5, 11.7), (14, 17.2))
DEPARTMENTS = ("市监", "人社", "税务", "住建", "自然资源", "公安", "卫健", "民政")
GENERAL = 0.93
"""How many cases a general counter takes; the rest still go to a department's own."""
BOOKINGS_PER_DAY = 130.0
BOOKED_AT = rhythm(
    (1, 0.6, 0.4, 0.3, 0.3, 0.5, 1, 3, 5, 6, 6, 5, 4, 4, 5, 6, 5, 5, 5, 6, 7, 6, 4, 2)
)
BOOKED_BY = ("app", "terminal", "web")
NO_SHOW = 0.09


def here(rng: np.random.Generator, size: int) -> dict[str, Array]:
    """District and town of rows."""
    return {
        "districtCode": np.full(size, CODES[SHUNDE], dtype=object),
        "townCode": towns_of(rng, np.full(size, SHUNDE)),
    }


def cases_of(seed: int, day: int) -> dict[str, Sheet]:
    """The cases accepted on a day. More departments take longer, though they work side by side."""
    rng = chance(seed, "counter.cases", day)
    if not is_workday(day):
        return {}
    accepted, _ = arrivals(rng, day, (PER_DAY * HOURS)[:, None])
    size = len(accepted)
    departments = np.minimum(1 + rng.poisson(0.8, size), 6)
    term = (departments + 1) * DAY * 7 // 5
    share = np.minimum(rng.lognormal(np.log(0.36), 0.42, size), 1.7)
    spot = (departments == 1) & (rng.random(size) < 0.55)
    quick = accepted + lasting(rng, 16 * MINUTE, 0.5, size)
    slow = in_office(rng, accepted + (share * term).astype(np.int64), ends=17.5)
    columns: Columns = {
        "caseNo": numbered(day, size, "YC"),
        **here(rng, size),
        "leadDept": pick(rng, DEPARTMENTS, np.array([24, 20, 15, 8, 12, 8, 6, 7]), size),
        "deptCount": departments,
        "counterKind": np.where(rng.random(size) < GENERAL, "general", "department").astype(object),
        "acceptedAt": accepted,
        "dueAt": accepted + term,
        "closedAt": From(np.where(spot, quick, np.maximum(slow, quick))),
        "updatedAt": Written(),
    }
    return {"counterCase": Sheet(accepted + 5, columns)}


def bookings_of(seed: int, day: int) -> dict[str, Sheet]:
    """Appointments made on a day, at any hour, for one of the next working days."""
    rng = chance(seed, "counter.bookings", day)
    booked, _ = arrivals(rng, day, (BOOKINGS_PER_DAY * BOOKED_AT)[:, None])
    size = len(booked)
    slot = _slots(rng, day, size)
    arrived = slot + (rng.normal(-6, 7, size) * MINUTE).astype(np.int64)
    came = rng.random(size) >= NO_SHOW
    columns: Columns = {
        "bookingNo": numbered(day, size, "YY"),
        **here(rng, size),
        "channel": pick(rng, BOOKED_BY, np.array([66, 12, 22]), size),
        "bookedAt": booked,
        "slotAt": slot,
        "arrivedAt": From(np.where(came, arrived, NEVER)),
        "updatedAt": Written(),
    }
    return {"booking": Sheet(booked + 2, columns)}


def _slots(rng: np.random.Generator, day: int, size: int) -> Times:
    """Half hours of the three working days after a day."""
    ahead = [later for later in range(day + 1, day + 15) if is_workday(later)][:3]
    starts = np.array([midnight(later) for later in ahead])[
        rng.choice(len(ahead), size, p=[0.55, 0.3, 0.15])
    ]
    hours = np.array([8.5, 9, 9.5, 10, 10.5, 11, 14, 14.5, 15, 15.5, 16, 16.5])
    return np.asarray(starts + (rng.choice(hours, size) * HOUR).astype(np.int64))
