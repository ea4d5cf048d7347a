"""The next bus as somebody at a screen asks for it."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from bus_city import bus_services
from playwright.sync_api import Browser, Page, expect
from web_server import serve_web

from callbacks.web import build_web

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    services = bus_services(tmp_path_factory.mktemp("buses"))
    with serve_web(build_web(services).server) as url:
        yield url


@pytest.fixture
def page(chromium: Browser, address: str) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 1440, "height": 900})
    opened = context.new_page()
    opened.goto(f"{address}/department/transit")
    opened.wait_for_selector(".lookup")
    yield opened
    context.close()


def choose(page: Page, place: int, typed: str, wanted: str) -> None:
    """Open one menu, type a part of what is wanted, and take it."""
    page.locator(".lookup-choice").nth(place).locator(".dash-dropdown").click()
    page.locator(".dash-dropdown-search").fill(typed)
    page.locator(".dash-dropdown-option", has_text=wanted).first.click()
    page.keyboard.press("Escape")


def test_a_line_and_a_stop_by_pinyin_give_the_next_buses(page: Page) -> None:
    box = page.locator(".lookup")
    expect(box).to_contain_text("请选择线路和站点")
    choose(page, 0, "115", "115路")
    choose(page, 1, "seyy", "市二医院")
    rows = box.locator(".looked tbody tr")
    expect(rows.first).to_contain_text("往")
    assert 3 <= rows.count() <= 5
    away = [float(row.locator("td").nth(2).inner_text()) for row in rows.all()]
    assert away == sorted(away)
    expect(rows.first).to_contain_text("前")
    expect(box).to_contain_text("查询记入审计")


def test_the_keyboard_reaches_menus_that_say_their_names(page: Page) -> None:
    """The place for the keyboard that Dash gives a menu is named, and axe finds nothing."""
    page.wait_for_selector(".dash-dropdown")
    page.locator(".lookup-choice").first.scroll_into_view_if_needed()
    places = page.locator(".lookup .dash-dropdown-focus-target")
    expect(places.first).to_have_attribute("aria-label", "线路")
    expect(places.first).not_to_have_attribute("aria-hidden", "true")
    found = Axe().run(page, ".lookup").response["violations"]
    assert [one["id"] for one in found if one["impact"] in ("serious", "critical")] == []
