"""What is to be measured in one department, sorted once by how it is measured."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from dashboard.catalogue import Dataset, Department, Indicator
from dashboard.catalogue.indicators import ASKED, DERIVED, STOCKS
from dashboard.catalogue.layers import Layer
from dashboard.catalogue.model import parse_span
from dashboard.frames import POINTS
from dashboard.measures import Flow, TickPlan, flow_of, tick_plans
from dashboard.windows import Range, Slots, resolve

_PERIODS = {"hour": "1h", "today": "1d", "month": "31d", "year": "366d"}


def crossed_key(key: str, pair: str) -> str:
    """How an indicator by a pair of dimensions is named among lists."""
    return f"{key}|{pair}"


@dataclass(frozen=True)
class FlowItem:
    """A flow indicator and how it is read from additives."""

    key: str
    indicator: Indicator
    flow: Flow
    slots: Slots | None = None

    def window(self, now: datetime, zone: str) -> Range:
        """The range that its reading is of at a moment."""
        return resolve(self.indicator.window, now, zone, self.slots)


@dataclass(frozen=True)
class DatasetAgenda:
    """What one tick of a dataset brings: its plans, and the flows and stocks measured on it."""

    name: str
    dataset: Dataset
    plans: tuple[TickPlan, ...]
    flows: tuple[FlowItem, ...]
    stocks: tuple[tuple[str, Indicator], ...]


@dataclass(frozen=True)
class AskedItem:
    """One window of an asked indicator, with its own cadence in seconds."""

    key: str
    indicator: Indicator
    window: str
    every: float

    @property
    def main(self) -> bool:
        """Whether it is the window of the reading itself."""
        return self.window == self.indicator.window


@dataclass(frozen=True)
class Agenda:
    """Everything to be measured in a department."""

    department: Department
    datasets: tuple[DatasetAgenda, ...]
    asked: tuple[AskedItem, ...]
    derived: tuple[tuple[str, Indicator], ...]
    layers: tuple[Layer, ...] = ()
    lists: tuple[str, ...] = ()
    """Indicators of which pages list rows, by full key."""
    crossed: tuple[tuple[str, str], ...] = ()
    """Indicators of states that pages show by a pair of dimensions, with the pair."""

    def made_later(self) -> dict[str, frozenset[str]]:
        """What is published of it some time after a start only: keys by section of the frame."""
        own = self.department.key
        layers = frozenset(f"{own}.{layer.key}" for layer in self.layers)
        return {
            "sparks": frozenset(f"{own}.{name}" for name in self.department.indicators),
            "layers": layers,
            POINTS: layers,
            "lists": frozenset([*self.lists, *(crossed_key(*one) for one in self.crossed)]),
        }

    def plans(self) -> Iterator[tuple[DatasetAgenda, TickPlan]]:
        """Every tick plan with the dataset it belongs to."""
        for entry in self.datasets:
            for plan in entry.plans:
                yield entry, plan


def agenda_of(
    department: Department,
    layers: tuple[Layer, ...] = (),
    lists: tuple[str, ...] = (),
    crossed: tuple[tuple[str, str], ...] = (),
) -> Agenda:
    """Sort a department's indicators; `layers` are those of the map that are read from it, `lists`
    its indicators of which pages list rows, `crossed` those that they show by two dimensions."""
    plans = list(tick_plans(department))
    entries = [
        (f"{department.key}.{name}", indicator) for name, indicator in department.indicators.items()
    ]

    def of_dataset(name: str, dataset: Dataset) -> DatasetAgenda:
        own = [(key, indicator) for key, indicator in entries if indicator.dataset == name]
        flows = [(key, indicator, flow_of(indicator)) for key, indicator in own]
        return DatasetAgenda(
            name,
            dataset,
            tuple(plan for plan in plans if plan.dataset == name),
            tuple(
                FlowItem(key, indicator, flow, dataset.slots_of(indicator.time))
                for key, indicator, flow in flows
                if flow
            ),
            tuple((key, indicator) for key, indicator in own if indicator.measure.kind in STOCKS),
        )

    return Agenda(
        department,
        tuple(of_dataset(name, dataset) for name, dataset in department.datasets.items()),
        tuple(_asked(entries)),
        tuple((key, indicator) for key, indicator in entries if indicator.measure.kind in DERIVED),
        layers,
        lists,
        crossed,
    )


def _asked(entries: list[tuple[str, Indicator]]) -> Iterator[AskedItem]:
    for key, indicator in entries:
        if indicator.measure.kind in ASKED:
            for window in dict.fromkeys((indicator.window, *indicator.windows)):
                yield AskedItem(key, indicator, window, cadence(indicator, window))


def cadence(indicator: Indicator, window: str) -> float:
    """Seconds between two questions for a window: a minute for a day, more for longer ones, and
    never more often than the indicator's own refresh."""
    span = parse_span(_PERIODS.get(window, window))
    usual = 60.0 if span <= timedelta(days=1) else 600.0 if span <= timedelta(days=7) else 1800.0
    if indicator.refresh is None:
        return usual
    own = indicator.refresh.total_seconds()
    return own if window == indicator.window else max(own, usual)


def slack_of(indicator: Indicator) -> timedelta:
    """How much older than its dataset's data an asked reading may be: its cadence."""
    if indicator.measure.kind not in ASKED:
        return timedelta(0)
    return timedelta(seconds=cadence(indicator, indicator.window))


def split_names(indicator: Indicator) -> list[str]:
    """The single dimensions an indicator is split by."""
    return [by for by in indicator.by if isinstance(by, str)]
