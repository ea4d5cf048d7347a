"""When a dataset last reported, and how many of its rows are set aside."""

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from dashboard.catalogue.datasets import Reported
from dashboard.ports import Range
from data_access.departments.reader import Reader
from data_access.departments.scopes import Scope
from data_access.departments.times import AHEAD, Time, moment_of


def reported(reader: Reader, dataset: str) -> datetime | None:
    """See `ports.Source.reported`: of rows the newest `changed`, else the newest of the dataset's
    first time. Times further ahead than a clock can be wrong are not believed."""
    definition = reader.dataset(dataset)
    match definition.reported:
        case "clock":
            return _clock(reader)
        case Reported() as where:
            return _newest_in(reader, dataset, where)
    spec = definition.changed or next(iter(definition.times.values()), None)
    if spec is None:
        return None
    scope = reader.scope(dataset)
    return _newest(reader, scope, scope.time_column(spec))


def _clock(reader: Reader) -> datetime | None:
    found = reader.rows(sa.select(reader.phrases.now()))[0][0]
    naive = reader.phrases.time_of(found)
    if naive is None:
        return None
    return naive.replace(tzinfo=UTC) if naive.tzinfo is None else naive.astimezone(UTC)


def _newest_in(reader: Reader, dataset: str, reported: Reported) -> datetime | None:
    label = f"{reader.department.key}.{dataset}"
    relation = reader.relation(label, reported.table)
    scope = Scope(
        dataset=reader.dataset(dataset),
        relation=relation,
        zone=reader.department.zone,
        phrases=reader.phrases,
        now=reader.clock(),
        clause=relation.clause(),
    )
    narrowed = scope.narrowed(scope.meets(reported.where))
    return _newest(reader, narrowed, narrowed.time_column(reported.time))


def newest_statement(scope: Scope, time: Time) -> sa.Select[Any]:
    """The largest time that is not in the future: an index read from its end gives it at once."""
    believed = scope.narrowed(time.before(scope.now + AHEAD))
    if not time.sorts:
        return believed.select(sa.func.max(time.micros()))
    return believed.select(time.column).order_by(time.column.desc()).limit(1)


def _newest(reader: Reader, scope: Scope, time: Time) -> datetime | None:
    found = reader.rows(newest_statement(scope, time))
    if not found or found[0][0] is None:
        return None
    at = time.read(found[0][0]) if time.sorts else moment_of(int(found[0][0]))
    return min(at, scope.now) if at else None


def arrived(reader: Reader, dataset: str, window: Range | None) -> int:
    """See `ports.Source.arrived`; a window is of the dataset's first time."""
    every = reader.scope(dataset)
    times = list(every.dataset.times)
    inside = every.time(times[0]).within([window]) if window and times else None
    return int(reader.rows(every.counting(inside).select(sa.func.count()))[0][0])


def set_aside(reader: Reader, dataset: str, window: Range | None) -> dict[str, int]:
    """See `ports.Source.set_aside`; a window is of the dataset's first time."""
    every = reader.scope(dataset)
    times = list(every.dataset.times)
    inside = every.time(times[0]).within([window]) if window and times else None
    scope = every.counting(inside)
    if not scope.rules:
        return {}
    counts = [
        sa.func.count(sa.case((scope.rule(rule), sa.literal_column("1")))).label(rule)
        for rule in scope.rules
    ]
    return {rule: int(n) for rule, n in reader.rows(scope.select(*counts))[0]._mapping.items()}
