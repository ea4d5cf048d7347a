"""One number, followed down: its value, trend and split, what it means, where it comes from."""

from dash import dcc, html
from dash.development.base_component import Component

from dashboard.catalogue import Indicator
from dashboard.catalogue.explain import nearest
from dashboard.catalogue.indicators import DERIVED
from dashboard.catalogue.pages import Panel
from dashboard.samples import rests_on_rows
from dashboard.text import Text
from dashboard.words import Word
from layouts import live, live_late
from layouts.live_ages import render_oldest
from layouts.pages.about import (
    render_definition,
    render_inputs,
    render_limits,
    render_origin,
    render_set_aside,
)
from layouts.pages.choices import Choice, choice_of, render_choices
from layouts.pages.contents import chosen_name
from layouts.pages.heading import render_demo, render_heading, render_page_tick
from layouts.pages.rows import render_rows_box, render_sql_box
from layouts.panels.codes import declared_codes
from layouts.panels.facts import render_window
from layouts.panels.frame import render_panel
from layouts.routes import NoSuchPage
from layouts.view import View
from layouts.visit import is_left_out

_FEW_CELLS = 6
"""More small trends than this need a taller panel."""
TITLE = Text(zh="指标", en="Indicator")


def render_indicator(view: View, key: str) -> html.Div:
    """The page at /indicator/{key}. Raises NoSuchPage naming the nearest one."""
    indicator = view.catalogue.indicator(key)
    if indicator is None:
        near = nearest(key, [known for known, _ in view.catalogue.indicators()])
        raise NoSuchPage(f"/indicator/{key}", f"/indicator/{near}" if near else None)
    is_derived = indicator.measure.kind in DERIVED
    return html.Div(
        [
            _heading(view, key, indicator),
            *_choices(view, key, indicator),
            html.Div(
                [
                    *([] if _is_stated_by_part(indicator) else [_value(view, key, indicator)]),
                    *_charts(view, key, indicator),
                    render_definition(view, key, indicator),
                    html.Div(
                        [
                            render_limits(view, key, indicator),
                            *([] if is_derived else [render_set_aside(view, key)]),
                        ],
                        className="stack wide-6",
                    ),
                    render_origin(view, key, indicator),
                    *(
                        render_inputs(view, indicator)
                        if is_derived
                        else [render_sql_box(view, key)]
                    ),
                    render_rows_box(view, key, indicator),
                ],
                className="grid",
            ),
            render_page_tick(),
        ],
        className="page page-indicator",
    )


def _heading(view: View, key: str, indicator: Indicator) -> html.Header:
    department = view.catalogue.department_of(key)
    basis = Word.LIVE_BASIS if indicator.basis == "live" else Word.ASSESSED_BASIS
    confirmed = Word.CONFIRMED if indicator.definition.confirmed else Word.UNCONFIRMED
    badges: list[Component] = [
        html.Span(basis.of(view.language), className="badge"),
        html.Span(confirmed.of(view.language), className="badge"),
        *render_demo(view, department),
    ]
    owner = dcc.Link(view.say(department.owner), href=f"/department/{department.key}")
    heading = render_heading(view, view.say(indicator.title), [key], badges=badges)
    heading.children.insert(1, html.Span(owner, className="owner"))
    return heading


def _value(view: View, key: str, indicator: Indicator) -> html.Section:
    """The big live value with its mark, unit, n, comparisons, and as of when it is."""
    figure = [
        live.render_mark(view, key),
        live.render_value(view, key),
        live.render_unit(view, key),
        *live.render_grade(view, key),
    ]
    if indicator.measure.kind == "fact":
        figure = [live.render_mark(view, key), live.render_text(view, key)]
    notes = [
        *render_window(view, key, indicator),
        *live.render_worst(view, key),
        *([live.render_n(view, key)] if rests_on_rows(indicator) else []),
        live.render_compare(view, key, "day_before"),
        live.render_compare(view, key, "week_before"),
    ]
    trust = [render_oldest(view, [key], aged=True), live_late.render_late_parts(view, key)]
    box = live.render_box(
        view,
        key,
        [
            html.Div(figure, className="figure"),
            html.Div(notes, className="notes"),
            live.render_spark(view, key),
            html.P(trust, className="panel-sub"),
        ],
        "tile big",
    )
    title = Word.VALUE.of(view.language)
    return html.Section(
        [html.H2(title), box], className="panel wide-4 high-normal", **{"aria-label": title}
    )


def _is_stated_by_part(indicator: Indicator) -> bool:
    """Whether it states something for each part alone, so that the whole has nothing to say."""
    return indicator.measure.kind == "fact" and indicator.live_by is not None


def _choices(view: View, key: str, indicator: Indicator) -> list[Component]:
    if indicator.measure.kind == "fact":
        return []
    return [render_choices(view, key, indicator, choice_of(view, indicator))]


def _charts(view: View, key: str, indicator: Indicator) -> list[Component]:
    """Trend over the chosen window, and the split that was chosen, as bars and as trends."""
    if indicator.measure.kind == "fact":
        width = 12 if _is_stated_by_part(indicator) else 8
        parts = Panel(kind="facts", indicators=[key], width=width)
        return [render_panel(view, parts, chosen_name(parts))]
    choice = choice_of(view, indicator)
    title = Text(zh=Word.TREND.of("zh"), en=Word.TREND.of("en"))
    trend = _panel(choice, "trend", key, 8, title).model_copy(update={"by": None})
    charts: list[Component] = [render_panel(view, trend, chosen_name(trend))]
    if choice.by:
        split = Text(zh=Word.SPLIT.of("zh"), en=Word.SPLIT.of("en"))
        ranked = _panel(choice, "ranked", key, 4, split).model_copy(update={"grain": None})
        multiples = _panel(choice, "multiples", key, 8, Text(zh="各自走势", en="Each by itself"))
        if len(declared_codes(view.catalogue, key, choice.by)) > _FEW_CELLS:
            multiples = multiples.model_copy(update={"height": "tall"})
        charts += [
            render_panel(view, panel, chosen_name(panel))
            for panel in (_live_where_possible(ranked, indicator), multiples)
            if not is_left_out(view, panel)
        ]
    return charts


def _panel(choice: Choice, kind: str, key: str, width: int, title: Text) -> Panel:
    plain = Panel.model_validate(
        {"kind": kind, "indicators": [key], "width": width, "title": title, "height": "normal"}
    )
    chosen = {"window": choice.window, "grain": choice.grain or None, "by": choice.by or None}
    chosen |= {"within": choice.within or None}
    return plain.model_copy(update=chosen)


def _live_where_possible(panel: Panel, indicator: Indicator) -> Panel:
    """Stocks have no total over a window, so their split is the one of now."""
    return panel.model_copy(update={"window": None}) if indicator.window == "now" else panel
