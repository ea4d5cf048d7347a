"""Living leaves: the small components whose text the browser keeps up to date by itself.

Each says with `data-…` attributes what it shows; `assets/live.js` finds it wherever it is mounted
and applies every newer frame to it, so no callback ever renders it again. Its first text comes from
the view's frame. The words are those of `layouts.live_text`; the attributes are:

| attribute | meaning |
| --- | --- |
| `data-live` | the indicator's full key |
| `data-field` | what of it: `box` (attributes only), `value`, `signed`, `unit`, `n`, `mark`, `as_of`, `collected_at`, `age`, `late`, `late_parts`, `text`, `worst`, `day_before`, `week_before`, `bar`, `sum`, `sum_unit` |
| `data-part` | the code of `live_by` whose share is shown instead of the whole |
| `data-state`, `data-level` | written by the browser on every leaf, for styles |
| `data-empty` | written on boxes: whether the value is 0 or none |
| `data-decimals`, `data-unit`, `data-values` | how it is written |
| `data-least` | of a comparison: on fewer rows it says nothing |

A leaf holds nothing but its own text: never give it children.
"""

import json
from collections.abc import Mapping
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard import formats
from dashboard.catalogue import Indicator
from dashboard.catalogue.indicators import ByStandard, Fact
from dashboard.catalogue.reference import Standard
from dashboard.derived import NO_FACTOR
from dashboard.samples import fewest_rows
from dashboard.words import Word
from layouts import live_text
from layouts.live_text import Against, Entry
from layouts.view import View

UNKNOWN_DECIMALS = 0


def entry_of(view: View, key: str, part: str | None = None) -> Entry | None:
    """The reading of an indicator, or one part's share of it in the reading's own form."""
    return live_text.part_of(view.reading(key), part)


def indicator_title(view: View, key: str, *, short: bool = False) -> str:
    """What an indicator is called; its key where the catalogue has none such."""
    indicator = view.catalogue.indicator(key)
    if indicator is None:
        return key
    return view.say(indicator.short or indicator.title if short else indicator.title)


def owner_of(view: View, key: str) -> str:
    """The authority that owns an indicator's data; empty where the catalogue has none such."""
    department = view.catalogue.departments.get(key.partition(".")[0])
    return view.say(department.owner) if department else ""


def _data(view: View, key: str, field: str, part: str | None = None) -> dict[str, Any]:
    entry = entry_of(view, key, part)
    data = {
        "data-live": key,
        "data-field": field,
        "data-state": live_text.state_of(entry, view.now),
        "data-level": str(entry["level"]) if entry else "normal",
    }
    return data if part is None else {**data, "data-part": part}


def render_leaf(
    view: View,
    key: str,
    field: str,
    text: str,
    part: str | None = None,
    written: Mapping[str, Any] | None = None,
) -> html.Span:
    """A leaf that shows one field of a reading, and what the browser needs to write it anew."""
    name = f"live live-{field.replace('_', '-')}"
    data = {**_data(view, key, field, part), **(written or {})}
    return html.Span(text, className=name, **data)


def _written(view: View, key: str) -> tuple[Indicator | None, int, str]:
    indicator = view.catalogue.indicator(key)
    if indicator is None:
        return None, UNKNOWN_DECIMALS, ""
    return indicator, indicator.decimals, view.say(indicator.unit)


def render_box(
    view: View,
    key: str,
    children: list[Component],
    class_name: str = "",
    *,
    part: str | None = None,
) -> html.Div:
    """A box around other components that carries `data-state` and `data-level` for styles."""
    data = _data(view, key, "box", part)
    entry = entry_of(view, key, part)
    data["data-empty"] = "false" if entry and entry.get("value") else "true"
    return html.Div(children, className=f"live-box {class_name}".strip(), **data)


def render_value(
    view: View, key: str, *, part: str | None = None, signed: bool = False
) -> html.Span:
    """The number alone, in the indicator's decimals; a dash where there is none.

    `signed` writes a plus before positive numbers (distances from a limit).
    """
    _, decimals, _ = _written(view, key)
    entry = entry_of(view, key, part)
    state = live_text.state_of(entry, view.now)
    text = live_text.value_text(entry, state, decimals, view.language, signed=signed)
    field = "signed" if signed else "value"
    return render_leaf(view, key, field, text, part, {"data-decimals": decimals})


