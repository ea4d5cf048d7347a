"""Sheets: the rows of a table as they will have been at any moment.

A process draws whole lives at once; a sheet shows of them what has happened by a moment. So the
state of a table is a pure function of the seed and the moment, and a city that was switched off
catches up to exactly the rows of one that was not.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from demo.days import NEVER, Array, Times


@dataclass(frozen=True)
class From:
    """A value (or the time itself) that is empty until `since`."""

    since: Times
    value: Array | None = None

    def at(self, moments: Times, rows: Array) -> Array:
        """The values of `rows`, each as of its moment."""
        since = self.since[rows]
        value: Array = since if self.value is None else self.value[rows]
        empty = np.full(len(rows), _nothing(value), dtype=value.dtype)
        return np.asarray(np.where(since <= moments, value, empty))


@dataclass(frozen=True)
class Steps:
    """A value that passes through stages: of all stages reached, the last one counts.

    `times` is rows by stages, NEVER where a stage is left out; `values` one per stage, or rows by
    stages.
    """

    times: Times
    values: Array
    before: object = None

    def at(self, moments: Times, rows: Array) -> Array:
        """The values of `rows`, each as of its moment."""
        reached = self.times[rows] <= moments[:, None]
        last = reached.shape[1] - 1 - np.argmax(reached[:, ::-1], axis=1)
        values = np.broadcast_to(self.values, self.times.shape)[rows, last]
        before = np.full(len(rows), self.before, dtype=values.dtype)
        return np.asarray(np.where(reached.any(axis=1), values, before))


@dataclass(frozen=True)
class Written:
    """When the row was last written: the newest moment at which anything in it changed."""


Shown = Array | From | Steps | Written
Columns = dict[str, Shown]


@dataclass(frozen=True)
class Sheet:
    """Rows of one table: when each appears, and its columns as they become known.

    `frozen_from` is when rows are written no more, because a corrected one was sent in their place.
    """

    appears: Times
    columns: Mapping[str, Shown]
    frozen_from: Times | None = field(default=None)

    @cached_property
    def moments(self) -> Times:
        """All moments of each row: rows by moments, NEVER filling up."""
        parts = [self.appears[:, None]]
        for column in self.columns.values():
            if isinstance(column, From):
                parts.append(column.since[:, None])
            elif isinstance(column, Steps):
                parts.append(column.times)
        found = np.concatenate(parts, axis=1)
        if self.frozen_from is not None:
            found = np.where(found < self.frozen_from[:, None], found, NEVER)
        return np.asarray(np.maximum(found, self.appears[:, None]))

    @cached_property
    def _ordered(self) -> tuple[Times, Array]:
        flat = self.moments.ravel()
        order = np.argsort(flat, kind="stable")
        return flat[order], order // self.moments.shape[1]

    def present(self, moment: int) -> Array:
        """Rows that exist at a moment."""
        return np.flatnonzero(self.appears <= moment)

    def touched(self, after: int, upto: int) -> Array:
        """Rows written after one moment and up to another."""
        times, rows = self._ordered
        low, high = np.searchsorted(times, [after, upto], side="right")
        return np.unique(rows[low:high])

    def at(self, moment: int, rows: Array) -> dict[str, Array]:
        """The named rows, all columns, as of a moment."""
        moments = np.full(len(rows), moment, np.int64)
        if self.frozen_from is not None:
            moments = np.minimum(moments, self.frozen_from[rows] - 1)
        return {name: self._column(c, moments, rows) for name, c in self.columns.items()}

    def _column(self, column: Shown, moments: Times, rows: Array) -> Array:
        if isinstance(column, Written):
            written = self.moments[rows]
            return np.asarray(np.where(written <= moments[:, None], written, -1).max(axis=1))
        if isinstance(column, From | Steps):
            return column.at(moments, rows)
        return np.asarray(column[rows])


def _nothing(values: Array) -> object:
    """What stands for an empty cell among such values."""
    if values.dtype.kind == "i":
        return np.int64(NEVER)
    return np.nan if values.dtype.kind == "f" else None
