"""Living bars: in Python and in a real browser, a bar is never longer or shorter than its number."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from dash import html
from face_frame import reading
from face_server import Open, Served, now
from playwright.sync_api import Page, expect
from test_face_leaves import view_of, walk

from dashboard.catalogue.pages import Panel
from layouts.live_bars import render_live_bar, sum_of
from layouts.panels.bars import render_ranked, render_stages
from layouts.panels.needs import Answers

NOW = datetime(2026, 11, 22, 8, 42, 7, tzinfo=UTC)
RAIN = "incidents.rain_hour"
ONLINE = "transit.bus_online_rate"
BAR = f'.bar[data-live="{RAIN}"]'


def rain(at: datetime = NOW, **values: float | None) -> dict[str, Any]:
    parts = {code[1:]: {"value": v, "n": 4, "level": "normal"} for code, v in values.items()}
    largest = max((v for v in values.values() if v is not None), default=None)
    return reading(RAIN, largest, at, parts_by="district", parts=parts)


def bars(component: Any) -> list[html.Progress]:
    return [one for one in walk(component) if isinstance(one, html.Progress)]


def length(bar: html.Progress) -> tuple[float, float]:
    return float(bar.value), float(bar.max)


def test_a_bar_is_as_long_as_its_part_of_the_largest_part() -> None:
    view = view_of({"readings": {RAIN: rain(_440604=10, _440605=40)}})
    (bar,) = bars(render_live_bar(view, RAIN, "禅城", part="440604"))
    assert length(bar) == (10, 40)


def test_a_number_that_is_a_dash_has_no_bar() -> None:
    silent = {**rain(_440604=10), "state": "unavailable"}
    for view in (view_of({"readings": {RAIN: silent}}), view_of({})):
        (bar,) = bars(render_live_bar(view, RAIN, "禅城", part="440604"))
        assert length(bar) == (0, 1)
        assert sum_of(view, RAIN) is None


def test_the_abnormal_end_is_what_the_rest_leaves_free() -> None:
    more = {**rain(_440604=4), "key": "incidents.more"}
    view = view_of({"readings": {RAIN: rain(_440604=10), "incidents.more": more}})
    whole, rest = bars(render_live_bar(view, RAIN, "禅城", part="440604", less="incidents.more"))
    assert (length(whole), length(rest)) == ((10, 10), (6, 10))


def test_a_share_is_drawn_of_the_whole_however_large_the_largest_is() -> None:
    view = view_of({"readings": {ONLINE: {**rain(_440604=60, _440605=80), "key": ONLINE}}})
    (bar,) = bars(render_live_bar(view, ONLINE, "禅城", part="440604"))
    assert length(bar) == (60, 100)


def test_what_lies_under_zero_begins_at_zero_to_its_own_side() -> None:
    view = view_of({"readings": {RAIN: rain(_440604=-40, _440605=10)}})
    for part, sides in (("440604", [(40, 40), (0, 40)]), ("440605", [(0, 40), (10, 40)])):
        box = render_live_bar(view, RAIN, "", part=part)
        assert "bar-two" in box.className
        assert [length(bar) for bar in bars(box)] == sides


@pytest.mark.parametrize("render", [render_ranked, render_stages])
def test_bars_of_the_frame_are_leaves_like_their_numbers(render: Any) -> None:
    view = view_of({"readings": {RAIN: rain(_440604=10, _440605=40)}})
    panel = Panel(kind="ranked", indicators=[RAIN])
    found = render(view, panel, Answers({}))
    drawn = [bar for one in found for bar in bars(one)]
    assert drawn
    assert all(getattr(bar, "data-live") == RAIN for bar in drawn)


@pytest.mark.browser
def test_bar_and_number_change_in_the_same_frame(served: Served, open_page: Open) -> None:
    page = open_page(f"/indicator/{RAIN}", "desk")
    bar = page.locator(f'{BAR}[data-part="440606"]')
    expect(bar).to_have_attribute("value", "34.6")
    page.evaluate(WATCH, f'.bar-row [data-live="{RAIN}"][data-part="440606"][data-field="value"]')
    served.feed.write({"readings": {RAIN: rain(now(), _440604=50, _440606=20)}})
    expect(bar).to_have_attribute("value", "20")
    expect(bar).to_have_attribute("max", "50")
    expect(page.locator(f'{BAR}[data-part="440605"]')).to_have_attribute("value", "0")
    assert json.loads(page.evaluate("window.seen")) == [["20.0", "20"]]


WATCH = """(selector) => {
  const number = document.querySelector(selector);
  const bar = number.closest(".bar-row").querySelector(".bar");
  const seen = [];
  window.seen = "[]";
  new MutationObserver(() => {
    seen.push([number.textContent, bar.getAttribute("value")]);
    window.seen = JSON.stringify(seen);
  }).observe(number, { characterData: true, childList: true, subtree: true });
}"""


@pytest.mark.browser
def test_lengths_are_reckoned_alike(open_page: Open) -> None:
    page = open_page("/wall/duty")
    more = {**rain(_440604=4, _440605=60), "key": "incidents.more"}
    late = {**rain(_440604=-4, _440605=7), "state": "stale"}
    given = (rain(_440604=10, _440605=40), rain(_440604=None, _440605=3), rain(_440604=140))
    for entry in (*given, late, None):
        online = entry and {**entry, "key": ONLINE}
        readings = {RAIN: entry, "incidents.more": more, ONLINE: online}
        view = view_of({"readings": {key: one for key, one in readings.items() if one}})
        for drawn in (
            render_live_bar(view, RAIN, "", part="440604"),
            render_live_bar(view, ONLINE, "", part="440604"),
            render_live_bar(view, RAIN, "", part="440605", less="incidents.more"),
            render_live_bar(view, RAIN, "", among=[RAIN, "incidents.more"]),
        ):
            for bar in bars(drawn):
                assert reckoned(page, bar, readings) == list(length(bar))


def reckoned(page: Page, bar: html.Progress, readings: dict[str, Any]) -> list[float]:
    names = ("live", "part", "less", "among", "full", "side", "tick")
    data = {name: getattr(bar, f"data-{name}", None) for name in names}
    given = [{k: v for k, v in data.items() if v}, readings, NOW.timestamp() * 1000]
    found: list[float] = page.evaluate(
        """([data, readings, now]) => {
          const node = document.createElement("progress");
          Object.assign(node.dataset, data);
          window.CommandCenter.board.bar(node, new Map(Object.entries(readings)), now);
          return [Number(node.getAttribute("value")), Number(node.getAttribute("max"))];
        }""",
        given,
    )
    return found
