"""Departments' databases as the core sees them."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from dashboard.catalogue import Catalogue, Problem
from dashboard.catalogue.layers import Layer
from dashboard.measures import TickPlan
from dashboard.ports.values import (
    DayTotal,
    Found,
    GroupValue,
    Listed,
    MapRows,
    Range,
    RowPage,
    TickResult,
)


class Source(Protocol):
    """One department's database, read only. Every call may raise Unreachable."""

    def tick(
        self, plan: TickPlan, ranges: Sequence[Range], until: datetime | None = None
    ) -> TickResult:
        """All additives of the plan by bucket and split within the ranges, complete: a bucket of
        the ranges that has no row in the result is empty. Rows from `until` on are not counted,
        though the bucket they fall in is."""
        ...

    def changed_ranges(
        self, plan: TickPlan, since: datetime
    ) -> tuple[list[Range], datetime | None]:
        """Ranges of buckets that rows written since (by `changed`) fall in, and the newest
        `changed` seen, the next watermark. Empty where the dataset has no `changed`."""
        ...

    def reported(self, dataset: str) -> datetime | None:
        """The source's own time of its newest report (`Dataset.reported`)."""
        ...

    def stock(self, indicator: str, now: datetime, by: str | None = None) -> list[GroupValue]:
        """A stock, latest or fact measure now, in total and by code of `by`, a dimension or a pair
        joined by a comma (then are its codes, by `measures.JOINT`). For `latest` and
        `fact` with groups, `by` names one of the groups and each group's own value is given."""
        ...

    def stood(self, indicator: str, then: datetime, by: str | None = None) -> list[GroupValue]:
        """A stock or latest measure as it was at a past moment, told from the rows as they are now.
        Raises ValueError where they do not tell (see `dashboard.recall`)."""
        ...

    def asked(self, indicator: str, window: Range, by: str | None = None) -> list[GroupValue]:
        """A percentile or distinct measure, exactly, over a window, in total and by code."""
        ...

    def histogram(
        self, indicator: str, window: Range, by: str | None = None
    ) -> dict[str, dict[int, int]]:
        """Counts per `histogram.bin_of(value)` per code ("" total) over a window."""
        ...

    def day_totals(self, plan: TickPlan, window: Range) -> list[DayTotal]:
        """One cheap total per local day, for reconciliation."""
        ...

    def set_aside(self, dataset: str, window: Range | None) -> dict[str, int]:
        """Rows per set-aside rule."""
        ...

    def arrived(self, dataset: str, window: Range | None) -> int:
        """Rows that came, those that rules set aside among them."""
        ...

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
        """The rows behind an indicator, newest first; `where` is dimension → code; `rule` asks for
        the rows of one set-aside rule instead. `cleared` shows private columns."""
        ...

    def stream_rows(
        self,
        indicator: str,
        window: Range | None,
        *,
        where: Mapping[str, str] | None = None,
        cleared: bool = False,
    ) -> Iterator[list[Any]]:
        """The same rows one by one without holding them, the first being the column names; one
        more than the department's limit at most, which says that there are more."""
        ...

    def find(self, dataset: str, text: str, limit: int) -> list[Found]:
        """Rows of a dataset whose number is the text or begins with it (`Dataset.find`)."""
        ...

    def named(self, dataset: str, limit: int) -> list[Found]:
        """The named rows of a dataset, by name; empty where they have no names."""
        ...

    def row(self, dataset: str, key: Sequence[str], *, cleared: bool = False) -> RowPage:
        """The row of a key, alone on its page; an empty page where there is none. Raises
        ValueError where the key has not as many parts as the dataset's."""
        ...

    def map_rows(self, layer: Layer) -> MapRows:
        """The rows of a layer as they are now: the columns it needs and no others, `layer.limit` of
        them at most."""
        ...

    def options(self, dataset: str, column: str, chosen: Mapping[str, str]) -> list[str]:
        """What can be chosen of one column of a dataset's lookup, beside what was chosen of the
        others, in no order. Raises ValueError for a column that is not among its choices."""
        ...

    def look_up(self, dataset: str, chosen: Mapping[str, str]) -> RowPage:
        """The rows that answer a choice (column → value), the columns as `Lookup.shown` names them.
        Raises ValueError where a choice that has to be made is missing, or one is unknown."""
        ...

    def listed(self, indicator: str, limit: int) -> Listed:
        """The worst rows behind an indicator now: the oldest of what stands in a state, the worst
        value of what is measured, else the newest. Private columns are not among them."""
        ...

    def sql(self, indicator: str) -> str:
        """The statement behind an indicator, for people to read, with its binds filled in."""
        ...

    def problems(self, catalogue: Catalogue) -> list[Problem]:
        """What of this department's entries only the database can know to be wrong: columns that
        are not there, statements that would read a large table whole."""
        ...

    def close(self) -> None:
        """Let all connections go."""
        ...


class Sources(Protocol):
    """All departments' databases, for questions of people (rows, asked windows)."""

    def of(self, department: str) -> Source:
        """The department's source. Raises KeyError where unknown."""
        ...
