"""Two browsers, a desk and a screen: guests are let in and out, and a drill is marked."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect
from test_walls_browser import WALL, code_on, page_of, pair, shown_on
from walls.walls_product import Product, product, served, signed_in

pytestmark = pytest.mark.browser
ALARM = "河涌水位 超过警戒"
PARKS = """\
key: parks
title: {zh: 公园, en: Parks}
owner: {zh: 城管局, en: Urban Management}
url: sqlite:///no_such_folder/parks.sqlite
liaison: {zh: 信息科, en: Information section}
datasets:
  visits:
    title: {zh: 入园, en: Entries}
    table: park_entries
    key: [id]
    corrected: false
    times:
      entered: {column: entered_at, kind: local}
    dimensions:
      district: {column: district, title: {zh: 区, en: District}, codes: districts}
indicators:
  entries:
    title: {zh: 入园人次, en: Entries}
    dataset: visits
    measure: {kind: count}
    time: entered
    by: [district]
    live_by: district
    unit: {zh: 人次, en: visits}
    basis: live
    definition: {text: {zh: 闸机人次。, en: Entries at the gates.}}
"""
MORE = {
    "departments/parks.yaml": PARKS,
    "codes/districts.yaml": """\
key: districts
title: {zh: 区, en: District}
codes:
  "440604": {title: {zh: 禅城, en: Chancheng}}
  "440605": {title: {zh: 南海, en: Nanhai}}
""",
    "pages/parks.yaml": """\
key: parks
title: {zh: 公园, en: Parks}
department: parks
numbers: [parks.entries]
panels:
  - {kind: trend, indicators: [parks.entries]}
  - {kind: ranked, indicators: [parks.entries], by: district}
""",
    "visits.yaml": """\
visits:
  - key: guests
    title: {zh: 政务考察, en: Delegation}
    pages:
      - {path: /department/parks}
      - {path: /wall/duty}
""",
}


@dataclass
class Room:
    """A room whose duty wall is paired, and the desk of its officer."""

    made: Product
    officer: httpx.Client
    wall: Page
    desk: Page

    @property
    def card(self) -> Any:
        """The duty wall's card at the desk."""
        return self.desk.locator(".screen-card").first

    def order(self, called: str, until: datetime | None = None, **payload: Any) -> None:
        said = {"kind": called, "payload": payload}
        said |= {"until": until.isoformat()} if until else {}
        answer = self.officer.post("/api/screens/duty/orders", json=said)
        assert answer.status_code == 201, answer.text

    def mode(self, wanted: str) -> None:
        expect(self.wall.locator("html")).to_have_attribute("data-mode", wanted, timeout=20_000)


@pytest.fixture
def room(chromium: Browser, tmp_path: Path, redis_url: str) -> Iterator[Room]:
    with (
        product(tmp_path, redis_url, MORE) as made,
        served(made) as base,
        signed_in(base) as officer,
        page_of(chromium, WALL) as wall,
        page_of(chromium, WALL) as desk,
    ):
        wall.goto(f"{base}/wall")
        pair(desk, officer, code_on(wall), "值班屏", "左侧小主机")
        expect(shown_on(wall).locator(".wall-title")).to_have_text("值班屏")
        desk.goto(f"{base}/desk")
        yield Room(made, officer, wall, desk)


@contextmanager
def alarmed(room: Room) -> Iterator[None]:
    """An alarm is open: a band, and a line of 待处置."""
    room.made.publish_alarm("center.matters_open", ALARM)
    expect(room.wall.locator("#stage-band")).to_contain_text(ALARM)
    yield
    expect(room.wall.locator("#stage-band")).to_contain_text(ALARM)


def enter(room: Room) -> None:
    began = time.monotonic()
    room.card.get_by_role("button", name="开始接待").click()
    room.mode("visit")
    expect(shown_on(room.wall).locator("h1")).to_have_text("公园")
    print(f"\nguests see their page after {time.monotonic() - began:.2f} s")


def test_guests_are_shown_a_locked_list_without_matters_and_rankings_and_left_by_a_key(
    room: Room,
) -> None:
    wall, frame = room.wall, shown_on(room.wall)
    room.order("show", path="/department/parks")
    expect(frame.locator(".panel-ranked")).to_have_count(1)
    wall.mouse.click(400, 400)
    with alarmed(room):
        enter(room)
        expect(wall.locator("#stage-band")).to_be_hidden()
        expect(frame.locator(".panel-trend")).to_have_count(1)
        expect(frame.locator(".panel-ranked")).to_have_count(0)
        expect(frame.get_by_text(ALARM)).to_have_count(0)
        expect(room.desk.locator(".desk-diverted")).to_contain_text("值班屏 不显示告警和待处置")
        expect(room.desk.get_by_text(ALARM)).to_be_visible()
        expect(room.card.locator(".desk-state")).to_contain_text("接待：政务考察，至 ")

        # Locked: what the desk pushes waits, and nothing comes of touching it.
        room.order("show", path="/department/center")
        room.order("night", on=True)
        wall.mouse.click(400, 400)
        wall.wait_for_timeout(1500)
        room.mode("visit")
        expect(frame.locator("h1")).to_have_text("公园")
        assert wall.evaluate("document.activeElement.tagName") == "BODY"

        # The duty wall among the guests' pages shows nothing that waits either.
        room.order("next")
        expect(frame.locator(".wall-visit")).to_have_count(1)
        expect(frame.locator(".pending")).to_have_count(0)
        room.order("night", on=False)

        wall.keyboard.press("Escape")
        room.mode("ordered")
        expect(frame.locator("h1")).to_have_text("指挥中心")
    assert ("左侧小主机", "order end") in room.made.audit()
    assert ("chen", "order visit") in room.made.audit()


