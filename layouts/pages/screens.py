"""The register of screens: what hangs where, which browsers show it, and how they are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import dash_bootstrap_components as dbc
from dash import dcc, html
from dash.development.base_component import Component

from dashboard import ids
from dashboard.access import may
from dashboard.catalogue.screens import DutyScreen, Screen, named_by
from dashboard.devices import LONGEST_NAME, Beat, Device, Heard, life_of
from dashboard.formats import age, ago, moment, number, signed
from dashboard.i18n import NO_VALUE
from dashboard.screens import Showing
from dashboard.text import Text
from dashboard.words import Word
from layouts.live import indicator_title
from layouts.pages.contents import page_of
from layouts.pages.heading import render_heading, render_may_not
from layouts.pages.legible import render_legibility
from layouts.pages.screens_words import Said
from layouts.stage_words import drill_words
from layouts.view import View

TITLE = Text(zh="大屏", en="Screens")
REFRESH = 3_000
"""Milliseconds between two looks at the devices."""
_MODES = {
    "night": Said.SHOWS_NIGHT,
    "off": Said.SHOWS_OFF,
    "ordered": Said.SHOWS_ORDERED,
    "taken": Said.SHOWS_TAKEN,
    "visit": Said.SHOWS_VISIT,
    "response": Said.SHOWS_RESPONSE,
}
_LIVES = {
    "alive": Said.ALIVE,
    "silent": Said.SILENT,
    "never": Said.NEVER,
    "unknown": Said.UNKNOWN,
}


@dataclass(frozen=True)
class Register:
    """The paired devices, what they said last, and what each screen shows. `known` is false while
    nobody can tell what they said."""

    devices: Sequence[Device] = ()
    heard: Mapping[str, Heard] = field(default_factory=dict)
    known: bool = True
    showing: Mapping[str, Showing] = field(default_factory=dict)


def render_screens(view: View) -> html.Div:
    """The page at /screens; `?pair=123456` fills the code in."""
    return html.Div(
        [
            render_heading(view, Said.SCREENS.of(view.language)),
            html.Div(
                [
                    html.Section(_asked(view), className="panel words wide-4 entry-form"),
                    html.Div(id=ids.SCREENS_LIST, className="wide-8 screens-list"),
                ],
                className="grid",
            ),
            dcc.Store(id=ids.SCREENS_SHOWN),
            dcc.Interval(id=ids.SCREENS_TICK, interval=REFRESH),
        ],
        className="page page-entry page-screens",
    )


def _asked(view: View) -> list[Component]:
    """The form by which a browser is paired."""
    language = view.language
    head = html.Div(html.H2(Said.PAIR.of(language)), className="panel-head")
    said = html.Div(id=ids.SCREENS_SAID, className="entry-said", role="status")
    if not may(view.person, "operate"):
        return [head, render_may_not(view, Said.MAY_NOT.of(language), "/screens"), said]
    screens = view.catalogue.screens.values()
    options = [{"label": screen_title(view, one), "value": one.key} for one in screens]
    chooser = dbc.RadioItems(
        options=options,
        value=options[0]["value"] if len(options) == 1 else None,
        id=ids.PAIR_SCREEN,
        name=ids.PAIR_SCREEN,
        className="entry-places",
    )
    return [
        head,
        html.P(Said.PAIR_NOTE.of(language), className="panel-sub"),
        _field(Said.CODE.of(language), ids.PAIR_CODE, view.params.get("pair", ""), "numeric"),
        html.Fieldset(
            [html.Legend(Said.SCREEN.of(language)), chooser], className="entry-row pair-screens"
        ),
        _field(Said.NAME.of(language), ids.PAIR_NAME, "", "text", Said.NAME_NOTE.of(language)),
        html.Div(
            html.Button(Said.SEND.of(language), id=ids.PAIR_SEND, className="button primary"),
            className="actions",
        ),
        said,
    ]


def _field(title: str, at: str, value: str, mode: str, note: str = "") -> html.Label:
    typed = dcc.Input(
        id=at,
        type="text",
        value=value,
        inputMode=mode,
        autoComplete="off",
        className="entry-input",
    )
    notes = [html.Span(note, className="panel-sub")] if note else []
    return html.Label(
        [html.Span(title, className="entry-title"), typed, *notes], className="entry-row"
    )


def render_list(view: View, register: Register) -> list[Component]:
    """Every screen of the catalogue with its devices; those of screens that are gone come last."""
    screens = view.catalogue.screens
    cards = [_card(view, number, one, register) for number, one in enumerate(screens.values(), 1)]
    lost = [device for device in register.devices if device.screen not in screens]
    if lost:
        cards.append(html.Section(_devices(view, lost, register), className="panel words"))
    return cards or [html.P(Said.NO_SCREENS.of(view.language), className="panel-empty")]


def _card(view: View, number: int, screen: Screen, register: Register) -> html.Section:
    own = [device for device in register.devices if device.screen == screen.key]
    shown = register.showing.get(screen.key)
    head = html.Div(
        [
            html.H2(
                [html.Span(str(number), className="screen-number"), screen_title(view, screen)]
            ),
            html.Span(mode_words(view, shown), className="panel-note"),
        ],
        className="panel-head",
    )
    unpaired = html.P(Said.UNPAIRED.of(view.language), className="panel-empty")
    return html.Section(
        [
            head,
            html.P(_about(view, screen), className="panel-sub"),
            *render_legibility(view, screen),
            *(_devices(view, own, register) if own else [unpaired]),
        ],
        className="panel words screen-card",
    )


def screen_title(view: View, screen: Screen) -> str:
    """What a screen is called, and where it hangs."""
    room = f"（{view.say(screen.room)}）" if screen.room and view.language == "zh" else ""
    if screen.room and view.language == "en":
        room = f" ({view.say(screen.room)})"
    return view.say(screen.title) + room


def _about(view: View, screen: Screen) -> str:
    kind = Said.DUTY if isinstance(screen, DutyScreen) else Said.SIDE
    parts = [kind.of(view.language), screen.pixels.replace("x", "×")]
    if screen.millimetres:
        parts.append(f"{screen.millimetres.replace('x', '×')} mm")
    if screen.distance:
        parts.append(Said.METRES.fill(view.language, f"{screen.distance:g}"))
    shown = [page_title(view, page.path) for page in screen.pages]
    return " · ".join([*parts, view.words("、", ", ").join(shown)])


def page_title(view: View, path: str) -> str:
    """What a page is called; its address where nobody can say."""
    kind, key = named_by(path) or (None, "")
    page = page_of(view.catalogue, key) if kind == "department" else None
    wall = view.catalogue.screens.get(key) if kind == "wall" else None
    if page is not None:
        return view.say(page.title)
    if wall is not None:
        return view.say(wall.title)
    if kind == "indicator":
        return indicator_title(view, key)
    fixed = {"": Word.TODAY_PAGE, "map": Word.MAP_PAGE}
    return fixed[kind].of(view.language) if kind in fixed else path


def mode_words(view: View, shown: Showing | None) -> str:
    """In which mode a screen is; empty where it shows what is its own."""
    if shown is None:
        return ""
    mode = _MODES[shown.mode].of(view.language) if shown.mode in _MODES else ""
    held = Said.SHOWS_HELD.of(view.language) if shown.held else ""
    return " · ".join(filter(None, (drill_words(shown, view.language), mode, held)))


def _devices(view: View, devices: Sequence[Device], register: Register) -> list[Component]:
    return [
        html.Div(
            [
                html.Div(render_facts(view, device, register), id=ids.device_facts(device.id)),
                *_controls(view, device),
            ],
            className="screen-device",
        )
        for device in devices
    ]


def _controls(view: View, device: Device) -> list[Component]:
    """What an operator may do with a device. Revoking asks once more: nobody is near the screen."""
    if not may(view.person, "operate"):
        return []
    language, one = view.language, device.id
    typed = dcc.Input(
        id=ids.device_name(one),
        type="text",
        value=device.name,
        maxLength=LONGEST_NAME,
        className="entry-input",
    )
    title = html.Span(Said.NAME.of(language), className="hidden")
    name = html.Label([title, typed], className="screen-name")
    revoke = html.Details(
        [
            html.Summary(Said.REVOKE.of(language), className="button quiet"),
            html.Span(Said.REVOKE_ASKED.of(language), className="panel-sub"),
            _button(Said.REVOKE.of(language), "revoke", device),
        ],
        className="screen-revoke",
    )
    buttons = [
        _button(Said.RENAME.of(language), "rename", device),
        _button(Said.IDENTIFY.of(language), "identify", device),
    ]
    return [html.Div([name, *buttons, revoke], className="screen-actions")]


def _button(title: str, action: str, device: Device) -> html.Button:
    identity = ids.device_action(action, device.id)
    return html.Button(title, id=identity, className="button quiet", type="button")


def render_facts(view: View, device: Device, register: Register) -> list[Component]:
    """How a device is, and what it said of itself last."""
    heard = register.heard.get(device.id)
    life = life_of(device, heard, view.now, known=register.known)
    head = html.Div(
        [
            html.Span(_LIVES[life].of(view.language), className=f"life life-{life}"),
            html.Strong(device.name),
            html.Span(_paired(view, device), className="panel-sub"),
        ],
        className="screen-head",
    )
    last = heard.at if heard else device.last_seen
    lines = [] if last is None else [(Said.LAST_SEEN, ago(view.now - last, view.language))]
    if heard is not None:
        screen = view.catalogue.screens.get(device.screen)
        lines += _told(view, heard.beat, screen)
    facts = [html.Div([html.Dt(word.of(view.language)), html.Dd(value)]) for word, value in lines]
    return [head, html.Dl(facts, className="screen-facts")]


def _paired(view: View, device: Device) -> str:
    at = moment(device.paired_at, view.now, view.zone, view.language)
    return Said.PAIRED_BY.fill(view.language, device.paired_by, at)


def _told(view: View, beat: Beat, screen: Screen | None) -> list[tuple[Said, str]]:
    language = view.language
    frame = beat.frame_age
    offset = beat.clock_offset
    lines = [
        (Said.PAGE, page_title(view, beat.page) or NO_VALUE),
        (Said.VERSION, beat.version),
        (Said.PIXELS, _pixels(view, beat, screen)),
        (Said.FRAME_AGE, NO_VALUE if frame is None else age(timedelta(seconds=frame), language)),
        (Said.DROPPED, number(beat.dropped, 0, language)),
        (Said.HEAP, NO_VALUE if beat.heap is None else f"{number(beat.heap / 1e6, 0)} MB"),
        (Said.UPTIME, age(timedelta(seconds=beat.uptime), language)),
        (Said.CLOCK, NO_VALUE if offset is None else f"{signed(offset, 1, language)} s"),
    ]
    return [*lines, *((Said.ERRORS, error) for error in beat.errors)]


def _pixels(view: View, beat: Beat, screen: Screen | None) -> str:
    width, height = round(beat.width * beat.dpr), round(beat.height * beat.dpr)
    found = f"{width}x{height}"
    if screen is None or screen.pixels == found:
        return found.replace("x", "×")
    said = Said.PIXELS_OTHER.fill(view.language, found, screen.pixels)
    return said.replace("x", "×") if view.language == "zh" else said
