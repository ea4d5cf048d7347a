"""Permits: asked for just before a department is, on behalf of all who wait for the answer."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from dashboard.access import Person, authorise
from dashboard.ports import Range

Audit = Callable[[str, str, str, dict[str, Any]], None]
"""Notes who did what with what; blocks."""


@dataclass
class Permit:
    """The permit of one question, which several people may share while it is answered.

    It is called in the thread that asks; people join from the event loop. Who joins after the
    department was asked is noted then, so that the audit names everybody who was told.
    """

    first: Person
    audit: Audit
    _people: list[str] = field(default_factory=list)
    _asked: dict[str, Range] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, key: str, window: Range) -> None:
        """Notes once for all buckets of an indicator. Raises Refused."""
        # Only people of equal rights share a question, so one of them speaks for all.
        authorise(self.first, "ask", key.partition(".")[0])
        with self._lock:
            if key in self._asked:
                return
            self._asked[key] = window
            people = [self.first.name, *self._people]
        for name in people:
            self._note(name, key, window)

    def join(self, person: Person) -> Callable[[], None] | None:
        """Somebody shares the question: what notes them for all that was asked already (it
        blocks), None where nothing was."""
        with self._lock:
            self._people.append(person.name)
            asked = dict(self._asked)

        def note() -> None:
            for key, window in asked.items():
                self._note(person.name, key, window)

        return note if asked else None

    def _note(self, name: str, key: str, window: Range) -> None:
        detail = {"from": window[0].isoformat(), "to": window[1].isoformat()}
        self.audit(name, "ask", key, detail)
