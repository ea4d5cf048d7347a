"""Inspection: what the department's database has against the catalogue, looked at once per version."""

import math
import time
from collections.abc import Callable

from dashboard.catalogue import Catalogue
from data_access.collector.door import SourceDown
from data_access.collector.work import Desk, Outcome

AGAIN = 300.0
"""Seconds until a department with problems is looked at again: a column may be added there, which is
no new version of the catalogue. So it is after a fault of ours."""


class Inspection:
    """Asks for problems where the catalogue is new, else does nothing."""

    def __init__(self, desk: Desk, newest: Callable[[], Catalogue]) -> None:
        self._desk = desk
        self._newest = newest
        self._version = ""
        self._again = 0.0

    def __call__(self) -> Outcome:
        """Raises SourceDown."""
        catalogue, now = self._newest(), time.monotonic()
        if catalogue.departments.get(self._desk.key) != self._desk.agenda.department:
            return Outcome()  # An edit has come between: a new desk is on its way.
        if catalogue.version == self._version and now < self._again:
            return Outcome()
        self._version, self._again = catalogue.version, now + AGAIN
        try:
            problems = tuple(self._desk.door().ask(lambda source: source.problems(catalogue)))
        except SourceDown:
            self._again = now
            raise
        if not problems:
            self._again = math.inf
        return Outcome(problems=problems)
