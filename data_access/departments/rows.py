"""The rows behind a number, as the department has them, newest first; private columns masked."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from dashboard.catalogue import Dataset, Indicator
from dashboard.catalogue.datasets import Condition
from dashboard.catalogue.indicators import (
    Distinct,
    Extreme,
    Fact,
    Latest,
    Mean,
    Percentile,
    Ratio,
    Stock,
    Sum,
    Value,
)
from dashboard.measures import JOINT, OTHER
from dashboard.ports import Range, RowPage
from dashboard.text import folded
from data_access.departments.engine import extend_deadline
from data_access.departments.phrases import Expression, bind
from data_access.departments.reader import Reader
from data_access.departments.scopes import Scope
from data_access.departments.shown import readable
from data_access.departments.times import AHEAD, Time
from data_access.departments.values import measured, times_of
from data_access.departments.written import Written

MASK = "•••"
BATCH = 1000
MOST_COUNTED = 100_000
"""Rows are counted up to here; beyond, a page says no total."""


@dataclass(frozen=True)
class Page:
    """Which rows are asked for, see `ports.Source.rows`."""

    window: Range | None = None
    where: dict[str, str] = field(default_factory=dict)
    limit: int = 100
    offset: int = 0
    cleared: bool = False
    rule: str | None = None


def row_page(reader: Reader, name: str, page: Page) -> RowPage:
    """One page of rows. Raises ValueError for a dimension or rule that the dataset has not, and
    for a derived indicator, which has no rows of its own."""
    indicator = based(reader.indicator(name), name)
    scope = behind(reader, indicator, page)
    columns = shown_columns(scope.dataset)
    statement = _selected(scope, indicator, columns, page.cleared)
    limit = max(0, min(page.limit, reader.department.limits.rows))
    limited = statement.limit(limit).offset(max(0, page.offset))
    counted = scope.select(sa.literal_column("1").label("one")).limit(MOST_COUNTED + 1).subquery()
    total = int(reader.rows(sa.select(sa.func.count()).select_from(counted))[0][0])
    cells = _Cells(scope, columns, page.cleared)
    return RowPage(
        columns=columns,
        rows=[cells.of(row) for row in reader.rows(limited)],
        total=total if total <= MOST_COUNTED else None,
        sql=readable(limited, reader.engine.dialect),
    )


def stream(reader: Reader, name: str, page: Page) -> Iterator[list[Any]]:
    """The columns' names, then row after row of a page however long, a batch in memory: up to one
    more than the department's limit, by which whoever gives them on knows whether there are more."""
    indicator = based(reader.indicator(name), name)
    scope = behind(reader, indicator, page)
    columns = shown_columns(scope.dataset)
    most = reader.department.limits.rows + 1
    statement = _selected(scope, indicator, columns, page.cleared).limit(most)
    cells = _Cells(scope, columns, page.cleared)
    yield columns
    with reader.connected() as connection:
        result = connection.execution_options(stream_results=True, yield_per=BATCH).execute(
            statement
        )
        for batch in result.partitions():
            yield from (cells.of(row) for row in batch)
            extend_deadline(connection, reader.seconds)


def based(indicator: Indicator, name: str) -> Indicator:
    """The indicator itself. Raises ValueError where it is derived from others."""
    if indicator.dataset is None:
        raise ValueError(f"{name}: derived from other indicators, it has no rows of its own")
    return indicator


def behind(reader: Reader, indicator: Indicator, page: Page) -> Scope:
    """The rows an indicator rests on within a window and some codes, or those a rule sets aside."""
    every = reader.scope(indicator.dataset or "")
    conditions: list[Expression | None] = [_window(every, indicator, page)]
    conditions += [_coded(every, name, code) for name, code in _single(page.where)]
    if page.rule is not None:
        return every.counting(every.rule(page.rule), *conditions)
    where, value = counted_by(indicator)
    conditions.append(every.meets([*indicator.where, *where]))
    conditions.append(every.sound(times_of(indicator.time, value)))
    if value is not None:
        conditions.append(measured(every, value).each.is_not(None))
    return every.counting(*conditions)


