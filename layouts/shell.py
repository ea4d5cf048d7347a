"""What stands around every page: navigation, the top line, and where the page itself is put.

It is mounted once. A wall shows none of it but the page (`assets/shell.css` hides the rest there):
the path decides, so `assets/shell.js` marks the document with it before anything is painted.
"""

from dash import dcc, html
from dash.development.base_component import Component

from dashboard import ids
from dashboard.catalogue import Department
from dashboard.words import Word
from layouts.live_ages import render_feeds
from layouts.live_city import (
    render_clock,
    render_connection,
    render_date,
    render_live_context,
    render_worst,
)
from layouts.pages.account_words import Told
from layouts.pages.desk_words import Said as DeskSaid
from layouts.pages.screens_words import Said
from layouts.routes import ACCOUNT, SIGN_IN
from layouts.search import render_search, render_search_button
from layouts.view import View


def render_shell(view: View) -> html.Div:
    """The root of the application; the router puts each page into `ids.PAGE`."""
    return html.Div(
        [
            dcc.Location(id=ids.URL, refresh="callback-nav"),
            dcc.Store(id=ids.LANGUAGE, data=view.language),
            dcc.Store(id=ids.THEME, data=view.theme),
            render_live_context(view),
            html.A(
                Word.SKIP_TO_CONTENT.of(view.language), href=f"#{ids.PAGE}", className="skip-link"
            ),
            _render_navigation(view),
            render_search(view),
            html.Div(
                [
                    html.Div([render_connection(view), _render_top(view)], className="overhead"),
                    html.Main(id=ids.PAGE, className="page-place", tabIndex=-1),
                ],
                className="shell-body",
            ),
        ],
        className="shell",
        lang="zh-CN" if view.language == "zh" else "en",
    )


def _called(view: View, department: Department) -> str:
    """What leads to a department's page; to one of the center's own, what that page is about."""
    own = view.catalogue.pages.get(department.key) if department.own else None
    return view.say((own or department).title)


def _render_navigation(view: View) -> html.Nav:
    language = view.language
    wall = next(iter(view.catalogue.duty_walls), None)
    city: list[Component] = [_entry("/", Word.TODAY_PAGE.of(language))]
    if wall:
        city.append(_entry(f"/wall/{wall}", Word.DUTY_WALL.of(language), "nav-wall", within=False))
    if view.catalogue.layers:
        short = Word.MAP_SHORT.of(language)
        city.append(_entry("/map", Word.MAP_PAGE.of(language), short=short))
    departments = [
        _entry(f"/department/{d.key}", _called(view, d), mark=render_worst(view, d.key))
        for d in sorted(view.catalogue.departments.values(), key=lambda d: (d.order, d.key))
        # What is entered by hand has its own place, and its numbers are on the pages of others.
        if not d.own or d.key in view.catalogue.pages
    ]
    departments += [
        _entry(f"/department/{page.key}", view.say(page.title))
        for page in sorted(view.catalogue.pages.values(), key=lambda page: (page.order, page.key))
        # What belongs to no department is found nowhere else.
        if page.department is None and page.key not in view.catalogue.departments
    ]
    status = _entry("/status", Word.STATUS.of(language), short=Word.STATUS_SHORT.of(language))
    last = [status]
    if view.catalogue.forms:
        last.insert(0, _entry("/entry", Word.ENTRY.of(language)))
    if view.catalogue.screens:
        last.append(_entry("/desk", DeskSaid.DESK.of(language)))
        last.append(_entry("/screens", Said.SCREENS.of(language)))
    groups = [city, departments, last]
    brand = html.A(
        Word.COMMAND_CENTER.of(language), href="/", className="brand", **{"data-within": "true"}
    )
    return html.Nav(
        [
            brand,
            *(html.Ul(group, className="nav-group") for group in groups),
            html.Ul(_render_account(view), className="nav-group nav-account"),
        ],
        id=ids.NAVIGATION,
        className="navigation",
        **{"aria-label": Word.NAVIGATION.of(language)},
    )


def _render_account(view: View) -> list[Component]:
    """Who is signed in, and the way out; else the way in."""
    person, language = view.person, view.language
    if person.session is None:
        return [_entry(SIGN_IN, Told.SIGN_IN.of(language), within=False)]
    # A form, since a link changes nothing, whoever follows it.
    out = html.Button(
        Told.SIGN_OUT.of(language),
        type="submit",
        name="do",
        value="sign-out",
        className="nav-link nav-out",
    )
    return [
        _entry(ACCOUNT, person.title or person.name, within=False),
        html.Li(html.Form(out, action=ACCOUNT, method="POST"), className="nav-leave"),
    ]


def _entry(
    path: str,
    title: str,
    class_name: str = "",
    *,
    mark: Component | None = None,
    within: bool = True,
    short: str = "",
) -> html.Li:
    """A link of the navigation; `short` is what it is called where there is little room."""
    names: list[Component] = [html.Span(title, className="nav-title")]
    if short:
        names.append(html.Span(short, className="nav-short"))
    children = [html.Span(names), *([mark] if mark is not None else [])]
    data = {"data-within": "true"} if within else {}
    link = html.A(children, href=path, className="nav-link", **data)
    return html.Li(link, className=class_name)


def _render_top(view: View) -> html.Header:
    return html.Header(
        [
            html.Div([render_date(view), render_clock(view)], className="top-time"),
            html.Div(
                [
                    render_feeds(view),
                    *render_demo_badge(view),
                    render_search_button(view),
                    *_render_switches(view),
                ],
                className="top-state",
            ),
        ],
        className="top",
    )


def render_demo_badge(view: View) -> list[Component]:
    """演示数据, while any department's data is simulated; nothing otherwise."""
    if not any(department.demo for department in view.catalogue.departments.values()):
        return []
    return [html.Span(Word.DEMO_DATA.of(view.language), className="badge badge-demo")]


def _render_switches(view: View) -> list[Component]:
    other = "en" if view.language == "zh" else "zh"
    light, dark = Word.THEME_LIGHT.of(view.language), Word.THEME_DARK.of(view.language)
    return [
        html.Button(
            Word.LANGUAGE.of(view.language),
            className="switch",
            lang="en" if other == "en" else "zh-CN",
            **{"data-switch": "language", "data-to": other},
        ),
        # Both words are there; the style shows the one that is not in force.
        html.Button(
            [
                html.Span(light, className="when-dark"),
                html.Span(dark, className="when-light"),
            ],
            className="switch",
            **{"data-switch": "theme"},
        ),
    ]
