"""Frames: what all screens of one audience are sent, kept as one value per section and key.

A *batch* is what the collector publishes: sections, each a mapping of key to a JSON object, or to
None where the key is gone. Every object names its `department`, by which audiences are cut; what
only some roles may see names their `roles` as well.

| section    | key                 | object |
| ---------- | ------------------- | ------ |
| `readings` | indicator           | `Reading.wire()` |
| `sparks`   | indicator           | `{department, from, step, values}`: last day, seconds per step |
| `matters`  | matter id           | `Matter.wire()`: what is open in 待处置 |
| `feeds`    | `department.dataset`| `Feed.wire()`: whether the dataset delivers |
| `facts`    | free                | `{department, …}`: what else a screen needs, such as `catalogue` (version) |
| `layers`   | layer of the map    | `{department, version, …}`: that its points are new; counts, not the points |
| `lists`    | indicator           | `{department, at, columns, rows, ids}`: the worst rows that a page lists |
| `lists`    | `indicator|a,b`     | `{department, at, cells}`: a state by two dimensions, for a matrix |

The points themselves are published beside the frame (`POINTS`): nobody is sent them who has not
asked for that layer. Lists stay with the web, which shows them to whoever may see rows
(`UNSENT`): a frame is cut by department only.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

Entry = dict[str, Any]
Batch = Mapping[str, Mapping[str, Entry | None]]
SECTIONS = ("readings", "sparks", "matters", "feeds", "facts", "layers", "lists")
UNSENT = frozenset({"lists"})
"""Sections that no screen is sent: the web itself says who may see them."""
POINTS = "points"
"""What is kept in Redis for whoever asks and never sent with the stream: each layer's points."""
SHARED = "*"
"""The department of entries that every audience sees."""


@dataclass
class FrameState:
    """All sections as of one stream position, merged from batches in stream order."""

    sections: dict[str, dict[str, Entry]] = field(
        default_factory=lambda: {name: {} for name in SECTIONS}
    )

    def apply(self, batch: Batch) -> None:
        """Merge one batch; a None removes its key."""
        for name, entries in batch.items():
            section = self.sections.setdefault(name, {})
            for key, entry in entries.items():
                if entry is None:
                    section.pop(key, None)
                else:
                    section[key] = entry


@dataclass(frozen=True)
class Change:
    """What a follower of the stream hands on to the screens.

    `id` is epoch and stream id (`a1b2c3-1763-0`), None where the follower itself made the change
    and no place in the stream stands for it. `seq` counts batches since the epoch began; `whole`
    says that `batch` is all there is and replaces what was known.
    """

    id: str | None
    seq: int
    batch: Batch
    whole: bool = False

    @property
    def published(self) -> datetime | None:
        """When it reached Redis, by Redis's clock in milliseconds; None where `id` is."""
        if self.id is None:
            return None
        milliseconds = int(self.id.rsplit("-", 2)[1])
        return datetime.fromtimestamp(milliseconds / 1000, UTC)


@dataclass(frozen=True)
class Audience:
    """Who is shown the same: visible departments and held roles; None for all there are."""

    departments: frozenset[str] | None = None
    roles: frozenset[str] | None = None

    def sees(self, department: str, roles: Iterable[str] = ()) -> bool:
        """Whether it may see what a department has for some `roles`, for all where there are none."""
        asked = frozenset(roles)
        if asked and self.roles is not None and not asked & self.roles:
            return False
        return self.departments is None or department in self.departments or department == SHARED


EVERYBODY = Audience()
"""Sees all there is."""


def visible(batch: Batch, audience: Audience) -> Batch:
    """The part of a batch that `audience` may see.

    Removals carry no department, so they pass for keys whose prefix before the first dot or slash
    is a visible department.
    """
    if audience == EVERYBODY:
        return batch
    return {
        name: {key: entry for key, entry in entries.items() if _seen(key, entry, audience)}
        for name, entries in batch.items()
    }


def _seen(key: str, entry: Entry | None, audience: Audience) -> bool:
    if entry is None:
        return audience.sees(key.replace("/", ".").partition(".")[0])
    return audience.sees(entry["department"], entry.get("roles", ()))
