"""The center's diary: what it keeps of a department's feeds, matters and indicators, to be read
like any department's rows. All pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from dashboard.catalogue import Catalogue, Department
from dashboard.feeds import Feed
from dashboard.matters import Matter
from dashboard.readings import Reading, State
from dashboard.reasons import Reason
from dashboard.tickets import Ticket, aside_of
from dashboard.windows import local_day, midnight

LONGEST = timedelta(minutes=2)
"""No more than this is put down as lived between two notes: what lies further back nobody saw."""
_LATE = (State.LATE, State.STALE, State.UNAVAILABLE)
_DOWN = (State.STALE, State.UNAVAILABLE)

STARTING = "starting"
"""Stands for the state of an indicator of which nothing, or not all of its window, has been read yet:
it is no fault of its department."""
_NOT_YET = frozenset({Reason.NOT_READ.value, Reason.READING_HISTORY.value})


@dataclass(frozen=True)
class FeedNote:
    """A dataset at a moment, and what has been lived since the note before: seconds due, late and
    down, and buckets of drift. `rows` and `aside` are those of the last day, None where nothing
    sets any aside."""

    dataset: str
    title: str
    state: str
    since: datetime | None
    as_of: datetime | None
    reason: str | None
    day: datetime
    due: int
    late: int
    down: int
    rows: int | None
    aside: int | None
    drift: int


@dataclass(frozen=True)
class IndicatorNote:
    """An indicator at a moment."""

    key: str
    title: str
    confirmed: bool
    state: str
    level: str


@dataclass(frozen=True)
class Page:
    """What is put down of a department at one moment. `matters` are those that are open: what was
    open and is no longer has closed now."""

    department: str
    at: datetime
    feeds: Sequence[FeedNote]
    indicators: Sequence[IndicatorNote]
    matters: Sequence[Matter]
    opened: Sequence[Ticket]
    closed: Sequence[Ticket]


def closing_page(department: str, standing: Sequence[Ticket], at: datetime) -> Page:
    """The last page of a department that is no more: nothing of it is open from then on, of which
    nobody could say otherwise that it has closed."""
    return Page(department, at, feeds=(), indicators=(), matters=(), opened=(), closed=standing)


def feed_notes(
    department: Department,
    feeds: Iterable[Feed],
    drift: Mapping[str, int],
    since: datetime | None,
    now: datetime,
) -> list[FeedNote]:
    """The feeds of a department; `drift` is what was found since the note before, at `since`."""
    lived = timedelta(0) if since is None else min(max(now - since, timedelta(0)), LONGEST)
    seconds = round(lived.total_seconds())
    day = midnight(local_day(now, department.zone), department.zone)

    def lasted(feed: Feed, *states: State) -> int:
        return seconds if feed.state in states else 0

    return [
        FeedNote(
            dataset=feed.dataset,
            title=department.datasets[feed.dataset].title.zh,
            state=feed.state.value,
            since=feed.since,
            as_of=feed.as_of,
            reason=feed.reason,
            day=day,
            due=lasted(feed, State.FRESH, *_LATE),
            late=lasted(feed, *_LATE),
            down=lasted(feed, *_DOWN),
            rows=feed.arrived,
            aside=None if feed.arrived is None else aside_of(feed, department),
            drift=drift.get(feed.dataset, 0),
        )
        for feed in feeds
        if feed.dataset in department.datasets
    ]


def indicator_notes(catalogue: Catalogue, readings: Iterable[Reading]) -> list[IndicatorNote]:
    """The indicators that all may see: those that are only inputs of others are left out, and those
    that are kept to roles, since whoever sees the center's rows would be told of them."""
    found = []
    for reading in readings:
        indicator = catalogue.indicator(reading.key)
        if indicator is not None and not indicator.internal and not indicator.roles:
            found.append(
                IndicatorNote(
                    reading.key,
                    indicator.title.zh,
                    indicator.definition.confirmed,
                    STARTING if reading.reason in _NOT_YET else reading.state.value,
                    reading.level.value,
                )
            )
    return found
