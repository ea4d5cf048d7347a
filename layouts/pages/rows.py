"""The rows and the statement behind a number: asked of the department only when somebody wants."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from dash import dcc, html
from dash.development.base_component import Component

from dashboard import ids
from dashboard.access import may
from dashboard.catalogue import Indicator
from dashboard.catalogue.indicators import DERIVED, Percentile
from dashboard.formats import clock, number
from dashboard.ports import RowPage
from dashboard.text import Text
from dashboard.words import Word
from layouts.pages.choices import choice_of
from layouts.pages.parts import chosen_part, render_parts
from layouts.pages.sections import render_section
from layouts.view import View

NEWEST = 50
"""Rows of one page."""


@dataclass(frozen=True)
class RowsAsk:
    """Which rows behind an indicator are asked for: from the `offset`th newest on, or those that a
    set-aside rule caught; of one `part` of a split `by` alone where one is chosen."""

    key: str
    rule: str = ""
    offset: int = 0
    by: str = ""
    part: str = ""

    @property
    def where(self) -> dict[str, str]:
        """The chosen part by its dimension, as sources are asked; empty where none is."""
        return {self.by: self.part} if self.by and self.part else {}


def render_sql_box(view: View, key: str) -> html.Section:
    """The statement behind the number, filled in after the page is there."""
    title = Word.SQL.of(view.language)
    waiting = html.P(Word.LOADING.of(view.language), className="panel-empty")
    holder = html.Div(waiting, id=ids.indicator_sql(key), className="sql-box")
    return render_section(title, [*_sql_note(view, key), holder], 12, ids.PART_SQL)


def _sql_note(view: View, key: str) -> Iterator[Component]:
    """What is done with the answer of a percentile, which is not yet the number that is shown."""
    indicator = view.catalogue.indicator(key)
    if indicator is None or not isinstance(indicator.measure, Percentile):
        return
    word = Word.SQL_OF_RANKS if indicator.measure.of.column else Word.SQL_OF_DURATION
    yield html.P(word.of(view.language), className="panel-sub")


def render_sql(view: View, answer: str | Text) -> list[Component]:
    """The statement, or the reason why there is none to show."""
    if isinstance(answer, Text):
        return [html.P(view.say(answer), className="panel-empty")]
    code = html.Code(answer)
    return [html.Pre(code, className="sql", tabIndex=0)]


def render_rows_box(view: View, key: str, indicator: Indicator) -> html.Section:
    """The place of the newest rows, with what asking for them means."""
    title = Word.NEWEST_ROWS.of(view.language)
    if indicator.measure.kind in DERIVED:
        words = html.P(Word.NO_ROWS_OF_DERIVED.of(view.language), className="panel-empty")
        return render_section(title, [words], 12, ids.PART_ROWS)
    by, part = chosen_part(view, indicator)
    ask = render_ask(view, RowsAsk(key, by=by, part=part), Word.ASK_ROWS, "newest")
    note = html.P(Word.ASK_ROWS_NOTE.of(view.language), className="panel-sub")
    files = [
        *_links(view, Word.EXPORT_ROWS, _rows_files(view, key)),
        *_links(view, Word.EXPORT_SERIES, _series_files(view, key)),
    ]
    place = dcc.Loading(
        html.Div(id=ids.indicator_rows(key), className="rows-box"), type="dot", delay_show=200
    )
    actions = html.Div([ask, *files], className="actions")
    parts = render_parts(view, key, indicator)
    return render_section(title, [note, *parts, actions, place], 12, ids.PART_ROWS)


def _rows_files(view: View, key: str) -> dict[str, str]:
    """Addresses of the rows by format, of the page's window or the newest ones; none for who may
    not take them along."""
    indicator, department = view.catalogue.indicator(key), key.partition(".")[0]
    roles = indicator.roles if indicator is not None else ()
    if not all(may(view.person, action, department, roles) for action in ("export", "rows")):
        return {}
    by, part = chosen_part(view, indicator) if indicator else ("", "")
    window = view.params.get("window", "")
    query = urlencode({k: v for k, v in (("window", window), ("by", by), ("part", part)) if v})
    asked = f"?{query}" if query else ""
    return {kind: f"/export/rows/{key}.{kind}{asked}" for kind in ("xlsx", "csv")}


def _series_files(view: View, key: str) -> dict[str, str]:
    """Addresses of the series by format, as the page shows it."""
    indicator = view.catalogue.indicator(key)
    if indicator is None:
        return {}
    choice = choice_of(view, indicator)
    asked = {"window": choice.window, "grain": choice.grain, "by": choice.by}
    asked["within"] = choice.within if choice.by else ""
    query = urlencode({name: value for name, value in asked.items() if value})
    return {kind: f"/export/{key}.{kind}?{query}" for kind in ("xlsx", "csv", "parquet")}


def _links(view: View, word: Word, files: Mapping[str, str]) -> Iterator[Component]:
    said = word.of(view.language)
    if files:
        yield html.Span(said, className="choice-name")
    for kind, address in files.items():
        name = {"aria-label": f"{said} {kind.upper()}"}
        yield html.A(kind.upper(), href=address, download="", className="button quiet", **name)


def render_rows(
    view: View, ask: RowsAsk, page: RowPage, asked_at: datetime, most: int
) -> list[Component]:
    """One page of rows as a table; masked cells are shown as such. `most` is how far one may look."""
    if not page.rows:
        return [
            *_rule_named(view, ask),
            html.P(Word.NO_ROWS.of(view.language), className="panel-empty"),
        ]
    caption = rows_caption(view, ask, page, clock(asked_at, view.zone))
    titles = rows_titles(view, ask.key, page.columns)
    table = html.Table(
        [
            html.Caption(caption),
            html.Thead(html.Tr([html.Th(title, scope="col") for title in titles])),
            html.Tbody(
                [html.Tr([html.Td(cell_text(view, cell)) for cell in row]) for row in page.rows]
            ),
        ],
        className="figures rows",
    )
    reach = {"tabIndex": 0, "role": "region", "aria-label": caption}
    box = html.Div(table, className="table-box scroll", **reach)
    return [*_rule_named(view, ask), box, *_turns(view, ask, page, most)]


def rows_caption(view: View, ask: RowsAsk, page: RowPage, at: str) -> str:
    """Which rows these are, of how many where that is known, and when they were asked for."""
    first, last = (
        number(place, 0, view.language) for place in (ask.offset + 1, ask.offset + len(page.rows))
    )
    shown = f"{first}–{last}"
    if page.total is not None:
        shown = Word.ROWS_OF.fill(view.language, shown, number(page.total, 0, view.language))
    return Word.ROWS_SHOWN.fill(view.language, shown, at)


def _rule_named(view: View, ask: RowsAsk) -> list[Component]:
    """The rule whose rows these are, since they stand where the newest ones do otherwise."""
    dataset = view.catalogue.dataset_of(ask.key)
    rules = dataset.set_aside if dataset is not None else []
    named = (view.say(rule.title) for rule in rules if rule.name == ask.rule)
    return [
        html.H3(Word.ROWS_OF_RULE.fill(view.language, name), className="rows-rule")
        for name in named
    ]


def _turns(view: View, ask: RowsAsk, page: RowPage, most: int) -> list[Component]:
    """The buttons to the rows before and after, as far as rows may be looked at."""
    end = ask.offset + len(page.rows)
    more = len(page.rows) == NEWEST if page.total is None else end < page.total
    if not ask.offset and not more:
        return []
    newer, older = replace(ask, offset=max(0, ask.offset - NEWEST)), replace(ask, offset=end)
    turns: list[Component] = [
        render_ask(view, newer, Word.ROWS_NEWER, "newer", disabled=not ask.offset),
        render_ask(view, older, Word.ROWS_OLDER, "older", disabled=not more or end >= most),
    ]
    if more and end >= most:
        limit = Word.ROWS_END.fill(view.language, number(most, 0, view.language))
        turns.append(html.Span(limit, className="panel-sub"))
    return [html.Div(turns, className="actions turns")]


def render_ask(
    view: View, ask: RowsAsk, word: Word, place: str, about: str = "", *, disabled: bool = False
) -> html.Button:
    """A button that asks for rows; `about` says of what, where its word alone does not."""
    label = {"aria-label": f"{word.of(view.language)} {about}"} if about else {}
    return html.Button(
        word.of(view.language),
        id=ids.indicator_rows_ask(ask.key, place, ask.rule, ask.offset, ask.by, ask.part),
        className="button" if place == "newest" else "button quiet",
        disabled=disabled,
        **{"data-rows-ask": "true"},
        **label,
    )


def cell_text(view: View, value: Any) -> str:
    """A cell as it is read: times in the city's zone, nothing as a dash."""
    if value is None:
        return "—"
    if isinstance(value, datetime):
        local = value.astimezone(view.zone) if value.tzinfo else value
        return local.strftime("%Y-%m-%d %H:%M:%S")
    return str(value)


def rows_titles(view: View, key: str, columns: Sequence[str]) -> list[str]:
    """What the columns of rows are called; their own names where nobody named them."""
    dataset = view.catalogue.dataset_of(key)
    shown = dataset.show if dataset is not None else {}
    return [view.say(shown[name]) if name in shown else name for name in columns]
