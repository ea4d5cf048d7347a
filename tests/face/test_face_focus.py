"""The matter at hand in a real browser: what its trend is drawn from, and what is said of it."""

from typing import Any

import pytest
from face_server import Open, Served, eventually
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
HOUR = 3600 * 1000
FOCUS = "[...CommandCenter.live.focuses.values()][0]"


def asked(page: Page, expression: str, given: Any = None) -> Any:
    return page.evaluate(f"given => {{ const focus = {FOCUS}; return {expression}; }}", given)


def test_one_part_is_shown_over_its_own_usual_range(served: Served, open_page: Open) -> None:
    page = open_page("/wall/duty")
    expect(page.locator(".focus-title")).to_have_text("容奇(二) 水位距警戒")
    series: Any = served.services.series
    eventually(page, lambda: ("station", "rq2") in series.usual_of)
    expect(page.locator(".focus-usual")).to_contain_text("平常")


@pytest.mark.parametrize(
    ("language", "said"), [("zh", "走势取不到"), ("en", "Trend not available")]
)
def test_a_trend_that_was_not_had_is_said_and_asked_for_again(
    open_page: Open, language: str, said: str
) -> None:
    page = open_page(f"/wall/duty?lang={language}")
    label = page.locator('.trend-label[data-kind="nothing"]:not([hidden])')
    expect(page.locator('.trend-label[data-kind="time"]').first).to_be_visible()
    page.route("**/api/series/**", lambda route: route.fulfill(status=503, body=""))
    asked(page, "(focus.key = null, focus.wake())")
    expect(label).to_have_text(said)
    page.unroute("**/api/series/**")
    asked(page, "(focus.asked = 0)")
    expect(label).to_have_count(0)


def test_what_was_usual_hours_ago_is_not_said_to_be_usual(open_page: Open) -> None:
    page = open_page("/wall/duty")
    edges = [{"at": 0, "low": 1, "high": 2}, {"at": HOUR, "low": 3, "high": 4}]
    said = "(focus.usual = given, focus.usually(2 * 3600000 + {}))"
    assert "3.00" in asked(page, said.format(4 * 60000), edges)
    assert asked(page, said.format(3600000), edges) == ""


def test_samples_an_hour_apart_are_one_line_and_an_outage_is_a_gap(open_page: Open) -> None:
    page = open_page("/wall/duty")
    near = [[0, 1], [0.5, None], [1, 2], [1.5, None], [2.5, 3], [3, None]]
    points = [{"at": at * HOUR, "value": value} for at, value in near]
    shown = page.evaluate("p => CommandCenter.draw.joined(p).map((one) => one.value)", points)
    assert shown == [1, 2, None, 3, None]


@pytest.mark.parametrize(("language", "said"), [("zh", "近 1 小时持平"), ("en", "unchanged")])
def test_no_change_is_said_in_words(open_page: Open, language: str, said: str) -> None:
    page = open_page(f"/wall/duty?lang={language}")
    given = [{"at": at * HOUR, "value": value} for at, value in [(1, 0.181), (2, 0.18), (3, None)]]
    assert said in asked(page, "(focus.points = given, focus.rate(2 * 3600000))", given)
    given[1]["value"] = -0.3
    assert "\u22120.48" in asked(page, "(focus.points = given, focus.rate(2 * 3600000))", given)


def test_a_state_an_hour_ago_is_as_it_was_sampled_last_before(open_page: Open) -> None:
    page = open_page("/wall/duty")
    given = [
        {"at": at * HOUR, "value": value} for at, value in [(0.5, 0.1), (1.25, 5), (1.75, 0.1)]
    ]
    assert "持平" in asked(page, "(focus.points = given, focus.rate(2 * 3600000))", given)
    given = [
        {"at": at * HOUR, "value": value} for at, value in [(0.1, 0.1), (1.25, 5), (1.75, 0.1)]
    ]
    assert asked(page, "(focus.points = given, focus.rate(2 * 3600000))", given) == ""


def test_a_part_first_counted_now_stood_at_nothing_before(open_page: Open) -> None:
    page = open_page("/wall/duty")
    others = [{"at": f"2026-11-22T0{hour}:00:00Z", "code": "other", "value": 2} for hour in (1, 2)]
    line = "(focus.about = {...focus.about, counted: true}, focus.historyOf(given))"
    assert [point["value"] for point in asked(page, line, others)] == [0, 0]
    line = "(focus.about = {...focus.about, counted: false}, focus.historyOf(given))"
    assert asked(page, line, others) == []


@pytest.mark.parametrize(("language", "said"), [("zh", "数据截至 00:30"), ("en", "As of 00:30")])
def test_the_end_of_a_trend_says_the_as_of_of_its_number(
    open_page: Open, language: str, said: str
) -> None:
    """A state that is sampled goes on as it was: its line ends later than what it is as of."""
    page = open_page(f"/wall/duty?lang={language}")
    ends = """[16.5, 16.9, null].map((at) => focus.endOf({ at: 17 * 3600000 },
        { asOf: at === null ? null : at * 3600000 }, { x: () => 0.5 }, 18 * 3600000).said)"""
    assert asked(page, ends) == [said, "01:00", "01:00"]
