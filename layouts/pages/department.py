"""The generic department page: key figures and panels, as `catalog/pages` declares them."""

from dash import html
from dash.development.base_component import Component

from dashboard.catalogue.explain import nearest
from dashboard.catalogue.pages import Page
from dashboard.text import Text
from dashboard.words import Word
from layouts.live_matters import render_matters
from layouts.pages.contents import page_of, panel_name
from layouts.pages.heading import render_demo, render_heading, render_page_tick
from layouts.panels.facts import render_key_figure
from layouts.panels.frame import render_panel
from layouts.routes import NoSuchPage
from layouts.view import View
from layouts.visit import is_left_out, is_visit

TITLE = Text(zh="部门", en="Department")
MATTERS = 4
"""Matters that fit beside each other on a desk."""


def render_department(view: View, key: str) -> html.Div:
    """The page at /department/{key}. Raises NoSuchPage naming the nearest one."""
    page = page_of(view.catalogue, key)
    if page is None:
        known = [*view.catalogue.pages, *view.catalogue.departments]
        near = nearest(key, known)
        raise NoSuchPage(f"/department/{key}", f"/department/{near}" if near else None)
    return html.Div(
        [
            _heading(view, page),
            *_in_breach(view, page),
            _key_figures(view, page),
            _panels(view, page),
            render_page_tick(),
        ],
        className="page page-department",
    )


def _heading(view: View, page: Page) -> html.Header:
    department = view.catalogue.departments.get(page.department or page.key)
    return render_heading(
        view,
        view.say(page.title),
        shown_keys(view, page),
        view.say(department.owner) if department else "",
        render_demo(view, department),
    )


def _in_breach(view: View, page: Page) -> list[Component]:
    """What the mark in the navigation speaks of, each leading to its number: it may stand far down
    the page, or on none. The style hides it while there is nothing."""
    department = page.department or page.key
    if department not in view.catalogue.departments or is_visit(view):
        return []
    strip = html.Section(
        render_matters(view, MATTERS, department),
        className="panel in-breach",
        **{"aria-label": Word.PENDING.of(view.language)},
    )
    return [strip]


def shown_keys(view: View, page: Page) -> list[str]:
    """The indicators by which a page says as of when it is: its key figures, else all of it."""
    known = [key for key in page.numbers if view.catalogue.indicator(key)]
    if known:
        return known
    keys = (key for panel in page.panels for key in panel.indicators)
    return [key for key in dict.fromkeys(keys) if view.catalogue.indicator(key)]


def _key_figures(view: View, page: Page) -> html.Section:
    keys = [key for key in page.numbers if view.catalogue.indicator(key)]
    return html.Section(
        [render_key_figure(view, key) for key in keys],
        className=f"key-figures figures-{len(keys)}",
        hidden=not keys,
        **{"aria-label": Word.KEY_FIGURES.of(view.language)},
    )


def _panels(view: View, page: Page) -> html.Div:
    panels: list[Component] = [
        render_panel(view, panel, panel_name(page.key, index))
        for index, panel in enumerate(page.panels)
        if not is_left_out(view, panel)
    ]
    if not panels and not page.numbers:
        panels = [html.P(Word.PANELS_EMPTY.of(view.language), className="panel-empty")]
    return html.Div(panels, className="grid")
