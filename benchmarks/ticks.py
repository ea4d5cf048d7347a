"""(b) What one reading costs the department's database, by cost class and size of the table.

Tables of 10⁴, 10⁶ and 10⁷ rows with the same arrival rate (one row a second, so that the largest
holds 116 days): what a flow tick costs must not grow with history. The product's own source runs
each measure on SQLite and PostgreSQL; the fastest of several runs, since a busy machine only adds,
and the ratio to the smallest table.
"""

import tempfile
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import sqlalchemy as sa

from benchmarks.measuring import table
from dashboard.catalogue import Department
from dashboard.measures import tick_plans
from data_access.departments.source import SqlSource

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
SIZES = (10_000, 1_000_000, 10_000_000)
RUNS = 31
POSTGRES = "postgresql+psycopg://postgres@127.0.0.1:5432/"

DEPARTMENT = Department.model_validate(
    {
        "key": "bench", "title": {"zh": "测", "en": "Bench"}, "owner": {"zh": "测", "en": "Bench"},
        "liaison": {"zh": "测", "en": "Bench"}, "url": "${BENCH_URL}", "zone": "Asia/Shanghai",
        "limits": {"statement": "120s"},
        "datasets": {"matters": {
            "title": {"zh": "件", "en": "Matters"}, "table": "matter", "key": ["id"],
            "times": {"opened": {"column": "opened", "kind": "epoch"},
                      "closed": {"column": "closed", "kind": "epoch"}},
            "changed": {"column": "changed", "kind": "epoch"},
            "dimensions": {"district": {"column": "district", "title": {"zh": "区", "en": "District"}},
                           "station": {"column": "station", "title": {"zh": "站", "en": "Station"}}},
        }},
        "indicators": {
            name: {
                "title": {"zh": name, "en": name}, "dataset": "matters", "time": "opened",
                "unit": {"zh": "件", "en": "cases"}, "definition": {"text": {"zh": "测", "en": "test"}},
                "basis": "live", "by": ["district"], "window": window, "measure": measure,
            }
            for name, window, measure in (
                ("flow", "today", {"kind": "count"}),
                ("share", "today", {"kind": "ratio", "where": [{"column": "state", "value": "done"}]}),
                ("stock", "now", {"kind": "stock", "where": [{"column": "state", "value": "open"}]}),
                ("latest", "now", {"kind": "latest", "of": {"column": "amount"}, "within": "15m",
                                   "group": ["station"]}),
                ("p90", "today", {"kind": "percentile", "q": 0.9,
                                  "of": {"start": "opened", "end": "closed", "unit": "min"}}),
            )
        },
    }
)  # fmt: skip

_MAKE = """
CREATE TABLE matter (id BIGINT PRIMARY KEY, opened BIGINT, closed BIGINT, changed BIGINT,
  district VARCHAR(6), station VARCHAR(8), state VARCHAR(8), amount DOUBLE PRECISION)
"""
_ROW = """
SELECT i, {now} - i, CASE WHEN i % 97 <> 0 OR i > 20000 THEN {now} - i + 60 * (i % 500) END, {now} - i,
  '44060' || (4 + i % 5), 'S' || (i % 40),
  CASE WHEN i % 97 = 0 AND i <= 20000 THEN 'open' ELSE 'done' END, (i % 10007) / 10.0
"""
_SERIES = {
    "postgresql": "FROM generate_series(1, {rows}) AS s(i)",
    "sqlite": "FROM (WITH RECURSIVE s(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < {rows})"
    " SELECT i FROM s)",
}
_INDEXES = (
    "CREATE INDEX matter_opened ON matter (opened)",
    "CREATE INDEX matter_changed ON matter (changed)",
    "CREATE INDEX matter_open ON matter (state) WHERE state = 'open'",
)


@contextmanager
def matter_table(engine_name: str, rows: int) -> Iterator[str]:
    """A department database with that many rows; its URL."""
    with tempfile.TemporaryDirectory() as folder:
        name = f"cc_bench_{uuid.uuid4().hex[:8]}"
        url = f"sqlite:///{Path(folder) / name}.sqlite"
        admin = sa.create_engine(POSTGRES + "postgres", isolation_level="AUTOCOMMIT")
        if engine_name == "postgresql":
            url = POSTGRES + name
            with admin.connect() as connection:
                connection.execute(sa.text(f"CREATE DATABASE {name}"))
        try:
            _fill(url, engine_name, rows)
            yield url
        finally:
            if engine_name == "postgresql":
                with admin.connect() as connection:
                    connection.execute(sa.text(f"DROP DATABASE {name} WITH (FORCE)"))
            admin.dispose()


def _fill(url: str, engine_name: str, rows: int) -> None:
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    numbers = {"now": int(NOW.timestamp()), "rows": rows}
    body = (_ROW + _SERIES[engine_name]).format(**numbers)
    if engine_name == "postgresql":
        body = body.replace("%", "%%")  # psycopg reads a single one as a placeholder
    with engine.connect() as connection:
        if engine_name == "sqlite":
            connection.exec_driver_sql("PRAGMA journal_mode = WAL")
        connection.exec_driver_sql(_MAKE)
        connection.exec_driver_sql("INSERT INTO matter " + body)
        for index in _INDEXES:
            connection.exec_driver_sql(index)
        connection.exec_driver_sql("ANALYZE")
    engine.dispose()


def cost_classes(source: SqlSource) -> dict[str, Callable[[], object]]:
    """One call per cost class, as the collector makes it."""
    plan = next(iter(tick_plans(DEPARTMENT)))
    tail = (NOW - timedelta(hours=2), NOW + timedelta(minutes=5))
    return {
        "flow tick": lambda: source.tick(plan, [tail]),
        "changed rows": lambda: source.changed_ranges(plan, NOW - timedelta(seconds=10)),
        "indexed stock": lambda: source.stock("stock", NOW, "district"),
        "bounded latest": lambda: source.stock("latest", NOW, "station"),
        "asked P90 of 2 hours": lambda: source.asked("p90", tail, "district"),
    }


def fastest_ms(works: Sequence[Callable[[], object]]) -> list[float]:
    """The fastest of several runs of each after a warm-up, in milliseconds; in turns, so that what
    else the machine does meets all of them alike."""
    spent: list[list[float]] = [[] for _ in works]
    for work in works:
        work()
    for _ in range(RUNS):
        for work, taken in zip(works, spent, strict=True):
            started = time.perf_counter()
            work()
            taken.append(1000 * (time.perf_counter() - started))
    return [min(taken) for taken in spent]


def measure(engine_name: str) -> list[list[str]]:
    """One line per cost class: milliseconds at each size and the ratio of largest to smallest."""
    with ExitStack() as stack:
        sources = []
        for rows in SIZES:
            source = SqlSource(DEPARTMENT, stack.enter_context(matter_table(engine_name, rows)))
            stack.callback(source.close)
            sources.append(cost_classes(source))
        figures = {name: fastest_ms([one[name] for one in sources]) for name in sources[0]}
    return [
        [engine_name, name, *(f"{ms:.1f}" for ms in spent), f"{spent[-1] / spent[0]:.2f}"]
        for name, spent in figures.items()
    ]


def main() -> str:
    """The table of both engines."""
    head = ["engine", "cost class", *(f"{rows:,} rows, ms" for rows in SIZES), "largest / smallest"]
    return table(head, [*measure("sqlite"), *measure("postgresql")])


if __name__ == "__main__":
    print(main())
