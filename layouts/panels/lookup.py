"""Lookups: a question asked by choosing, and the rows that answer it."""

from datetime import datetime
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from dashboard import ids
from dashboard.access import may
from dashboard.catalogue.lookups import Lookup, LookupColumn
from dashboard.catalogue.pages import Panel
from dashboard.clerk import dimension_text
from dashboard.formats import ago, clock, number
from dashboard.lookups import lookup_of
from dashboard.ports import RowPage
from dashboard.words import Word
from layouts.view import View


def render_lookup(view: View, panel: Panel, name: str) -> html.Div:
    """The choices and the place of the answer; `name` is how callbacks find the panel."""
    told = lookup_of(view.catalogue, panel.lookup)
    if told is None or not may(view.person, "rows", (panel.lookup or "").partition(".")[0]):
        return html.Div(html.P(Word.REFUSED.of(view.language), className="panel-empty"))
    choices = [_choice(view, told, index, name) for index in range(len(told.choices))]
    again = html.Button(
        Word.LOOKUP_AGAIN.of(view.language), id=ids.lookup_again(name), className="button quiet"
    )
    answer = html.Div(
        render_hint(view, told), id=ids.lookup_answer(name), className="lookup-answer"
    )
    asked = html.Div([*choices, again], className="lookup-choices")
    return html.Div([asked, answer], className="panel-body lookup", **{"aria-live": "polite"})


def _choice(view: View, told: Lookup, index: int, name: str) -> html.Div:
    choice = told.choices[index]
    title = view.say(choice.title)
    holder = Word.LOOKUP_ANY.of(view.language) if choice.optional else title
    menu = dcc.Dropdown(
        id=ids.lookup_choice(name, choice.column),
        options=[],
        placeholder=holder,
        labels=_labels(view),
        search_order="original",
        className="lookup-menu",
    )
    return html.Div(
        [html.Span(title, className="choice-name"), menu],
        className="lookup-choice",
        role="group",
        **{"aria-label": title},
    )


def _labels(view: View) -> dict[str, str]:
    """What a menu says of itself."""
    clear = Word.LOOKUP_CLEAR.of(view.language)
    return {
        "search": Word.LOOKUP_SEARCH.of(view.language),
        "clear_search": clear,
        "clear_selection": clear,
        "no_options_found": Word.LOOKUP_NO_OPTION.of(view.language),
    }


def chosen_title(view: View, key: str, column: str, value: str) -> str:
    """What a value that can be chosen is called; itself where the catalogue does not say."""
    department, _, name = key.partition(".")
    dataset = view.catalogue.departments[department].datasets[name]
    return view.say(dimension_text(view.catalogue, dataset.dimension_of(column), value))


def render_hint(view: View, told: Lookup) -> list[Component]:
    """What is still to be chosen before anything is asked."""
    both = Word.LOOKUP_AND.of(view.language)
    needed = [view.say(choice.title) for choice in told.choices if not choice.optional]
    titles = both.join(needed if view.language == "zh" else map(str.lower, needed))
    return [html.P(Word.LOOKUP_CHOOSE.fill(view.language, titles), className="panel-empty")]


def render_found(view: View, told: Lookup, page: RowPage, asked_at: datetime) -> list[Component]:
    """The rows that answer, first the nearest; or that there are none."""
    note = Word.LOOKUP_NOTE.fill(view.language, clock(asked_at, view.zone))
    said = html.P(note, className="panel-foot")
    if not page.rows:
        return [html.P(view.say(told.nothing), className="panel-empty"), said]
    heads = [html.Th(view.say(one.title), scope="col") for one in told.shown]
    rows = [
        html.Tr(
            [_cell(view, one, cell, asked_at) for one, cell in zip(told.shown, row, strict=True)]
        )
        for row in page.rows
    ]
    table = html.Table([html.Thead(html.Tr(heads)), html.Tbody(rows)], className="figures looked")
    return [html.Div(table, className="table-box"), said]


def _cell(view: View, column: LookupColumn, value: Any, now: datetime) -> html.Td:
    if value is None:
        return html.Td("—")
    if column.age and isinstance(value, datetime):
        return html.Td(ago(now - value, view.language), className="number")
    if column.decimals is not None:
        scaled = float(value) * column.factor
        return html.Td(number(scaled, column.decimals, view.language), className="number")
    return html.Td(str(value))
