"""The duty wall: what waits, the matter at hand, and the state of every department.

Fixed places, at most 25 numbers, never rotating. All of it is living leaves: once mounted, no
callback renders it again. The same page becomes one column on a phone.
"""

from dash import html
from dash.development.base_component import Component

from dashboard.catalogue.screens import DutyScreen, WallBlock
from dashboard.geography.parts import AreaSplit, area_splits
from dashboard.text import Text
from dashboard.words import Word
from layouts.live import (
    indicator_title,
    owner_of,
    render_box,
    render_mark,
    render_text,
    render_tile,
    render_value,
)
from layouts.live_ages import render_feeds, render_oldest
from layouts.live_city import (
    render_clock,
    render_connection,
    render_date,
    render_response,
)
from layouts.live_focus import render_focus
from layouts.live_matters import render_matters, render_matters_summary
from layouts.map_board import render_board
from layouts.panels.codes import code_title, declared_codes
from layouts.routes import NoSuchPage
from layouts.shell import render_demo_badge
from layouts.view import View
from layouts.visit import is_visit

TITLE = Text(zh="值班大屏", en="Duty wall")
LINES = 14
"""Lines of 待处置 that are kept; the browser shows as many as fit."""


def render_wall(view: View, screen: str) -> html.Div:
    """A duty wall of the catalogue. Raises NoSuchPage naming another one, or what a side screen of
    that name shows first."""
    walls, side = view.catalogue.duty_walls, view.catalogue.screens.get(screen)
    model = walls.get(screen)
    if model is None:
        other = next((f"/wall/{key}" for key in walls), None)
        raise NoSuchPage(screen, side.pages[0].path if side else other)
    middle: list[Component] = [render_focus(view, model.focus), *_render_map(view, model)]
    if model.multiples:
        middle.append(_render_multiples(view, model.multiples))
    visit = is_visit(view)
    columns = html.Div(
        [
            *([] if visit else [_render_pending(view)]),
            html.Div(middle, className="panel wall-middle"),
            html.Div([_render_block(view, block) for block in model.blocks], className="blocks"),
        ],
        className="wall-columns wall-visit" if visit else "wall-columns",
    )
    return html.Div(
        [render_connection(view), _render_strip(view, model), columns],
        className="wall",
        key=f"wall-{screen}",
        **{"data-wall": screen},
    )


def _render_strip(view: View, screen: DutyScreen) -> html.Header:
    return html.Header(
        [
            html.H1(view.say(screen.title), className="wall-title"),
            render_clock(view),
            html.Div([render_date(view), _render_roster(view, screen)], className="wall-day"),
            html.Div(_responses(view, screen), className="responses"),
            html.Div(
                [render_feeds(view, within=False), *render_demo_badge(view)], className="wall-feeds"
            ),
        ],
        className="strip",
    )


def _render_roster(view: View, screen: DutyScreen) -> html.Div:
    """Who is on duty: the stated text of each role."""
    if screen.roster is None:
        return html.Div(className="roster")
    key, by = screen.roster, _live_by(view, screen.roster)
    people = [
        html.Span(
            [
                html.Span(code_title(view.catalogue, key, by, role, view.language)),
                render_text(view, key, part=role),
            ],
            className="on-duty",
        )
        for role in _codes(view, key)
    ]
    return html.Div(people or [render_text(view, key)], className="roster")


def _responses(view: View, screen: DutyScreen) -> list[Component]:
    """One badge per place that any of the response facts speaks of."""
    if not screen.responses:
        return []
    places: dict[str, str] = {}
    for key in screen.responses:
        by = _live_by(view, key)
        for code in _codes(view, key):
            places.setdefault(code, code_title(view.catalogue, key, by, code, view.language))
    return [render_response(view, screen.responses, code, title) for code, title in places.items()]


def _live_by(view: View, key: str) -> str:
    indicator = view.catalogue.indicator(key)
    return (indicator.live_by or "") if indicator else ""


def _codes(view: View, key: str) -> list[str]:
    """The codes of an indicator's parts: as declared, else those that were heard of."""
    by = _live_by(view, key)
    declared = declared_codes(view.catalogue, key, by) if by else []
    return declared or sorted((view.reading(key) or {}).get("parts") or {})


def _render_pending(view: View) -> html.Section:
    head = html.Header(
        [
            html.H2(Word.PENDING.of(view.language)),
            html.Div(render_matters_summary(view), className="panel-note"),
        ],
        className="panel-head",
    )
    return html.Section([head, render_matters(view, LINES)], className="panel pending")


def _render_map(view: View, screen: DutyScreen) -> list[Component]:
    """Where in the city it is: between the matter at hand and the numbers that colour the areas.
    Nothing where no layer of it may be seen."""
    layers = [view.catalogue.layers[key] for key in screen.layers if key in view.catalogue.layers]
    if not layers:
        return []
    shown = [layer.key for layer in layers]
    area = _area_of(view, screen.multiples)
    return [render_board(view, view.geography, layers, area=area, shown=shown, wall=True)]


def _area_of(view: View, key: str | None) -> AreaSplit | None:
    """The areas of an indicator's parts, where those are areas."""
    splits = (split for split in area_splits(view.catalogue) if split.key == key)
    return next((split for split in splits if split.by == _live_by(view, split.key)), None)


def _render_multiples(view: View, key: str) -> html.Section:
    """The parts of one indicator side by side, such as the rain in each district."""
    by = _live_by(view, key)
    indicator = view.catalogue.indicator(key)
    unit = view.say(indicator.unit) if indicator else ""
    owner = owner_of(view, key)
    head = html.Header(
        [
            html.H2(indicator_title(view, key)),
            html.Span(
                [
                    html.Span(unit),
                    html.Span(owner, className="owner"),
                    render_oldest(view, [key]),
                ],
                className="panel-note",
            ),
        ],
        className="panel-head",
    )
    parts = [
        render_box(
            view,
            key,
            [
                html.Div(code_title(view.catalogue, key, by, code, view.language)),
                html.Div(
                    [render_mark(view, key, part=code), render_value(view, key, part=code)],
                    className="figure",
                ),
            ],
            "multiple",
            part=code,
        )
        for code in _codes(view, key)
    ]
    return html.Section([head, html.Div(parts, className="multiples")], className="wall-multiples")


def _render_block(view: View, block: WallBlock) -> html.Section:
    """The state of one department: its key figures, whose they are and as of when."""
    department = view.catalogue.departments.get(block.department)
    title = view.say(department.title) if department else block.department
    owner = view.say(department.owner) if department else ""
    head = html.Header(
        [
            html.H2(title),
            html.Span(
                [html.Span(owner, className="owner"), render_oldest(view, block.numbers)],
                className="panel-note",
            ),
        ],
        className="panel-head",
    )
    tiles = [render_tile(view, key, wall=True) for key in block.numbers]
    return html.Section([head, html.Div(tiles, className="tiles")], className="panel block")
