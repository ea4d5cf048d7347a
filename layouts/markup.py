"""What stands still: elements that no callback reads or writes, as markup instead of components.

Dash keeps a subscription for each component and asks all of them at each change anywhere: a page of two
thousand took a browser half a minute. Such elements are told as text in `data-markup` of the element
that holds them, and `assets/content.js` writes them, touching only what is another. The names of rows
(`key`) keep what is opened in them where rows change places.
"""

from copy import copy
from typing import Any

import orjson
from dash.development.base_component import Component

HELD = "data-markup"
HTML = "dash_html_components"
Markup = str | list[Any]
"""A text, or an element as `[tag, {attribute: text}, [parts]]`."""

_NAMES = {"className": "class", "htmlFor": "for", "key": "data-key"}
"""How properties are called in a document where it is not their name in small letters."""
_OF_DASH = ("children", "n_clicks", "n_clicks_timestamp", "disable_n_clicks")
_ANSWERING = ("Select", "Option", "Form", "Input", "Textarea", "MapEl", "ObjectEl")
"""Elements whose properties are more than what a document writes of them."""
_FEWEST = 2
"""Elements that are worth being told as markup."""


def settled(found: Any) -> Any:
    """The same components, in which whatever stands still is held as markup; all else as it is."""
    if isinstance(found, list | tuple):
        return [settled(one) for one in found]
    if not isinstance(found, Component):
        return found
    parts = getattr(found, "children", None)
    if not _components(parts):
        return found
    made, still = copy(found), _still(parts) if _may_hold(found) else None
    if still is None:
        made.children = settled(parts)
    elif still >= _FEWEST:
        del made.children
        setattr(made, HELD, orjson.dumps(to_markup(parts)).decode())
    return made


def to_markup(found: Any) -> list[Markup]:
    """The markup of what stands still; None is nothing."""
    if found is None or isinstance(found, bool):
        return []
    if isinstance(found, list | tuple):
        return [part for one in found for part in to_markup(one)]
    if not isinstance(found, Component):
        return [str(found)]
    told = found.to_plotly_json()["props"]
    return [[_type(found).lower(), _attributes(told), to_markup(told.get("children"))]]


def _may_hold(component: Component) -> bool:
    """Whether it is an element of the document and no more. Of what has a name a callback may set the
    children: Dash would write them beside the markup."""
    named = getattr(component, "id", None) is not None
    element = component._namespace == HTML and _type(component) not in _ANSWERING
    return element and not named


def _attributes(properties: dict[str, Any]) -> dict[str, str]:
    found = {}
    for name, value in properties.items():
        if value is None or name in _OF_DASH:
            continue
        if "-" in name:  # What is true or false is a word there.
            found[name] = str(value).lower() if isinstance(value, bool) else str(value)
        elif value is not False:
            found[_NAMES.get(name, name.lower())] = "" if value is True else str(value)
    return found


def _still(found: Any) -> int | None:
    """How many elements there are; None where a callback can name one, or one is more than that."""
    count = 0
    for one in _components(found):
        if not _may_hold(one) or getattr(one, "style", None) is not None:
            return None
        below = _still(getattr(one, "children", None))
        if below is None:
            return None
        count += 1 + below
    return count


def _components(found: Any) -> list[Component]:
    if isinstance(found, Component):
        return [found]
    if isinstance(found, list | tuple):
        return [one for part in found for one in _components(part)]
    return []


def _type(component: Component) -> str:
    return str(component._type)
