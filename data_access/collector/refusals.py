"""What a department declines, though it answers: which questions, why, and when each is put again.

Such a question says nothing of the others, nor does one of several that takes too long. It is left out for a while, for longer each time, and
the work that it belongs to goes on without it. One reason is logged once, however many pieces of
work meet it, and once more when none meets it any longer.
"""

import threading
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Any, TypeVar

from dashboard.reasons import Reason, reason_of
from data_access.collector.door import SourceDeclined

T = TypeVar("T")
FIRST, GROWTH, LEFT_ALONE = 2.0, 1.5, 60.0
"""Seconds until a question that was declined is put again, the first time and at most."""


@dataclass(frozen=True)
class Topic:
    """What a question is about: the job that puts it, which piece of that job's work it is, the
    dataset, and the readings that cannot be had without its answer."""

    job: str
    piece: str
    dataset: str
    readings: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Refusal:
    """A question that is declined. Times are seconds of a monotonic clock."""

    topic: Topic
    reason: str
    again_at: float
    pause: float


@dataclass
class _Said:
    """A reason that was logged: since when, and for which jobs it is not known whether it still
    holds, because they begin anew under another lease or catalogue."""

    since: float
    doubted: set[str] = field(default_factory=set)


class Refusals:
    """All that one department declines; safe for threads. `settle` and what follows it are for the
    thread of the desk alone."""

    def __init__(self) -> None:
        self._held: dict[tuple[str, str], Refusal] = {}
        self._lock = threading.Lock()
        self._hurried: set[str] = set()
        self._said: dict[str, _Said] = {}
        self.met = 0
        """How often a question was declined."""

    def attempt(self, topic: Topic, question: Callable[[], T]) -> T | None:
        """The answer; None where the question is declined, or was so a moment ago and is not put.
        What else it raises is raised."""
        if not self.lets(topic.job, topic.piece):
            return None
        try:
            answer = question()
        except SourceDeclined as error:
            self.note(topic, str(error))
            return None
        self.forget(topic.job, topic.piece)
        return answer

    def lets(self, job: str, piece: str) -> bool:
        """Whether a question may be put now."""
        known = self._held.get((job, piece))
        return known is None or time.monotonic() >= known.again_at

    def note(self, topic: Topic, why: str, code: Reason = Reason.DECLINED) -> None:
        """A question was declined, or is left out in the same way for another reason."""
        place = topic.job, topic.piece
        with self._lock:
            known = self._held.get(place)
            pause = min(known.pause * GROWTH, LEFT_ALONE) if known else FIRST
            reason = reason_of(code, why)
            self._held[place] = Refusal(topic, reason, time.monotonic() + pause, pause)
            self.met += 1

    def forget(self, job: str, piece: str) -> None:
        """A question was answered, or there is no such question any more. Others of its dataset may
        be answered now as well, so they need not wait."""
        if (job, piece) not in self._held:
            return
        with self._lock:
            gone = self._held.pop((job, piece), None)
            if gone is None:
                return
            for place, one in self._held.items():
                if one.topic.dataset == gone.topic.dataset:
                    self._held[place] = Refusal(one.topic, one.reason, 0.0, FIRST)
                    self._hurried.add(one.topic.job)

    def wait(self, job: str) -> float:
        """Seconds until a job may put again what was declined of it."""
        times = [one.again_at for one in self._all() if one.topic.job == job]
        return max(0.0, min(times, default=0.0) - time.monotonic())

    def of_job(self, job: str) -> bool:
        """Whether something is declined of a job."""
        return any(one.topic.job == job for one in self._all())

    def of_reading(self, key: str) -> str | None:
        """Why a reading cannot be had."""
        return next((one.reason for one in self._all() if key in one.topic.readings), None)

    def of_dataset(self, dataset: str) -> str | None:
        """Why something about a dataset is not known; what readings need comes first."""
        found = [one for one in self._all() if one.topic.dataset == dataset]
        found.sort(key=lambda one: not one.topic.readings)
        return next((one.reason for one in found), None)

    def _all(self) -> list[Refusal]:
        with self._lock:
            return list(self._held.values())

    def hurried(self) -> set[str]:
        """Jobs that may put again at once what was declined, since their dataset was mended."""
        with self._lock:
            names, self._hurried = self._hurried, set()
        return names

    def settle(self, log: Any, job: str) -> None:
        """A job has ended: log reasons that are new, and those that hold no more."""
        holds: dict[str, list[Topic]] = {}
        for one in self._all():
            holds.setdefault(one.reason, []).append(one.topic)
        now = time.monotonic()
        for reason, topics in holds.items():
            if reason not in self._said:
                self._said[reason] = _Said(now)
                log.warning("question declined", subject=_subject(topics[0]), reason=reason)
        for reason, said in list(self._said.items()):
            said.doubted.discard(job)
            if reason not in holds and not said.doubted:
                del self._said[reason]
                seconds = round(now - said.since, 1)
                log.info("question answered again", reason=reason, seconds=seconds)

    def begin(self, jobs: Collection[str], sure: Callable[[str], bool]) -> None:
        """All questions are put anew by these jobs. Whether a reason still holds is known when
        those that met it have ended once; the `sure` ones, which come soon, where there are any."""
        with self._lock:
            before, self._held = self._held, {}
        for reason, said in self._said.items():
            met = {one.topic.job for one in before.values() if one.reason == reason}
            doubted = (met | said.doubted) & set(jobs)
            said.doubted = {job for job in doubted if sure(job)} or doubted


def _subject(topic: Topic) -> str:
    return topic.dataset or topic.piece
