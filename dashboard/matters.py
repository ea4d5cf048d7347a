"""Matters: what waits to be dealt with (待处置), opened by breached limits and silent feeds."""

import math
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from dashboard.readings import Level, instant
from dashboard.text import Text


@dataclass(frozen=True)
class Matter:
    """One open item. `id` is `department/indicator[/part]` or `department/feed/dataset`.

    `title` is a whole sentence of a clerk with the value in it; `place` names the part or the
    city; `since` is when it first was so; `due` when it has to be dealt with, None where no limit
    says; `excess` is how far beyond its limit the value lies, as `excess_of` says.
    """

    id: str
    department: str
    kind: Literal["limit", "feed"]
    level: Level
    title: Text
    place: Text
    since: datetime
    due: datetime | None = None
    indicator: str | None = None
    part: str | None = None
    excess: float = 0.0

    def wire(self) -> dict[str, Any]:
        """The matter as JSON."""
        return {
            "id": self.id,
            "department": self.department,
            "kind": self.kind,
            "level": self.level.value,
            "title": self.title.model_dump(),
            "place": self.place.model_dump(),
            "since": instant(self.since),
            "due": instant(self.due),
            "indicator": self.indicator,
            "part": self.part,
            "excess": self.excess,
        }


def excess_of(value: float | None, edge: float | None) -> float:
    """How far a value lies beyond a limit on either side, as a share of the limit, so that a depth
    and an index can be compared; of a limit of 0 in the value's own unit. 0 where either is
    unknown."""
    if value is None or edge is None or not (math.isfinite(value) and math.isfinite(edge)):
        return 0.0
    return round(abs(value - edge) / (abs(edge) or 1.0), 4)
