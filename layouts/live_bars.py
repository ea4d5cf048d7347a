"""Living bars: as long as the number beside them says, in the same frame.

A bar is a `<progress>` and a leaf like those of `layouts.live`, so that its length is an attribute
and no style: the browser writes `value` and `max` at every newer frame.

| attribute | meaning |
| --- | --- |
| `data-live`, `data-part` | whose value it is as long as |
| `data-less` | the indicator whose value is taken off: the rest without the abnormal part |
| `data-among` | the indicators whose largest value is the whole length, where it is not one of the parts |
| `data-full` | what a full bar is at least, where there is a scale (`dashboard.scale`) |
| `data-side` | `under` or `over`: the bar of values on that side of zero; lengths of both count alike |
| `data-tick` | a place on the scale instead of a value |
"""

from collections.abc import Iterable, Sequence
from typing import Any

from dash import html

from dashboard.formats import counted, number
from dashboard.scale import full_of, ticks_of
from layouts import live_text
from layouts.bar_box import SIDES, render_box, render_length, render_ticks, size_on
from layouts.live import entry_of
from layouts.view import View


def bar_value(view: View, key: str, part: str | None = None) -> float:
    """What a bar is as long as: nothing where its number is a dash."""
    entry = entry_of(view, key, part)
    value = entry.get("value") if entry else None
    if value is None or live_text.state_of(entry, view.now) not in live_text.TRUSTED:
        return 0.0
    return float(value)


def bar_size(view: View, key: str, part: str | None = None, side: str = "over") -> float:
    """How long a bar is on a side of zero."""
    return size_on(bar_value(view, key, part), side)


def values_among(view: View, key: str, among: Sequence[str] = ()) -> list[float]:
    """What the bars beside each other stand for: several numbers, else all parts of one."""
    if among:
        return [bar_value(view, other) for other in among]
    parts = (view.reading(key) or {}).get("parts") or {}
    return [bar_value(view, key, code) for code in parts]


def full_among(view: View, key: str, among: Sequence[str] = ()) -> float | None:
    """How much a full bar is; None where those beside each other have no common scale."""
    scales = {full_of(view.catalogue.indicator(one)) for one in among or (key,)}
    return scales.pop() if len(scales) == 1 else None


def is_two_sided(view: View, key: str, values: Iterable[float]) -> bool:
    """Whether bars begin at zero in the middle: where any lies under it, or may by its words."""
    indicator = view.catalogue.indicator(key)
    signed = indicator is not None and indicator.signs is not None
    return signed or any(value < 0 for value in values)


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
    values, full = values_among(view, key, among), full_among(view, key, among)
    data = _data(key, part, among, full)
    entry = entry_of(view, key, part)
    level = {"data-level": str(entry["level"]) if entry else "normal"}
    if less is None and is_two_sided(view, key, values):
        return _two_sided(bar_value(view, key, part), values, full, {**data, **level})
    most = max([full or 0.0, *map(size_on, values)])
    size = bar_size(view, key, part)
    name = "" if less is None else "bar-part"
    whole = render_length(size, most, name, title=title, data={**data, **level})
    if less is None:
        ticks = [] if among else ticks_of(view.catalogue.indicator(key))
        return render_box([whole, *render_ticks(ticks, most, data)])
    rest = max(0.0, size - bar_size(view, less, part))
    return render_box(
        [whole, render_length(rest, most, "bar-rest", data={"data-less": less, **data})]
    )


def _data(key: str, part: str | None, among: Sequence[str], full: float | None) -> dict[str, Any]:
    data: dict[str, Any] = {"data-live": key, "data-field": "bar"}
    data |= {} if part is None else {"data-part": part}
    data |= {"data-among": " ".join(among)} if among else {}
    return data if full is None else {**data, "data-full": f"{full:g}"}


def _two_sided(
    value: float, values: Sequence[float], full: float | None, data: dict[str, Any]
) -> html.Span:
    most = max([full or 0.0, *map(abs, values)])
    lengths = [
        render_length(size_on(value, side), most, f"bar-{side}", data={**data, "data-side": side})
        for side in SIDES
    ]
    return render_box(lengths, two_sided=True)


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


def render_sum_unit(view: View, key: str) -> html.Span:
    """The unit as it stands beside the sum of the parts."""
    indicator = view.catalogue.indicator(key)
    unit = view.say(indicator.unit) if indicator else ""
    text = counted(unit, sum_of(view, key), 0, view.language)
    data = {"data-live": key, "data-field": "sum_unit", "data-unit": unit}
    return html.Span(text, className="live", **data)