def render_unit(view: View, key: str, *, part: str | None = None) -> html.Span:
    """The unit; where there is no value, the word for why (按计划休止, 暂无数据)."""
    indicator, decimals, unit = _written(view, key)
    if indicator is not None and indicator.measure.kind == "standard":
        unit = ""  # Its grade in words says more (see `render_grade`).
    entry = entry_of(view, key, part)
    state = live_text.state_of(entry, view.now)
    text = live_text.unit_text(unit, entry, state, decimals, view.language)
    return render_leaf(
        view, key, "unit", text, part, {"data-decimals": decimals, "data-unit": unit}
    )


def render_grade(view: View, key: str) -> list[Component]:
    """The grade beside a number judged by a standard, `59 良`; nothing beside others."""
    indicator = view.catalogue.indicator(key)
    graded = indicator is not None and indicator.measure.kind == "standard"
    return [render_text(view, key)] if graded else []


def render_worst(view: View, key: str, *, short: bool = False) -> list[Component]:
    """What decided a standard's index, `首要污染物 PM2.5` or in short `PM2.5`; empty where nothing is
    to be named, and nothing beside numbers whose standard names none."""
    indicator = view.catalogue.indicator(key)
    if indicator is None or not isinstance(indicator.measure, ByStandard):
        return []
    if indicator.measure.tells == "factor":
        return []  # It is the text itself.
    standard = view.catalogue.standards.get(indicator.measure.standard)
    if standard is None or standard.worst is None:
        return []
    head = "" if short else f"{view.say(standard.worst)} "
    values = {name: f"{head}{view.say(title)}" for name, title in standard.factors.items()}
    data = {"data-values": json.dumps(values, ensure_ascii=False)}
    text = live_text.worst_text(view.reading(key), values)
    return [render_leaf(view, key, "worst", text, None, data)]


def render_n(view: View, key: str, *, part: str | None = None) -> html.Span:
    """How many rows the value rests on, `n 1,932`; empty where unknown."""
    entry = entry_of(view, key, part)
    text = formats.sample(entry.get("n") if entry else None, view.language)
    return render_leaf(view, key, "n", text, part)


def render_mark(view: View, key: str, *, part: str | None = None) -> html.Span:
    """▲ ◆ ◷ beside a value, with its word for screen readers; nothing where all is well."""
    entry = entry_of(view, key, part)
    mark = live_text.mark_of(entry, live_text.state_of(entry, view.now))
    data = _data(view, key, "mark", part)
    return html.Span(className="live mark", **data, **_mark_data(mark, view))


def _mark_data(mark: str, view: View) -> dict[str, Any]:
    word = live_text.mark_word(mark, view.language) or Word.NORMAL.of(view.language)
    return {"data-mark": mark, "role": "img", "aria-label": word}


def render_still_mark(view: View, mark: str) -> html.Span:
    """A mark (`alarm`, `warning`, `late`, `none`) that does not change by itself."""
    return html.Span(className="mark", **_mark_data(mark, view))


def render_as_of(view: View, key: str, *, part: str | None = None) -> html.Span:
    """The source's own time, `16:41:50`, with its date when that is another day."""
    text = live_text.as_of_text(entry_of(view, key, part), view.now, view.zone)
    return render_leaf(view, key, "as_of", text, part)


def render_collected(view: View, key: str) -> html.Span:
    """When the collector read it last, `16:41:52`."""
    return render_leaf(
        view, key, "collected_at", live_text.collected_text(view.reading(key), view.zone)
    )


def render_age(view: View, key: str, *, part: str | None = None) -> html.Span:
    """How old it is in words, which the browser counts on: `24 秒前`, `迟到 6 分`, or the reason."""
    entry = entry_of(view, key, part)
    return render_leaf(view, key, "age", live_text.age_text(entry, view.now, view.language), part)


