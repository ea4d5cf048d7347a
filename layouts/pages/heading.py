"""The head of a page: its title, whose data it shows, as of when, and that it is simulated."""

from collections.abc import Sequence

from dash import dcc, html
from dash.development.base_component import Component

from dashboard import ids
from dashboard.catalogue import Department
from dashboard.words import Word
from layouts.live_ages import render_oldest
from layouts.pages.account_words import Told
from layouts.routes import SIGN_IN
from layouts.view import View

REFRESH = 60_000
"""Milliseconds after which what comes from history is asked for again."""


def render_page_tick() -> html.Div:
    """The page's own clock for charts (numbers do not need it), and how the browser shows it."""
    clock = dcc.Interval(id=ids.PAGE_TICK, interval=REFRESH)
    scheme = dcc.Store(id=ids.PAGE_SCHEME)
    return html.Div([clock, scheme], hidden=True, **{"data-scheme": ids.PAGE_SCHEME})


def render_heading(
    view: View,
    title: str,
    keys: Sequence[str] = (),
    owner: str = "",
    badges: Sequence[Component] = (),
) -> html.Header:
    """Title, owner, 数据截至 with its age, badges."""
    parts: list[Component] = [html.H1(title)]
    if owner:
        parts.append(html.Span(owner, className="owner"))
    if keys:
        parts.append(_as_of(view, keys))
    return html.Header([*parts, *badges], className="page-head")


def _as_of(view: View, keys: Sequence[str]) -> html.Span:
    words = html.Span(f"{Word.AS_OF.of(view.language)} ", className="oldest-head")
    return html.Span([words, render_oldest(view, keys, aged=True)], className="as-of")


def render_demo(view: View, department: Department | None) -> list[Component]:
    """演示数据 on what a simulated department shows."""
    if department is None or not department.demo:
        return []
    return [html.Span(Word.DEMO_DATA.of(view.language), className="badge badge-demo")]


def render_may_not(view: View, words: str, back: str) -> html.P:
    """Why somebody may only look, with the way to signing in, which leads `back` to the page."""
    link = html.A(
        Told.SIGN_IN.of(view.language), href=f"{SIGN_IN}?next={back}", className="button quiet"
    )
    return html.P([words, " ", link], className="panel-empty")
