"""The city that ships with the product: sound, complete, and shown in forms that fit."""

from pathlib import Path

import pytest

from dashboard.catalogue import Catalogue
from dashboard.catalogue.check import AnyValue, report
from dashboard.catalogue.load import load
from dashboard.catalogue.tree import TreeReader
from dashboard.clerk import dimension_text, limit_sentence
from dashboard.measures import tick_plans
from dashboard.readings import Level, Part
from dashboard.samples import fewest_rows
from dashboard.text import Text

CATALOG = Path(__file__).parents[2] / "catalog"
FIVE = ("transit", "customs", "cases", "environment", "incidents")


@pytest.fixture(scope="module")
def reader() -> TreeReader:
    """Parses each file once for all tests."""
    return TreeReader()


@pytest.fixture(scope="module")
def shipped(reader: TreeReader) -> Catalogue:
    """The shipped catalogue with a URL for each department."""
    return load(CATALOG, AnyValue(), read=reader)


def test_the_shipped_city_has_no_problem(shipped: Catalogue) -> None:
    text, code = report(shipped)
    assert code == 0, text
    assert set(shipped.departments) == set(shipped.urls) >= set(FIVE)
    assert set(shipped.pages) >= set(FIVE)


def test_without_urls_only_the_variables_are_missing(
    shipped: Catalogue, reader: TreeReader
) -> None:
    bare = load(CATALOG, {}, read=reader)
    assert sorted(problem.mend for problem in bare.problems) == sorted(
        f"set {name}" for one in shipped.departments.values() for name in one.variables
    )
    assert bare.departments == shipped.departments


def test_thirty_indicators_and_the_first_of_each_list(shipped: Catalogue) -> None:
    keys = {key for key, indicator in shipped.indicators() if not indicator.internal}
    assert len(keys) >= 30
    assert keys >= {
        *(
            f"transit.{n}"
            for n in ("bus_online_rate", "departure_punctuality", "first_last_punctuality")
        ),
        *(f"customs.{n}" for n in ("import_clearance_p90", "export_clearance_p90", "unreleased")),
        *(f"cases.{n}" for n in ("answer_rate", "answer_15s_rate", "unsigned_urgent")),
        *(f"environment.{n}" for n in ("aqi_now", "ozone_hour", "good_days_rate")),
        *(f"incidents.{n}" for n in ("open_incidents", "report_time_left", "calls_received")),
    }


FIRST_THREE = {
    "transit.bus_online_rate": "公交车辆在线率",
    "transit.departure_punctuality": "发车正点率",
    "transit.first_last_punctuality": "首末班准点率",
    "customs.import_clearance_p90": "进口整体通关时间",
    "customs.export_clearance_p90": "出口整体通关时间",
    "customs.unreleased": "未放行报关单",
    "cases.answer_rate": "接通率",
    "cases.answer_15s_rate": "15秒接听率",
    "cases.unsigned_urgent": "待签收工单",
    "environment.aqi_now": "实时AQI",
    "environment.ozone_hour": "臭氧小时浓度",
    "environment.good_days_rate": "优良天数比例",
    "incidents.open_incidents": "在办突发事件",
    "incidents.report_time_left": "信息报送剩余时间",
    "incidents.calls_received": "接警量",
}
"""What those who live with such rooms call them; only a qualifier in brackets may follow."""
OTHERS = {
    "transit.large_gaps": "大间隔",
    "customs.unreleased_14d": "超14天未放行",
    "customs.released_uncollected": "放行未提",
    "cases.unsigned": "待签收工单",
    "cases.closed_on_time_rate": "按时办结率",
    "cases.overdue_open": "超期未办结",
    "cases.return_rate": "退单率",
    "cases.solved_rate": "解决率",
    "cases.satisfaction_rate": "满意率",
    "cases.surge": "诉求突增",
    "grid.closing_on_time_rate": "网格按期结案率",
    "grid.rework_rate": "网格返工率",
    "cases.repeat_rate": "重复诉求率",
    "environment.source_data_valid_rate": "自动监控数据传输有效率",
    "environment.sources_over": "污染源日均值超标",
    "incidents.water_level_gap": "水位距警戒",
}


