"""The worst rows behind an indicator, for lists that the collector keeps ready: no private column."""

from typing import Any

import sqlalchemy as sa

from dashboard.catalogue import Indicator
from dashboard.catalogue.indicators import FLOWS, Latest, Percentile, Stock
from dashboard.ports import Listed
from dashboard.windows import resolve
from data_access.departments.keys import Addresses
from data_access.departments.lasts import RANK, newest_rank
from data_access.departments.phrases import Expression, number
from data_access.departments.reader import Reader
from data_access.departments.rows import Page, based, behind, cells_of, counted_by, shown_columns
from data_access.departments.scopes import Scope
from data_access.departments.values import measured

WORST = "worst_"


def worst_rows(reader: Reader, name: str, limit: int) -> Listed:
    """See `ports.Source.listed`. Raises ValueError for a derived indicator."""
    indicator = based(reader.indicator(name), name)
    scope = behind(reader, indicator, Page(_window(reader, indicator)))
    columns = [c for c in shown_columns(scope.dataset) if c not in scope.dataset.private]
    found = reader.rows(_worst_first(scope, indicator, columns).limit(limit))
    keys = len(scope.dataset.key)
    addresses = Addresses(scope)
    cells = [row[keys : keys + len(columns)] for row in found]
    return Listed(
        columns,
        [cells_of(scope, columns, row, cleared=False) for row in cells],
        [addresses.of(row[:keys]) for row in found],
    )


def _window(reader: Reader, indicator: Indicator) -> Any:
    """What flows and questions are counted over now; states have no window."""
    if indicator.time is None or indicator.measure.kind not in (*FLOWS, "percentile", "distinct"):
        return None
    return resolve(indicator.window, reader.clock(), reader.department.zone)


def _worst_first(scope: Scope, indicator: Indicator, columns: list[str]) -> sa.Select[Any]:
    """The key, the columns and what they are ordered by. Of things measured the newest row each,
    where it is over what is counted."""
    keys = [scope.column(name) for name in scope.dataset.key]
    order, falls = _order(scope, indicator)
    named = [key.label(f"key_{place}") for place, key in enumerate(keys)]
    named += [scope.column(name).label(f"cell_{place}") for place, name in enumerate(columns)]
    named.append(order.label(WORST))
    worst: Expression = order
    ties: list[Expression] = list(keys)
    measure = indicator.measure
    if isinstance(measure, Latest):
        over = scope.meets(measure.over)
        held = number(1) if over is None else sa.case((over, number(1)), else_=number(0))
        things = [scope.code(name) for name in measure.group]
        rank = newest_rank(scope, things, scope.time(indicator.time or ""))
        inner = scope.select(*named, held.label("over_"), rank.label(RANK)).subquery("ranked")
        statement = sa.select(*(inner.c[one.name] for one in named)).where(
            inner.c[RANK] == number(1), inner.c["over_"] == number(1)
        )
        worst = inner.c[WORST]
        ties = [inner.c[f"key_{place}"] for place in range(len(keys))]
    else:
        statement = scope.select(*named)
    falling = worst.desc() if falls else worst.asc()
    return statement.order_by(*_due_before(scope, indicator), falling, *ties)


def _due_before(scope: Scope, indicator: Indicator) -> list[Expression]:
    """Rows that are due some time come before those that never are, on every engine."""
    if indicator.deadline is None:
        return []
    never = scope.time(indicator.deadline).missing()
    return [sa.case((never, number(1)), else_=number(0))]


def _order(scope: Scope, indicator: Indicator) -> tuple[Expression, bool]:
    """What rows are ordered by, and whether the largest comes first: what is due first where rows
    have a deadline, the oldest of what stands in a state, the worst value of what is measured, else
    the newest."""
    measure = indicator.measure
    if indicator.deadline is not None:
        return _by_time(scope, indicator.deadline), False
    if isinstance(measure, Stock) and (since := measure.age_of or measure.since or indicator.time):
        return _by_time(scope, since), False
    _, value = counted_by(indicator)
    if value is not None and isinstance(measure, Stock | Latest | Percentile):
        factor = measured(scope, value)
        return factor.each, (indicator.direction != "up") == (factor.factor >= 0)
    if indicator.time is not None:
        return _by_time(scope, indicator.time), True
    return scope.column(scope.dataset.key[0]), False


def _by_time(scope: Scope, name: str) -> Expression:
    time = scope.time(name)
    return time.column if time.sorts else time.micros()
