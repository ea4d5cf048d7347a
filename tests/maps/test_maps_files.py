"""The files of the map: complete, made of the facts, and replaced by the city's own with clear errors."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from maps_ground import ROOT

from dashboard.geography.files import BadLayer, polygons
from dashboard.geography.positions import inside
from data_access.geography import OWN, load_geography
from demo.places import DISTRICTS

WORDS = {"zh": "市规划局", "en": "Planning bureau"}


def square(code: str, west: float, south: float) -> dict[str, Any]:
    ring = [[west, south], [west + 0.1, south], [west + 0.1, south + 0.1], [west, south]]
    return {
        "type": "Feature",
        "properties": {"code": code, "name": {"zh": "甲", "en": "A"}},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


def put(folder: Path, name: str, *features: dict[str, Any], **more: Any) -> None:
    document = {"type": "FeatureCollection", "provenance": WORDS, "features": list(features)}
    (folder / f"{name}.geojson").write_text(json.dumps(document | more), encoding="utf-8")


def test_every_town_lies_in_its_district_and_every_seat_in_its_town() -> None:
    files = load_geography().files
    assert [len(files[name].features) for name in ("city", "districts", "towns")] == [1, 5, 32]
    districts = {one["properties"]["code"]: one["geometry"] for one in files["districts"].features}
    outline = load_geography().outline
    for town in files["towns"].features:
        seat, code = tuple(town["properties"]["seat"]), town["properties"]["code"]
        assert inside(seat, polygons(town["geometry"])), code
        assert inside(seat, polygons(districts[code[:6]])), code
        assert inside(seat, outline), code
    for district in DISTRICTS:
        assert inside((district.longitude, district.latitude), polygons(districts[district.code]))


def test_every_file_says_whose_drawing_it_is_and_that_it_is_one() -> None:
    for file in load_geography().files.values():
        assert file.schematic
        assert "未使用任何地图厂商数据" in file.provenance["zh"]
        assert "no map vendor" in file.provenance["en"]


def test_the_files_are_what_the_facts_make(tmp_path: Path) -> None:
    made = (
        "import deploy.geography as g, pathlib, sys;"
        f"g.TARGET = pathlib.Path({str(tmp_path)!r}); g.main()"
    )
    subprocess.run([sys.executable, "-c", made], cwd=ROOT, check=True)
    for path in OWN.glob("*.geojson"):
        assert (tmp_path / path.name).read_text() == path.read_text(), "run deploy/geography.py"


def test_an_official_layer_stands_in_for_the_drawing_of_its_name(tmp_path: Path) -> None:
    put(tmp_path, "districts", square("440604", 113.0, 23.0))
    geography = load_geography(tmp_path)
    assert len(geography.files["districts"].features) == 1
    assert not geography.files["districts"].schematic
    assert len(geography.files["towns"].features) == 32, "what the city has not stays ours"
    assert geography.version != load_geography().version


def test_every_mistake_of_an_official_layer_is_named(tmp_path: Path) -> None:
    swapped = square("440604", 23.0, 113.0)
    put(tmp_path, "districts", swapped, square("440604", 113.0, 23.0))
    put(tmp_path, "towns", provenance=None)
    put(tmp_path, "stadtteile", square("1", 113.0, 23.0))
    (tmp_path / "roads.geojson").write_text("{")
    with pytest.raises(BadLayer) as caught:
        load_geography(tmp_path)
    said = str(caught.value)
    assert "districts.geojson: feature 1: found position [23.0, 113.0]" in said
    assert "districts.geojson: feature 2: code '440604' again" in said
    assert "towns.geojson: no provenance" in said
    assert "towns.geojson: no features" in said
    assert "stadtteile.geojson: nothing is drawn from it" in said
    assert "roads.geojson: cannot be read" in said


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadLayer, match="found no folder"):
        load_geography(tmp_path / "none")
