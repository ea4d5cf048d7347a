"""Screens: what hangs in a room, how large it is, and what it shows when.

A duty wall shows one picture and never rotates; a side screen shows pages in turn. What a screen
shows at a moment is worked out in `dashboard.screens`.
"""

from datetime import time, timedelta
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from dashboard.catalogue.model import Entry, Key, Length, Name, span_text
from dashboard.text import Language, Text

SHORTEST_DWELL = timedelta(seconds=45)
"""Nobody has read a page of the room in less."""
STAGE_PATHS = frozenset({"orders", "heartbeat", "pairing", "exit", "worker"})
"""What the stage asks for below /wall/, so that no screen may be called so."""
Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun", "workdays", "holidays"]
WEEKDAYS: tuple[Day, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Size = Annotated[str, StringConstraints(pattern=r"^[1-9]\d{2,4}x[1-9]\d{2,4}$")]
"""Width and height, such as 1920x1080."""


def _read_long_enough(dwell: timedelta) -> timedelta:
    if dwell < SHORTEST_DWELL:
        raise ValueError(
            f"found {span_text(dwell)!r}, expected {span_text(SHORTEST_DWELL)} or longer"
        )
    return dwell


Dwell = Annotated[Length, AfterValidator(_read_long_enough)]


class Shown(Entry):
    """One page that a screen shows in its turn."""

    path: Annotated[str, StringConstraints(pattern=r"^/")] = Field(
        description="a page's address, such as `/department/transit` or `/map`"
    )
    dwell: Dwell = Field(timedelta(seconds=60), description="how long it is shown; 45s at least")


class Period(Entry):
    """Hours in which a screen shows something else. Those that end before they start run past
    midnight and belong to the day on which they start."""

    start: time = Field(alias="from", description="local time at which it begins")
    end: time | Literal["24:00"] = Field(alias="to", description="local time at which it ends")
    days: list[Day] = Field(
        [],
        description="weekdays; `workdays`, make-up days included; `holidays`, which are all others,"
        " weekends included. Every day where none is named",
    )
    night: bool = Field(False, description="the first page alone, dimmed, without rotation")
    off: bool = Field(False, description="nothing: the screen is dark, and nobody misses it")
    pages: list[Shown] = Field([], description="these pages instead")

    @model_validator(mode="after")
    def _says_one_thing(self) -> "Period":
        if self.night + self.off + bool(self.pages) != 1:
            raise ValueError("expected one of `night: true`, `off: true` and `pages`")
        return self


class SafeArea(Entry):
    """Millimetres at the edges that the frame of a screen hides, so that nothing is drawn there."""

    top: Annotated[int, Field(ge=0)] = 0
    right: Annotated[int, Field(ge=0)] = 0
    bottom: Annotated[int, Field(ge=0)] = 0
    left: Annotated[int, Field(ge=0)] = 0


class PageSet(Entry):
    """What a screen shows while one of some levels is in force."""

    key: Name
    title: Text
    stated: list[str] = Field(min_length=1, description="codes of the fact at which it is shown")
    pages: list[Shown] = Field(
        min_length=1, description="shown in turn; one alone on a duty wall, which never rotates"
    )


class ResponsePages(Entry):
    """Pages by the level of response that people have set; software sets none."""

    of: Key = Field(description="fact: the response levels, such as `incidents.responses`")
    place: str | None = Field(
        None, description="whose level counts: a code of the fact's `live_by`, such as the city's"
    )
    sets: list[PageSet] = Field(min_length=1, description="the sets, each level in one of them")


class Screen(Entry):
    """What duty walls and side screens have in common."""

    key: Name
    title: Text
    room: Text | None = Field(None, description="where it hangs")
    pixels: Size = Field("1920x1080", description="width and height of its picture in pixels")
    millimetres: Size | None = Field(None, description="width and height of its picture, measured")
    distance: Annotated[float, Field(gt=0, le=100)] | None = Field(
        None, description="metres from the picture to whoever sits farthest"
    )
    safe_area: SafeArea = SafeArea()
    language: Language = Field("zh", description="language it speaks")
    theme: Literal["dark", "light"] = "dark"
    roles: list[Name] = Field(
        [],
        description="roles with whose eyes it sees; all departments, and nothing that is kept to"
        " roles, where none is named",
    )
    calendar: Name | None = Field(
        None,
        description="whose `closed` and `open` days its schedule goes by, beside the country's",
    )
    schedule: list[Period] = Field([], description="what it shows otherwise; the first that fits")
    response_pages: ResponsePages | None = Field(
        None, description="what it shows by itself while a response is in force"
    )

    @model_validator(mode="after")
    def _is_no_path_of_the_stage(self) -> "Screen":
        if self.key in STAGE_PATHS:
            names = ", ".join(sorted(STAGE_PATHS))
            raise ValueError(f"found {self.key!r}, expected a key other than {names}")
        return self

    @property
    def pages(self) -> list[Shown]:
        """What it shows while nothing else is said, in turn."""
        return []


class WallBlock(Entry):
    """The state of one department on a wall: its key figures."""

    department: Name
    numbers: list[Key] = Field(min_length=1, max_length=4)


class DutyScreen(Screen):
    """A duty wall. Numbers over all blocks, the strip and the small multiples stay within 25; the map in
    its middle has none."""

    kind: Literal["duty", "side"] = "duty"
    focus: Key = Field(description="trend shown in the middle while no matter is open")
    multiples: Key | None = Field(None, description="small numbers under the trend, by its live_by")
    layers: list[Name] = Field(
        [],
        description="layers of catalog/map.yaml drawn in the middle, the uppermost first; no map"
        " where empty. Its areas are coloured by `multiples`",
    )
    roster: Key | None = Field(None, description="fact: who is on duty")
    responses: list[Key] = Field([], description="facts: response levels, by live_by")
    blocks: list[WallBlock] = Field(min_length=1)

    @model_validator(mode="after")
    def _never_rotates(self) -> "DutyScreen":
        for period in self.schedule:
            if len(period.pages) > 1:
                raise ValueError(
                    f"found {len(period.pages)} pages in the schedule of a duty wall, expected one:"
                    " it never rotates"
                )
        return self

    @property
    def pages(self) -> list[Shown]:
        """The wall itself."""
        return [Shown(path=f"/wall/{self.key}")]


class SideScreen(Screen):
    """A side screen: pages in turn, as long as each takes to be read."""

    kind: Literal["side"] = "side"
    shows: list[Shown] = Field(min_length=1, alias="pages")

    @property
    def pages(self) -> list[Shown]:
        """Its pages."""
        return self.shows


class Screens(Entry):
    """catalog/screens.yaml."""

    screens: list[DutyScreen | SideScreen]


def screen_model(value: object) -> type[DutyScreen] | type[SideScreen]:
    """The model of what is written of one screen: by its `kind`."""
    side = isinstance(value, dict) and value.get("kind") == "side"
    return SideScreen if side else DutyScreen


def pixel_size(size: str) -> tuple[int, int]:
    """Width and height of a `Size`."""
    width, _, height = size.partition("x")
    return int(width), int(height)


def named_by(path: str) -> tuple[str, str] | None:
    """The kind of page at an address and the key that it names, such as `("department",
    "transit")`; the key is empty for `/` and `/map`. None where a screen shows no such page."""
    address = urlsplit(path)
    parts = address.path.strip("/").split("/")
    if address.scheme or address.netloc:
        return None
    if parts in ([""], ["map"]):
        return parts[0], ""
    if len(parts) == 2 and parts[0] in ("department", "indicator", "wall"):
        return parts[0], parts[1]
    return None
