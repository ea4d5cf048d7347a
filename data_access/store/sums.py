"""Sums of buckets over runs of them, as one statement."""

from collections.abc import Callable, Sequence
from typing import Any

import sqlalchemy as sa

from data_access.store import tables as t
from data_access.store.grains import Run
from data_access.store.values import Scale


def sums_statement(scale: Scale, series_id: int, by_id: int, runs: Sequence[Run]) -> sa.Executable:
    """One range scan of the primary key per run, grouped by bucket and code.

    Exact extremes are also grouped by their whole part and picked by the caller, since the largest
    `part` belongs to the largest `whole` only.
    """
    scans = [_scan(scale, series_id, by_id, run) for run in runs]
    return scans[0] if len(scans) == 1 else sa.union_all(*scans)


def _scan(scale: Scale, series_id: int, by_id: int, run: Run) -> sa.Select[Any]:
    c = t.bucket.c
    start = (c.at - (c.at - run.origin) % run.step).label("start")
    aggregate: Callable[[Any], sa.ColumnElement[Any]] = sa.func.sum
    if scale.extreme:
        aggregate = sa.func.max if scale.how == "max" else sa.func.min
    by_whole = scale.extreme and scale.exact
    whole = c.whole if by_whole else aggregate(c.whole)
    return (
        sa.select(start, c.code, whole, aggregate(c.part), aggregate(c.real))
        .where(c.series_id == series_id, c.by_id == by_id, c.at >= run.lo, c.at < run.hi)
        .group_by(sa.text("1"), c.code, *([c.whole] if by_whole else []))
    )
