"""What only the databases know about a catalogue: missing tables and columns, and full scans.

`python app.py check` and the collector ask every department that answers. Nothing is read but plans:
a statement that would read a whole large table with every tick is a warning, since it costs the
department. A database that falls silent meanwhile says nothing of the catalogue: then all is raised.
"""

import json
from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import chain
from typing import Any

import sqlalchemy as sa

from dashboard.catalogue import Catalogue, Problem
from dashboard.catalogue.check import problem_at
from dashboard.catalogue.city import Where
from dashboard.catalogue.columns import dataset_columns, indicator_columns, option_columns
from dashboard.catalogue.datasets import Reported
from dashboard.catalogue.indicators import STOCKS
from dashboard.catalogue.layering import named_columns
from dashboard.catalogue.layers import Layer
from dashboard.measures import tick_plans
from dashboard.ports import Unreachable
from data_access.departments.changes import changed_statement
from data_access.departments.faults import Misnamed, Silent
from data_access.departments.flows import tick_statement, whole_buckets
from data_access.departments.mapped import map_statement
from data_access.departments.reader import Reader
from data_access.departments.reports import reported
from data_access.departments.shown import statement_of
from data_access.departments.texts import TextForm, UnreadableFormat

LARGE = 10_000
"""A table of fewer rows may be read whole."""


def department_problems(catalogue: Catalogue, reader: Reader) -> list[Problem]:
    """One department's problems. Raises Unreachable where it does not answer. Tables are looked at
    anew, since what was wrong with them may have been mended there."""
    reader.forget()
    with reader.connected() as connection:
        connection.execute(sa.select(sa.literal_column("1")))
    found: list[Problem] = []
    sound: set[str] = set()
    for name in reader.department.datasets:
        wrong = _misnamed(catalogue, reader, name)
        found += wrong
        if not wrong:
            sound.add(name)
    drawn = []
    for layer in catalogue.layers_of(reader.department.key):
        if str(layer.dataset).partition(".")[2] in sound:
            undrawn = list(_undrawn(catalogue, reader, layer))
            found += undrawn
            drawn += [] if undrawn else [layer]
    statements = chain(_statements(reader, sound), _layer_statements(reader, drawn))
    return found + _scans(catalogue, reader, statements)


def _undrawn(catalogue: Catalogue, reader: Reader, layer: Layer) -> Iterator[Problem]:
    """Columns that a layer of the map names and the database has not."""
    relation = reader.scope(str(layer.dataset).partition(".")[2]).relation
    for where, column in named_columns(layer):
        try:
            relation.spelled(column)
        except Misnamed as error:
            yield _wrong_name(catalogue, ("layers", layer.key, *where), error)


def _misnamed(catalogue: Catalogue, reader: Reader, name: str) -> list[Problem]:
    """Tables and columns that the database has not, each where the catalogue names it."""
    department, dataset = reader.department, reader.dataset(name)
    base: Where = ("departments", department.key, "datasets", name)
    try:
        relation = reader.scope(name).relation
    except Misnamed as error:
        return [_wrong_name(catalogue, (*base, "table"), error)]
    except Silent:
        raise
    except Unreachable as error:
        part = "select" if dataset.select else "table"
        return [problem_at(catalogue, (*base, part), str(error), "a readable table or SELECT")]
    found = []
    named = [
        *dataset_columns(base, dataset),
        *option_columns(department, name),
        *indicator_columns(department, name),
    ]
    for where, column in named:
        try:
            relation.spelled(column)
        except Misnamed as error:
            found.append(_wrong_name(catalogue, where, error))
    return found + _unreadable_times(catalogue, reader, name)


def _unreadable_times(catalogue: Catalogue, reader: Reader, name: str) -> list[Problem]:
    """Formats of text that cannot be computed with, and a table of reports that is not there."""
    found = []
    dataset = reader.dataset(name)
    base: Where = ("departments", reader.department.key, "datasets", name)
    for time, spec in dataset.times.items():
        try:
            _ = TextForm(spec.format if spec.kind == "text" else "%Y").parts
        except UnreadableFormat as error:
            known = "directives of year, month, day, hour, minute, second, fraction and offset"
            found.append(problem_at(catalogue, (*base, "times", time, "format"), str(error), known))
    try:
        if isinstance(dataset.reported, Reported):
            reported(reader, name)
    except Misnamed as error:
        found.append(_wrong_name(catalogue, (*base, "reported"), error))
    except Silent:
        raise
    except Unreachable as error:
        where = (*base, "reported")
        found.append(problem_at(catalogue, where, str(error), "a table that says when"))
    return found


def _wrong_name(catalogue: Catalogue, where: Where, error: Misnamed) -> Problem:
    mend = f"did you mean {error.nearest!r}?" if error.nearest else ""
    return problem_at(
        catalogue, where, f"{error.kind} {error.name!r}", f"a {error.kind} of the database", mend
    )


Statement = tuple[Where, str, str, sa.Select[Any]]


