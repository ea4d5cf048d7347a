"""The gate before one department's database, for the questions of people.

It lets so many questions in at a time and remembers who did not answer: for some seconds whoever
asks is told so at once, then one question goes to see. So a department that is silent costs the web
one waiting thread. An outage is logged once when it starts and once when it ends.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import structlog

from dashboard.ports import Busy, Unanswered, Unreachable
from data_access.departments.faults import Silent

FIRST_PAUSE, GROWTH, LONGEST_PAUSE = 5.0, 1.5, 20.0
"""Seconds in which nobody asks again, the first time and at most."""
PATIENCE = 2.0
"""Seconds that a question waits for its turn before it is told that the department is busy."""
_WHOLE = ""
"""Stands for the whole department where it does not answer at all."""

log = structlog.get_logger()


@dataclass
class _Silence:
    """What did not answer, why, and when it may be asked again; times are of a monotonic clock."""

    reason: str
    since: float
    again_at: float
    pause: float = FIRST_PAUSE
    probing: bool = False

    def goes_on(self, now: float) -> None:
        """It was asked again in vain: the next pause is longer."""
        if self.probing:
            self.pause = min(self.pause * GROWTH, LONGEST_PAUSE)
        self.again_at = now + self.pause

    def said(self, now: float) -> str:
        """The reason, and when somebody will know better."""
        if self.probing:
            return f"{self.reason}; it is being asked again"
        return f"{self.reason}; it is asked again in {max(1, round(self.again_at - now))} s"


class Gate:
    """Safe for threads. A question is named by its indicator or dataset: one that fails while the
    database answers, such as a statement that takes too long, shuts out only its like."""

    def __init__(
        self,
        department: str,
        most: int,
        *,
        clock: Callable[[], float] = time.monotonic,
        patience: float = PATIENCE,
    ) -> None:
        self._department = department
        self._most = most
        self._clock = clock
        self._patience = patience
        self._inside = 0
        self._silences: dict[str, _Silence] = {}
        self._turn = threading.Condition()

    @contextmanager
    def passing(self, question: str, *, proves: bool = True) -> Iterator[None]:
        """Let one question in. `proves` is false for one that may be answered without the database.

        Raises Unanswered for what failed inside, and at once where it failed just now; Busy where
        as many as are let in do not come out again in time.
        """
        probed = self._enter(question)
        try:
            yield
        except Silent as error:
            self._failed(_WHOLE, str(error))
            raise Unanswered(str(error)) from error
        except Unreachable as error:
            self._failed(question, str(error))
            raise Unanswered(str(error)) from error
        else:
            if proves:
                self._answered(question)
        finally:
            self._leave(probed)

    def _enter(self, question: str) -> list[_Silence]:
        """The silences that this question probes."""
        until = self._clock() + self._patience
        with self._turn:
            self._refuse(question)
            while self._inside >= self._most:
                left = until - self._clock()
                if left <= 0:
                    raise Busy(
                        f"{self._department}: busy, {self._most} questions are being answered, as"
                        " many as it is asked at a time; ask again in a moment"
                    )
                self._turn.wait(left)
                self._refuse(question)
            self._inside += 1
            probed = self._silences_of(question)
            for silence in probed:
                silence.probing = True
            return probed

    def _leave(self, probed: list[_Silence]) -> None:
        with self._turn:
            self._inside -= 1
            for silence in probed:
                silence.probing = False
            self._turn.notify_all()

    def _refuse(self, question: str) -> None:
        now = self._clock()
        for silence in self._silences_of(question):
            if silence.probing or now < silence.again_at:
                raise Unanswered(silence.said(now))

    def _silences_of(self, question: str) -> list[_Silence]:
        found = (self._silences.get(name) for name in dict.fromkeys((_WHOLE, question)))
        return [silence for silence in found if silence is not None]

    def _failed(self, name: str, reason: str) -> None:
        now = self._clock()
        with self._turn:
            known = self._silences.get(name)
            if known is not None:
                known.goes_on(now)
                return
            self._silences[name] = _Silence(reason, now, now + FIRST_PAUSE)
        about = {"question": name} if name != _WHOLE else {}
        log.warning("no answer to people", department=self._department, reason=reason, **about)

    def _answered(self, question: str) -> None:
        now = self._clock()
        with self._turn:
            ended = {
                name: silence
                for name in dict.fromkeys((_WHOLE, question))
                if (silence := self._silences.pop(name, None)) is not None
            }
        for name, silence in ended.items():
            about = {"question": name} if name != _WHOLE else {}
            seconds = round(now - silence.since, 1)
            log.info("answers people again", department=self._department, seconds=seconds, **about)
