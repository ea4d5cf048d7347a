"""Today: what to look at first, then each department's key figures; made to be read on a phone."""

from dash import dcc, html
from dash.development.base_component import Component

from dashboard.catalogue import Department
from dashboard.catalogue.pages import Page
from dashboard.text import Text
from dashboard.words import Word
from layouts import live
from layouts.live_ages import render_oldest
from layouts.live_city import render_clock, render_date
from layouts.live_matters import render_matters, render_matters_summary
from layouts.pages.contents import department_pages
from layouts.panels.facts import render_comparison
from layouts.view import View
from layouts.visit import is_visit

TITLE = Text(zh="今日", en="Today")
MATTERS = 6
FIGURES = 5


def render_home(view: View) -> html.Div:
    """The page at `/`."""
    sections = [_department(view, *shown) for shown in department_pages(view.catalogue)]
    return html.Div(
        [
            html.Header(
                [
                    html.H1(Word.TODAY_PAGE.of(view.language)),
                    html.Span([render_date(view), " ", render_clock(view)], className="owner"),
                ],
                className="page-head",
            ),
            html.Div([*([] if is_visit(view) else [_first(view)]), *sections], className="today"),
        ],
        className="page page-home",
    )


def _first(view: View) -> html.Section:
    title = Word.LOOK_FIRST.of(view.language)
    return html.Section(
        [
            html.Div([html.H2(title), render_matters_summary(view)], className="panel-head"),
            render_matters(view, MATTERS),
        ],
        className="panel look-first",
        **{"aria-label": title},
    )


def _department(view: View, department: Department, page: Page) -> html.Section:
    title = view.say(department.title)
    keys = [key for key in page.numbers if view.catalogue.indicator(key)][:FIGURES]
    link = dcc.Link(title, href=f"/department/{page.key}")
    rows: list[Component] = [_row(view, key) for key in keys]
    if not rows:
        rows = [html.P(Word.PANELS_EMPTY.of(view.language), className="panel-empty")]
    as_of = [render_oldest(view, keys)] if keys else []
    return html.Section(
        [html.Div([html.H2(link), *as_of], className="panel-head"), *rows],
        className="panel today-department",
        **{"aria-label": title},
    )


def _row(view: View, key: str) -> html.Div:
    """One key figure as a line: what it is and how it compares, its day, its value."""
    words = html.Div(
        [live.render_label(view, key, short=True), render_comparison(view, key)], className="what"
    )
    figure = [
        live.render_mark(view, key),
        live.render_value(view, key),
        live.render_unit(view, key),
        *live.render_grade(view, key),
    ]
    return live.render_box(
        view,
        key,
        [words, live.render_spark(view, key), html.Div(figure, className="figure")],
        "line",
    )
