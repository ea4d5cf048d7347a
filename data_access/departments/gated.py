"""A department's source behind its gate."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from dashboard.catalogue import Catalogue, Problem
from dashboard.catalogue.layers import Layer
from dashboard.measures import TickPlan
from dashboard.ports import (
    DayTotal,
    Found,
    GroupValue,
    Listed,
    MapRows,
    Range,
    RowPage,
    Source,
    TickResult,
)
from data_access.departments.gate import Gate


class GatedSource:
    """Every question of `ports.Source`, each through the gate by the name of what it is about."""

    def __init__(self, source: Source, gate: Gate) -> None:
        self._source = source
        self._gate = gate

    def tick(
        self, plan: TickPlan, ranges: Sequence[Range], until: datetime | None = None
    ) -> TickResult:
        with self._gate.passing(plan.dataset):
            return self._source.tick(plan, ranges, until)

    def changed_ranges(
        self, plan: TickPlan, since: datetime
    ) -> tuple[list[Range], datetime | None]:
        with self._gate.passing(plan.dataset):
            return self._source.changed_ranges(plan, since)

    def reported(self, dataset: str) -> datetime | None:
        with self._gate.passing(dataset):
            return self._source.reported(dataset)

    def stock(self, indicator: str, now: datetime, by: str | None = None) -> list[GroupValue]:
        with self._gate.passing(indicator):
            return self._source.stock(indicator, now, by)

    def stood(self, indicator: str, then: datetime, by: str | None = None) -> list[GroupValue]:
        with self._gate.passing(indicator):
            return self._source.stood(indicator, then, by)

    def asked(self, indicator: str, window: Range, by: str | None = None) -> list[GroupValue]:
        with self._gate.passing(indicator):
            return self._source.asked(indicator, window, by)

    def histogram(
        self, indicator: str, window: Range, by: str | None = None
    ) -> dict[str, dict[int, int]]:
        with self._gate.passing(indicator):
            return self._source.histogram(indicator, window, by)

    def day_totals(self, plan: TickPlan, window: Range) -> list[DayTotal]:
        with self._gate.passing(plan.dataset):
            return self._source.day_totals(plan, window)

    def set_aside(self, dataset: str, window: Range | None) -> dict[str, int]:
        with self._gate.passing(dataset):
            return self._source.set_aside(dataset, window)

    def arrived(self, dataset: str, window: Range | None) -> int:
        with self._gate.passing(dataset):
            return self._source.arrived(dataset, window)

    def rows(
        self,
        indicator: str,
        window: Range | None,
        *,
        where: Mapping[str, str],
        limit: int,
        offset: int = 0,
        cleared: bool = False,
        rule: str | None = None,
    ) -> RowPage:
        with self._gate.passing(indicator):
            return self._source.rows(
                indicator,
                window,
                where=where,
                limit=limit,
                offset=offset,
                cleared=cleared,
                rule=rule,
            )

    def stream_rows(
        self,
        indicator: str,
        window: Range | None,
        *,
        where: Mapping[str, str] | None = None,
        cleared: bool = False,
    ) -> Iterator[list[Any]]:
        with self._gate.passing(indicator):
            yield from self._source.stream_rows(indicator, window, where=where, cleared=cleared)

    def find(self, dataset: str, text: str, limit: int) -> list[Found]:
        with self._gate.passing(dataset):
            return self._source.find(dataset, text, limit)

    def named(self, dataset: str, limit: int) -> list[Found]:
        with self._gate.passing(dataset):
            return self._source.named(dataset, limit)

    def row(self, dataset: str, key: Sequence[str], *, cleared: bool = False) -> RowPage:
        with self._gate.passing(dataset):
            return self._source.row(dataset, key, cleared=cleared)

    def map_rows(self, layer: Layer) -> MapRows:
        with self._gate.passing(str(layer.dataset)):
            return self._source.map_rows(layer)

    def options(self, dataset: str, column: str, chosen: Mapping[str, str]) -> list[str]:
        with self._gate.passing(dataset):
            return self._source.options(dataset, column, chosen)

    def look_up(self, dataset: str, chosen: Mapping[str, str]) -> RowPage:
        with self._gate.passing(dataset):
            return self._source.look_up(dataset, chosen)

    def listed(self, indicator: str, limit: int) -> Listed:
        with self._gate.passing(indicator):
            return self._source.listed(indicator, limit)

    def sql(self, indicator: str) -> str:
        # Once the tables are known, the statement is made without asking the database.
        with self._gate.passing(indicator, proves=False):
            return self._source.sql(indicator)

    def problems(self, catalogue: Catalogue) -> list[Problem]:
        with self._gate.passing("problems"):
            return self._source.problems(catalogue)

    def close(self) -> None:
        self._source.close()
