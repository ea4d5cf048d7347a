"""The columns that a catalogue names of a department, each with the place where it does."""

from collections.abc import Iterable, Iterator

from dashboard.catalogue import Dataset, Department
from dashboard.catalogue.city import Where
from dashboard.catalogue.datasets import Condition, Find
from dashboard.catalogue.indicators import Value

Path = tuple[Where, str]
"""Where a column is named, and the column."""


def dataset_columns(base: Where, dataset: Dataset) -> Iterator[Path]:
    """Every column a dataset names, and where."""
    for place, column in enumerate(dataset.key):
        yield (*base, "key", place), column
    if dataset.version:
        yield (*base, "version"), dataset.version
    for name, time in dataset.times.items():
        yield (*base, "times", name, "column"), time.column
    for name, dimension in dataset.dimensions.items():
        yield (*base, "dimensions", name, "column"), dimension.column
    if dataset.changed:
        yield (*base, "changed", "column"), dataset.changed.column
    for place, column in enumerate(dataset.private):
        yield (*base, "private", place), column
    for column in dataset.show:
        yield (*base, "show", column), column
    yield from _find_columns((*base, "find"), dataset.find)
    for column in dataset.lookup.columns() if dataset.lookup else ():
        yield (*base, "lookup"), column
    for place, rule in enumerate(dataset.set_aside):
        yield from _condition_columns((*base, "set_aside", place, "where"), rule.where)


def option_columns(department: Department, dataset: str) -> Iterator[Path]:
    """The columns by which lookups of other datasets find their choices in this one."""
    for name, other in department.datasets.items():
        if other.lookup is None or other.lookup.options != dataset:
            continue
        base: Where = ("departments", department.key, "datasets", name, "lookup", "choices")
        for place, choice in enumerate(other.lookup.choices):
            yield (*base, place, "column"), choice.column


def _find_columns(base: Where, find: Find | None) -> Iterator[Path]:
    if find is None:
        return
    for place, column in enumerate(find.numbers):
        yield (*base, "numbers", place), column
    if find.name:
        yield (*base, "name"), find.name


def indicator_columns(department: Department, dataset: str) -> Iterator[Path]:
    """Every column the indicators of a dataset name themselves, and where."""
    for name, indicator in department.indicators.items():
        if indicator.dataset != dataset:
            continue
        base: Where = ("departments", department.key, "indicators", name)
        yield from _condition_columns((*base, "where"), indicator.where)
        measure = indicator.measure
        for part in ("where", "among", "over"):
            conditions = getattr(measure, part, [])
            yield from _condition_columns((*base, "measure", part), conditions)
        value = getattr(measure, "of", None)
        if isinstance(value, Value) and value.column:
            yield (*base, "measure", "of", "column"), value.column
        column = getattr(measure, "column", None)
        if indicator.dataset and isinstance(column, str):
            yield (*base, "measure", "column"), column


def _condition_columns(base: Where, conditions: Iterable[Condition]) -> Iterator[Path]:
    for place, condition in enumerate(conditions):
        if condition.column:
            yield (*base, place, "column"), condition.column
        yield from _condition_columns((*base, place, "any"), condition.any or [])
