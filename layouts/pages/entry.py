"""Manual entry (填报): the forms of the city, and one form with what has been entered in it."""

from collections.abc import Mapping, Sequence

import dash_bootstrap_components as dbc
from dash import dcc, html
from dash.development.base_component import Component

from dashboard import ids
from dashboard.access import may_enter
from dashboard.catalogue.explain import nearest
from dashboard.catalogue.forms import Form, FormField
from dashboard.entries import Fault, Kept, places_of
from dashboard.formats import age, moment, quantity
from dashboard.text import Text
from dashboard.words import Word
from layouts.pages.entry_words import Said
from layouts.pages.heading import render_heading
from layouts.routes import NoSuchPage
from layouts.view import View

TITLE = Text(zh="填报", en="Manual entry")
REFRESH = 15_000
"""Milliseconds after which what has been entered is looked at again."""
_LISTED = 10
"""More places than this are chosen from a list, not by buttons."""


def render_forms(view: View) -> html.Div:
    """The page at /entry: every form, with whose it is and what it is for."""
    forms = sorted(view.catalogue.forms.values(), key=lambda form: (form.order, form.key))
    cards: list[Component] = [_card(view, form) for form in forms]
    if not cards:
        cards = [html.P(Said.NO_FORMS.of(view.language), className="panel-empty")]
    return html.Div(
        [render_heading(view, Word.ENTRY.of(view.language)), html.Div(cards, className="grid")],
        className="page page-entry",
    )


def _card(view: View, form: Form) -> html.Section:
    note = view.say(form.note) if form.note else ""
    holds = Said.HOLDS.fill(view.language, age(form.holds, view.language))
    return html.Section(
        [
            html.H2(dcc.Link(view.say(form.title), href=f"/entry/{form.key}")),
            html.P(note, className="panel-sub"),
            html.P(holds, className="panel-sub"),
        ],
        className="panel words wide-6 entry-card",
    )


def render_entry(view: View, key: str) -> html.Div:
    """The page at /entry/{key}. Raises NoSuchPage naming the nearest form."""
    form = view.catalogue.forms.get(key)
    if form is None:
        near = nearest(key, list(view.catalogue.forms))
        raise NoSuchPage(f"/entry/{key}", f"/entry/{near}" if near else "/entry")
    waiting = html.P(Word.LOADING.of(view.language), className="panel-empty")
    return html.Div(
        [
            render_heading(view, view.say(form.title)),
            dcc.Store(id=ids.ENTRY_FORM, data=form.key),
            dcc.Interval(id=ids.ENTRY_TICK, interval=REFRESH),
            html.Div(
                [
                    html.Section(_asked(view, form), className="panel words wide-5 entry-form"),
                    html.Section(
                        [
                            html.Div(html.H2(Said.KEPT.of(view.language)), className="panel-head"),
                            html.Div(waiting, id=ids.ENTRY_KEPT),
                        ],
                        className="panel words wide-7",
                    ),
                ],
                className="grid",
            ),
        ],
        className="page page-entry",
    )


def _asked(view: View, form: Form) -> list[Component]:
    """The form itself; who may not fill it in is told so, and finds the same places empty."""
    said = html.Div(id=ids.ENTRY_SAID, className="entry-said", role="status")
    if not may_enter(view.person, form.department, form.roles):
        return [html.P(Said.MAY_NOT.of(view.language), className="panel-empty"), said]
    note = [html.P(view.say(form.note), className="panel-sub")] if form.note else []
    holds = Said.HOLDS.fill(view.language, age(form.holds, view.language))
    return [
        *note,
        _place(view, form),
        *(_field(view, name, field) for name, field in form.fields.items()),
        _author(view),
        html.Div(
            [
                html.Button(
                    Said.SEND.of(view.language), id=ids.ENTRY_SEND, className="button primary"
                ),
                html.Span(holds, className="panel-sub"),
            ],
            className="actions",
        ),
        said,
    ]


def _place(view: View, form: Form) -> html.Fieldset:
    places = places_of(view.catalogue, form, view.now.astimezone(view.zone).date())
    options = [{"label": view.say(title), "value": code} for code, title in places.items()]
    only = options[0]["value"] if len(options) == 1 else None
    chooser: Component = (
        _choices(options, ids.ENTRY_PLACE, only)
        if len(options) <= _LISTED
        else dcc.Dropdown(options, only, id=ids.ENTRY_PLACE, placeholder="")
    )
    return html.Fieldset(
        [html.Legend(Said.PLACE.of(view.language)), chooser], className="entry-row"
    )


def _choices(
    options: list[dict[str, str]], at: str | dict[str, str], chosen: str | None = None
) -> dbc.RadioItems:
    """Radio buttons as browsers have them: those of Dash itself are a list box without a name."""
    return dbc.RadioItems(
        options=options, value=chosen, id=at, name=str(at), inline=True, className="entry-places"
    )


