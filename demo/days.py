"""Time in the demo city: UTC seconds, local days, and which days people work.

Inside the demo a time is a number of seconds since 1970 in UTC, a day the number of the local day.
"""

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any

import chinese_calendar
import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Times = NDArray[np.int64]
NEVER = int(np.iinfo(np.int64).max)
"""A time that does not come."""
DAY = 86_400
OFFSET = 8 * 3600
"""The city's clock is this far ahead of UTC: China has had one offset, without DST, since 1991."""
SLOT = 600
"""Seconds of the slots in which rates are given."""
SLOTS = DAY // SLOT
MINUTE, HOUR = 60, 3600


def midnight(day: int) -> int:
    """The second in which a local day begins."""
    return day * DAY - OFFSET


def day_of(at: int) -> int:
    """The local day that a second belongs to."""
    return (at + OFFSET) // DAY


def date_of(day: int) -> date:
    """The calendar date of a local day."""
    return date(1970, 1, 1) + timedelta(days=day)


def day_number(value: date) -> int:
    """The inverse of `date_of`."""
    return (value - date(1970, 1, 1)).days


def seconds_of(moment: datetime) -> int:
    """An aware moment in whole seconds. Raises ValueError for a naive one."""
    if moment.tzinfo is None:
        raise ValueError(f"found the naive time {moment}, expected an aware one")
    return int(moment.astimezone(UTC).timestamp())


@lru_cache(maxsize=1024)
def is_workday(day: int) -> bool:
    """Whether offices work, with public holidays and make-up workdays.

    Years whose holidays are not published yet know only weekends.
    """
    found = date_of(day)
    try:
        return bool(chinese_calendar.is_workday(found))
    except NotImplementedError:
        return found.weekday() < 5
