"""Signs that the shipped face lacks, made of its own letters and strokes.

Response levels and water classes are written with roman numerals, pollutants with subscripts; what is
late has a clock before its name, in charts and on maps too.
"""

from dataclasses import dataclass
from math import cos, radians, sin

from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables._g_l_y_f import Glyph, GlyphComponent
from fontTools.ttLib.tables.TupleVariation import TupleVariation

ROUND_AND_SCALE = 0x0004 | 0x0008


@dataclass(frozen=True)
class Part:
    """A letter of a made sign: how large, and how far it is moved (in units of the em)."""

    letter: str
    scale: float = 1.0
    x: int = 0
    y: int = 0


ROMANS = {"Ⅰ": "I", "Ⅱ": "II", "Ⅲ": "III", "Ⅳ": "IV", "Ⅴ": "V"}
SUBSCRIPTS = {chr(0x2080 + digit): str(digit) for digit in range(10)}
MADE: dict[str, tuple[Part, ...]] = {
    **{sign: tuple(map(Part, letters)) for sign, letters in ROMANS.items()},
    **{sign: (Part(digit, 0.6, 0, -120),) for sign, digit in SUBSCRIPTS.items()},
    "∉": (Part("∈"), Part("/", 1.0, -690)),
}
PARTS = {part.letter for parts in MADE.values() for part in parts}
SIGMA = [(560, 0), (60, 0), (60, 60), (310, 370), (72, 672), (72, 733), (545, 733), (545, 655)]
SIGMA += [(195, 655), (195, 650), (415, 372), (180, 82), (180, 78), (560, 78)]
"""The outline of Σ, of one weight."""
Contour = list[tuple[int, int]]


def _ring(radius: int, turn: int) -> Contour:
    """A circle about the middle of the clock; one within another turns the other way."""
    steps = range(0, 360, 10)
    return [
        (
            450 + round(radius * cos(radians(turn * at))),
            365 + round(radius * sin(radians(at * turn))),
        )
        for at in steps
    ]


OUTLINES: dict[str, tuple[int, list[Contour]]] = {
    "Σ": (610, [SIGMA]),
    "◷": (
        900,
        [
            _ring(375, -1),
            _ring(315, 1),
            [(420, 335), (420, 700), (480, 700), (480, 395), (785, 395), (785, 335)],
        ],
    ),
}
"""Signs drawn point by point, of one weight: how wide each is, and its contours."""


def add_made(font: TTFont) -> None:
    """Add every made sign that the font has not, as far as it has the letters."""
    for sign, parts in MADE.items():
        known = font.getBestCmap()
        if ord(sign) not in known and all(ord(part.letter) in known for part in parts):
            _add_composed(font, sign, parts)
    for sign, (width, contours) in OUTLINES.items():
        if ord(sign) not in font.getBestCmap():
            bearing = min(x for contour in contours for x, _ in contour)
            _add(font, sign, _drawn(contours), (width, bearing), [])


def _drawn(contours: list[Contour]) -> Glyph:
    pen = TTGlyphPen(None)
    for first, *others in contours:
        pen.moveTo(first)
        for point in others:
            pen.lineTo(point)
        pen.closePath()
    return pen.glyph()


def set_order(font: TTFont, order: list[str]) -> None:
    """Make `order` the order of the font's glyphs."""
    font.setGlyphOrder(order)
    font["glyf"].glyphOrder = order
    font["maxp"].numGlyphs = len(order)


def add_glyph(font: TTFont, code: int, name: str) -> None:
    """Have a character drawn by a glyph."""
    for table in font["cmap"].tables:
        if table.isUnicode() and (table.format == 12 or (table.format == 4 and code < 0x10000)):
            table.cmap[code] = name


def _add(
    font: TTFont,
    sign: str,
    glyph: Glyph,
    metrics: tuple[int, int],
    variations: list[TupleVariation],
) -> None:
    name = f"made{ord(sign):x}"
    font["glyf"].glyphs[name] = glyph
    font["hmtx"].metrics[name] = metrics
    font["gvar"].variations[name] = variations
    set_order(font, [*font.getGlyphOrder(), name])
    add_glyph(font, ord(sign), name)


def _add_composed(font: TTFont, sign: str, parts: tuple[Part, ...]) -> None:
    """Letters one after the other, at every weight."""
    names = [font.getBestCmap()[ord(part.letter)] for part in parts]
    glyph, offset = Glyph(), 0
    glyph.numberOfContours = -1
    glyph.components = []
    for part, name in zip(parts, names, strict=True):
        component = GlyphComponent()
        component.glyphName = name
        component.x, component.y = offset + part.x, part.y
        component.flags = ROUND_AND_SCALE
        if part.scale != 1.0:
            component.transform = [[part.scale, 0], [0, part.scale]]
        glyph.components.append(component)
        # A part that is moved back lies over the one before it.
        offset += round(font["hmtx"].metrics[name][0] * part.scale) if part.x == 0 else 0
    bearing = round(font["hmtx"].metrics[names[0]][1] * parts[0].scale)
    _add(font, sign, glyph, (offset, bearing), _variations(font, parts, names))


def _variations(font: TTFont, parts: tuple[Part, ...], names: list[str]) -> list[TupleVariation]:
    """Where heavier letters are wider, those after them move along."""
    found: dict[str, tuple[dict[str, tuple[float, float, float]], list[int]]] = {}
    for index, (part, name) in enumerate(zip(parts, names, strict=True)):
        for variation in font["gvar"].variations[name]:
            axes, widths = found.setdefault(
                str(sorted(variation.axes.items())), (variation.axes, [0] * len(names))
            )
            phantom = variation.coordinates[-3]
            if phantom and part.x == 0:
                widths[index] = round(phantom[0] * part.scale)
    result = []
    for axes, widths in found.values():
        starts = [(sum(widths[:index]), 0) for index in range(len(names))]
        phantoms = [(0, 0), (sum(widths), 0), (0, 0), (0, 0)]
        result.append(TupleVariation(axes, starts + phantoms))
    return result
