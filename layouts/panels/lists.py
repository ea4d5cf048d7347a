"""Lists: indicators with their counts, each opening the worst of the rows behind it.

The rows come with the frame, from the collector, and cost no department a question; all of them are
asked of the department when somebody presses, as on the indicator's own page.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard import ids
from dashboard.access import may
from dashboard.catalogue import Dataset
from dashboard.catalogue.indicators import DERIVED, Stock
from dashboard.catalogue.pages import Panel
from dashboard.clerk import dimension_text
from dashboard.formats import age, moment, number
from dashboard.i18n import NO_VALUE
from dashboard.readings import parse_instant
from dashboard.records import joined_path
from dashboard.words import Word
from layouts import live
from layouts.live_matters import due_words
from layouts.pages.contents import alone_name
from layouts.pages.rows import RowsAsk, render_ask
from layouts.panels.needs import Answers
from layouts.panels.order import by_severity, level_row_data, levels_data, still_data
from layouts.panels.said import Said
from layouts.view import View

_CHINESE = re.compile(r"[\u3400-\u9fff]")
SHOWN = {"short": 5, "normal": 10, "tall": 20}
"""Rows of one list."""
MOST_COLUMNS = 6


def render_lists(view: View, panel: Panel, name: str) -> list[Component]:
    """One line per indicator, the worst first and open; what was opened stays so, since only the
    rows within are drawn anew."""
    keys = [key for key in panel.indicators if view.catalogue.indicator(key) is not None]
    ordered = by_severity(view, keys)
    first = next((key for key in ordered if (view.reading(key) or {}).get("value")), None)
    items = [_render_item(view, panel, name, key, opened=key == first) for key in ordered]
    return [html.Div(items, className="lists", **levels_data())]


def _render_item(view: View, panel: Panel, name: str, key: str, *, opened: bool) -> html.Details:
    title = live.indicator_title(view, key)
    count = html.Span(
        [live.render_mark(view, key), live.render_value(view, key), live.render_unit(view, key)],
        className="list-count",
    )
    summary = html.Summary([html.Span(title, className="list-name"), count])
    alone = panel.model_copy(update={"indicators": [key]})
    rows = html.Div(
        render_listed(view, alone, Answers({})), id=ids.panel_split(alone_name(name, key))
    )
    return html.Details(
        [summary, rows, *_ask_for_all(view, key)],
        open=opened,
        className="list-item",
        **level_row_data(key, panel.indicators.index(key)),
    )


def _ask_for_all(view: View, key: str) -> list[Component]:
    indicator = view.catalogue.indicator(key)
    if indicator is None or indicator.measure.kind in DERIVED or not may_see_rows(view, key):
        return []
    title = live.indicator_title(view, key)
    link = html.A(
        Word.DEFINITION.of(view.language),
        href=f"/indicator/{key}#{ids.PART_DEFINITION}",
        className="button quiet",
        **{"data-within": "true"},
    )
    ask = render_ask(view, RowsAsk(key), Word.LIST_ASK, "list", title)
    place = html.Div(id=ids.indicator_rows(key), className="rows-box")
    return [html.Div([ask, link], className="actions"), place]


def may_see_rows(view: View, key: str) -> bool:
    """Whether who looks may see rows of an indicator."""
    indicator = view.catalogue.indicator(key)
    roles = indicator.roles if indicator is not None else ()
    return may(view.person, "rows", key.partition(".")[0], roles)


def render_listed(view: View, panel: Panel, answers: Answers) -> list[Component]:
    """The worst rows of a panel's one indicator as they were last read; or why there are none."""
    key = panel.indicators[0]
    dataset, entry = view.catalogue.dataset_of(key), listed_of(view, key)
    if not may_see_rows(view, key):
        return [_said(view, Said.LIST_REFUSED)]
    if dataset is None or entry is None:
        return [_said(view, Said.LIST_WAITING)]
    if not entry["rows"]:
        return [_said(view, Said.LIST_EMPTY)]
    columns = columns_shown(dataset, entry["columns"])
    stands = stands_of(view, key)
    shown = list(zip(entry["rows"], entry["ids"], strict=True))[: SHOWN[panel.height]]
    rows = [_row(view, key, entry["columns"], columns, stands, *one) for one in shown]
    at = moment(parse_instant(entry["at"]), view.now, view.zone, view.language)
    caption = Said.LIST_WORST.fill(view.language, number(len(shown), 0, view.language), at)
    table = html.Table(
        [
            html.Caption(caption),
            html.Thead(html.Tr(_heads(view, dataset, columns, stands))),
            html.Tbody(rows, **still_data()),
        ],
        className="figures rows",
    )
    reach = {"tabIndex": 0, "role": "group", "aria-label": live.indicator_title(view, key)}
    return [html.Div(table, className="table-box scroll", **reach)]


