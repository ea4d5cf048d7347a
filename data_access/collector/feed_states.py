"""Since when each feed of a department is as it is, counted on over a restart of its collector."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from dashboard.readings import State, instant, parse_instant
from dashboard.reasons import Reason

_DOWN = frozenset({State.STALE, State.UNAVAILABLE})
Kept = dict[str, list[str | None]]
"""State and time of each dataset, to be remembered."""


@dataclass
class FeedStates:
    """The state each feed has had last, and since when.

    A collector that has just begun holds no report and so knows less than the one before it. That
    alone changes nothing: what was down then is so still, until the department reports.
    """

    _known: dict[str, tuple[State, datetime]] = field(default_factory=dict)
    _began: datetime | None = None

    @classmethod
    def parse(cls, kept: Mapping[str, list[str]]) -> "FeedStates":
        """The inverse of `kept`."""
        return cls({name: (State(was), parse_instant(at)) for name, (was, at) in kept.items()})

    def kept(self) -> Kept:
        """As JSON, for the collector to remember over a restart."""
        return {name: [state.value, instant(at)] for name, (state, at) in self._known.items()}

    def since(
        self, name: str, state: State, reason: str | None, now: datetime, *, reported: bool
    ) -> datetime:
        """Since when a feed is in this state; `reported` says whether it has, since this began."""
        self._began = self._began or now
        before = self._known.get(name)
        if before is not None and before[0] is not state and not reported:
            if before[0] in _DOWN and state in _DOWN:
                return before[1]
            if reason == Reason.NOT_READ.value:
                return self._began
        if before is None or before[0] is not state:
            self._known[name] = state, now
        return self._known[name][1]
