"""Components as markup: nested lists that `assets/markup.js` writes into the document.

Large tables that are told anew every few seconds cost a browser seconds of its main thread as Dash
components (the status page has some three thousand); as markup only what has changed is touched.
What is written this way knows no callbacks: links, lists, tables and living leaves only.
"""

from typing import Any

from dash.development.base_component import Component

Markup = str | list[Any]
"""A text, or an element as `[tag, {attribute: text}, [parts]]`."""

_NAMES = {"className": "class", "htmlFor": "for"}
"""How properties are called in a document where it is not their name in small letters."""


def to_markup(component: Any) -> list[Markup]:
    """The markup of a component, a text, or a list of them; None is nothing.

    Raises TypeError for a component that is more than an element of the document.
    """
    if component is None:
        return []
    if isinstance(component, list | tuple):
        return [part for one in component for part in to_markup(one)]
    if not isinstance(component, Component):
        return [str(component)]
    told = component.to_plotly_json()
    if told["namespace"] != "dash_html_components":
        expected = "elements of dash.html; show others as components of the page itself"
        raise TypeError(f"{told['type']}: is no markup, expected {expected}")
    properties = dict(told["props"])
    parts = to_markup(properties.pop("children", None))
    return [[told["type"].lower(), _attributes(properties), parts]]


def _attributes(properties: dict[str, Any]) -> dict[str, str]:
    """As a document writes them: what is True stands without a value, what is False or None not."""
    return {
        name if "-" in name else _NAMES.get(name, name.lower()): "" if value is True else str(value)
        for name, value in properties.items()
        if value is not None and value is not False
    }