def render_compare(view: View, key: str, against: Against = "week_before") -> html.Span:
    """The change against the same time a day or a week before, `比上周同期 −4 %`; may be empty."""
    indicator, decimals, unit = _written(view, key)
    least = None if indicator is None else fewest_rows(indicator)
    text = live_text.compare_text(view.reading(key), against, unit, decimals, view.language, least)
    written = {"data-decimals": decimals, "data-unit": unit}
    few = {} if least is None else {"data-least": least}
    return render_leaf(view, key, against, text, None, written | few)


def fact_values(view: View, key: str) -> Mapping[str, str]:
    """What the codes of a fact, or the grades of a standard, are called in the view's language."""
    indicator = view.catalogue.indicator(key)
    if indicator is None:
        return {}
    if isinstance(indicator.measure, ByStandard):
        standard = view.catalogue.standards.get(indicator.measure.standard)
        if standard is not None and indicator.measure.tells == "factor":
            return _factor_names(view, standard)
        editions = standard.editions if standard else []
        titles = [grade.title for edition in editions for grade in edition.grades]
        return {title.zh: view.say(title) for title in titles}
    if not isinstance(indicator.measure, Fact):
        return {}
    return {code: view.say(text) for code, text in indicator.measure.values.items()}


def render_text(view: View, key: str, *, part: str | None = None) -> html.Span:
    """A fact in words, or the grade of a standard; empty where nothing is stated."""
    entry = entry_of(view, key, part)
    values = fact_values(view, key)
    data: dict[str, Any] = {"data-values": json.dumps(values, ensure_ascii=False)} if values else {}
    return render_leaf(view, key, "text", live_text.stated_text(entry, values), part, data)


def _factor_names(view: View, standard: Standard) -> dict[str, str]:
    names = {name: view.say(title) for name, title in standard.factors.items()}
    return names | {NO_FACTOR: Word.NO_FACTOR.of(view.language)}


def render_spark(view: View, key: str) -> html.Canvas:
    """The line of the last day, drawn by the browser, again only when it changed."""
    label = f"{indicator_title(view, key)} {Word.LAST_DAY_TREND.of(view.language)}"
    return html.Canvas(className="spark", role="img", **{"data-spark": key, "aria-label": label})


def render_figure(
    view: View, key: str, *, part: str | None = None, n: bool = False, worst: bool = True
) -> html.Div:
    """Mark, value and unit on one line; `n` adds the rows it rests on (percentages always do), and
    what decided a standard's index stands beside it but where `worst` is off."""
    indicator, _, unit = _written(view, key)
    children: list[Component] = [
        render_mark(view, key, part=part),
        render_value(view, key, part=part),
        render_unit(view, key, part=part),
    ]
    if part is None:
        children += render_grade(view, key)
        children += render_worst(view, key, short=True) if worst else []
    if n or (indicator is not None and unit == "%"):
        children.append(render_n(view, key, part=part))
    return html.Div(children, className="figure")


def render_label(view: View, key: str, *, short: bool = False, within: bool = True) -> html.A:
    """The indicator's title as the link to its page, stretched over the box it stands in.

    `within` keeps the link inside the application; a wall leaves it by a full load.
    """
    data = {"data-within": "true"} if within else {}
    title = indicator_title(view, key, short=short)
    return html.A(title, href=f"/indicator/{key}", className="label", **data)


def render_tile(
    view: View, key: str, *, wall: bool = False, compare: Against | None = "week_before"
) -> html.Div:
    """One number as a tile: label, mark, value, unit, n, sparkline, and in pages its comparison."""
    label = render_label(view, key, short=wall, within=not wall)
    # The tile of a wall is narrow: what decided an index stands beside its name.
    worst = render_worst(view, key, short=True) if wall else []
    children = [
        html.Div([label, *worst], className="tile-title") if worst else label,
        render_figure(view, key, worst=not wall),
        render_spark(view, key),
    ]
    if compare and not wall:
        children.append(html.Div(render_compare(view, key, compare), className="note"))
    return render_box(view, key, children, "tile tile-wall" if wall else "tile")
