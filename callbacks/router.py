"""The router: one callback that puts the page of the browser's path into its place."""

from dash import Dash, Input, Output
from dash.development.base_component import Component

from callbacks.failures import trouble_page
from callbacks.guard import guarded_callback
from callbacks.look import query_of
from callbacks.services import Services
from callbacks.views import build_view
from dashboard import ids
from dashboard.access import Person
from layouts.router import render_page


async def _on_location(
    services: Services,
    person: Person,
    path: str | None,
    search: str | None,
    language: str | None,
    theme: str | None,
) -> Component:
    """The page at a path. `language` and `theme` are those of the switches."""
    view = build_view(
        services,
        person,
        path=path or "/",
        params=query_of(search),
        language=language,
        theme=theme,
    )
    return render_page(view)


def register(app: Dash, services: Services) -> None:
    """Register the router on the app."""
    guarded_callback(
        app,
        services,
        Output(ids.PAGE, "children"),
        Input(ids.URL, "pathname"),
        Input(ids.URL, "search"),
        Input(ids.LANGUAGE, "data"),
        Input(ids.THEME, "data"),
        on_error=trouble_page,
    )(_on_location)
