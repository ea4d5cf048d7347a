"""A department's database living on: history at first, then whatever has happened since."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import sqlalchemy as sa

from demo.days import DAY, Array, Times, date_of, day_number, day_of
from demo.sheets import From, Sheet, Steps, Written
from demo.writing import insert, update

CHUNK_DAYS = 5
"""Days of history drawn and written at a time, so that memory stays small."""


@dataclass(frozen=True)
class Process:
    """Lives that begin on a day: sheets of one or more tables, drawn from (seed, day).

    `lead` is for how many days after its first a life can still change, `ahead` how many days
    before its day its rows can appear; `whole_year` ones go back to the first of January; `before`
    is how many days before the history are lived too, for what is published once a month.
    """

    draw: Callable[[int, int], Mapping[str, Sheet]]
    lead: int = 1
    ahead: int = 0
    whole_year: bool = False
    before: int = 0


@dataclass(frozen=True)
class Mirror:
    """A table with one row per thing, overwritten as it reports: `state(seed, moment)` gives all
    columns and when each row last changed."""

    table: str
    state: Callable[[int, int], tuple[dict[str, Array], Times]]


@dataclass(frozen=True)
class Plan:
    """All of a department: its tables, what fills them, and reference rows that never change."""

    metadata: sa.MetaData
    processes: tuple[Process, ...]
    mirrors: tuple[Mirror, ...] = ()
    reference: Mapping[str, Callable[[int], dict[str, Array]]] = field(default_factory=dict)


PROGRESS = "demo_progress"


def with_progress(metadata: sa.MetaData) -> sa.MetaData:
    """Add the demo's own note of how far the city has been lived."""
    sa.Table(
        PROGRESS,
        metadata,
        sa.Column("seed", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("first_day", sa.Integer(), nullable=False),
        sa.Column("lived_until", sa.BigInteger(), nullable=False),
    )
    return metadata


class NotOurs(ValueError):
    """A database that is not this demo city's to write into; what was found, expected and to do."""


class Simulation:
    """One department's database and the seed its city is drawn from."""

    def __init__(self, engine: sa.Engine, plan: Plan, seed: int) -> None:
        self.engine = engine
        self.plan = plan
        self.seed = seed
        self._drawn: dict[tuple[int, int], Mapping[str, Sheet]] = {}
        self._progress = plan.metadata.tables[PROGRESS]
        self._fits = False

    def progress(self) -> tuple[int, int] | None:
        """The first day and the second lived until; None where there is no finished city, or one
        of tables that the demo no longer makes so.

        Raises NotOurs where the database holds the city of another seed.
        """
        if not sa.inspect(self.engine).has_table(PROGRESS):
            return None
        with self.engine.connect() as connection:
            row = connection.execute(sa.select(self._progress)).first()
        if row is None:
            return None
        if row.seed != self.seed:
            raise NotOurs(
                f"the database holds the demo city of seed {row.seed}, expected {self.seed};"
                " empty it or set COMMAND_CENTER_DEMO_SEED to that"
            )
        self._fits = self._fits or self._has_our_columns()
        return (row.first_day, row.lived_until) if self._fits else None

    def _has_our_columns(self) -> bool:
        """Whether every table is there with all the columns it is written with."""
        inspector = sa.inspect(self.engine)
        return all(
            inspector.has_table(table.name)
            and {column.name for column in table.columns}
            <= {column["name"] for column in inspector.get_columns(table.name)}
            for table in self._tables()
        )

    def build(self, now: int, days: int) -> int:
        """Create the schema and `days` of history up to `now`, once; returns rows written.

        A build that was interrupted is begun again; a finished city only catches up. Raises NotOurs
        where somebody else's tables are in the database.
        """
        if self.progress() is not None:
            return self.advance(now)
        self._create()
        first = day_of(now) - days
        written = self._write_history(now, first)
        with self.engine.begin() as connection:
            for table in self._tables():
                for index in sorted(table.indexes, key=lambda i: str(i.name)):
                    index.create(connection)
            note = {"seed": self.seed, "first_day": first, "lived_until": now}
            connection.execute(self._progress.insert(), note)
        self._drawn.clear()
        return written

    def _create(self) -> None:
        """Tables without their indexes, which are made faster after the rows are in."""
        self._claim()
        with self.engine.begin() as connection:
            self.plan.metadata.drop_all(connection)
            for table in self._tables():
                connection.execute(sa.schema.CreateTable(table))

    def _claim(self) -> None:
        """Mark an empty database as the demo's own, before anything else is made or dropped in it:
        a URL that was set by mistake may be a real department's."""
        found = sorted(sa.inspect(self.engine).get_table_names())
        if PROGRESS in found:
            return
        if found:
            raise NotOurs(
                f"the database has tables that the demo city did not make ({', '.join(found[:3])}),"
                " expected an empty one; give the demo a database of its own, or, where this is a"
                " real department's, start `receive`, `collect` and `serve` instead of `run`"
            )
        with self.engine.begin() as connection:
            connection.execute(sa.schema.CreateTable(self._progress))

    def _tables(self) -> Iterable[sa.Table]:
        return self.plan.metadata.sorted_tables

    def _write_history(self, now: int, first: int) -> int:
        tables, written = self.plan.metadata.tables, 0
        with self.engine.begin() as connection:
            for name, rows in self.plan.reference.items():
                written += insert(connection, tables[name], rows(self.seed))
            for mirror in self.plan.mirrors:
                columns, _ = mirror.state(self.seed, now)
                written += insert(connection, tables[mirror.table], columns)
        for number, process in enumerate(self.plan.processes):
            start = _first_of(process, first, now)
            last = day_of(now) + process.ahead
            for low in range(start, last + 1, CHUNK_DAYS):
                chunk = range(low, min(low + CHUNK_DAYS, last + 1))
                written += self._write_days(number, chunk, now)
        return written

    def _write_days(self, number: int, days: range, now: int) -> int:
        parts: dict[str, list[dict[str, Array]]] = {}
        for day in days:
            for name, sheet in self._sheets(number, day, keep=False).items():
                rows = sheet.present(now)
                if len(rows):
                    parts.setdefault(name, []).append(sheet.at(now, rows))
        written = 0
        with self.engine.begin() as connection:
            for name, found in parts.items():
                written += insert(connection, self.plan.metadata.tables[name], _joined(found))
        return written

    def advance(self, now: int) -> int:
        """Live on until `now`, in steps of a day where much was missed; returns rows written."""
        progress = self.progress()
        if progress is None:
            raise ValueError("there is no demo city to live on; make it first")
        first, since = progress
        written = 0
        while since < now:
            upto = min(now, since + DAY)
            with self.engine.begin() as connection:
                written += self._step(connection, first, since, upto)
                connection.execute(self._progress.update(), {"lived_until": upto})
            since = upto
        return written

    def _step(self, connection: sa.Connection, first: int, since: int, upto: int) -> int:
        tables, written = self.plan.metadata.tables, 0
        for name, sheet in self._open_sheets(first, since, upto):
            rows = sheet.touched(since, upto)
            rows = rows[sheet.appears[rows] <= upto]
            if not len(rows):
                continue
            new = sheet.appears[rows] > since
            columns = sheet.at(upto, rows)
            changing = [
                n for n, c in sheet.columns.items() if isinstance(c, From | Steps | Written)
            ]
            for chosen, write in ((~new, True), (new, False)):
                part = {n: values[chosen] for n, values in columns.items()}
                if chosen.any():
                    table = tables[name]
                    written += (
                        update(connection, table, part, changing)
                        if write
                        else insert(connection, table, part)
                    )
        return written + self._step_mirrors(connection, since, upto)

    def _step_mirrors(self, connection: sa.Connection, since: int, upto: int) -> int:
        written = 0
        for mirror in self.plan.mirrors:
            columns, changed = mirror.state(self.seed, upto)
            rows = np.flatnonzero((changed > since) & (changed <= upto))
            if len(rows):
                table = self.plan.metadata.tables[mirror.table]
                keys = {column.name for column in table.primary_key}
                changing = [name for name in columns if name not in keys]
                part = {name: values[rows] for name, values in columns.items()}
                written += update(connection, table, part, changing)
        return written

    def _open_sheets(self, first: int, since: int, upto: int) -> Iterator[tuple[str, Sheet]]:
        """Sheets of all days that can have changed in a step; older ones are let go."""
        wanted = set()
        for number, process in enumerate(self.plan.processes):
            start = max(first - process.before, day_of(since) - process.lead)
            for day in range(start, day_of(upto) + process.ahead + 1):
                wanted.add((number, day))
                yield from self._sheets(number, day).items()
        for gone in set(self._drawn) - wanted:
            del self._drawn[gone]

    def _sheets(self, number: int, day: int, keep: bool = True) -> Mapping[str, Sheet]:
        found = self._drawn.get((number, day))
        if found is None:
            found = self.plan.processes[number].draw(self.seed, day)
            if keep:
                self._drawn[number, day] = found
        return found


def _first_of(process: Process, first: int, now: int) -> int:
    """The first day of a process: yearly ones begin in January where history is long enough."""
    begun = first - process.before
    if process.whole_year and day_of(now) - first >= 30:
        return min(begun, day_number(date(date_of(day_of(now)).year, 1, 1)))
    return begun


def _joined(parts: list[dict[str, Array]]) -> dict[str, Array]:
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
