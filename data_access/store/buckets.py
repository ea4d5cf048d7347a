"""Buckets of flows: made to equal what a source says, and summed for screens."""

import math
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from dashboard.measures import Additive, TickPlan
from dashboard.ports import BucketRow, DayTotal, Range
from dashboard.windows import local_day
from data_access.store import tables as t
from data_access.store.database import Database
from data_access.store.grains import (
    Keeping,
    Run,
    believable,
    epoch,
    joined,
    keeping,
    moment,
    runs_of,
)
from data_access.store.registry import Registry, check_token
from data_access.store.sums import sums_statement
from data_access.store.values import Kept, Scale, keep, scale_of
from data_access.store.writes import upsert

Key = tuple[int, int, int, str]
"""Series, split, epoch and code: a bucket's primary key."""
PIECE = 5_000
"""Rows written in one transaction, so that other writers wait a fraction of a second."""
ARMS = 100
"""Runs asked for in one statement; SQLite unites at most 500."""
_VALUES = (t.bucket.c.whole, t.bucket.c.part, t.bucket.c.real)


def split_name(dimensions: Sequence[str]) -> str:
    """How a set of dimensions is named in rows: joined by commas, empty for the total."""
    return ",".join(dimensions)


@dataclass(frozen=True)
class Ids:
    """The ids a plan writes under, and how each of its series merges."""

    series: dict[str, int]
    splits: dict[str, int]
    scales: dict[str, Scale]


class Buckets:
    """The bucket table."""

    def __init__(self, database: Database, registry: Registry) -> None:
        self._database = database
        self._registry = registry

    def replace(
        self,
        plan: TickPlan,
        ranges: Sequence[Range],
        rows: Sequence[BucketRow],
        *,
        token: int,
        zone: str,
        now: datetime,
    ) -> frozenset[datetime]:
        """Make the buckets within the ranges exactly `rows`; the starts of those that changed."""
        ids = self._ids(plan, zone)
        with self._database.reading() as connection:
            check_token(connection, plan.department, token)
            kept_as = keeping(now, zone, self._thinned(connection, zone, now))
        whole = joined(ranges)
        for window in whole:
            kept_as.check(window)
        wanted = _folded(rows, whole, kept_as, ids)
        changed: set[int] = set()
        for lo, hi, part in _pieces(whole, wanted):
            changed |= self._replace_piece(plan.department, ids, (lo, hi), part, token)
        return frozenset(map(moment, changed))

    def _thinned(
        self, connection: sa.Connection, zone: str, now: datetime
    ) -> tuple[int, int] | None:
        """How far thinning has come. Ahead of this process's clock it is the store's that tells
        whether thinning ran under a wrong clock, or this process is late itself."""
        found = thinned_to(connection, zone)
        if found is None or believable(found, now, zone) == found:
            return found
        return believable(found, moment(self._database.clock(connection)), zone)

    def _ids(self, plan: TickPlan, zone: str) -> Ids:
        return Ids(
            self._registry.series_to_write(plan, zone),
            self._registry.splits_to_write([split_name(split) for split in plan.splits]),
            {additive.name: scale_of(additive) for additive in plan.additives},
        )

    def _replace_piece(
        self, department: str, ids: Ids, span: tuple[int, int], wanted: dict[Key, Kept], token: int
    ) -> set[int]:
        """Epochs of the buckets that changed."""
        with self._database.reading() as connection:
            if not any(_difference(_existing(connection, ids, span), wanted)):
                return set()
        with self._database.writing() as connection:
            check_token(connection, department, token)
            lock_series(connection, list(ids.series.values()))
            gone, changed = _difference(_existing(connection, ids, span), wanted)
            delete_keys(connection, gone)
            upsert(connection, t.bucket, [as_row(key, wanted[key]) for key in changed])
        return {at for _, _, at, _ in (*gone, *changed)}

    def sums(
        self,
        additives: Sequence[Additive],
        window: Range,
        *,
        grain: str | None,
        by: str,
        zone: str,
        department: str | None,
    ) -> list[dict[str, Any]]:
        """Merged values per bucket and code, in order of time and code."""
        by_id = self._registry.split(by)
        runs = runs_of(window, grain, zone)
        found: dict[tuple[int, str], dict[str, Any]] = {}
        if by_id is None or not runs:
            return []
        known = [(a, self._registry.series(a, department)) for a in additives]
        empty = {additive.name: scale_of(additive).nothing() for additive in additives}
        with self._database.reading() as connection:
            for additive, series_id in known:
                if series_id is None:
                    continue
                scale = scale_of(additive)
                for at, code, kept in _summed(connection, scale, series_id, by_id, runs):
                    entry = found.setdefault((at, code), dict(empty))
                    entry[additive.name] = scale.read(*kept)
        return [
            {"at": moment(at) if grain else window[0], "code": code, **values}
            for (at, code), values in sorted(found.items())
        ]

    def day_totals(self, plan: TickPlan, window: Range, zone: str) -> list[DayTotal]:
        """Each additive's total per local day; days without rows are left out."""
        rows = self.sums(
            plan.additives, window, grain="1d", by="", zone=zone, department=plan.department
        )
        names = [additive.name for additive in plan.additives]
        return [
            DayTotal(
                local_day(row["at"], zone),
                {name: row[name] for name in names if row[name] is not None},
            )
            for row in rows
        ]


