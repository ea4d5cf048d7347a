"""What deliveries name wrongly, and datasets that read a landing table."""

from collections.abc import Iterator

from dashboard.catalogue.columns import dataset_columns
from dashboard.catalogue.datasets import Dataset
from dashboard.catalogue.deliveries import OWN_COLUMNS, Delivery
from dashboard.catalogue.draft import Draft, EntryPath
from dashboard.catalogue.references import Entries, Finding, among


def delivery_findings(entries: Entries) -> Iterator[Finding]:
    """Findings about all deliveries, and about the datasets that read where they land."""
    for path, entry in list(entries.draft.entries.items()):
        if isinstance(entry, Delivery):
            yield from _code_findings(entries, path, entry)
            yield from _table_findings(entries.draft, path, entry)
        elif isinstance(entry, Dataset):
            yield from _landing_findings(entries.draft, path, entry)


def _code_findings(entries: Entries, path: EntryPath, feed: Delivery) -> Iterator[Finding]:
    for name, column in feed.columns.items():
        if column.codes is not None:
            where = ("columns", name, "codes")
            yield from entries.missing(path, where, column.codes, "codes")


def _table_findings(draft: Draft, path: EntryPath, feed: Delivery) -> Iterator[Finding]:
    """A table in which the rows of another feed, or what was delivered, would be overwritten."""
    table = feed.table or path[3]
    feeds = _feeds(draft, path)
    earlier = list(feeds)[: list(feeds).index(path[3])]
    taken = [name for name in earlier if (feeds[name].table or name) == table]
    if taken or table == "deliveries":
        owner = taken[0] if taken else "the center, which tells there what was delivered"
        expected = f"a table of its own, not that of {owner}"
        yield Finding(path, ("table",), f"table {table!r}", expected, "name another `table:`")


def _landing_findings(draft: Draft, path: EntryPath, dataset: Dataset) -> Iterator[Finding]:
    """Columns of a landing table that no delivery brings."""
    feeds = _feeds(draft, path).items()
    feed = next((one for name, one in feeds if (one.table or name) == dataset.table), None)
    if feed is None:
        return
    known = [*feed.columns, *OWN_COLUMNS]
    for where, column in dataset_columns((), dataset):
        yield from among(path, where, "column", column, known)


def _feeds(draft: Draft, path: EntryPath) -> dict[str, Delivery]:
    """All feeds of the department that an entry belongs to."""
    root = (*path[:2], "delivery")
    found = draft.entries.items()
    return {p[3]: one for p, one in found if p[:3] == root and isinstance(one, Delivery)}
