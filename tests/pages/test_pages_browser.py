"""Pages in Chromium: nothing empty, cut off or out of reach, in both languages and themes."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from pages_city import sections
from pages_fakes import FakeLive, services
from playwright.sync_api import Browser, BrowserContext, Page, expect
from web_server import serve_web

from callbacks.web import build_web
from dashboard import ids

PATHS = (
    "/",
    "/department/customs",
    "/indicator/customs.clearance_p90",
    "/indicator/customs.release_share",
    "/status",
)
SIZES = {"desk": (1440, 900), "phone": (390, 844), "big": (3840, 2160)}
PATIENCE = 60_000
CHINESE = re.compile("[\u4e00-\u9fff]")

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def city() -> Any:
    """The web's services over fakes, at the time of the clock on the wall."""
    now = datetime.now(UTC)
    return services(live=FakeLive(sections(now)), clock=lambda: datetime.now(UTC))


@pytest.fixture(scope="module")
def base(city: Any) -> Iterator[str]:
    """The address of the web application, served in a thread."""
    with serve_web(build_web(city).server) as address:
        yield address


@pytest.fixture
def browser(chromium: Browser) -> Browser:
    """The browser that all tests share."""
    return chromium


def context_of(
    browser: Browser, base: str, size: str = "desk", theme: str = "light", language: str = "zh"
) -> BrowserContext:
    width, height = SIZES[size]
    context = browser.new_context(
        viewport={"width": width, "height": height}, bypass_csp=True, color_scheme="light"
    )
    context.set_default_timeout(PATIENCE)
    context.add_cookies(
        [
            {"name": "cc-lang", "value": language, "url": base},
            {"name": "cc-theme", "value": theme, "url": base},
        ]
    )
    return context


def opened(context: BrowserContext, address: str) -> Page:
    """A page whose charts and splits are there."""
    page = context.new_page()
    page.goto(address)
    page.wait_for_selector(".page", timeout=PATIENCE)
    page.wait_for_function(
        "[...document.querySelectorAll('.chart')].every(one =>"
        " one.querySelector('.main-svg .trace, .main-svg .heatmaplayer image, .hm'))"
        " && ![...document.querySelectorAll('.panel-empty')].some(one =>"
        " ['正在取数', 'Loading'].includes(one.textContent))",
        timeout=PATIENCE,
    )
    return page


OUTSIDE = """() => [...document.querySelectorAll(
    '.page h1, .page h2, .page .label, .page .live-value, .page td, .page th, .page .bar-name')]
  .filter(one => one.offsetParent && !one.closest('.table-box'))
  .map(one => [one, one.getBoundingClientRect()])
  .filter(([one, box]) => box.width && (box.right > innerWidth + 1 || box.left < -1))
  .map(([one]) => one.className + ' ' + one.textContent)"""
CUT = """() => [...document.querySelectorAll('.page h2, .page .figure, .key-figure .label')]
  .filter(one => one.scrollWidth > one.clientWidth + 1 && one.clientWidth)
  .map(one => one.className + ' ' + one.textContent)"""
EMPTY = """() => [...document.querySelectorAll('.page .panel')]
  .filter(one => !one.innerText.trim() || one.getBoundingClientRect().height < 40)
  .map(one => one.className)"""


@pytest.mark.parametrize(
    ("size", "theme", "language", "paths"),
    [
        ("desk", "light", "zh", PATHS),
        ("phone", "dark", "en", PATHS),
        ("big", "dark", "zh", PATHS[1:3]),
    ],
)
def test_no_page_is_cut_off_empty_or_out_of_anyone_s_reach(
    browser: Browser, base: str, size: str, theme: str, language: str, paths: tuple[str, ...]
) -> None:
    context = context_of(browser, base, size, theme, language)
    for path in paths:
        page = opened(context, base + path)
        width = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert page.evaluate(width) <= 0, path
        assert page.evaluate(OUTSIDE) == [], path
        assert page.evaluate(CUT) == [], path
        assert page.evaluate(EMPTY) == [], path
        if language == "en":
            assert CHINESE.findall(page.inner_text(".page")) == [], path
        found = Axe().run(page).response["violations"]
        assert [(one["id"], one["nodes"][0]["html"]) for one in found] == [], path
        page.close()
    context.close()


def strokes(page: Page) -> str:
    """The colours of the lines of the trend on a page."""
    return str(
        page.evaluate(
            "[...document.querySelectorAll('.panel-trend .js-line')].map(one => one.style.stroke)"
        )
    )


def test_a_chart_is_drawn_anew_in_place_and_in_the_other_theme(
    browser: Browser, base: str, city: Any
) -> None:
    context = context_of(browser, base)
    page = opened(context, base + "/department/customs")
    assert "47, 102, 144" in strokes(page)
    page.evaluate("document.querySelector('.panel-trend .js-plotly-plot').kept = 1")
    before = page.locator(".panel-trend").bounding_box()
    page.locator("[data-switch=theme]").click()
    page.wait_for_function(
        "[...document.querySelectorAll('.panel-trend .js-line')]"
        ".some(one => one.style.stroke.includes('143, 179, 209'))",
        timeout=PATIENCE,
    )
    assert "47, 102, 144" not in strokes(page)
    assert page.evaluate("document.querySelector('.panel-trend .js-plotly-plot').kept") == 1
    assert page.locator(".panel-trend").bounding_box() == before
    context.close()


