"""Lookups as the screen and the browser know them: which dataset a panel asks, and what fits."""

import re
from collections.abc import Iterable, Mapping

from dashboard.catalogue import Catalogue
from dashboard.catalogue.lookups import Lookup

_DIGITS = re.compile(r"(\d+)")
LONGEST = 80
"""Characters of a choice; a browser that sends more means nothing that was offered."""


def lookup_of(catalogue: Catalogue, key: str | None) -> Lookup | None:
    """The lookup of a dataset by its full key (`department.dataset`), None where there is none."""
    department, _, name = (key or "").partition(".")
    owner = catalogue.departments.get(department)
    dataset = owner.datasets.get(name) if owner else None
    return dataset.lookup if dataset else None


def chosen_of(lookup: Lookup, given: Mapping[str, object]) -> dict[str, str]:
    """What a browser says was chosen, as far as it can have been: texts of known choices."""
    known = (choice.column for choice in lookup.choices)
    said = {name: given.get(name) for name in known}
    return {n: v for n, v in said.items() if isinstance(v, str) and 0 < len(v) <= LONGEST}


def in_order(values: Iterable[str]) -> list[str]:
    """Options as a person looks for them: numbers in a text by their size, 9路 before 115路."""
    return sorted(values, key=_natural)


def _natural(text: str) -> list[tuple[int, int, str]]:
    parts = (part for part in _DIGITS.split(text) if part)
    return [(0, int(p), "") if p.isdecimal() else (1, 0, p) for p in parts]
