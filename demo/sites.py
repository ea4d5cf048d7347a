"""Where measuring sites stand: about the middle of their town, and in the coordinates that a
department writes.

Positions are WGS-84 unless a name says GCJ-02, the shifted grid in which maps made in China are
drawn and many departments keep what they picked from one. The middles of the towns are ours, to
about a kilometre.
"""

import numpy as np

from dashboard.geography.positions import gcj02_of
from demo.days import Array
from demo.draws import chance
from demo.places import TOWN_DISTRICT, TOWNS

_MIDDLES = (
    (23.003, 113.100), (23.035, 113.075), (23.032, 113.115), (22.972, 113.010),
    (23.035, 113.155), (22.840, 113.008), (22.930, 112.965), (23.040, 112.915),
    (23.130, 113.010), (23.103, 113.105), (23.195, 113.150),
    (22.880, 113.220), (22.855, 113.155), (22.838, 113.255), (22.770, 113.270),
    (22.965, 113.225), (22.930, 113.215), (22.945, 113.100), (22.885, 113.080),
    (22.785, 113.165), (22.715, 113.160),
    (23.170, 112.890), (23.200, 112.860), (23.435, 112.990), (23.275, 112.970),
    (23.070, 112.830), (23.360, 112.910), (23.480, 112.850),
    (22.890, 112.885), (22.850, 112.800), (22.815, 112.715), (22.770, 112.590),
)  # fmt: skip
TOWN_MIDDLES = np.array(_MIDDLES)
"""Latitude and longitude (WGS-84) of the middle of each of `TOWNS`."""


def towns_index(names: tuple[str, ...]) -> Array:
    """The indices of towns by their codes."""
    order = {code: number for number, code in enumerate(TOWNS.tolist())}
    return np.array([order[name] for name in names], np.int64)


def near(seed: int, name: str, towns: Array, spread: float = 0.012) -> Array:
    """Positions (rows of latitude and longitude) of things that stay where they are, near the
    middle of their towns; equal for equal seed and name."""
    rng = chance(seed, f"sites.{name}")
    return np.round(TOWN_MIDDLES[towns] + rng.normal(0, spread, (len(towns), 2)), 5)


def district_of(towns: Array) -> Array:
    """The index of the district of each town."""
    return np.asarray(TOWN_DISTRICT[towns])


def gcj02(places: Array) -> Array:
    """WGS-84 positions (rows of latitude and longitude) as GCJ-02 has them."""
    moved = [gcj02_of(longitude, latitude) for latitude, longitude in places.tolist()]
    return np.round(np.array(moved).reshape(-1, 2)[:, ::-1], 6)