def test_a_chart_drawn_as_the_page_was_shown_before_is_asked_for_again(
    browser: Browser, base: str
) -> None:
    context = context_of(browser, base)
    page = opened(context, base + "/department/customs")
    plot = "document.querySelector('.panel-trend .js-plotly-plot').layout"
    assert page.evaluate(f"{plot}.meta") == "light 1.00"
    page.evaluate(f"{plot}.meta = 'dark 2.00'")  # as if an answer from before had come last
    page.wait_for_function(f"{plot}.meta === 'light 1.00'", timeout=PATIENCE)
    context.close()


def test_a_panel_leads_to_its_definition_and_its_export_by_keyboard(
    browser: Browser, base: str
) -> None:
    context = context_of(browser, base)
    page = opened(context, base + "/department/customs")
    menu = page.locator(".panel-band .panel-menu")
    menu.locator("summary").focus()
    page.keyboard.press("Enter")
    export = menu.locator("a[download]").first
    expect(export).to_be_visible()
    assert export.get_attribute("href") == (
        "/export/customs.clearance_median.xlsx?window=30d&grain=1d"
    )
    menu.locator("a").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/indicator/customs.clearance_median#definition")
    expect(page.locator("#definition")).to_be_in_viewport(timeout=PATIENCE)
    context.close()


def test_rows_come_only_after_the_button_is_pressed(browser: Browser, base: str, city: Any) -> None:
    context = context_of(browser, base)
    page = opened(context, base + "/indicator/customs.unreleased")
    expect(page.locator(".sql-box pre")).to_contain_text("SELECT")
    asked = city.sources.source.asked
    page.get_by_role("button", name="向部门查询最新 50 条").click()
    expect(page.locator(".rows-box tbody tr")).to_have_count(2)
    expect(page.locator(".rows-box")).to_contain_text("•••")
    assert city.sources.source.asked == asked + 1
    context.close()


def test_the_rows_of_a_rule_come_under_the_eye_and_the_keyboard(
    browser: Browser, base: str
) -> None:
    context = context_of(browser, base)
    page = opened(context, base + "/indicator/customs.unreleased")
    page.get_by_role("button", name="明细 放行早于到港").press("Enter")
    expect(page.locator(".rows-rule")).to_have_text("剔除的记录：放行早于到港")
    expect(page.locator(".rows-box [role=region]")).to_be_focused()
    expect(page.locator(".rows-rule")).to_be_in_viewport()
    context.close()


def test_a_page_names_the_window_and_takes_the_keyboard(browser: Browser, base: str) -> None:
    context = context_of(browser, base)
    page = opened(context, base + "/")
    assert page.title().startswith("今日 · ")
    page.locator(".today .label").first.press("Enter")
    page.wait_for_url("**/indicator/**")
    expect(page.locator("#page")).to_be_focused()
    heading = page.locator("h1").inner_text()
    assert page.title().startswith(f"{heading} · ")
    context.close()


def test_lines_of_a_department_stand_below_each_other(browser: Browser, base: str) -> None:
    context = context_of(browser, base, language="en")
    page = opened(context, base + "/")
    places = page.evaluate(
        """() => [...document.querySelectorAll('.today-department')].map((one) => [...new Set(
          [...one.querySelectorAll('.spark')].map((spark) => spark.getBoundingClientRect().left))])"""
    )
    assert all(len(lefts) <= 1 for lefts in places)
    context.close()


def test_the_navigation_stands_on_ground_to_the_end_of_a_page(browser: Browser, base: str) -> None:
    context = context_of(browser, base)
    page = opened(context, base + "/department/customs")
    tall, whole = page.evaluate(
        "[parseFloat(getComputedStyle(document.querySelector('.shell'), '::before').height),"
        " document.documentElement.scrollHeight]"
    )
    assert whole > 900
    assert abs(tall - whole) < 2
    context.close()


@pytest.mark.parametrize("size", ["desk", "phone"])
def test_the_time_and_the_demo_badge_stay_in_sight_at_the_end_of_a_page(
    browser: Browser, base: str, size: str
) -> None:
    context = context_of(browser, base, size)
    page = opened(context, f"{base}/department/customs")
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    assert page.evaluate("scrollY") > 100
    expect(page.locator(".top .badge-demo")).to_be_in_viewport(ratio=1)
    expect(page.locator(".top .clock")).to_be_in_viewport(ratio=1)
    context.close()


def test_a_window_is_chosen_by_a_link_that_can_be_sent(browser: Browser, base: str) -> None:
    context = context_of(browser, base)
    page = opened(context, base + "/indicator/customs.clearance_p90")
    page.get_by_role("link", name="近 90 天").click()
    page.wait_for_url("**window=90d**")
    expect(page.locator(".panel-trend .panel-sub")).to_contain_text("近 90 天")
    expect(page.locator(".panel-trend .scatterlayer .js-line").first).to_be_attached()
    context.close()


