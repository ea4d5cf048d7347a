"""The frame of every panel: what it shows, whose it is, as of when, and its menu."""

from urllib.parse import urlencode

from dash import dcc, html
from dash.development.base_component import Component

from dashboard import ids
from dashboard.catalogue.pages import Panel
from dashboard.figures import Drawing, build_empty
from dashboard.ports import Series
from dashboard.reasons import reason_text
from dashboard.words import Word
from layouts import live, live_text
from layouts.live_ages import render_oldest
from layouts.panels.absence import nothing_words
from layouts.panels.bars import render_ranked, render_stages
from layouts.panels.city_map import render_map
from layouts.panels.codes import EVERY, window_title
from layouts.panels.draw import band_middle, band_order
from layouts.panels.facts import render_facts, render_number
from layouts.panels.flow import render_flow
from layouts.panels.lists import render_listed, render_lists
from layouts.panels.lookup import render_lookup
from layouts.panels.matrix import render_matrix
from layouts.panels.needs import (
    CHARTS,
    SPLITS,
    Answers,
    Failure,
    grain_of,
    is_from_frame,
    is_live,
    pair_of,
    split_of,
    step_of,
    window_name,
)
from layouts.panels.said import Said
from layouts.panels.tables import render_rules, render_table
from layouts.view import View

GRAPH = {"displayModeBar": False, "responsive": True, "showTips": False, "doubleClick": False}
NOTHING = Answers({})
MEASURED = (*(kind for kind in CHARTS if kind != "gantt"), "ranked", "stages", "matrix", "flow")
"""Kinds whose subtitle names the unit."""
SPACE = "\u3000"
"""Between the parts of a subtitle."""
_BODIES = {
    "number": render_number,
    "ranked": render_ranked,
    "stages": render_stages,
    "table": render_table,
    "rules": render_rules,
    "facts": render_facts,
    "rows": render_listed,
    "flow": render_flow,
    "matrix": render_matrix,
}


def render_panel(view: View, panel: Panel, name: str) -> html.Section:
    """One panel; `name` is how its callbacks find it (see `place`)."""
    title = panel_title(view, panel)
    trouble = trouble_of(view, panel)
    head = html.Div(
        [html.H2(title), *([] if trouble else [_menu(view, panel)])], className="panel-head"
    )
    body = [html.P(trouble, className="panel-empty")] if trouble else _body(view, panel, name)
    said = view.say(panel.note) if panel.note else ""
    said = said or (Said.CONTROL_NOTE.of(view.language) if panel.kind == "control" else "")
    note = [html.P(said, className="panel-foot")] if said else []
    return html.Section(
        [head, _subtitle(view, panel, trouble), *body, *note],
        className=f"panel panel-{panel.kind} wide-{panel.width} high-{panel.height}",
        **{"aria-label": title},
    )


def panel_title(view: View, panel: Panel) -> str:
    """A sentence a clerk would say; else the first indicator's title."""
    if panel.title is not None:
        return view.say(panel.title)
    return live.indicator_title(view, panel.indicators[0])


def trouble_of(view: View, panel: Panel) -> str:
    """Why a panel cannot be shown at all; empty where it can."""
    for key in panel.indicators:
        indicator = view.catalogue.indicator(key)
        if indicator is None:
            return Word.NO_SUCH_INDICATOR.fill(view.language, key)
        if not view.person.audience.sees(key.partition(".")[0], indicator.roles):
            return Word.REFUSED.of(view.language)
    return ""


def colon(view: View) -> str:
    """A colon as the language writes it."""
    return view.words("：", ": ")


def _subtitle(view: View, panel: Panel, trouble: str) -> html.P:
    if trouble:
        return html.P("", className="panel-sub")
    key = panel.indicators[0]
    indicator = view.catalogue.indicator(key)
    parts: list[str] = [view.say(view.catalogue.department_of(key).owner)]
    if indicator is not None and panel.kind in MEASURED:
        parts.append(view.say(indicator.unit_over(_summed_over(view, panel, key))))
    window = window_name(panel, view.catalogue)
    if window != "now" and panel.kind not in ("facts", "number", "rules", "lookup"):
        parts.append(window_title(window, view.language))
    if panel.kind in CHARTS:
        every = EVERY.get(step_of(panel, view.catalogue, view.now, view.zone.key) or "")
        parts.append(every.of(view.language) if every is not None else "")
    parts.append(_legend(view, panel))
    words = SPACE.join([*(part for part in parts if part), ""])
    as_of = html.Span(f"{Word.AS_OF.of(view.language)} ", className="oldest-head")
    return html.P([words, as_of, render_oldest(view, _dated(panel))], className="panel-sub")


def _dated(panel: Panel) -> list[str]:
    """The indicators by which a panel says as of when it is. Layers of a map say their own ages, and
    what is stated of each part stands marked beside it."""
    first_alone = panel.kind in ("map", "facts")
    return panel.indicators[:1] if first_alone else list(dict.fromkeys(panel.indicators))


def _summed_over(view: View, panel: Panel, key: str) -> str:
    """Over what each value of a panel is summed; empty for the indicator's own window."""
    if panel.kind in CHARTS:
        return grain_of(panel) or "step"
    return "" if is_live(panel, view.catalogue, key) else window_name(panel, view.catalogue)


