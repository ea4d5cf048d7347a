"""One department's database as the core knows it: every question of `ports.Source`, read only."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from dashboard.catalogue import Catalogue, Department, Problem
from dashboard.catalogue.layers import Layer
from dashboard.measures import TickPlan
from dashboard.ports import DayTotal, Found, GroupValue, Listed, MapRows, Range, RowPage, TickResult
from data_access.departments import (
    asked,
    changes,
    explain,
    flows,
    found,
    listed,
    looked_up,
    mapped,
    reports,
    rows,
    shown,
    stocks,
)
from data_access.departments.reader import Clock, Reader


def _now() -> datetime:
    return datetime.now(UTC)


class SqlSource:
    """A department on SQLite, PostgreSQL, MariaDB or MySQL. See `ports.Source` for each question.

    Nothing is connected before the first question. Safe to share by threads. Besides Unreachable
    for the database's failures, KeyError is raised for an indicator or dataset that is not in the
    catalogue and ValueError for a split, code or measure that does not fit. `connections` bounds
    the pool, the department's own limit where absent; `clock` is what now means.
    """

    def __init__(
        self,
        department: Department,
        url: str,
        *,
        connections: int | None = None,
        clock: Clock = _now,
    ) -> None:
        self.department = department
        self.reader = Reader(department, url, connections or department.limits.connections, clock)

    def tick(
        self, plan: TickPlan, ranges: Sequence[Range], until: datetime | None = None
    ) -> TickResult:
        return flows.tick(self.reader, plan, ranges, until)

    def changed_ranges(
        self, plan: TickPlan, since: datetime
    ) -> tuple[list[Range], datetime | None]:
        return changes.changed_ranges(self.reader, plan, since)

    def reported(self, dataset: str) -> datetime | None:
        return reports.reported(self.reader, dataset)

    def stock(self, indicator: str, now: datetime, by: str | None = None) -> list[GroupValue]:
        return stocks.stock(self.reader, indicator, now, by)

    def stood(self, indicator: str, then: datetime, by: str | None = None) -> list[GroupValue]:
        return stocks.stood(self.reader, indicator, then, by)

    def asked(self, indicator: str, window: Range, by: str | None = None) -> list[GroupValue]:
        return asked.asked(self.reader, indicator, window, by)

    def histogram(
        self, indicator: str, window: Range, by: str | None = None
    ) -> dict[str, dict[int, int]]:
        return asked.histogram(self.reader, indicator, window, by)

    def day_totals(self, plan: TickPlan, window: Range) -> list[DayTotal]:
        return flows.day_totals(self.reader, plan, window)

    def set_aside(self, dataset: str, window: Range | None) -> dict[str, int]:
        return reports.set_aside(self.reader, dataset, window)

    def arrived(self, dataset: str, window: Range | None) -> int:
        return reports.arrived(self.reader, dataset, window)

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
        page = rows.Page(window, dict(where), limit, offset, cleared, rule)
        return rows.row_page(self.reader, indicator, page)

    def stream_rows(
        self,
        indicator: str,
        window: Range | None,
        *,
        where: Mapping[str, str] | None = None,
        cleared: bool = False,
    ) -> Iterator[list[Any]]:
        return rows.stream(
            self.reader, indicator, rows.Page(window, dict(where or {}), cleared=cleared)
        )

    def find(self, dataset: str, text: str, limit: int) -> list[Found]:
        return found.find(self.reader, dataset, text, limit)

    def named(self, dataset: str, limit: int) -> list[Found]:
        return found.named(self.reader, dataset, limit)

    def row(self, dataset: str, key: Sequence[str], *, cleared: bool = False) -> RowPage:
        return found.row(self.reader, dataset, key, cleared=cleared)

    def map_rows(self, layer: Layer) -> MapRows:
        return mapped.map_rows(self.reader, layer)

    def options(self, dataset: str, column: str, chosen: Mapping[str, str]) -> list[str]:
        return looked_up.options(self.reader, dataset, column, chosen)

    def look_up(self, dataset: str, chosen: Mapping[str, str]) -> RowPage:
        return looked_up.look_up(self.reader, dataset, chosen)

    def listed(self, indicator: str, limit: int) -> Listed:
        return listed.worst_rows(self.reader, indicator, limit)

    def sql(self, indicator: str) -> str:
        return shown.sql_of(self.reader, indicator)

    def problems(self, catalogue: Catalogue) -> list[Problem]:
        return explain.department_problems(catalogue, self.reader)

    def close(self) -> None:
        self.reader.close()
