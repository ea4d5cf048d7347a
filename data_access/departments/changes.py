"""Corrections: which buckets hold rows that were written since the last time."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import sqlalchemy as sa

from dashboard.measures import BUCKET, TickPlan
from dashboard.ports import Range
from data_access.departments.flows import bucket_of, whole_buckets
from data_access.departments.reader import Reader
from data_access.departments.times import AHEAD

STEP = timedelta(seconds=BUCKET)
MOST_RANGES = 50


def changed_ranges(
    reader: Reader, plan: TickPlan, since: datetime
) -> tuple[list[Range], datetime | None]:
    """See `ports.Source.changed_ranges`; rows written exactly at `since` are seen again."""
    statement = changed_statement(reader, plan, since)
    if statement is None:
        return [], None
    scope = reader.scope(plan.dataset)
    changed = scope.time_column(scope.dataset.changed)  # type: ignore[arg-type]
    time = scope.time(plan.time)
    starts, newest = set(), None
    for bucket, written in reader.rows(statement):
        at = time.bucket_start(bucket)
        if at is not None:
            starts.add(bucket_of(at))
        seen = changed.read(written)
        newest = max(newest or seen, seen) if seen else newest
    return _few(starts), newest


def changed_statement(reader: Reader, plan: TickPlan, since: datetime) -> sa.Select[Any] | None:
    """Buckets of the rows written since, and when; None without a `changed` column.

    With a version the earlier sendings of a key count no more, so their buckets are read again too.
    """
    scope = reader.scope(plan.dataset)
    spec = scope.dataset.changed
    if spec is None:
        return None
    changed = scope.time_column(spec)
    # A time far in the future must not become the watermark: nothing would ever be newer.
    trusted = sa.case((changed.before(reader.clock() + AHEAD), changed.column))
    bucket = scope.time(plan.time).bucket().label("bucket")
    statement: sa.Select[Any] = sa.select(bucket, sa.func.max(trusted).label("changed"))
    statement = statement.group_by(sa.literal_column("1"))
    if scope.dataset.version is None:
        return statement.select_from(scope.clause).where(changed.since(since))
    again = replace(scope, clause=scope.relation.clause("sent"))
    keys = [scope.column(name) for name in scope.dataset.key]
    # A list and not a join of distinct keys: for those, SQLite walks the whole index of the key.
    sent = sa.select(*(again.column(name) for name in scope.dataset.key))
    sent = sent.where(again.time_column(spec).since(since))
    same = keys[0].in_(sent) if len(keys) == 1 else sa.tuple_(*keys).in_(sent)
    return statement.select_from(scope.clause).where(same)


def _few(starts: Iterable[datetime]) -> list[Range]:
    """Buckets as at most `MOST_RANGES` ranges, the smallest gaps closed first."""
    ranges = whole_buckets((at, at + STEP) for at in starts)
    if len(ranges) <= MOST_RANGES:
        return ranges
    gaps = sorted(
        ((after[0] - before[1], place) for place, (before, after) in enumerate(pairwise(ranges))),
        reverse=True,
    )
    cuts = sorted(place for _, place in gaps[: MOST_RANGES - 1])
    firsts = [0, *(place + 1 for place in cuts)]
    lasts = [*cuts, len(ranges) - 1]
    return [(ranges[a][0], ranges[b][1]) for a, b in zip(firsts, lasts, strict=True)]
