"""How large letters have to be to be read: by distance, by the size of a pixel, by the script. Pure.

Height of a character = 6.283 · distance · arc minutes / 21600, since a circle has 21,600 arc minutes
(NUREG-0700, ISO 9241-3: at least 16 at the farthest seat, 20 to 22 preferred). Chinese characters
hold more strokes than letters do and need more: 25.
"""

import math
from dataclasses import dataclass

from dashboard.text import Language

CIRCLE = 21_600
"""Arc minutes of a circle."""
LEAST = 16.0
"""Arc minutes below which nothing should be shown to a room."""


@dataclass(frozen=True)
class Script:
    """What the labels of a language are written in."""

    floor: float
    """Arc minutes that a label should have."""
    face: float
    """How high a character stands, as a share of its font size: in Noto Sans SC a Chinese one fills
    88 %, a capital or a digit 73 %."""


SCRIPTS: dict[Language, Script] = {"zh": Script(25.0, 0.88), "en": Script(20.0, 0.733)}
"""A digit beside a Chinese label of 25 arc minutes has 21."""


def height(distance: float, minutes: float) -> float:
    """Millimetres of a character that is so many arc minutes high at so many metres."""
    return 2 * math.pi * distance * 1000 * minutes / CIRCLE


def angle(millimetres: float, distance: float) -> float:
    """Arc minutes of what is so high at so many metres."""
    return millimetres * CIRCLE / (2 * math.pi * distance * 1000)


@dataclass(frozen=True)
class Sight:
    """Who looks at a picture: from how many metres, at pixels of which size in millimetres."""

    distance: float
    pitch: float
    language: Language = "zh"

    @property
    def script(self) -> Script:
        """What its labels are written in."""
        return SCRIPTS[self.language]

    def pixels(self, minutes: float) -> float:
        """The height in pixels of a character of so many arc minutes."""
        return height(self.distance, minutes) / self.pitch

    def font(self, minutes: float) -> float:
        """The font size in pixels at which characters are so many arc minutes high."""
        return self.pixels(minutes) / self.script.face

    def minutes(self, font: float) -> float:
        """How many arc minutes high the characters of a font size are."""
        return angle(font * self.script.face * self.pitch, self.distance)
