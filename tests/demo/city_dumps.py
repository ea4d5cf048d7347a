"""Dumps of demo departments for comparison, in one form whatever the engine."""

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from demo.city import PLANS
from demo.simulation import PROGRESS, Simulation
from demo.writing import open_engine

SEED = 7
MONDAY = int(datetime(2026, 9, 14, 2, 20, 30, tzinfo=UTC).timestamp())
"""A Monday at 10:20:30 in the city."""


def simulation_of(name: str, url: str, seed: int = SEED) -> Simulation:
    """A department's simulation; dispose of its engine afterwards."""
    return Simulation(open_engine(url), PLANS[name], seed)


def dump(simulation: Simulation) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of all tables, in the order of their keys."""
    found = {}
    with simulation.engine.connect() as connection:
        for table in simulation.plan.metadata.sorted_tables:
            if table.name == PROGRESS:
                continue
            rows = connection.execute(sa.select(table)).all()
            # Sorted here: the engines order texts by collations of their own.
            found[table.name] = sorted((tuple(map(_plain, row)) for row in rows), key=repr)
    return found


def _plain(value: Any) -> Any:
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value.astimezone(UTC).replace(tzinfo=None)
    return value


def differences(
    one: dict[str, list[tuple[Any, ...]]], other: dict[str, list[tuple[Any, ...]]]
) -> list[Any]:
    """Table by table, the first row that only one of two dumps has."""
    assert one.keys() == other.keys()
    return [
        (name, next(iter(set(one[name]) ^ set(other[name])), "row counts"))
        for name in one
        if one[name] != other[name]
    ]
