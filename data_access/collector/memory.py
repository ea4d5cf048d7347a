"""What the collector remembers of a department over a restart: what was open, how its feeds were,
what was published, which night was reconciled."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from dashboard.opening import Open
from data_access.collector.feed_states import FeedStates
from data_access.collector.work import Desk, Outcome

PUBLISHED = "published"
"""What a department has in Redis, by section: its name among what is remembered."""


@dataclass
class Memory:
    """Notes made in the desk's thread, written by a job of the house lane."""

    desk: Desk
    _noted: dict[str, Any] = field(default_factory=dict)
    _kept: dict[str, Any] = field(default_factory=dict)

    def handed_over(self, desk: Desk) -> "Memory":
        """The same for a successor."""
        return Memory(desk, dict(self._noted), dict(self._kept))

    def opened(self) -> dict[str, Open]:
        """The matters that were open. Raises Unreachable."""
        kept = self.desk.history.state(self.desk.key, "matters") or []
        self._kept["night"] = self.desk.history.state(self.desk.key, "night")
        found = [Open.parse(state) for state in kept]
        return {opened.matter.id: opened for opened in found}

    def feed_states(self) -> FeedStates:
        """How the feeds were that there still are. Raises Unreachable."""
        kept = self.desk.history.state(self.desk.key, "feeds") or {}
        datasets = self.desk.agenda.department.datasets
        return FeedStates.parse({name: kept[name] for name in kept if name in datasets})

    def note(
        self, opened: dict[str, Open], states: FeedStates, published: dict[str, list[str]]
    ) -> None:
        """What is to be remembered now."""
        self._noted["matters"] = [one.state() for one in opened.values()]
        self._noted["feeds"] = states.kept()
        self._noted[PUBLISHED] = published

    def new_night(self, night: date) -> bool:
        """Whether the quiet window that began on this day has not been used yet; it is, from now
        on."""
        if self._noted.get("night", self._kept.get("night")) == night.isoformat():
            return False
        self._noted["night"] = night.isoformat()
        return True

    def __call__(self) -> Outcome:
        """Write what has changed. Raises Unreachable or Fenced."""
        for name, value in list(self._noted.items()):
            if self._kept.get(name) != value:
                self.desk.history.set_state(self.desk.key, name, value, token=self.desk.token())
                self._kept[name] = value
        return Outcome()
