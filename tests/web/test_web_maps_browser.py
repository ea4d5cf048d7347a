"""The map as somebody has it before them: drawn, moved, chosen from, and asked of nobody else."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import orjson
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Route, expect
from small_city import layer, make_services, points, reading
from web_server import serve_web

from callbacks.services import Services
from callbacks.web import build_web
from dashboard.catalogue.layers import Layer
from dashboard.catalogue.pages import Panel
from dashboard.geography.sampling import classed_of

pytestmark = pytest.mark.browser
BOARD = "[...window.CommandCenter.maps.values()][0]"


@pytest.fixture(scope="module")
def services() -> Services:
    made = make_services(heartbeat=1.0)
    dimensions: Any = made.catalogue.departments["cases"].datasets["applications"].dimensions
    dimensions["district"] = dimensions["district"].model_copy(update={"codes": "districts"})
    return made


@pytest.fixture(scope="module")
def address(services: Services) -> Iterator[str]:
    with serve_web(build_web(services).server) as url:
        yield url


@pytest.fixture(params=[(1440, 900), (390, 844)], ids=["desk", "phone"])
def page(chromium: Browser, address: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    width, height = request.param
    context = chromium.new_context(viewport={"width": width, "height": height}, bypass_csp=True)
    opened = context.new_page()
    yield opened
    context.close()


def open_map(page: Page, address: str, query: str = "") -> None:
    page.goto(f"{address}/map{query}")
    page.wait_for_selector("[data-drawn]")


def press_first(page: Page, layer: str) -> None:
    """Press where the first thing of a layer is drawn."""
    page.wait_for_function(f"{BOARD}.things.get('{layer}').body !== null")
    place = page.evaluate(
        f"""(() => {{ const {{ view, things }} = {BOARD}; const {{ x, y }} = things.get('{layer}');
        const box = view.node.getBoundingClientRect();
        return [box.left + view.left(x[0]) * view.unit - view.margin[0],
          box.top + view.top(y[0]) * view.unit - view.margin[1]];
        }})()"""
    )
    page.mouse.click(*place)


def test_it_is_drawn_without_a_request_to_another_host(chromium: Browser, address: str) -> None:
    hosts: set[str] = set()
    problems: list[str] = []
    context = chromium.new_context()  # the content policy holds here, as it does for everybody
    page = context.new_page()
    page.on("request", lambda asked: hosts.add(urlsplit(asked.url).netloc))
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda said: problems.append(said.text) if said.type == "error" else None)
    open_map(page, address)
    colours = page.evaluate(
        f"""(() => {{ const {{ canvas }} = {BOARD}.view;
        const {{ data }} = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
        return new Set(new Uint32Array(data.buffer)).size; }})()"""
    )
    context.close()
    assert hosts - {""} == {urlsplit(address).netloc}
    assert problems == []
    assert colours > 20, "land, water, roads, borders, names and signs"


def test_counts_ages_and_what_is_not_drawn_are_said(page: Page, address: str) -> None:
    open_map(page, address)
    listed = page.locator('[data-layer="cases"]')
    expect(listed.locator(".map-count")).to_have_text("2")
    expect(listed.locator(".map-age")).to_contain_text("未更新")
    expect(page.locator(".map-said")).to_contain_text("示意图")
    expect(page.locator(".map-aside-count")).to_have_text("2")
    page.locator(".map-aside summary").click()
    expect(page.locator(".map-aside-rows").first).to_contain_text("位置为 0,0")
    expect(page.locator(".map-aside-rows").first).to_contain_text("丙")


def test_what_is_pressed_opens_its_record(page: Page, address: str) -> None:
    open_map(page, address, "?layers=cases")
    press_first(page, "cases")
    card = page.locator("#map-card")
    expect(card.locator("h2").first).to_have_text("甲")
    expect(card).to_contain_text("•••" if "•••" in card.inner_text() else "王")
    expect(card.locator(".map-links a").first).to_have_attribute(
        "href", re.compile("^/record/cases.applications/")
    )


def test_layers_are_switched_raised_and_kept_in_the_address(page: Page, address: str) -> None:
    open_map(page, address, "?layers=cases")
    switch = page.locator('[data-map-switch="customs"]')
    expect(switch).to_have_attribute("aria-pressed", "false")
    switch.click()
    expect(switch).to_have_attribute("aria-pressed", "true")
    page.wait_for_function(
        "location.search.includes('cases') && location.search.includes('customs')"
    )
    page.locator('[data-map-up="customs"]').click()
    page.wait_for_function("location.search.includes('layers=customs,cases')")
    expect(page.locator("[data-layer]").first).to_have_attribute("data-layer", "customs")
    page.reload()
    page.wait_for_selector("[data-drawn]")
    expect(page.locator("[data-layer]").first).to_have_attribute("data-layer", "customs")
    expect(switch).to_have_attribute("aria-pressed", "true")


def test_it_is_moved_by_keys_and_opens_where_the_address_says(page: Page, address: str) -> None:
    open_map(page, address, "?at=22.84,113.27,12")
    assert page.evaluate(f"{BOARD}.view.zoom") == 12
    before = page.evaluate(f"{BOARD}.view.centre[0]")
    page.locator(".map-view").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("+")
    assert page.evaluate(f"{BOARD}.view.centre[0]") > before
    page.wait_for_function("/at=22.8\\d+,113.\\d+,12.5/.test(location.search)")


def test_a_new_version_is_drawn_as_the_stream_tells_of_it(
    page: Page, address: str, services: Services
) -> None:
    open_map(page, address, "?layers=cases")
    shelf: Any = services.shelf
    shelf.bodies["cases.cases"] = orjson.dumps(points("v9") | {"lon": [11300000, 11327000]})
    told: Any = services.live.sections()["layers"]
    told["cases.cases"]["version"] = "v9"
    page.evaluate(
        """(() => { const told = window.CommandCenter.live.stream.sections.layers;
        told.set('cases.cases', { ...told.get('cases.cases'), version: 'v9' });
        const detail = { layers: ['cases.cases'] };
        document.dispatchEvent(new CustomEvent('city-frame', { detail })); })()"""
    )
    page.wait_for_function(f"{BOARD}.things.get('cases').version === 'v9'")
    assert page.evaluate(f"{BOARD}.things.get('cases').body.lon[0]") == 11300000


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_it_can_be_read_by_everybody(page: Page, address: str, theme: str) -> None:
    open_map(page, address, f"?theme={theme}&lang=en")
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa"]})
    assert found.violations_count == 0, found.generate_report()
    assert "一张图" not in page.locator(".page").inner_text()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_file_that_was_not_had_is_said_and_asked_for_again(page: Page, address: str) -> None:
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    asked: list[str] = []

    def refuse(route: Route) -> None:
        asked.append(route.request.url)
        route.fulfill(status=500, body="")

    page.route("**/api/map/files/city*", refuse)
    open_map(page, address, "?layers=cases")
    silent = page.locator(".map-silent")
    expect(silent).to_be_visible()
    expect(silent).to_contain_text("底图取不到")
    page.wait_for_function(f"{BOARD}.things.get('cases').body !== null")
    page.locator("[data-map-tool=home]").click()
    page.unroute("**/api/map/files/city*")
    expect(silent).to_be_hidden()
    assert page.evaluate(f"{BOARD}.land.areas('city').length") > 0
    assert page.evaluate(f"{BOARD}.view.home") is not None
    assert asked
    assert problems == []


def publish(services: Services, *, own: dict[str, str] | None = None, **more: Any) -> None:
    """What the cases' reading is now, of which Chancheng breaches nothing; `own` are parts' times."""
    parts: dict[str, dict[str, Any]] = {"440604": {"value": 9.0, "n": 9, "level": "normal"}}
    for code, at in (own or {}).items():
        parts[code] = {"value": 9.0, "n": 9, "level": "normal", "as_of": at}
    told = reading("cases.lodged", parts_by="district", parts=parts, **more)
    sections: Any = services.live.sections()
    sections["readings"]["cases.lodged"] = told


def fresh() -> dict[str, Any]:
    """A moment ago, by the clock that the browser goes by."""
    return {"as_of": datetime.now(UTC).isoformat()}


AREA = f"{BOARD}.area"
ASKED = f"{BOARD}.refresh(true)"


@pytest.mark.parametrize(
    ("language", "name", "at", "silent"),
    [
        ("zh", "申请量（区） · 件", "数据截至", "图层取不到"),
        ("en", "申请量 count (District) · cases", "As of", "The layer cannot be had"),
    ],
)
def test_numbers_on_areas_stand_with_their_unit_age_and_state(
    page: Page, address: str, services: Services, language: str, name: str, at: str, silent: str
) -> None:
    publish(services, **fresh())
    open_map(page, address, f"?layers=&area=cases.lodged:district&lang={language}")
    told = page.locator(".map-area-told")
    expect(told.locator(".map-name")).to_have_text(name)
    expect(told).to_have_attribute("data-state", "fresh")
    expect(told.locator(".map-age")).to_contain_text(at)
    expect(told.locator(".map-legend")).to_contain_text("9")
    written = f"{AREA}.written({AREA}.partOf('440604'))"
    assert page.evaluate(written) == "9"
    publish(services)
    page.evaluate(ASKED)
    expect(told).to_have_attribute("data-state", "stale")
    page.wait_for_function(f"{written} === '◷9'")
    page.route("**/api/map/values/**", lambda route: route.abort())
    page.evaluate(ASKED)
    expect(told.locator(".map-age")).to_contain_text(silent)
    expect(told).to_have_attribute("data-state", "unavailable")
    page.locator("[data-map-areas]").select_option("")
    expect(told).to_be_hidden()


def test_what_is_painted_ages_by_itself(page: Page, address: str, services: Services) -> None:
    publish(services, **fresh(), late_after=2.0)
    open_map(page, address, "?layers=&area=cases.lodged:district")
    page.wait_for_function(f"{AREA}.drawnAs === 'late'")
    expect(page.locator(".map-area-told")).to_have_attribute("data-state", "late")


def test_only_the_part_that_is_late_is_painted_late(
    page: Page, address: str, services: Services
) -> None:
    now = datetime.now(UTC)
    old = (now - timedelta(minutes=10)).isoformat()
    own = {"440604": old, "440605": now.isoformat()}
    publish(services, own=own, as_of=old, state="late", late_after=300.0, stale_after=36000.0)
    open_map(page, address, "?layers=&area=cases.lodged:district")
    written = [f"{AREA}.written({AREA}.partOf('{code}'))" for code in own]
    page.wait_for_function(f"{AREA}.told !== null")
    assert [page.evaluate(one) for one in written] == ["◷9", "9"]
    told = page.locator(".map-area-told .map-age")
    expect(told).to_contain_text(re.compile("迟到 5.分：禅城"))


def test_parts_are_asked_for_again_once_their_number_is_of_another_time(
    page: Page, address: str, services: Services
) -> None:
    publish(services, **fresh())
    open_map(page, address, "?layers=&area=cases.lodged:district")
    page.wait_for_function(f"{AREA}.told !== null")
    newer = fresh()
    publish(services, **newer)
    page.wait_for_timeout(3100)  # Not more often than every three seconds.
    page.evaluate(
        """([key, at]) => {
          const { readings } = window.CommandCenter.live.stream.sections;
          readings.set(key, { ...readings.get(key), as_of: at });
          const detail = { layers: [], readings: [key] };
          document.dispatchEvent(new CustomEvent('city-frame', { detail }));
        }""",
        ["cases.lodged", newer["as_of"]],
    )
    page.wait_for_function(f"{AREA}.told.as_of === '{newer['as_of']}'", timeout=4000)


def test_an_indicator_without_a_value_paints_nothing(
    page: Page, address: str, services: Services
) -> None:
    publish(services, value=None, state="unavailable", reason="silent")
    open_map(page, address, "?layers=&area=cases.lodged:district")
    told = page.locator(".map-area-told")
    expect(told.locator(".map-age")).to_contain_text("暂无数据")
    assert page.evaluate(f"{AREA}.partOf('440604').value") is None
    expect(told.locator("li")).to_have_count(0)


def test_a_panel_says_the_age_and_the_failure_of_each_layer(
    page: Page, address: str, services: Services
) -> None:
    publish(services, **fresh())
    told = {
        "kind": "map", "indicators": ["cases.lodged"], "by": "district", "layers": ["cases"],
    }  # fmt: skip
    pages: Any = services.catalogue.pages
    kept = pages["cases"]
    pages["cases"] = kept.model_copy(update={"panels": [Panel.model_validate(told)]})
    page.route("**/api/map/points/**", lambda route: route.abort())
    try:
        page.goto(f"{address}/department/cases")
        page.wait_for_selector("[data-drawn]")
    finally:
        pages["cases"] = kept
    heads = page.locator(".map-foot .map-legend-of")
    expect(heads).to_have_count(2)
    expect(heads.nth(0)).to_have_attribute("data-state", "fresh")
    expect(heads.nth(0)).to_contain_text("申请量（区）")
    expect(heads.nth(0).locator(".map-age")).to_contain_text("数据截至")
    expect(heads.nth(0).locator(".map-age")).to_contain_text("前")
    expect(heads.nth(1).locator(".map-age")).to_have_text("图层取不到")


HEAR = """(version => { const told = window.CommandCenter.live.stream.sections.layers;
    told.set('cases.cases', { ...told.get('cases.cases'), version });
    const detail = { layers: ['cases.cases'] };
    document.dispatchEvent(new CustomEvent('city-frame', { detail })); })"""
CLASSES = [
    {"title": {"zh": "离线", "en": "Offline"}, "values": ["0"], "ink": "alarm"},
    {"title": {"zh": "在线", "en": "Online"}, "ink": "series"},
]


def test_points_classed_anew_are_drawn_with_the_classes_they_are_of(
    page: Page, address: str, services: Services
) -> None:
    open_map(page, address, "?layers=cases")
    shelf: Any = services.shelf
    layers: Any = services.catalogue.layers
    kept, body = layers["cases"], shelf.bodies["cases.cases"]
    edited = Layer.model_validate(layer("cases") | {"colour": {"column": "x", "classes": CLASSES}})
    told = points("w1") | {"classed": classed_of(edited), "class": [1, 1]}
    things = f"{BOARD}.things.get('cases')"
    page.wait_for_function(f"{things}.body !== null")
    before = page.evaluate(f"{things}.version")
    shelf.bodies["cases.cases"] = orjson.dumps(told)
    sections: Any = services.live.sections()["layers"]
    version = sections["cases.cases"]["version"]
    sections["cases.cases"]["version"] = "w1"
    try:
        # The web goes by the old catalogue still: what is drawn stays as it was called.
        page.evaluate(f"{HEAR}('w1')")
        listed = page.locator('[data-layer="cases"]')
        expect(listed.locator(".map-age")).to_have_text("图层取不到")
        assert page.evaluate(f"{things}.version") == before
        layers["cases"] = edited
        page.evaluate(f"{HEAR}('w1')")
        expect(listed.locator(".map-class")).to_have_text(["离线", "在线"])
        expect(listed.locator(".map-class-count")).to_have_text(["0", "2"])
        assert page.evaluate(f"{things}.found(0).state") == "在线"
        expect(listed.locator(".map-age")).not_to_contain_text("取不到")
    finally:
        layers["cases"], shelf.bodies["cases.cases"] = kept, body
        sections["cases.cases"]["version"] = version
