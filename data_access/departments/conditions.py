"""Conditions of the catalogue as expressions of SQL.

As in SQL a missing value meets no comparison, `!=` and `not_in` included; only `is_null` finds it.
Text is compared exactly on every engine, also where the database would hold `Open` and `OPEN ` for
equal; `fold` is how a catalogue asks for that.
"""

import operator
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from dashboard.catalogue.datasets import Condition, Scalar
from dashboard.catalogue.model import parse_span
from dashboard.ports import Declined
from dashboard.text import folded
from data_access.departments.phrases import TICK, Expression, bind
from data_access.departments.relations import plain_sql
from data_access.departments.times import Stamp, Time
from data_access.departments.zones import utc_of

if TYPE_CHECKING:
    from data_access.departments.scopes import Scope

_NOW = re.compile(r"now\s*(?:([+-])\s*(.+))?")


def holds(scope: "Scope", condition: Condition) -> Expression:
    """One condition on a row of the scope."""
    if condition.any is not None:
        return sa.or_(sa.false(), *(holds(scope, each) for each in condition.any))
    if condition.sql is not None:
        return sa.and_(plain_sql(f"({condition.sql})"))
    if condition.time is not None:
        return _time_holds(scope, condition, scope.time(condition.time))
    return _column_holds(scope, condition)


def _column_holds(scope: "Scope", condition: Condition) -> Expression:
    name = condition.column or ""
    column, kind = scope.column(name), scope.kind(name)
    if condition.op == "is_null":
        return column.is_(None)
    if condition.op == "not_null":
        return column.is_not(None)

    def equals(value: Scalar) -> Expression:
        if condition.fold:
            return scope.phrases.folded(column) == bind(folded(str(value)))
        return scope.phrases.is_exactly(column, kind, value)

    value = condition.value
    if isinstance(value, list):
        among = sa.or_(sa.false(), *(equals(each) for each in value))
        return among if condition.op == "in" else _known_and_not(column, among)
    if condition.op in ("=", "!=") and value is not None:
        return equals(value) if condition.op == "=" else _known_and_not(column, equals(value))
    subject = scope.phrases.folded(column) if condition.fold else _ordered(scope, name)
    given = folded(str(value)) if condition.fold else scope.phrases.scalar(value, kind)
    return _compared(subject, condition.op, bind(given))


def _ordered(scope: "Scope", name: str) -> Expression:
    return scope.phrases.exact(scope.column(name), scope.kind(name))


def _known_and_not(column: Expression, equal: Expression) -> Expression:
    return sa.and_(column.is_not(None), sa.not_(equal))


_COMPARE: dict[str, Callable[[Any, Any], Expression]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def _compared(left: Expression, op: str, right: Any) -> Expression:
    return _COMPARE[op](left, right)


def _time_holds(scope: "Scope", condition: Condition, time: Time) -> Expression:
    if condition.op in ("is_null", "not_null"):
        none = _stands_for_none(scope, condition.time or "", time)
        return none if condition.op == "is_null" else sa.not_(none)
    if condition.other is not None:
        return _beside(time, condition.op, scope.time(condition.other))
    value = condition.value
    if isinstance(value, list):
        moments = [moment(each, scope.now, time.zone) for each in value]
        among = time.within([(at, at + TICK) for at in moments])
        return among if condition.op == "in" else sa.not_(among)
    return _against(time, condition.op, moment(value, scope.now, time.zone))


def _stands_for_none(scope: "Scope", name: str, time: Time) -> Expression:
    """The row has no such time, or what its department writes for none."""
    written = scope.dataset.times[name].open
    if written is None:
        return time.missing()
    at = moment(written, scope.now, time.zone)
    # Clocks of 1900 ran by local mean time, of which the zone's offset in a statement knows nothing.
    around = timedelta(hours=1)
    return sa.or_(time.missing(), time.within([(at - around, at + around)]))


def _against(time: Time, op: str, at: datetime) -> Expression:
    """A time compared with a moment: all comparisons become `>=` and `<`, which are right for every
    form, whatever fraction of a second it can say."""
    match op:
        case ">=":
            return time.since(at)
        case ">":
            return time.since(at + TICK)
        case "<":
            return time.before(at)
        case "<=":
            return time.before(at + TICK)
        case "=":
            return time.within([(at, at + TICK)])
        case _:
            return sa.not_(time.within([(at, at + TICK)]))


def _beside(time: Time, op: str, other: Time) -> Expression:
    """Two times of a row compared: raw where both are of one form, else as microseconds."""
    alike = isinstance(time, Stamp) and time.comparable_with(other)
    if alike:
        return _compared(time.column, op, other.column)
    return _compared(time.micros(), op, other.micros())


def moment(value: Any, now: datetime, zone: str) -> datetime:
    """What a condition's value means: `now`, `now-30m`, `now+2h`, or an ISO date or time, which is
    of the zone where it has no offset. Raises Declined for anything else."""
    text = str(value).strip()
    relative = _NOW.fullmatch(text)
    try:
        if relative:
            span = parse_span(relative[2]) if relative[2] else timedelta(0)
            return now - span if relative[1] == "-" else now + span
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise Declined(
            f"found {text!r} beside a time, expected now, now-30m or an ISO date"
        ) from error
    return utc_of(found, zone) if found.tzinfo is None else found.astimezone(UTC)
