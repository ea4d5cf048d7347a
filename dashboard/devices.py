"""Devices: browsers that show a screen, how they are paired with it, and what they tell of themselves."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from dashboard.access import Person
from dashboard.catalogue import Catalogue

PAIRING_LASTS = timedelta(minutes=10)
"""How long a code can be entered; the browser that shows it asks for another one by itself."""
SILENT_AFTER = timedelta(seconds=30)
"""A device of which nothing was heard for so long is not alive: three heartbeats are missing."""
BEATS_KEPT = timedelta(minutes=10)
"""What a device said last is worth knowing for so long."""
LONGEST_NAME = 60
Short = Annotated[str, StringConstraints(max_length=200)]
Count = Annotated[int, Field(ge=0, le=2**53)]
Seconds = Annotated[float, Field(ge=0, le=1e9, allow_inf_nan=False)]


@dataclass(frozen=True)
class Device:
    """A browser that was paired with a screen. Of its token only the hash is known."""

    id: str
    screen: str
    name: str
    paired_by: str
    paired_at: datetime
    token: str | None = None
    last_seen: datetime | None = None
    revoked_at: datetime | None = None


@dataclass(frozen=True)
class Pairing:
    """A browser that waits to be paired, by the hash of its secret; `device` once it was claimed."""

    code: str
    expires_at: datetime
    device: str | None = None


class Beat(BaseModel):
    """What a stage tells of itself every ten seconds. Ages and the uptime are in seconds, the heap
    in bytes; `clock_offset` is the center's clock minus its own."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    page: Short
    version: Short
    width: Annotated[int, Field(ge=1, le=100_000)]
    height: Annotated[int, Field(ge=1, le=100_000)]
    dpr: Annotated[float, Field(gt=0, le=20, allow_inf_nan=False)] = 1.0
    frame_age: Seconds | None = None
    dropped: Count = 0
    heap: Count | None = None
    uptime: Seconds
    clock_offset: Annotated[float, Field(ge=-1e9, le=1e9, allow_inf_nan=False)] | None = None
    errors: Annotated[list[Short], Field(max_length=10)] = []


@dataclass(frozen=True)
class Heard:
    """A heartbeat and when the center heard it."""

    at: datetime
    beat: Beat


Life = Literal["alive", "silent", "never", "unknown"]


def life_of(device: Device, heard: Heard | None, now: datetime, *, known: bool = True) -> Life:
    """How a device is; unknown while nobody can tell what was heard (`known` false)."""
    if not known:
        return "unknown"
    if heard is not None and now - heard.at < SILENT_AFTER:
        return "alive"
    return "never" if heard is None and device.last_seen is None else "silent"


def silent_screens(
    devices: Iterable[Device],
    heard: Mapping[str, Heard],
    now: datetime,
    since: datetime | None = None,
) -> dict[str, bool]:
    """Per screen that was paired whether nothing is heard of it. A device that was paired just now
    has its time to say something, and so have all from when somebody began to listen (`since`)."""
    found: dict[str, bool] = {}
    for device in devices:
        told = heard[device.id].at if device.id in heard else device.paired_at
        newest = max(told, device.paired_at, since or device.paired_at)
        found[device.screen] = found.get(device.screen, True) and now - newest >= SILENT_AFTER
    return found


def person_of_device(device: Device, catalogue: Catalogue) -> Person:
    """Who a device is: it sees, as the roles of its screen do, and may do nothing else. A screen
    that is no longer in the catalogue sees nothing."""
    name = f"screen {device.screen}/{device.name}"
    screen = catalogue.screens.get(device.screen)
    if screen is None:
        return Person(name, departments=frozenset(), actions=frozenset({"see"}))
    if not screen.roles:
        return Person(name, actions=frozenset({"see"}))
    roles = [catalogue.roles[key] for key in screen.roles if key in catalogue.roles]
    departments: frozenset[str] | None = frozenset(
        key for role in roles if role.departments != "all" for key in role.departments
    )
    if any(role.departments == "all" for role in roles):
        departments = None
    held = frozenset(role.key for role in roles)
    return Person(name, departments, frozenset({"see"}), roles=held)


def name_of(typed: object) -> str:
    """The name of a device as it was typed. Raises ValueError."""
    name = " ".join(typed.split()) if isinstance(typed, str) else ""
    if not 0 < len(name) <= LONGEST_NAME:
        raise ValueError(f"found {len(name)} characters, expected a name of 1 to {LONGEST_NAME}")
    return name


def described_beat(heard: Heard) -> dict[str, Any]:
    """A heartbeat as JSON, to be kept."""
    return {"at": heard.at.timestamp(), "beat": heard.beat.model_dump()}
