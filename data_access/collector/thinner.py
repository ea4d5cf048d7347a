"""The thinner: merges old history and deletes old notes of the audit once a day, as long as the
collector runs.

Whatever fails is tried again soon, and said once when it starts and once when it ends: a history
that nobody thins grows without a word.
"""

import threading
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

import structlog

from dashboard.ports import ClocksDiffer, History, Unreachable
from data_access.collector.contained import Contained

log = structlog.get_logger(__name__)
SOON = 600.0
"""Seconds after the start, and after a failure, until history is thinned at the latest."""


class Thinner:
    """Thins the history kept in the days of each zone, and the audit, every so many seconds."""

    def __init__(
        self,
        history: History,
        clock: Callable[[], datetime],
        zones: Callable[[], Sequence[str]],
        every: float,
        audit_days: int,
    ) -> None:
        """The first of `zones` is the city's, in whose days samples are thinned: in another's too,
        the last one of a day would be lost wherever the days do not begin together."""
        self._history = history
        self._clock = clock
        self._zones = zones
        self._every = every
        self._audit_days = audit_days
        self._failing: set[str] = set()

    def run(self, stopped: threading.Event) -> None:
        """Thin until told to stop."""
        pause = min(SOON, self._every)
        while not stopped.wait(pause):
            for number, zone in enumerate(self._zones()):
                self._try("history", partial(self._thin, zone, number == 0), zone=zone)
            self._try("audit", self._prune)
            pause = min(SOON, self._every) if self._failing else self._every

    def _thin(self, zone: str, samples: bool) -> int:
        return self._history.thin(self._clock(), zone, samples=samples)

    def _prune(self) -> int:
        return self._history.prune_audit(self._clock(), self._audit_days)

    def _try(self, what: str, work: Callable[[], int], **about: str) -> None:
        name = f"{what} {about}"
        with Contained() as contained:
            log.info(f"{what} thinned", rows=work(), **about)
            self._failing.discard(name)
        error = contained.error
        if error is None or name in self._failing:
            return
        self._failing.add(name)
        if isinstance(error, Unreachable | ClocksDiffer):
            log.warning(f"{what} not thinned", error=str(error), **about)
        else:
            log.error(f"{what} not thinned", exc_info=error, **about)
