"""Coverage: from when to when a plan's buckets are complete, so that unknown is never shown as 0.

It is noted per plan *and* the additives and splits the plan had: after a new indicator or split is
added to the catalogue the plan as a whole is not covered, while the old indicators stay covered.
"""

import hashlib
import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass

import sqlalchemy as sa

from dashboard.measures import TickPlan
from dashboard.ports import Range
from data_access.store import tables as t
from data_access.store.buckets import split_name
from data_access.store.database import Database
from data_access.store.grains import joined, moment
from data_access.store.registry import check_token
from data_access.store.writes import upsert


@dataclass(frozen=True)
class Noted:
    """One row: what was complete, and in which ranges."""

    signature: str
    parts: frozenset[str]
    ranges: list[Range]


class Coverage:
    """The coverage table."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, plan: TickPlan) -> Range | None:
        """The newest unbroken range in which all of the plan's additives and splits are complete."""
        wanted = _parts(plan)
        with self._database.reading() as connection:
            noted = _noted(connection, plan.key)
        ranges = joined(r for row in noted if wanted <= row.parts for r in row.ranges)
        return ranges[-1] if ranges else None

    def note(self, plan: TickPlan, covered: Range, token: int) -> None:
        """Add a range. Rows that a newer definition of the plan makes needless are dropped."""
        parts = _parts(plan)
        signature = _signature(parts)
        with self._database.writing() as connection:
            check_token(connection, plan.department, token)
            rows = _noted(connection, plan.key)
            mine = [r for row in rows if row.signature == signature for r in row.ranges]
            ranges = joined([*mine, covered])
            upsert(connection, t.coverage, [_as_row(plan.key, signature, parts, ranges)])
            for row in rows:
                if row.signature != signature and row.parts <= parts and _within(row, ranges):
                    _drop(connection, plan.key, row.signature)

    def forget(self, plan: TickPlan, dimensions: Collection[str] | None, token: int) -> None:
        """Drop what was noted of a plan's key; with dimensions only of splits by one of these."""
        with self._database.writing() as connection:
            check_token(connection, plan.department, token)
            rows = _noted(connection, plan.key)
            left: dict[frozenset[str], list[Range]] = {}
            for row in rows:
                _drop(connection, plan.key, row.signature)
                parts = frozenset() if dimensions is None else _apart_from(row.parts, dimensions)
                left[parts] = joined([*left.get(parts, []), *row.ranges])
            left.pop(frozenset(), None)
            kept = [_as_row(plan.key, _signature(parts), parts, left[parts]) for parts in left]
            if kept:
                upsert(connection, t.coverage, kept)


def _signature(parts: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(sorted(parts)).encode()).hexdigest()[:32]


def _apart_from(parts: Iterable[str], dimensions: Collection[str]) -> frozenset[str]:
    """The parts that are split by none of the dimensions."""
    splits = ((part, set(part.partition("|")[2].split(","))) for part in parts)
    return frozenset(part for part, split in splits if split.isdisjoint(dimensions))


def _parts(plan: TickPlan) -> frozenset[str]:
    return frozenset(
        f"{additive.name}|{split_name(split)}"
        for additive in plan.additives
        for split in plan.splits
    )


def _noted(connection: sa.Connection, plan: str) -> list[Noted]:
    c = t.coverage.c
    found = connection.execute(sa.select(c.signature, c.parts, c.ranges).where(c.plan == plan))
    return [
        Noted(
            signature,
            frozenset(json.loads(parts)),
            [(moment(start), moment(end)) for start, end in json.loads(ranges)],
        )
        for signature, parts, ranges in found
    ]


def _as_row(
    plan: str, signature: str, parts: frozenset[str], ranges: list[Range]
) -> dict[str, str]:
    times = [(start.timestamp(), end.timestamp()) for start, end in ranges]
    return {
        "plan": plan,
        "signature": signature,
        "parts": json.dumps(sorted(parts)),
        "ranges": json.dumps(times),
    }


def _within(row: Noted, ranges: list[Range]) -> bool:
    return all(any(start <= lo and hi <= end for start, end in ranges) for lo, hi in row.ranges)


def _drop(connection: sa.Connection, plan: str, signature: str) -> None:
    c = t.coverage.c
    connection.execute(sa.delete(t.coverage).where(c.plan == plan, c.signature == signature))
