"""What is asked of a department window by window, since no sum of buckets tells it."""

from datetime import datetime

from dashboard.judge import Measured
from dashboard.ports import Unreachable
from dashboard.windows import bucket_start
from data_access.collector.agenda import AskedItem
from data_access.collector.measure import Report, measure_asked, samples_of, window_part
from data_access.collector.refusals import LEFT_ALONE, Topic
from data_access.collector.timetable import ASK
from data_access.collector.work import Desk, Outcome


class Question:
    """One window of an asked indicator, exact, at its own cadence; the main one is sampled."""

    def __init__(self, desk: Desk, item: AskedItem) -> None:
        self._desk = desk
        self._item = item
        self._sampled: datetime | None = None
        self.name = f"{ASK}{item.key}/{item.window}"

    def __call__(self) -> Outcome:
        """Raises SourceDown or Fenced."""
        now, item = self._desk.clock(), self._item
        dataset, key = str(item.indicator.dataset), item.key
        topic = Topic(self.name, "", dataset, frozenset([key] if item.main else []))
        measured = self._desk.refusals.attempt(topic, lambda: self._measured(dataset, now))
        if measured is None:
            pause = max(self._desk.refusals.wait(self.name), min(item.every, LEFT_ALONE))
            return Outcome(again=True, pause=pause)
        if not item.main:
            return Outcome(windows={(item.key, item.window): window_part(measured)})
        return Outcome({item.key: measured}, store=self._sample(measured, now))

    def _measured(self, dataset: str, now: datetime) -> Measured:
        door, item = self._desk.door(), self._item
        reported = door.ask(lambda source: source.reported(dataset))
        # Asked of the department itself, an answer is as old as the newest that it has reported.
        report = Report(None if reported is None else min(now, reported), now)
        return measure_asked(door, item, self._desk.zone, now, report)

    def _sample(self, measured: Measured, now: datetime) -> str | None:
        slot = bucket_start(now, "5m", self._desk.zone)
        if slot == self._sampled:
            return None
        kept = samples_of(measured, self._item.indicator, self._item.window, now)
        try:
            self._desk.history.add_samples(self._desk.key, kept, token=self._desk.token())
        except Unreachable as error:
            return str(error)
        self._sampled = slot
        return None
