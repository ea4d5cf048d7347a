"""Whether layers of the map draw what exists, and nothing that is private."""

from collections.abc import Iterator

from dashboard.catalogue.city import Where
from dashboard.catalogue.datasets import Dataset
from dashboard.catalogue.draft import EntryPath
from dashboard.catalogue.layers import Layer
from dashboard.catalogue.references import Entries, Finding, among, condition_findings
from dashboard.catalogue.showing import single_splits_of


def layer_findings(entries: Entries, path: EntryPath, layer: Layer) -> Iterator[Finding]:
    """What a layer names wrongly."""
    if layer.kind == "indicator":
        yield from _part_findings(entries, path, layer)
    else:
        yield from _row_findings(entries, path, layer)
    for index, key in enumerate(layer.indicators):
        for finding in entries.missing_indicator(path, ("indicators", index), key):
            yield finding._replace(harmless=True)
    for index, name in enumerate(layer.nearest):
        for finding in entries.missing(path, ("nearest", index), name, "layers"):
            yield finding._replace(harmless=True)
        other = entries.draft.entries.get(("layers", name))
        if isinstance(other, Layer) and other.kind != "points":
            found = f"nearest {name}, a layer of kind {other.kind}"
            yield Finding(path, ("nearest", index), found, "a layer of points", harmless=True)


def _part_findings(entries: Entries, path: EntryPath, layer: Layer) -> Iterator[Finding]:
    key = str(layer.indicator)
    yield from entries.missing_indicator(path, ("indicator",), key)
    indicator = entries.indicator(key)
    if indicator is not None:
        yield from among(path, ("by",), "split", layer.by, single_splits_of(indicator))


def _row_findings(entries: Entries, path: EntryPath, layer: Layer) -> Iterator[Finding]:
    department, _, name = str(layer.dataset).partition(".")
    known = "departments", department, "datasets"
    yield from entries.missing(path, ("dataset",), name, *known)
    dataset = entries.dataset(department, name)
    if dataset is None:
        return
    yield from condition_findings(path, ("where",), layer.where, dataset.times)
    if layer.newest is not None:
        yield from among(path, ("newest", "time"), "time", layer.newest.time, dataset.times)
    if layer.colour is not None:
        yield from among(path, ("colour", "age"), "time", layer.colour.age, dataset.times)
    yield from _private_findings(path, layer, dataset)
    yield from _alike_findings(path, layer)


def _alike_findings(path: EntryPath, layer: Layer) -> Iterator[Finding]:
    """Classes whose signs cannot be told apart."""
    seen: dict[tuple[str, str | None], str] = {}
    for index, one in enumerate(layer.colour.classes if layer.colour is not None else ()):
        look = one.colour or one.ink, one.shape or layer.shape
        if look in seen:
            found = f"class {one.title.en!r} with the sign of {seen[look]!r}"
            expected = "an ink, colour or shape of its own"
            yield Finding(path, ("colour", "classes", index), found, expected, harmless=True)
        seen.setdefault(look, one.title.en)


def _private_findings(path: EntryPath, layer: Layer, dataset: Dataset) -> Iterator[Finding]:
    # The key is what the points' ids are made of.
    keys: list[tuple[Where, str]] = [(("dataset",), column) for column in dataset.key]
    for where, column in (*drawn_columns(layer), *_placing_columns(layer), *keys):
        if column in dataset.private:
            expected = "a column that everybody may see"
            yield Finding(path, where, f"private column {column!r} on the map", expected)


def named_columns(layer: Layer) -> Iterator[tuple[Where, str]]:
    """Every column that a layer names, with where it does."""
    yield from drawn_columns(layer)
    yield from _placing_columns(layer)
    newest = layer.newest
    for index, column in enumerate(newest.of if newest is not None else ()):
        yield ("newest", "of", index), column


def _placing_columns(layer: Layer) -> Iterator[tuple[Where, str]]:
    """The columns that say where a point is."""
    position = layer.position
    for name in ("lat", "lon", "by") if position is not None else ():
        column = getattr(position, name)
        if column is not None:
            yield ("position", name), column


def drawn_columns(layer: Layer) -> Iterator[tuple[Where, str]]:
    """The columns that reach browsers, with where the layer names them."""
    colour = layer.colour
    named: list[tuple[Where, str | None]] = [(("label",), layer.label), (("value",), layer.value)]
    named += [(("line",), layer.line)]
    if colour is not None:
        named += [(("colour", "column"), colour.column), (("colour", "limit"), colour.limit)]
    yield from ((where, column) for where, column in named if column is not None)
