"""The desk: every screen with what it shows, and the orders that somebody at it may give.

The same on a phone: an officer walks about. What a screen shows is told again every few seconds; a
preview is drawn only where somebody opens it, since it is the whole page in small.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

import dash_bootstrap_components as dbc
from dash import dcc, html
from dash.development.base_component import Component

from dashboard import ids
from dashboard.access import may
from dashboard.catalogue.screens import Screen, pixel_size
from dashboard.devices import life_of
from dashboard.orders import LONGEST_MESSAGE
from dashboard.screens import Showing
from dashboard.seats import seat_of
from dashboard.text import Text
from layouts.live_matters import open_matters
from layouts.pages.desk_modes import mode_parts, render_diverted, render_modes, render_rooms
from layouts.pages.desk_words import Said
from layouts.pages.heading import render_heading, render_may_not
from layouts.pages.screens import Register, mode_words, page_title, screen_title
from layouts.view import View

TITLE = Text(zh="值班台", en="Desk")
REFRESH = 2_000
"""Milliseconds between two looks at the screens."""
BUTTONS = (
    ("hold", Said.HOLD),
    ("end-hold", Said.END_HOLD),
    ("next", Said.NEXT),
    ("identify", Said.IDENTIFY),
    ("night", Said.NIGHT),
    ("end-night", Said.END_NIGHT),
    ("reload", Said.RELOAD),
)
PREVIEW_WIDTH = 480
"""Pixels of a preview; a tall screen is as high as a wide one is wide."""


def render_desk(view: View) -> html.Div:
    """The page at /desk."""
    said = html.Div(id=ids.DESK_SAID, className="entry-said", role="status")
    screens = list(view.catalogue.screens.values())
    return html.Div(
        [
            render_heading(view, Said.DESK.of(view.language)),
            *_may_not(view),
            said,
            html.Section(_critical(view), className="panel words desk-critical"),
            *render_rooms(view),
            html.Div(
                [_card(view, number, one) for number, one in enumerate(screens, 1)],
                className="desk-screens",
            ),
            dcc.Interval(id=ids.DESK_TICK, interval=REFRESH),
        ],
        className="page page-entry page-screens page-desk",
    )


def _may_not(view: View) -> list[Component]:
    if may(view.person, "operate"):
        return []
    return [render_may_not(view, Said.MAY_NOT.of(view.language), "/desk")]


def _critical(view: View) -> list[Component]:
    head = html.Div(html.H2(Said.CRITICAL.of(view.language)), className="panel-head")
    return [head, html.Div(render_critical(view), id=ids.DESK_MATTERS)]


def render_critical(view: View, register: Register | None = None) -> list[Component]:
    """The alarms that are open, the worst first, each with the screens that it may be given; and that
    they show here alone where screens have guests."""
    shown = register.showing if register is not None else {}
    guests = [one for key, one in view.catalogue.screens.items() if _has_guests(shown.get(key))]
    matters = critical_matters(view)
    none = [html.P(Said.NO_CRITICAL.of(view.language), className="panel-empty")]
    listed = [_matter(view, one) for one in matters] if matters else none
    return [*render_diverted(view, guests), *listed]


def _has_guests(shown: Showing | None) -> bool:
    return shown is not None and shown.mode == "visit"


def critical_matters(view: View) -> list[Mapping[str, Any]]:
    """The alarms that are open. A feed that is down is nothing that a room acts on together."""
    found = open_matters(view)
    return [one for one in found if one["level"] == "alarm" and one["kind"] != "feed"]


def _matter(view: View, matter: Mapping[str, Any]) -> html.Div:
    buttons = []
    if may(view.person, "operate"):
        buttons = [
            _button(
                Said.TAKE.fill(view.language, view.say(screen.title)),
                f"take {quote(str(matter['id']), safe='')}",
                screen,
            )
            for screen in view.catalogue.screens.values()
        ]
    return html.Div(
        [
            html.Span(className="mark", **{"data-mark": "alarm"}),
            html.Strong(matter["title"][view.language]),
            html.Div(buttons, className="screen-actions"),
        ],
        className="desk-matter",
    )


def _card(view: View, number: int, screen: Screen) -> html.Section:
    head = html.Div(
        html.H2([html.Span(str(number), className="screen-number"), screen_title(view, screen)]),
        className="panel-head",
    )
    preview = html.Details(
        [
            html.Summary(
                Said.PREVIEW.of(view.language),
                id=ids.desk_look(screen.key),
                className="button quiet",
            ),
            html.Div(id=ids.desk_preview(screen.key), className="desk-preview"),
        ],
        className="desk-look",
    )
    orders = _orders(view, screen) if may(view.person, "operate") else []
    state = html.Div(id=ids.desk_state(screen.key), className="desk-state")
    return html.Section([head, state, *orders, preview], className="panel words screen-card")


def _orders(view: View, screen: Screen) -> list[Component]:
    language, key = view.language, screen.key
    pages = dbc.Select(
        id=ids.desk_path(key),
        options=[{"label": page_title(view, path), "value": path} for path in pushable(view)],
        className="entry-input",
    )
    address = _typed(ids.desk_address(key), Said.ADDRESS_NOTE.of(language), 300)
    text = _typed(ids.desk_text(key), "", LONGEST_MESSAGE)
    return [
        _row(Said.PAGE.of(language), pages, []),
        _row(
            Said.ADDRESS.of(language),
            address,
            [
                _button(Said.SHOW.of(language), "show", screen, "button primary"),
                _button(Said.END_SHOW.of(language), "end-show", screen),
                _button(Said.GIVE_BACK.of(language), "give_back", screen),
            ],
        ),
        _row(
            Said.MESSAGE.of(language),
            text,
            [
                _button(Said.SEND.of(language), "message", screen),
                _button(Said.END_MESSAGE.of(language), "end-message", screen),
            ],
        ),
        html.Div(
            [_button(word.of(language), action, screen) for action, word in BUTTONS],
            className="screen-actions",
        ),
        *render_modes(view, key),
    ]


def pushable(view: View) -> list[str]:
    """The pages that a screen may be pushed from the list; any other one by its address."""
    departments = sorted({*view.catalogue.departments, *view.catalogue.pages})
    walls = [f"/wall/{key}" for key in view.catalogue.duty_walls]
    return [*walls, "/", "/map", *(f"/department/{key}" for key in departments)]


def _typed(at: dict[str, str], note: str, most: int) -> dcc.Input:
    return dcc.Input(
        id=at, type="text", placeholder=note, maxLength=most, className="entry-input", value=""
    )


def _row(title: str, typed: Component, buttons: Sequence[Component]) -> html.Div:
    label = html.Label([html.Span(title, className="entry-title"), typed], className="screen-name")
    return html.Div([label, *buttons], className="screen-actions")


def _button(title: str, action: str, screen: Screen, look: str = "button quiet") -> html.Button:
    identity = ids.desk_action(action, screen.key)
    return html.Button(title, id=identity, className=look, type="button")


def render_state(view: View, screen: Screen, register: Register) -> list[Component]:
    """What a screen shows now, how many of its devices are alive, and what is written over it."""
    language = view.language
    showing = register.showing.get(screen.key)
    own = [one for one in register.devices if one.screen == screen.key]
    lives = [
        life_of(one, register.heard.get(one.id), view.now, known=register.known) for one in own
    ]
    parts = [_shown(view, showing), mode_words(view, showing)]
    parts.append(Said.ALIVE.fill(language, f"{lives.count('alive')}/{len(own)}"))
    parts += mode_parts(view, screen, showing)
    if showing is not None and showing.message:
        parts.append(Said.SAYS.fill(language, showing.message))
    return [html.Span(part) for part in parts if part]


def _shown(view: View, showing: Showing | None) -> str:
    if showing is None or not showing.pages:
        return Said.DARK.of(view.language)
    titles = [page_title(view, page.path) for page in showing.pages]
    return Said.SHOWS.fill(view.language, view.words("、", ", ").join(titles))


def render_preview(view: View, screen: Screen, showing: Showing | None) -> list[Component]:
    """The first page that a screen shows, drawn in its own size and made small by the style."""
    if showing is None or not showing.pages:
        return [html.P(Said.DARK.of(view.language), className="panel-empty")]
    width, height = pixel_size(screen.pixels)
    scale = PREVIEW_WIDTH / max(width, height)
    path = showing.pages[0].path
    look = f"on=screen&lang={screen.language}&theme={screen.theme}"
    look += "&visit=1" if _has_guests(showing) else ""
    seat = seat_of(screen, path, view.catalogue.duty_walls)
    if seat.is_wall:
        look += f"&room={seat.room.wide:.3f}x{seat.room.high:.3f}"
    grown = seat.enlarged
    frame = html.Iframe(
        src=f"{path}{'&' if '?' in path else '?'}{look}",
        title=Said.PREVIEW_OF.fill(view.language, view.say(screen.title)),
        tabIndex=-1,
        style={
            "width": f"{width / grown:.0f}px",
            "height": f"{height / grown:.0f}px",
            "transform": f"scale({scale * grown:.4f})",
        },
    )
    box = {"width": f"{width * scale:.0f}px", "height": f"{height * scale:.0f}px"}
    return [html.Div(frame, className="desk-picture", style=box)]