def _legend(view: View, panel: Panel) -> str:
    """What the line and the edges of a band are."""
    if panel.kind != "band" or len(panel.indicators) < 2:
        return ""
    ordered = band_order(view.catalogue, panel.indicators)
    names = [live.indicator_title(view, key, short=True) for key in ordered]
    middle = band_middle(view.catalogue, ordered)
    edges = [name for index, name in enumerate(names) if index != middle]
    return Word.BAND_LEGEND.fill(view.language, names[middle], "–".join(edges))


def _menu(view: View, panel: Panel) -> html.Nav:
    """定义 明细 导出. Plain links: each component of Dash costs the browser at every answer."""
    title = panel_title(view, panel)
    page = f"/indicator/{panel.indicators[0]}"
    exports = [
        html.A(kind.upper(), href=export_link(view, panel, kind), download="")
        for kind in ("xlsx", "csv")
    ]
    export = Word.EXPORT.of(view.language)
    return html.Nav(
        [
            html.A(
                Word.DEFINITION.of(view.language),
                href=f"{page}#{ids.PART_DEFINITION}",
                title=_definitions(view, panel),
                **{"data-within": "true"},
            ),
            html.A(
                Word.DETAILS.of(view.language),
                href=f"{page}#{ids.PART_ROWS}",
                **{"data-within": "true"},
            ),
            html.Details(
                [
                    html.Summary(export, **{"aria-label": f"{export}{colon(view)}{title}"}),
                    html.Div(exports, className="pop"),
                ]
            ),
        ],
        className="panel-menu",
        **{"aria-label": title},
    )


def _definitions(view: View, panel: Panel) -> str:
    found = (view.catalogue.indicator(key) for key in dict.fromkeys(panel.indicators))
    return "\n".join(
        f"{view.say(one.title)}{colon(view)}{view.say(one.definition.text)}" for one in found if one
    )


def export_link(view: View, panel: Panel, kind: str) -> str:
    """Where a panel's first indicator is exported over the same window, grain and split."""
    key = panel.indicators[0]
    window = window_name(panel, view.catalogue)
    asked = {
        "window": "" if window == "now" else window,
        "grain": (grain_of(panel) or "") if panel.kind in CHARTS else "",
        "by": pair_of(panel, view.catalogue, key) or split_of(panel, view.catalogue, key),
    }
    query = urlencode({name: value for name, value in asked.items() if value})
    return f"/export/{key}.{kind}" + (f"?{query}" if query else "")


def _body(view: View, panel: Panel, name: str) -> list[Component]:
    if panel.kind in CHARTS:
        return [_chart(view, panel, name)]
    if panel.kind == "lookup":
        return [render_lookup(view, panel, name)]
    if panel.kind == "map":
        return [render_map(view, panel)]
    if panel.kind == "rows":
        return render_lists(view, panel, name)
    if not is_from_frame(panel, view.catalogue):
        loading = html.P(Word.LOADING.of(view.language), className="panel-empty")
        return [html.Div([loading], id=ids.panel_split(name), className="panel-body")]
    return [
        html.Div(
            render_split(view, panel, NOTHING), id=ids.panel_split(name), className="panel-body"
        )
    ]


def _chart(view: View, panel: Panel, name: str) -> html.Div:
    drawing = Drawing("light", view.language, view.zone, str)
    return html.Div(
        [
            dcc.Graph(
                id=ids.panel_figure(name),
                figure=build_empty(drawing),
                config=GRAPH,
                className="chart",
                responsive=True,
            ),
            html.P(
                Word.LOADING.of(view.language),
                id=ids.panel_note(name),
                className="panel-empty over",
            ),
        ],
        className="chart-box",
        role="img",
        **{"aria-label": f"{panel_title(view, panel)}{colon(view)}{Word.TREND.of(view.language)}"},
    )


def render_split(view: View, panel: Panel, answers: Answers) -> list[Component]:
    """The body of a panel that is not a chart, or the words for why it is empty."""
    failure = next((a for a in answers.series.values() if isinstance(a, Failure)), None)
    if failure is not None:
        return [html.P(view.say(failure.reason), className="panel-empty")]
    if answers.series and not _has_values(answers):
        return [html.P(nothing_words(view, answers), className="panel-empty")]
    if panel.kind in (*SPLITS, "facts") and _is_empty(view, panel, answers):
        return [html.P(_why_empty(view, panel), className="panel-empty")]
    return _BODIES[panel.kind](view, panel, answers)


def _has_values(answers: Answers) -> bool:
    series = [answer for answer in answers.series.values() if isinstance(answer, Series)]
    return any(point.value is not None for one in series for point in one.points)


def _is_empty(view: View, panel: Panel, answers: Answers) -> bool:
    if _has_values(answers):
        return False
    readings = [view.reading(key) or {} for key in panel.indicators]
    return not any(r.get("parts") or _stands_alone(panel, r) for r in readings)


def _stands_alone(panel: Panel, reading: dict[str, object]) -> bool:
    shown = reading.get("value") is not None or reading.get("text") is not None
    return shown and reading.get("parts_by") is None and panel.kind in ("stages", "facts")


def _why_empty(view: View, panel: Panel) -> str:
    key = panel.indicators[0]
    reading = view.reading(key)
    reason = reason_text((reading or {}).get("reason"))
    if reason is not None:
        return view.say(reason)
    if reading is None or reading.get("state") in ("unavailable", "not_due"):
        return live_text.age_text(reading, view.now, view.language)
    return Word.NO_ROWS.of(view.language)
