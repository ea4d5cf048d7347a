"""The whole way of an entry: typed into the page, on the reading within a refresh, then expired."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from entering import Desk, desk
from playwright.sync_api import Browser, Page, expect
from web_server import serve_web

from app import create_app

PHONE = {"width": 390, "height": 844}


pytestmark = pytest.mark.browser


@contextmanager
def served(made: Desk) -> Iterator[str]:
    """The web over a desk's store and Redis; its address."""
    with serve_web(create_app(made.settings, {}, clock=made.clock).server) as url:
        yield url


def fill(page: Page, due: str, moved: str) -> None:
    page.get_by_label("应转移人数").fill(due)
    page.get_by_label("已转移人数").fill(moved)
    page.get_by_role("button", name="提交").click()


def test_an_entry_goes_from_a_phone_to_the_reading_and_expires(
    chromium: Browser, tmp_path: Path, redis_url: str
) -> None:
    with desk(tmp_path, redis_url) as made, served(made) as base:
        made.watch.until(lambda: made.reading().get("state") == "not_due", 20)
        page = chromium.new_page(viewport=PHONE)  # type: ignore[arg-type]
        page.goto(f"{base}/entry/transfer")
        expect(page.get_by_text("还没有填报。")).to_be_visible()

        fill(page, "100", "120")
        said = page.locator("#entry-said")
        expect(said).to_contain_text("请填写填报人姓名。")
        expect(said).to_contain_text("请选择填报的地区。")
        expect(said).to_contain_text("“已转移人数”120 大于“应转移人数”100，请核对。")
        assert made.history.entries("transfer", 9) == []

        page.get_by_text("南海").click()
        page.get_by_label("填报人").fill("李明")
        fill(page, "100", "40")
        expect(said).to_contain_text("已保存：南海")
        expect(page.get_by_label("应转移人数")).to_have_value("")
        expect(page.locator("#entry-kept")).to_contain_text("李明")
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        refresh = 3
        made.watch.until(lambda: made.reading().get("value") == 100.0, refresh + 2, "in a refresh")
        assert made.reading("moved")["value"] == 40.0

        wall = chromium.new_page()
        wall.goto(f"{base}/indicator/entries.to_move")
        value = wall.locator(".live-value").first
        expect(value).to_have_text("100")

        page.get_by_label("应转移人数").fill("130")
        page.get_by_label("已转移人数").fill("90")
        page.get_by_role("button", name="提交").click()
        expect(page.locator("#entry-kept")).to_contain_text("已更正")
        expect(value).to_have_text("130")

        made.clock.later = timedelta(hours=4)
        made.watch.until(lambda: made.reading().get("reason") == "lapsed", 8)
        expect(wall.get_by_text("填报已过期").first).to_be_visible()
        assert made.reading()["value"] is None

        page.reload()
        expect(page.locator("#entry-kept")).to_contain_text("已过期，按未知计")
        page.get_by_role("button", name="撤回").click()
        expect(said).to_contain_text("已撤回：南海。")
        made.watch.until(lambda: made.reading().get("state") == "not_due", 8)
        for one in (page, wall):
            one.close()
