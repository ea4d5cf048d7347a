"""Sampling: what cannot be placed is counted and listed, and each thing has its class."""

from typing import Any

import pytest
from maps_ground import ground, layer, row

from dashboard.catalogue.layers import Layer
from dashboard.geography.positions import gcj02_of
from dashboard.geography.sampling import Sampled, class_of, classed_of, sample
from dashboard.ports import MapRow, MapRows

GROUND = ground()


def sampled(of: Layer, *rows: MapRow, more: bool = False) -> Sampled:
    return sample(of, MapRows(list(rows), more), GROUND)


def test_what_cannot_be_placed_is_counted_and_listed_and_not_drawn() -> None:
    found = sampled(
        layer(label="name"),
        row("good"),
        row("zero", east=0, north=0.0, label="甲"),
        row("swapped", east=23.02, north=113.11),
        row("far", east=116.4, north=39.9),
        row("none", east=None, north="—"),
    )
    assert found.body["id"] == ["good"]
    assert (found.body["lon"], found.body["lat"]) == ([11311000], [2302000])
    assert found.counts["aside"] == {"zero": 1, "swapped": 1, "outside": 1, "missing": 1}
    assert (found.counts["n"], found.counts["drawn"]) == (5, 1)
    listed = {one["id"]: one for one in found.body["aside"]}
    assert listed["zero"] == {"id": "zero", "label": "甲", "why": "zero", "lat": "0.0", "lon": "0"}
    assert listed["swapped"]["why"] == "swapped"


def test_gcj02_is_converted_before_anything_is_judged() -> None:
    east, north = gcj02_of(113.11, 23.02)
    position = {"lat": "lat", "lon": "lon", "crs": "gcj02"}
    found = sampled(layer(position=position), row(east=east, north=north))
    assert (found.body["lon"], found.body["lat"]) == ([11311000], [2302000])


def test_a_code_is_placed_where_the_layer_says_else_at_its_seat() -> None:
    by = layer(position={"by": "town"}, places={"x": [23.0, 113.1]})
    found = sampled(by, row("1", code="x"), row("2", code="440604012"), row("3", code="?"))
    assert found.body["lon"] == [11310000, 11311000]
    assert found.counts["aside"] == {"unknown": 1}


def test_the_version_changes_with_the_content_alone() -> None:
    one, same, other = (sampled(layer(), row(id)) for id in ("1", "1", "2"))
    assert one.version == same.version != other.version


CLASSES: list[dict[str, Any]] = [
    {"values": ["OPEN"], "title": {"zh": "开", "en": "open"}},
    {"below": 10, "title": {"zh": "少", "en": "few"}},
    {"upto": 20, "title": {"zh": "中", "en": "some"}, "ink": "warning"},
    {"title": {"zh": "多", "en": "many"}, "ink": "alarm"},
]


@pytest.mark.parametrize(
    ("decides", "index"),
    [("OPEN", 0), (9.99, 1), (10, 2), ("20", 2), (20.5, 3), (None, 3), ("—", 3)],
)
def test_the_first_class_that_fits_is_taken(decides: Any, index: int) -> None:
    of = layer(colour={"column": "state", "classes": CLASSES})
    assert class_of(of, row(decides=decides)) == index


def test_a_body_names_the_classes_that_its_places_are_of() -> None:
    of = layer(colour={"column": "state", "classes": CLASSES})
    before = sampled(of, row(decides=5)).body
    assert before["classed"] == classed_of(of)
    first = {"upto": 1, "title": WORDS}
    more = layer(colour={"column": "state", "classes": [first, *CLASSES]})
    after = sampled(more, row(decides=5)).body
    assert before["classed"] != after["classed"]
    assert before["version"] != after["version"]


def test_a_value_is_judged_beside_its_own_limit() -> None:
    classes = [{"upto": 1, "title": WORDS}, {"title": WORDS, "ink": "alarm"}]
    of = layer(colour={"column": "value", "limit": "limit", "classes": classes})
    assert class_of(of, row(decides=50, limit=50)) == 0
    assert class_of(of, row(decides=50.1, limit=50)) == 1


def test_rows_beyond_the_limit_are_said() -> None:
    assert sampled(layer(), row(), more=True).counts["more"]


WORDS = {"zh": "试", "en": "test"}
