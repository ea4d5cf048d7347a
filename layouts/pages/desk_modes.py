"""The desk's orders of modes: guests in a room, a drill, the pages of a response; for one screen, for
all of a room, or for all there are."""

from collections.abc import Sequence

import dash_bootstrap_components as dbc
from dash import html
from dash.development.base_component import Component

from dashboard import ids
from dashboard.access import may
from dashboard.catalogue import Catalogue
from dashboard.catalogue.screens import Screen
from dashboard.formats import moment
from dashboard.screens import Showing
from layouts.live_matters import open_matters, summary_text
from layouts.pages.desk_words import Said
from layouts.stage_words import response_words
from layouts.view import View

ALL = ":"
"""Begins what is no key of a screen: alone all screens, else followed by the Chinese name of a room."""


def screens_at(catalogue: Catalogue, target: str) -> list[Screen]:
    """The screens that a button orders: one, those of a room, or all."""
    known = catalogue.screens
    if target == ALL:
        return list(known.values())
    if target.startswith(ALL):
        return [one for one in known.values() if one.room and ALL + one.room.zh == target]
    return [known[target]] if target in known else []


def target_title(view: View, target: str) -> str:
    """What a screen, a room or all of them are called."""
    found = screens_at(view.catalogue, target)
    if target == ALL or not found:
        return Said.ALL_SCREENS.of(view.language)
    room = found[0].room
    return view.say(room if room and target.startswith(ALL) else found[0].title)


def render_rooms(view: View) -> list[Component]:
    """What is ordered for several screens at once; nothing for who may not, or for a single screen."""
    screens = view.catalogue.screens.values()
    if not may(view.person, "operate") or len(screens) < 2:
        return []
    rooms = dict.fromkeys(ALL + one.room.zh for one in screens if one.room)
    head = html.Div(html.H2(Said.ROOMS.of(view.language)), className="panel-head")
    places = [
        html.Div([html.Strong(target_title(view, one)), *render_modes(view, one)], className="room")
        for one in (*rooms, ALL)
    ]
    return [html.Section([head, *places], className="panel words desk-rooms")]


def render_modes(view: View, target: str) -> list[Component]:
    """The visits and the drill of a screen or a room, and the response of a screen that has one."""
    drill = [
        _button(view, Said.DRILL, "drill", target),
        _button(view, Said.END_DRILL, "end-drill", target),
    ]
    rows = [*_visits(view, target), html.Div(drill, className="screen-actions")]
    screen = view.catalogue.screens.get(target)
    return [*rows, *(_responses(view, screen) if screen is not None else ())]


def _visits(view: View, target: str) -> list[Component]:
    visits = view.catalogue.visits.values()
    if not visits:
        return []
    options = [{"label": view.say(one.title), "value": one.key} for one in visits]
    chooser = dbc.Select(
        id=ids.desk_visit(target),
        options=options,
        value=options[0]["value"],
        className="entry-input",
    )
    title = html.Span(Said.VISITORS.of(view.language), className="entry-title")
    buttons = [
        _button(view, Said.VISIT, "visit", target),
        _button(view, Said.END_VISIT, "end-visit", target),
    ]
    label = html.Label([title, chooser], className="screen-name")
    return [html.Div([label, *buttons], className="screen-actions")]


def _responses(view: View, screen: Screen) -> list[Component]:
    if screen.response_pages is None:
        return []
    buttons = [
        html.Button(
            Said.RESPONSE.fill(view.language, view.say(one.title)),
            id=ids.desk_action(f"response {one.key}", screen.key),
            className="button quiet",
            type="button",
        )
        for one in screen.response_pages.sets
    ]
    buttons += [
        _button(view, Said.RESPONSE_OFF, "response-off", screen.key),
        _button(view, Said.END_RESPONSE, "end-response", screen.key),
    ]
    return [html.Div(buttons, className="screen-actions")]


def _button(view: View, word: Said, action: str, target: str) -> html.Button:
    identity = ids.desk_action(action, target)
    return html.Button(word.of(view.language), id=identity, className="button quiet", type="button")


def render_diverted(view: View, screens: Sequence[Screen]) -> list[Component]:
    """That matters show here alone while screens have guests, and how many wait."""
    if not screens:
        return []
    titles = view.words("、", ", ").join(view.say(one.title) for one in screens)
    waiting = summary_text(open_matters(view), view.now, view.language)
    said = waiting or Said.NOTHING_WAITS.of(view.language)
    words = Said.DIVERTED.fill(view.language, titles, said)
    return [html.P(words, className="desk-diverted", role="status")]


def mode_parts(view: View, screen: Screen, shown: Showing | None) -> list[str]:
    """Which visit and which response are in force, whatever is shown."""
    if shown is None:
        return []
    parts = [response_words(view.catalogue, screen, shown, view.language)]
    if shown.overridden:
        parts.append(Said.OVERRIDDEN.of(view.language))
    if shown.visit is not None:
        title, until = view.say(shown.visit.visit.title), shown.visit.until
        at = moment(until, view.now, view.zone, view.language) if until else ""
        parts.append(Said.VISITED.fill(view.language, title, at))
    return parts
