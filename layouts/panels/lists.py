"""Lists: indicators with their counts, each opening the worst of the rows behind it.

The rows come with the frame, from the collector, and cost no department a question; all of them are
asked of the department when somebody presses, as on the indicator's own page.
"""

import re
from collections.abc import Mapping, Sequence
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
from dashboard.readings import parse_instant
from dashboard.records import joined_path
from dashboard.words import Word
from layouts import live
from layouts.pages.contents import alone_name
from layouts.pages.rows import RowsAsk, render_ask
from layouts.panels.needs import Answers
from layouts.panels.said import Said
from layouts.panels.tables import severity
from layouts.view import View

_CHINESE = re.compile(r"[\u3400-\u9fff]")
SHOWN = {"short": 5, "normal": 10, "tall": 20}
"""Rows of one list."""
MOST_COLUMNS = 6


def render_lists(view: View, panel: Panel, name: str) -> list[Component]:
    """One line per indicator, the worst first and open; what was opened stays so, since only the
    rows within are drawn anew."""
    keys = [key for key in panel.indicators if view.catalogue.indicator(key) is not None]
    ordered = sorted(keys, key=lambda key: severity(view, key))
    first = next((key for key in ordered if (view.reading(key) or {}).get("value")), None)
    items = [_render_item(view, panel, name, key, opened=key == first) for key in ordered]
    return [html.Div(items, className="lists")]


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
        [summary, rows, *_ask_for_all(view, key)], open=opened, className="list-item"
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
    since = since_column(view, key)
    shown = list(zip(entry["rows"], entry["ids"], strict=True))[: SHOWN[panel.height]]
    rows = [_row(view, key, entry["columns"], columns, since, *one) for one in shown]
    at = moment(parse_instant(entry["at"]), view.now, view.zone, view.language)
    caption = Said.LIST_WORST.fill(view.language, number(len(shown), 0, view.language), at)
    table = html.Table(
        [
            html.Caption(caption),
            html.Thead(html.Tr(_heads(view, dataset, columns, since))),
            html.Tbody(rows),
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


def since_column(view: View, key: str) -> str | None:
    """The column of the time from which a row of a state stands in it."""
    indicator, dataset = view.catalogue.indicator(key), view.catalogue.dataset_of(key)
    if indicator is None or dataset is None or not isinstance(indicator.measure, Stock):
        return None
    name = indicator.measure.age_of or indicator.measure.since or indicator.time
    return dataset.times[name].column if name in dataset.times else None


def _heads(view: View, dataset: Dataset, columns: list[str], since: str | None) -> list[html.Th]:
    titles = [view.say(dataset.show[c]) if c in dataset.show else c for c in columns]
    heads = [html.Th(title, scope="col") for title in titles]
    if since is not None:
        heads.insert(1, html.Th(Said.STANDS_FOR.of(view.language), scope="col", className="right"))
    return heads


def _row(
    view: View,
    key: str,
    known: Sequence[str],
    columns: list[str],
    since: str | None,
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
    if since is not None:
        made.append(html.Td(_stood(view, cells.get(since)), className="right"))
    return html.Tr([*made, *(html.Td(text, **_tongue(view, text)) for text in texts[1:])])


def _tongue(view: View, text: str) -> dict[str, str]:
    """Words of the department that nobody has named in English are said to be Chinese, so that a
    screen reader reads them so."""
    return {"lang": "zh"} if view.language == "en" and _CHINESE.search(text) else {}


def _stood(view: View, cell: Any) -> str:
    at = moment_of(cell)
    return age(view.now - at, view.language) if at is not None else "—"


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
    dimensions = dataset.dimensions.values() if dataset else ()
    dimension = next((one for one in dimensions if one.column == column), None)
    return (
        view.say(dimension_text(view.catalogue, dimension, str(cell))) if dimension else str(cell)
    )
