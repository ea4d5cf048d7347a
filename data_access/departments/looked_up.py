"""Lookups: what can be chosen, and the rows that answer a choice; see `Dataset.lookup`."""

from collections.abc import Mapping

from dashboard.catalogue.lookups import Lookup
from dashboard.ports import RowPage
from data_access.departments.phrases import Expression
from data_access.departments.reader import Reader
from data_access.departments.rows import cells_of
from data_access.departments.scopes import Scope
from data_access.departments.shown import readable

MOST_OPTIONS = 2000


def options(reader: Reader, dataset: str, column: str, chosen: Mapping[str, str]) -> list[str]:
    """What can be chosen of one column beside what was chosen of the others; see
    `ports.Source.options`."""
    told = _lookup_of(reader, dataset)
    _check(told, [column, *chosen])
    scope = reader.scope(told.options)
    others = {name: value for name, value in chosen.items() if name != column}
    rows = scope.counting(scope.column(column).is_not(None), *_same(scope, others))
    name = rows.column(column)
    return [str(row[0]) for row in reader.rows(rows.select(name).distinct().limit(MOST_OPTIONS))]


def look_up(reader: Reader, dataset: str, chosen: Mapping[str, str]) -> RowPage:
    """The rows that answer a choice; see `ports.Source.look_up`."""
    told = _lookup_of(reader, dataset)
    _check(told, chosen)
    if missing := [name for name in told.required if name not in chosen]:
        raise ValueError(f"found no choice of {missing}, expected one of each")
    every = reader.scope(dataset)
    sound = every.sound(list(every.dataset.times))
    scope = every.counting(*_same(every, chosen), sound)
    columns = [one.column for one in told.shown]
    picked = [scope.column(name).label(name) for name in columns]
    order = scope.column(told.order)
    statement = scope.select(*picked).where(order.is_not(None)).order_by(order)
    keys = [scope.column(name) for name in scope.dataset.key]
    statement = statement.order_by(*keys).limit(told.limit)
    rows = [cells_of(scope, columns, row, cleared=True) for row in reader.rows(statement)]
    return RowPage(columns, rows, len(rows), readable(statement, reader.engine.dialect))


def _lookup_of(reader: Reader, dataset: str) -> Lookup:
    told = reader.dataset(dataset).lookup
    if told is None:
        raise ValueError(f"found {dataset!r}, expected a dataset with a `lookup`")
    return told


def _check(told: Lookup, names: Mapping[str, str] | list[str]) -> None:
    known = {choice.column for choice in told.choices}
    if unknown := sorted(set(names) - known):
        raise ValueError(f"found a choice of {unknown}, expected of {sorted(known)}")


def _same(scope: Scope, chosen: Mapping[str, str]) -> list[Expression]:
    """The rows with the values that were chosen, which are bound and never part of the SQL."""
    return [
        scope.phrases.is_exactly(scope.column(name), scope.kind(name), value)
        for name, value in chosen.items()
    ]
