"""Series of states: the last sample of each bucket. What was not sampled is unknown."""

from collections.abc import Iterable
from datetime import datetime

from dashboard.catalogue.indicators import Stock
from dashboard.ports import History, Number, Point, Series
from dashboard.series.subject import Subject
from dashboard.windows import next_start


def answer_stock(subject: Subject, history: History, since: datetime | None = None) -> Series:
    """The series of a stock or latest value; with grain `total` the last one of the window. What is
    told of the time before the department's first row, `since`, is nothing and not none."""
    points = sampled_points(subject, history, "")
    if since is not None and not subject.total:
        points = [_known(point, subject, since) for point in points]
    return Series(
        subject.request, subject.grain, points, "history", window=subject.window, since=since
    )


def _known(point: Point, subject: Subject, since: datetime) -> Point:
    before = next_start(point.at, subject.grain, subject.zone) <= since
    return Point(point.at, point.code, None, None) if before and not point.value else point


def sampled_points(subject: Subject, history: History, sample_window: str) -> list[Point]:
    """The last sample of each bucket and code, None where there is none.

    A code without a sample where others have one has no rows: 0 of what is counted.
    """
    buckets = subject.buckets()
    if not buckets:
        return []
    found = history.samples(
        subject.key,
        subject.window,
        sample_window=sample_window,
        by=subject.by,
        grain=None if subject.total else subject.grain,
        zone=subject.zone,
    )
    start = buckets[0][0]
    known = {((start if subject.total else p.at), p.code): p for p in found}
    codes = sorted({point.code for point in found}) if subject.by else [""]
    sampled = {at for at, _ in known}
    nothing = 0 if _is_counted(subject) else None
    return list(_grid((lo for lo, _ in buckets), codes, known, sampled, nothing))


def _grid(
    times: Iterable[datetime],
    codes: list[str],
    known: dict[tuple[datetime, str], Point],
    sampled: set[datetime],
    nothing: Number | None,
) -> Iterable[Point]:
    for at in times:
        for code in codes:
            point = known.get((at, code))
            if point is not None:
                yield Point(at, code, point.value, point.n)
            elif at in sampled:
                yield Point(at, code, nothing, 0)
            else:
                yield Point(at, code, None, None)


def _is_counted(subject: Subject) -> bool:
    measure = subject.indicator.measure
    return isinstance(measure, Stock) and measure.aggregate == "count"
