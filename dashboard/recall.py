"""Which indicators' past can be told from the rows as they are now, and at which moments it is.

A city that is collected for the first time today has rows of the last weeks: whoever was waiting at
noon yesterday came before noon and left after it. What only the present says (a vehicle's newest
position, a status that is overwritten) stays unknown until it is sampled. All pure.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

from dashboard.catalogue import Dataset, Indicator
from dashboard.catalogue.indicators import Distinct, Latest, Percentile, Stock
from dashboard.ports import Range
from dashboard.windows import local_day, midnight

HALF_HOURLY, HOURLY = timedelta(hours=24), timedelta(days=8)
"""How far back the past is told every half hour, as sparklines are drawn, and every hour, as the
same time last week is looked up; before that once a day."""
STEP = timedelta(minutes=30)
LAST_SLOT = timedelta(minutes=5)
"""A day is told as it stood so long before it ended, in the last slot that is sampled of it."""


def is_recalled(indicator: Indicator, dataset: Dataset) -> bool:
    """Whether the rows tell how a stock, latest or asked measure stood.

    Stocks need `since`; the last rows of things are kept only where the time is part of the key
    (else each thing has but one row, which is overwritten); asked ones need settled rows.
    """
    match indicator.measure:
        case Stock() as measure:
            return measure.since is not None
        case Latest():
            time = dataset.times.get(indicator.time or "")
            return time is not None and time.column in dataset.key
        case Percentile() | Distinct() as asked:
            return asked.settled
        case _:
            return False


def recalled_splits(indicator: Indicator, dataset: Dataset) -> list[str]:
    """The single dimensions by which the past is split too, that of the reading's parts first."""
    named = [indicator.live_by, *(by for by in indicator.by if isinstance(by, str))]
    asked = isinstance(indicator.measure, Percentile | Distinct)
    return [
        by
        for by in dict.fromkeys(name for name in named if name is not None)
        if not (by in dataset.dimensions and dataset.dimensions[by].changes)
        and not (asked and by != indicator.live_by)
    ]


def moments(since: datetime, now: datetime, zone: str) -> Iterator[datetime]:
    """The moments of the past that are told, newest first, back to `since`."""
    hours = max(since, now - HOURLY)
    halves = max(since, now - HALF_HOURLY)
    found = {*_steps(halves, now, STEP), *_steps(hours, now, 2 * STEP), *_ends(since, now, zone)}
    return iter(sorted(found, reverse=True))


def _steps(since: datetime, now: datetime, step: timedelta) -> Iterator[datetime]:
    seconds = step.total_seconds()
    at = datetime.fromtimestamp(now.timestamp() // seconds * seconds, UTC)
    while at >= since:
        yield at
        at -= step


def _ends(since: datetime, now: datetime, zone: str) -> Iterator[datetime]:
    day = local_day(now, zone)
    while (at := midnight(day, zone) - LAST_SLOT) >= since:
        if at <= now:
            yield at
        day -= timedelta(days=1)


def within(ranges: Iterable[Range], at: datetime) -> bool:
    """Whether a moment lies in one of some ranges, their ends included."""
    return any(start <= at <= end for start, end in ranges)
