"""Manual entry: what is typed is checked, kept in the store and shown again at once."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, cast

from dash import ALL, Dash, Input, Output, State, ctx, no_update
from dash.development.base_component import Component

from callbacks.guard import guarded_callback
from callbacks.services import Services
from callbacks.views import build_view
from dashboard import ids
from dashboard.access import Person, Refused, may_enter
from dashboard.catalogue.forms import Form
from dashboard.entries import Kept, author_of, read_statement
from layouts.pages.entry import (
    render_faults,
    render_kept,
    render_taken,
    render_withdrawn,
)
from layouts.view import View

SHOWN = 40
"""Entries that the page lists."""


async def enter(
    services: Services, view: View, form: Form, typed: dict[str, Any], place: object, author: object
) -> tuple[Component, bool]:
    """Keep what was typed, or say what is wrong with it, and whether it was kept. Raises Refused,
    Unreachable."""
    _authorise(view.person, form)
    found = read_statement(
        view.catalogue,
        form,
        typed,
        place=place,
        author=author,
        who=view.person.name,
        now=services.clock().replace(microsecond=0),
        zone=view.zone,
    )
    if isinstance(found, list):
        return render_faults(view, found), False
    entry = await services.in_store(services.history.enter, found)
    return render_taken(view, form, Kept(entry, found)), True


async def withdraw(
    services: Services, view: View, form: Form, button: Mapping[str, str], author: object
) -> Component:
    """End the entry whose `button` (`ids.entry_withdraw`) was pressed. Raises Refused, Unreachable."""
    _authorise(view.person, form)
    name = author_of(author)
    if isinstance(name, list):
        return render_faults(view, name)
    now = services.clock().replace(microsecond=0)
    work, place, who = services.history.withdraw, button["place"], view.person.name
    done = await services.in_store(work, form.key, place, name, who, now, button["entry"])
    return render_withdrawn(view, form, place, done=done)


def _authorise(person: Person, form: Form) -> None:
    if not may_enter(person, form.department, form.roles):
        raise Refused(f"{person.name} may not enter {form.key}")


async def kept_of(services: Services, view: View, form: Form) -> list[Component]:
    """What has been entered, as the store has it now. Raises Unreachable."""
    kept = await services.in_store(services.history.entries, form.key, SHOWN)
    return render_kept(replace(view, now=services.clock()), form, kept)


def _form_of(view: View, key: object) -> Form | None:
    return view.catalogue.forms.get(key) if isinstance(key, str) else None


async def _on_due(
    services: Services, person: Person, _: int | None, key: str | None, language: str | None
) -> list[Component] | Any:
    """What has been entered, looked at again from time to time."""
    view = build_view(services, person, language=language)
    form = _form_of(view, key)
    return no_update if form is None else await kept_of(services, view, form)


async def _on_sent(
    services: Services,
    person: Person,
    sent: int | None,
    _: Sequence[int | None],
    key: str | None,
    place: str | None,
    values: Sequence[Any],
    names: Sequence[dict[str, str]],
    author: str | None,
    language: str | None,
) -> tuple[Any, Any, Any]:
    """An entry or a withdrawal: what is said of it, what is kept now, and the emptied fields."""
    untouched = [no_update] * len(values)
    view = build_view(services, person, language=language)
    form = _form_of(view, key)
    pressed = ctx.triggered[0]["value"] if ctx.triggered else None
    if form is None or not pressed:
        return no_update, no_update, untouched
    button, taken = ctx.triggered_id, False
    if button == ids.ENTRY_SEND:
        typed = {str(name["name"]): value for name, value in zip(names, values, strict=True)}
        said, taken = await enter(services, view, form, typed, place, author)
    else:
        said = await withdraw(services, view, form, button, author)
    kept = await kept_of(services, view, form)
    return said, kept, [""] * len(values) if taken else untouched


def register(app: Dash, services: Services) -> None:
    """Register the callbacks of manual entry on the app."""
    every = cast(str, ALL)
    guarded_callback(
        app,
        services,
        Output(ids.ENTRY_KEPT, "children"),
        Input(ids.ENTRY_TICK, "n_intervals"),
        State(ids.ENTRY_FORM, "data"),
        State(ids.LANGUAGE, "data"),
    )(_on_due)
    guarded_callback(
        app,
        services,
        Output(ids.ENTRY_SAID, "children"),
        Output(ids.ENTRY_KEPT, "children", allow_duplicate=True),
        Output(ids.entry_field(every), "value"),
        Input(ids.ENTRY_SEND, "n_clicks"),
        Input(ids.entry_withdraw(every, every), "n_clicks"),
        State(ids.ENTRY_FORM, "data"),
        State(ids.ENTRY_PLACE, "value"),
        State(ids.entry_field(every), "value"),
        State(ids.entry_field(every), "id"),
        State(ids.ENTRY_AUTHOR, "value"),
        State(ids.LANGUAGE, "data"),
        action="enter",
        prevent_initial_call=True,
    )(_on_sent)
