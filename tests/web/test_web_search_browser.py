"""The search as somebody at a keyboard has it, and the record that it leads to."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from searched_city import NUMBER, searched_services
from web_server import serve_web

from callbacks.web import build_web

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    services = searched_services(tmp_path_factory.mktemp("searched"))
    with serve_web(build_web(services).server) as url:
        yield url


@pytest.fixture
def page(chromium: Browser, address: str) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 1440, "height": 900})
    opened = context.new_page()
    opened.goto(f"{address}/status")
    opened.wait_for_selector(".page")
    yield opened
    context.close()


def test_a_number_typed_leads_to_its_record_by_keyboard_alone(page: Page) -> None:
    page.keyboard.press("/")
    page.keyboard.type(NUMBER)
    first = page.locator("#search-found li").first
    expect(first).to_contain_text(NUMBER)
    expect(first).to_have_attribute("aria-selected", "true")
    expect(page.locator("#search-said")).to_contain_text("通关")
    page.keyboard.press("Enter")
    expect(page.locator(".page-record h1")).to_contain_text(NUMBER)
    expect(page.locator(".record-box")).to_contain_text("2026-11-22 09:00:00")
    expect(page.locator(".record-box")).to_contain_text("禅城")
    expect(page.locator(".record-box")).not_to_contain_text("张三")
    expect(page.locator(".steps li")).to_have_count(2)


def test_pinyin_initials_arrows_and_escape(page: Page) -> None:
    page.keyboard.press("Control+k")
    page.keyboard.type("sql")
    items = page.locator("#search-found li")
    expect(items.first).to_contain_text("申请量")
    page.keyboard.press("Escape")
    expect(page.locator("#search")).not_to_be_visible()
    page.locator('[data-search="open"]').click()
    page.keyboard.type("大厅")
    expect(items).to_have_count(2)
    page.keyboard.press("ArrowDown")
    expect(items.nth(1)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowDown")
    expect(items.nth(0)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    expect(page.locator(".page-record h1")).to_contain_text("大厅")
    expect(page.locator(".record-box")).to_contain_text("厅")


def test_nothing_found_and_no_answer_are_said(page: Page) -> None:
    page.keyboard.press("/")
    page.keyboard.type("qqqqzzzz")
    expect(page.locator("#search-said")).to_contain_text("没有找到")
    page.context.set_offline(True)
    page.keyboard.type("a")
    expect(page.locator("#search-said")).to_contain_text("搜索没有应答")
    page.context.set_offline(False)
    for _ in range(9):
        page.keyboard.press("Backspace")
    page.keyboard.type("status")
    expect(page.locator("#search-found li").first).to_be_visible()


def test_a_slash_in_a_field_is_a_slash(page: Page) -> None:
    page.keyboard.press("/")
    field = page.locator("#search-field input")
    page.keyboard.type("a/b")
    expect(field).to_have_value("a/b")
