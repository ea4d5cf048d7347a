"""Two browsers: one shows a code, the other enters it; the first shows the wall until it is revoked."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect
from walls.walls_product import product, served, signed_in

pytestmark = pytest.mark.browser
PHONE: Any = {"width": 390, "height": 844}
WALL: Any = {"width": 1920, "height": 1080}


@contextmanager
def page_of(chromium: Browser, size: Any, **options: Any) -> Iterator[Page]:
    """A browser with cookies of its own."""
    context = chromium.new_context(viewport=size, **options)
    page = context.new_page()
    yield page
    context.close()


def code_on(wall: Page) -> str:
    expect(wall.locator("#pairing-qr")).to_be_visible()
    return wall.locator("#pairing-code").inner_text().replace(" ", "")


def pair(desk: Page, officer: httpx.Client, code: str, screen: str, name: str) -> None:
    """As the officer does who scanned the QR with a phone."""
    base = str(officer.base_url)
    cookies = [{"name": k, "value": v, "url": base} for k, v in officer.cookies.items()]
    desk.context.add_cookies(cookies)  # type: ignore[arg-type]  # playwright's own dict type
    desk.goto(f"{base}/screens?pair={code}")
    expect(desk.get_by_label("配对码")).to_have_value(code)
    desk.get_by_text(screen, exact=False).first.click()
    desk.get_by_label("设备名称").first.fill(name)
    desk.get_by_role("button", name="配对", exact=True).first.click()
    expect(desk.locator("#screens-said")).to_contain_text(f"已配对：{name}")


def order(officer: httpx.Client, screen: str, called: str, **payload: Any) -> None:
    body = {"kind": called, "payload": payload}
    answer = officer.post(f"/api/screens/{screen}/orders", json=body)
    assert answer.status_code == 201, answer.text


def renew(wall: Page) -> None:
    """The page that is shown is exchanged for itself, as after a change of the catalogue."""
    wall.evaluate("() => { document.querySelector('.stage-frame').dataset.old = 'yes'; }")
    wall.evaluate("() => window.CommandCenter.stage.frames.renew()")
    expect(wall.locator(".stage-frame[data-old]")).to_have_count(0)
    assert wall.locator(".stage-frame").count() == 1


def revoke(desk: Page, wall: Page) -> None:
    """Within seconds the screen is back at a code, and holds no page any more."""
    desk.locator(".screen-revoke summary").click()
    desk.locator(".screen-revoke button").click()
    expect(desk.locator("#screens-said")).to_contain_text("已解除配对")
    began = time.monotonic()
    expect(wall.locator("#pairing")).to_be_visible()
    assert time.monotonic() - began < 5
    assert len(code_on(wall)) == 6
    assert wall.locator(".stage-frame").count() == 0
    assert wall.evaluate("fetch('/api/readings').then((answer) => answer.status)") == 200, (
        "it is loopback again, as before"
    )


def test_a_browser_is_paired_shows_the_wall_obeys_and_is_revoked(
    chromium: Browser, tmp_path: Path, redis_url: str
) -> None:
    with (
        product(tmp_path, redis_url) as made,
        served(made) as base,
        signed_in(base) as officer,
        page_of(chromium, WALL) as wall,
        page_of(chromium, PHONE) as desk,
    ):
        wall.goto(f"{base}/wall")
        pair(desk, officer, code_on(wall), "值班屏", "左侧小主机")
        frame = wall.frame_locator(".stage-frame.is-shown")
        expect(frame.locator(".wall-title")).to_have_text("值班屏")
        expect(wall.locator("#pairing")).to_be_hidden()
        assert wall.url == f"{base}/wall", "a stage never navigates"
        assert desk.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]

        card = desk.locator(".screen-device")
        expect(card).to_contain_text("在线")
        expect(card).to_contain_text("1920×1080")
        expect(card).to_contain_text("值班屏")
        desk.get_by_role("button", name="亮出编号").click()
        expect(wall.locator("#stage-name")).to_contain_text("1")
        expect(wall.locator("#stage-name")).to_contain_text("大厅")

        began = time.monotonic()
        order(officer, "duty", "message", text="十点会商")
        expect(wall.locator("#stage-message")).to_have_text("十点会商")
        assert time.monotonic() - began < 1.5
        order(officer, "duty", "show", path="/department/center")
        expect(frame.locator("h1")).to_have_text("指挥中心")
        expect(frame.locator(".navigation")).to_be_hidden()
        order(officer, "duty", "night", on=True)
        expect(wall.locator("html")).to_have_attribute("data-night", "true")
        wall.reload()
        expect(frame.locator("h1")).to_have_text("指挥中心")
        expect(wall.locator("#stage-message")).to_have_text("十点会商")
        order(officer, "duty", "end", kind="show")
        expect(frame.locator(".wall-title")).to_have_text("值班屏")
        assert wall.locator(".stage-frame").count() == 1
        renew(wall)
        expect(frame.locator(".wall-title")).to_have_text("值班屏")

        revoke(desk, wall)


def test_a_side_screen_turns_its_pages_without_navigating(
    chromium: Browser, tmp_path: Path, redis_url: str
) -> None:
    with (
        product(tmp_path, redis_url) as made,
        served(made) as base,
        signed_in(base) as officer,
        page_of(chromium, WALL) as wall,
        page_of(chromium, WALL) as desk,
    ):
        wall.goto(f"{base}/wall")
        pair(desk, officer, code_on(wall), "侧屏", "右侧")
        frame = wall.frame_locator(".stage-frame.is-shown")
        expect(frame.locator("h1")).to_have_text("指挥中心")
        order(officer, "side", "next")
        expect(frame.locator("h1")).to_have_text("待处置事项")
        order(officer, "side", "next")
        expect(frame.locator("h1")).to_have_text("指挥中心")
        # Turned to by itself, the next one prepared before.
        wall.evaluate(
            "() => { const f = window.CommandCenter.stage.frames;"
            " f.pages = f.pages.map((page) => ({ ...page, dwell: 3 })); f.plan(); }"
        )
        expect(frame.locator("h1")).to_have_text("待处置事项")
        assert wall.locator(".stage-frame").count() <= 2
        assert wall.url == f"{base}/wall"
        order(officer, "side", "hold")
        held = frame.locator("h1").inner_text()
        wall.wait_for_timeout(7000)
        assert frame.locator("h1").inner_text() == held


def test_a_page_that_does_not_come_is_skipped_and_the_wall_never_blank(
    chromium: Browser, tmp_path: Path, redis_url: str
) -> None:
    with (
        product(tmp_path, redis_url) as made,
        served(made) as base,
        signed_in(base) as officer,
        # A worker would ask for the page where the test does not see it.
        page_of(chromium, WALL, service_workers="block") as wall,
        page_of(chromium, WALL) as desk,
    ):
        wall.route("**/indicator/**", lambda route: route.abort())
        wall.goto(f"{base}/wall")
        pair(desk, officer, code_on(wall), "侧屏", "右侧")
        frame = wall.frame_locator(".stage-frame.is-shown")
        expect(frame.locator("h1")).to_have_text("指挥中心")
        order(officer, "side", "next")
        wall.wait_for_timeout(1000)
        expect(frame.locator("h1")).to_have_text("指挥中心")
        expect(desk.locator(".screen-device")).to_contain_text(
            "/indicator/center.matters_open: skipped", timeout=45_000
        )
        expect(frame.locator("h1")).to_have_text("指挥中心")


def test_a_screen_cares_for_itself(chromium: Browser, tmp_path: Path, redis_url: str) -> None:
    with (
        product(tmp_path, redis_url) as made,
        served(made) as base,
        signed_in(base) as officer,
        page_of(chromium, WALL) as wall,
        page_of(chromium, WALL) as desk,
    ):
        wall.goto(f"{base}/wall")
        pair(desk, officer, code_on(wall), "值班屏", "左侧")
        frame = wall.frame_locator(".stage-frame.is-shown")
        expect(frame.locator(".wall-title")).to_have_text("值班屏")
        care = "window.CommandCenter.care"

        # The picture moves, by at most 24 px between the farthest two places.
        for draw, place in (("1", "12px, 12px"), ("0", "-12px, -12px")):
            wall.evaluate(f"{care}.glide(() => {draw})")
            shift = wall.evaluate("document.getElementById('stage').style.transform")
            assert shift == f"translate({place})"

        # A page that hears nothing while the center speaks is drawn anew, then exchanged.
        assert wall.evaluate(f"{care}.trouble()") == ""
        wall.evaluate("document.querySelector('.is-shown').dataset.old = 'true'")
        wall.evaluate("window.CommandCenter.stage.frameAge = () => 61")
        assert wall.evaluate(f"{care}.trouble()") == "frame age"
        for _ in range(4):
            wall.evaluate(f"{care}.mend('frame age')")
        noted = wall.evaluate("window.CommandCenter.stage.errors")
        assert noted[-2:] == ["frame age: redraw", "frame age: renew"]
        expect(wall.locator(".stage-frame.is-shown:not([data-old])")).to_have_count(1)
        expect(wall.locator(".stage-frame")).to_have_count(1)
        expect(frame.locator(".wall-title")).to_have_text("值班屏")

        wall.evaluate("window.CommandCenter.stage.frameAge = () => 0")

        # Newer scripts are taken up, but not while an alarm is open.
        wall.evaluate(
            "() => { window.CommandCenter.stage.reload = () => { window.asked = true; }; }"
        )
        wall.evaluate("document.documentElement.dataset.version = 'older'")
        wall.evaluate(f"{care}.critical = () => true; {care}.renewItself(); {care}.from = 0")
        wall.evaluate(f"{care}.renewItself()")
        assert wall.evaluate("window.asked") is None
        wall.evaluate(f"{care}.critical = () => false; {care}.renewItself()")
        assert wall.evaluate("window.asked") is True


@contextmanager
def driven(chromium: Browser, folder: Path, redis_url: str) -> Iterator[tuple[Any, Page, Page]]:
    """A product whose duty wall is paired, that wall, and the desk on the officer's phone."""
    with (
        product(folder, redis_url) as made,
        served(made) as base,
        signed_in(base) as officer,
        page_of(chromium, WALL) as wall,
        page_of(chromium, PHONE) as desk,
    ):
        wall.goto(f"{base}/wall")
        pair(desk, officer, code_on(wall), "值班屏", "左侧")
        expect(shown_on(wall).locator(".wall-title")).to_have_text("值班屏")
        desk.goto(f"{base}/desk")
        yield made, wall, desk


