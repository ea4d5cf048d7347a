"""Living bars: as long as the number beside them says, in the same frame.

A bar is a `<progress>` and a leaf like those of `layouts.live`, so that its length is an attribute
and no style: the browser writes `value` and `max` at every newer frame.

| attribute | meaning |
| --- | --- |
| `data-live`, `data-part` | whose value it is as long as |
| `data-less` | the indicator whose value is taken off: the rest without the abnormal part |
| `data-among` | the indicators whose largest value is the whole length, where it is not one of the parts |
"""

from collections.abc import Sequence
from typing import Any

from dash import html

from dashboard.formats import number
from layouts import live_text
from layouts.live import entry_of
from layouts.view import View


def bar_size(view: View, key: str, part: str | None = None) -> float:
    """How long a bar is: nothing where its number is a dash."""
    entry = entry_of(view, key, part)
    value = entry.get("value") if entry else None
    if value is None or live_text.state_of(entry, view.now) not in live_text.TRUSTED:
        return 0.0
    return max(0.0, float(value))


def most_of(view: View, key: str, among: Sequence[str] = ()) -> float:
    """The whole length: the largest of several numbers, else of all parts of one."""
    if among:
        return max(bar_size(view, other) for other in among)
    parts = (view.reading(key) or {}).get("parts") or {}
    return max((bar_size(view, key, code) for code in parts), default=0.0)


def render_live_bar(
    view: View,
    key: str,
    title: str,
    *,
    part: str | None = None,
    less: str | None = None,
    among: Sequence[str] = (),
) -> html.Span:
    """The bar of a number or of a part of it; the end of it that `less` measures is abnormal."""
    most = f"{most_of(view, key, among) or 1:g}"
    data: dict[str, Any] = {"data-live": key, "data-field": "bar"}
    data |= {} if part is None else {"data-part": part}
    data |= {"data-among": " ".join(among)} if among else {}
    size = bar_size(view, key, part)
    entry = entry_of(view, key, part)
    level = {"data-level": str(entry["level"]) if entry else "normal"}
    name = "bar" if less is None else "bar bar-part"
    whole = html.Progress(
        value=f"{size:g}", max=most, className=name, **{"aria-label": title}, **data, **level
    )
    if less is None:
        return html.Span(whole, className="bar-box")
    rest = html.Progress(
        value=f"{max(0.0, size - bar_size(view, less, part)):g}",
        max=most,
        className="bar bar-rest",
        **{"aria-hidden": "true", "data-less": less},
        **data,
    )
    return html.Span([whole, rest], className="bar-box")


def sum_of(view: View, key: str) -> float | None:
    """What the named parts of a number come to; None where none is to be trusted."""
    entry = view.reading(key)
    parts = (entry or {}).get("parts") or {}
    if not parts or live_text.state_of(entry, view.now) not in live_text.TRUSTED:
        return None
    return sum(float(part.get("value") or 0) for code, part in parts.items() if code)


def render_sum(view: View, key: str) -> html.Span:
    """The sum of the parts, kept up to date."""
    text = number(sum_of(view, key), 0, view.language)
    data = {"data-live": key, "data-field": "sum"}
    return html.Span(text, className="live", **data)
