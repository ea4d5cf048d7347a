"""Rows of deliveries written into their landing table, all of one delivery in one transaction."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, TypeVar

import sqlalchemy as sa

from dashboard.catalogue.deliveries import Delivery
from data_access.intake.cells import Value
from data_access.intake.judging import Row

_AT_ONCE = 300
"""Rows looked up or removed by one statement: engines limit the values of one."""
Key = tuple[Value, ...]
T = TypeVar("T")


def replace_days(
    connection: sa.Connection,
    table: sa.Table,
    feed: Delivery,
    day: date,
    rows: Sequence[Row],
    marks: Mapping[str, Any],
) -> None:
    """Let `rows` be all that is there of the days that a file covers.

    `marks` are the center's own columns, the same for every row. A row that stands under another
    day by the same key moves.
    """
    assert feed.day is not None
    first = day - timedelta(days=feed.covers - 1)
    connection.execute(table.delete().where(_within(table.c[feed.day], first, day)))
    if feed.day not in feed.key:
        for keys in _chunks([_key(feed, row) for row in rows]):
            connection.execute(table.delete().where(_keyed(table, feed, keys)))
    for part in _chunks(rows):
        connection.execute(table.insert(), [{**row, **marks} for row in part])


def _within(column: sa.Column[Any], first: date, last: date) -> sa.ColumnElement[bool]:
    if isinstance(column.type, sa.Date):
        return column.between(first, last)
    begins, ends = (datetime.combine(day, time()) for day in (first, last + timedelta(days=1)))
    return (column >= begins) & (column < ends)


def upsert(
    connection: sa.Connection,
    table: sa.Table,
    feed: Delivery,
    rows: Mapping[str, Row],
    marks: Mapping[str, Any],
) -> int:
    """Write rows by the id of the entry that brought them; gives how many changed anything.

    What is there already stays as it is, so that a push that comes twice changes nothing. An entry
    older than the one that wrote a row, or of a smaller `version`, is passed over.
    """
    newest = _newest(feed, rows)
    new: list[dict[str, Any]] = []
    changed = 0
    for keys in _chunks(list(newest)):
        there = _there(connection, table, feed, keys)
        for key in keys:
            entry, row = newest[key]
            old = there.get(key)
            if old is None:
                new.append({**row, **marks, "entry_id": entry})
            elif _is_newer(feed, entry, row, old):
                cells = {**row, **marks, "entry_id": entry}
                connection.execute(table.update().where(_is(table, feed, key)).values(cells))
                changed += 1
    for part in _chunks(new):
        connection.execute(table.insert(), part)
    return changed + len(new)


def _newest(feed: Delivery, rows: Mapping[str, Row]) -> dict[Key, tuple[str, Row]]:
    """Of each key the row that counts; entries are in the order in which they were pushed."""
    newest: dict[Key, tuple[str, Row]] = {}
    for entry, row in rows.items():
        key = _key(feed, row)
        held = newest.get(key)
        if held is None or not _is_older(feed, row, held[1]):
            newest[key] = (entry, row)
    return newest


def _is_newer(feed: Delivery, entry: str, row: Row, old: Mapping[str, Any]) -> bool:
    if feed.version is not None:
        return _is_older(feed, old, row)
    later = entry_order(entry) > entry_order(old["entry_id"] or "0-0")
    return later and any(row[name] != old[name] for name in row)


def _is_older(feed: Delivery, one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether one row of a key has a smaller version than another."""
    return feed.version is not None and bool(one[feed.version] < other[feed.version])


def entry_order(entry: str) -> tuple[int, int]:
    """The place of a stream's entry among the others."""
    milliseconds, _, number = entry.partition("-")
    return int(milliseconds), int(number or 0)


def _there(
    connection: sa.Connection, table: sa.Table, feed: Delivery, keys: Sequence[Key]
) -> dict[Key, Mapping[str, Any]]:
    found = connection.execute(sa.select(table).where(_keyed(table, feed, keys))).mappings()
    return {tuple(row[name] for name in feed.key): dict(row) for row in found}


def _keyed(table: sa.Table, feed: Delivery, keys: Sequence[Key]) -> sa.ColumnElement[bool]:
    columns = [table.c[name] for name in feed.key]
    if len(columns) == 1:
        return columns[0].in_([key[0] for key in keys])
    return sa.tuple_(*columns).in_(keys)


def _is(table: sa.Table, feed: Delivery, key: Key) -> sa.ColumnElement[bool]:
    return sa.and_(*(table.c[name] == part for name, part in zip(feed.key, key, strict=True)))


def _key(feed: Delivery, row: Row) -> Key:
    return tuple(row[name] for name in feed.key)


def _chunks(items: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(items), _AT_ONCE):
        yield items[start : start + _AT_ONCE]


def marks_of(delivery: int, now: datetime) -> dict[str, Any]:
    """The center's own columns of rows that came with a delivery."""
    at = now.astimezone(UTC).replace(microsecond=0)
    return {"delivery_id": delivery, "entry_id": None, "received_at": at}
