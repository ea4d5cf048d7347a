"""Asking one department: statements run read only, failures become Unreachable, names are checked."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from dashboard.catalogue import Dataset, Department, Indicator
from dashboard.measures import OTHER
from dashboard.ports import Unreachable
from data_access.departments.engine import read_only_engine
from data_access.departments.faults import answering
from data_access.departments.mariadb import MariadbPhrases
from data_access.departments.phrases import Phrases
from data_access.departments.postgresql import PostgresqlPhrases
from data_access.departments.relations import Relation, reflect
from data_access.departments.scopes import Scope
from data_access.departments.sqlite import SqlitePhrases

Clock = Callable[[], datetime]


class Reader:
    """One department's connections and what is known of its tables. Safe to share by threads."""

    def __init__(self, department: Department, url: str, connections: int, clock: Clock) -> None:
        self.department = department
        self.clock = clock
        self.engine = read_only_engine(department, url, connections)
        self.seconds = department.limits.statement.total_seconds()
        self._relations: dict[tuple[str | None, str | None], Relation] = {}
        self._kept: dict[tuple[str, str], dict[str, None]] = {}
        self._lock = threading.Lock()

    @property
    def phrases(self) -> Phrases:
        """What this department's engine says differently."""
        dialect = self.engine.dialect
        if dialect.name == "sqlite":
            return SqlitePhrases()
        if dialect.name == "postgresql":
            return PostgresqlPhrases()
        return MariadbPhrases(is_mariadb=bool(getattr(dialect, "is_mariadb", False)))

    @contextmanager
    def connected(self) -> Iterator[sa.Connection]:
        """A connection for one question. Raises Unreachable, also for what fails inside."""
        with answering(self.department.key, self.seconds), self.engine.connect() as connection:
            yield connection

    def rows(self, statement: sa.Executable) -> Sequence[Any]:
        """All rows of a statement. Raises Unreachable."""
        try:
            with self.connected() as connection:
                return connection.execute(statement).all()
        except Unreachable:
            # Tables may have been altered; the next question looks at them anew and says how.
            self.forget()
            raise

    def forget(self) -> None:
        """Look at the tables anew with the next question."""
        with self._lock:
            self._relations.clear()

    def relation(self, label: str, table: str | None, select: str | None = None) -> Relation:
        """What a table or SELECT is. Raises Unreachable, Misnamed."""
        known = self._relations.get((table, select))
        if known is None or known.missed:
            with self.connected() as connection:
                known = reflect(connection, label, table, select)
            with self._lock:
                self._relations[table, select] = known
        # Several datasets may be of one table; each is named as itself in what is said of it.
        return known if known.label == label else replace(known, label=label)

    def dataset(self, name: str) -> Dataset:
        """A dataset of the department. Raises KeyError where there is none."""
        return self.department.datasets[name]

    def indicator(self, name: str) -> Indicator:
        """An indicator by its name or full key. Raises KeyError where there is none."""
        return self.department.indicators[name.removeprefix(f"{self.department.key}.")]

    def scope(self, dataset: str, now: datetime | None = None) -> Scope:
        """All rows of a dataset. Raises KeyError, Unreachable, Misnamed."""
        definition = self.dataset(dataset)
        label = f"{self.department.key}.{dataset}"
        relation = self.relation(label, definition.table, definition.select)
        return Scope(
            dataset=definition,
            relation=relation,
            zone=self.department.zone,
            phrases=self.phrases,
            now=now or self.clock(),
            clause=relation.clause(),
        )

    def keep_codes(self, dataset: str, dimension: str, counts: Counter[str]) -> dict[str, str]:
        """What each code is summed under: itself, or OTHER beyond the dimension's limit.

        Codes named in the catalogue come first, then those seen first, the most frequent before;
        what was kept once stays so as long as this reader, so that no series breaks off. Another one,
        after a restart or for work that was given up, begins with what it reads first.
        """
        definition = self.dataset(dataset).dimensions[dimension]
        with self._lock:
            kept = self._kept.setdefault(
                (dataset, dimension),
                dict.fromkeys(list(definition.values or {})[: definition.limit]),
            )
            for code, _ in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
                if code == "" or len(kept) < definition.limit:
                    kept.setdefault(code)
            return {code: code if code in kept else OTHER for code in counts}

    def close(self) -> None:
        """Let all connections go."""
        self.engine.dispose()
