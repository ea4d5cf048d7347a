"""Rows for the map: of a layer the few columns that are drawn."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from dashboard.catalogue.layers import Layer
from dashboard.ports import MapRow, MapRows
from data_access.departments.codes import code_of
from data_access.departments.keys import Addresses
from data_access.departments.lasts import RANK, newest_rank
from data_access.departments.phrases import number
from data_access.departments.reader import Reader
from data_access.departments.scopes import Scope
from data_access.departments.times import AHEAD


def map_rows(reader: Reader, layer: Layer) -> MapRows:
    """See `ports.Source.map_rows`. Raises Unreachable, Misnamed."""
    scope, statement = map_statement(reader, layer)
    found = reader.rows(statement)
    made = _Maker(scope, layer)
    return MapRows([made.row(row) for row in found[: layer.limit]], len(found) > layer.limit)


def map_statement(reader: Reader, layer: Layer) -> tuple[Scope, sa.Select[Any]]:
    """The rows of a layer, by name of what they are for; of things measured the newest row each."""
    every = reader.scope(str(layer.dataset).partition(".")[2])
    window = None
    if layer.newest is not None:
        time = every.time(layer.newest.time)
        window = time.within([(every.now - layer.newest.within, every.now + AHEAD)])
    scope = every.counting(window, every.meets(layer.where))
    columns = [scope.column(name).label(alias) for alias, name in _named(scope, layer)]
    if layer.newest is None:
        return scope, scope.select(*columns).limit(layer.limit + 1)
    things = [scope.column(name) for name in layer.newest.of]
    rank = newest_rank(scope, things, scope.time(layer.newest.time))
    ranked = scope.select(*columns, rank.label(RANK)).subquery("ranked")
    newest = sa.select(*(ranked.c[alias] for alias, _ in _named(scope, layer)))
    return scope, newest.where(ranked.c[RANK] == number(1)).limit(layer.limit + 1)


def _named(scope: Scope, layer: Layer) -> Iterator[tuple[str, str]]:
    """What the statement gives, by alias: the key, then each column that the layer names."""
    for place, name in enumerate(scope.dataset.key):
        yield f"key_{place}", name
    position, colour = layer.position, layer.colour
    wanted: dict[str, str | None] = {"label": layer.label, "value": layer.value}
    if position is not None:
        wanted |= {"east": position.lon, "north": position.lat, "code": position.by}
    if layer.line is not None:
        wanted["code"] = layer.line
    if colour is not None:
        wanted |= {"decides": colour.column, "limited": colour.limit}
        if colour.age is not None:
            wanted["decides"] = scope.dataset.times[colour.age].column
    yield from ((alias, name) for alias, name in wanted.items() if name is not None)


class _Maker:
    """Makes map rows of what a statement gave."""

    def __init__(self, scope: Scope, layer: Layer) -> None:
        self._places = range(len(scope.dataset.key))
        self._addresses = Addresses(scope)
        self._now = scope.now
        colour = layer.colour
        self._age = scope.time(colour.age) if colour is not None and colour.age else None

    def row(self, found: Any) -> MapRow:
        """One row."""
        fields = dict(found._mapping)
        label, code = fields.get("label"), fields.get("code")
        return MapRow(
            id=self._addresses.of([fields[f"key_{place}"] for place in self._places]),
            east=fields.get("east"),
            north=fields.get("north"),
            code=None if code is None else code_of(code),
            decides=self._decides(fields.get("decides")),
            limit=fields.get("limited"),
            label=None if label is None else str(label),
            value=fields.get("value"),
        )

    def _decides(self, raw: Any) -> Any:
        if self._age is None or raw is None:
            return raw
        at = self._age.read(raw)
        return None if at is None else (self._now - at).total_seconds()
