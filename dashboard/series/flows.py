"""Series of flows: sums of buckets, with unknown told apart from zero by what is covered."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from dashboard.measures import Flow, How, TickPlan, flow_of, tick_plans
from dashboard.ports import BucketRow, History, Number, Point, Range, Series, Sources
from dashboard.series.beginning import Beginnings
from dashboard.series.memory import Memory
from dashboard.series.subject import Subject
from dashboard.windows import align, bucket_start

PATIENCE = timedelta(seconds=60)
"""The collector notes this often, and a refresh later at most, how far it has read."""
_JUST_NOW = timedelta(minutes=1)
"""A window that ended this short a while ago goes until now: who asks has a now of his own."""
LONGEST_ASKED = timedelta(days=31)
"""The longest window for which a department's buckets are asked."""
MOST_KEPT = 50_000
"""Buckets of departments that are remembered, 22 MB at most, as measured: a month of five minutes by
five codes."""
Row = Mapping[str, Any]
Place = tuple[datetime, str]
"""Bucket start and code."""


class FlowSeries:
    """Answers for flows, from history; of a time that no history will ever hold the department is
    asked, for a month at most, and its answer remembered for a while."""

    def __init__(self, history: History, sources: Sources, beginnings: Beginnings) -> None:
        self._history = history
        self._sources = sources
        self._beginnings = beginnings
        self._answers: Memory[dict[Place, Row]] = Memory(timedelta(minutes=15), MOST_KEPT)

    def answer(self, subject: Subject) -> Series:
        """The series of a flow. Values outside what is known are None, inside a count is 0; before
        the department's first row nothing is known.

        Raises Unreachable.
        """
        flow = flow_of(subject.indicator)
        if flow is None:
            raise ValueError(f"{subject.key}: found {subject.indicator.measure.kind}, no flow")
        buckets = subject.buckets()
        plan = plan_of(subject, flow)
        covered = self._history.coverage(plan)
        known = [is_known(bucket, covered, subject) for bucket in buckets]
        origin, since = "history", None
        if not any(known) and is_beyond_history(subject):
            rows, known, origin = self._ask(subject, plan), [True] * len(buckets), "department"
        elif any(known):
            rows = self._sums(subject, flow)
            since = self._beginnings.of(subject)
            known = _since(since, buckets, known, rows)
        else:
            rows = {}
        codes = sorted({code for _, code in rows}) if subject.by else [""]
        points = [
            _point(flow, start, code, rows.get((start, code)), whole)
            for (start, _), whole in zip(buckets, known, strict=True)
            for code in codes
        ]
        return Series(
            subject.request,
            subject.grain,
            points,
            origin,
            covered=covered,
            window=subject.window,
            since=since,
        )

    def _sums(self, subject: Subject, flow: Flow) -> dict[Place, Row]:
        found = self._history.sums(
            flow.additives(),
            subject.window,
            grain=None if subject.total else subject.grain,
            by=subject.by,
            zone=subject.zone,
            department=subject.department.key,
        )
        return {(row["at"], row["code"]): row for row in found}

    def _ask(self, subject: Subject, plan: TickPlan) -> dict[Place, Row]:
        key = (subject.catalogue.version, subject.key, subject.window, subject.grain, subject.by)
        source = self._sources.of(subject.department.key)
        window = align(subject.window, "5m", subject.zone)

        # Also before what is remembered: it was the department's answer to somebody who may ask.
        subject.permit()
        return self._answers.get(
            key, lambda: folded(subject, plan, source.tick(plan, [window]).rows)
        )


def is_beyond_history(subject: Subject) -> bool:
    """Whether a window lies before all that is ever read, and is small enough to be asked for."""
    dataset = subject.department.datasets.get(subject.indicator.dataset or "")
    start, end = subject.window
    return (
        dataset is not None
        and start < end <= subject.now - dataset.history
        and end - start <= LONGEST_ASKED
    )


def folded(subject: Subject, plan: TickPlan, rows: Iterable[BucketRow]) -> dict[Place, Row]:
    """A source's buckets merged to those of the answer."""
    hows = {additive.name: additive.how for additive in plan.additives}
    found: dict[Place, dict[str, Number]] = {}
    for row in rows:
        if row.by != subject.by:
            continue
        start = subject.window[0]
        if not subject.total:
            start = bucket_start(row.at, subject.grain, subject.zone)
        entry = found.setdefault((start, row.code), {})
        before = entry.get(row.additive)
        entry[row.additive] = (
            row.value if before is None else _merged(hows[row.additive], before, row.value)
        )
    return dict(found)


def _merged(how: How, one: Number, other: Number) -> Number:
    """Two buckets' values of one additive, which are of one type, as one."""
    if how == "max":
        return max(one, other)
    if how == "min":
        return min(one, other)
    return one + other  # type: ignore[operator]  # never a float beside a Decimal


def plan_of(subject: Subject, flow: Flow) -> TickPlan:
    """The part of the department's plan that this question rests on: what must be covered."""
    split = tuple(subject.by.split(",")) if subject.by else ()
    indicator = subject.indicator
    plan = next(
        plan
        for plan in tick_plans(subject.department)
        if (plan.dataset, plan.time) == (indicator.dataset, indicator.time)
    )
    return replace(plan, additives=flow.additives(), dimensions=split, splits=(split,))


def is_known(bucket: Range, covered: Range | None, subject: Subject) -> bool:
    """Whether a bucket was read whole; of the one that is still running, what there is of it.

    One that has just ended is known before the collector can have said that it read it to its end.
    An outage is no such moment: a bucket of which only the beginning was read would draw a fall.
    """
    start, end = bucket
    if covered is None or start < covered[0] or start >= covered[1]:
        return False
    if end > subject.now - (_JUST_NOW if subject.total else timedelta(0)):
        return True
    lag = _lag(subject)
    return covered[1] >= (end - lag if subject.now < end + lag else end)


def _since(
    since: datetime | None, buckets: list[Range], known: list[bool], rows: Mapping[Place, Row]
) -> list[bool]:
    """What is known from the first row on. Where there are rows after all, they are known."""
    if since is None:
        return known
    there = {at for at, _ in rows}
    return [
        whole and (end > since or start in there)
        for (start, end), whole in zip(buckets, known, strict=True)
    ]


def _lag(subject: Subject) -> timedelta:
    """How far what is known to be read lies behind now where all goes well."""
    dataset = subject.department.datasets.get(subject.indicator.dataset or "")
    return PATIENCE + (dataset.refresh if dataset else timedelta(0))


def _point(flow: Flow, at: datetime, code: str, row: Row | None, known: bool) -> Point:
    if not known:
        return Point(at, code, None, None)
    value, n = value_of(flow, row or {})
    return Point(at, code, value, n)


def value_of(flow: Flow, row: Row) -> tuple[Number | None, int]:
    """Value and rows of a flow from one row of sums.

    No rows are 0 for a count or a sum, and no value for a ratio, a mean or an extreme.
    """
    n = int(row.get(flow.n.name) or 0)
    value: Number | None = row.get(flow.numerator.name)
    if flow.denominator is not None:
        below = row.get(flow.denominator.name)
        return (float(value or 0) / float(below) * flow.scale if below else None), n
    if value is None or (n == 0 and flow.numerator.how == "sum"):
        return (0 if flow.numerator.how in ("count", "sum") else None), n
    return value, n
