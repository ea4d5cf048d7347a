"""Series of percentiles and distinct counts, which cannot be summed.

Hours and minutes come from samples (the value over its own window, as it was then), days and months
from one histogram per closed day (approximate) or the last sample of the day. What no history
answers is asked of the department, exactly, for a few buckets at most; the whole window as one
value always is.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from dashboard.access import Refused
from dashboard.catalogue.indicators import Percentile
from dashboard.histogram import Counts, merge, quantile
from dashboard.ports import GroupValue, History, Point, Range, Series, Sources, Unreachable
from dashboard.series.memory import Memory
from dashboard.series.stocks import sampled_points
from dashboard.series.subject import Subject
from dashboard.windows import local_day, local_days

FEW = 40
"""Buckets that are asked of a department for one series."""
_JUST_NOW = timedelta(minutes=1)
"""A window that ended this short a while ago is one that goes until now."""
MOST_KEPT = 50_000
"""Values of a department that are remembered, of either kind: 12 MB at most, as measured."""
Known = dict[Range, list[Point]]
"""Points by bucket."""


class AskedSeries:
    """Answers for asked indicators. What a department answered is remembered: a minute, or a
    quarter of an hour for buckets that have ended."""

    def __init__(self, history: History, sources: Sources) -> None:
        self._history = history
        self._sources = sources
        self._running: Memory[list[GroupValue]] = Memory(timedelta(minutes=1), MOST_KEPT)
        self._ended: Memory[list[GroupValue]] = Memory(timedelta(minutes=15), MOST_KEPT)

    def answer(self, subject: Subject) -> Series:
        """The series. Raises ValueError where too much would have to be asked of the department,
        Unreachable where it does not answer."""
        if subject.total:
            points = [p for bucket in subject.buckets() for p in self._ask(subject, bucket)]
            return _series(subject, points, "department")
        if subject.grain in ("1d", "1mo"):
            return self._mixed(subject, self._last_samples(subject), self._from_histograms(subject))
        points = sampled_points(subject, self._history, subject.indicator.window)
        if any(point.value is not None for point in points):
            return _series(subject, points, "history")
        return self._mixed(subject, {}, {})

    def over_days(self, subject: Subject, days: int) -> dict[str, float]:
        """The percentile by code ("" the total) over the closed days before today, from their
        histograms; empty where none is kept."""
        measure = subject.indicator.measure
        today = local_day(subject.now, subject.zone)
        if not isinstance(measure, Percentile):
            return {}
        first, last = today - timedelta(days=days), today - timedelta(days=1)
        kept = self._history.histograms(subject.key, first, last, subject.by)
        return {
            code: value
            for code, value, _ in quantiles(kept.values(), measure.q, subject.by)
            if value is not None
        }

    def _mixed(self, subject: Subject, sampled: Known, counted: Known) -> Series:
        """Known buckets, of which those `counted` from histograms are approximate, and the others
        asked of the department where they are few."""
        known = sampled | counted
        buckets = subject.buckets()
        missing = [bucket for bucket in buckets if bucket not in known]
        if len(missing) > FEW and not known:
            # What asks history alone is told that it does not know, and not to ask for less.
            subject.permit()
            raise ValueError(
                f"{subject.key}: found {len(missing)} buckets of {subject.grain} that no history"
                f" answers, expected at most {FEW} to ask the department for: take a shorter"
                " window, a coarser grain, or grain=total for one value"
            )
        asked = self._ask_all(subject, missing, bool(known)) if len(missing) <= FEW else {}
        points: list[Point] = []
        for bucket in buckets:
            unknown = [] if subject.by else [Point(bucket[0], "", None, None)]
            points += known.get(bucket) or asked.get(bucket) or unknown
        origin = "department" if asked else "history"
        return _series(subject, points, origin, approximate=bool(counted))

    def _ask_all(self, subject: Subject, buckets: Sequence[Range], known: bool) -> Known:
        """Buckets of the department; where it is away, or the person may not ask it, what history
        knows must do."""
        try:
            return {bucket: self._ask(subject, bucket) for bucket in buckets}
        except (Refused, Unreachable):
            if not known:
                raise
            return {}

    def _ask(self, subject: Subject, bucket: Range) -> list[Point]:
        """One bucket of the department, exactly, until now at the latest."""
        start, end = bucket[0], min(bucket[1], subject.window[1])
        source = self._sources.of(subject.department.key)
        by = subject.by or None
        # Who asks until now says a now of his own, a little before ours and after that of others.
        running = subject.now - end < _JUST_NOW
        memory = self._running if running else self._ended
        until = end.replace(second=0, microsecond=0) if running else end
        key = (subject.catalogue.version, subject.key, start, until, by)
        # Also before what is remembered: it was the department's answer to somebody who may ask.
        subject.permit()
        values = memory.get(key, lambda: source.asked(subject.name, (start, end), by))
        # The total comes first; an empty code further on is that of rows without one.
        parts = values[1:] if values and values[0].code == "" else values
        return [Point(start, v.code, v.value, v.n) for v in (parts if by else values[:1])]

    def _last_samples(self, subject: Subject) -> Known:
        """Single days by their last sample, as they were measured then."""
        known: Known = {}
        if subject.grain == "1d" and subject.indicator.window == "today":
            buckets = {bucket[0]: bucket for bucket in subject.buckets()}
            for point in sampled_points(subject, self._history, "today"):
                if point.value is not None:
                    known.setdefault(buckets[point.at], []).append(point)
        return known

    def _from_histograms(self, subject: Subject) -> Known:
        """Buckets all of whose days have a histogram."""
        known: Known = {}
        measure = subject.indicator.measure
        days = list(local_days(subject.window, subject.zone))
        if not isinstance(measure, Percentile) or not days:
            return known
        kept = self._history.histograms(subject.key, days[0], days[-1], subject.by)
        for bucket in subject.buckets():
            within = _whole(kept, local_days(bucket, subject.zone))
            if within is not None:
                entries = quantiles(within, measure.q, subject.by)
                known[bucket] = [Point(bucket[0], *entry) for entry in entries]
        return known


def _whole(
    kept: dict[date, dict[str, dict[int, int]]], days: Iterable[date]
) -> list[dict[str, dict[int, int]]] | None:
    """The histograms of some days; None where one of the days has none."""
    found = [kept.get(day) for day in days]
    whole = [codes for codes in found if codes is not None]
    return whole if len(whole) == len(found) else None


def _series(
    subject: Subject, points: list[Point], origin: str, *, approximate: bool = False
) -> Series:
    return Series(
        subject.request,
        subject.grain,
        points,
        origin,
        approximate=approximate,
        window=subject.window,
    )


def quantiles(
    histograms: Iterable[dict[str, dict[int, int]]], q: float, by: str
) -> list[tuple[str, float | None, int]]:
    """Code, q-quantile and n over some days' histograms: of the codes of a split, or the total."""
    days = list(histograms)
    codes = sorted({code for day in days for code in day if code}) if by else [""]
    found: list[tuple[str, float | None, int]] = []
    for code in codes:
        counts: Counts = merge(day.get(code, {}) for day in days)
        n = sum(counts.values())
        found.append((code, quantile(counts, q) if n else None, n))
    return found
