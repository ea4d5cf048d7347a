"""`SeriesDesk`: answers every question for a series, and says what is usual."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Literal

from dashboard.catalogue import Indicator
from dashboard.catalogue.indicators import ASKED, DERIVED, FLOWS
from dashboard.catalogue.references import inputs_of
from dashboard.ports import (
    CatalogueSource,
    History,
    Point,
    Range,
    Series,
    SeriesRequest,
    Sources,
    Unanswered,
)
from dashboard.series.asked import AskedSeries
from dashboard.series.beginning import Beginnings
from dashboard.series.composed import answer_derived
from dashboard.series.flows import FlowSeries
from dashboard.series.memory import Memory
from dashboard.series.stocks import answer_stock
from dashboard.series.subject import Subject, subject_of
from dashboard.series.surges import answer_surge
from dashboard.series.usual import (
    FOUR_WEEKS,
    NEAREST,
    Edge,
    bands_by_code,
    edges_of,
    past_of,
    since_first,
    unusual_by_code,
)
from dashboard.windows import TOTAL, bucket_start, shift

Against = Literal["four_weeks", "weekday_hour", "day_before", "week_before"]
DEEPEST = 8
"""Derived indicators of derived ones; deeper is a circle."""
MOST_KEPT = 200_000
"""Points of the past that are remembered: 53 MB at most, as measured. Eight weeks of hours are 1,344
points for each code of a split."""


class SeriesDesk:
    """Series of all indicators of the newest catalogue. Safe for threads.

    Buckets are whole: a window that begins inside a bucket begins with that bucket, and one that
    ends after now ends now. Days are the department's local ones.
    """

    def __init__(
        self,
        catalogue_source: CatalogueSource,
        history: History,
        sources: Sources,
        clock: Callable[[], datetime],
    ) -> None:
        self._catalogue_source = catalogue_source
        self._history = history
        self._clock = clock
        self._beginnings = Beginnings(history)
        self._flows = FlowSeries(history, sources, self._beginnings)
        self._asked = AskedSeries(history, sources)
        self._past: Memory[list[Point]] = Memory(timedelta(minutes=15), MOST_KEPT)

    def answer(self, request: SeriesRequest) -> Series:
        """The series; `grain` None picks one, `total` gives one value for the whole window.

        A value is None where nothing is known (never 0 for unknown), and for a ratio or a mean of
        no rows. Raises KeyError for an unknown indicator, ValueError for a grain or split it has
        not, Unreachable where the store or the department does not answer.
        """
        return self._answer(request, self._clock(), None, 0)

    def _answer(
        self, request: SeriesRequest, now: datetime, zone: str | None, depth: int
    ) -> Series:
        if depth > DEEPEST:
            raise ValueError(f"{request.key}: found an indicator that is derived from itself")
        subject = subject_of(request, self._catalogue_source.current(), now, zone)
        kind = subject.indicator.measure.kind
        if kind in FLOWS:
            return self._flows.answer(subject)
        if kind in ASKED:
            return self._asked.answer(subject)
        if kind == "surge":
            return answer_surge(subject, self._history)
        if kind in DERIVED:
            return answer_derived(
                subject, lambda inner: self._answer(inner, now, subject.zone, depth + 1)
            )
        return answer_stock(subject, self._history, self._beginnings.of(subject))

    def began(self, key: str) -> datetime | None:
        """The first row of what an indicator rests on, where the history tells of a time before it;
        of several inputs the last that begins. Raises like `answer`."""
        return self._began(self._subject(key, ""), 0)

    def _began(self, subject: Subject, depth: int) -> datetime | None:
        if depth > DEEPEST:
            return None
        inputs = [given for _, given in inputs_of(subject.indicator)]
        if not inputs:
            return self._beginnings.of(subject)
        found = (self._began(self._subject(given, ""), depth + 1) for given in inputs)
        return max((at for at in found if at is not None), default=None)

    def usual(
        self, key: str, window: Range, grain: str = "1h", by: str = "", part: str = ""
    ) -> list[Edge]:
        """What is usual at each hour (or day, with grain `1d`) of a window: (time, P10, median,
        P90) of the same weekday and hour in the eight weeks before the window; of one code of a
        split where `by` and `part` name it. Only history says what is usual: no department is asked.

        With a grain of minutes the hour's range of a count or sum is divided. Empty where the past
        says too little. Raises like `answer`.
        """
        subject = self._subject(key, by)
        if subject.indicator.measure.kind in ("days", "surge") or grain in (TOTAL, "1mo"):
            return []
        step = "1d" if grain == "1d" else "1h"
        try:
            points = self._points_of_past(subject, window[0], step)
        except Unanswered:
            return []
        bands = bands_by_code([p for p in points if p.code == part], subject.zone).get(part, {})
        return edges_of(bands, window, grain, subject.zone, _adds_up(subject.indicator))

    def against(self, key: str, kind: Against, by: str = "") -> dict[str, float]:
        """What a limit's `against` means now, by code ("" the total): the measure over the four
        weeks before today, the P99 of this hour of the week, or the value a day or week before.

        A code whose past is unknown is absent. Raises like `answer`.
        """
        found = self._against(self._subject(key, by), kind) if by else {}
        # An empty code of a split is that of rows without one; here it names the total.
        found.pop("", None)
        total = self._against(self._subject(key, ""), kind).get("")
        return found if total is None else {"": total, **found}

    def _against(self, subject: Subject, kind: Against) -> dict[str, float]:
        match kind:
            case "weekday_hour":
                return self._weekday_hour(subject)
            case "day_before":
                return self._before(subject, 1)
            case "week_before":
                return self._before(subject, 7)
            case "four_weeks":
                return self._four_weeks(subject)

    def _subject(self, key: str, by: str) -> Subject:
        now = self._clock()
        request = SeriesRequest(key, (now - timedelta(hours=1), now), None, by)
        return subject_of(request, self._catalogue_source.current(), now)

    def _points_of_past(self, subject: Subject, start: datetime, grain: str) -> list[Point]:
        past = past_of(start, subject.zone)
        request = SeriesRequest(subject.key, past, grain, subject.by, permit=_history_alone)
        key = (subject.catalogue.version, request)
        return self._past.get(key, lambda: since_first(self.answer(request).points))

    def _weekday_hour(self, subject: Subject) -> dict[str, float]:
        indicator = subject.indicator
        if indicator.measure.kind in ("days", "surge"):
            return {}
        points = self._points_of_past(subject, subject.now, "1h")
        window = subject.department.window_of(indicator, subject.now, _at_most_an_hour(indicator))
        return unusual_by_code(points, window, subject.zone, _adds_up(indicator))

    def _before(self, subject: Subject, days: int) -> dict[str, float]:
        """The value as it was so many days ago at this time."""
        zone, indicator = subject.zone, subject.indicator
        then = shift((subject.now, subject.now), -days, zone)[0]
        if indicator.measure.kind in FLOWS:
            window = subject.department.window_of(indicator, then)
            return self._total(subject, window)
        points = self._history.samples(
            subject.key,
            (then - NEAREST, then + timedelta(seconds=1)),
            sample_window="" if indicator.window == "now" else indicator.window,
            by=subject.by,
            zone=zone,
        )
        return _values(points)

    def _four_weeks(self, subject: Subject) -> dict[str, float]:
        today = bucket_start(subject.now, "1d", subject.zone)
        window = (shift((today, today), -FOUR_WEEKS, subject.zone)[0], today)
        kind = subject.indicator.measure.kind
        if kind in ASKED:
            return self._asked.over_days(subject, FOUR_WEEKS)
        if kind in FLOWS and not _adds_up(subject.indicator):
            return self._total(subject, window)
        if kind in FLOWS:
            return self._usual_sum(subject)
        points = self.answer(SeriesRequest(subject.key, window, "1h", subject.by)).points
        return _means(points, subject.indicator, 0)

    def _usual_sum(self, subject: Subject) -> dict[str, float]:
        """The mean of a count or sum over the same part of each of the days before today."""
        sums: list[Point] = []
        for days in range(1, FOUR_WEEKS + 1):
            then = shift((subject.now, subject.now), -days, subject.zone)[0]
            window = subject.department.window_of(subject.indicator, then)
            request = SeriesRequest(subject.key, window, TOTAL, subject.by)
            sums += self.answer(request).points
        known = len({point.at for point in sums if point.value is not None})
        return _means(sums, subject.indicator, known)

    def _total(self, subject: Subject, window: Range) -> dict[str, float]:
        request = SeriesRequest(subject.key, window, TOTAL, subject.by)
        return _values(self.answer(request).points)


def _at_most_an_hour(indicator: Indicator) -> str:
    """The window for which an hour of the week is compared: the indicator's own, where it is no
    longer than an hour, else the newest hour."""
    found = re.fullmatch(r"(\d+)m", indicator.window)
    return indicator.window if found and int(found[1]) <= 60 else "60m"


def _history_alone(key: str, _: Range) -> None:
    raise Unanswered(f"{key}: the past is told by history alone")


def _adds_up(indicator: Indicator) -> bool:
    return indicator.measure.kind in ("count", "sum")


def _values(points: list[Point]) -> dict[str, float]:
    """The newest known value per code."""
    return {point.code: float(point.value) for point in points if point.value is not None}


def _means(points: list[Point], indicator: Indicator, known: int) -> dict[str, float]:
    """Means per code; of what adds up, a code without rows counted as zero in each known bucket."""
    values: dict[str, list[float]] = {}
    for point in points:
        if point.value is not None:
            values.setdefault(point.code, []).append(float(point.value))
    return {
        code: sum(found) / max(len(found), known if _adds_up(indicator) else 0)
        for code, found in values.items()
    }
