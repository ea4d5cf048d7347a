"""The first text of every leaf: what Python renders before the browser takes over."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from dash.development.base_component import Component
from face_city import city
from face_frame import matter, reading, sample, sample_matters

from dashboard.access import EVERYTHING, Person
from layouts import live, live_city, live_focus, live_matters, live_text
from layouts.pages.wall import render_wall
from layouts.routes import NoSuchPage
from layouts.shell import render_shell
from layouts.view import View

NOW = datetime(2026, 11, 22, 8, 42, 7, tzinfo=UTC)
KEY = "transit.road_index"


def view_of(frame: dict[str, Any] | None = None, **more: Any) -> View:
    return View(
        catalogue=city(),
        sections=sample(NOW) if frame is None else frame,
        person=Person("somebody", actions=EVERYTHING),
        language=more.pop("language", "zh"),
        theme="auto",
        now=NOW,
        zone=ZoneInfo("Asia/Shanghai"),
        **more,
    )


def one(value: float | None, **more: Any) -> View:
    return view_of({"readings": {KEY: reading(KEY, value, NOW, **more)}})


def walk(component: Any) -> list[Component]:
    """A component and all within it."""
    found = [component] if isinstance(component, Component) else []
    children = getattr(component, "children", None)
    for child in children if isinstance(children, list) else [children]:
        if isinstance(child, Component):
            found += walk(child)
    return found


def texts(component: Component) -> str:
    return " ".join(
        part.children for part in walk(component) if isinstance(getattr(part, "children", 0), str)
    )


def test_value_is_written_in_its_decimals_with_a_true_minus() -> None:
    assert live.render_value(one(1234.25), KEY).children == "1,234.3"
    assert live.render_value(one(-4), KEY).children == "−4.0"
    assert live.render_value(one(0.18), KEY, signed=True).children == "+0.2"


def test_zero_is_a_value_and_unknown_is_a_dash() -> None:
    assert live.render_value(one(0), KEY).children == "0.0"
    assert live.render_value(one(None), KEY).children == "—"
    assert live.render_value(view_of({}), KEY).children == "—"


def test_stale_reading_keeps_its_value_and_shows_its_age() -> None:
    view = one(5.2, age=2400)
    value = live.render_value(view, KEY)
    assert value.children == "5.2"
    assert getattr(value, "data-state") == "stale"
    assert live.render_age(view, KEY).children == "已 40\u00a0分未更新"


def test_late_reading_says_by_how_much() -> None:
    assert live.render_age(one(5.2, age=300 + 360), KEY).children == "迟到 6\u00a0分"


def test_reading_that_is_not_due_says_so_instead_of_zero() -> None:
    view = one(None, state="not_due")
    assert live.render_value(view, KEY).children == "—"
    assert live.render_unit(view, KEY).children == "按计划休止"
    assert getattr(live.render_mark(view, KEY), "data-mark") == "none"


def test_unavailable_reading_names_its_reason() -> None:
    view = one(None, state="unavailable", reason="连接超时")
    assert live.render_age(view, KEY).children == "暂无数据：连接超时"


def test_breach_keeps_its_mark_while_late() -> None:
    mark = live.render_mark(one(9, level="alarm", age=400), KEY)
    assert getattr(mark, "data-mark") == "alarm"
    assert getattr(mark, "aria-label") == "告警"


def test_percentage_shows_its_n() -> None:
    tile = live.render_tile(view_of(), "transit.bus_online_rate")
    assert "n 1,932" in texts(tile)
    assert "n 1,932" not in texts(live.render_tile(view_of(), KEY))


def test_part_has_its_own_value_and_level() -> None:
    view = view_of()
    value = live.render_value(view, "incidents.rain_hour", part="440606")
    assert value.children == "34.6"
    assert getattr(value, "data-level") == "warning"
    assert live.render_value(view, "incidents.rain_hour", part="unheard").children == "—"


def test_unknown_indicator_shows_its_key_and_no_value() -> None:
    tile = live.render_tile(view_of(), "transit.no_such")
    assert "transit.no_such" in texts(tile)
    assert "—" in texts(tile)


def test_as_of_carries_its_date_on_another_day() -> None:
    assert live.render_as_of(one(1, age=30), KEY).children == "16:41:37"
    assert live.render_as_of(one(1, age=20 * 3600), KEY).children == "11-21 20:42"


def test_matters_stand_worst_first_and_silent_feeds_last() -> None:
    titles = [m["title"]["zh"] for m in live_matters.open_matters(view_of())]
    assert titles[:4] == [
        "容奇(二) 水位超警戒 0.18 m",
        "较大交通事故 伤 3 人",
        "海八路积水 31 cm，仍在上涨",
        "12345 待签收 紧急工单 7 件",
    ]
    assert titles[-2:] == ["环境监测 数据迟到 6 分钟", "禅城行政中心 侧屏离线"]


@pytest.mark.parametrize(
    ("due", "urgency", "words"),
    [(-12, "over", "超时 12\u00a0分"), (8, "near", "剩 8\u00a0分"), (30, "later", "剩 30\u00a0分")],
)
def test_matter_says_in_words_how_urgent_it_is(due: int, urgency: str, words: str) -> None:
    item = matter("cases/x", "warning", "事", "处", NOW, due=due)
    assert live_matters.due_text(item, NOW, "zh") == (urgency, words)


def test_matter_without_a_limit_of_time_shows_a_dash() -> None:
    item = matter("cases/x", "warning", "事", "处", NOW)
    assert live_matters.due_text(item, NOW, "zh") == ("none", "—")


def test_more_matters_than_lines_are_counted() -> None:
    shown = live_matters.render_matters(view_of(), 6)
    assert "还有 3 项" in texts(shown)


def test_nothing_open_is_said() -> None:
    shown = live_matters.render_matters(view_of({}), 3)
    assert [c.hidden for c in walk(shown) if getattr(c, "className", "") == "matter-none"] == [
        False
    ]
    assert live_matters.summary_text([], NOW, "zh") == ""


def test_department_carries_its_worst_mark() -> None:
    view = view_of()
    assert live_city.worst_mark(view, "incidents") == "alarm"
    assert live_city.worst_mark(view, "customs") == "warning"
    quiet = {"matters": {"x": sample_matters(NOW)["cases/feed/more"]}}
    assert live_city.worst_mark(view_of(quiet), "cases") == "late"
    assert live_city.worst_mark(view_of(quiet), "customs") == "none"


def test_responses_are_said_by_place() -> None:
    view = view_of()
    assert live_city.response_text(view, ["incidents.responses"], "440606") == ("warning", "防汛Ⅲ")
    assert live_city.response_text(view, ["incidents.responses"], "440604") == ("normal", "—")


def test_focus_is_the_worst_breach_and_else_the_screens_own() -> None:
    assert live_focus.at_hand(view_of(), KEY) == ("incidents.water_level_gap", "rq2")
    assert live_focus.at_hand(view_of({}), KEY) == (KEY, None)


def test_focus_describes_its_limits_in_words() -> None:
    found = live_focus.describe(view_of(), KEY)["incidents.water_level_gap"]
    assert [limit["title"] for limit in found["limits"]] == [
        "关注 −0.50\u00a0m",
        "警戒 0.00\u00a0m",
    ]
    assert found["signed"]
    assert found["parts"]["rq2"] == "容奇(二)"


def test_wall_holds_at_most_25_numbers() -> None:
    wall = render_wall(view_of(), "duty")
    values = [c for c in walk(wall) if getattr(c, "data-field", None) in ("value", "signed")]
    assert (
        len(values) + len([c for c in walk(wall) if getattr(c, "className", "") == "focus-value"])
        <= 25
    )


def test_unknown_wall_names_the_right_one() -> None:
    with pytest.raises(NoSuchPage) as missing:
        render_wall(view_of(), "dutty")
    assert missing.value.nearest == "/wall/duty"


def test_wall_renders_before_anything_was_heard() -> None:
    for language in ("zh", "en"):
        wall = render_wall(view_of({}, language=language), "duty")
        assert "—" in texts(wall)


def test_demo_data_is_said_on_every_page_and_wall() -> None:
    assert "演示数据" in texts(render_wall(view_of(), "duty"))
    assert "演示数据" in texts(render_shell(view_of()))


def test_shell_leads_to_every_department() -> None:
    links = [c.href for c in walk(render_shell(view_of())) if getattr(c, "href", None)]
    for path in ("/", "/wall/duty", "/department/transit", "/department/incidents", "/status"):
        assert path in links


def test_context_gives_the_browser_its_words_in_one_language() -> None:
    node = live_city.render_live_context(view_of(language="en"))
    context = json.loads(getattr(node, "data-context"))
    assert context["words"]["late_by"] == "late by {}"
    assert context["zone"] == "Asia/Shanghai"
    assert context["version"] == "v1"


def test_state_is_never_better_than_what_was_sent() -> None:
    entry = reading(KEY, 1, NOW, age=10, state="late")
    assert live_text.state_of(entry, NOW) == "late"
    assert live_text.state_of(entry, NOW + timedelta(hours=1)) == "stale"
