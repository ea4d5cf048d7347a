"""Silent feeds: the matters they open, one per feed, or one for a department that is silent as a
whole. The worst feed always decides, so that one dead feed among several shows.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import groupby

from dashboard.catalogue import Catalogue
from dashboard.clerk import feed_sentence
from dashboard.feeds import WHOLE, Feed
from dashboard.matters import Matter
from dashboard.readings import Level, State
from dashboard.reasons import Reason

_STARTING = frozenset({Reason.NOT_READ.value, Reason.READING_HISTORY.value})
_BADNESS = (State.NOT_DUE, State.FRESH, State.LATE, State.STALE, State.UNAVAILABLE)


def matter_id(department: str, name: str) -> str:
    """How the matter of a feed, or of WHOLE, is called."""
    return f"{department}/feed/{name}"


def silent_matters(feeds: Sequence[Feed], catalogue: Catalogue, now: datetime) -> Iterator[Matter]:
    """One matter per feed that is late or worse; one for all where no feed of a department that is
    due is answered for."""
    for _, own in by_department(feeds):
        due = [feed for feed in own if feed.state is not State.NOT_DUE]
        down = [feed for feed in due if _is_down(feed)]
        if len(down) > 1 and all(feed.is_silent for feed in due):
            yield _matter(worst(down), WHOLE, catalogue, now)
        else:
            yield from (_matter(feed, feed.dataset, catalogue, now) for feed in down)


def by_department(feeds: Iterable[Feed]) -> Iterator[tuple[str, list[Feed]]]:
    """Feeds sorted by department and dataset."""
    ordered = sorted(feeds, key=lambda feed: (feed.department, feed.dataset))
    for department, own in groupby(ordered, key=lambda feed: feed.department):
        yield department, list(own)


def worst(feeds: Sequence[Feed]) -> Feed:
    """The worst feed of several, the oldest of equally bad ones; the best is not even due."""
    return max(feeds, key=_badness)


def _badness(feed: Feed) -> tuple[int, float]:
    read = feed.collected_at
    return _BADNESS.index(feed.state), -(read.timestamp() if read else 0.0)


def best(feeds: Sequence[Feed]) -> Feed:
    """The best of several feeds that are due, the newest of equally good ones: where one delivers,
    the department as a whole is not silent."""
    return min([f for f in feeds if f.state is not State.NOT_DUE] or feeds, key=_badness)


def taken_over(name: str, others: Iterable[str]) -> list[str]:
    """Which of other matters one about feeds tells as well: that of a whole department those of its
    feeds, and that of a feed, which is silent still when others answer again, that of the whole."""
    department, about, dataset = name.partition("/feed/")
    if not about:
        return []
    if dataset != WHOLE:
        return [other for other in others if other == matter_id(department, WHOLE)]
    feeds = matter_id(department, "")
    return [other for other in others if other.startswith(feeds) and other != name]


def is_told_by(name: str, wanted: Iterable[str]) -> bool:
    """Whether another matter tells an open one now."""
    return any(name in taken_over(other, [name]) for other in wanted)


def _is_down(feed: Feed) -> bool:
    if feed.state in (State.LATE, State.STALE):
        return True
    return feed.state is State.UNAVAILABLE and feed.reason not in _STARTING


def _matter(feed: Feed, name: str, catalogue: Catalogue, now: datetime) -> Matter:
    department = catalogue.departments[feed.department]
    title = department.title if name == WHOLE else department.datasets[feed.dataset].title
    return Matter(
        id=matter_id(feed.department, name),
        department=feed.department,
        kind="feed",
        level=Level.WARNING if feed.state is State.LATE else Level.ALARM,
        title=feed_sentence(title, feed, now, department.zone),
        place=department.title,
        since=now,
    )
