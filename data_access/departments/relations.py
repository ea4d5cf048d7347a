"""What a dataset's table or SELECT really is in its database: columns by name, with their types."""

import re
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.types import TypeEngine

from dashboard.ports import Declined
from data_access.departments.faults import Misnamed
from data_access.departments.phrases import Expression

_COLON = re.compile(r"(?<![:\w\\]):(?=\w)")
_POSTGRESQL_TYPES: dict[type[TypeEngine[Any]], set[int]] = {
    sa.Boolean: {16},
    sa.Integer: {20, 21, 23},
    sa.String: {18, 25, 1042, 1043},
    sa.Float: {700, 701},
    sa.Numeric: {1700},
    sa.DateTime: {1114, 1184},
    sa.Date: {1082},
}
_MARIADB_TYPES: dict[type[TypeEngine[Any]], set[int]] = {
    sa.Integer: {1, 2, 3, 8, 9, 13, 16},
    sa.String: {15, 247, 248, 252, 253, 254},
    sa.Float: {4, 5},
    sa.Numeric: {0, 246},
    sa.DateTime: {7, 12},
    sa.Date: {10},
}


def plain_sql(sql: str) -> sa.TextClause:
    """SQL of the catalogue as it is: its colons name no binds."""
    return sa.text(_COLON.sub(r"\:", sql))


@dataclass(frozen=True)
class Relation:
    """A table, view or SELECT with its columns; `label` names it in errors."""

    label: str
    types: dict[str, TypeEngine[Any]]
    table: str | None = None
    schema: str | None = None
    select: str | None = None
    missed: list[str] = field(default_factory=list, compare=False)
    """Columns that were sought in vain. They may have been added since, so that a relation with
    some is to be looked at anew before the next question."""

    def clause(self, alias: str = "t") -> sa.FromClause:
        """The FROM of a statement."""
        columns: list[sa.ColumnClause[Any]] = [sa.column(name) for name in self.types]
        if self.select is not None:
            return plain_sql(self.select).columns(*columns).subquery(alias)
        return sa.table(self.table or "", *columns, schema=self.schema).alias(alias)

    def spelled(self, name: str) -> str:
        """The column as the database spells it. Raises Misnamed where it has none."""
        if name in self.types:
            return name
        alike = [found for found in self.types if found.casefold() == name.casefold()]
        if len(alike) != 1:
            self.missed.append(name)
            raise Misnamed(self.label, "column", name, self.types)
        return alike[0]

    def column(self, clause: sa.FromClause, name: str) -> Expression:
        """A column of a FROM made of this relation. Raises Misnamed."""
        return clause.c[self.spelled(name)]


def reflect(
    connection: sa.Connection, label: str, table: str | None, select: str | None
) -> Relation:
    """Ask the database what the relation is. Raises Misnamed where there is no such table."""
    if select is not None:
        select = select.strip().rstrip(";")
        return Relation(label, _described(connection, select), select=select)
    schema, _, name = (table or "").rpartition(".")
    inspector = sa.inspect(connection)
    found = _existing(inspector, name, schema or None, label)
    columns = inspector.get_columns(found, schema=schema or None)
    types = {str(c["name"]): c["type"] for c in columns}
    return Relation(label, types, table=found, schema=schema or None)


def _existing(inspector: sa.Inspector, name: str, schema: str | None, label: str) -> str:
    if inspector.has_table(name, schema=schema):
        return name
    names = [*inspector.get_table_names(schema), *inspector.get_view_names(schema)]
    alike = [found for found in names if found.casefold() == name.casefold()]
    if len(alike) != 1:
        raise Misnamed(label, "table", name, names)
    return alike[0]


def _described(connection: sa.Connection, select: str) -> dict[str, TypeEngine[Any]]:
    """The columns of a SELECT, as its empty result describes them."""
    statement: sa.Select[Any] = sa.select(sa.literal_column("*")).select_from(
        plain_sql(select).columns().subquery("t")
    )
    result = connection.execute(statement.where(sa.false()))
    cursor = result.cursor
    if cursor is None or cursor.description is None:
        raise Declined("the SELECT of a dataset gives no rows")
    known = {"postgresql": _POSTGRESQL_TYPES, "sqlite": {}}.get(
        connection.dialect.name, _MARIADB_TYPES
    )
    types = {str(column[0]): _type_of(column[1], known) for column in cursor.description}
    result.close()
    return types


def _type_of(code: Any, known: dict[type[TypeEngine[Any]], set[int]]) -> TypeEngine[Any]:
    return next((kind() for kind, codes in known.items() if code in codes), sa.types.NULLTYPE)