WIDTHS = """() => [...document.querySelectorAll('.page .js-plotly-plot')].map((one) =>
    [one.clientWidth, one._fullLayout.width, one.clientHeight, one._fullLayout.height])"""
AS_WIDE = f"() => ({WIDTHS})().every(([a, b, c, d]) => Math.abs(a - b) <= 1 && Math.abs(c - d) <= 1)"  # fmt: skip


def test_a_chart_is_as_wide_as_its_place_whatever_it_was_drawn_for(
    browser: Browser, base: str
) -> None:
    context = context_of(browser, base)
    page = opened(context, base + "/department/customs")
    plot = "document.querySelector('.panel-multiples .js-plotly-plot')"
    page.evaluate(f"Plotly.relayout({plot}, {{ width: 300, height: 200 }})")
    page.wait_for_function(AS_WIDE, timeout=PATIENCE)
    page.set_viewport_size({"width": 390, "height": 844})
    page.wait_for_function(
        f"() => innerWidth === 390 && ({AS_WIDE})() && {plot}.layout.meta === 'light 1.00 narrow'",
        timeout=PATIENCE,
    )
    context.close()


def test_a_bar_of_pages_that_goes_on_says_so_and_shows_where_one_is(
    browser: Browser, base: str
) -> None:
    context = context_of(browser, base, "phone")
    page = opened(context, base + "/status")
    bar = page.locator(".navigation")
    page.add_style_tag(content=".nav-link { min-width: 8rem }")
    bar.evaluate("(bar) => { bar.scrollLeft = 0; bar.dispatchEvent(new Event('scroll')); }")
    expect(bar).to_have_attribute("data-more", "after")
    sign = "(bar, name) => getComputedStyle(bar, name).display"
    assert [bar.evaluate(sign, end) for end in ("::before", "::after")] == ["none", "block"]
    bar.evaluate("(bar) => { bar.scrollLeft = bar.scrollWidth; }")
    expect(bar).to_have_attribute("data-more", "before")
    bar.evaluate("(bar) => { bar.scrollLeft = 0; }")
    page.evaluate("window.dispatchEvent(new CustomEvent('_dashprivate_pushstate'))")
    page.wait_for_function(
        "(() => { const bar = document.querySelector('.navigation').getBoundingClientRect();"
        " const link = document.querySelector('.nav-link[aria-current=page]').getBoundingClientRect();"
        " return link.left >= bar.left - 1 && link.right <= bar.right + 1; })()"
    )
    context.close()


@pytest.mark.parametrize(("language", "said"), [("zh", "还有列未显示"), ("en", "More columns")])
def test_a_table_wider_than_the_screen_says_that_it_goes_on(
    browser: Browser, base: str, language: str, said: str
) -> None:
    context = context_of(browser, base, "phone", language=language)
    page = opened(context, base + "/department/customs")
    assert page.locator(".table-box[data-hint]").count() == page.evaluate(
        "[...document.querySelectorAll('.table-box')].filter((one) => one.scrollWidth > one.clientWidth + 2).length"
    )
    page.add_style_tag(content=".table-box table { min-width: 60rem }")
    box = page.locator(".table-box").first
    expect(box).to_have_attribute("data-more", "after")
    expect(box).to_have_attribute("data-hint", re.compile(said))
    assert "gradient" in box.evaluate("(one) => getComputedStyle(one).maskImage")
    box.evaluate("(one) => { one.scrollLeft = one.scrollWidth; }")
    expect(box).to_have_attribute("data-more", "before")
    context.close()


def test_names_of_bars_are_whole_on_a_phone(browser: Browser, base: str) -> None:
    context = context_of(browser, base, "phone", language="en")
    page = opened(context, base + "/department/customs")
    cut = page.evaluate(
        "[...document.querySelectorAll('.bar-name, .bar-row .label')].filter((one) =>"
        " one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).overflow !== 'visible').length"
    )
    assert cut == 0
    page.locator(".bar-name").first.evaluate(
        "(one) => { one.textContent = '佛山市公安局交通警察支队禅城大队'; }"
    )
    name = page.locator(".bar-name").first.bounding_box()
    assert name is not None
    assert name["height"] > 30, "a second line"
    context.close()


@pytest.mark.parametrize("path", ["/department/customs", "/status"])
def test_a_page_that_is_told_anew_stands_there_once(browser: Browser, base: str, path: str) -> None:
    """What a callback writes takes the place of what the page came with."""
    context = context_of(browser, base, "desk", "light", "zh")
    page = opened(context, base + path)
    rows = "() => document.querySelectorAll('.page :is(tr, li, .bar-row, .stage)').length"
    before = page.evaluate(rows)
    tick = ids.STATUS_TICK if path == "/status" else ids.PAGE_TICK
    with page.expect_response(lambda answer: "_dash-update-component" in answer.url):
        page.evaluate(f"() => dash_clientside.set_props('{tick}', {{ n_intervals: 7 }})")
    page.wait_for_timeout(2000)
    assert before > 0
    assert page.evaluate(rows) == before
    context.close()
