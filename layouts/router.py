"""The table of pages: one line per kind of page, and what is shown where nothing matches.

A new kind of page: write its renderer in `layouts/pages/`, import it here, add its Route.
"""

from dash.development.base_component import Component

from dashboard.catalogue.screens import STAGE_PATHS
from layouts.pages import (
    city_map,
    department,
    desk,
    entry,
    home,
    indicator,
    record,
    screens,
    status,
    wall,
)
from layouts.pages.missing import render_missing
from layouts.routes import NoSuchPage, Route, find_route
from layouts.view import View

PAGES: list[Route] = [
    Route("/", home.render_home, home.TITLE),
    Route("/department/{key}", department.render_department, department.TITLE),
    Route("/indicator/{key}", indicator.render_indicator, indicator.TITLE),
    Route("/record/{dataset}/{key}", record.render_record, record.TITLE),
    Route("/entry", entry.render_forms, entry.TITLE),
    Route("/entry/{key}", entry.render_entry, entry.TITLE),
    Route("/map", city_map.render_map, city_map.TITLE),
    Route("/screens", screens.render_screens, screens.TITLE),
    Route("/desk", desk.render_desk, desk.TITLE),
    Route("/status", status.render_status, status.TITLE),
    Route("/wall/{screen}", wall.render_wall, wall.TITLE),
]


def is_page(path: str) -> bool:
    """Whether a path is one of a page, so that a browser asking for it is given the shell."""
    if path.removeprefix("/wall/") in STAGE_PATHS:
        return False
    return find_route(PAGES, path) is not None


def render_page(view: View) -> Component:
    """The page of `view.path`; a page that says what was not found and leads home otherwise."""
    found = find_route(PAGES, view.path)
    if found is None:
        return render_missing(view, view.path)
    route, parameters = found
    try:
        return route.render(view, **parameters)
    except NoSuchPage as missing:
        return render_missing(view, missing.found, missing.nearest)
