"""One row that somebody looks for: by its number, by its name, by its key."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from dashboard.catalogue.datasets import Find
from dashboard.ports import Found, RowPage
from data_access.departments.keys import key_time
from data_access.departments.phrases import TICK, Expression, bind, is_text
from data_access.departments.reader import Reader
from data_access.departments.rows import cells_of, shown_columns
from data_access.departments.scopes import Scope
from data_access.departments.shown import readable

_LAST = "zzzzzzzz"
"""Added to the beginning of a number: what begins with it sorts up to there on every engine."""
_BEYOND = 2**63
_LOOKED_AT = 200
"""Rows looked at for one beginning: the range may hold a few that only sort there."""


def find(reader: Reader, dataset: str, text: str, limit: int) -> list[Found]:
    """Rows whose number is the text or begins with it; see `ports.Source.find`."""
    scope, typed = reader.scope(dataset), text.strip()
    told = scope.dataset.find
    if told is None or len(typed) < told.at_least:
        return []
    found: dict[tuple[str, ...], Found] = {}
    for name in told.numbers:
        for row in _numbered(reader, scope, name, typed):
            found.setdefault(row.key, row)
    return sorted(found.values(), key=lambda row: (len(row.called), row.called))[:limit]


def _numbered(reader: Reader, scope: Scope, name: str, typed: str) -> list[Found]:
    """Rows whose number in one column begins with what was typed."""
    begins = _begins(scope, name, typed)
    if begins is None:
        return []
    rows = scope.counting(begins)
    statement = rows.select(rows.column(name), *_key(rows)).limit(_LOOKED_AT)
    found = [Found(_texts(key), str(called)) for called, *key in reader.rows(statement)]
    return [row for row in found if row.called.upper().startswith(typed.upper())]


def _begins(scope: Scope, name: str, typed: str) -> Expression | None:
    """By the column's index: a range of text, the number itself where the column holds numbers."""
    column, kind = scope.column(name), scope.kind(name)
    if not is_text(kind):
        whole = int(typed) if typed.isascii() and typed.isdigit() else None
        # Beyond 64 bits no column holds it, and a driver refuses to send it.
        return column == bind(whole) if whole is not None and whole < _BEYOND else None
    spellings = dict.fromkeys((typed, typed.upper(), typed.lower()))
    return sa.or_(*(sa.and_(column >= bind(s), column <= bind(s + _LAST)) for s in spellings))


def named(reader: Reader, dataset: str, limit: int) -> list[Found]:
    """The named rows of a dataset; see `ports.Source.named`."""
    scope = reader.scope(dataset)
    told: Find | None = scope.dataset.find
    if told is None or told.name is None:
        return []
    rows = scope.counting(scope.column(told.name).is_not(None))
    name = rows.column(told.name)
    statement = rows.select(name, *_key(rows)).order_by(name, *_key(rows)).limit(limit)
    return [Found(_texts(key), str(called)) for called, *key in reader.rows(statement)]


def row(reader: Reader, dataset: str, key: Sequence[str], *, cleared: bool) -> RowPage:
    """The row of a key; see `ports.Source.row`."""
    every = reader.scope(dataset)
    names = every.dataset.key
    if len(key) != len(names):
        raise ValueError(f"found key {list(key)!r}, expected one value each of {names}")
    columns = shown_columns(every.dataset)
    private = set() if cleared else set(every.dataset.private)
    if private & set(names):
        # That there is a row of this key would already say what is masked.
        return RowPage(columns, [], 0, "")
    same = [_is(every, name, part) for name, part in zip(names, key, strict=True)]
    scope = every.counting(*same)
    picked = [
        (sa.null() if name in private else scope.column(name)).label(name) for name in columns
    ]
    statement = scope.select(*picked).limit(1)
    rows = [cells_of(scope, columns, found, cleared=cleared) for found in reader.rows(statement)]
    return RowPage(columns, rows, len(rows), readable(statement, reader.engine.dialect))


def _is(scope: Scope, name: str, part: str) -> Expression:
    """A column of the key holds a value; a time also where it is said with its offset."""
    time = key_time(scope, name)
    if time is not None and (at := _moment(part)) is not None:
        return time.within([(at, at + TICK)])
    return scope.phrases.is_exactly(scope.column(name), scope.kind(name), part)


def _moment(part: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(part)
    except ValueError:
        return None
    return at if at.tzinfo is not None else None


def _key(scope: Scope) -> list[Expression]:
    return [scope.column(name) for name in scope.dataset.key]


def _texts(key: Sequence[Any]) -> tuple[str, ...]:
    return tuple(str(part) for part in key)
