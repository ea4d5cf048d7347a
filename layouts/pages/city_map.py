"""The one map: every layer of the city on one drawing, and the record of whatever is chosen."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from dashboard import ids
from dashboard.catalogue.layers import Layer
from dashboard.formats import number, quantity
from dashboard.geography.near import Near
from dashboard.geography.parts import AreaSplit, area_splits
from dashboard.geography.sampling import classes_of
from dashboard.records import record_path, split_key
from dashboard.text import Text
from dashboard.words import Word
from layouts import live, live_text
from layouts.live_text import Entry
from layouts.map_board import render_board
from layouts.pages.heading import render_heading, render_page_tick
from layouts.panels.codes import code_title
from layouts.view import View

TITLE = Text(zh="一张图", en="Map")


def render_map(view: View) -> html.Div:
    """The page at `/map`. `?layers=` names those that are on, the uppermost first; `?area=` an
    indicator and its split; `?at=` a place and how close it is seen."""
    layers = drawn_layers(view)
    asked = view.params.get("layers")
    shown = (
        [layer.key for layer in reversed(layers) if layer.on] if asked is None else asked.split(",")
    )
    card = html.Section(
        [html.P(Word.MAP_CHOOSE.of(view.language), className="panel-empty")],
        id=ids.MAP_CARD,
        className="map-card panel",
        **{"aria-live": "polite", "aria-label": Word.RECORD.of(view.language)},
    )
    area = asked_area(view)
    board = render_board(
        view, view.geography, layers, area=area, shown=shown, whole=True, card=card
    )
    return html.Div(
        [
            # Each layer says its own age: one for all would be that of the slowest.
            render_heading(view, Word.MAP_PAGE.of(view.language)),
            board,
            dcc.Store(id=ids.MAP_CHOSEN),
            render_page_tick(),
        ],
        className="page page-map",
    )


def drawn_layers(view: View) -> list[Layer]:
    """The layers that may be seen, in the order in which they are drawn."""
    return sorted(view.catalogue.layers.values(), key=lambda layer: (layer.order, layer.key))


def asked_area(view: View) -> AreaSplit | None:
    """The indicator that the address wants the areas coloured by; None where it names none."""
    key, _, by = view.params.get("area", "").partition(":")
    splits = (split for split in area_splits(view.catalogue) if (split.key, split.by) == (key, by))
    return next(splits, None)


def render_card(
    view: View,
    layer: Layer,
    chosen: str,
    label: str,
    rows: Sequence[Component],
    near: Sequence[tuple[Layer, Sequence[Near]]],
) -> list[Component]:
    """What is known of a chosen thing: its row, where it leads, and what is near by."""
    title = view.say(layer.title)
    links: list[Component] = []
    if chosen and layer.dataset:
        path = record_path(layer.dataset, split_key(chosen))
        links.append(dcc.Link(Word.MAP_RECORD_PAGE.of(view.language), href=path))
    links += [*_indicator_links(view, layer.indicators)]
    return [
        html.Div(
            [html.H2(label or title), html.Span(title, className="owner")], className="panel-head"
        ),
        html.Nav(links, className="map-links", **{"aria-label": Word.INDICATORS.of(view.language)}),
        *rows,
        *(_render_near(view, other, found) for other, found in near),
    ]


def render_part_card(
    view: View, title: str, split: tuple[str, str, str], told: Mapping[str, Any]
) -> list[Component]:
    """What an indicator says of one area or station: `split` is its key, the dimension and the code;
    `told` its parts with the reading's state and age."""
    key, by, code = split
    reading = told if told.get("state") else None
    part = live_text.part_of(reading, code)
    name = code_title(view.catalogue, key, by, code, view.language)
    return [
        html.Div([html.H2(name), html.Span(title, className="owner")], className="panel-head"),
        _render_part(view, key, part),
        _render_age(view, part),
        html.Nav(
            [*_indicator_links(view, [key], f"/indicator/{key}?by={by}")], className="map-links"
        ),
    ]


def _render_part(view: View, key: str, known: Entry | None) -> html.Div:
    indicator = view.catalogue.indicator(key)
    state = live_text.state_of(known, view.now)
    part = known if known and state in live_text.TRUSTED else {}
    value, n = part.get("value"), part.get("n")
    said = quantity(
        value,
        indicator.unit if indicator else "",
        indicator.decimals if indicator else 0,
        view.language,
    )
    mark = live_text.mark_of(part, state)
    children: list[Component] = [
        live.render_still_mark(view, mark),
        html.Span(said, className="map-value", **{"data-state": state}),
    ]
    grades = live.fact_values(view, key)
    if part.get("text"):
        children.append(html.Span(grades.get(str(part["text"]), str(part["text"]))))
    if n is not None:
        children.append(html.Span(Word.SAMPLE.fill(view.language, n), className="map-class"))
    return html.Div(children, className="map-figure")


def _render_age(view: View, reading: Entry | None) -> html.P:
    """As of when the card's number is, which stands as it was when it was asked for."""
    state = live_text.state_of(reading, view.now)
    said = live_text.state_text(state, view.language)
    if state in live_text.TRUSTED:
        at = live_text.as_of_text(reading, view.now, view.zone)
        said = " · ".join((f"{Word.AS_OF.of(view.language)} {at}", said))
    elif reading is not None:
        said = live_text.age_text(reading, view.now, view.language)
    return html.P(said, className="panel-sub")


def _indicator_links(view: View, keys: Sequence[str], href: str = "") -> Iterator[Component]:
    """Links to indicators, then to the pages of their departments."""
    known = [key for key in keys if view.catalogue.indicator(key) is not None]
    for key in known:
        yield dcc.Link(live.indicator_title(view, key), href=href or f"/indicator/{key}")
    for page in dict.fromkeys(key.partition(".")[0] for key in known):
        department = view.catalogue.departments[page]
        yield dcc.Link(view.say(department.title), href=f"/department/{page}")


def _render_near(view: View, layer: Layer, found: Sequence[Near]) -> html.Section:
    title = Word.MAP_NEAREST.fill(view.language, len(found), view.say(layer.title))
    classes = classes_of(layer)
    lines = [
        html.Li(
            [
                html.Span(near.label, className="near-name"),
                html.Span(
                    "" if near.place is None else view.say(classes[near.place].title),
                    className="near-state",
                ),
                html.Span(f"{number(near.distance, 0, view.language)} m", className="near-way"),
            ]
        )
        for near in found
    ]
    return html.Section([html.H3(title), html.Ol(lines, className="near")], className="map-near")
