"""Environment and incidents as the room names them: every indicator of both lines, with its limits."""

from pathlib import Path

import pytest

from dashboard.catalogue import Catalogue
from dashboard.catalogue.load import load

CATALOG = Path(__file__).parents[2] / "catalog"
NAMES = {
    "实时AQI": "environment.aqi_now",
    "首要污染物": "environment.primary_pollutant",
    "臭氧小时浓度": "environment.ozone_hour",
    "优良天数比例": "environment.good_days_rate",
    "PM2.5累计均值": "environment.pm25_year_mean",
    "综合指数全省排名": "environment.composite_rank",
    "国考断面优良比例": "environment.sections_good_rate",
    "水质自动站超标": "environment.water_over",
    "污染源日均值超标": "environment.sources_over",
    "自动监控数据传输有效率": "environment.source_data_valid_rate",
    "饮用水源地水质达标率": "environment.drinking_water_rate",
    "在办突发事件": "incidents.open_incidents",
    "信息报送剩余时间": "incidents.report_time_left",
    "接警量": "incidents.calls_received",
    "到场时间": "incidents.arrival_p90",
    "小时雨量": "incidents.rain_hour",
    "水位距警戒": "incidents.water_level_gap",
    "内涝点积水": "incidents.flooding_depth",
    "应转移人数": "entries.to_move",
    "已转移人数": "entries.moved",
    "渔船回港率": "entries.boats_back_rate",
    "人员上岸率": "entries.crew_ashore_rate",
    "生效预警与应急响应": "incidents.in_force",
}
"""What those in the room call them; only a qualifier in brackets may follow."""
LIMITS = {
    "environment.aqi_now": [("warning", ">", 100), ("alarm", ">", 200)],
    "environment.ozone_hour": [("warning", ">", 160), ("alarm", ">", 200)],
    "environment.pm25_year_mean": [("warning", ">", 30)],
    "environment.drinking_water_rate": [("alarm", "<", 100)],
    "environment.sections_beyond_v": [("alarm", ">=", 1)],
    "environment.source_data_valid_rate": [("warning", "<", 90)],
    "incidents.arrival_p90": [("warning", ">", 1.3)],
    "incidents.calls_received": [("warning", ">", 1)],
    "incidents.report_time_left": [("warning", "<", 10)],
    "incidents.rain_hour": [("warning", ">=", 20), ("alarm", ">=", 50)],
    "incidents.flooding_depth": [("warning", ">=", 15), ("alarm", ">=", 27)],
    "incidents.in_force_changes": [("warning", ">=", 1)],
    "entries.boats_back_rate": [("warning", "<", 100)],
    "entries.crew_ashore_rate": [("warning", "<", 100)],
}
AGAINST = {
    "incidents.arrival_p90": "four_weeks",
    "incidents.calls_received": "weekday_hour",
    "incidents.in_force": "day_before",
}


@pytest.fixture(scope="module")
def shipped() -> Catalogue:
    """The shipped catalogue."""
    return load(CATALOG, {})


@pytest.mark.parametrize("name", NAMES)
def test_an_indicator_has_the_name_that_the_room_uses(shipped: Catalogue, name: str) -> None:
    indicator = shipped.indicator(NAMES[name])
    assert indicator is not None
    assert indicator.title.zh.partition("（")[0] == name
    assert not indicator.internal
    assert indicator.serves


@pytest.mark.parametrize("key", LIMITS)
def test_limits_are_those_of_the_room(shipped: Catalogue, key: str) -> None:
    indicator = shipped.indicator(key)
    assert indicator is not None
    limits = [(limit.level, limit.op, limit.value) for limit in indicator.limits]
    assert limits[: len(LIMITS[key])] == LIMITS[key]
    assert all(limit.due is not None for limit in indicator.limits)


@pytest.mark.parametrize("key", AGAINST)
def test_some_are_judged_by_their_own_past(shipped: Catalogue, key: str) -> None:
    indicator = shipped.indicator(key)
    assert indicator is not None
    assert indicator.limits[0].against == AGAINST[key]


def test_what_has_a_place_is_split_by_district_and_town(shipped: Catalogue) -> None:
    for key in (
        "environment.water_over",
        "environment.sections_good_rate",
        "environment.drinking_water_rate",
        "environment.sources_over",
        "environment.data_in_time_rate",
        "incidents.open_incidents",
        "incidents.report_time_left",
        "incidents.rain_hour",
        "incidents.flooding_depth",
        "incidents.water_level_gap",
        "incidents.reservoir_gap",
        "incidents.shelter_places",
        "incidents.hazards_overdue",
    ):
        indicator = shipped.indicator(key)
        assert indicator is not None, key
        assert {"district", "town"} <= set(indicator.by), key


@pytest.mark.parametrize(
    ("dataset", "columns"),
    [
        ("environment.air", ("latitude", "longitude")),
        ("environment.water", ("latitude", "longitude")),
        ("environment.sections", ("latitude", "longitude")),
        ("environment.drinking_water", ("latitude", "longitude")),
        ("environment.sources_day", ("wd", "jd")),
        ("incidents.incidents", ("latitude", "longitude")),
        ("incidents.rain", ("latitude", "longitude")),
        ("incidents.levels", ("latitude", "longitude")),
        ("incidents.flooding", ("latitude", "longitude")),
        ("incidents.reservoirs", ("latitude", "longitude")),
        ("incidents.shelters", ("wd", "jd")),
        ("incidents.work_hazards", ("wd", "jd")),
    ],
)
def test_positions_are_shown_with_the_grid_they_are_in(
    shipped: Catalogue, dataset: str, columns: tuple[str, str]
) -> None:
    department, _, name = dataset.partition(".")
    show = shipped.departments[department].datasets[name].show
    grid = "GCJ-02" if columns[0] == "wd" else "WGS-84"
    assert all(show[column].zh.endswith(f"（{grid}）") for column in columns)
