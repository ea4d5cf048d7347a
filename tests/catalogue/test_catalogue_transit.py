"""The transit indicators by the names and limits of those who look for them."""

from pathlib import Path

import pytest

from dashboard.catalogue import Catalogue
from dashboard.catalogue.load import load

ROOT = Path(__file__).resolve().parents[2]
WANTED = {
    "bus_online_rate": ("公交车辆在线率", "<", 95, None),
    "departure_punctuality": ("发车正点率", "<", 90, None),
    "first_last_punctuality": ("首末班准点率", "<", 92, None),
    "missing_last_buses": ("末班车缺班", ">=", 1, None),
    "large_gaps": ("大间隔", ">=", 3, None),
    "rail_delays": ("轨道交通延误", ">=", 1, None),
    "road_index": ("道路交通运行指数", ">=", 6, None),
    "signal_online_rate": ("信号机在线率", "<", 98, None),
    "crash_clearance": ("事故现场撤离时间", ">", 10, None),
    "coaches_online_rate": ("两客一危车辆在线率", "<", 95, None),
    "quick_settlement_rate": ("快处快赔率", "<", 50, None),
}


@pytest.fixture(scope="module")
def shipped() -> Catalogue:
    """The shipped city."""
    return load(ROOT / "catalog", {})


@pytest.mark.parametrize("name", WANTED)
def test_what_the_room_looks_for_is_there_by_name_and_limit(shipped: Catalogue, name: str) -> None:
    indicator = shipped.indicator(f"transit.{name}")
    assert indicator is not None
    assert indicator.title.zh == WANTED[name][0]
    limits = {(limit.op, limit.value, limit.against) for limit in indicator.limits}
    assert WANTED[name][1:] in limits


def test_roads_are_also_judged_by_the_same_weekday_hour(shipped: Catalogue) -> None:
    road = shipped.indicator("transit.road_index")
    assert road is not None
    beside = [limit for limit in road.limits if limit.against == "weekday_hour"]
    assert [(limit.op, limit.value, limit.as_) for limit in beside] == [(">=", 2, "difference")]


def test_every_transit_indicator_is_split_by_district_and_town(shipped: Catalogue) -> None:
    for name, indicator in shipped.departments["transit"].indicators.items():
        assert {"district", "town"} <= set(indicator.by), name
