"""Codes that belong to others, such as the towns of a district, and what a code was called on a day."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from dashboard.catalogue.city import Catalogue
from dashboard.catalogue.datasets import Dimension
from dashboard.catalogue.reference import Code, Codes
from dashboard.ports.values import Series
from dashboard.text import Text


def title_on(code: Code, day: date | None) -> Text:
    """What a code was called on a day: its newest name where none is asked for or known."""
    if day is None:
        return code.title
    held = sorted((one for one in code.former if day < one.until), key=lambda one: one.until)
    return held[0].title if held else code.title


def dimension_named(catalogue: Catalogue, key: str, name: str) -> Dimension | None:
    """The dimension that an indicator's split means; a derived one has its department's."""
    dataset = catalogue.dataset_of(key)
    if dataset is not None:
        return dataset.dimensions.get(name)
    department = catalogue.departments.get(key.partition(".")[0])
    datasets = department.datasets.values() if department else ()
    return next((one.dimensions[name] for one in datasets if name in one.dimensions), None)


def list_of(catalogue: Catalogue, key: str, by: str) -> Codes | None:
    """The code list of a split; None of a pair, and where its codes are no shared list."""
    dimension = dimension_named(catalogue, key, by)
    return catalogue.codes.get(dimension.codes or "") if dimension is not None else None


def finer_split(catalogue: Catalogue, key: str, by: str, splits: Iterable[str]) -> str | None:
    """The split of an indicator whose codes belong to those of `by`: the towns of districts."""
    own = list_of(catalogue, key, by)
    if own is None:
        return None
    lists = ((name, list_of(catalogue, key, name)) for name in splits)
    return next((name for name, listed in lists if listed and listed.parent == own.key), None)


def codes_within(catalogue: Catalogue, key: str, by: str, within: str) -> frozenset[str]:
    """The codes of a split that belong to the code `within` of its parent list.

    Raises ValueError where the split has no parent list, or that list not this code.
    """
    listed = list_of(catalogue, key, by)
    parents = catalogue.codes.get(listed.parent or "") if listed is not None else None
    if listed is None or parents is None:
        raise ValueError(f"found within {within!r} of by {by!r}, expected a split such as town")
    if within not in parents.codes:
        known = ", ".join(parents.codes)
        raise ValueError(f"found within {within!r}, expected one of {known}")
    inside = {code: one for code, one in listed.codes.items() if one.parent == within}
    return frozenset([*inside, *(spelled for one in inside.values() for spelled in one.spellings)])


def only_within(catalogue: Catalogue, series: Series, within: str) -> Series:
    """The series with the codes that belong to `within` alone. Raises ValueError."""
    inside = codes_within(catalogue, series.request.key, series.request.by, within)
    return replace(series, points=[point for point in series.points if point.code in inside])
