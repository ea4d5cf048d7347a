"""Markup: elements as lists, and what the browser makes of them, touching only what is another."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from dash import dcc, html
from playwright.sync_api import Browser, Page, expect

from layouts.markup import to_markup

SCRIPT = Path(__file__).resolve().parents[2] / "assets" / "markup.js"
SHOW = "(parts) => window.dash_clientside.markup.show(parts, 'place')"


def row(name: str, value: str) -> html.Tr:
    more = html.Details([html.Summary(value), html.Div("why")])
    return html.Tr([html.Td(name), html.Td(more)], id=name, className="feed")


def table(*rows: html.Tr) -> list[Any]:
    return to_markup(html.Table(html.Tbody(list(rows)), className="figures", tabIndex=0))


def test_an_element_is_its_tag_what_it_carries_and_its_parts() -> None:
    link = html.A(["一", 2, None, [html.B("三")]], href="/x", className="label", download=True)
    told = {"class": "label", "href": "/x", "download": ""}
    assert to_markup(link) == [["a", told, ["一", "2", ["b", {}, ["三"]]]]]


def test_what_is_off_or_none_is_not_carried() -> None:
    cell = html.Td("x", hidden=False, title=None, colSpan=2, **{"aria-label": "y", "data-n": 0})
    assert to_markup(cell) == [["td", {"colspan": "2", "aria-label": "y", "data-n": "0"}, ["x"]]]


def test_what_is_more_than_an_element_is_refused_by_name() -> None:
    with pytest.raises(
        TypeError, match=r"^Interval: is no markup, expected elements of dash\.html"
    ):
        to_markup(html.Div(dcc.Interval(id="x")))


@pytest.fixture
def bare(chromium: Browser) -> Iterator[Page]:
    """A page that holds nothing but a place for markup."""
    page = chromium.new_page()
    page.set_content('<div id="place"></div>')
    page.add_script_tag(content=SCRIPT.read_text())
    page.evaluate(SHOW, table(row("a", "1"), row("b", "2")))
    yield page
    page.close()


@pytest.mark.browser
def test_what_is_told_is_written(bare: Page) -> None:
    made = bare.locator("#place > table.figures")
    expect(made).to_have_attribute("tabindex", "0")
    assert made.locator("summary").all_inner_texts() == ["1", "2"]
    bare.evaluate(SHOW, to_markup([html.P("none", title="x"), "text"]))
    bare.evaluate(SHOW, to_markup([html.P("none"), "text"]))
    assert bare.locator("#place").inner_html() == "<p>none</p>text"


@pytest.mark.browser
def test_only_what_is_another_is_touched(bare: Page) -> None:
    bare.evaluate(
        """() => {
      window.touched = [];
      new MutationObserver((records) => window.touched.push(...records.map((one) => one.target.data)))
        .observe(document.getElementById("place"), { subtree: true, childList: true, attributes: true, characterData: true });
    }"""
    )
    bare.evaluate(SHOW, table(row("a", "1"), row("b", "3")))
    assert bare.evaluate("() => window.touched") == ["3"]


@pytest.mark.browser
def test_a_named_row_keeps_what_is_open_in_it_where_rows_change_places(bare: Page) -> None:
    bare.locator("#b summary").click()
    bare.locator("#b summary").focus()
    bare.evaluate(SHOW, table(row("b", "4"), row("a", "1")))
    assert bare.locator("tr").evaluate_all("rows => rows.map(({ id }) => id)") == ["b", "a"]
    assert bare.locator("details[open] summary").inner_text() == "4"
    bare.evaluate(SHOW, table(row("c", "5"), row("b", "4")))
    assert bare.locator("tr").evaluate_all("rows => rows.map(({ id }) => id)") == ["c", "b"]
    assert bare.locator("#b details").get_attribute("open") is not None


@pytest.mark.browser
def test_a_living_leaf_keeps_what_the_frames_wrote_until_it_shows_another(bare: Page) -> None:
    def leaf(key: str, text: str) -> list[Any]:
        return to_markup(html.Span(text, **{"data-live": key, "data-field": "age"}))

    bare.evaluate(SHOW, leaf("a.b", "1 s"))
    bare.evaluate("() => { document.querySelector('[data-live]').textContent = '9 s'; }")
    bare.evaluate(SHOW, leaf("a.b", "2 s"))
    assert bare.locator("#place").inner_text() == "9 s"
    bare.evaluate(SHOW, leaf("a.c", "3 s"))
    assert bare.locator("#place").inner_text() == "3 s"
    expect(bare.locator("[data-live]")).to_have_attribute("data-live", "a.c")
