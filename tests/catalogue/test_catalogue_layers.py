"""Mistakes in catalog/map.yaml: named with their line, and no other layer is taken away by them."""

from pathlib import Path

import pytest

from dashboard.catalogue.load import load

DEPARTMENT = """\
key: parks
title: {zh: 公园, en: Parks}
owner: {zh: 城管局, en: Bureau}
url: sqlite://
liaison: {zh: 科, en: Section}
datasets:
  gates:
    title: {zh: 入口, en: Gates}
    table: gates
    key: [id]
    times: {seen: {column: seen_at, kind: local}}
    private: [keeper]
  keepers:
    title: {zh: 看门人, en: Keepers}
    table: keepers
    key: [badge]
    times: {seen: {column: seen_at, kind: local}}
    private: [badge]
indicators: {}
"""
LAYER = """\
layers:
  - key: good
    title: {{zh: 入口, en: Gates}}
    kind: points
    dataset: parks.gates
    position: {{lat: lat, lon: lon}}
  - key: gates
    title: {{zh: 入口, en: Gates}}
    {line}
"""


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("{kind: points}", "expected"),
        ("kind: points\n    position: {lat: a, lon: b}", "points without dataset"),
        ("kind: points\n    dataset: parks.gate\n    position: {lat: a, lon: b}", "gate"),
        ("kind: points\n    dataset: parks.gates\n    position: {lat: a}", "`lat` and `lon`"),
        (
            "kind: points\n    dataset: parks.gates\n    position: {lat: a, lon: b}\n    label: keeper",
            "private column 'keeper' on the map",
        ),
        (
            "kind: points\n    dataset: parks.gates\n    position: {by: keeper}",
            "private column 'keeper' on the map",
        ),
        (
            "kind: points\n    dataset: parks.keepers\n    position: {lat: a, lon: b}",
            "private column 'badge' on the map",
        ),
        (
            "kind: points\n    dataset: parks.gates\n    position: {lat: a, lon: b}\n"
            "    newest: {time: heard, of: [id], within: 1h}",
            "unknown time 'heard'",
        ),
        ("kind: indicator\n    indicator: parks.entries\n    by: town", "parks.entries"),
    ],
)
def test_a_mistake_is_named_with_its_line_and_spares_the_others(
    tmp_path: Path, line: str, found: str
) -> None:
    (tmp_path / "departments").mkdir()
    (tmp_path / "departments" / "parks.yaml").write_text(DEPARTMENT)
    (tmp_path / "map.yaml").write_text(LAYER.format(line=line))
    city = load(tmp_path, {})
    assert set(city.layers) == {"good"}
    said = "\n".join(str(problem) for problem in city.problems)
    assert found in said
    assert "map.yaml:" in said
    assert all(problem.line >= 7 for problem in city.problems), said


def test_only_points_are_near_a_point(tmp_path: Path) -> None:
    (tmp_path / "departments").mkdir()
    (tmp_path / "departments" / "parks.yaml").write_text(DEPARTMENT)
    line = "kind: lines\n    dataset: parks.gates\n    line: street\n    lines: {a: b}"
    line += "\n    colour: {column: state, classes: [{title: {zh: 全部, en: All}}]}"
    layers = LAYER.format(line=line).replace("lon: lon}", "lon: lon}\n    nearest: [gates]")
    (tmp_path / "map.yaml").write_text(layers)
    city = load(tmp_path, {})
    assert set(city.layers) == {"good", "gates"}
    [problem] = city.problems
    assert "nearest gates, a layer of kind lines" in str(problem)


def test_two_classes_that_look_alike_are_named(tmp_path: Path) -> None:
    (tmp_path / "departments").mkdir()
    (tmp_path / "departments" / "parks.yaml").write_text(DEPARTMENT)
    line = """kind: points
    dataset: parks.gates
    position: {lat: a, lon: b}
    colour:
      column: state
      classes:
        - {values: [1], ink: "off", title: {zh: 关, en: Closed}}
        - {values: [2], ink: "off", shape: square, title: {zh: 修, en: Mended}}
        - {ink: "off", title: {zh: 不明, en: Unknown}}"""
    (tmp_path / "map.yaml").write_text(LAYER.format(line=line))
    city = load(tmp_path, {})
    assert set(city.layers) == {"good", "gates"}
    [problem] = city.problems
    assert "class 'Unknown' with the sign of 'Closed'" in str(problem)
