"""Windows and grains: what `today`, `7d` or `2020-01-01/2020-12-31` mean, and how time is cut.

Ranges are pairs of aware UTC times, the first included and the second not. Days, months and hours
are those of a zone: a day of 23 or 25 hours is one day, and hours are counted from local midnight,
so that no hour belongs to two days. Five and fifteen minutes are cut in UTC, which is the same for
every zone, since all offsets in use are multiples of 15 minutes.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

Range = tuple[datetime, datetime]
GRAINS = ("5m", "15m", "1h", "1d", "1mo")
TOTAL = "total"
"""The grain of one value for the whole window."""
HOURS_AFTER = 14
"""Days (of the zone) after which the store keeps hours instead of five minutes."""
DAYS_AFTER = 400
"""Days (of the zone) after which the store keeps days instead of hours."""
LONGEST = timedelta(days=36_525)
_FIRST_YEAR, _LAST_YEAR = 1000, 9000
_YEARS = f"expected years within {_FIRST_YEAR} to {_LAST_YEAR}"
_SECONDS = {"5m": 300, "15m": 900, "1h": 3600}
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}
_PERIODS = ("hour", "today", "month", "year")
_EXPECTED = (
    "hour, today, month, year, a span such as 30m, 24h or 7d, or from/to in ISO dates or times"
)


@dataclass(frozen=True)
class Slots:
    """Data that comes as sums over slots of the day, stamped with their starts: how long a slot is,
    and how long after its end all of it has come in."""

    length: timedelta
    arrives: timedelta


@lru_cache(maxsize=64)
def zone_of(name: str) -> ZoneInfo:
    """The zone of an IANA name. Raises ValueError for a name that is none."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise ValueError(
            f"found zone {name!r}, expected an IANA name such as Asia/Shanghai"
        ) from error


def midnight(day: date, zone: str) -> datetime:
    """The first moment of a local day, in UTC."""
    return datetime.combine(day, time(), zone_of(zone)).astimezone(UTC)


def local_day(at: datetime, zone: str) -> date:
    """The local day a moment belongs to."""
    return at.astimezone(zone_of(zone)).date()


def resolve(window: str, now: datetime, zone: str, slots: Slots | None = None) -> Range:
    """The range a window means at `now`.

    `hour`, `today`, `month` and `year` run from the local start of the period until now; `30m`,
    `24h`, `7d` are rolling spans that end now and begin with the first kept bucket (of five
    minutes, an hour or a day, see `store_grain`) that begins within the span, since nothing finer
    can be summed: a rolling hour is never longer than an hour. Of data in `slots` a rolling span is
    as many whole slots, the newest of which has come in: what the last minutes lack would else be
    taken for a fall. `from/to` takes ISO dates of the zone, both days
    included (`2020-01-01/2020-12-31` is the whole year), or ISO times, the second excluded; a time
    without an offset is local. Raises ValueError saying what was found and what was expected.
    """
    text = window.strip()
    if text in _PERIODS:
        return _period_start(text, now, zone), now
    if "/" in text:
        return _explicit(text, zone)
    found = re.fullmatch(r"(\d{1,6})([mhd])", text)
    if not found or int(found[1]) == 0:
        raise ValueError(f"found window {window!r}, expected {_EXPECTED}")
    span = timedelta(**{_UNITS[found[2]]: int(found[1])})
    _sensible((now - min(span, LONGEST * 2), now), window)
    if slots is not None:
        return _whole_slots(span, now, zone, slots)
    return _first_bucket(now - span, now, zone), now


def _first_bucket(since: datetime, now: datetime, zone: str) -> datetime:
    """The start of the first kept bucket that begins at or after a moment; where none has begun
    since, of the one that is running."""
    grain = store_grain(since, now, zone)
    start = bucket_start(since, grain, zone)
    later = start if start == since else next_start(start, grain, zone)
    return later if later < now else start


