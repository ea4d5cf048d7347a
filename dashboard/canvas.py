"""How a page is laid out on a canvas: its shape, and how much room it has in letters (rem). Pure.

Room is what text sizes follow from. A page has its usual room, in which it looks as at a desk, and
the least in which nothing of it is cut. Between the two the distance decides: the farther the seats,
the larger the letters and the less room. `assets/wall.css` and `assets/walls.css` draw what is
counted here.
"""

import math
from dataclasses import dataclass
from typing import NamedTuple

from dashboard.catalogue.screens import DutyScreen


class Room(NamedTuple):
    """Width and height in rem."""

    wide: float
    high: float


class Canvas(NamedTuple):
    """Width and height in pixels, without what the frame of the screen hides."""

    wide: float
    high: float

    def rem(self, room: Room) -> float:
        """Pixels of a rem where so much room has to be."""
        return min(self.wide / room.wide, self.high / room.high)

    def room(self, rem: float) -> Room:
        """The room that there is with a rem of so many pixels."""
        return Room(self.wide / rem, self.high / rem)


@dataclass(frozen=True)
class Shape:
    """How walls of a shape are arranged."""

    until: float
    """Width by height below which a canvas has it."""
    usual: Room
    columns: int
    """Most columns of blocks beside each other."""
    strip: float
    """Height of what is above the columns, with the edge below them."""
    legend: float = 0.0
    """Height of the map's legend where it stands below it."""


TALL = Shape(1.0, Room(74, 130), 2, strip=12, legend=6.5)
USUAL = Shape(2.6, Room(120, 67.5), 1, strip=5.75)
WIDE = Shape(5.0, Room(180, 48.5), 2, strip=5.75, legend=6.5)
BAND = Shape(math.inf, Room(218, 36), 3, strip=5.75)
SHAPES = (TALL, USUAL, WIDE, BAND)

# In rem, as the style has them.
_GAP, _EDGES = 0.75, 1.5
_BLOCK, _BLOCK_WIDEST, _BLOCK_EDGES = 10.25, 37.0, 2.2
_TILE, _TILE_GAP = 10.5, 1.0
_PENDING = Room(30, 22)
_TREND, _MAP, _PARTS = Room(34, 22), Room(36, 15), Room(36, 7.6)
_PANEL = Room(2.5, 2.25)
_STRIP_WIDTH = {"zh": 108.0, "en": 120.0}
_TALL_WIDTH = 70.0

LABEL = {"zh": 1.0625, "en": 1.0}
"""The smallest letters of a wall by language, in rem."""
PAGE_LABEL = 0.75
"""Those of any other page: of its charts."""
_PAGE, _PAGE_LEAST = Room(120, 67.5), Room(56, 31.5)
"""A page as at a desk, and the least of which the first screenful still says something."""


def shape_of(canvas: Canvas) -> Shape:
    """The shape of a canvas."""
    return next(one for one in SHAPES if canvas.wide / canvas.high < one.until)


class Content(NamedTuple):
    """What a wall shows that takes room."""

    blocks: int
    tiles: int
    mapped: bool
    parts: bool
    language: str = "zh"


def content_of(wall: DutyScreen, language: str) -> Content:
    """What a duty wall of the catalogue shows."""
    tiles = max(len(block.numbers) for block in wall.blocks)
    return Content(len(wall.blocks), tiles, bool(wall.layers), bool(wall.multiples), language)


def wall_least(shape: Shape, content: Content) -> Room:
    """The least room in which all of a wall can be seen."""
    rows = math.ceil(content.blocks / shape.columns)
    columns = math.ceil(content.blocks / rows)
    # Four share the width of three: their words are short, or end early.
    block = min(_BLOCK_WIDEST, content.tiles * (_TILE + _TILE_GAP) - _TILE_GAP + _BLOCK_EDGES)
    blocks = Room(columns * (block + _GAP) - _GAP, rows * (_BLOCK + _GAP) - _GAP)
    middle = _middle(shape, content)
    if shape is TALL:
        wide = max(blocks.wide + _EDGES, _TALL_WIDTH)
        return Room(wide, shape.strip + _PENDING.high + middle.high + blocks.high + 2 * _GAP)
    wide = _EDGES + _PENDING.wide + middle.wide + blocks.wide + 2 * _GAP
    high = shape.strip + max(_PENDING.high, middle.high, blocks.high)
    return Room(max(wide, _STRIP_WIDTH[content.language]), high)


def _middle(shape: Shape, content: Content) -> Room:
    """The matter at hand with the map and the parts: in one column on a usual canvas, else with the map
    beside the trend, and the parts below the map or, on an upright one, below both."""
    parts = _PARTS if content.parts else Room(0, 0)
    drawn = _MAP.high + shape.legend if content.mapped else 0.0
    if not content.mapped or shape is USUAL:
        wide, high = max(_TREND.wide, parts.wide), _TREND.high + drawn + parts.high
    else:
        wide = _TREND.wide + _MAP.wide + _EDGES
        below = drawn + parts.high
        high = max(_TREND.high, drawn) + parts.high if shape is TALL else max(_TREND.high, below)
    return Room(wide + _PANEL.wide, high + _PANEL.high)


def page_rooms(canvas: Canvas) -> tuple[Room, Room]:
    """The usual room of any other page, and the least."""
    upright = canvas.wide < canvas.high
    usual, least = (Room(*r[::-1]) if upright else r for r in (_PAGE, _PAGE_LEAST))
    return usual, least


def fitted(canvas: Canvas, needed: float, usual: Room, least: Room) -> float:
    """The rem of a page: what the distance needs, but no less than usual and no more than what
    leaves the least room. Nothing shrinks below the usual for want of room."""
    own = canvas.rem(usual)
    return min(max(needed, own), max(canvas.rem(least), own))
