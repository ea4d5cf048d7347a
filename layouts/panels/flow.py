"""Flows: the stages from first to last, how many stand in each, how old they are, where it waits."""

from dash import html
from dash.development.base_component import Component

from dashboard.catalogue.pages import Panel
from dashboard.formats import SPACE, quantity
from layouts import live
from layouts.live_bars import render_live_bar
from layouts.panels.bars import render_bar
from layouts.panels.codes import declared_codes
from layouts.panels.needs import Answers
from layouts.panels.said import Said
from layouts.panels.split import (
    Cell,
    Column,
    codes_of,
    columns_of,
    is_counted,
    render_cell_unit,
    render_cell_value,
    row_title,
)
from layouts.view import View

_TIMES = ("s", "min", "h", "d", "秒", "分", "分钟", "天", "日")
"""Units of ages, by which a flow knows where it waits."""


def render_flow(view: View, panel: Panel, answers: Answers) -> list[Component]:
    """Stages in their declared order. The first indicator is how many stand in each; another in its
    unit is the part of them that is over a limit; the others are said with each stage. It waits
    where the first of those that is an age is greatest."""
    columns = columns_of(view, panel, answers)
    first = columns[0]
    others = [column for column in columns[1:] if column.by == first.by]
    part = next((c for c in others if c.indicator.unit == first.indicator.unit), None)
    said = [column for column in others if column is not part]
    codes = _stages(view, first)
    waits = slowest(said, codes)
    items = [_stage(view, first, part, said, code, waits=code == waits) for code in codes]
    return [
        html.Ol(items, className="flow"),
        html.P(_foot(view, first, said, waits), className="panel-foot"),
    ]


def _stages(view: View, first: Column) -> list[str]:
    declared = declared_codes(view.catalogue, first.key, first.by)
    codes = [code for code in declared if code in first.cells or is_counted(first)]
    return codes + [code for code in codes_of(first) if code not in declared]


def age_column(said: list[Column]) -> Column | None:
    """The first indicator of a flow that says how long things stand."""
    return next((column for column in said if column.indicator.unit.zh in _TIMES), None)


def slowest(said: list[Column], codes: list[str]) -> str | None:
    """The stage in which things are oldest; None where nothing says how old they are."""
    ages = age_column(said)
    if ages is None:
        return None
    known = {code: float(ages.cells.get(code, Cell(None)).value or 0) for code in codes}
    worst = max(known, key=lambda code: known[code], default=None)
    return worst if worst is not None and known[worst] > 0 else None


def _stage(
    view: View, first: Column, part: Column | None, said: list[Column], code: str, *, waits: bool
) -> html.Li:
    title = row_title(view, first, code)
    shown: Component | str = render_cell_value(view, first, code) if code in first.cells else "0"
    lines: list[Component] = [_line(view, column, code) for column in said]
    if part is not None:
        lines.insert(0, _over(view, part, code))
    badge = [html.Span(Said.WAITS_HERE.of(view.language), className="flow-waits")] if waits else []
    return html.Li(
        [
            html.Div([html.Span(title), *badge], className="flow-name"),
            html.Div(
                [shown, html.Small(render_cell_unit(view, first, code))], className="flow-count"
            ),
            _bar(view, first, part, code, title),
            html.Div(lines, className="flow-more"),
        ],
        className="flow-stage waits" if waits else "flow-stage",
    )


def _bar(view: View, first: Column, part: Column | None, code: str, title: str) -> html.Span:
    if first.living and (part is None or part.living):
        return render_live_bar(view, first.key, title, part=code, less=part.key if part else None)
    most = max((float(cell.value or 0) for cell in first.cells.values()), default=0.0)
    within = part.cells.get(code, Cell(None)).value if part else None
    value = float(first.cells.get(code, Cell(0)).value or 0)
    return render_bar(title, value, most, part=float(within) if within else None)


def _line(view: View, column: Column, code: str) -> html.Span:
    name = view.say(column.indicator.short or column.indicator.title)
    value = render_cell_value(view, column, code)
    return html.Span([html.Span(name), value, html.Small(render_cell_unit(view, column, code))])


def _over(view: View, part: Column, code: str) -> html.Span:
    """How many of a stage are over the limit; no mark where there are none."""
    name = view.say(part.indicator.short or part.indicator.title)
    if part.living:
        value = live.render_value(view, part.key, part=code)
        mark = live.render_mark(view, part.key, part=code)
    else:
        found = part.cells.get(code, Cell(None)).value
        value = html.Span(quantity(found or 0, "", 0, view.language))
        mark = live.render_still_mark(view, "warning" if found else "none")
    return html.Span([html.Span(name), html.Span([mark, value], className="cell-value")])


def _foot(
    view: View, first: Column, said: list[Column], waits: str | None
) -> list[Component | str]:
    """Where it waits, in a sentence whose number lives as those of the stages do."""
    ages = age_column(said)
    if ages is None or waits is None:
        return []
    name = view.say(ages.indicator.short or ages.indicator.title)
    words = Said.FLOW_WAITS.fill(view.language, row_title(view, first, waits), name)
    return [
        words,
        " ",
        render_cell_value(view, ages, waits),
        SPACE,
        render_cell_unit(view, ages, waits),
    ]
