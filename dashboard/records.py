"""Addresses of single rows: `/record/<department>.<dataset>/<key>`."""

from collections.abc import Sequence
from urllib.parse import quote, unquote

from dashboard.catalogue import Catalogue, Dataset


def record_path(dataset: str, key: Sequence[str]) -> str:
    """The address of a row; `dataset` is `<department>.<dataset>`, `key` its key's values."""
    return joined_path(dataset, joined_key(key))


def joined_path(dataset: str, key: str) -> str:
    """The address of a row whose key is one text, see `joined_key`."""
    # A comma between the parts: within one it is written as %2C, and the path quotes that again.
    return f"/record/{dataset}/{quote(key, safe='')}"


def joined_key(key: Sequence[str]) -> str:
    """A key's values as one text, see `split_key`."""
    return ",".join(quote(part, safe="") for part in key)


def split_key(text: str) -> tuple[str, ...]:
    """A key's values from one text, see `joined_key`."""
    return tuple(unquote(part) for part in text.split(","))


def dataset_named(catalogue: Catalogue, name: str) -> Dataset | None:
    """The dataset `<department>.<dataset>`; None where there is none."""
    department, _, dataset = name.partition(".")
    found = catalogue.departments.get(department)
    return found.datasets.get(dataset) if found else None