def _whole_slots(span: timedelta, now: datetime, zone: str, slots: Slots) -> Range:
    """The newest whole slots that fill a span, one at least; counted from local midnight."""
    came = now - slots.arrives
    end = came - (came - midnight(local_day(came, zone), zone)) % slots.length
    start = end - max(1, span // slots.length) * slots.length
    return bucket_start(start, store_grain(start, now, zone), zone), end


def _period_start(period: str, now: datetime, zone: str) -> datetime:
    if period == "hour":
        return bucket_start(now, "1h", zone)
    day = local_day(now, zone)
    first = {"today": day, "month": day.replace(day=1), "year": day.replace(month=1, day=1)}
    return midnight(first[period], zone)


def _explicit(text: str, zone: str) -> Range:
    start, _, end = text.partition("/")
    last_day = _iso_date(end)
    try:
        until = (
            midnight(last_day + timedelta(days=1), zone) if last_day else _moment(end, text, zone)
        )
        window = _sensible((_moment(start, text, zone), until), text)
    except OverflowError as error:
        raise ValueError(f"found window {text!r}, {_YEARS}") from error
    # What is usual looks weeks back, and the end is widened: both must be times too.
    if window[0].year < _FIRST_YEAR or window[1].year > _LAST_YEAR:
        raise ValueError(f"found window {text!r}, {_YEARS}")
    return window


def _iso_date(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d\d-\d\d", text) else None
    except ValueError:
        return None


def _moment(text: str, window: str, zone: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise ValueError(
            f"found {text!r} in window {window!r}, expected an ISO date such as 2020-01-31 or time"
            " such as 2020-01-31T08:00:00Z"
        ) from error
    aware = found if found.tzinfo else found.replace(tzinfo=zone_of(zone))
    return aware.astimezone(UTC)


def _sensible(window: Range, text: str) -> Range:
    start, end = window
    if not start < end:
        raise ValueError(f"found window {text!r} that ends before it starts, expected from < to")
    if end - start > LONGEST:
        raise ValueError(f"found window {text!r} of more than a century, expected a shorter one")
    return window


def pick_grain(window: Range) -> str:
    """The finest grain that gives a chart of at most some hundred points."""
    length = window[1] - window[0]
    limits = (("5m", 0.5), ("15m", 2.0), ("1h", 10.0), ("1d", 1100.0))
    return next((grain for grain, days in limits if length <= timedelta(days=days)), "1mo")


def check_grain(grain: str) -> str:
    """The grain itself. Raises ValueError naming the known ones where it is none."""
    if grain not in (*GRAINS, TOTAL):
        raise ValueError(f"found grain {grain!r}, expected one of {', '.join((*GRAINS, TOTAL))}")
    return grain


def bucket_start(at: datetime, grain: str, zone: str) -> datetime:
    """The start of the bucket of a grain that a moment falls into."""
    if grain in ("1d", "1mo"):
        day = local_day(at, zone)
        return midnight(day if grain == "1d" else day.replace(day=1), zone)
    origin = midnight(local_day(at, zone), zone) if grain == "1h" else _EPOCH
    return at - timedelta(seconds=(at - origin).total_seconds() % _SECONDS[grain])


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def next_start(start: datetime, grain: str, zone: str) -> datetime:
    """The start of the bucket after the one that starts at `start`."""
    if grain == "1mo":
        return midnight(_next_month(local_day(start, zone)), zone)
    tomorrow = midnight(local_day(start, zone) + timedelta(days=1), zone)
    if grain == "1d":
        return tomorrow
    step = start + timedelta(seconds=_SECONDS[grain])
    return min(step, tomorrow) if grain == "1h" else step


def _next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def starts(window: Range, grain: str, zone: str) -> Iterator[datetime]:
    """The starts of all buckets that overlap a range, in order."""
    at = bucket_start(window[0], grain, zone)
    while at < window[1]:
        yield at
        at = next_start(at, grain, zone)


def local_days(window: Range, zone: str) -> Iterator[date]:
    """The local days that overlap a range, in order."""
    return (local_day(at, zone) for at in starts(window, "1d", zone))


def day_range(day: date, zone: str) -> Range:
    """A local day as a range: 23, 24 or 25 hours."""
    return midnight(day, zone), midnight(day + timedelta(days=1), zone)


def align(window: Range, grain: str, zone: str) -> Range:
    """The range widened to whole buckets of a grain."""
    start, end = window
    last = bucket_start(end, grain, zone)
    return (
        bucket_start(start, grain, zone),
        last if last == end else next_start(last, grain, zone),
    )


def shift(window: Range, days: int, zone: str) -> Range:
    """The same local times `days` local days later (earlier where negative)."""
    start, end = (_shifted(at, days, zone) for at in window)
    return start, end


def _shifted(at: datetime, days: int, zone: str) -> datetime:
    local = at.astimezone(zone_of(zone))
    return (local + timedelta(days=days)).astimezone(UTC)


def cutoffs(now: datetime, zone: str) -> tuple[datetime, datetime]:
    """The local midnights before which the store keeps days, and before which hours."""
    today = local_day(now, zone)
    return (
        midnight(today - timedelta(days=DAYS_AFTER), zone),
        midnight(today - timedelta(days=HOURS_AFTER), zone),
    )


def store_grain(at: datetime, now: datetime, zone: str) -> str:
    """The grain in which the store keeps a moment: `5m`, `1h` or `1d`."""
    days, hours = cutoffs(now, zone)
    return "1d" if at < days else "1h" if at < hours else "5m"


def widen(ranges: Iterable[Range], now: datetime, zone: str) -> list[Range]:
    """Ranges widened to whole buckets of the grain in which the store keeps them, joined, in order.

    What the collector asks a source for must be widened so, or a part of an hour or day would
    replace the whole of it.
    """
    return joined(
        (
            align((start, start), store_grain(start, now, zone), zone)[0],
            align((end, end), store_grain(end - timedelta(microseconds=1), now, zone), zone)[1],
        )
        for start, end in ranges
        if start < end
    )


def joined(ranges: Iterable[Range]) -> list[Range]:
    """Ranges joined where they touch, in order; one of no length stays a moment."""
    found: list[Range] = []
    for start, end in sorted(ranges):
        if found and start <= found[-1][1]:
            found[-1] = found[-1][0], max(found[-1][1], end)
        else:
            found.append((start, end))
    return found


def position(sorted_starts: Sequence[datetime], at: datetime) -> int:
    """The index of the bucket a moment falls into, -1 before the first."""
    return bisect_right(sorted_starts, at) - 1
