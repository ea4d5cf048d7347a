"""Plans: what one grouped query must bring so that every flow of a dataset's time can be summed.

An *additive* is one column of that query; indicators that define the same additive share it. Its
name is a hash of its own definition, so that a changed one starts a new series instead of being mixed
into the old one. What it rests on beside, such as the dataset's table, is told by `footing`: where
that changes, the series is read again.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from dashboard.catalogue.datasets import Condition
from dashboard.catalogue.departments import Department
from dashboard.catalogue.indicators import (
    Count,
    Extreme,
    Indicator,
    Mean,
    Ratio,
    Sum,
    Value,
)

How = Literal["count", "sum", "min", "max"]
BUCKET = 300
"""Seconds of the finest bucket."""
TOTAL = ""
"""The `by` of rows that are not split; their code is empty too."""
OTHER = "other"
"""Code of the values beyond a dimension's limit."""
JOINT = "\x1f"
"""Joins the codes of a pair of dimensions, and `,` their names."""


@dataclass(frozen=True)
class Additive:
    """One aggregated column: `how` over `of` (rows where absent) of the rows that meet `where`."""

    how: How
    of: Value | None
    where: tuple[Condition, ...]
    time: str
    dataset: str

    @property
    def decimals(self) -> int | None:
        """Digits kept exactly; 0 for counts, None for values that are not exact decimals."""
        return 0 if self.how == "count" else self.of.decimals if self.of else None

    @cached_property
    def name(self) -> str:
        """A stable name, the key of its series in the store."""
        parts = [
            self.dataset,
            self.time,
            self.how,
            self.of.model_dump_json() if self.of else "",
            *(condition.model_dump_json() for condition in self.where),
        ]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]

    def __hash__(self) -> int:
        """By its name: conditions hold lists, which cannot be hashed."""
        return hash(self.name)


@dataclass(frozen=True)
class Flow:
    """How a flow indicator is read from additives: value = numerator / denominator · scale.

    `n` counts the rows the value rests on. Without a denominator the numerator is the value.
    """

    numerator: Additive
    denominator: Additive | None
    n: Additive
    scale: float = 1.0

    def additives(self) -> tuple[Additive, ...]:
        """The distinct additives it needs."""
        wanted = (self.numerator, self.denominator, self.n)
        return tuple(dict.fromkeys(a for a in wanted if a is not None))


@dataclass(frozen=True)
class TickPlan:
    """One grouped query: a dataset, the time it is bucketed by, additives and dimensions.

    `dimensions` are grouped together in the query; `splits` says which sets of them are kept
    (the empty one is the total), each summed in Python from the one result.
    """

    department: str
    dataset: str
    time: str
    additives: tuple[Additive, ...]
    dimensions: tuple[str, ...]
    splits: tuple[tuple[str, ...], ...]

    @property
    def key(self) -> str:
        """`department.dataset.time`."""
        return f"{self.department}.{self.dataset}.{self.time}"


def flow_of(indicator: Indicator) -> Flow | None:
    """The additives behind a flow indicator; None where its measure is no flow."""
    measure, time, dataset = indicator.measure, indicator.time, indicator.dataset
    if time is None or dataset is None:
        return None

    def additive(how: How, of: Value | None, where: list[Condition]) -> Additive:
        return Additive(how, of, (*indicator.where, *where), time, dataset)

    match measure:
        case Count():
            count = additive("count", None, measure.where)
            return Flow(count, None, count)
        case Sum() | Extreme():
            how: How = "sum" if isinstance(measure, Sum) else measure.kind
            return Flow(
                additive(how, measure.of, measure.where),
                None,
                additive("count", measure.of, measure.where),
            )
        case Mean():
            count = additive("count", measure.of, measure.where)
            return Flow(additive("sum", measure.of, measure.where), count, count)
        case Ratio():
            how = "sum" if measure.of else "count"
            among = additive(how, measure.of, measure.among)
            met = additive(how, measure.of, [*measure.among, *measure.where])
            rows = additive("count", None, measure.among)
            return Flow(met, among, among if measure.of_counts else rows, measure.scale)
        case _:
            return None


def tick_plans(department: Department) -> Iterator[TickPlan]:
    """One plan per (dataset, time) that a flow indicator of the department uses."""
    wanted: dict[tuple[str, str], list[tuple[Indicator, Flow]]] = {}
    for indicator in department.indicators.values():
        flow = flow_of(indicator)
        if flow is not None and indicator.dataset is not None and indicator.time is not None:
            wanted.setdefault((indicator.dataset, indicator.time), []).append((indicator, flow))
    for (dataset, time), users in wanted.items():
        additives = dict.fromkeys(a for _, flow in users for a in flow.additives())
        splits = _splits([i for i, _ in users])
        dimensions = dict.fromkeys(name for split in splits for name in split)
        yield TickPlan(department.key, dataset, time, tuple(additives), tuple(dimensions), splits)


def _splits(indicators: list[Indicator]) -> tuple[tuple[str, ...], ...]:
    found: dict[tuple[str, ...], None] = {(): None}
    for indicator in indicators:
        for by in indicator.by:
            found[(by,) if isinstance(by, str) else tuple(by)] = None
    return tuple(found)
