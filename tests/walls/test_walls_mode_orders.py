"""Modes from the desk and at the screen: who begins and ends them, for whom, and until when."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest
from test_walls_desk import alarmed, board_of
from test_walls_register import ONLOOKER, OPERATOR, view_of
from test_walls_web import House, following, make_house, until, working
from web.small_city import NOW, make_services, reading, text

from callbacks.desk import Fields
from callbacks.orders import give_order
from dashboard.access import Refused
from dashboard.catalogue.departments import Department
from dashboard.catalogue.screens import DutyScreen, SideScreen
from dashboard.catalogue.visits import Visit
from layouts.pages.desk import render_critical, render_desk, render_preview, render_state
from layouts.pages.screens import render_list

GUESTS = {"key": "guests", "title": text("政务考察", "Delegation"), "pages": [{"path": "/map"}]}
HALL = text("大厅", "Hall")
LEVELS = {
    "title": text("应急响应", "Response levels"),
    "dataset": "applications",
    "measure": {
        "kind": "fact",
        "column": "level",
        "group": ["district"],
        "values": {"wind_3": text("防风Ⅲ级", "Typhoon Ⅲ"), "none": text("无", "None")},
    },
    "time": "applied",
    "window": "now",
    "by": ["district"],
    "live_by": "district",
    "unit": text("级", "level"),
    "basis": "live",
    "definition": {"text": text("级别", "levels")},
}
RESPONSE = {
    "of": "cases.levels",
    "place": "440604",
    "sets": [
        {
            "key": "grave",
            "title": text("三防", "Flood control"),
            "stated": ["wind_3"],
            "pages": [{"path": "/department/customs"}],
        }
    ],
}


def make_room() -> House:
    """A hall with a duty wall and a side screen that follows a level, and a screen elsewhere."""
    house = make_house(make_services())
    known = house.services.catalogue
    cases = known.departments["cases"]
    indicators = cases.model_dump(by_alias=True, exclude_none=True)["indicators"]
    known.departments["cases"] = Department.model_validate(
        cases.model_dump(by_alias=True, exclude_none=True)
        | {"indicators": indicators | {"levels": LEVELS}}
    )
    for key, more in (("duty", {}), ("side", {"response_pages": RESPONSE})):
        screen = known.screens[key]
        written = screen.model_dump(by_alias=True, exclude_none=True) | {"room": HALL} | more
        known.screens[key] = type(screen).model_validate(written)
    known.screens["away"] = SideScreen.model_validate(
        {"key": "away", "kind": "side", "title": text("会议屏"), "pages": [{"path": "/map"}]}
    )
    known.visits["guests"] = Visit.model_validate(GUESTS)
    assert isinstance(known.screens["duty"], DutyScreen)
    return house


def state_level(house: House, stated: str) -> None:
    """People set a level, and it is heard of."""
    parts = {"440604": {"value": None, "n": None, "level": "alarm", "text": stated}}
    told = reading("cases.levels", None, parts_by="district", parts=parts)
    house.services.live.state.apply({"readings": {"cases.levels": told}})  # type: ignore[attr-defined]


@pytest.fixture
async def house() -> AsyncIterator[House]:
    made = make_room()
    yield made
    for one in made.closing:
        await one.aclose()


def modes(house: House) -> dict[str, str]:
    stages = house.web.server.state.stages
    return {k: stages.showing_of(one).mode for k, one in house.services.catalogue.screens.items()}


async def test_one_press_lets_guests_into_a_room_and_one_lets_them_out(house: House) -> None:
    board, view = board_of(house), view_of(house)
    said = await board.act(view, "visit", ":大厅", Fields(visit="guests"))
    assert said == "大厅：开始接待"
    assert modes(house) == {"duty": "visit", "side": "visit", "away": "normal"}
    assert {one.until for one in house.screens.given} == {NOW + timedelta(minutes=60)}
    await board.act(view, "end-visit", ":大厅", Fields())
    assert set(modes(house).values()) == {"normal"}
    assert house.screens.notes == [
        (OPERATOR.name, f"order {kind}", key)
        for kind in ("visit", "end")
        for key in ("duty", "side")
    ]


async def test_matters_are_diverted_to_the_desk_which_says_so(house: House) -> None:
    board, view = board_of(house), alarmed(view_of(house))
    await board.act(view, "visit", "duty", Fields(visit="guests"))
    register = await board.register(view)
    listed = str(render_critical(view, register))
    assert "受理 超过限值" in listed
    assert "值班屏 不显示告警和待处置，转到值班台：1 项" in listed
    state = str(render_state(view, view.catalogue.screens["duty"], register))
    assert "接待：政务考察，至 " in state
    preview = str(render_preview(view, view.catalogue.screens["duty"], register.showing["duty"]))
    assert "visit=1" in preview
    english = replace(view, language="en")
    assert "diverted to the desk: 1" in str(render_critical(english, register))


async def test_what_is_pushed_while_guests_look_is_said_to_wait(house: House) -> None:
    board, view = board_of(house), view_of(house)
    await board.act(view, "visit", "duty", Fields(visit="guests"))
    said = await board.act(view, "show", "duty", Fields("/department/cases"))
    assert said == "值班屏：推送（现有更优先的画面，结束后显示）"
    assert modes(house)["duty"] == "visit"


async def test_a_visit_ends_by_itself(house: House) -> None:
    await board_of(house).act(view_of(house), "visit", "duty", Fields(visit="guests"))
    browser = house.browser()
    await house.pair(browser)
    async with working(house), following(house, browser) as heard:
        assert heard.of("state")[0]["showing"]["mode"] == "visit"
        house.clock.later = timedelta(minutes=60)
        await until(lambda: heard.of("state")[-1]["showing"]["mode"] == "normal", 3.0)


async def test_the_key_at_a_screen_ends_its_own_visit_and_nothing_else(house: House) -> None:
    board, view = board_of(house), view_of(house)
    await board.act(view, "visit", ":大厅", Fields(visit="guests"))
    await board.act(view, "drill", "duty", Fields())
    browser = house.browser()
    await house.pair(browser)
    house.screens.notes.clear()
    for _ in range(2):
        assert (await browser.post("/wall/exit", json={})).status_code == 204
    assert modes(house) == {"duty": "normal", "side": "visit", "away": "normal"}
    assert house.screens.notes == [("左侧", "order end", "duty")], "the second ended nothing"
    stages = house.web.server.state.stages
    assert stages.showing_of(view.catalogue.screens["duty"]).drill == ""
    assert (await house.browser("10.1.1.1").post("/wall/exit", json={})).status_code == 403
    house.screens.down = True
    assert (await browser.post("/wall/exit", json={})).status_code == 204


async def test_a_drill_is_begun_everywhere_and_said_in_every_list(house: House) -> None:
    board, view = board_of(house), view_of(house)
    assert await board.act(view, "drill", ":", Fields()) == "全部大屏：开始演练"
    register = await board.register(view)
    assert str(render_list(view, register)).count("演练") == 3
    assert "演练" in str(render_state(view, view.catalogue.screens["away"], register))
    assert "DRILL" in str(render_list(replace(view, language="en"), register))
    browser = house.browser()
    await house.pair(browser)
    async with following(house, browser) as heard:
        assert heard.of("state")[0]["said"]["drill"] == "演练 DRILL"
    await board.act(view, "end-drill", ":", Fields())
    assert "演练" not in str(render_list(view, await board.register(view)))


async def test_a_screen_follows_the_level_that_is_set_and_says_so(house: House) -> None:
    browser = house.browser()
    await house.pair(browser, "side")
    async with working(house), following(house, browser) as heard:
        state_level(house, "wind_3")
        await until(lambda: heard.of("state")[-1]["showing"]["mode"] == "response", 3.0)
        assert "禅城 防风Ⅲ级" in heard.of("state")[-1]["said"]["response"]
        # Its feed goes away: what people set holds.
        house.services.live.state.apply({"readings": {"cases.levels": None}})  # type: ignore[attr-defined]
        assert modes(house)["side"] == "response"
        state_level(house, "none")
        await until(lambda: heard.of("state")[-1]["showing"]["mode"] == "normal", 3.0)
        assert heard.of("state")[-1]["said"]["response"] == ""
    assert house.screens.given == []


async def test_the_desk_ends_a_response_until_the_level_changes(house: House) -> None:
    board, view = board_of(house), view_of(house)
    state_level(house, "wind_3")
    await board.act(view, "response-off", "side", Fields())
    assert house.screens.given[0].payload == {"on": False, "stated": "wind_3"}
    assert modes(house)["side"] == "normal"
    state = str(render_state(view, view.catalogue.screens["side"], await board.register(view)))
    assert "不随响应" in state
    async with working(house):
        house.clock.later = timedelta(minutes=1)
        state_level(house, "none")
        await until(lambda: len(house.screens.given) == 2, 3.0)
        state_level(house, "wind_3")
        assert modes(house)["side"] == "response"
    assert house.screens.notes[-1] == ("center", "order end", "side")


async def test_the_desk_puts_a_response_on_by_hand(house: House) -> None:
    board, view = board_of(house), view_of(house)
    await board.act(view, "response grave", "side", Fields())
    assert modes(house)["side"] == "response"
    register = await board.register(view)
    state = str(render_state(view, view.catalogue.screens["side"], register))
    assert "三防" in state
    assert "由值班台手动启用" in state
    await board.act(view, "end-response", "side", Fields())
    assert modes(house)["side"] == "normal"


@pytest.mark.parametrize(
    ("screen", "kind", "payload", "said"),
    [
        ("duty", "visit", {"visit": "guest"}, "expected one of guests"),
        ("duty", "response", {"on": True, "set": "grave"}, "a screen with `response_pages`"),
        ("side", "response", {"on": True, "set": "graver"}, "expected one of grave"),
    ],
)
async def test_a_mode_that_there_is_not_is_refused(
    house: House, screen: str, kind: Any, payload: dict[str, Any], said: str
) -> None:
    stages = house.web.server.state.stages
    with pytest.raises(ValueError, match=said):
        await give_order(house.services, stages, OPERATOR, screen, kind, payload)
    assert house.screens.given == []


async def test_no_visit_is_longer_than_a_day_of_guests(house: House) -> None:
    stages, late = house.web.server.state.stages, NOW + timedelta(days=9)
    said = {"visit": "guests"}
    given = await give_order(house.services, stages, OPERATOR, "duty", "visit", said, late)
    assert given.until == NOW + timedelta(hours=12)


async def test_who_may_not_operate_begins_no_mode(house: House) -> None:
    view = view_of(house, ONLOOKER)
    assert "desk-visit" not in str(render_desk(view))
    for action in ("visit", "drill", "response grave"):
        with pytest.raises(Refused):
            await board_of(house).act(view, action, ":", Fields(visit="guests"))
    browser = house.browser()
    await house.pair(browser)
    body = {"kind": "drill", "payload": {}}
    answer: httpx.Response = await browser.post("/api/screens/duty/orders", json=body)
    assert answer.status_code == 403


@pytest.mark.parametrize("action", ["visit", "end-visit", "drill", "end-drill"])
def test_a_room_and_a_screen_have_the_same_buttons(house: House, action: str) -> None:
    page = str(render_desk(view_of(house)))
    for target in ("duty", "side", "away", ":大厅", ":"):
        assert f"{{'type': 'desk-action', 'action': '{action}', 'screen': '{target}'}}" in page