def _field(view: View, name: str, field: FormField) -> Component:
    title = [html.Span(view.say(field.title), className="entry-title")]
    if field.unit:
        title.append(html.Span(view.say(field.unit), className="entry-unit"))
    if not field.required:
        title.append(html.Span(Said.OPTIONAL.of(view.language), className="entry-unit"))
    help_text = [html.Span(view.say(field.help), className="panel-sub")] if field.help else []
    if field.kind == "choice":
        options = [{"label": view.say(t), "value": code} for code, t in field.choices.items()]
        chooser = _choices(options, ids.entry_field(name))
        return html.Fieldset([html.Legend(title), chooser, *help_text], className="entry-row")
    typed = dcc.Input(
        id=ids.entry_field(name),
        type="text",
        inputMode="text" if field.kind == "text" else "decimal",
        autoComplete="off",
        className="entry-input",
    )
    return html.Label([html.Span(title), typed, *help_text], className="entry-row")


def _author(view: View) -> html.Label:
    """The name, which the browser remembers: there are no accounts yet."""
    return html.Label(
        [
            html.Span(Said.AUTHOR.of(view.language), className="entry-title"),
            dcc.Input(
                id=ids.ENTRY_AUTHOR,
                type="text",
                persistence=True,
                autoComplete="name",
                className="entry-input",
            ),
            html.Span(Said.AUTHOR_NOTE.of(view.language), className="panel-sub"),
        ],
        className="entry-row",
    )


def render_faults(view: View, faults: Sequence[Fault]) -> html.Div:
    """What cannot be taken, one line each."""
    lines = [html.Li(view.say(fault.text)) for fault in faults]
    return html.Div(
        [html.P(Said.NOT_TAKEN.of(view.language)), html.Ul(lines)], className="entry-faults"
    )


def render_taken(view: View, form: Form, kept: Kept) -> html.P:
    """That an entry was kept, and until when it holds."""
    place = place_title(view, form, kept.statement.place)
    until = moment(kept.statement.expires_at, view.now, view.zone, view.language)
    return html.P(Said.TAKEN.fill(view.language, place, until), className="entry-taken")


def render_withdrawn(view: View, form: Form, place: str, *, done: bool) -> html.P:
    """That what stood for a place was withdrawn, or that nothing did."""
    said = Said.WITHDRAWN if done else Said.NOTHING_STANDS
    return html.P(said.fill(view.language, place_title(view, form, place)), className="entry-taken")


def place_title(view: View, form: Form, code: str) -> str:
    """What a place of a form is called; its code where it is no longer one."""
    places = places_of(view.catalogue, form, view.now.astimezone(view.zone).date())
    listed = view.catalogue.codes.get(form.per)
    meaning = listed.codes.get(code) if listed else None
    title = places.get(code) or (meaning.title if meaning else None)
    return view.say(title) if title else code


def render_kept(view: View, form: Form, kept: Sequence[Kept]) -> list[Component]:
    """What has been entered, newest first: what stands with the button that withdraws it."""
    if not kept:
        return [html.P(Said.NONE_KEPT.of(view.language), className="panel-empty")]
    states = [one.state(view.now) for one in kept]
    counts = Said.COUNTS.fill(
        view.language, str(states.count("known")), str(states.count("lapsed"))
    )
    entries = [_kept(view, form, one) for one in kept]
    return [html.P(counts, className="panel-sub"), html.Ul(entries, className="entry-list")]


def _kept(view: View, form: Form, kept: Kept) -> html.Li:
    statement, state = kept.statement, kept.state(view.now)
    stands = state in ("known", "lapsed")
    entered = moment(statement.entered_at, view.now, view.zone, view.language)
    until = moment(statement.expires_at, view.now, view.zone, view.language)
    about = [
        html.Span(statement.author),
        html.Span(f"{Said.AT.of(view.language)} {entered}"),
        html.Span(f"{Said.UNTIL.of(view.language)} {until}"),
        html.Span(_state(view, kept, state), className=f"entry-{state}"),
    ]
    button = html.Button(
        Said.WITHDRAW.of(view.language),
        id=ids.entry_withdraw(statement.place, kept.id),
        className="button quiet",
    )
    allowed = stands and may_enter(view.person, form.department, form.roles)
    head = [html.Strong(place_title(view, form, statement.place)), *([button] if allowed else [])]
    return html.Li(
        [
            html.Div(head, className="entry-head"),
            html.P(_values(view, form, statement.values)),
            html.P(about, className="panel-sub entry-about"),
        ],
        className="entry-kept" if stands else "entry-kept entry-past",
    )


def _state(view: View, kept: Kept, state: str) -> str:
    if state == "withdrawn":
        return Said.ENDED.fill(view.language, kept.ended_by or "")
    word = {"known": Said.KNOWN, "lapsed": Said.LAPSED, "replaced": Said.REPLACED}[state]
    return word.of(view.language)


def _values(view: View, form: Form, values: Mapping[str, float | str]) -> str:
    parts = []
    for name, value in values.items():
        field = form.fields.get(name)
        title = view.say(field.title) if field else name
        parts.append(f"{title} {_value(view, field, value)}")
    return ("，" if view.language == "zh" else ", ").join(parts)


def _value(view: View, field: FormField | None, value: float | str) -> str:
    if isinstance(value, str):
        choice = field.choices.get(value) if field else None
        return view.say(choice) if choice else value
    decimals = 0 if value == int(value) else 2
    return quantity(value, field.unit if field and field.unit else "", decimals, view.language)
