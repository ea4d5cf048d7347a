"""A small town for tests: tables of one department with every form of time, on any engine."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from dashboard.catalogue import Department
from dashboard.measures import TickPlan, tick_plans
from data_access.departments.source import SqlSource

NOW = datetime(2026, 11, 22, 4, 30, tzinfo=UTC)
WORDS = {"zh": "试", "en": "test"}


def at(text: str, zone: str = "UTC") -> datetime:
    """An ISO time of a zone, in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def indicator(measure: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    """An indicator with what every one needs."""
    kind = measure["kind"]
    window = "now" if kind in ("stock", "latest", "fact") else "today"
    return {
        "title": WORDS,
        "dataset": "cases",
        "measure": dict(measure),
        "window": window,
        "unit": WORDS,
        "basis": "live",
        "definition": {"text": WORDS},
        **more,
    }


def dimension(column: str, **more: Any) -> dict[str, Any]:
    """A dimension by its column."""
    return {"column": column, "title": WORDS, **more}


def department(
    dataset: Mapping[str, Any],
    indicators: Mapping[str, Any],
    zone: str = "Asia/Shanghai",
    **more: Any,
) -> Department:
    """A department with one dataset, `cases`."""
    return Department.model_validate(
        {
            "key": "town",
            "title": WORDS,
            "owner": WORDS,
            "url": "${TOWN_URL}",
            "zone": zone,
            "liaison": WORDS,
            "datasets": {"cases": {"title": WORDS, "key": ["id"], **dataset}},
            "indicators": dict(indicators),
            **more,
        }
    )


def plan_of(department: Department, time: str | None = None) -> TickPlan:
    """The department's plan by a time, the only one where none is named."""
    return next(p for p in tick_plans(department) if time in (None, p.time))


def fill(url: str, table: sa.Table, rows: Iterable[Mapping[str, Any]]) -> None:
    """Make a table with its indexes and rows."""
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        table.create(connection)
        found = [dict(row) for row in rows]
        if found:
            connection.execute(table.insert(), found)
    engine.dispose()


def write(url: str, *statements: sa.Executable) -> None:
    """Change rows as the department would."""
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(statement)
    engine.dispose()


def source(url: str, of: Department, now: datetime = NOW, **more: Any) -> SqlSource:
    """The source under test, at a fixed moment."""
    return SqlSource(of, url, clock=lambda: now, **more)


Cells = dict[tuple[str, str, datetime], Any]


def cells(source: SqlSource, plan: TickPlan, *ranges: tuple[datetime, datetime]) -> Cells:
    """A tick as (split, code, bucket) → values in the order of the plan's additives, summed."""
    order = [additive.name for additive in plan.additives]
    found: Cells = {}
    for row in source.tick(plan, ranges).rows:
        values = found.setdefault((row.by, row.code, row.at), [None] * len(order))
        values[order.index(row.additive)] = row.value
    return found


def cases_table(url: str, *more: sa.Column[Any]) -> sa.Table:
    """One table with a time of every native form, codes, money and a person's name."""
    aware = url.startswith("postgresql")
    return sa.Table(
        "cases",
        sa.MetaData(),
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("opened_at", sa.DateTime, index=True),
        sa.Column("closed_at", sa.DateTime, index=True),
        sa.Column("due_at", sa.DateTime),
        sa.Column("district", sa.String(20)),
        sa.Column("topic", sa.String(20)),
        sa.Column("fee", sa.Numeric(14, 2)),
        sa.Column("score", sa.Double),
        sa.Column("person", sa.String(20)),
        sa.Column("changed_at", sa.DateTime(timezone=aware), index=True),
        *more,
    )


CASES: dict[str, Any] = {
    "table": "cases",
    "times": {
        "opened": {"column": "opened_at", "kind": "local"},
        "closed": {"column": "closed_at", "kind": "local"},
        "due": {"column": "due_at", "kind": "local"},
    },
    "dimensions": {"district": dimension("district"), "topic": dimension("topic")},
    "changed": {"column": "changed_at", "kind": "instant"},
}


def case(number: int, opened: str, **more: Any) -> dict[str, Any]:
    """A row of the table; the times are local of the department."""
    row: dict[str, Any] = {
        "id": number,
        "opened_at": datetime.fromisoformat(opened),
        "closed_at": None,
        "due_at": None,
        "district": "440604",
        "topic": "noise",
        "fee": None,
        "score": None,
        "person": "张三",
        "changed_at": datetime(2026, 11, 22, 0, 0, tzinfo=UTC),
    }
    for name, value in more.items():
        timed = name.endswith("_at") and isinstance(value, str)
        row[name] = datetime.fromisoformat(value) if timed else value
    return row


def timed(
    url: str, form: dict[str, Any], kind: sa.types.TypeEngine[Any], values: list[Any], zone: str
) -> tuple[Any, Any]:
    """A table of one time column, and its source and plan."""
    table = sa.Table(
        "events",
        sa.MetaData(),
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("moment", kind, index=True),
    )
    fill(url, table, [{"id": n, "moment": value} for n, value in enumerate(values)])
    town = department(
        {"table": "events", "times": {"at": {"column": "moment", **form}}},
        {
            "n": indicator({"kind": "count"}, time="at"),
            "p": indicator({"kind": "distinct", "column": "id"}, time="at"),
        },
        zone=zone,
    )
    return source(url, town), plan_of(town)


def counted(under_test: Any, plan: Any, *ranges: tuple[datetime, datetime]) -> dict[datetime, int]:
    """Rows per bucket."""
    return {key[2]: values[0] for key, values in cells(under_test, plan, *ranges).items()}


def asked(under_test: Any, window: tuple[datetime, datetime]) -> int:
    """Rows of a window that is not cut into buckets."""
    return int(under_test.asked("p", window)[0].value)
