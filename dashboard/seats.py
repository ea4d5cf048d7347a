"""What the farthest seat of a screen can read of a page: its letters, and what would have to be else."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dashboard.canvas import (
    LABEL,
    PAGE_LABEL,
    Canvas,
    Content,
    Room,
    content_of,
    fitted,
    page_rooms,
    shape_of,
    wall_least,
)
from dashboard.catalogue.screens import DutyScreen, Screen, Shown, named_by, pixel_size
from dashboard.legibility import LEAST, Sight

DESK = 16.0
"""Pixels of a rem of a page at a desk."""


@dataclass(frozen=True)
class Seat:
    """One page of a screen from its farthest seat. `rem` in pixels, `label` the smallest letters in
    rem; `sight` is None where nobody has measured the screen."""

    path: str
    canvas: Canvas
    rem: float
    label: float
    sight: Sight | None
    is_wall: bool

    @property
    def enlarged(self) -> float:
        """How many times as large as at a desk a page is shown; a wall fills its room by itself."""
        return 1.0 if self.is_wall else self.rem / DESK

    @property
    def room(self) -> Room:
        """The room in which the page is laid out."""
        return self.canvas.room(self.rem)

    @property
    def font(self) -> float:
        """Pixels of the smallest letters."""
        return self.rem * self.label

    @property
    def minutes(self) -> float | None:
        """How high they are to the eye, in arc minutes."""
        return self.sight.minutes(self.font) if self.sight else None

    @property
    def is_short(self) -> bool:
        """Whether they are smaller than they should be. What is shown of an angle is its whole
        minutes, and by those it is judged."""
        return self.sight is not None and round(self.minutes or 0) < self.sight.script.floor

    @property
    def is_lost(self) -> bool:
        """Whether nobody on that seat should be expected to read them."""
        return self.minutes is not None and round(self.minutes) < LEAST

    @property
    def nearest(self) -> float | None:
        """From how many metres they are as high as they should be, to 10 cm."""
        if self.sight is None:
            return None
        exact = self.sight.distance * self.sight.minutes(self.font) / self.sight.script.floor
        return int(exact * 10) / 10


def canvas_of(screen: Screen) -> Canvas:
    """The pixels of a screen that its frame does not hide."""
    wide, high = pixel_size(screen.pixels)
    if screen.millimetres is None:
        return Canvas(wide, high)
    safe, (broad, tall) = screen.safe_area, pixel_size(screen.millimetres)
    hidden = (safe.left + safe.right) / broad, (safe.top + safe.bottom) / tall
    return Canvas(*(size * max(0.1, 1 - h) for size, h in zip((wide, high), hidden, strict=True)))


def sight_of(screen: Screen) -> Sight | None:
    """Who looks at a screen; None where its size or its farthest seat is not written down."""
    if screen.millimetres is None or screen.distance is None:
        return None
    pitch = pixel_size(screen.millimetres)[1] / pixel_size(screen.pixels)[1]
    return Sight(screen.distance, pitch, screen.language)


def wall_at(path: str, walls: Mapping[str, DutyScreen]) -> DutyScreen | None:
    """The wall at an address; None for any other page, and for a wall that nobody knows."""
    kind, key = named_by(path) or ("", "")
    return walls.get(key) if kind == "wall" else None


def seat_of(screen: Screen, path: str, walls: Mapping[str, DutyScreen]) -> Seat:
    """A page of a screen. A wall that nobody knows is laid out as any other page."""
    wall = wall_at(path, walls)
    if wall is not None:
        return _wall_seat(screen, path, content_of(wall, screen.language))
    canvas, sight = canvas_of(screen), sight_of(screen)
    needed = sight.font(sight.script.floor) / PAGE_LABEL if sight else 0.0
    rem = fitted(canvas, needed, *page_rooms(canvas))
    return Seat(path, canvas, rem, PAGE_LABEL, sight, is_wall=False)


def _wall_seat(screen: Screen, path: str, content: Content) -> Seat:
    canvas, sight, label = canvas_of(screen), sight_of(screen), LABEL[screen.language]
    shape = shape_of(canvas)
    needed = sight.font(sight.script.floor) / label if sight else 0.0
    rem = fitted(canvas, needed, shape.usual, wall_least(shape, content))
    return Seat(path, canvas, rem, label, sight, is_wall=True)


def seats_of(screen: Screen, walls: Mapping[str, DutyScreen]) -> list[Seat]:
    """All pages that a screen shows by itself, those of its schedule too, each once."""
    own = [*screen.pages, *(page for period in screen.schedule for page in period.pages)]
    return [seat_of(screen, path, walls) for path in dict.fromkeys(one.path for one in own)]


def worst_of(seats: list[Seat]) -> Seat | None:
    """The page that is read worst; None where nobody knows, or where there is none."""
    known = [seat for seat in seats if seat.minutes is not None]
    return min(known, key=lambda seat: seat.minutes or 0.0, default=None)


def lighter(screen: Screen, wall: DutyScreen) -> Content | None:
    """What of a wall would be read from the farthest seat: without its map, else with fewer numbers
    in each block; None where less would not do."""
    content = content_of(wall, screen.language)
    for tiles in range(content.tiles, 0, -1):
        for mapped in dict.fromkeys((content.mapped, False)):
            less = content._replace(mapped=mapped, tiles=tiles)
            if not _wall_seat(screen, "", less).is_short:
                return less
    return None


def laid_out(
    screen: Screen, pages: tuple[Shown, ...], walls: Mapping[str, DutyScreen]
) -> dict[str, Any]:
    """What a stage has to know to lay out its pages, as JSON: the room of each in rem, and how high a
    letter has to be, as a share of the height of the picture."""
    rooms = {}
    for page in pages:
        seat = seat_of(screen, page.path, walls)
        rooms[page.path] = [round(side, 3) for side in seat.room]
    sight = sight_of(screen)
    needed = sight.font(sight.script.floor) / pixel_size(screen.pixels)[1] if sight else 0.0
    return {"rooms": rooms, "letters": round(needed, 5)}
