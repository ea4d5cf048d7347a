"""What has been published about mobile health, beside what the hospitals' files say."""

from datetime import datetime

import numpy as np
import sqlalchemy as sa

from demo.published import Lived, Published

BOOKINGS = sa.table(
    "bookings", sa.column("channel"), sa.column("booking_begun"), sa.column("booking_done")
)


def booking_minutes(lived: Lived) -> float:
    """Median minutes from opening a booking on the phone to its confirmation."""
    c = BOOKINGS.c
    chosen = sa.select(c.booking_begun, c.booking_done).where(c.channel == "手机")
    with lived.engine.connect() as connection:
        rows = connection.execute(chosen).all()
    took = [(_moment(done) - _moment(begun)).total_seconds() for begun, done in rows]
    return float(np.median(took)) / 60


def _moment(value: object) -> datetime:
    return value if isinstance(value, datetime) else datetime.fromisoformat(str(value))


PUBLISHED = (
    Published(
        "S23", "booking takes 1 min", "Foshan, about 2016", "duration", "min", 1.0, booking_minutes
    ),
)