def listed_of(view: View, key: str) -> Mapping[str, Any] | None:
    """The rows of an indicator as the collector read them last; None where it has not yet, or who
    looks may not see rows."""
    return view.sections.get("lists", {}).get(key) if may_see_rows(view, key) else None


def _said(view: View, word: Said) -> html.P:
    return html.P(word.of(view.language), className="panel-empty")


def columns_shown(dataset: Dataset, known: Sequence[str]) -> list[str]:
    """The first few columns, those of the key before the others."""
    ordered = [*(c for c in dataset.key if c in known), *(c for c in known if c not in dataset.key)]
    return ordered[:MOST_COLUMNS]


@dataclass(frozen=True)
class Stands:
    """The column by which the rows of a state are listed: their deadline, or since when they stand
    in it."""

    column: str
    deadline: bool


def stands_of(view: View, key: str) -> Stands | None:
    """By which time the rows of an indicator are listed; None of one that is no state."""
    indicator, dataset = view.catalogue.indicator(key), view.catalogue.dataset_of(key)
    if indicator is None or dataset is None or not isinstance(indicator.measure, Stock):
        return None
    measure = indicator.measure
    name = indicator.deadline or measure.age_of or measure.since or indicator.time
    if name not in dataset.times:
        return None
    return Stands(dataset.times[name].column, indicator.deadline is not None)


def _heads(
    view: View, dataset: Dataset, columns: list[str], stands: Stands | None
) -> list[html.Th]:
    titles = [view.say(dataset.show[c]) if c in dataset.show else c for c in columns]
    heads = [html.Th(title, scope="col") for title in titles]
    if stands is not None:
        word = Word.TIME_LEFT if stands.deadline else Said.STANDS_FOR
        heads.insert(1, html.Th(word.of(view.language), scope="col", className="right"))
    return heads


def _row(
    view: View,
    key: str,
    known: Sequence[str],
    columns: list[str],
    stands: Stands | None,
    row: Sequence[Any],
    address: str,
) -> html.Tr:
    cells = dict(zip(known, row, strict=True))
    texts = [cell_words(view, key, column, cells.get(column)) for column in columns]
    first: list[Component | str] = [texts[0]]
    if address:
        indicator = view.catalogue.indicator(key)
        dataset = f"{key.partition('.')[0]}.{indicator.dataset if indicator else ''}"
        path = joined_path(dataset, address)
        first = [html.A(texts[0], href=path, **{"data-within": "true"})]
    made: list[Component] = [html.Th(first, scope="row", **_tongue(view, texts[0]))]
    if stands is not None:
        made.append(_stood(view, stands, cells.get(stands.column)))
    made += [html.Td(text, **_tongue(view, text)) for text in texts[1:]]
    return html.Tr(made, **{"data-row": address or texts[0]})


def _tongue(view: View, text: str) -> dict[str, str]:
    """Words of the department that nobody has named in English are said to be Chinese, so that a
    screen reader reads them so."""
    return {"lang": "zh"} if view.language == "en" and _CHINESE.search(text) else {}


def _stood(view: View, stands: Stands, cell: Any) -> html.Td:
    """How long a row stands in its state, or what is left until its deadline."""
    at = moment_of(cell)
    if stands.deadline:
        urgency, words = due_words(at, view.now, view.language)
        return html.Td(words, className="right row-due", **{"data-due": urgency})
    return html.Td(age(view.now - at, view.language) if at else NO_VALUE, className="right")


def moment_of(cell: Any) -> datetime | None:
    """The moment that a cell is, None where it is none."""
    return parse_instant(cell["at"]) if isinstance(cell, dict) else None


def when_words(view: View, at: datetime) -> str:
    """A time as short as can be understood; of a midnight, which names a day, the day alone."""
    local = at.astimezone(view.zone)
    if local.time() == time():
        return (
            f"{local:%m-%d}"
            if local.year == view.now.astimezone(view.zone).year
            else f"{local:%Y-%m-%d}"
        )
    return moment(at, view.now, view.zone, view.language)


def cell_words(view: View, key: str, column: str, cell: Any) -> str:
    """A cell as it is read: times short and in the city's zone, codes by their names."""
    if cell is None or cell == "":
        return "—"
    at = moment_of(cell)
    if at is not None:
        return when_words(view, at)
    dataset = view.catalogue.dataset_of(key)
    dimension = dataset.dimension_of(column) if dataset else None
    return (
        view.say(dimension_text(view.catalogue, dimension, str(cell))) if dimension else str(cell)
    )