def counted_by(indicator: Indicator) -> tuple[list[Condition], Value | None]:
    """The measure's own conditions and value; of a ratio those of what it is a share of."""
    match indicator.measure:
        case Sum() | Mean() | Extreme() | Percentile() | Latest() as measure:
            return measure.where, measure.of
        case Ratio() as measure:
            return measure.among, measure.of
        case Stock() as measure:
            return [*measure.state, *measure.whole], measure.of
        case Distinct() | Fact() as measure:
            return measure.where, None
        case other:
            return getattr(other, "where", []), None


def _window(scope: Scope, indicator: Indicator, page: Page) -> Expression | None:
    if indicator.time is None:
        return None
    time = scope.time(indicator.time)
    if page.window is not None:
        return time.within([page.window])
    if isinstance(indicator.measure, Latest) and page.rule is None:
        return time.within([(scope.now - indicator.measure.within, scope.now + AHEAD)])
    return None


def _single(where: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Dimension and code, pairs taken apart. Raises ValueError for codes that do not fit."""
    for names, codes in where.items():
        split, parts = names.split(","), codes.split(JOINT)
        if len(split) != len(parts):
            raise ValueError(f"found code {codes!r} of {names!r}, expected one code each")
        yield from zip(split, parts, strict=True)


def _coded(scope: Scope, name: str, code: str) -> Expression:
    """Rows of one code of a dimension. Raises ValueError for one that has no code of its own."""
    dimension = scope.dimension(name)
    column, kind = scope.column(dimension.column), scope.kind(dimension.column)
    if code == OTHER and OTHER not in (dimension.values or {}):
        raise ValueError(f"found code {OTHER!r} of {name!r}, expected one of the codes listed")
    if code == "":
        blank = scope.phrases.folded(column) == "" if dimension.fold else sa.false()
        return sa.or_(column.is_(None), blank)
    if dimension.fold:
        return scope.phrases.folded(column) == bind(folded(code))
    return scope.phrases.is_exactly(column, kind, code)


def shown_columns(dataset: Dataset) -> list[str]:
    """The columns a person sees: those of `show`, else key, what it is found by, times and
    dimensions."""
    if dataset.show:
        return list(dataset.show)
    times = [time.column for time in dataset.times.values()]
    dimensions = [dimension.column for dimension in dataset.dimensions.values()]
    told = dataset.find
    known = [*told.numbers, *([told.name] if told.name else [])] if told else []
    return list(dict.fromkeys([*dataset.key, *known, *times, *dimensions]))


def cells_of(
    scope: Scope, columns: Sequence[str], row: Sequence[Any], *, cleared: bool
) -> list[Any]:
    """The cells of one row of a dataset, as people and exports want them."""
    return _Cells(scope, columns, cleared).of(row)


def _selected(
    scope: Scope, indicator: Indicator, columns: Sequence[str], cleared: bool
) -> sa.Select[Any]:
    private = set() if cleared else set(scope.dataset.private)
    picked = [
        (sa.null() if name in private else scope.column(name)).label(name) for name in columns
    ]
    keys = [scope.column(name).desc() for name in scope.dataset.key]
    if indicator.time is None:
        return scope.select(*picked).order_by(*keys)
    time = scope.time(indicator.time)
    newest = time.column if time.sorts else time.micros()
    return scope.select(*picked).order_by(newest.desc(), *keys)


class _Cells:
    """Cells as people and exports want them: times of known form as moments, text as it stands."""

    def __init__(self, scope: Scope, columns: Sequence[str], cleared: bool) -> None:
        private = set() if cleared else set(scope.dataset.private)
        times = {spec.column: scope.time(name) for name, spec in scope.dataset.times.items()}
        self._masked = [name in private for name in columns]
        self._times: list[Time | None] = [times.get(name) for name in columns]

    def of(self, row: Sequence[Any]) -> list[Any]:
        """One row."""
        return [
            MASK if masked else _cell(raw, time)
            for raw, masked, time in zip(row, self._masked, self._times, strict=True)
        ]


def _cell(raw: Any, time: Time | None) -> Any:
    if isinstance(raw, bytes | bytearray | memoryview):
        return bytes(raw).hex()
    if raw is None or time is None or isinstance(time, Written):
        return raw
    return time.cell(raw)
