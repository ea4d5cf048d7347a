"""Panels of words and plain tables, as the pages of one indicator and of the status have them."""

from dash import html
from dash.development.base_component import Component

from dashboard.words import Word
from layouts.view import View


def render_section(
    title: str, children: list[Component], width: int, anchor: str = ""
) -> html.Section:
    """A panel of words; `anchor` lets an address point at it."""
    identity = {"id": anchor} if anchor else {}
    return html.Section(
        [html.Div(html.H2(title), className="panel-head"), *children],
        className=f"panel words wide-{width}",
        **identity,
        **{"aria-label": title},
    )


def render_table(
    view: View, caption: str, heads: list[Word], rows: list[html.Tr], *, wide: bool = False
) -> html.Div:
    """A plain table with its caption for screen readers; all but the first column to the right.

    A `wide` one is moved sideways on small screens, so that the keyboard must reach it.
    """
    cells = [
        html.Th(head.of(view.language), scope="col", className="right" if index else "")
        for index, head in enumerate(heads)
    ]
    table = html.Table(
        [
            html.Caption(caption, className="hidden"),
            html.Thead(html.Tr(cells)),
            html.Tbody(rows),
        ],
        className="figures",
    )
    reach = {"tabIndex": 0, "role": "group", "aria-label": caption} if wide else {}
    return html.Div(table, className="table-box", **reach)
