"""The board of the map: the drawing, the layers with their legends, and what a browser needs to draw.

`assets/map*.js` draw it. Everything that is said is written here, so that it is said in one language.
"""

import json
from collections.abc import Sequence
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard.catalogue.layers import Layer
from dashboard.geography.files import Geography
from dashboard.geography.parts import AreaSplit, area_splits, areas_of, grades_of
from dashboard.geography.sampling import class_look, classed_of, classes_of
from dashboard.words import Word
from layouts import live
from layouts.panels.codes import dimension_title
from layouts.view import View

_WORDS = (
    Word.AS_OF,
    Word.MAP_SILENT,
    Word.MAP_NOTHING,
    Word.MAP_TRUNCATED,
    Word.MAP_LEAST_MOST,
    Word.MAP_THINNED,
    Word.MAP_ASIDE_COUNT,
    Word.MAP_MISSING,
    Word.MAP_ZERO,
    Word.MAP_SWAPPED,
    Word.MAP_OUTSIDE,
    Word.MAP_UNKNOWN,
)


def render_board(
    view: View,
    geography: Geography,
    layers: Sequence[Layer],
    *,
    area: AreaSplit | None,
    shown: Sequence[str],
    whole: bool = False,
    wall: bool = False,
    card: Component | None = None,
) -> html.Div:
    """The map. `shown` are the layers that are on, the uppermost first; `whole` gives it its lists and
    choices, without which it is a panel that leads to the page; `card` is where what is chosen is
    told. On a `wall` nobody moves it, it has no numbers, and its letters are a wall's."""
    known = [key for key in shown if any(layer.key == key for layer in layers)]
    config = {
        "files": geography.version,
        "layers": {layer.key: layer_config(view, layer) for layer in layers},
        "shown": known,
        "area": _area_config(view, area) if area is not None else None,
        "words": {word.name.lower(): word.of(view.language) for word in _WORDS},
        "whole": whole,
        "wall": wall,
    }
    drawing = html.Div(
        [
            _render_drawing(view, geography, whole=whole, wall=wall),
            _render_area_told() if whole else _render_foot(view, wall=wall),
        ],
        className="map-drawing",
    )
    side = [_render_side(view, layers, known, area, card)] if whole else []
    return html.Div(
        [drawing, *side],
        className=" ".join(
            ["map-board", *([] if whole else ["map-small"]), *(["map-wall"] if wall else [])]
        ),
        **{"data-map": json.dumps(config, ensure_ascii=False)},
    )


def layer_config(view: View, layer: Layer) -> dict[str, Any]:
    """What a browser has to know of a layer."""
    config: dict[str, Any] = {
        "place": f"{layer.department}.{layer.key}",
        "title": view.say(layer.title),
        "kind": layer.kind,
        "shape": layer.shape,
        "classed": classed_of(layer),
        "classes": [class_look(one) | {"title": view.say(one.title)} for one in classes_of(layer)],
        **_naming(view, layer),
        "unit": view.say(layer.unit) if layer.unit else "",
    }
    if layer.kind != "indicator":
        return config | {"feed": layer.dataset}
    return (
        config
        | _part_config(view, str(layer.indicator), str(layer.by))
        | {
            "places": {code: list(place) for code, place in layer.places.items()},
            "grades": [
                {"title": grade["title"][view.language], "colour": grade["colour"]}
                for grade in grades_of(view.catalogue, layer)
            ],
        }
    )


def _part_config(view: View, key: str, by: str) -> dict[str, Any]:
    indicator = view.catalogue.indicator(key)
    return {
        "indicator": key,
        "by": by,
        "areas": areas_of(view.catalogue, key, by),
        "decimals": indicator.decimals if indicator else 0,
        "good": indicator.direction if indicator else "none",
        "zero": view.say(indicator.zero) if indicator and indicator.zero else "",
        "unit": view.say(indicator.unit) if indicator else "",
    }


def _area_config(view: View, area: AreaSplit) -> dict[str, Any]:
    title = f"{live.indicator_title(view, area.key)}（{_split_title(view, area)}）"
    if view.language == "en":
        title = f"{live.indicator_title(view, area.key)} ({_split_title(view, area)})"
    return {"title": title, "kind": "indicator", "classes": [], "labels": {}} | _part_config(
        view, area.key, area.by
    )


def _split_title(view: View, area: AreaSplit) -> str:
    return dimension_title(view.catalogue, area.key, area.by, view.language)


def _naming(view: View, layer: Layer) -> dict[str, Any]:
    """What codes in the column of the label are called: one by one, or by their form."""
    department = view.catalogue.departments.get(layer.department)
    dataset = department.datasets.get(str(layer.dataset).partition(".")[2]) if department else None
    dimension = dataset.dimension_of(str(layer.label)) if dataset else None
    if dimension is None:
        return {"labels": {}}
    codes = view.catalogue.codes.get(dimension.codes or "")
    listed = {code: one.title for code, one in codes.codes.items()} if codes else {}
    named = dimension.values or listed
    labels = {c: view.say(title) for c, title in named.items() if view.say(title) != c}
    if dimension.like is None:
        return {"labels": labels}
    return {"labels": labels, "like": [dimension.like.code, view.say(dimension.like.called)]}


