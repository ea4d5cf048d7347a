"""What stands still is told as markup, and the browser touches only what is another."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
from dash import dcc, html
from playwright.sync_api import Browser, Page, expect

from layouts.markup import HELD, settled, to_markup

SCRIPT = Path(__file__).resolve().parents[2] / "assets" / "content.js"
HOLD = "(held) => document.getElementById('place').setAttribute('data-markup', held)"
LET_GO = "() => document.getElementById('place').removeAttribute('data-markup')"


def row(name: str, value: str) -> html.Tr:
    more = html.Details([html.Summary(value), html.Div("why")])
    return html.Tr([html.Td(name), html.Td(more)], key=name, className="feed")


def table(*rows: html.Tr) -> str:
    return held(html.Table(html.Tbody(list(rows)), className="figures", tabIndex=0))


def held(*parts: Any) -> str:
    return orjson.dumps(to_markup(parts)).decode()


def test_an_element_is_its_tag_what_it_carries_and_its_parts() -> None:
    link = html.A(["一", 2, None, [html.B("三")]], href="/x", className="label", download=True)
    told = {"class": "label", "href": "/x", "download": ""}
    assert to_markup(link) == [["a", told, ["一", "2", ["b", {}, ["三"]]]]]


def test_what_is_off_or_none_is_not_carried_but_as_a_word() -> None:
    cell = html.Td(
        "x", hidden=False, title=None, colSpan=2, key="k", **{"aria-hidden": False, "data-n": 0}
    )
    told = {"colspan": "2", "data-key": "k", "aria-hidden": "false", "data-n": "0"}
    assert to_markup(cell) == [["td", told, ["x"]]]


def test_only_what_no_callback_can_name_stands_still() -> None:
    still = html.Ul([html.Li("a"), html.Li("b")])
    words = html.P([html.B("x"), html.I("y")])
    page = html.Div([html.Div(still, id="kept"), words, dcc.Store(id="s")])
    kept, told, store = settled(page).children
    assert orjson.loads(getattr(told, HELD)) == [["b", {}, ["x"]], ["i", {}, ["y"]]]
    assert isinstance(store, dcc.Store)
    # A callback may set the children of what has a name: it holds none itself.
    assert (kept.id, getattr(kept, HELD, None)) == ("kept", None)
    (held_in_it,) = settled(html.Div([still], id="kept")).children
    assert orjson.loads(getattr(held_in_it, HELD))[0] == ["li", {}, ["a"]]
    assert getattr(still, HELD, None) is None, "what was given is as it was"


@pytest.mark.parametrize(
    "part",
    [
        html.Li("a", id="x"),
        html.Li("a", id={"type": "x", "name": "y"}),
        html.Li(dcc.Graph()),
        html.Li("a", style={"width": "1px"}),
        html.Select([html.Option("a", value="a")]),
    ],
)
def test_what_answers_or_is_named_stays_a_component(part: Any) -> None:
    found = settled(html.Ul([part, html.Li("b")]))
    assert [type(one) for one in found.children] == [type(part), html.Li]


def test_what_is_no_component_is_as_it_was() -> None:
    one = html.P("text")
    assert settled([one, "a", 3, {"data": [1]}, None]) == [one, "a", 3, {"data": [1]}, None]


@pytest.fixture
def bare(chromium: Browser) -> Iterator[Page]:
    """A page that holds nothing but a place for markup."""
    page = chromium.new_page()
    page.set_content('<div id="place"></div>')
    page.add_script_tag(content=SCRIPT.read_text())
    page.evaluate(HOLD, table(row("a", "1"), row("b", "2")))
    yield page
    page.close()


@pytest.mark.browser
def test_what_is_held_is_written_and_taken_away_again(bare: Page) -> None:
    made = bare.locator("#place > table.figures")
    expect(made).to_have_attribute("tabindex", "0")
    assert made.locator("summary").all_inner_texts() == ["1", "2"]
    bare.evaluate(HOLD, held(html.P("none", title="x"), "text"))
    bare.evaluate(HOLD, held(html.P("none"), "text"))
    assert bare.locator("#place").inner_html() == "<p>none</p>text"
    bare.evaluate("() => document.getElementById('place').append('of Dash')")
    bare.evaluate(LET_GO)
    assert bare.locator("#place").inner_html() == "of Dash"


@pytest.mark.browser
def test_what_comes_with_its_markup_is_written_before_it_is_painted(bare: Page) -> None:
    bare.evaluate(
        """(held) => {
      const made = document.createElement("section");
      made.innerHTML = "<div id='late'></div>";
      made.firstChild.setAttribute("data-markup", held);
      document.body.append(made);
    }""",
        held(html.B("there")),
    )
    assert bare.locator("#late b").inner_text() == "there"


@pytest.mark.browser
def test_only_what_is_another_is_touched(bare: Page) -> None:
    bare.evaluate(
        """() => {
      window.touched = [];
      new MutationObserver((records) => window.touched.push(...records.map((one) => one.target.data)))
        .observe(document.querySelector("#place table"), { subtree: true, childList: true, attributes: true, characterData: true });
    }"""
    )
    bare.evaluate(HOLD, table(row("a", "1"), row("b", "3")))
    assert bare.evaluate("() => window.touched") == ["3"]


@pytest.mark.browser
def test_a_row_with_a_name_keeps_what_is_open_in_it_where_rows_change_places(bare: Page) -> None:
    names = "rows => rows.map(({ dataset }) => dataset.key)"
    bare.locator("[data-key=b] summary").click()
    bare.evaluate(HOLD, table(row("b", "4"), row("a", "1")))
    assert bare.locator("tr").evaluate_all(names) == ["b", "a"]
    assert bare.locator("details[open] summary").inner_text() == "4"
    bare.evaluate(HOLD, table(row("c", "5"), row("b", "4")))
    assert bare.locator("tr").evaluate_all(names) == ["c", "b"]
    assert bare.locator("[data-key=b] details").get_attribute("open") is not None


@pytest.mark.browser
def test_a_living_leaf_keeps_what_the_frames_wrote_until_it_shows_another(bare: Page) -> None:
    def leaf(key: str, text: str, unit: str = "") -> str:
        data = {"data-live": key, "data-field": "value", "data-unit": unit, "data-state": text}
        return held(html.Span(text, **data))

    shown = bare.locator("#place")
    bare.evaluate(HOLD, leaf("a.b", "1"))
    bare.evaluate("() => { document.querySelector('[data-live]').textContent = '9'; }")
    bare.evaluate(HOLD, leaf("a.b", "2"))
    assert shown.inner_text() == "9"
    bare.evaluate(HOLD, leaf("a.b", "3", "km"))
    assert shown.inner_text() == "3", "it is written in another way"
    bare.evaluate(HOLD, leaf("a.c", "4", "km"))
    assert shown.inner_text() == "4"
    expect(bare.locator("[data-live]")).to_have_attribute("data-live", "a.c")
