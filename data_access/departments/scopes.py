"""A dataset in one statement: its rows that count, and its columns by the catalogue's names."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from sqlalchemy.types import TypeEngine

from dashboard.catalogue import Dataset
from dashboard.catalogue.datasets import Condition, Dimension, SetAside, TimeColumn
from dashboard.ports import Declined
from data_access.departments.conditions import holds
from data_access.departments.phrases import Expression, Phrases, number
from data_access.departments.relations import Relation
from data_access.departments.texts import UnreadableFormat
from data_access.departments.times import Time
from data_access.departments.written import time_in

COPY = "copy_"
"""Column that numbers the rows that were sent more than once, from 1."""


@dataclass(frozen=True)
class Scope:
    """The rows of `clause` that meet `where`. `now` is what conditions call now."""

    dataset: Dataset
    relation: Relation
    zone: str
    phrases: Phrases
    now: datetime
    clause: sa.FromClause
    where: tuple[Expression, ...] = field(default=())

    def column(self, name: str) -> Expression:
        """A column. Raises Misnamed."""
        return self.relation.column(self.clause, name)

    def kind(self, name: str) -> TypeEngine[Any]:
        """A column's type as the database says; the null type where it does not."""
        return self.relation.types[self.relation.spelled(name)]

    def time(self, name: str) -> Time:
        """One of the dataset's times."""
        if name not in self.dataset.times:
            raise Declined(f"{self.relation.label}: there is no time {name!r}")
        return self.time_column(self.dataset.times[name])

    def time_column(self, spec: TimeColumn) -> Time:
        """Any time column of the relation."""
        column, kind = self.column(spec.column), self.kind(spec.column)
        try:
            return time_in(spec, column, kind, self.zone, self.phrases)
        except UnreadableFormat as error:
            raise Declined(f"{self.relation.label}: {error}") from error

    def code(self, name: str) -> Expression:
        """A dimension's code, told apart exactly; folded where the dimension says so."""
        dimension = self.dimension(name)
        column = self.column(dimension.column)
        if dimension.fold:
            return self.phrases.folded(column)
        return self.phrases.exact(column, self.kind(dimension.column))

    def dimension(self, name: str) -> Dimension:
        """A dimension by name. Raises ValueError naming the declared ones."""
        if name not in self.dataset.dimensions:
            raise ValueError(
                f"found dimension {name!r}, expected one of {sorted(self.dataset.dimensions)}"
            )
        return self.dataset.dimensions[name]

    def meets(self, conditions: Iterable[Condition]) -> Expression | None:
        """All conditions at once, None where there are none."""
        found = [holds(self, condition) for condition in conditions]
        return sa.and_(*found) if found else None

    def narrowed(self, *conditions: Expression | None) -> "Scope":
        """The same rows under further conditions."""
        given = tuple(c for c in conditions if c is not None)
        return replace(self, where=(*self.where, *given))

    def counting(self, *conditions: Expression | None) -> "Scope":
        """The rows that count among those that meet the conditions.

        Where the dataset has a version, of each key only the row with the largest one counts, and
        of equal ones only one. The conditions are put to the rows before, so that an index still
        finds the few rows of a tail.
        """
        if self.dataset.version is None:
            return self.narrowed(*conditions)
        scope = self.narrowed(*conditions)
        keys = [self.column(name) for name in self.dataset.key]
        apart = [
            self.phrases.exact(self.column(name), self.kind(name)) for name in self.dataset.key
        ]
        copy = sa.func.row_number().over(partition_by=apart, order_by=keys).label(COPY)
        newest = (
            sa.select(*self.clause.c, copy)
            .where(*scope.where, sa.not_(self._sent_again()))
            .subquery("n")
        )
        outer = replace(self, clause=newest, where=())
        # Rows without a key cannot be copies of one another.
        nameless = [outer.column(name).is_(None) for name in self.dataset.key]
        return outer.narrowed(sa.or_(newest.c[COPY] == number(1), *nameless))

    def _sent_again(self) -> Expression:
        """There is a row of the same key with a larger version."""
        version = self.dataset.version or ""
        later = replace(self, clause=self.relation.clause("later"))
        mine, its = self.column(version), later.column(version)
        larger = sa.or_(its > mine, sa.and_(mine.is_(None), its.is_not(None)))
        return sa.exists().where(self.same_key(later), larger)

    def same_key(self, other: "Scope") -> Expression:
        """A row here and one there have the same key."""
        return sa.and_(
            *(
                self.phrases.same(other.column(name), self.column(name), self.kind(name))
                for name in self.dataset.key
            )
        )

    @cached_property
    def rules(self) -> tuple[str, ...]:
        """The set-aside rules' names; a rule's place is its bit in `broken`."""
        return tuple(rule.name for rule in self.dataset.set_aside)

    def broken(self) -> Expression:
        """The set-aside rules a row breaks, one bit each."""
        bits = [
            sa.case((self._breaks(rule), number(1 << place)), else_=number(0))
            for place, rule in enumerate(self.dataset.set_aside)
        ]
        total: Expression = number(0)
        for bit in bits:
            total = total + bit
        return total

    def excluding(self, times: Iterable[str | None]) -> int:
        """The bits of the rules that leave a row out of a measure that uses these times."""
        used = set(times)
        return sum(
            1 << place
            for place, rule in enumerate(self.dataset.set_aside)
            if not rule.keep and (rule.times is None or used & set(rule.times))
        )

    def sound(self, times: Sequence[str | None]) -> Expression | None:
        """The row is not left out of measures that use these times; None where no rule could."""
        excluding = self.excluding(times)
        rules = [
            sa.case((self._breaks(rule), number(1)), else_=number(0)) == number(0)
            for place, rule in enumerate(self.dataset.set_aside)
            if excluding & (1 << place)
        ]
        return sa.and_(*rules) if rules else None

    def rule(self, name: str) -> Expression:
        """A set-aside rule's rows. Raises ValueError naming the rules there are."""
        found = next((rule for rule in self.dataset.set_aside if rule.name == name), None)
        if found is None:
            raise ValueError(f"found rule {name!r}, expected one of {list(self.rules)}")
        return self._breaks(found)

    def _breaks(self, rule: SetAside) -> Expression:
        return sa.and_(*(holds(self, condition) for condition in rule.where))

    def select(self, *columns: Any) -> sa.Select[Any]:
        """A SELECT of these rows."""
        return sa.select(*columns).select_from(self.clause).where(*self.where)