def _scans(catalogue: Catalogue, reader: Reader, statements: Iterable[Statement]) -> list[Problem]:
    """Warnings for statements of every tick that read a large table whole."""
    found = []
    for where, what, dataset, statement in statements:
        try:
            tables = full_scans(reader, dataset, statement)
        except Silent:
            raise
        except Unreachable as error:
            found.append(problem_at(catalogue, where, str(error), "a statement that runs"))
            continue
        found += [
            problem_at(
                catalogue,
                where,
                f"{what} reads all of {table}",
                "an index that leads to its rows",
                severity="warning",
            )
            for table in tables
        ]
    return found


def _layer_statements(reader: Reader, layers: Iterable[Layer]) -> Iterator[Statement]:
    """Those of the map's layers that draw some rows of a table; who draws all must read all."""
    for layer in layers:
        if layer.where or layer.newest:
            _, statement = map_statement(reader, layer)
            dataset = str(layer.dataset).partition(".")[2]
            yield ("layers", layer.key), f"the layer {layer.key!r}", dataset, statement


def _statements(reader: Reader, datasets: set[str]) -> Iterator[Statement]:
    """The statements that run with every refresh, and where the catalogue asks for them."""
    department, now = reader.department, reader.clock()
    for plan in tick_plans(department):
        if plan.dataset in datasets:
            dataset = reader.dataset(plan.dataset)
            base: Where = ("departments", department.key, "datasets", plan.dataset)
            if dataset.times[plan.time].sorts:
                tail = whole_buckets([(now - dataset.tail, now)])
                _, tick = tick_statement(reader, plan, tail, plan.dimensions)
                yield (*base, "times", plan.time), f"the tick by {plan.time!r}", plan.dataset, tick
            changed = changed_statement(reader, plan, now - timedelta(minutes=1))
            if changed is not None:
                yield (*base, "changed"), "looking for changed rows", plan.dataset, changed
    for name, indicator in department.indicators.items():
        if indicator.dataset in datasets and indicator.measure.kind in STOCKS:
            where: Where = ("departments", department.key, "indicators", name)
            yield where, f"{name!r}", indicator.dataset or "", statement_of(reader, indicator, name)


def full_scans(reader: Reader, dataset: str, statement: sa.Select[Any]) -> list[str]:
    """The large tables that a statement would read whole. Raises Unreachable."""
    dialect = reader.engine.dialect
    compiled = statement.compile(dialect=dialect, compile_kwargs={"literal_binds": True})
    sql = str(compiled).replace("%%", "%")
    finder = {"sqlite": _sqlite_scans, "postgresql": _postgresql_scans}.get(
        dialect.name, _mariadb_scans
    )
    table = reader.dataset(dataset).table or dataset
    with reader.connected() as connection:
        found = {table if name in _OURS else name for name in finder(connection, sql)}
        return sorted(name for name in found if _is_large(connection, name))


_OURS = ("t", "later")
"""What statements call the dataset's table."""
_MADE = ("n", "v", "r", "ranked", "sent", "parts", "anon_1")
"""What statements call their own results."""


def _explained(connection: sa.Connection, prefix: str, sql: str) -> list[dict[str, Any]]:
    # The driver is handed no values, so that it looks for no place holders in the statement.
    found = connection.exec_driver_sql(f"{prefix} {sql}", execution_options={"no_parameters": True})
    return [dict(row._mapping) for row in found]


def _sqlite_scans(connection: sa.Connection, sql: str) -> Iterator[str]:
    for step in _explained(connection, "EXPLAIN QUERY PLAN", sql):
        words = str(step["detail"]).split()
        if words[0] == "SCAN" and not words[1].startswith(("(", "CONSTANT")):
            yield words[1]


def _postgresql_scans(connection: sa.Connection, sql: str) -> Iterator[str]:
    plan = _explained(connection, "EXPLAIN (FORMAT JSON)", sql)[0]["QUERY PLAN"]
    for node in _nodes(json.loads(plan) if isinstance(plan, str) else plan):
        if node.get("Node Type") == "Seq Scan":
            yield str(node["Relation Name"])


def _nodes(plan: Any) -> Iterator[dict[str, Any]]:
    """All nodes of a plan."""
    if isinstance(plan, list):
        for each in plan:
            yield from _nodes(each)
    elif isinstance(plan, dict):
        if "Node Type" in plan:
            yield plan
        for inner in plan.values():
            if isinstance(inner, dict | list):
                yield from _nodes(inner)


def _mariadb_scans(connection: sa.Connection, sql: str) -> Iterator[str]:
    for step in _explained(connection, "EXPLAIN", sql):
        table = str(step["table"])
        if step["type"] in ("ALL", "index") and not table.startswith("<"):
            yield table


def _is_large(connection: sa.Connection, name: str) -> bool:
    """Whether a table has many rows; a name that is only an alias inside a SELECT is believed."""
    if name in _MADE:
        return False
    schema, _, table = name.rpartition(".")
    if not sa.inspect(connection).has_table(table, schema=schema or None):
        return True
    one: sa.Select[Any] = sa.select(sa.literal_column("1").label("one"))
    some = one.select_from(sa.table(table, schema=schema or None)).limit(LARGE).subquery()
    return bool(connection.execute(sa.select(sa.func.count()).select_from(some)).scalar() == LARGE)
