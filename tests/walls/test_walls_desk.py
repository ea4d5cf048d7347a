"""The desk without a browser: which order a button means, and what is said where it means none."""

from dataclasses import replace
from typing import Any

import pytest
from test_walls_register import ONLOOKER, OPERATOR, view_of
from test_walls_web import House, make_house

from callbacks.desk import Board, Fields, asked
from dashboard.access import Refused
from dashboard.text import LANGUAGES
from layouts.pages.desk import BUTTONS, render_critical, render_desk, render_state
from layouts.view import View

MATTER: dict[str, Any] = {
    "id": "cases/cases.lodged/440604",
    "department": "cases",
    "kind": "limit",
    "level": "alarm",
    "title": {"zh": "受理 超过限值", "en": "Lodged over its limit"},
    "place": {"zh": "禅城", "en": "Chancheng"},
    "since": "2026-11-22T07:00:00Z",
    "due": None,
    "indicator": "cases.lodged",
    "part": "440604",
    "excess": 1.0,
}
TAKE = "take cases%2Fcases.lodged%2F440604"


@pytest.fixture
def house() -> House:
    return make_house()


def board_of(house: House) -> Board:
    state = house.web.server.state
    return Board(house.services, state.devices, state.stages)


def alarmed(view: View) -> View:
    """The same while an alarm is open."""
    return replace(view, sections={**view.sections, "matters": {MATTER["id"]: MATTER}})


async def test_each_button_gives_its_order_and_says_so(house: House) -> None:
    view, board = view_of(house), board_of(house)
    fields = Fields("/department/cases", "", "十点会商")
    for action in ("show", "message", "give_back", *(action for action, _ in BUTTONS)):
        said = await board.act(view, action, "duty", fields)
        assert said.startswith("值班屏："), action
    assert [one.kind for one in house.screens.given] == [
        "show", "message", "give_back", "hold", "end", "next", "identify", "night", "end", "reload",
    ]  # fmt: skip
    assert [one.payload for one in house.screens.given if one.kind == "end"] == [
        {"kind": "hold"},
        {"kind": "night"},
    ]
    assert {who for who, _, _ in house.screens.notes} == {OPERATOR.name}


async def test_an_address_goes_before_the_list(house: House) -> None:
    fields = Fields("/department/cases", " /indicator/cases.lodged?window=7d ")
    assert asked(view_of(house), "show", fields) == (
        "show",
        {"path": "/indicator/cases.lodged?window=7d"},
    )


@pytest.mark.parametrize(
    ("action", "fields", "said"),
    [
        ("show", Fields(), "请选择页面，或填写地址。"),
        ("show", Fields("", "https://elsewhere/"), "大屏上没有这个页面：https://elsewhere/。"),
        ("message", Fields(text="  "), "请填写文字。"),
        (TAKE, Fields(), "没有告警事项"),
    ],
)
async def test_what_means_no_order_is_said_and_nothing_is_ordered(
    house: House, action: str, fields: Fields, said: str
) -> None:
    assert said in await board_of(house).act(view_of(house), action, "duty", fields)
    assert house.screens.given == []


async def test_an_alarm_takes_a_screen_with_the_page_at_which_it_is_seen(house: House) -> None:
    view, board = alarmed(view_of(house)), board_of(house)
    listed = str(render_critical(view))
    assert "受理 超过限值" in listed
    assert "占屏：值班屏" in listed
    await board.act(view, TAKE, "duty", Fields())
    [order] = house.screens.given
    assert (order.kind, order.payload) == (
        "take",
        {"path": "/indicator/cases.lodged", "matter": MATTER["id"]},
    )
    register = await board.register(view)
    state = str(render_state(view, view.catalogue.screens["duty"], register))
    assert "事项占屏" in state
    assert "0/0 台在线" in state


async def test_who_may_not_operate_sees_and_orders_nothing(house: House) -> None:
    view = alarmed(view_of(house, ONLOOKER))
    page = str(render_desk(view))
    assert "请用有权限的账号登录" in page
    assert "desk-action" not in page
    with pytest.raises(Refused):
        await board_of(house).act(view, "reload", "duty", Fields())
    assert house.screens.given == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_button_has_a_name_in_both_languages(house: House, language: Any) -> None:
    page = str(render_desk(view_of(house, language=language)))
    assert all(word.of(language) in page for _, word in BUTTONS)