def test_a_visit_ends_by_itself_and_by_the_button_and_gives_way_to_a_matter(room: Room) -> None:
    wall, frame = room.wall, shown_on(room.wall)
    room.order("visit", datetime.now(UTC) + timedelta(seconds=6), visit="guests")
    room.mode("visit")
    room.mode("normal")
    expect(frame.locator(".wall-title")).to_have_text("值班屏")

    enter(room)
    room.made.publish_alarm("center.matters_open", ALARM)
    room.desk.get_by_role("button", name="占屏：值班屏").click()
    room.mode("taken")
    expect(frame.locator("h1")).to_have_text("待处置事项")
    expect(wall.locator("#stage-band")).to_contain_text(ALARM)
    room.card.get_by_role("button", name="交还").click()
    room.mode("visit")
    expect(wall.locator("#stage-band")).to_be_hidden()
    room.card.get_by_role("button", name="结束接待").click()
    room.mode("normal")
    wall.keyboard.press("Escape")
    wall.wait_for_timeout(500)
    assert ("左侧小主机", "order end") not in room.made.audit(), "the key is for guests alone"


def test_until_the_guests_page_is_there_what_is_shown_keeps_its_matters_to_itself(
    room: Room,
) -> None:
    wall, frame = room.wall, shown_on(room.wall)
    wall.route("**/*visit=1*", lambda route: route.abort())
    with alarmed(room):
        expect(frame.locator(".pending")).to_be_visible()
        room.order("visit", visit="guests")
        room.mode("visit")
        expect(frame.locator(".pending")).to_be_hidden()
        expect(frame.locator(".wall-title")).to_be_visible()
        room.order("end", kind="visit")
        room.mode("normal")
        expect(frame.locator(".pending")).to_be_visible()


def overlaps(wall: Page) -> bool:
    """Whether the mark lies over the picture, wherever that glides."""
    return bool(
        wall.evaluate(
            "() => { const mark = document.getElementById('stage-drill').getBoundingClientRect();"
            " const shown = document.querySelector('.is-shown').getBoundingClientRect();"
            " return mark.bottom > shown.top + 0.5; }"
        )
    )


def test_a_drill_is_marked_over_every_page_until_it_ends_and_hides_nothing(room: Room) -> None:
    wall, frame = room.wall, shown_on(room.wall)
    mark = wall.locator("#stage-drill")
    expect(mark).to_be_hidden()
    room.desk.locator(".desk-rooms .room").last.get_by_role("button", name="开始演练").click()
    expect(mark).to_have_text("演练 DRILL")
    expect(room.desk.locator("#desk-said")).to_contain_text("全部大屏：开始演练")
    for state in room.desk.locator(".desk-state").all():
        expect(state).to_contain_text("演练")
    wall.evaluate("window.CommandCenter.care.glide(() => 0)")
    wall.wait_for_timeout(200)
    assert not overlaps(wall)
    assert mark.bounding_box()["height"] > 0.07 * WALL["height"]  # type: ignore[index]
    striped = "getComputedStyle(document.getElementById('stage-drill')).backgroundImage"
    assert "repeating-linear-gradient" in wall.evaluate(striped), "told by form, not colour alone"

    room.order("drill", text="防汛Ⅱ级演练")
    expect(mark).to_contain_text("防汛Ⅱ级演练")
    room.order("show", path="/department/center")
    expect(frame.locator("h1")).to_have_text("指挥中心")
    expect(mark).to_be_visible()
    enter_ordered(room)
    expect(mark).to_be_visible()
    wall.reload()
    expect(mark).to_contain_text("演练 DRILL")
    room.desk.locator(".desk-rooms .room").last.get_by_role("button", name="结束演练").click()
    expect(mark).to_be_hidden()
    expect(room.card.locator(".desk-state")).not_to_contain_text("演练")


def enter_ordered(room: Room) -> None:
    """Guests come while a drill goes on."""
    room.order("visit", visit="guests")
    room.mode("visit")
    expect(shown_on(room.wall).locator("h1")).to_have_text("公园")