@pytest.mark.parametrize("key", [*FIRST_THREE, *OTHERS])
def test_indicators_have_the_names_that_the_room_uses(shipped: Catalogue, key: str) -> None:
    indicator = shipped.indicator(key)
    assert indicator is not None
    name, _, _ = indicator.title.zh.partition("（")
    assert name == (FIRST_THREE | OTHERS)[key]


ANY = {"op": ">=", "value": 1, "against": None}


@pytest.mark.parametrize(
    ("key", "level", "wanted"),
    [
        ("transit.missing_last_buses", "alarm", ANY),
        ("transit.large_gaps", "warning", {"op": ">=", "value": 3, "each": True}),
        ("customs.unreleased_24h", "warning", {"op": ">", "against": "week_before"}),
        ("customs.unreleased_14d", "warning", {"op": ">", "value": 0, "against": "day_before"}),
        ("customs.unreleased_90d", "alarm", ANY),
        ("customs.released_uncollected", "warning", {"op": ">", "against": "week_before"}),
        ("cases.answer_rate", "warning", {"op": "<", "value": 95}),
        ("cases.answer_15s_rate", "warning", {"op": "<", "value": 90}),
        ("cases.closed_on_time_rate", "warning", {"op": "<", "value": 98}),
        ("cases.return_rate", "warning", {"op": ">", "value": 10}),
        ("cases.repeat_rate", "warning", {"op": ">", "value": 15}),
        ("cases.solved_rate", "warning", {"op": "<", "value": -5, "as": "difference"}),
        ("cases.satisfaction_rate", "warning", {"op": "<", "value": -5, "as": "difference"}),
        ("cases.overdue_open", "warning", ANY),
        ("cases.surge", "warning", {"op": ">=", "value": 3, "min_n": 10, "each": True}),
        ("grid.closing_on_time_rate", "warning", {"op": "<", "value": 95}),
        ("grid.rework_rate", "warning", {"op": ">", "value": 5}),
        ("environment.source_data_valid_rate", "warning", {"op": "<", "value": 90}),
        ("environment.water_over", "warning", ANY),
        ("environment.sources_over", "warning", ANY),
        ("incidents.open_major", "alarm", ANY),
        ("incidents.calls_received", "warning", {"op": ">", "value": 1, "against": "weekday_hour"}),
        ("incidents.water_level_gap", "warning", {"op": ">=", "value": -0.5}),
        ("incidents.water_level_gap", "alarm", {"op": ">=", "value": 0}),
    ],
)
def test_limits_are_those_that_the_room_asked_for(
    shipped: Catalogue, key: str, level: str, wanted: dict[str, object]
) -> None:
    indicator = shipped.indicator(key)
    assert indicator is not None
    first = next(limit for limit in indicator.limits if limit.level == level)
    assert wanted.items() <= first.model_dump(by_alias=True).items()


def test_the_height_of_water_says_whether_it_is_over_or_under_the_warning(
    shipped: Catalogue,
) -> None:
    indicator = shipped.indicator("incidents.water_level_gap")
    assert indicator is not None
    said = {
        value: limit_sentence(indicator, Part(value, 1, Level.WARNING), None, None)
        for value in (0.18, -2.06)
    }
    assert said[0.18].zh == "水位距警戒 警戒以上 0.18\u00a0m"
    assert said[-2.06].zh == "水位距警戒 警戒以下 2.06\u00a0m"
    assert said[-2.06].en == "River level 2.06\u00a0m below warning"
    assert "警戒以上" in indicator.title.zh
    assert "警戒以下" in indicator.title.zh


def test_a_shortage_of_school_places_is_no_negative_shortage(shipped: Catalogue) -> None:
    indicator = shipped.indicator("education.places_balance")
    assert indicator is not None
    limit = indicator.limits[0]
    said = {
        value: limit_sentence(indicator, Part(value, 1, Level.WARNING), limit, None)
        for value in (-2, -1)
    }
    assert said[-2].zh == "学位余缺 缺 2\u00a0个"
    assert said[-2].en == "School capacity 2\u00a0places short"
    assert said[-1].en == "School capacity 1\u00a0place short"


