"""Surges: how many times what is usual of the weekday-hour a count is, pair by pair.

What is usual is the mean of the same clock time on the same weekday of the weeks before, and not
its median: of most pairs nothing is counted in most hours, so that the median is nothing.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from dashboard.baseline import FEWEST, WEEKS
from dashboard.catalogue.indicators import Surge
from dashboard.measures import Flow, flow_of
from dashboard.ports import History, Point, Range, Series
from dashboard.series.flows import plan_of
from dashboard.series.subject import Subject
from dashboard.windows import TOTAL, align, next_start, position, shift

AT_LEAST = 1.0
"""Less than this is usual of no pair: ten of what never happens is ten times the usual."""
Counts = dict[str, float]


@dataclass(frozen=True)
class Pair:
    """A pair of codes over one bucket: how many there are, and how many times the usual that is."""

    code: str
    count: int
    times: float


def answer_surge(subject: Subject, history: History) -> Series:
    """The series of a surge, by its pair or of the pair that is worst in each bucket.

    A bucket is unknown where fewer than three of the eight weeks before it are in the history, and
    then has one point without a value or a code. Raises Unreachable.
    """
    measure = subject.indicator.measure
    assert isinstance(measure, Surge)
    counted = counted_subject(subject, measure)
    flow = flow_of(counted.indicator)
    if flow is None:
        raise ValueError(f"{measure.of}: found {counted.indicator.measure.kind}, expected a count")
    covered = history.coverage(plan_of(counted, flow))
    buckets = [(start, min(end, subject.now)) for start, end in subject.buckets()]
    weeks = _known_weeks(subject, covered)
    points: list[Point] = []
    if buckets and len(weeks) >= FEWEST:
        now = _per_bucket(counted, flow, history, buckets, 0)
        past = [_per_bucket(counted, flow, history, buckets, week) for week in weeks]
        for place, (start, _) in enumerate(buckets):
            pairs = list(_pairs(now[place], [week[place] for week in past]))
            points += _points(start, pairs, measure, split=bool(subject.by))
    else:
        points = [Point(start, "", None, None) for start, _ in buckets]
    return Series(
        subject.request, subject.grain, points, "history", covered=covered, window=subject.window
    )


def counted_subject(subject: Subject, measure: Surge) -> Subject:
    """The question for the count behind a surge, split by its pair."""
    indicator = subject.catalogue.indicator(measure.of)
    if indicator is None:
        raise ValueError(f"{subject.key}: found no indicator {measure.of!r}")
    by = subject.indicator.live_by or ""
    request = replace(subject.request, key=measure.of, by=by)
    department = subject.catalogue.department_of(measure.of)
    return replace(subject, request=request, indicator=indicator, department=department)


def worst_pair(points: Iterable[Point], least: int) -> Point | None:
    """The pair that stands for all: of those with enough rows the one furthest over its usual,
    where none has enough the one with most rows."""
    known = [point for point in points if point.value is not None]
    enough = [point for point in known if (point.n or 0) >= least]
    if enough:
        return max(enough, key=lambda point: (float(point.value or 0), point.n or 0))
    return max(known, key=lambda point: (point.n or 0, float(point.value or 0)), default=None)


def _points(at: datetime, pairs: list[Pair], measure: Surge, *, split: bool) -> Iterator[Point]:
    points = [Point(at, pair.code, pair.times, pair.count) for pair in pairs]
    if split:
        yield from points
        return
    worst = worst_pair(points, measure.least)
    # Where nothing at all is counted, nothing is over its usual.
    yield Point(at, "", worst.value, worst.n) if worst else Point(at, "", 0.0, 0)


def _pairs(now: Counts, past: list[Counts]) -> Iterator[Pair]:
    for code, count in sorted(now.items()):
        usual = sum(week.get(code, 0.0) for week in past) / len(past)
        yield Pair(code, round(count), count / max(usual, AT_LEAST))


def _known_weeks(subject: Subject, covered: Range | None) -> list[int]:
    """The weeks before the window that are in the history whole."""
    if covered is None:
        return []
    starts = {week: shift(subject.window, -7 * week, subject.zone)[0] for week in _WEEKS}
    return [week for week, start in starts.items() if covered[0] <= start]


_WEEKS = range(1, WEEKS + 1)


def _per_bucket(
    counted: Subject, flow: Flow, history: History, buckets: list[Range], weeks: int
) -> list[Counts]:
    """Counts by pair of each bucket as many weeks before. The past is kept by hours, of which a
    bucket that overlaps one in part has that part; what is counted now is counted whole."""
    zone = counted.zone
    moved = [shift(bucket, -7 * weeks, zone) for bucket in buckets]
    span = (moved[0][0], moved[-1][1])
    grain = "1h" if weeks else counted.grain
    rows = history.sums(
        flow.additives(),
        align(span, grain, zone) if weeks else span,
        grain=None if grain == TOTAL else grain,
        by=counted.by,
        zone=zone,
        department=counted.department.key,
    )
    found: list[Counts] = [{} for _ in moved]
    starts = [start for start, _ in moved]
    for row in rows:
        value, code = float(row[flow.numerator.name] or 0), str(row["code"])
        at = row["at"]
        whole = [(position(starts, at), 1.0)]
        hour = (at, next_start(at, "1h", zone))
        for place, share in _overlaps(hour, moved, starts) if weeks else whole:
            found[place][code] = found[place].get(code, 0.0) + share * value
    return found


def _overlaps(
    hour: Range, buckets: list[Range], starts: list[datetime]
) -> Iterator[tuple[int, float]]:
    """The buckets that an hour overlaps, each with the share of the hour that lies in it."""
    place = max(position(starts, hour[0]), 0)
    while place < len(buckets) and starts[place] < hour[1]:
        inside = min(hour[1], buckets[place][1]) - max(hour[0], starts[place])
        if inside > timedelta(0):
            yield place, inside / (hour[1] - hour[0])
        place += 1
