"""The picture: the same at every size, nothing cut or overlapping, readable for everybody."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from face_server import Open, Served
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser


def boxes(page: Page) -> list[list[float]]:
    page.evaluate("document.fonts.ready")
    return page.evaluate(
        """() => [...document.querySelectorAll('.wall .panel, .wall .label, .wall h2')].map((n) => {
        const b = n.getBoundingClientRect(); return [b.x, b.y, b.width, b.height]; })"""
    )


def test_larger_wall_is_the_same_picture(open_page: Open) -> None:
    single, double = boxes(open_page("/wall/duty")), boxes(open_page("/wall/duty", "double"))
    assert len(single) == len(double) > 20
    for small, large in zip(single, double, strict=True):
        assert [2 * side for side in small] == pytest.approx(large, abs=2.5)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("size", ["wall", "double", "phone"])
def test_nothing_on_the_wall_overflows_or_overlaps(
    open_page: Open, size: str, language: str
) -> None:
    page = open_page("/wall/duty", size, **{"cc-lang": language})
    page.wait_for_timeout(300)
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    if size != "phone":
        assert page.evaluate("document.documentElement.scrollHeight - innerHeight") <= 0
    overlaps = page.evaluate(
        """() => { const found = [];
        for (const parent of document.querySelectorAll('.strip, .panel-head, .figure, .tiles, .multiples, .focus, .block, .pending')) {
          const boxes = [...parent.children].map((n) => [n, n.getBoundingClientRect()])
            .filter(([n, b]) => b.width && b.height && !n.matches('.matters'));
          const outer = parent.getBoundingClientRect();
          for (const [n, b] of boxes) {
            if (b.right > outer.right + 1 || b.left < outer.left - 1) found.push('out ' + n.className);
            for (const [m, c] of boxes) if (n !== m && b.left + 1 < c.right && c.left + 1 < b.right
              && b.top + 1 < c.bottom && c.top + 1 < b.bottom) found.push(n.className + ' over ' + m.className);
          }
        } return found; }"""
    )
    assert overlaps == []
    cut = page.evaluate(
        """() => [...document.querySelectorAll('.live-value, .clock, .wall-title, .feeds-summary, .focus-value')]
        .filter((n) => n.scrollWidth > n.clientWidth + 1 && n.clientWidth).map((n) => n.className)"""
    )
    assert cut == []


@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize(("path", "size"), [("/wall/duty", "wall"), ("/", "desk"), ("/", "phone")])
def test_axe_finds_nothing_serious(open_page: Open, path: str, size: str, theme: str) -> None:
    page = open_page(path, size, **{"cc-theme": theme})
    found = Axe().run(page).response["violations"]
    serious = [v for v in found if v["impact"] in ("serious", "critical")]
    assert not serious, [(v["id"], v["nodes"][0]["html"]) for v in serious]


def test_walls_are_dark_and_pages_light_until_somebody_chooses(open_page: Open) -> None:
    assert open_page("/wall/duty").evaluate("document.documentElement.dataset.theme") == "dark"
    page = open_page("/", "desk")
    assert page.evaluate("document.documentElement.dataset.theme") == "light"
    page.locator('[data-switch="theme"]').click()
    page.reload()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"


def test_theme_is_set_before_the_first_paint(served: Served, chromium: Browser) -> None:
    page = chromium.new_page()
    page.route("**/_dash-**", lambda route: route.abort())
    page.goto(served.url + "/wall/duty", wait_until="commit")
    page.wait_for_selector("body")
    assert page.evaluate("[document.documentElement.dataset.theme, document.documentElement.dataset.kind]") == ["dark", "wall"]  # fmt: skip
    page.close()


def test_language_switch_persists(open_page: Open) -> None:
    page = open_page("/", "desk")
    page.locator('[data-switch="language"]').click()
    expect(page.locator(".nav-link").first).to_have_text("Today")
    page.reload()
    expect(page.locator(".nav-link").first).to_have_text("Today")
    assert page.evaluate("document.documentElement.lang") == "en"


def test_wall_shows_no_navigation_and_the_phone_has_it_below(open_page: Open) -> None:
    expect(open_page("/wall/duty").locator("#navigation")).to_be_hidden()
    page = open_page("/", "phone")
    box = page.locator("#navigation").bounding_box()
    assert box is not None
    assert box["y"] + box["height"] == pytest.approx(844, abs=1)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


TAKE = """(of) => { const board = [...window.CommandCenter.maps.values()][0];
    const thing = board.things.get('spots'); const many = (value) => of.map(value);
    thing.take({ version: 't', classed: thing.config.classed, class: of, id: many(String),
      label: many(() => null), value: many(() => null), lon: many((_, i) => 11305000 + 9000 * i),
      lat: many(() => 2302000) });
    board.list(true); board.view.drawNow(); }"""


def test_the_map_of_a_wall_says_by_signs_alone_what_is_abnormal_where(open_page: Open) -> None:
    page = open_page("/wall/duty")
    page.wait_for_selector("[data-drawn]")
    page.evaluate(TAKE, [0, 0, 1, 2])
    legend = page.locator(".map-wall .map-legend li")
    expect(legend).to_have_text(["内涝点图层取不到", "15 cm 以上", "27 cm 以上"])
    expect(page.locator(".map-wall .map-class-count")).to_have_count(0)
    page.evaluate(TAKE, [0, 0])
    expect(legend.last).to_have_text("当前没有")
    assert page.locator(".map-wall :is(.map-tools, a)").count() == 0


def test_the_map_of_a_wall_stays_where_it_is_and_is_read_from_afar(open_page: Open) -> None:
    seen = []
    for size in ("wall", "double"):
        page = open_page("/wall/duty", size)
        page.wait_for_selector("[data-drawn]")
        board = "[...window.CommandCenter.maps.values()][0]"
        before = page.evaluate(f"[{board}.view.zoom, ...{board}.view.centre]")
        box = page.locator(".map-view").bounding_box()
        assert box is not None
        page.mouse.move(box["x"] + 50, box["y"] + 50)
        page.mouse.wheel(0, -400)
        assert page.evaluate(f"[{board}.view.zoom, ...{board}.view.centre]") == before
        root = page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)")
        letters = page.evaluate(
            "[...document.querySelectorAll('.map-wall li, .map-wall .map-said b, .map-wall .map-age')]"
            ".map((one) => parseFloat(getComputedStyle(one).fontSize))"
        )
        assert min(letters) >= 1.0625 * root
        # Names of districts are 13 units high.
        assert 13 * page.evaluate(f"{board}.view.unit") >= 1.0625 * root
        seen.append(
            [box["width"] / root, box["height"] / root, page.evaluate(f"{board}.view.width")]
        )
    assert seen[0] == pytest.approx(seen[1], rel=0.01)