def shown_on(wall: Page) -> Any:
    """The page that a stage shows."""
    return wall.frame_locator(".stage-frame.is-shown")


def test_the_desk_drives_a_screen_from_a_phone(
    chromium: Browser, tmp_path: Path, redis_url: str
) -> None:
    with driven(chromium, tmp_path, redis_url) as (made, wall, desk):
        card, frame = desk.locator(".screen-card").first, shown_on(wall)
        state = card.locator(".desk-state")
        expect(state).to_contain_text("1/1 台在线", timeout=15_000)
        card.get_by_label("推送页面").select_option("/department/center")
        card.get_by_role("button", name="推送", exact=True).click()
        began = time.monotonic()
        expect(frame.locator("h1")).to_have_text("指挥中心")
        print(f"\npushed and drawn after {time.monotonic() - began:.2f} s")
        expect(state).to_contain_text("值班台推送")
        card.get_by_label("文字").fill("十点会商")
        card.get_by_role("button", name="发送").click()
        expect(wall.locator("#stage-message")).to_have_text("十点会商")
        card.get_by_role("button", name="撤下文字").click()
        expect(wall.locator("#stage-message")).to_be_hidden()
        card.get_by_role("button", name="收回推送").click()
        expect(frame.locator(".wall-title")).to_have_text("值班屏")

        # What is no page is said, and nothing is ordered.
        card.get_by_label("或其他地址").fill("https://elsewhere/")
        card.get_by_role("button", name="推送", exact=True).click()
        expect(desk.locator("#desk-said")).to_contain_text("https://elsewhere/")
        expect(frame.locator(".wall-title")).to_have_text("值班屏")

        card.get_by_text("预览").click()
        preview = desk.frame_locator(".desk-picture iframe")
        expect(preview.locator(".wall-title")).to_have_text("值班屏")
        assert desk.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        assert {("chen", "order show"), ("chen", "order message")} <= set(made.audit())


def test_an_alarm_is_a_band_until_somebody_lets_it_take_the_wall(
    chromium: Browser, tmp_path: Path, redis_url: str
) -> None:
    with driven(chromium, tmp_path, redis_url) as (made, wall, desk):
        card, frame = desk.locator(".screen-card").first, shown_on(wall)
        expect(wall.locator("#stage-band")).to_be_hidden()
        made.publish_alarm("center.matters_open", "河涌水位 超过警戒")
        expect(wall.locator("#stage-band")).to_contain_text("河涌水位 超过警戒")
        expect(frame.locator(".wall-title")).to_be_visible()
        desk.get_by_role("button", name="占屏：值班屏").click()
        expect(frame.locator("h1")).to_have_text("待处置事项")
        expect(card.locator(".desk-state")).to_contain_text("事项占屏")
        card.get_by_role("button", name="交还").click()
        expect(frame.locator(".wall-title")).to_have_text("值班屏")
        assert {("chen", "order take"), ("chen", "order give_back")} <= set(made.audit())
