"""Since when a department has rows: before that nothing was recorded, which is not none.

Of a history that is read back further than the rows go, the time before the first row is unknown
where rows come so often that it cannot be chance. What a department counts once a month may well
have been none for three weeks.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from dashboard.measures import Additive, TickPlan, tick_plans
from dashboard.ports import History, Range
from dashboard.series.memory import Memory
from dashboard.series.subject import Subject
from dashboard.windows import align, bucket_start

MISSED = 24.0
"""So many hours with rows must be missing before the first row for it to be the first that was kept."""
LOOK = timedelta(days=14)
"""How far on from the first row it is looked how often rows come."""
A_DAY = 24.0
"""Hours over which it is looked at least: the first of a morning come one after the other."""
_HOUR = timedelta(hours=1)
MOST_KEPT = 2_000


@dataclass(frozen=True)
class Begun:
    """The first row that is known, from where on it was looked for, and the share of the hours
    after it that have rows."""

    first: datetime
    looked_from: datetime
    often: float

    @property
    def is_sure(self) -> bool:
        """Whether so long a time without a row is none of which rows were kept."""
        return self.often * ((self.first - self.looked_from) / _HOUR) >= MISSED


class Beginnings:
    """When the datasets of departments begin, remembered for a few minutes."""

    def __init__(self, history: History) -> None:
        self._history = history
        self._known: Memory[list[datetime]] = Memory(timedelta(minutes=5), MOST_KEPT)
        self._looked: Memory[list[Begun]] = Memory(timedelta(minutes=30), MOST_KEPT)

    def of(self, subject: Subject) -> datetime | None:
        """The first row of the indicator's dataset, or, where that has few, of its department;
        None where the history does not tell of a time before it. Raises Unreachable."""
        dataset = subject.indicator.dataset or ""
        # A history that is still being read is looked at anew.
        own = (plan for plan, _ in self._counts(subject) if plan.dataset == dataset)
        read = tuple(self._read_from(subject, plan) for plan in own)
        key = (subject.catalogue.version, subject.department.key, dataset, read)
        return next(iter(self._known.get(key, lambda: self._find(subject, dataset))), None)

    def _read_from(self, subject: Subject, plan: TickPlan) -> datetime | None:
        covered = self._history.coverage(plan)
        return bucket_start(covered[0], "1d", subject.zone) if covered else None

    def _find(self, subject: Subject, dataset: str) -> list[datetime]:
        begun = list(self._begun(subject))
        own = _together(one for name, one in begun if name == dataset)
        whole = _together(one for _, one in begun)
        return [one.first for one in (own, whole) if one is not None and one.is_sure][:1]

    def _begun(self, subject: Subject) -> Iterator[tuple[str, Begun]]:
        """What is known of each dataset by each of its times."""
        for plan, count in self._counts(subject):
            covered = self._history.coverage(plan)
            if covered is None:
                continue
            # What a plan has further back is looked for once: only more history changes it.
            read = bucket_start(covered[0], "1d", subject.zone)
            key = (subject.catalogue.version, plan.key, read)
            look = partial(self._look, subject, plan, count, covered)
            for found in self._looked.get(key, look):
                yield plan.dataset, found

    def _counts(self, subject: Subject) -> Iterator[tuple[TickPlan, Additive]]:
        """The plans of the department, each with its count of the most rows alone."""
        for plan in tick_plans(subject.department):
            counts = [additive for additive in plan.additives if additive.how == "count"]
            if counts:
                count = min(counts, key=lambda additive: len(additive.where))
                yield replace(plan, additives=(count,), dimensions=(), splits=((),)), count

    def _look(
        self, subject: Subject, plan: TickPlan, count: Additive, covered: Range
    ) -> list[Begun]:
        """The beginning of one plan; nothing where it has no rows."""
        first = next(iter(self._with_rows(subject, plan, count, covered, "1d")), None)
        if first is None:
            return []
        ahead = first, min(first + LOOK, covered[1])
        hours = self._with_rows(subject, plan, count, ahead, "1h")
        if not hours:
            return []
        spent = max(A_DAY, (ahead[1] - hours[0]) / _HOUR)
        return [Begun(hours[0], covered[0], min(1.0, len(hours) / spent))]

    def _with_rows(
        self, subject: Subject, plan: TickPlan, count: Additive, window: Range, grain: str
    ) -> list[datetime]:
        """The buckets in which there are rows, in order."""
        rows = self._history.sums(
            [count],
            align(window, grain, subject.zone),
            grain=grain,
            zone=subject.zone,
            department=plan.department,
        )
        return [row["at"] for row in rows if row[count.name]]


def _together(found: Iterable[Begun]) -> Begun | None:
    """What several times of one dataset, or several datasets, tell as one; those that are not read
    as far back as the first row of all say nothing of the time before it."""
    known = list(found)
    first = min((one.first for one in known), default=None)
    telling = [one for one in known if first is not None and one.looked_from <= first]
    if first is None or not telling:
        return None
    return Begun(first, min(one.looked_from for one in telling), max(one.often for one in telling))
