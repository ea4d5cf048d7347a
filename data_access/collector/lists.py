"""Lists of rows that pages show: the worst few of each indicator, read every half minute at most."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from dashboard.catalogue import Department
from dashboard.frames import Entry
from dashboard.measures import JOINT
from dashboard.ports import GroupValue, Listed
from dashboard.readings import instant
from data_access.collector.agenda import crossed_key
from data_access.collector.sampling import Sampling
from data_access.collector.work import Desk, Outcome

LIST = "list/"
"""How the jobs of lists are called."""
MOST = 30
"""Rows of one list; whoever wants more asks the department."""
_LARGEST = 2**63
"""Whole numbers from this on cannot be written as JSON."""


class ListSample(Sampling):
    """Reads the worst rows behind one indicator."""

    def __init__(self, desk: Desk, key: str) -> None:
        self._key = key
        self._indicator = key.partition(".")[2]
        super().__init__(desk, LIST + key, _dataset_of(desk, self._indicator))

    def _read(self) -> Outcome:
        listed = self._desk.door().ask(lambda source: source.listed(self._indicator, MOST))
        return Outcome(lists={self._key: (listed, self._desk.clock())})


class CrossedSample(Sampling):
    """Reads a state by two dimensions."""

    def __init__(self, desk: Desk, key: str, pair: str) -> None:
        self._pair = pair
        self._key = crossed_key(key, pair)
        self._indicator = key.partition(".")[2]
        super().__init__(desk, LIST + self._key, _dataset_of(desk, self._indicator))

    def _read(self) -> Outcome:
        now = self._desk.clock()
        values = self._desk.door().ask(
            lambda source: source.stock(self._indicator, now, self._pair)
        )
        crossed = [value for value in values if JOINT in value.code]
        return Outcome(lists={self._key: (crossed, now)})


def _dataset_of(desk: Desk, indicator: str) -> str:
    return str(desk.agenda.department.indicators[indicator].dataset)


Kept = Mapping[str, tuple[Listed | list[GroupValue], datetime]]


def list_section(department: Department, lists: Kept) -> dict[str, Entry]:
    """The section `lists`: rows by indicator, cells by indicator and pair."""
    return {
        key: {
            "department": department.key,
            **_kept_to(department, key),
            "at": instant(at),
            **(_rows(found) if isinstance(found, Listed) else _cells(found)),
        }
        for key, (found, at) in lists.items()
    }


def _rows(listed: Listed) -> Entry:
    """Rows as JSON: a moment is written as `{"at": …}`, so that text stays text."""
    rows = [[_cell(cell) for cell in row] for row in listed.rows]
    return {"columns": listed.columns, "rows": rows, "ids": listed.ids}


def _cells(values: list[GroupValue]) -> Entry:
    """Cells as JSON: both codes, value, rows behind it and what is stated."""
    return {"cells": [[*one.code.split(JOINT), one.value, one.n, one.text] for one in values]}


def _kept_to(department: Department, key: str) -> Entry:
    """The roles to which an indicator is kept, and its rows with it."""
    roles = department.indicators[key.partition("|")[0].partition(".")[2]].roles
    return {"roles": list(roles)} if roles else {}


def _cell(value: Any) -> Any:
    if isinstance(value, datetime) and value.tzinfo is not None:
        return {"at": instant(value)}
    # Whatever else an engine has (intervals, addresses, ranges, bytes) is told as text: what cannot
    # be written would end the desk of the department each time it publishes.
    if value is None or isinstance(value, str | float):
        return value
    return value if isinstance(value, int) and abs(value) < _LARGEST else str(value)
