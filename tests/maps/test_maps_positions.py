"""Positions: GCJ-02 against known pairs, distances, and what is inside."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.geography.positions import gcj02_of, inside, metres, wgs84_of

PAIRS = (
    # WGS-84 and GCJ-02 as published with several independent converters.
    ((116.404, 39.915), (116.41024449916938, 39.91640428150164)),
    ((121.4737, 31.2304), (121.47822, 31.22845)),
)


@pytest.mark.parametrize(("wgs", "gcj"), PAIRS)
def test_known_pairs_are_converted(wgs: tuple[float, float], gcj: tuple[float, float]) -> None:
    assert gcj02_of(*wgs) == pytest.approx(gcj, abs=3e-5)
    assert metres(wgs84_of(*gcj), wgs) < 4


@given(st.floats(112.3, 113.5), st.floats(22.6, 23.6))
def test_there_and_back_is_less_than_a_millimetre(longitude: float, latitude: float) -> None:
    shifted = gcj02_of(longitude, latitude)
    assert 400 < metres(shifted, (longitude, latitude)) < 800, "the grid is off by half a kilometre"
    assert metres(wgs84_of(*shifted), (longitude, latitude)) < 0.001


def test_a_degree_of_latitude_is_111_kilometres() -> None:
    assert metres((113.0, 23.0), (113.0, 24.0)) == pytest.approx(111_195, abs=5)


def test_a_hole_is_not_inside() -> None:
    square = [[0, 0], [4, 0], [4, 4], [0, 4], [0, 0]]
    hole = [[1, 1], [2, 1], [2, 2], [1, 2], [1, 1]]
    assert inside((3, 3), [[square, hole]])
    assert not inside((1.5, 1.5), [[square, hole]])
    assert not inside((5, 1), [[square, hole]])
