"""The past of a department's indicators: comparisons, what limits compare with, and sparklines.

Asks the store only, so it goes on while the department is silent.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from dashboard.baseline import WEEKS
from dashboard.catalogue import Indicator
from dashboard.catalogue.indicators import Days, Fact, Surge
from dashboard.derived import Derived
from dashboard.measures import Additive
from dashboard.readings import instant
from dashboard.reasons import Reason
from dashboard.series.desk import Against
from dashboard.series.usual import FOUR_WEEKS, NEAREST
from dashboard.windows import Range, bucket_start, resolve, shift
from data_access.collector.agenda import FlowItem
from data_access.collector.flows import PlanFlow
from data_access.collector.long_work import Urgency
from data_access.collector.measure import flow_value, sample_window, sums_by_code
from data_access.collector.remember import Remember
from data_access.collector.told import rests_on
from data_access.collector.usual import Usual, UsualValues
from data_access.collector.work import Desk, Outcome

JOB = "past"
STEP = timedelta(minutes=30)
STEPS = 48
COMPARED = {"day_before": 1, "week_before": 7}
"""Comparisons by the days they go back."""
REACHES: Mapping[Against, int] = {
    "day_before": 1,
    "week_before": 7,
    "four_weeks": FOUR_WEEKS + 1,
    "weekday_hour": 7 * WEEKS + 1,
}
"""What limits compare with, by the days it goes back before the indicator's own window; weeks are of
whole days."""
Value = float | None


@dataclass
class Past:
    """Comparisons once per five minutes, sparklines once per step; both again while the history is
    still being read."""

    desk: Desk
    usual: UsualValues
    remember: Remember
    refreshed: datetime | None = None
    _pending: float = -1.0
    _stepped: datetime | None = None
    _items: dict[str, FlowItem] = field(init=False)

    def __post_init__(self) -> None:
        agenda = self.desk.agenda
        self._items = {item.key: item for entry in agenda.datasets for item in entry.flows}

    def __call__(self) -> Outcome:
        """What is due of it. Raises Unreachable where the store is silent."""
        return self.desk.in_turn(JOB, Urgency.LAST_DAY, self._looked_back)

    def _looked_back(self) -> Outcome:
        now = self.desk.clock()
        slot = bucket_start(now, "5m", self.desk.zone)
        step = now - timedelta(seconds=now.timestamp() % STEP.total_seconds())
        progress = (flow.progress for flow in self.desk.flows.values())
        pending = sum(1.0 if share is None else share for share in progress)
        # What is further back is neither drawn nor compared with here.
        pending += self.remember.recent
        # Before its first tick nobody knows what is read of a plan.
        pending += sum(flow.ticked_to is not None for flow in self.desk.flows.values())
        moved = pending != self._pending
        begun: dict[str, datetime | None] = {}
        compare: dict[str, dict[str, Value]] = {}
        sparks: dict[str, Mapping[str, object]] = {}
        baselines: dict[str, Mapping[tuple[str, str], Value]] = {}
        counted: dict[str, Derived] = {}
        if moved or slot != self.refreshed:
            compare = self._compare(slot)
            baselines = {key: self._usual(key, one, now) for key, one in self._against_past()}
            counted = {key: self._counted(key, one, now) for key, one in self._days()}
        if moved or step != self._stepped:
            sparks = {key: self._spark(key, indicator, step) for key, indicator in self._numeric()}
        # While history is read further back, what is its first row changes with every piece.
        if slot != self.refreshed or (
            moved and not any(flow.pending for flow in self.desk.flows.values())
        ):
            begun = {key: self._begun(key, one, now) for key, one in self._numeric()}
        self.refreshed, self._stepped, self._pending = slot, step, pending
        return Outcome(
            begun=begun, compare=compare, sparks=sparks, baselines=baselines, counted=counted
        )

    def _begun(self, key: str, indicator: Indicator, now: datetime) -> datetime | None:
        """The first row there is, where a window of days begins before it: what is said of a year
        is then of less."""
        at_once = indicator.window == "now"
        starts = now if at_once else resolve(indicator.window, now, self.desk.zone)[0]
        if now - starts <= timedelta(days=1):
            return None
        since = self.usual.began(key)
        return since if since is not None and since > starts else None

    def _numeric(self) -> Iterator[tuple[str, Indicator]]:
        department = self.desk.agenda.department
        for name, indicator in department.indicators.items():
            if not isinstance(indicator.measure, Fact):
                yield f"{department.key}.{name}", indicator

    def _against_past(self) -> Iterator[tuple[str, Indicator]]:
        for key, indicator in self._numeric():
            if any(limit.against for limit in indicator.limits):
                yield key, indicator

    def _usual(self, key: str, indicator: Indicator, now: datetime) -> Usual:
        """What its limits compare with; nothing while a part of that past is still read, of which
        something else would be usual."""
        at_once = indicator.window == "now"
        begins = now if at_once else resolve(indicator.window, now, self.desk.zone)[0]
        days = max(REACHES[limit.against] for limit in indicator.limits if limit.against)
        since = shift((begins, begins), -days, self.desk.zone)[0]
        if not all(flow.covers(since) for flow in self._behind(key)):
            return {}
        return self.usual.of(key, indicator)

    def _behind(self, key: str) -> list[PlanFlow]:
        """All that is read of the datasets that an indicator rests on."""
        behind = rests_on(self.desk.agenda.department, key)
        return [flow for flow in self.desk.flows.values() if flow.plan.dataset in behind]

    def _days(self) -> Iterator[tuple[str, Indicator]]:
        return ((key, one) for key, one in self._numeric() if isinstance(one.measure, Days | Surge))

    def _counted(self, key: str, indicator: Indicator, now: datetime) -> Derived:
        """A number of days; it would be one of fewer days where their history is still read."""
        since = resolve(indicator.window, now, self.desk.zone)[0]
        flows = self._behind(key)
        if isinstance(indicator.measure, Surge):
            # What is usual is not said while the weeks that say it are still read.
            since = min([since, *(start for flow in flows for start, _ in flow.pending)])
        if not all(flow.covers(since) for flow in flows):
            return Derived(None, reason=Reason.READING_HISTORY.value)
        found = self.usual.counted(key, indicator, now)
        if found.value is None and isinstance(indicator.measure, Surge):
            return Derived(None, reason=Reason.TOO_YOUNG.value)
        return found

    def _compare(self, now: datetime) -> dict[str, dict[str, Value]]:
        found: dict[str, dict[str, Value]] = {key: {} for key, _ in self._numeric()}
        for name, days in COMPARED.items():
            then = shift((now, now), -days, self.desk.zone)[0]
            for key, value in self._flows_at(then).items():
                found[key][name] = value
            for key, indicator in self._numeric():
                if key not in self._items:
                    found[key][name] = self._sample_at(key, indicator, then)
        return found

    def _flows_at(self, then: datetime) -> dict[str, Value]:
        """All flows as their readings would have been at a time."""
        groups: dict[Range, list[FlowItem]] = {}
        for item in self._items.values():
            groups.setdefault(item.window(then, self.desk.zone), []).append(item)
        found: dict[str, Value] = {}
        for within, items in groups.items():
            rows = sums_by_code(self.desk.history, items, within, "", self.desk.zone)
            for item in items:
                value = flow_value(item.flow, rows.get("", {}))[0]
                found[item.key] = value if self._covers(item, within[0]) else None
        return found

    def _covers(self, item: FlowItem, since: datetime) -> bool:
        for flow in self.desk.flows.values():
            plan = flow.plan
            if (plan.dataset, plan.time) == (item.indicator.dataset, item.indicator.time):
                return flow.covered_from is not None and flow.covered_from <= since
        return False

    def _sample_at(self, key: str, indicator: Indicator, then: datetime) -> Value:
        window = (then - NEAREST, then + timedelta(seconds=1))
        points = self.desk.history.samples(
            key, window, sample_window=sample_window(indicator), zone=self.desk.zone
        )
        return next((float(p.value) for p in reversed(points) if p.value is not None), None)

    def _spark(self, key: str, indicator: Indicator, last: datetime) -> Mapping[str, object]:
        ends = [last - STEP * (STEPS - 1 - number) for number in range(STEPS)]
        item = self._items.get(key)
        values = self._summed(item, ends) if item else self._sampled(key, indicator, ends)
        return {
            "department": self.desk.key,
            "from": instant(ends[0]),
            "step": STEP.total_seconds(),
            "values": values,
            **({"roles": indicator.roles} if indicator.roles else {}),
        }

    def _sampled(self, key: str, indicator: Indicator, ends: Sequence[datetime]) -> list[Value]:
        points = self.desk.history.samples(
            key,
            (ends[0] - STEP, ends[-1] + timedelta(seconds=1)),
            sample_window=sample_window(indicator),
            zone=self.desk.zone,
        )
        found: list[Value] = []
        for end in ends:
            within = (p.value for p in reversed(points) if end - STEP < p.at <= end)
            value = next(within, None)
            found.append(None if value is None else float(value))
        return found

    def _summed(self, item: FlowItem, ends: Sequence[datetime]) -> list[Value]:
        """The reading as it was at each step: sums of its window that end there."""
        zone = self.desk.zone
        windows = [item.window(end, zone) for end in ends]
        first = min(start for start, _ in windows)
        # Nothing coarser fits the ends of slots of ten minutes, or a window of twenty.
        grain = "5m" if ends[-1] - first <= timedelta(days=3) else "1h"
        additives = item.flow.additives()
        rows = self.desk.history.sums(
            additives,
            (first, ends[-1]),
            grain=grain,
            zone=zone,
            department=self.desk.key,
        )
        found: list[Value] = []
        for start, end in windows:
            within = [row for row in rows if start <= row["at"] < end]
            covered = self._covers(item, start)
            found.append(flow_value(item.flow, merged(additives, within))[0] if covered else None)
        return found


def merged(additives: Sequence[Additive], rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Rows of sums merged to one."""
    ways: dict[str, Callable[[list[Any]], Any]] = {"min": min, "max": max}
    found: dict[str, Any] = {}
    for additive in additives:
        values = [row[additive.name] for row in rows if row.get(additive.name) is not None]
        if values:
            found[additive.name] = ways.get(additive.how, sum)(values)
    return found
