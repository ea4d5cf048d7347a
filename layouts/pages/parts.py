"""Rows of one part alone, such as one town: chosen by a link, so that it is an address to be sent."""

from collections.abc import Mapping
from urllib.parse import urlencode

from dash import dcc, html
from dash.development.base_component import Component

from dashboard import ids
from dashboard.catalogue import Indicator
from dashboard.series.subject import splits_of
from dashboard.words import Word
from layouts.panels.codes import code_title, declared_codes, dimension_title
from layouts.view import View


def chosen_part(view: View, indicator: Indicator) -> tuple[str, str]:
    """The split and the part that the address names; both empty where it names none that is."""
    by, part = view.params.get("by", ""), view.params.get("part", "")
    return (by, part) if part and by in _single(indicator) else ("", "")


def _single(indicator: Indicator) -> list[str]:
    return [by for by in splits_of(indicator) if "," not in by]


def render_parts(view: View, key: str, indicator: Indicator) -> list[Component]:
    """A list to open per split whose codes are named, and the part that is chosen with a way back."""
    by, part = chosen_part(view, indicator)
    lists = [
        _list(view, key, split, codes, part if split == by else "")
        for split in _single(indicator)
        if (codes := declared_codes(view.catalogue, key, split))
    ]
    if not lists:
        return []
    chosen: list[Component] = []
    if part:
        name = code_title(view.catalogue, key, by, part, view.language)
        cross = html.Span(" ×", **{"aria-hidden": "true"})
        chip = [html.Span(Word.ONLY_PART.fill(view.language, name)), cross]
        back = _address(view, key, {"by": by})
        every = Word.ALL_PARTS.of(view.language)
        chosen.append(html.Span(dcc.Link(chip, href=back, className="chip", title=every)))
    title = html.Span(Word.ROWS_OF_PART.of(view.language), className="choice-name")
    return [html.Div([title, *chosen, *lists], className="parts")]


def _list(view: View, key: str, by: str, codes: list[str], chosen: str) -> html.Details:
    title = dimension_title(view.catalogue, key, by, view.language)
    links: list[Component] = [
        html.Li(
            dcc.Link(
                code_title(view.catalogue, key, by, code, view.language),
                href=_address(view, key, {"by": by, "part": code}),
                className="choice chosen" if code == chosen else "choice",
            )
        )
        for code in codes
        if code
    ]
    return html.Details([html.Summary(title), html.Ul(links, className="part-list")])


def _address(view: View, key: str, asked: Mapping[str, str]) -> str:
    kept = {name: view.params[name] for name in ("window", "grain") if view.params.get(name)}
    return f"/indicator/{key}?{urlencode({**kept, **asked})}#{ids.PART_ROWS}"
