"""Signs of the map: what is abnormal lies above all else, what is many is small, nothing is no number."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from small_city import make_services, reading
from test_web_maps_browser import BOARD, open_map
from web_server import serve_web

from callbacks.services import Services
from callbacks.web import build_web
from dashboard.text import Text

pytestmark = pytest.mark.browser
SIZES = [(1440, 900), (3840, 2160)]
TAKE = """([key, classes, of]) => { const board = [...window.CommandCenter.maps.values()][0];
    const thing = board.things.get(key);
    const titled = classes.map((one) => ({ title: { zh: one.ink, en: one.ink }, ...one }));
    thing.reclass({ classes: titled, classed: 'told' });
    const many = (value) => of.map(value);
    thing.take({ version: 'told', classed: 'told', class: of, id: many((_, i) => String(i)),
      label: many(() => null), value: many(() => null), lon: many((_, i) => 11311000 + 40 * (i >> 1)),
      lat: many(() => 2302000) });
    board.list(true); board.view.drawNow(); }"""
INK = """(() => { const { view, things } = [...window.CommandCenter.maps.values()][0];
    const { x, y } = things.get('cases'); const { ratio } = view;
    const at = [view.left(x[0]) * ratio, view.top(y[0]) * ratio].map(Math.round);
    return [...view.context.getImageData(...at, 1, 1).data].slice(0, 3).join(); })()"""


@pytest.fixture(scope="module")
def services() -> Services:
    made = make_services(heartbeat=1.0)
    department: Any = made.catalogue.departments["cases"]
    dimensions: Any = department.datasets["applications"].dimensions
    dimensions["district"] = dimensions["district"].model_copy(update={"codes": "districts"})
    zero = {"zero": Text(zh="无雨", en="No rain"), "decimals": 1}
    indicators: Any = department.indicators
    indicators["lodged"] = indicators["lodged"].model_copy(update=zero)
    return made


@pytest.fixture(scope="module")
def address(services: Services) -> Iterator[str]:
    with serve_web(build_web(services).server) as url:
        yield url


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, bypass_csp=True)
    yield context.new_page()
    context.close()


def test_what_is_abnormal_lies_above_a_layer_above_its_own(page: Page, address: str) -> None:
    open_map(page, address, "?layers=customs,cases")
    page.evaluate(TAKE, ["cases", [{"ink": "series"}, {"ink": "alarm"}], [0]])
    page.evaluate(TAKE, ["customs", [{"ink": "off"}], [0]])
    below = page.evaluate(INK)
    page.evaluate(TAKE, ["cases", [{"ink": "series"}, {"ink": "alarm"}], [1]])
    assert page.evaluate(INK) == "196,61,18" != below, "the vermilion of an alarm"
    found = f"{BOARD}.at(...(({{ x, y }}) => [{BOARD}.view.left(x[0]), {BOARD}.view.top(y[0])])({BOARD}.things.get('cases')))"  # fmt: skip
    assert page.evaluate(f"{found}.layer") == "cases"


def test_what_is_many_is_drawn_small_from_afar_and_what_is_rare_of_it_is_not(
    page: Page, address: str
) -> None:
    open_map(page, address, "?layers=cases")
    classes = [{"ink": "series"}, {"ink": "off"}]
    of = [0] * 480 + [1] * 20
    page.evaluate(TAKE, ["cases", classes, of])
    radius = f"[0, 1].map((index) => {BOARD}.things.get('cases').radius({BOARD}.view, index))"
    many, rare = page.evaluate(radius)
    assert many < 2.5 < rare
    assert page.evaluate(f"{BOARD}.things.get('cases').order") == [0, 1], "rare above many"
    listed = page.locator('[data-layer="cases"]')
    expect(listed.locator(".map-thinned")).to_contain_text("数量多")
    page.evaluate(f"{BOARD}.view.look(113.11, 23.02, 13)")
    assert page.evaluate(radius)[0] > 3, "from near it is a sign again"
    page.evaluate(TAKE, ["cases", classes, [0] * 20])
    expect(listed.locator(".map-thinned")).to_have_count(0)


def test_two_classes_are_told_apart_by_their_own_shapes(page: Page, address: str) -> None:
    open_map(page, address, "?layers=cases")
    page.evaluate(TAKE, ["cases", [{"ink": "off"}, {"ink": "off", "shape": "triangle"}], [0, 1]])
    drawn = page.locator('[data-layer="cases"] canvas.map-swatch')
    expect(drawn).to_have_count(2)
    first, second = drawn.evaluate_all("all => all.map((one) => one.toDataURL())")
    assert first != second


@pytest.mark.parametrize(("language", "said"), [("zh", "无雨"), ("en", "No rain")])
def test_nothing_is_said_once_and_written_nowhere(
    page: Page, address: str, services: Services, language: str, said: str
) -> None:
    def publish(value: float) -> None:
        parts = {
            "440604": {"value": value, "n": 9, "level": "normal"},
            "440605": {"value": 0.04, "n": 9, "level": "normal"},
        }
        told = reading("cases.lodged", parts_by="district", parts=parts)
        sections: Any = services.live.sections()
        sections["readings"]["cases.lodged"] = told | {"as_of": datetime.now(UTC).isoformat()}

    publish(0.0)
    open_map(page, address, f"?layers=&area=cases.lodged:district&lang={language}")
    legend = page.locator(".map-area-told .map-legend")
    expect(legend).to_contain_text(said)
    expect(legend.locator(".map-ramp")).to_have_count(0)
    area = f"{BOARD}.area"
    written = f"['440604', '440605'].map((code) => {area}.written({area}.parts[code]))"
    assert page.evaluate(written) == ["", ""]
    publish(3.2)
    page.evaluate(f"{BOARD}.refresh(true)")
    expect(legend.locator(".map-ramp")).to_have_count(1)
    expect(legend.locator("li").last).to_contain_text(said)
    assert page.evaluate(written) == ["3.2", ""]


def test_signs_of_the_legend_are_as_large_as_its_letters(chromium: Browser, address: str) -> None:
    shares = []
    for width, height in SIZES:
        context = chromium.new_context(viewport={"width": width, "height": height}, bypass_csp=True)
        page = context.new_page()
        open_map(page, address, "?layers=cases")
        swatch = page.locator('[data-layer="cases"] canvas.map-swatch').first
        shares.append(
            swatch.evaluate(
                "(one) => one.getBoundingClientRect().height / parseFloat(getComputedStyle(one).fontSize)"
            )
        )
        context.close()
    assert shares[0] == pytest.approx(shares[1], rel=0.02)
