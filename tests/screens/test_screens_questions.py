"""Questions that people of each department ask, answered on the screen in at most four clicks.

`docs/questions.md` shows the way with pictures, which `PICTURES=1` makes anew.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Download, Locator, Page, expect

MOST_CLICKS = 4
BOARD = "[...window.CommandCenter.maps.values()][0]"
SLOW = 60_000
SHOWN = Path(__file__).resolve().parents[2] / "docs" / "pictures"

pytestmark = [pytest.mark.browser, pytest.mark.soak, pytest.mark.timeout(1500)]


class Clerk:
    """Somebody at a desk who opens a department's page, and whose clicks are counted."""

    def __init__(self, page: Page, base: str) -> None:
        self.page, self.base, self.clicks = page, base, 0

    def opens(self, path: str) -> None:
        """Begin at a page that stands in the navigation."""
        self.page.goto(f"{self.base}{path}?lang=zh&theme=light")
        self.page.wait_for_selector(".page h1", timeout=SLOW)

    def click(self, what: Locator) -> None:
        """One click."""
        self.clicks += 1
        assert self.clicks <= MOST_CLICKS
        what.click(timeout=SLOW)

    def listed(self, title: str) -> Locator:
        """One of the lists of a page, opened by a click where it is not open."""
        item = self.page.locator(".list-item", has_text=title).first
        if item.get_attribute("open") is None:
            self.click(item.locator("summary"))
        return item

    def takes(self, what: Locator) -> Download:
        """One click that brings a file."""
        with self.page.expect_download(timeout=SLOW) as waited:
            self.click(what)
        return waited.value

    def shows(self, name: str, what: Locator | None = None) -> None:
        """The answer as a picture, where pictures are wanted."""
        if os.environ.get("PICTURES"):
            if what is not None:
                what.scroll_into_view_if_needed()
            self.page.screenshot(path=SHOWN / f"question-{name}.png")


@pytest.fixture
def clerk(chromium: Browser, product: str) -> Iterator[Clerk]:
    context = chromium.new_context(
        viewport={"width": 1440, "height": 900}, accept_downloads=True, bypass_csp=True
    )
    yield Clerk(context.new_page(), product)
    context.close()


def test_overdue_cases_of_one_town_in_excel(clerk: Clerk, tmp_path: Path) -> None:
    """今天祖庙街道超期未办结的工单，给我一张表。"""
    clerk.opens("/department/cases")
    clerk.click(clerk.page.locator('.key-figures a[href*="cases.overdue_open"]').first)
    rows = clerk.page.locator("#rows")
    clerk.click(rows.locator("summary", has_text="镇街"))
    clerk.click(rows.get_by_role("link", name="祖庙"))
    expect(rows.locator(".chip")).to_contain_text("祖庙")
    clerk.shows("cases", rows)
    file = clerk.takes(rows.get_by_role("link", name="XLSX").first)
    assert file.suggested_filename.endswith(".xlsx")
    file.save_as(tmp_path / "rows.xlsx")
    assert (tmp_path / "rows.xlsx").stat().st_size > 5_000


def test_declarations_that_wait_too_long_at_a_port(clerk: Clerk) -> None:
    """哪些报关单通关超长还没放行，在哪个口岸、等在哪一步？"""
    clerk.opens("/department/customs")
    late = clerk.listed("通关超长未放行")
    expect(late.locator("table")).to_contain_text("口岸", timeout=SLOW)
    expect(late.locator("table")).to_contain_text("环节")
    clerk.shows("customs", late)


def test_the_next_bus_at_a_stop(clerk: Clerk) -> None:
    """115 路下一班车到市二医院还有几站、几分钟？"""
    clerk.opens("/department/transit")
    panel = clerk.page.locator(".lookup")
    for title, choice in (("线路", "115路"), ("站点", "市二医院")):
        menu = panel.get_by_role("group", name=title)
        clerk.click(menu.locator(".lookup-menu").first)
        clerk.page.keyboard.type(choice)
        clerk.click(clerk.page.get_by_role("option", name=choice).first)
    expect(panel.locator(".lookup-answer")).to_contain_text("向部门查询", timeout=SLOW)
    clerk.shows("transit", panel)


def test_which_outlet_is_over_its_limit_and_by_how_much(clerk: Clerk) -> None:
    """哪家企业的哪个排口日均值离限值最近或已超标，差多少？"""
    clerk.opens("/department/environment")
    outlets = clerk.listed("占限值")
    expect(outlets.locator("table")).to_contain_text("限值", timeout=SLOW)
    clerk.shows("environment", outlets)


def test_cameras_nearest_to_an_incident(clerk: Clerk) -> None:
    """离这起事件最近的摄像头在哪里，在不在线？"""
    clerk.opens("/map")
    clerk.page.wait_for_selector("[data-drawn]", timeout=SLOW)
    clerk.page.wait_for_function(
        f"(() => {{ const t = {BOARD}.things.get('incidents'); return t && t.body && t.x.length; }})()"
    )
    place = clerk.page.evaluate(
        f"""(() => {{ const {{ view, things }} = {BOARD}; const {{ x, y }} = things.get('incidents');
        const box = view.node.getBoundingClientRect();
        return {{ x: view.left(x[0]) * view.unit - view.margin[0],
                  y: view.top(y[0]) * view.unit - view.margin[1], width: box.width }};
        }})()"""
    )
    clerk.clicks += 1
    clerk.page.locator("[data-drawn]").first.click(position={"x": place["x"], "y": place["y"]})
    card = clerk.page.locator("#map-card")
    expect(card.locator(".near-name").first).to_be_visible(timeout=SLOW)
    expect(card.locator(".near-state").first).to_contain_text("线")
    clerk.shows("incidents", card.locator(".near-name").nth(3))
