"""Positions on the earth: WGS-84 inside, GCJ-02 converted at the edge, distances, inside or not."""

import math
from collections.abc import Iterable, Sequence

Position = tuple[float, float]
"""Longitude and latitude in degrees, as GeoJSON writes them."""
Ring = Sequence[Sequence[float]]
Polygon = Sequence[Ring]
"""The outer ring, then holes."""
EARTH = 6_371_008.8
"""Mean radius in metres (IUGG)."""
_AXIS, _ECCENTRICITY = 6_378_245.0, 0.006693421622965943
"""The Krasovsky ellipsoid, on which GCJ-02 is defined."""


def gcj02_of(longitude: float, latitude: float) -> Position:
    """A WGS-84 position as GCJ-02 writes it, the offset grid that map vendors in China must use.

    The published formula: a series of sines on the Krasovsky ellipsoid. It holds inside China.
    """
    x, y = longitude - 105.0, latitude - 35.0
    east = (
        300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x))
        + _waves(x, (20.0, 6.0), (20.0, 2.0), (20.0, 1.0), (40.0, 1 / 3), (150.0, 1 / 12), (300.0, 1 / 30))
    )  # fmt: skip
    north = (
        -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x))
        + _waves(x, (20.0, 6.0), (20.0, 2.0))
        + _waves(y, (20.0, 1.0), (40.0, 1 / 3), (160.0, 1 / 12), (320.0, 1 / 30))
    )  # fmt: skip
    angle = math.radians(latitude)
    bulge = 1 - _ECCENTRICITY * math.sin(angle) ** 2
    root = math.sqrt(bulge)
    per_north = math.radians(_AXIS * (1 - _ECCENTRICITY) / (bulge * root))
    per_east = math.radians(_AXIS / root * math.cos(angle))
    return longitude + east / per_east, latitude + north / per_north


def _waves(at: float, *waves: tuple[float, float]) -> float:
    return sum(size * math.sin(at * turns * math.pi) for size, turns in waves) * 2 / 3


def wgs84_of(longitude: float, latitude: float) -> Position:
    """A GCJ-02 position in WGS-84: the inverse of `gcj02_of`, to less than a millimetre.

    There is no closed form; what is guessed too far is taken back until nothing is left.
    """
    east, north = longitude, latitude
    for _ in range(6):
        seen_east, seen_north = gcj02_of(east, north)
        east, north = east + longitude - seen_east, north + latitude - seen_north
    return east, north


def metres(one: Position, other: Position) -> float:
    """The distance of two positions along a great circle."""
    east, north = math.radians(other[0] - one[0]), math.radians(other[1] - one[1])
    middle = math.cos(math.radians(one[1])) * math.cos(math.radians(other[1]))
    half = math.sin(north / 2) ** 2 + middle * math.sin(east / 2) ** 2
    return 2 * EARTH * math.asin(math.sqrt(half))


def inside(position: Position, polygons: Iterable[Polygon]) -> bool:
    """Whether a position is within any of the polygons and in none of that one's holes."""
    return any(
        _within(position, rings[0]) and not any(_within(position, hole) for hole in rings[1:])
        for rings in polygons
    )


def _within(position: Position, ring: Ring) -> bool:
    """Whether a line to the east crosses the ring an odd number of times."""
    x, y = position
    odd = False
    ahead = ring[-1]
    for point in ring:
        if (point[1] > y) != (ahead[1] > y):
            crossing = ahead[0] + (y - ahead[1]) / (point[1] - ahead[1]) * (point[0] - ahead[0])
            odd ^= x < crossing
        ahead = point
    return odd