def test_a_limit_on_what_is_usual_says_its_points(shipped: Catalogue) -> None:
    indicator = shipped.indicator("customs.advance_declaration_rate")
    assert indicator is not None
    (limit,) = (one for one in indicator.limits if one.against == "four_weeks")
    said = limit_sentence(indicator, Part(58.8, 99, Level.WARNING), limit, None)
    assert said.zh.endswith("比四周常值低 5\u00a0个百分点以上")
    assert said.en.endswith("more than 5\u00a0pp below the four-week usual")


def test_bus_lines_and_kinds_of_grid_issue_have_english_names(shipped: Catalogue) -> None:
    for dataset in ("vehicles", "calls", "lines", "approaches", "trips", "arrivals"):
        route = shipped.departments["transit"].datasets[dataset].dimension_of("route_short_name")
        assert dimension_text(shipped, route, "253路") == Text(zh="253路", en="Bus 253")
        assert dimension_text(shipped, route, "高峰快线").en == "高峰快线", "nobody named it"
    kind = shipped.departments["grid"].datasets["matters"].dimension_of("sub_type_name")
    assert dimension_text(shipped, kind, "井盖破损").en == "Manhole cover: damaged"


def test_five_districts_and_32_towns_each_in_a_district(shipped: Catalogue) -> None:
    districts, towns = shipped.codes["districts"].codes, shipped.codes["towns"].codes
    assert list(districts) == [f"44060{n}" for n in range(4, 9)]
    per_district = [sum(t.parent == code for t in towns.values()) for code in districts]
    assert per_district == [4, 7, 10, 7, 4]
    assert all(code.startswith(str(town.parent)) for code, town in towns.items())
    assert len({town.title.zh for town in towns.values()}) == 32


def test_the_duty_wall_keeps_to_its_places(shipped: Catalogue) -> None:
    duty = shipped.screens["duty"]
    assert [block.department for block in duty.blocks] == list(FIVE)
    assert {len(block.numbers) for block in duty.blocks} == {3}
    assert duty.focus == "incidents.water_level_gap"
    for key in (duty.roster, *duty.responses):
        fact = shipped.indicator(key or "")
        assert fact is not None
        assert fact.measure.kind == "fact"


@pytest.mark.parametrize("key", FIVE)
def test_panels_fill_their_rows(shipped: Catalogue, key: str) -> None:
    filled = 0
    for panel in shipped.pages[key].panels:
        filled += panel.width
        assert filled <= 12, f"{panel.title} does not fit into its row"
        filled %= 12
    assert filled == 0, "the last row is not full"


@pytest.mark.parametrize("key", FIVE)
def test_a_page_asks_its_questions_in_words_and_in_several_forms(
    shipped: Catalogue, key: str
) -> None:
    page = shipped.pages[key]
    assert 4 <= len(page.numbers) <= 6
    assert all(panel.title is not None for panel in page.panels)
    assert len({panel.kind for panel in page.panels}) >= 3
    assert all(number.startswith(f"{key}.") for number in page.numbers)


def test_the_center_counts_what_tells_since_when_it_runs(shipped: Catalogue) -> None:
    """Before its first matter nothing is known of open ones, see `dashboard.series.beginning`."""
    times = {(plan.dataset, plan.time) for plan in tick_plans(shipped.departments["center"])}
    assert {("matters", "since"), ("tickets", "opened")} <= times


@pytest.mark.parametrize(
    ("key", "least"),
    [
        ("transit.bus_online_rate", 20),  # by its limit
        ("environment.drinking_water_rate", None),  # of all there are, however few
        ("transit.road_index", None),  # a mean of sections
        ("customs.import_clearance_p90", 30),
    ],
)
def test_few_rows_are_too_few_for_samples_and_where_a_limit_says_so(
    shipped: Catalogue, key: str, least: int | None
) -> None:
    indicator = shipped.indicator(key)
    assert indicator is not None
    assert fewest_rows(indicator) == least
