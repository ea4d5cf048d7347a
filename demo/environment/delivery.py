"""What the data center is owed by its stations, and when it came."""

import numpy as np

from demo.days import MINUTE, Array, Times
from demo.places import CODES, TOWNS
from demo.sheets import From, Sheet, Written
from demo.sites import district_of


def delivered(kind: str, codes: Array, towns: Array, slots: Times, owed: int, came: Times) -> Sheet:
    """A row per station and slot, entered when the slot is over: due `owed` seconds later, and the
    moment it came (NEVER: it did not)."""
    size = len(slots)
    return Sheet(
        slots + MINUTE,
        {
            "station_code": codes,
            "slot_at": slots.astype(np.int64),
            "kind": np.full(size, kind, dtype=object),
            "district_code": CODES[district_of(towns)],
            "town_code": TOWNS[towns],
            "due_at": (slots + owed).astype(np.int64),
            "arrived_at": From(came),
            "updated_at": Written(),
        },
    )
