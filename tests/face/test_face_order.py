"""Rows stay worst first in a real browser: the same order as Python's, now and then, around the keyboard."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page
from test_face_bars import NOW, rain
from test_face_leaves import view_of

from dashboard.catalogue.pages import Panel
from layouts.panels.needs import Answers
from layouts.panels.order import (
    by_severity,
    level_row_data,
    levels_data,
    order_data,
    row_data,
    worst_first,
)
from layouts.panels.split import Column, codes_of, columns_of

pytestmark = pytest.mark.browser

ASSETS = Path(__file__).resolve().parents[2] / "assets"
RAIN = "incidents.rain_hour"
KEYS = ["incidents.rain_hour", "transit.road_index", "cases.overdue_open", "cases.hall_wait"]
BUILD = """([list, rows]) => {
  const made = document.createElement("ul");
  const set = (node, data) => Object.entries(data).forEach(([name, value]) => node.setAttribute(name, value));
  set(made, list);
  for (const data of rows) {
    const row = document.createElement("li");
    set(row, data);
    row.innerHTML = `<a href="#">${data["data-row"]}</a>`;
    made.append(row);
  }
  document.body.prepend(made);
  window.made = made;
  window.pass = (readings, now) => {
    window.CommandCenter.order.arrange(made, new Map(Object.entries(readings)), now);
    return [...made.children].map((row) => row.dataset.row);
  };
}"""
MS = NOW.timestamp() * 1000


@pytest.fixture
def bare(chromium: Browser) -> Iterator[Page]:
    """A page that holds nothing but what puts rows in order."""
    page = chromium.new_page()
    for name in ("live-1-text.js", "live-7-order.js"):
        page.add_script_tag(content=(ASSETS / name).read_text())
    yield page
    page.close()


def arranged(page: Page, readings: dict[str, Any]) -> list[str]:
    found: list[str] = page.evaluate("(given) => window.pass(...given)", [readings, MS])
    return found


def column(entry: dict[str, Any]) -> Column:
    panel = Panel(kind="ranked", indicators=[RAIN])
    return columns_of(view_of({"readings": {RAIN: entry}}), panel, Answers({}))[0]


def build(page: Page, of: Column, codes: list[str]) -> None:
    page.evaluate(BUILD, [order_data(of), [row_data(of, code) for code in codes]])


def levelled(**levels: str) -> dict[str, Any]:
    """Rain of four districts, some of it in breach."""
    entry = rain(_440604=5, _440605=9, _440606=9, _440607=1)
    for code, level in levels.items():
        entry["parts"][code[1:]]["level"] = level
    return entry


@pytest.mark.parametrize(
    "entry", [levelled(), levelled(_440607="warning"), levelled(_440604="warning", _440607="alarm")]
)
def test_parts_are_ordered_alike(bare: Page, entry: dict[str, Any]) -> None:
    of = column(entry)
    build(bare, of, list(reversed(codes_of(of))))
    assert arranged(bare, {RAIN: entry}) == worst_first(of, codes_of(of))


def test_indicators_are_ordered_alike(bare: Page) -> None:
    values = {KEYS[0]: (3.0, "normal"), KEYS[1]: (0.0, "normal"), KEYS[2]: (1.0, "alarm")}
    readings = {k: {**rain(_440604=v), "key": k, "level": one} for k, (v, one) in values.items()}
    view = view_of({"readings": readings})
    rows = [level_row_data(key, place) for place, key in enumerate(KEYS)]
    bare.evaluate(BUILD, [levels_data(), rows])
    assert arranged(bare, readings) == by_severity(view, KEYS) == [KEYS[i] for i in (2, 0, 1, 3)]


def test_rows_move_now_and_then_and_around_the_keyboard(bare: Page) -> None:
    of = column(rain(_440604=3, _440605=2, _440606=1))
    build(bare, of, ["440604", "440605", "440606"])
    first, then = (
        {RAIN: rain(_440604=3, _440605=2, _440606=1)},
        rain(_440604=1, _440605=2, _440606=9),
    )
    arranged(bare, first)
    bare.evaluate("window.made.children[1].querySelector('a').focus()")
    assert arranged(bare, {RAIN: then}) == ["440604", "440605", "440606"]
    bare.evaluate("const began = performance.now(); performance.now = () => began + 16000")
    assert arranged(bare, {RAIN: then}) == ["440606", "440605", "440604"]
    assert bare.evaluate("document.activeElement.textContent") == "440605"


def test_the_keyboard_stays_with_its_row_where_rows_are_drawn_anew(bare: Page) -> None:
    of = column(rain(_440604=3, _440605=2, _440606=1))
    build(bare, of, ["440604", "440605", "440606"])
    given = {RAIN: rain(_440604=3, _440605=2, _440606=1)}
    arranged(bare, given)
    bare.evaluate("window.made.children[0].querySelector('a').focus()")
    # The framework writes other rows into the nodes that are there.
    bare.evaluate(
        """() => {
          const [first, second] = window.made.children;
          for (const [node, code] of [[first, "440605"], [second, "440604"]]) {
            node.dataset.row = code;
            node.dataset.place = code === "440604" ? "0" : "1";
            node.querySelector("a").textContent = code;
          }
        }"""
    )
    assert arranged(bare, given) == ["440604", "440605", "440606"]
    assert bare.evaluate("document.activeElement.textContent") == "440604"


def test_the_keyboard_stays_with_its_row_where_the_list_is_replaced(bare: Page) -> None:
    of = column(rain(_440604=3, _440605=2, _440606=1))
    given = {RAIN: rain(_440604=3, _440605=2, _440606=1)}
    build(bare, of, ["440604", "440605", "440606"])
    arranged(bare, given)
    bare.evaluate("window.made.children[1].querySelector('a').focus()")
    bare.evaluate("window.made.remove()")
    build(bare, of, ["440606", "440605", "440604"])
    assert arranged(bare, given) == ["440604", "440605", "440606"]
    assert bare.evaluate("document.activeElement.textContent") == "440605"


def test_the_keyboard_is_not_taken_back_from_who_pressed_elsewhere(bare: Page) -> None:
    of = column(rain(_440604=3, _440605=2))
    given = {RAIN: rain(_440604=3, _440605=2)}
    build(bare, of, ["440604", "440605"])
    arranged(bare, given)
    bare.evaluate("window.made.children[1].querySelector('a').focus()")
    bare.mouse.click(600, 500)
    bare.evaluate("window.made.remove()")
    build(bare, of, ["440604", "440605"])
    arranged(bare, given)
    assert bare.evaluate("document.activeElement === document.body")


def test_rows_stay_where_nothing_is_known(bare: Page) -> None:
    of = column(rain(_440604=3, _440605=2))
    build(bare, of, ["440605", "440604"])
    assert arranged(bare, {}) == ["440605", "440604"]
