"""The page of one row: asked of its department when somebody opens it, and noted in the audit."""

from typing import Any, cast

from dash import MATCH, Dash, Input, Output, State, no_update
from dash.development.base_component import Component

from callbacks.answers import words_of
from callbacks.guard import guarded_callback
from callbacks.services import Services
from callbacks.views import build_view
from dashboard import ids
from dashboard.access import Person, authorise
from dashboard.ports import RowPage, Unreachable
from dashboard.records import dataset_named, split_key
from layouts.pages.record import render_row
from layouts.pages.rows import render_sql

EMPTY = RowPage([], [], 0, "")


async def answer_record(
    services: Services, person: Person, dataset: str, key: str, language: str | None
) -> list[Component]:
    """The row of a key as components, or why it cannot be shown.

    Raises Refused where the person may not see rows of the department, Unreachable where the store
    cannot note who looks.
    """
    department, _, name = dataset.partition(".")
    authorise(person, "rows", department)
    view = build_view(services, person, language=language)
    known, parts = dataset_named(view.catalogue, dataset), split_key(key)
    if known is None:
        return []
    cleared = person.sees_private(department)
    detail = {"key": key, "private": cleared}
    await services.in_store(services.history.audit, person.name, "record", dataset, detail)
    if len(parts) != len(known.key):
        # An address that was cut short: the page says that there is no such row.
        return render_row(view, dataset, EMPTY, services.clock())
    try:
        page = await services.ask_source(
            department, lambda source: source.row(name, parts, cleared=cleared)
        )
    except Unreachable as error:
        return render_sql(view, words_of(error))
    return render_row(view, dataset, page, services.clock())


async def _on_record_shown(
    services: Services, person: Person, tick: int | None, name: dict[str, str], language: str | None
) -> list[Component] | Any:
    """Fill in the row once: asking again is a new look, which a person starts."""
    if tick:
        return no_update
    return await answer_record(services, person, name["dataset"], name["key"], language)


def register(app: Dash, services: Services) -> None:
    """Register the callback of the record page on the app."""
    match = cast(str, MATCH)
    guarded_callback(
        app,
        services,
        Output(ids.record_box(match, match), "children"),
        Input(ids.PAGE_TICK, "n_intervals"),
        State(ids.record_box(match, match), "id"),
        State(ids.LANGUAGE, "data"),
        action="rows",
    )(_on_record_shown)
