"""Parts of indicators on the map: which splits are areas, and what each part says."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from maps_ground import ROOT

from dashboard.catalogue import Catalogue
from dashboard.catalogue.check import AnyValue
from dashboard.catalogue.load import load
from dashboard.geography.parts import (
    area_splits,
    grades_of,
    is_kept,
    parts_of_series,
    request_of,
    said_parts,
)
from dashboard.judge import Circumstances
from dashboard.ports import Point, Series
from data_access.geography import load_geography

NOW = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def shipped() -> Catalogue:
    return load(Path(ROOT / "catalog"), AnyValue())


def test_every_layer_that_ships_can_be_drawn(shipped: Catalogue) -> None:
    files = load_geography().files
    lines = {one["properties"]["code"] for n in ("water", "roads") for one in files[n].features}
    assert shipped.layers
    for layer in shipped.layers.values():
        assert set(layer.lines.values()) <= lines, layer.key
        for name in layer.nearest:
            assert shipped.layers[name].kind == "points"


def test_towns_come_first_and_nothing_that_would_ask_a_department(shipped: Catalogue) -> None:
    splits = [(split.key, split.by, split.areas) for split in area_splits(shipped)]
    towns = splits.index(("transit.signal_online_rate", "town", "towns"))
    assert splits[towns + 1] == ("transit.signal_online_rate", "district", "districts")
    for key, by, _ in splits:
        indicator = shipped.indicator(key)
        assert indicator is not None
        assert is_kept(indicator, by)
        assert indicator.measure.kind not in ("percentile", "distinct") or by == indicator.live_by


def test_a_stock_is_asked_for_its_newest_sample_and_a_flow_for_its_window(
    shipped: Catalogue,
) -> None:
    key = "transit.signal_online_rate"
    indicator = shipped.indicator(key)
    assert indicator is not None
    stock = request_of(shipped, key, indicator, "town", NOW)
    assert (stock.grain, stock.window[1] - stock.window[0]) == ("5m", timedelta(minutes=20))
    key = "cases.closed_on_time_rate"
    indicator = shipped.indicator(key)
    assert indicator is not None
    flow = request_of(shipped, key, indicator, "town", NOW)
    assert flow.grain == "total"
    assert flow.window[1] - flow.window[0] >= timedelta(days=6)


def test_the_newest_point_of_each_code_is_judged_by_the_limits(shipped: Catalogue) -> None:
    key = "transit.signal_online_rate"
    indicator = shipped.indicator(key)
    assert indicator is not None
    request = request_of(shipped, key, indicator, "town", NOW)
    early, late = NOW - timedelta(minutes=10), NOW - timedelta(minutes=5)
    points = [
        Point(early, "440604010", 90.0, 30),
        Point(late, "440604010", 100.0, 30),
        Point(late, "440604011", 80.0, 30),
        Point(late, "", 95.0, 60),
        Point(late, "440604012", None, None),
    ]
    series = Series(request, "5m", points, "history")
    parts = parts_of_series(indicator, series, Circumstances(NOW, "Asia/Shanghai", "v"))
    assert set(parts) == {"440604010", "440604011"}
    assert parts["440604010"] == {"value": 100.0, "n": 30, "level": "normal"}
    assert parts["440604011"]["level"] != "normal"
    said = said_parts(shipped, key, "town", parts)
    assert said["440604011"]["name"] == {"zh": "张槎", "en": "Zhangcha"}


def test_official_colours_are_those_of_the_standard_and_stay_in_its_layer(
    shipped: Catalogue,
) -> None:
    parts = {"1371A": {"value": 60, "n": 1, "level": "normal", "text": "良"}}
    said = said_parts(shipped, "environment.aqi_now", "station", parts)
    assert said["1371A"]["colour"] == "#FFFF00"
    legend = grades_of(shipped, shipped.layers["air_stations"])
    assert [grade["colour"] for grade in legend][:2] == ["#00E400", "#FFFF00"]
    assert grades_of(shipped, shipped.layers["rain"]) == []
