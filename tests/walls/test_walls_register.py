"""The register of screens: what it says of devices, and what an operator does there."""

from dataclasses import replace
from datetime import timedelta

import httpx
import pytest
from test_walls_web import House, make_house
from walls.walls_city import BEAT
from web.small_city import NOW

from callbacks.limiter import Limiter
from callbacks.screens import Desk, shown_of
from callbacks.views import build_view
from dashboard.access import EVERYTHING, Person, Refused
from dashboard.devices import Beat, Device, Heard
from dashboard.text import Language
from layouts.pages.screens import Register, render_facts, render_list, render_screens
from layouts.view import View

OPERATOR = Person("值班长", actions=EVERYTHING, roles=None)
ONLOOKER = Person("访客", actions=frozenset({"see"}), roles=None)


@pytest.fixture
def house() -> House:
    return make_house()


def desk_of(house: House) -> Desk:
    state = house.web.server.state
    return Desk(house.services, state.devices, state.stages, Limiter(10, 600))


def view_of(house: House, person: Person = OPERATOR, language: Language = "zh") -> View:
    return build_view(house.services, person, path="/screens", language=language)


async def waiting(house: House) -> tuple[httpx.AsyncClient, str]:
    browser = house.browser()
    return browser, (await browser.post("/wall/pairing")).json()["code"]


async def test_a_code_that_was_entered_pairs_the_browser_that_shows_it(house: House) -> None:
    browser, code = await waiting(house)
    desk, view = desk_of(house), view_of(house)
    typed = f"{code[:3]} {code[3:]}"
    assert await desk.pair(view, typed, "duty", " 大厅 左侧 ") == (
        "已配对：大厅 左侧（值班屏）。",
        True,
    )
    assert (await browser.post("/wall/pairing")).json() == {"state": "paired", "screen": "duty"}
    assert house.screens.notes == [("值班长", "pair", "duty")]
    listed = str(render_list(view, await desk.register(view)))
    assert "大厅 左侧" in listed
    assert "从未上线" in listed


@pytest.mark.parametrize(
    ("code", "screen", "name", "said"),
    [
        ("12345", "duty", "左", "配对码是六位数字。"),
        (None, "duty", "左", "配对码是六位数字。"),
        ("123456", None, "左", "请选择显示哪一块屏。"),
        ("123456", "gone", "左", "请选择显示哪一块屏。"),
        ("123456", "duty", " ", "请给设备起个名字，最多 60 字。"),
        ("123456", "duty", "左", "没有浏览器正在显示这个码。"),
    ],
)
async def test_what_cannot_be_paired_is_said(
    house: House, code: str | None, screen: str | None, name: str, said: str
) -> None:
    found, done = await desk_of(house).pair(view_of(house), code, screen, name)
    assert found.startswith(said)
    assert not done
    assert house.screens.notes == []


async def test_codes_cannot_be_guessed_one_after_the_other(house: House) -> None:
    desk, view = desk_of(house), view_of(house)
    _, code = await waiting(house)
    wrong = f"{(int(code) + 1) % 10**6:06d}"
    for _ in range(10):
        assert (await desk.pair(view, wrong, "duty", "左"))[0].startswith("没有浏览器")
    assert await desk.pair(view, code, "duty", "左") == ("试错太多次，请十分钟后再试。", False)
    other = replace(view, person=Person("王五", actions=EVERYTHING))
    assert (await desk.pair(other, code, "duty", "左"))[1], "others are not held up by it"


def test_tries_are_forgotten_after_their_time() -> None:
    now = 0.0
    limiter = Limiter(2, 10, lambda: now)
    assert [limiter.take("a") for _ in range(3)] == [True, True, False]
    assert limiter.take("b")
    now = 10.0
    assert limiter.take("a")


async def test_a_device_is_renamed_identified_and_revoked(house: House) -> None:
    desk, view = desk_of(house), view_of(house)
    device = await house.pair(house.browser())
    assert await desk.act(view, "rename", device, "右侧") == "已改名：右侧。"
    assert await desk.act(view, "rename", device, "") == "请给设备起个名字，最多 60 字。"
    assert await desk.act(view, "identify", device, None) == "屏幕正在显示编号。"
    assert house.screens.given[0].kind == "identify"
    assert await desk.act(view, "revoke", device, None) == "已解除配对：右侧。"
    assert await desk.act(view, "revoke", device, None) == "这台设备已经解除配对。"
    assert [note[1] for note in house.screens.notes] == [
        "pair",
        "rename",
        "order identify",
        "revoke",
    ]


async def test_who_may_not_operate_looks_and_does_nothing(house: House) -> None:
    desk, view = desk_of(house), view_of(house, ONLOOKER)
    device = await house.pair(house.browser())
    for action in ("rename", "revoke", "identify"):
        with pytest.raises(Refused):
            await desk.act(view, action, device, "x")
    with pytest.raises(Refused):
        await desk.pair(view, "123456", "duty", "x")
    page = str(render_screens(view)) + str(render_list(view, await desk.register(view)))
    assert "不能配对或解除" in page
    assert "Button" not in page


def facts(house: House, heard: Heard | None, language: Language = "zh", **more: object) -> str:
    device = Device("d", "duty", "左侧", "李明", NOW - timedelta(days=3))
    register = Register([device], {"d": heard} if heard else {}, **more)  # type: ignore[arg-type]
    return str(render_facts(view_of(house, language=language), device, register))


def test_a_device_says_how_it_is(house: House) -> None:
    beat = Beat.model_validate(BEAT | {"uptime": 200_000, "errors": ["/map: skipped"]})
    said = facts(house, Heard(NOW - timedelta(seconds=4), beat))
    for word in ("在线", "值班屏", "1920×1080", "50 MB", "2 天", "+0.2 s", "/map: skipped"):
        assert word in said.replace("\\xa0", " "), word
    assert "目录为" not in said


def test_a_picture_of_another_size_than_the_catalogue_says_is_said(house: House) -> None:
    scaled = Beat.model_validate(BEAT | {"width": 960, "height": 540, "dpr": 2})
    assert "目录为" not in facts(house, Heard(NOW, scaled)), "the same pixels, drawn twice as large"
    small = Beat.model_validate(BEAT | {"width": 1280, "height": 720})
    assert "1280×720，目录为 1920×1080" in facts(house, Heard(NOW, small))


def test_a_silent_device_and_one_of_which_nobody_can_tell(house: House) -> None:
    old = Heard(NOW - timedelta(seconds=30), Beat.model_validate(BEAT))
    assert "失联" in facts(house, old)
    assert "Silent" in facts(house, old, "en")
    assert "心跳暂时读不到" in facts(house, None, known=False)


def test_the_code_of_a_qr_is_filled_in(house: House) -> None:
    view = replace(view_of(house), params={"pair": "123456"})
    assert "value='123456'" in str(render_screens(view))


async def test_devices_of_a_screen_that_is_gone_are_still_there_to_be_revoked(
    house: House,
) -> None:
    await house.pair(house.browser(), "side")
    del house.services.catalogue.screens["side"]
    desk, view = desk_of(house), view_of(house)
    assert "左侧" in str(render_list(view, await desk.register(view)))


async def test_the_list_is_another_when_a_device_or_what_is_shown_is(house: House) -> None:
    desk, view = desk_of(house), view_of(house)
    before = shown_of(await desk.register(view))
    assert shown_of(await desk.register(view)) == before
    device = await house.pair(house.browser())
    after = shown_of(await desk.register(view))
    assert after != before
    await house.web.server.state.devices.refresh()
    await desk.act(view, "rename", device, "新名")
    assert shown_of(await desk.register(view)) != after