def _render_drawing(view: View, geography: Geography, *, whole: bool, wall: bool) -> html.Div:
    schematic = any(file.schematic for file in geography.files.values())
    districts = geography.files.get("districts")
    provenance = districts.provenance[view.language] if districts is not None else ""
    said = (
        Word.MAP_SCHEMATIC.of(view.language) if schematic else Word.MAP_OFFICIAL.of(view.language)
    )
    label = Word.MAP_PAGE if wall else Word.MAP_KEYS
    view_box = html.Div(
        className="map-view",
        role="application" if whole else "img",
        **({} if wall else {"tabIndex": 0}),
        **{"aria-label": label.of(view.language)},
    )
    return html.Div(
        [
            view_box,
            *([] if wall else [_render_tools(view)]),
            html.P(
                Word.MAP_NO_LAND.of(view.language),
                className="map-silent",
                role="status",
                hidden=True,
            ),
            html.P([html.B(said), html.Span(provenance)], className="map-said", title=provenance),
            html.Div(className="map-tip", role="status", hidden=True),
        ],
        className="map-frame",
    )


def _render_tools(view: View) -> html.Div:
    return html.Div(
        [
            _tool("in", "+", Word.MAP_CLOSER.of(view.language)),
            _tool("out", "−", Word.MAP_FARTHER.of(view.language)),
            _tool("home", "⊙", Word.MAP_HOME.of(view.language)),
        ],
        className="map-tools",
    )


def _render_area_told() -> html.Div:
    """What the areas are coloured by, as of when and in which unit: over the drawing where there is
    room, else under it. Under a panel that stands with the other legends."""
    return html.Div(
        [
            html.Span(className="map-name"),
            html.Span(className="map-age"),
            html.Ul(className="map-legend"),
        ],
        className="map-area-told",
        hidden=True,
        **{"data-map-area": "true"},
    )


def _tool(name: str, sign: str, title: str) -> html.Button:
    label = {"aria-label": title, "data-map-tool": name}
    return html.Button(sign, className="map-tool", title=title, **label)


def _render_foot(view: View, *, wall: bool) -> html.Div:
    if wall:
        return html.Div(html.Ul(className="map-legend"), className="map-foot")
    link = html.A(
        Word.MAP_WHOLE.of(view.language),
        href="/map",
        className="map-whole",
        **{"data-within": "true", "data-map-whole": "true"},
    )
    return html.Div([html.Ul(className="map-legend"), link], className="map-foot")


def _render_side(
    view: View,
    layers: Sequence[Layer],
    shown: Sequence[str],
    area: AreaSplit | None,
    card: Component | None,
) -> html.Div:
    ordered = [layer for key in shown for layer in layers if layer.key == key]
    ordered += [one for one in reversed(layers) if one.key not in shown]
    entries = [_render_layer(view, layer, layer.key in shown) for layer in ordered]
    return html.Div(
        [
            *([card] if card is not None else []),
            html.Section(
                [
                    html.H2(Word.MAP_LAYERS.of(view.language)),
                    html.P(Word.MAP_LAYERS_NOTE.of(view.language), className="panel-sub"),
                    html.Ul(entries, className="map-layers"),
                    _render_areas(view, area),
                ],
                className="panel map-choices",
                **{"aria-label": Word.MAP_LAYERS.of(view.language)},
            ),
            html.Details(
                [
                    html.Summary(
                        [
                            Word.MAP_ASIDE.of(view.language),
                            " ",
                            html.Span("0", className="map-aside-count"),
                        ]
                    ),
                    html.P(Word.MAP_ASIDE_NOTE.of(view.language), className="panel-sub"),
                    html.Div(className="map-aside-list"),
                ],
                className="panel map-aside",
            ),
        ],
        className="map-side",
    )


def _render_layer(view: View, layer: Layer, on: bool) -> html.Li:
    title = view.say(layer.title)
    # Dash has no plain checkbox; a button that says whether it is pressed is one to a reader.
    switch = html.Button(
        [html.Span(className="map-check"), html.Span(title, className="map-name")],
        className="map-switch",
        **{"aria-pressed": "true" if on else "false", "data-map-switch": layer.key},
    )
    return html.Li(
        [
            switch,
            html.Span(className="map-count"),
            html.Button(
                "↑",
                className="map-move",
                **{
                    "data-map-up": layer.key,
                    "aria-label": Word.MAP_RAISE.fill(view.language, title),
                },
            ),
            html.Span(className="map-age"),
            html.Ul(className="map-legend"),
        ],
        className="map-layer",
        **{"data-layer": layer.key},
    )


def _render_areas(view: View, area: AreaSplit | None) -> html.Label:
    """The choice of any indicator that has districts or towns, to colour the areas by."""
    options: list[Component] = [html.Option(Word.MAP_NO_AREA.of(view.language), value="")]
    for split in area_splits(view.catalogue):
        title = f"{live.indicator_title(view, split.key)} · {_split_title(view, split)}"
        config = json.dumps(_area_config(view, split), ensure_ascii=False)
        options.append(html.Option(title, value=f"{split.key}:{split.by}", **{"data-area": config}))
    chosen = f"{area.key}:{area.by}" if area is not None else ""
    select = html.Select(
        options, className="map-areas", **{"data-map-areas": "true", "data-chosen": chosen}
    )
    return html.Label([html.Span(Word.MAP_AREAS.of(view.language)), select], className="map-area")
