"""Lateness tells one story: only the late number is marked, and a sentence says it once."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from dash.development.base_component import Component
from face_city import city
from face_frame import reading, sample

from dashboard.access import EVERYTHING, Person
from dashboard.readings import instant
from dashboard.text import Language
from layouts import live, live_ages, live_text
from layouts.pages.heading import render_heading
from layouts.pages.late import render_late_numbers
from layouts.pages.wall import render_wall
from layouts.view import View

NOW = datetime(2026, 11, 22, 8, 42, 7, tzinfo=UTC)
KEY = "transit.road_index"
KEYS = [KEY, "transit.bus_online_rate", "transit.crash_clearance"]


def view_of(frame: dict[str, Any], language: Language = "zh", person: Person | None = None) -> View:
    zone = ZoneInfo("Asia/Shanghai")
    person = person or Person("somebody", actions=EVERYTHING)
    return View(city(), frame, person, language, "auto", NOW, zone)


def aged(*ages: float | None) -> dict[str, Any]:
    """A frame of three numbers that are so old each; None has no value."""
    made = {}
    for key, age in zip(KEYS, ages, strict=True):
        silent = {"state": "unavailable", "reason": "no_answer"}
        made[key] = (
            reading(key, None, NOW, **silent) if age is None else reading(key, 5.0, NOW, age=age)
        )
    return {"readings": made}


def station_frame(*ages: float) -> dict[str, Any]:
    """A number as old as its oldest part."""
    parts = {
        code: {"value": 60, "n": 6, "level": "normal", "as_of": instant(NOW - timedelta(seconds=s))}
        for code, s in zip(("rq2", "ss2", "x"), ages, strict=False)
    }
    made = reading("incidents.water_level_gap", 60, NOW, age=max(ages), parts=parts)
    state = live_text.state_of(made, NOW)
    return {"readings": {made["key"]: made | {"state": state, "parts_by": "station"}}}


def walk(component: Any) -> list[Component]:
    found = [component] if isinstance(component, Component) else []
    children = getattr(component, "children", None)
    for child in children if isinstance(children, list) else [children]:
        if isinstance(child, Component):
            found += walk(child)
    return found


def texts(component: Component) -> str:
    """All that is written, in its order."""
    children = getattr(component, "children", None)
    said = ""
    for child in children if isinstance(children, list) else [children]:
        said += child if isinstance(child, str) else texts(child) if child is not None else ""
    return said


def test_a_head_says_how_many_are_late_and_as_of_when_the_others_are() -> None:
    said = live_ages.ages_text(view_of(aged(20, 40, 660)), KEYS)
    assert said == ("late", "16:41:27", "40\u00a0秒前", "1/3 项迟到")
    assert live_ages.ages_text(view_of(aged(20, 40, 30)), KEYS).late == ""


def test_a_number_that_is_late_does_not_make_the_others_late() -> None:
    view = view_of(aged(20, 40, 660))
    marks = [getattr(live.render_mark(view, key), "data-mark") for key in KEYS]
    assert marks == ["none", "none", "late"]


def test_where_all_are_late_the_oldest_time_is_said() -> None:
    said = live_ages.ages_text(view_of(aged(700, 660, 680), "en"), KEYS)
    assert said == ("late", "16:30:27", "", "3 of 3 late")


def test_what_has_no_value_says_so_itself_and_is_not_counted_as_late() -> None:
    said = live_ages.ages_text(view_of(aged(20, 40, None)), KEYS)
    assert said == ("fresh", "16:41:27", "40\u00a0秒前", "")
    silent = live_ages.ages_text(view_of(aged(None, None, None)), KEYS)
    assert silent == ("unavailable", "暂无数据", "", "")


def test_of_one_number_lateness_is_said_once() -> None:
    for language, words in (("zh", "迟到"), ("en", "late")):
        head = render_heading(view_of(aged(660, 20, 20), language), "题", [KEY])
        assert texts(head).lower().count(words) == 1, texts(head)
        marks = [c for c in walk(head) if getattr(c, "className", "") == "mark"]
        assert [getattr(mark, "aria-hidden") for mark in marks] == ["true"]


def test_the_head_of_a_block_of_the_wall_counts() -> None:
    wall = render_wall(view_of(sample(NOW) | aged(20, 40, 660)), "duty")
    blocks = [c for c in walk(wall) if getattr(c, "className", "") == "panel block"]
    assert "1/3 项迟到" in texts(blocks[0])


def test_a_part_is_as_old_as_its_own_time_and_the_late_one_is_named() -> None:
    view = view_of(station_frame(20, 900))
    key = "incidents.water_level_gap"
    marks = [getattr(live.render_mark(view, key, part=c), "data-mark") for c in ("rq2", "ss2")]
    assert marks == ["none", "late"]
    entry = view.reading(key)
    names = {"rq2": "容奇", "ss2": "三水"}
    assert live_text.late_text(entry, NOW, names, "zh") == "迟到 10\u00a0分：三水"
    assert live_text.late_parts_text(entry, NOW, names, "en") == "", "said already"
    newest = {**(entry or {}), "state": "fresh", "as_of": instant(NOW)}
    assert live_text.late_text(newest, NOW, names, "en") == ""
    assert live_text.late_parts_text(newest, NOW, names, "en") == "1 of 2 late: 三水"


def test_the_head_of_one_number_names_its_late_parts() -> None:
    shown = live_ages.render_oldest(view_of(station_frame(20, 900)), ["incidents.water_level_gap"])
    assert texts(shown) == "16:27:07迟到 10\u00a0分：三水(二)"


def test_parts_without_times_of_their_own_are_as_late_as_the_whole() -> None:
    made = reading(KEY, 5, NOW, age=900, state="late", parts={"a": {"value": 1, "level": "normal"}})
    assert live_text.state_of(live_text.part_of(made, "a"), NOW) == "late"
    assert live_text.late_text(made, NOW, {}, "zh") == "迟到 10\u00a0分"


def test_what_is_late_for_another_reason_than_its_age_stays_late_in_its_parts() -> None:
    own = {"value": 1, "level": "normal", "as_of": instant(NOW)}
    made = reading(KEY, 5, NOW, state="late", reason="partly_lapsed", parts={"a": own})
    assert live_text.state_of(live_text.part_of(made, "a"), NOW) == "late"


def test_feeds_down_are_counted_and_the_worst_is_named() -> None:
    told = live_ages.strip_text(view_of(sample(NOW)))
    assert told.mark == "late"
    assert (told.feeds, told.late, told.worst) == (
        "数据源 9/10 正常",
        "3 个数迟到",
        "环境 登记 迟到",
    )
    assert (told.to, told.to_worst) == ("/status#late-numbers", "/status#feeds-environment")


def test_a_number_that_is_late_under_feeds_that_are_up_is_counted_and_led_to() -> None:
    frame = sample(NOW)
    for key in frame["feeds"]:
        frame["feeds"][key] |= {"as_of": instant(NOW)}
    for name in ("ozone_hour", "water_over"):
        frame["readings"][f"environment.{name}"] |= {"as_of": instant(NOW)}
    told = live_ages.strip_text(view_of(frame, "en"))
    assert (told.mark, told.feeds, told.late) == ("late", "Feeds 10/10 up", "1 number late")
    assert told.worst == "Worst AQI late by 6\u00a0min"
    assert told.to_worst == "/indicator/environment.aqi_now"
    frame["readings"]["environment.aqi_now"] |= {"as_of": instant(NOW)}
    told = live_ages.strip_text(view_of(frame, "en"))
    assert (told.mark, told.late, told.worst) == ("none", "", "All on time")


def test_feed_that_is_not_due_is_not_down() -> None:
    frame = sample(NOW)
    for name in frame["feeds"]:
        frame["feeds"][name] |= {"state": "not_due"}
    assert live_ages.strip_text(view_of(frame)).feeds == "数据源 10/10 正常"


def test_the_strip_names_no_number_that_may_not_be_seen() -> None:
    person = Person("a", frozenset({"cases"}), actions=EVERYTHING)
    names = live_ages.number_names(view_of(sample(NOW), person=person))
    assert names
    assert {key.partition(".")[0] for key in names} == {"cases"}


def test_the_status_page_lists_late_numbers_and_what_makes_them_so() -> None:
    shown = render_late_numbers(view_of(sample(NOW), "en"))
    said = texts(shown)
    assert getattr(shown, "id", "") == "late-numbers"
    assert said.count("late by 6\u00a0min") == 3
    assert said.count("register Late") == 3
    parts = texts(render_late_numbers(view_of(station_frame(20, 900), "en")))
    assert "late by 10\u00a0min: Sanshui (2)" in parts


def test_the_status_page_says_where_all_numbers_are_on_time() -> None:
    assert "全部按时更新" in texts(render_late_numbers(view_of(aged(20, 40, 60))))
