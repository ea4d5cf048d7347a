"""The matter at hand: one number, large, with its trend, its limits and its usual range.

Which number that is follows the worst open matter, so the browser is told beforehand how each
number that can become one is called and written.
"""

import json
from collections.abc import Iterator
from typing import Any

from dash import html

from dashboard import formats
from dashboard.catalogue import Indicator
from dashboard.catalogue.definitions import Limit
from dashboard.catalogue.indicators import Count, Distinct, Fact, Stock, Sum
from dashboard.i18n import level_word
from dashboard.words import Word
from layouts import live_text
from layouts.live import entry_of, indicator_title, owner_of, render_still_mark
from layouts.live_matters import open_matters
from layouts.panels.codes import code_title, declared_codes, window_title
from layouts.panels.gaps import holds
from layouts.view import View
from layouts.visit import is_visit


def at_hand(view: View, fallback: str) -> tuple[str, str | None]:
    """The key and part of the worst breached limit; the fallback where no limit is breached."""
    for matter in () if is_visit(view) else open_matters(view):
        key = matter.get("indicator")
        if matter["kind"] == "limit" and key and view.catalogue.indicator(key):
            return str(key), matter.get("part")
    return fallback, None


def describe(view: View, fallback: str) -> dict[str, dict[str, Any]]:
    """What the browser must know of every number that can come to the middle."""
    return {
        key: _description(view, key, indicator)
        for key, indicator in view.catalogue.indicators()
        if (key == fallback or (indicator.limits and not is_visit(view)))
        and not isinstance(indicator.measure, Fact)
    }


def _description(view: View, key: str, indicator: Indicator) -> dict[str, Any]:
    by = indicator.live_by or ""
    codes = declared_codes(view.catalogue, key, by) if by else []
    summed = isinstance(indicator.measure, Count | Sum | Distinct)
    return {
        "title": view.say(indicator.title),
        "unit": view.say(indicator.unit),
        "decimals": indicator.decimals,
        "signed": is_distance(indicator),
        "signs": _signs(view, indicator),
        **_over(view, indicator),
        "owner": owner_of(view, key),
        "by": by,
        "parts": {c: code_title(view.catalogue, key, by, c, view.language) for c in codes},
        # The sum of a day cannot be compared with the sum of one of its hours.
        "limits": [] if summed and indicator.window != "hour" else list(_lines(view, indicator)),
        "grain": "1h" if summed else None,
        "extends": indicator.window == "now",
        "holds": holds(indicator),
        "counted": _is_counted(indicator),
    }


def _over(view: View, indicator: Indicator) -> dict[str, str]:
    """Over what a sum is, and that its trend is over something else; nothing where it is the same."""
    if not isinstance(indicator.measure, Count | Sum | Distinct) or indicator.window == "hour":
        return {}
    language = view.language
    over = window_title(indicator.window, language)
    # It stands behind the unit, `1 delay today`.
    return {"over": over[:1].lower() + over[1:], "step": Word.TREND_HOURLY.of(language)}


def _signs(view: View, indicator: Indicator) -> list[str]:
    """What a value over and one under zero is called; empty where its sign means nothing."""
    signs = indicator.signs
    return [] if signs is None else [view.say(signs.over), view.say(signs.under)]


def _is_counted(indicator: Indicator) -> bool:
    """Whether a part that nothing was heard of, where others were, counts nothing: 0 is known."""
    measure = indicator.measure
    return isinstance(measure, Count) or (
        isinstance(measure, Stock) and measure.aggregate == "count"
    )


def is_distance(indicator: Indicator) -> bool:
    """Whether a number says how far something is over a limit, so that its sign always counts; not
    where words say so."""
    return indicator.signs is None and any(
        limit.against is None and limit.value == 0 and limit.op in (">", ">=")
        for limit in indicator.limits
    )


def _lines(view: View, indicator: Indicator) -> Iterator[dict[str, Any]]:
    for limit in indicator.limits:
        if limit.against is None:
            yield {
                "level": limit.level,
                "value": limit.value,
                "title": _limit_title(view, indicator, limit),
            }


def _limit_title(view: View, indicator: Indicator, limit: Limit) -> str:
    name = view.say(limit.note) if limit.note else level_word(limit.level, view.language)
    amount = formats.quantity(limit.value, indicator.unit, indicator.decimals, view.language)
    return f"{name} {amount}"


def focus_title(view: View, key: str, part: str | None) -> str:
    """The part and the indicator, such as `容奇(二) 水位距警戒`."""
    indicator = view.catalogue.indicator(key)
    title = indicator_title(view, key)
    if part is None or indicator is None:
        return title
    by = indicator.live_by or ""
    return f"{code_title(view.catalogue, key, by, part, view.language)} {title}"


def render_focus(view: View, fallback: str) -> html.Section:
    """The matter at hand, or `fallback` while no limit is breached."""
    key, part = at_hand(view, fallback)
    entry = entry_of(view, key, part)
    state = live_text.state_of(entry, view.now)
    indicator = view.catalogue.indicator(key)
    decimals = indicator.decimals if indicator else 0
    signed = indicator is not None and is_distance(indicator)
    signs = _signs(view, indicator) if indicator else []
    figure = html.Div(
        [
            render_still_mark(view, live_text.mark_of(entry, state)),
            html.Span(
                live_text.value_text(
                    _sized(entry, signs), state, decimals, view.language, signed=signed
                ),
                className="focus-value",
            ),
            html.Span(_unit(view, indicator, state, entry, signs), className="focus-unit"),
            html.Div(
                [html.Div(className="focus-rate"), html.Div(className="focus-usual")],
                className="focus-say",
            ),
        ],
        className="focus-figure",
    )
    head = html.Header(
        [
            html.H2(focus_title(view, key, part), className="focus-title"),
            html.Span(_source(view, key, part), className="panel-note focus-source"),
        ],
        className="panel-head",
    )
    data = {
        "data-focus": json.dumps(describe(view, fallback), ensure_ascii=False),
        "data-fallback": fallback,
        "data-state": state,
        "data-level": str(entry["level"]) if entry else "normal",
    }
    return html.Section([head, figure, html.Div(className="trend")], className="focus", **data)


def _sized(entry: live_text.Entry | None, signs: list[str]) -> live_text.Entry | None:
    """The entry by its size alone where words say on which side of zero it is."""
    if entry is None or not signs or entry.get("value") is None:
        return entry
    return {**entry, "value": abs(entry["value"])}


def _unit(
    view: View,
    indicator: Indicator | None,
    state: str,
    entry: live_text.Entry | None,
    signs: list[str],
) -> str:
    """The unit; a percentage never without the rows it rests on, a height over or under a level
    never without saying which."""
    unit, decimals = (view.say(indicator.unit), indicator.decimals) if indicator else ("", 0)
    over = _over(view, indicator).get("over", "") if indicator else ""
    said = [live_text.unit_text(unit, entry, state, decimals, view.language)]
    if entry and state in live_text.TRUSTED:
        if unit == "%":
            said.append(formats.sample(entry.get("n"), view.language))
        if signs and entry.get("value"):
            said.append(signs[0 if entry["value"] > 0 else 1])
        said.append(over)
    return " ".join(part for part in said if part)


def _source(view: View, key: str, part: str | None) -> str:
    entry = entry_of(view, key, part)
    owner = owner_of(view, key)
    said = [owner, live_text.as_of_text(entry, view.now, view.zone)]
    if live_text.state_of(entry, view.now) != "fresh":
        said.append(live_text.age_text(entry, view.now, view.language))
    return "\u3000".join(said)
