"""The living screen in a real browser: what changes without a reload, and what it says of itself."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from face_city import city
from face_frame import feed, matter, reading, sample_matters
from face_server import FixedCatalogue, Open, Served, eventually, now
from playwright.sync_api import Browser, expect

from dashboard.readings import instant

pytestmark = pytest.mark.browser
KEY = "transit.road_index"
VALUE = f'[data-live="{KEY}"][data-field="value"]'
BOX = f'[data-live="{KEY}"][data-field="box"]'


def write(served: Served, value: float | None, **more: Any) -> None:
    served.feed.write({"readings": {KEY: reading(KEY, value, now(), **more)}})


def test_changed_value_is_shown_without_a_reload(served: Served, open_page: Open) -> None:
    page = open_page("/wall/duty")
    expect(page.locator(VALUE)).to_have_text("5.2")
    page.evaluate("window.stayed = true")
    write(served, 8.75)
    expect(page.locator(VALUE)).to_have_text("8.8")
    assert page.evaluate("window.stayed") is True


def test_first_text_is_there_before_the_stream_says_anything(
    served: Served, chromium: Browser
) -> None:
    page = chromium.new_page()
    page.route("**/live", lambda route: route.abort())
    page.goto(served.url + "/wall/duty")
    expect(page.locator(VALUE)).to_have_text("5.2")
    expect(page.locator(".wall > .connection")).to_have_text("连接中断，尚无数据")
    page.close()


def test_removed_reading_becomes_a_dash(served: Served, open_page: Open) -> None:
    page = open_page("/wall/duty")
    served.feed.write({"readings": {KEY: None}})
    expect(page.locator(VALUE)).to_have_text("—")
    expect(page.locator(BOX)).to_have_attribute("data-state", "waiting")


def test_values_age_by_themselves(served: Served, open_page: Open) -> None:
    page = open_page(f"/indicator/{KEY}", "desk")
    box = page.locator(VALUE).first
    expect(box).to_have_attribute("data-state", "fresh")
    write(served, 5.0, age=2, late_after=3.0, stale_after=600.0)
    expect(box).to_have_attribute("data-state", "late")
    write(served, 5.0, age=2, late_after=2.5, stale_after=3.0)
    expect(box).to_have_attribute("data-state", "stale")
    expect(box).to_have_text("5.0")
    write(served, 5.0, age=0)
    expect(box).to_have_attribute("data-state", "fresh")


def test_value_that_was_late_and_came_back_is_late_again(served: Served, open_page: Open) -> None:
    """Again and again, since it must be so whenever the screen looks at its ages."""
    page = open_page(f"/indicator/{KEY}", "desk")
    box = page.locator(VALUE).first
    for _ in range(5):
        write(served, 5.0, age=2, late_after=1.0, stale_after=600.0)
        expect(box).to_have_attribute("data-state", "late")
        write(served, 6.0, age=0, late_after=0.4, stale_after=600.0)
        expect(box).to_have_text("6.0")
        expect(box).to_have_attribute("data-state", "late")


def test_breach_is_marked_by_shape_and_word(served: Served, open_page: Open) -> None:
    page = open_page("/wall/duty")
    mark = page.locator(f'[data-live="{KEY}"][data-field="mark"]')
    expect(mark).to_be_hidden()
    write(served, 8.0, level="alarm")
    expect(mark).to_be_visible()
    expect(mark).to_have_attribute("data-mark", "alarm")
    expect(mark).to_have_attribute("aria-label", "告警")


def test_lost_connection_is_said_at_once_and_mends_itself(served: Served, open_page: Open) -> None:
    page = open_page("/wall/duty")
    band = page.locator(".wall > .connection")
    expect(band).to_be_hidden()
    served.stop()
    expect(band).to_be_visible(timeout=3000)
    expect(band).to_contain_text("连接中断，以下为")
    expect(page.locator(VALUE)).to_have_text("5.2")
    write(served, 6.6)
    served.start()
    expect(band).to_be_hidden()
    expect(page.locator(VALUE)).to_have_text("6.6")


def test_refused_stream_is_asked_again(served: Served, chromium: Browser) -> None:
    page = chromium.new_page()
    refusals = []

    def refuse(route: Any) -> None:
        refusals.append(1)
        if len(refusals) < 3:
            route.fulfill(status=503, body="")
        else:
            route.continue_()

    page.route("**/live", refuse)
    page.goto(served.url + "/wall/duty")
    expect(page.locator(VALUE)).to_have_text("5.2")
    write(served, 7.7)
    expect(page.locator(VALUE)).to_have_text("7.7")
    expect(page.locator(".wall > .connection")).to_be_hidden()
    page.close()


def test_broken_connection_is_not_left_to_the_browser_to_mend(
    served: Served, open_page: Open
) -> None:
    """All browsers would be back at one moment after a restart; ours come back one by one."""
    page = open_page("/wall/duty")
    band = page.locator(".wall > .connection")
    write(served, 6.1)
    expect(page.locator(VALUE)).to_have_text("6.1")
    page.evaluate("window.first = CommandCenter.live.stream.source")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    served.stop()
    expect(band).to_be_visible()
    assert page.evaluate("window.first.readyState") == 2, "closed, not connecting by itself"
    expect(page.locator(VALUE)).to_have_text("6.1")
    served.start()
    expect(band).to_be_hidden()
    again = [url for url in asked if "/live?last=" in url]
    assert again, "comes back saying what it had"


def test_silent_connection_is_replaced(open_page: Open) -> None:
    page = open_page("/wall/duty")
    page.evaluate("window.first = CommandCenter.live.stream.source")
    page.evaluate("CommandCenter.live.stream.heard = performance.now() - 41000")
    page.evaluate("CommandCenter.live.stream.watch()")
    expect(page.locator(".wall > .connection")).to_be_visible()
    expect(page.locator(".wall > .connection")).to_be_hidden()
    assert page.evaluate("window.first !== CommandCenter.live.stream.source") is True


def test_lost_cache_behind_the_web_is_said_too(served: Served, open_page: Open) -> None:
    page = open_page("/wall/duty")
    served.feed.connected = False
    expect(page.locator(".wall > .connection")).to_be_visible()
    served.feed.connected = True
    expect(page.locator(".wall > .connection")).to_be_hidden()


def test_numbers_mounted_later_live_too(served: Served, open_page: Open) -> None:
    page = open_page("/", "desk")
    page.evaluate("window.stayed = true")
    page.locator('.nav-link[href="/department/transit"]').click()
    page.wait_for_url("**/department/transit")
    value = page.locator(f"#page .tile {VALUE}")
    expect(value).to_have_text("5.2")
    write(served, 9.9)
    expect(value).to_have_text("9.9")
    assert page.evaluate("window.stayed") is True


def test_new_matter_takes_its_place_and_the_middle(served: Served, open_page: Open) -> None:
    page = open_page("/wall/duty")
    first = page.locator(".pending .matter").first
    expect(first).to_contain_text("容奇(二)")
    expect(page.locator(".focus-title")).to_have_text("容奇(二) 水位距警戒")
    open_ = dict.fromkeys(sample_matters(now()))
    fresh = matter(
        "transit/road_index", "alarm", "道路运行指数 8.1", "全市", now(), due=5, indicator=KEY
    )
    served.feed.write({"matters": {**open_, fresh["id"]: fresh}})
    expect(first).to_contain_text("道路运行指数 8.1")
    expect(page.locator(".pending .matter:not([hidden])")).to_have_count(1)
    expect(page.locator(".focus-title")).to_have_text("道路运行指数")
    expect(page.locator(".focus-value")).to_have_text("5.2")
    served.feed.write({"matters": {fresh["id"]: None}})
    expect(page.locator(".pending .matter-none")).to_be_visible()
    expect(page.locator(".focus-title")).to_have_text("水位距警戒")


def test_list_shows_what_fits_and_counts_the_rest(served: Served, open_page: Open) -> None:
    page = open_page("/wall/duty")
    more = {
        f"cases/{i}": matter(f"cases/{i}", "warning", f"第 {i} 件", "全市", now())
        for i in range(20)
    }
    served.feed.write({"matters": more})
    lines = page.locator(".pending .matter:not([hidden])")
    expect(page.locator(".pending .matter-rest")).to_contain_text("还有")
    shown = lines.count()
    expect(page.locator(".pending .matter-rest")).to_have_text(f"还有 {29 - shown} 项")
    box, last = page.locator(".pending").bounding_box(), lines.nth(shown - 1).bounding_box()
    assert box is not None
    assert last is not None
    assert last["y"] + last["height"] <= box["y"] + box["height"]


def test_feeds_and_departments_tell_of_silence(served: Served, open_page: Open) -> None:
    page = open_page("/", "desk")
    expect(page.locator(".top .feeds-summary")).to_have_text("数据源 9/10 正常")
    mark = page.locator('[data-worst="transit"] .mark')
    expect(mark).to_have_attribute("data-mark", "warning")
    served.feed.write(
        {
            "feeds": {"transit.rows": feed("transit", "rows", now(), age=900)},
            "matters": {"transit/gap": None},
        }
    )
    expect(page.locator(".top .feeds-summary")).to_have_text("数据源 8/10 正常")
    expect(mark).to_have_attribute("data-mark", "none")


def test_only_the_late_number_of_a_block_is_marked_and_the_head_counts_it(
    served: Served, open_page: Open
) -> None:
    page = open_page("/wall/duty")
    head = page.locator(".block").first.locator(".oldest")
    expect(head.locator(".oldest-late")).to_have_text("")
    write(served, 5.0, age=660)
    expect(head.locator(".oldest-late")).to_have_text("1/3 项迟到")
    marks = page.locator(".block").first.locator('.tile [data-field="mark"][data-mark="late"]')
    expect(marks).to_have_count(1)
    write(served, 5.0, age=0)
    expect(head.locator(".oldest-late")).to_have_text("")


def test_a_number_that_is_late_is_counted_by_the_strip_and_led_to(
    served: Served, open_page: Open
) -> None:
    for key in ("ozone_hour", "aqi_now", "water_over"):
        told = reading(f"environment.{key}", 4, now())
        served.feed.write({"readings": {told["key"]: told}})
    served.feed.write({"feeds": {"environment.rows": feed("environment", "rows", now())}})
    page = open_page("/", "desk")
    line, worst = page.locator(".top .feeds-line"), page.locator(".top .feeds-worst")
    expect(worst).to_have_text("全部按时更新")
    write(served, 5.0, age=660)
    expect(line).to_contain_text("数据源 10/10 正常")
    expect(line.locator(".feeds-late")).to_have_text("1 个数迟到")
    expect(worst).to_contain_text("道路运行指数 迟到 6")
    expect(worst).to_have_attribute("href", f"/indicator/{KEY}")
    line.click()
    expect(page.locator("#late-numbers")).to_contain_text("道路运行指数")


def test_a_part_grows_late_by_its_own_time(served: Served, open_page: Open) -> None:
    page = open_page("/wall/duty")
    key = "incidents.rain_hour"
    parts = {
        code: {"value": 1.0, "n": 1, "level": "normal", "as_of": instant(now() - age)}
        for code, age in (("440604", timedelta(seconds=2)), ("440605", timedelta(0)))
    }
    told = reading(key, 1.0, now(), age=0, parts_by="district", parts=parts, late_after=4.0)
    served.feed.write({"readings": {key: told}})
    mark = page.locator(f'[data-live="{key}"][data-field="mark"]')
    expect(mark.nth(0)).to_have_attribute("data-mark", "none")
    expect(mark.nth(0)).to_have_attribute("data-mark", "late")


def test_trend_draws_history_with_limits(served: Served, open_page: Open) -> None:
    page = open_page("/wall/duty")
    expect(page.locator(".trend-label", has_text="警戒 0.00")).to_be_visible()
    eventually(page, lambda: bool(served.services.series.asked))  # type: ignore[attr-defined]
    request = served.services.series.asked[0]  # type: ignore[attr-defined]
    assert (request.key, request.by) == ("incidents.water_level_gap", "station")
    inked = page.evaluate(
        """() => { const c = document.querySelector('.trend canvas');
        return c.getContext('2d').getImageData(0, 0, c.width, c.height).data.some((v) => v > 0) }"""
    )
    assert inked is True


def test_sparklines_are_drawn_for_every_tile(open_page: Open) -> None:
    page = open_page("/wall/duty")
    drawn = """() => [...document.querySelectorAll('.tile .spark')].every((c) => c.width > 0 &&
      c.getContext('2d').getImageData(0, 0, c.width, c.height).data.some((v) => v > 0))"""
    eventually(page, lambda: page.evaluate(drawn))


def test_many_updates_leave_nothing_behind(served: Served, open_page: Open) -> None:
    page = open_page("/wall/duty")
    page.wait_for_timeout(1500)
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")
    before, flushes = _nodes(session), page.evaluate("CommandCenter.live.stats.flushes")
    for i in range(60):
        write(served, float(i), level=("normal", "warning", "alarm")[i % 3])
        page.wait_for_timeout(45)
    expect(page.locator(VALUE)).to_have_text("59.0")
    session.send("HeapProfiler.collectGarbage")
    assert _nodes(session) - before <= 30
    assert page.evaluate("CommandCenter.live.stats.flushes") - flushes <= 60 * 2 + 10
    assert (
        page.evaluate("Object.keys(window.CommandCenter).sort().join()")
        == "Asked,Focus,Renewal,Stream,View,board,draw,ground,live,mapSide,maps,marks,order,parts,text,waitAfter"
    )


def _nodes(session: Any) -> float:
    found = session.send("Performance.getMetrics")["metrics"]
    return next(float(metric["value"]) for metric in found if metric["name"] == "Nodes")


def renew(served: Served, version: str, *, web_knows: bool = True) -> None:
    """The collector goes by another catalogue, and the web too unless it is behind."""
    source = served.services.catalogue_source
    assert isinstance(source, FixedCatalogue)
    if web_knows:
        renewed = city()
        object.__setattr__(renewed, "version", version)
        source.catalogue = renewed
    served.feed.write({"facts": {"catalogue": {"department": "*", "version": version}}})


def test_wall_follows_a_new_catalogue_by_itself(served: Served, open_page: Open) -> None:
    page = open_page("/wall/duty")
    page.evaluate("window.stayed = true")
    renew(served, "v2")
    page.wait_for_function("() => window.stayed === undefined")
    expect(page.locator(VALUE)).to_have_text("5.2")


def test_wall_does_not_leave_its_page_while_nobody_would_answer(
    served: Served, open_page: Open
) -> None:
    page = open_page("/wall/duty")
    page.evaluate("window.stayed = true; Math.random = () => 0")
    page.route("**/healthz", lambda route: route.abort())
    with page.expect_event("requestfailed", lambda asked: asked.url.endswith("/healthz")):
        renew(served, "v3")
    page.wait_for_timeout(500)
    assert page.evaluate("window.stayed") is True
    page.unroute("**/healthz")
    write(served, 6.0)
    page.wait_for_function("() => window.stayed === undefined")


def test_wall_whose_web_is_behind_tries_again_but_not_in_a_circle(
    served: Served, open_page: Open
) -> None:
    page = open_page("/wall/duty")
    page.add_init_script("Math.random = () => 0; window.begun = Date.now()")
    page.evaluate("window.stayed = true")
    renew(served, "v4", web_knows=False)
    page.wait_for_function("() => window.stayed === undefined")
    page.wait_for_selector(VALUE)
    page.evaluate("window.stayed = true")
    write(served, 6.0)
    page.wait_for_timeout(4000)
    assert page.evaluate("window.stayed") is True, "loaded again at once"
    page.evaluate("const now = Date.now; Date.now = () => now() + 61000")
    page.evaluate(
        "clearTimeout(window.CommandCenter.live.renewal.timer); window.CommandCenter.live.renewal.timer = 0"
    )
    write(served, 7.0)
    page.wait_for_function("() => window.stayed === undefined")


def test_clock_is_the_servers(open_page: Open) -> None:
    page = open_page("/wall/duty")
    shown = page.locator(".strip .clock").inner_text()
    local = now() + timedelta(hours=8)
    seen = datetime.strptime(shown, "%H:%M:%S").replace(year=local.year, month=local.month, day=local.day, tzinfo=UTC)  # fmt: skip
    assert abs((seen - local).total_seconds()) < 5


def test_number_that_was_quiet_shows_once_that_it_changed(served: Served, open_page: Open) -> None:
    page = open_page("/wall/duty")
    ahead = "() => { const now = performance.now.bind(performance); performance.now = () => now() + 30000; }"
    started = "() => window.begun"
    count = "() => { window.begun = 0; const animate = Element.prototype.animate; Element.prototype.animate = function (...a) { window.begun += 1; return animate.apply(this, a); }; }"
    page.evaluate(count)
    page.evaluate(ahead)
    write(served, 6.0)
    expect(page.locator(VALUE)).to_have_text("6.0")
    assert page.evaluate(started) == 1
    write(served, 7.0)
    expect(page.locator(VALUE)).to_have_text("7.0")
    assert page.evaluate(started) == 1


def test_nothing_moves_for_those_who_asked_for_that(served: Served, open_page: Open) -> None:
    page = open_page("/wall/duty")
    page.emulate_media(reduced_motion="reduce")
    page.evaluate("() => { Element.prototype.animate = () => { window.moved = true; }; }")
    page.evaluate(
        "() => { const now = performance.now.bind(performance); performance.now = () => now() + 30000; }"
    )
    write(served, 6.0)
    expect(page.locator(VALUE)).to_have_text("6.0")
    assert page.evaluate("window.moved") is None
