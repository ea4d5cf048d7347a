"""Between UTC and the wall clocks of a zone, without ever naming the zone to a database.

A naive time is read as Python reads it with `fold=0`: in the hour that an autumn night has twice it
is the first one, and in the hour that a spring night leaves out the old offset goes on.
"""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from dashboard.ports import Range

EPOCH = datetime(1970, 1, 1)
FIRST_SWITCH = datetime(1970, 1, 1, tzinfo=UTC)
LAST_SWITCH = datetime(2045, 1, 1, tzinfo=UTC)
SPOKEN_SINCE = datetime(1995, 1, 1)
"""Switches before this are left out of SQL: durations before it are off by an hour at most."""
EARLIEST, LATEST = datetime(1, 1, 3), datetime(9999, 12, 29)
_STEP = timedelta(days=7)
_EXACT = timedelta(seconds=1)

Naive = tuple[datetime, datetime]
"""A range of naive times, from (included) to (excluded)."""


@lru_cache(maxsize=64)
def switches(zone: str) -> tuple[tuple[datetime, timedelta], ...]:
    """From which naive local time on which offset holds, the first one from `datetime.min`."""
    info = ZoneInfo(zone)
    found = [(datetime.min, _offset(FIRST_SWITCH, info))]
    at = FIRST_SWITCH
    while at < LAST_SWITCH:
        ahead = at + _STEP
        before, after = _offset(at, info), _offset(ahead, info)
        if before != after:
            moment = _moment_of_switch(at, ahead, info)
            found.append((moment.replace(tzinfo=None) + max(before, after), after))
        at = ahead
    return tuple(found)


def _offset(at: datetime, info: ZoneInfo) -> timedelta:
    offset = at.astimezone(info).utcoffset()
    return offset if offset is not None else timedelta(0)


def _moment_of_switch(before: datetime, after: datetime, info: ZoneInfo) -> datetime:
    """The first whole second with the new offset, by halving."""
    old = _offset(before, info)
    while after - before > _EXACT:
        middle = (before + (after - before) / 2).replace(microsecond=0)
        if middle <= before:
            break
        before, after = (middle, after) if _offset(middle, info) == old else (before, middle)
    return after


@lru_cache(maxsize=64)
def spoken_switches(zone: str) -> tuple[tuple[datetime, timedelta], ...]:
    """The switches that matter to durations, newest first; the last one holds for all before."""
    recent = [(at, offset) for at, offset in switches(zone) if at >= SPOKEN_SINCE]
    before = [offset for at, offset in switches(zone) if at < SPOKEN_SINCE][-1]
    return (*reversed(recent), (datetime.min, before))


def spoken_offset(naive: datetime, zone: str) -> timedelta:
    """The offset that SQL would take for a naive time."""
    return next(offset for since, offset in spoken_switches(zone) if naive >= since)


def utc_of(naive: datetime, zone: str) -> datetime:
    """The moment a wall clock of the zone shows `naive` (the first one where there are two)."""
    return naive.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def naive_ranges(window: Range, zone: str) -> list[Naive]:
    """Exactly the naive times whose moments (`utc_of`) lie in the window, as few ranges as can be.

    In the night of a switch that is more than one range, or one that seems too short: the second of
    two equal hours holds no naive time at all.
    """
    start, end = (at.astimezone(UTC).replace(tzinfo=None) for at in window)
    table = switches(zone)
    found: list[Naive] = []
    for index, (since, offset) in enumerate(table):
        until = table[index + 1][0] if index + 1 < len(table) else datetime.max
        low, high = max(since, _moved(start, offset)), min(until, _moved(end, offset))
        if low >= high:
            continue
        if found and found[-1][1] == low:
            found[-1] = found[-1][0], high
        else:
            found.append((low, high))
    return found


def _moved(naive: datetime, offset: timedelta) -> datetime:
    """Shifted by an offset; the ends of time stay where they are."""
    if naive <= EARLIEST or naive >= LATEST:
        return naive
    return naive + offset