def thinned_to(connection: sa.Connection, zone: str) -> tuple[int, int] | None:
    """How far thinning has come in a zone: epochs of days and of hours."""
    row = connection.execute(
        sa.select(t.thinned.c.days_to, t.thinned.c.hours_to).where(t.thinned.c.zone == zone)
    ).one_or_none()
    return (row[0], row[1]) if row else None


def lock_series(connection: sa.Connection, ids: Sequence[int]) -> None:
    """Keep thinning and replacing of the same series apart (SQLite has one writer anyway)."""
    connection.execute(
        sa.select(t.series.c.id)
        .where(t.series.c.id.in_(ids))
        .order_by(t.series.c.id)
        .with_for_update()
    ).all()


def as_row(key: Key, kept: Kept) -> dict[str, Any]:
    """A bucket as a row of the table."""
    series_id, by_id, at, code = key
    whole, part, real = kept
    return {
        "series_id": series_id,
        "by_id": by_id,
        "at": at,
        "code": code,
        "whole": whole,
        "part": part,
        "real": real,
    }


def delete_keys(connection: sa.Connection, keys: Sequence[Key]) -> None:
    """Delete buckets by their primary keys."""
    if keys:
        c = t.bucket.c
        statement = sa.delete(t.bucket).where(
            c.series_id == sa.bindparam("s"),
            c.by_id == sa.bindparam("b"),
            c.at == sa.bindparam("a"),
            c.code == sa.bindparam("k"),
        )
        connection.execute(
            statement, [{"s": s, "b": b, "a": at, "k": code} for s, b, at, code in keys]
        )


def _folded(
    rows: Sequence[BucketRow], ranges: Sequence[Range], kept_as: Keeping, ids: Ids
) -> dict[Key, Kept]:
    """Rows merged to the grain in which they are kept."""
    folded: dict[Key, Kept] = {}
    slots: dict[datetime, int] = {}
    for row in rows:
        scale = ids.scales[row.additive]
        if row.at not in slots:
            if not any(start <= row.at < end for start, end in ranges):
                raise ValueError(f"found a row at {row.at}, expected rows within {ranges}")
            slots[row.at] = epoch(kept_as.start(row.at))
        key = (ids.series[row.additive], ids.splits[row.by], slots[row.at], row.code)
        value = keep(row.value, scale.exact)
        folded[key] = scale.merge(folded[key], value) if key in folded else value
    return folded


def _pieces(
    ranges: Sequence[Range], wanted: dict[Key, Kept]
) -> Iterator[tuple[int, int, dict[Key, Kept]]]:
    """The ranges cut between buckets so that each piece writes a bounded number of rows."""
    keys = sorted(wanted, key=lambda key: key[2])
    times = [key[2] for key in keys]
    for start, end in ranges:
        lo, hi = epoch(start), epoch(end)
        first, stop = bisect_left(times, lo), bisect_left(times, hi)
        while stop - first > PIECE and times[first + PIECE] > times[first]:
            middle = bisect_left(times, times[first + PIECE])
            yield lo, times[middle], {key: wanted[key] for key in keys[first:middle]}
            lo, first = times[middle], middle
        yield lo, hi, {key: wanted[key] for key in keys[first:stop]}


def _existing(connection: sa.Connection, ids: Ids, span: tuple[int, int]) -> dict[Key, Kept]:
    c = t.bucket.c
    query = sa.select(c.series_id, c.by_id, c.at, c.code, *_VALUES).where(
        c.series_id.in_(list(ids.series.values())),
        c.by_id.in_(list(ids.splits.values())),
        c.at >= span[0],
        c.at < span[1],
    )
    return {
        (row[0], row[1], row[2], row[3]): (row[4], row[5], row[6])
        for row in connection.execute(query)
    }


def _difference(existing: dict[Key, Kept], wanted: dict[Key, Kept]) -> tuple[list[Key], list[Key]]:
    """Keys to delete, and keys to write."""
    gone = [key for key in existing if key not in wanted]
    changed = [key for key, kept in wanted.items() if not _same(existing.get(key), kept)]
    return gone, changed


def _same(one: Kept | None, other: Kept) -> bool:
    """Equal, floats up to the noise of another order of adding."""
    if one is None or one[2] is None or other[2] is None:
        return one == other
    return math.isclose(one[2], other[2], rel_tol=1e-12)


def _summed(
    connection: sa.Connection, scale: Scale, series_id: int, by_id: int, runs: Sequence[Run]
) -> list[tuple[int, str, Kept]]:
    merged: dict[tuple[int, str], Kept] = {}
    for first in range(0, len(runs), ARMS):
        statement = sums_statement(scale, series_id, by_id, runs[first : first + ARMS])
        for at, code, whole, part, real in connection.execute(statement):
            kept = _carried(whole, part, real)
            before = merged.get((at, code))
            merged[at, code] = scale.merge(before, kept) if before else kept
    return [(at, code, kept) for (at, code), kept in merged.items()]


def _carried(whole: Any, part: Any, real: float | None) -> Kept:
    if real is not None or whole is None:
        return None, None, real
    carry, rest = divmod(int(part), 1_000_000)
    return int(whole) + carry, rest, None
