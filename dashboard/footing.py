"""What the numbers of a plan rest on, apart from what its additives say of themselves.

An additive names its dataset, its times and its conditions; which table that is, how a time is
written and what is set aside stands elsewhere. Where that changes, the same rows are counted no more,
or elsewhere. Words, limits and intervals change nothing of it, and are left out.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from typing import Any

from dashboard.catalogue import Dataset
from dashboard.catalogue.datasets import Condition, SetAside
from dashboard.measures import TickPlan

DIMENSION = "dimension/"
"""What only splits by a dimension rest on is named so, with the dimension's name behind."""
_WRITTEN_IN = {"local": ["zone"], "date": ["zone"], "epoch": ["unit"], "text": ["zone", "format"]}
"""What tells, beside the column, how times of a kind are to be read."""


def footing(plan: TickPlan, dataset: Dataset, zone: str) -> dict[str, str]:
    """A digest of each thing that a plan of a dataset rests on; `zone` is the department's.

    Each has a name, so that another indicator, which rests on more, changes nothing of the others.
    """
    ground = _Ground(dataset, zone)
    found: dict[str, Any] = {"rows": ground.rows()}
    found |= {f"time/{name}": ground.time(name) for name in _times(plan)}
    found |= {f"set_aside/{name}": ground.set_aside(name) for name in _own_times(plan)}
    found |= {f"{DIMENSION}{name}": ground.dimension(name) for name in plan.dimensions}
    return {name: _digest(thing) for name, thing in found.items()}


class _Ground:
    """A dataset's definitions as values that can be compared."""

    def __init__(self, dataset: Dataset, zone: str) -> None:
        self._dataset = dataset
        self._zone = zone

    def rows(self) -> Any:
        """Which rows there are, and which of them count by whatever time."""
        dataset = self._dataset
        sent_again = [dataset.version, dataset.key] if dataset.version else None
        return [dataset.table, dataset.select, sent_again, self._zone, self.set_aside(None)]

    def set_aside(self, time: str | None) -> Any:
        """The rules that leave rows out of what uses a time; without one, out of everything."""

        def holds(rule: SetAside) -> bool:
            return rule.times is None if time is None else time in (rule.times or ())

        return sorted(
            json.dumps([_said(rule.where), [self.time(name) for name in _named(rule.where)]])
            for rule in self._dataset.set_aside
            if not rule.keep and holds(rule)
        )

    def time(self, name: str) -> Any:
        """How a time is written; nothing where there is no such time."""
        time = self._dataset.times.get(name)
        if time is None:
            return None
        form = time.model_dump(include={"unit", "format"}) | {"zone": time.zone or self._zone}
        return [
            time.column,
            time.kind,
            time.open,
            [form[n] for n in _WRITTEN_IN.get(time.kind, ())],
        ]

    def dimension(self, name: str) -> Any:
        """Which codes rows are split by; nothing where there is no such dimension."""
        found = self._dataset.dimensions.get(name)
        return found and [found.column, found.fold, found.limit]


def _own_times(plan: TickPlan) -> list[str]:
    """The times by which set-aside rules know a plan's additives."""
    values = [additive.of for additive in plan.additives if additive.of]
    ends = (name for value in values for name in (value.start, value.end) if name)
    return list(dict.fromkeys([plan.time, *ends]))


def _times(plan: TickPlan) -> list[str]:
    """All times that a plan names, those of conditions among them."""
    named = (name for additive in plan.additives for name in _named(additive.where))
    return list(dict.fromkeys([*_own_times(plan), *named]))


def _named(conditions: Iterable[Condition]) -> Iterator[str]:
    """The times that conditions name."""
    for condition in conditions:
        yield from (name for name in (condition.time, condition.other) if name)
        yield from _named(condition.any or ())


def _said(conditions: Iterable[Condition]) -> list[Any]:
    return [condition.model_dump(mode="json", exclude_defaults=True) for condition in conditions]


def _digest(thing: Any) -> str:
    return hashlib.sha256(json.dumps(thing).encode()).hexdigest()[:16]
