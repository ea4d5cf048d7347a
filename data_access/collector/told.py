"""What a department's indicators were at a past moment, as far as its rows and the history tell."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from dashboard.catalogue import Catalogue, Dataset, Department, Indicator
from dashboard.catalogue.indicators import ASKED, STOCKS, Days, Surge
from dashboard.derived import Derived, derive, input_keys
from dashboard.due import is_due
from dashboard.judge import Measured
from dashboard.measures import flow_of
from dashboard.ports import GroupValue, Sample
from dashboard.recall import HOURLY, is_recalled, recalled_splits
from dashboard.windows import resolve
from data_access.collector.agenda import Agenda, FlowItem
from data_access.collector.measure import (
    Report,
    measure_flows,
    parted,
    sample_window,
    source_name,
)
from data_access.collector.work import Desk


@dataclass(frozen=True)
class Told:
    """One indicator whose past is told, and how far back."""

    key: str
    indicator: Indicator
    dataset: str | None
    history: timedelta


class NotYet(Exception):
    """What an indicator is derived from is not read yet as far back as that."""


def told_of(agenda: Agenda) -> Iterator[Told]:
    """Everything in a department that can be told: what its rows tell, and what is derived from
    that, as far back as readings are compared."""
    department = agenda.department
    for name, indicator in department.indicators.items():
        key = f"{department.key}.{name}"
        if indicator.dataset is None:
            if _is_derivable(agenda, key):
                yield Told(key, indicator, None, HOURLY)
        elif is_recalled(indicator, department.datasets[indicator.dataset]):
            history = department.datasets[indicator.dataset].history
            yield Told(key, indicator, indicator.dataset, history)


def _is_derivable(agenda: Agenda, key: str, above: tuple[str, ...] = ()) -> bool:
    """Whether a derived indicator rests on nothing but flows and what is told. Days and surges are
    counted from the history, and nothing else is derived from their number."""
    department = agenda.department
    indicator = department.indicators.get(key.removeprefix(f"{department.key}."))
    if indicator is None or key in above:
        return False
    if indicator.dataset is not None:
        dataset = department.datasets[indicator.dataset]
        return flow_of(indicator) is not None or is_recalled(indicator, dataset)
    if isinstance(indicator.measure, Days | Surge):
        return above == ()
    return all(_is_derivable(agenda, inner, (*above, key)) for inner in input_keys(indicator))


def rests_on(department: Department, key: str) -> set[str]:
    """The datasets of a department that an indicator is made of; others need not be read for it."""
    owner, _, name = key.partition(".")
    indicator = department.indicators.get(name) if owner == department.key else None
    if indicator is None:
        return set()
    if indicator.dataset is not None:
        return {indicator.dataset}
    return {dataset for inner in input_keys(indicator) for dataset in rests_on(department, inner)}


@dataclass
class Moment:
    """The indicators of a department at one past moment; each is asked for once. `counted` gives
    the number of days that an indicator had counted by then."""

    desk: Desk
    catalogue: Catalogue
    then: datetime
    counted: Callable[[str, Indicator, datetime], Derived]
    _known: dict[str, Measured] = field(default_factory=dict)

    def samples(self, told: Told) -> list[Sample]:
        """What a collector that was there would have kept of it. Raises NotYet, SourceDown,
        Unreachable (the store)."""
        measured = self.measured(told.key)
        window = sample_window(told.indicator)
        if told.dataset is None and measured.value is None:
            return []
        kept = [Sample(told.key, window, "", "", self.then, measured.value, measured.n)]
        kept += self._parts(told, told.indicator.live_by or "", measured.parts)
        if told.dataset is not None:
            for by in self._splits(told.indicator):
                if by != told.indicator.live_by:
                    kept += self._parts(told, by, self._asked(told.key, told.indicator, by)[1])
        return kept

    def _parts(self, told: Told, by: str, parts: Mapping[str, GroupValue]) -> list[Sample]:
        window = sample_window(told.indicator)
        return [
            Sample(told.key, window, by, part.code, self.then, part.value, part.n)
            for part in parts.values()
        ]

    def measured(self, key: str) -> Measured:
        """An indicator as it was, with the parts that went with its reading. Raises like
        `samples`."""
        if key not in self._known:
            indicator = self.desk.agenda.department.indicators[source_name(key)]
            flow = flow_of(indicator)
            if flow is not None:
                slots = self._dataset(indicator).slots_of(indicator.time)
                found = self._summed(FlowItem(key, indicator, flow, slots))
            elif indicator.dataset is None:
                found = self._derived(key, indicator)
            else:
                by = indicator.live_by if indicator.live_by in self._splits(indicator) else None
                total, parts = self._asked(key, indicator, by)
                found = Measured(key, total.value, total.n, total.as_of, self.then, parts=parts)
            self._known[key] = found
        return self._known[key]

    def _splits(self, indicator: Indicator) -> list[str]:
        return recalled_splits(indicator, self._dataset(indicator))

    def _dataset(self, indicator: Indicator) -> Dataset:
        return self.desk.agenda.department.datasets[str(indicator.dataset)]

    def _asked(
        self, key: str, indicator: Indicator, by: str | None
    ) -> tuple[GroupValue, dict[str, GroupValue]]:
        name, kind, door = source_name(key), indicator.measure.kind, self.desk.door()
        if kind in STOCKS:
            return parted(door.ask(lambda s: s.stood(name, self.then, by)), by)
        assert kind in ASKED
        window = resolve(indicator.window, self.then, self.desk.zone)
        return parted(door.ask(lambda s: s.asked(name, window, by)), by)

    def _summed(self, item: FlowItem) -> Measured:
        since = item.window(self.then, self.desk.zone)[0]
        of = (item.indicator.dataset, item.indicator.time)
        plans = (f for f in self.desk.flows.values() if (f.plan.dataset, f.plan.time) == of)
        covered = all(flow.covers(since) for flow in plans)
        if not covered:
            raise NotYet(item.key)
        report = Report(self.then, self.then)
        history, zone = self.desk.history, self.desk.zone
        return measure_flows(history, [item], zone, report, {item.key: True})[item.key]

    def _derived(self, key: str, indicator: Indicator) -> Measured:
        if isinstance(indicator.measure, Days | Surge):
            datasets = rests_on(self.desk.agenda.department, key)
            flows = self.desk.flows.values()
            if any(flow.pending for flow in flows if flow.plan.dataset in datasets):
                raise NotYet(key)
            days = self.counted(key, indicator, self.then)
            return Measured(key, days.value, days.n, None, self.then, parts=days.parts)
        # Flows first: where they are not read so far back, the department need not be asked.
        names = sorted(input_keys(indicator), key=self._is_asked)
        inputs = {name: self.measured(name) for name in names}
        if not all(self._was_due(name) for name in inputs):
            return Measured(key, None, None, None, self.then)
        found = derive(indicator, inputs, self.catalogue, self.then)
        return Measured(key, found.value, found.n, found.as_of, self.then, parts=found.parts)

    def _is_asked(self, key: str) -> bool:
        return flow_of(self.desk.agenda.department.indicators[source_name(key)]) is None

    def _was_due(self, key: str) -> bool:
        """Whether an input's data was due then; outside its hours nothing is derived from it."""
        dataset = self.catalogue.dataset_of(key)
        calendar = dataset.calendar if dataset else None
        return is_due(self.catalogue.calendars.get(calendar) if calendar else None, self.then)
