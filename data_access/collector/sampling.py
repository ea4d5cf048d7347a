"""Samples of what screens show beside readings: rows read now and then, kept as they were last."""

from data_access.collector.refusals import Topic
from data_access.collector.work import Desk, Outcome


class Sampling:
    """A job that reads one dataset; `_read` asks the department and says what that brought."""

    def __init__(self, desk: Desk, name: str, dataset: str) -> None:
        self._desk = desk
        self.name = name
        self.dataset = dataset

    def __call__(self) -> Outcome:
        """Raises SourceDown; what the department declines stays as it was read last."""
        topic = Topic(self.name, "", self.dataset)
        found = self._desk.refusals.attempt(topic, self._read)
        return Outcome() if found is None else found

    def _read(self) -> Outcome:
        raise NotImplementedError
