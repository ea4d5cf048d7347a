"""What a viewer chose to see of an indicator: window, grain and split, all kept in the address."""

from dataclasses import dataclass, replace
from urllib.parse import urlencode

from dash import dcc, html
from dash.development.base_component import Component

from dashboard.catalogue import Indicator
from dashboard.catalogue.places import list_of, title_on
from dashboard.series.subject import splits_of
from dashboard.words import Word
from layouts.panels.codes import EVERY, dimension_title, window_title
from layouts.view import View

WINDOWS = ("1d", "7d", "30d", "90d", "365d")
GRAINS = ("", "15m", "1h", "1d", "1mo")
_LONG = ("percentile", "distinct", "days")
"""Measures that are kept by days, so that a week of them says little."""


@dataclass(frozen=True)
class Choice:
    """A window, a grain (empty: as fits) and a split (empty: none)."""

    window: str
    grain: str
    by: str
    within: str = ""
    """The larger unit to whose parts the split is kept; empty for all."""


def choice_of(view: View, indicator: Indicator) -> Choice:
    """What the address says; else a week (a month of what is kept by days), split as declared."""
    splits = _offered(indicator)
    default = "30d" if indicator.measure.kind in _LONG else "7d"
    by = view.params.get("by", indicator.live_by or (splits[0] if splits else ""))
    within = view.params.get("within", "")
    return Choice(view.params.get("window") or default, view.params.get("grain", ""), by, within)


def _offered(indicator: Indicator) -> list[str]:
    """The splits to choose from, the one that the frame carries first."""
    return sorted(splits_of(indicator), key=lambda by: by != indicator.live_by)


def render_choices(view: View, key: str, indicator: Indicator, choice: Choice) -> html.Nav:
    """The choices as links, so that each is an address that can be sent to somebody."""
    windows = [(name, window_title(name, view.language)) for name in WINDOWS]
    if choice.window not in WINDOWS:
        windows.append((choice.window, window_title(choice.window, view.language)))
    grains = [(name, _grain(name, view)) for name in GRAINS]
    splits = [
        (by, dimension_title(view.catalogue, key, by, view.language)) for by in _offered(indicator)
    ]
    if splits:
        splits.insert(0, ("", Word.NO_SPLIT.of(view.language)))
    groups = [
        _group(view, key, choice, "window", Word.WINDOW, windows),
        _group(view, key, choice, "grain", Word.GRAIN, grains),
        _group(view, key, replace(choice, within=""), "by", Word.SPLIT, splits),
        _group(view, key, choice, "within", Word.WITHIN, _parents(view, key, choice.by)),
    ]
    return html.Nav(
        [group for group in groups if group is not None],
        className="choices",
        **{"aria-label": Word.CHOOSE_WINDOW.of(view.language)},
    )


def _parents(view: View, key: str, by: str) -> list[tuple[str, str]]:
    """The larger units to whose parts a split can be kept, such as districts; none where its codes
    belong to nothing."""
    listed = list_of(view.catalogue, key, by)
    parents = view.catalogue.codes.get(listed.parent or "") if listed is not None else None
    if parents is None:
        return []
    named = [(code, view.say(title_on(one, None))) for code, one in parents.codes.items()]
    return [("", Word.CITY.of(view.language)), *named]


def _grain(grain: str, view: View) -> str:
    return EVERY[grain].of(view.language) if grain else Word.AUTOMATIC.of(view.language)


def _group(
    view: View,
    key: str,
    choice: Choice,
    name: str,
    word: Word,
    options: list[tuple[str, str]],
) -> html.Div | None:
    if not options:
        return None
    links: list[Component] = []
    for value, title in options:
        now = getattr(choice, name) == value
        links.append(
            dcc.Link(
                title,
                href=address(key, replace(choice, **{name: value})),
                className="choice chosen" if now else "choice",
            )
        )
    title = html.Span(word.of(view.language), className="choice-name")
    return html.Div([title, *links], className="choice-group")


def address(key: str, choice: Choice) -> str:
    """The address of an indicator's page with a choice."""
    asked = {
        "window": choice.window,
        "grain": choice.grain,
        "by": choice.by,
        "within": choice.within if choice.by else "",
    }
    return f"/indicator/{key}?{urlencode({k: v for k, v in asked.items() if v or k == 'by'})}"
