"""Bars: one dimension ranked worst first, and the stages in which things stand now."""

from collections.abc import Sequence
from urllib.parse import urlencode

from dash import html
from dash.development.base_component import Component

from dashboard.catalogue.pages import Panel
from dashboard.catalogue.places import finer_split
from dashboard.formats import counted, number, quantity
from dashboard.samples import rests_on_rows
from dashboard.scale import Mark, Tick, full_of, ticks_of
from dashboard.series.subject import splits_of
from dashboard.words import Word
from layouts import live, live_text
from layouts.bar_box import SIDES, render_box, render_length, render_ticks, size_on
from layouts.live_bars import is_two_sided, render_live_bar, render_sum, render_sum_unit
from layouts.panels.codes import declared_codes
from layouts.panels.needs import Answers
from layouts.panels.order import order_data, row_data, worst_first
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

ROWS = {"short": 5, "normal": 8, "tall": 16}
LEVEL_WORDS = {"warning": Word.WARNING, "alarm": Word.ALARM}


def render_ranked(view: View, panel: Panel, answers: Answers) -> list[Component]:
    """One bar per value of a dimension, worst first, with target and what is not listed."""
    column = columns_of(view, panel, answers)[0]
    codes = worst_first(column, codes_of(column))
    shown = codes[: ROWS[panel.height]]
    if len(codes) > 1 and not any(column.cells[code].value for code in codes):
        return [html.P(_all_zero(view, column, len(codes)), className="panel-empty")]
    rows = [_ranked_row(view, column, code) for code in shown]
    listed = html.Ul(rows, className="bars", **order_data(column))
    return [listed, _footnote(view, column, len(codes) - len(shown))]


def _all_zero(view: View, column: Column, count: int) -> str:
    """That there is nothing anywhere says more than a list of empty bars."""
    indicator = column.indicator
    at = live_text.as_of_text(view.reading(column.key), view.now, view.zone)
    zero = quantity(0, column.unit, indicator.decimals, view.language)
    return Word.ALL_ZERO.fill(view.language, at, number(count, 0, view.language), zero)


def _ranked_row(view: View, column: Column, code: str) -> html.Li:
    title, few = row_title(view, column, code), column.few(code)
    return html.Li(
        [
            _name(view, column, code, title),
            _bar(view, column, code),
            render_cell_value(view, column, code),
            html.Span(_rows_behind(view, column, code), className="bar-more"),
        ],
        className="bar-row bar-few" if few else "bar-row",
        **row_data(column, code),
    )


def _name(view: View, column: Column, code: str, title: str) -> Component:
    """What a bar is called; a unit that has parts, such as a district, leads to them."""
    finer = finer_split(view.catalogue, column.key, column.by, splits_of(column.indicator))
    if finer is None or not code:
        return html.Span(title, className="bar-name", title=title)
    path = f"/indicator/{column.key}?{urlencode({'by': finer, 'within': code})}"
    return html.A(title, href=path, className="bar-name", title=title, **{"data-within": "true"})


def _bar(view: View, column: Column, code: str) -> html.Span:
    """As long as its number says, which the browser keeps up where the frame carries it."""
    title, cell = row_title(view, column, code), column.cells[code]
    if column.living:
        return render_live_bar(view, column.key, title, part=code)
    values = [float(one.value or 0) for one in column.cells.values()]
    two_sided = is_two_sided(view, column.key, values)
    size = abs if two_sided else size_on
    most = max([full_of(column.indicator) or 0.0, *(size(one) for one in values)])
    return render_bar(
        title,
        float(cell.value or 0),
        most,
        level=cell.level,
        two_sided=two_sided,
        ticks=ticks_of(column.indicator),
    )


def _rows_behind(view: View, column: Column, code: str) -> list[Component]:
    n = column.cells[code].n
    if n is None or not rests_on_rows(column.indicator):
        return []
    said = Word.SAMPLE.fill(view.language, number(n, 0, view.language))
    shown = live.render_n(view, column.key, part=code) if column.living else html.Span(said)
    few = [html.Span(Word.TOO_FEW.of(view.language))] if column.few(code) else []
    return [shown, *few]


def _footnote(view: View, column: Column, left: int) -> html.P:
    """What the ticks of the bars stand for, what a full one is, and how many are not listed."""
    indicator = column.indicator
    words: list[Component] = []
    if indicator.target is not None:
        words.append(_said_tick(view, column, "target", Word.TARGET, indicator.target))
    for tick in ticks_of(indicator):
        if tick.mark != "target":
            words.append(_said_tick(view, column, tick.mark, LEVEL_WORDS[tick.mark], tick.at))
    full = full_of(indicator)
    if full is not None:
        words.append(html.Span(Said.BAR_FULL.fill(view.language, _amount(view, column, full))))
    if left > 0:
        words.append(html.Span(Word.OTHERS_LEFT.fill(view.language, left)))
    return html.P(words, className="panel-foot bar-foot")


def _said_tick(view: View, column: Column, mark: Mark, word: Word, value: float) -> html.Span:
    drawn = any(tick.mark == mark for tick in ticks_of(column.indicator))
    said = f"{word.of(view.language)} {_amount(view, column, value)}"
    return html.Span(said, className=f"tick-key tick-{mark}" if drawn else "")


def _amount(view: View, column: Column, value: float) -> str:
    """A number of the scale as it is said: whole where it is."""
    decimals = 0 if float(value).is_integer() else column.indicator.decimals
    return quantity(value, column.indicator.unit, decimals, view.language)


def render_bar(
    title: str,
    value: float,
    most: float,
    *,
    part: float | None = None,
    level: str = "normal",
    two_sided: bool = False,
    ticks: Sequence[Tick] = (),
) -> html.Span:
    """A bar of `value` out of `most`, from zero to its side where there are two; the end of it that
    `part` measures is drawn as abnormal."""
    if two_sided:
        lengths = [
            render_length(size_on(value, side), most, f"bar-{side} bar-{level}") for side in SIDES
        ]
        return render_box(lengths, two_sided=True)
    name = f"bar-{'part' if part else level}"
    whole = render_length(size_on(value), most, name, title=title)
    if not part:
        return render_box([whole, *render_ticks(ticks, most)])
    return render_box([whole, render_length(max(value - part, 0), most, "bar-rest")])


def render_stages(view: View, panel: Panel, answers: Answers) -> list[Component]:
    """Where things stand: one bar per stage of a dimension, or per indicator.

    The first indicator is the number in each stage; another in the same unit is the abnormal part
    of it, drawn at the bar's end; those in other units are said beside the bar.
    """
    columns = columns_of(view, panel, answers)
    if not columns[0].by:
        return _indicator_stages(view, columns)
    first, others = columns[0], columns[1:]
    alike = [column for column in others if column.by == first.by]
    part = next((c for c in alike if c.unit == first.unit), None)
    said = [column for column in alike if column is not part]
    declared = declared_codes(view.catalogue, first.key, first.by)
    codes = [code for code in declared if code in first.cells or is_counted(first)]
    codes += [code for code in codes_of(first) if code not in declared]
    most = max((float(cell.value or 0) for cell in first.cells.values()), default=0.0)
    rows = [_stage_row(view, (first, part, said), code, most) for code in codes]
    return [html.Ul(rows, className="bars stages"), _stages_note(view, first, part)]


def _stage_row(
    view: View, columns: tuple[Column, Column | None, list[Column]], code: str, most: float
) -> html.Li:
    first, part, said = columns
    title = row_title(view, first, code)
    beside: list[Component] = [_beside(view, column, code) for column in said]
    if not beside and part is not None:
        beside = _within(view, part, code)
    number_shown = render_cell_value(view, first, code) if code in first.cells else "0"
    return html.Li(
        [
            html.Span(title, className="bar-name", title=title),
            _stage_bar(view, first, part, code, most),
            html.Span(number_shown, className="cell-value"),
            html.Div(beside, className="bar-more"),
        ],
        className="bar-row",
    )


def _stage_bar(view: View, first: Column, part: Column | None, code: str, most: float) -> html.Span:
    title, cell = row_title(view, first, code), first.cells.get(code, Cell(0))
    if first.living and (part is None or part.living):
        less = part.key if part else None
        return render_live_bar(view, first.key, title, part=code, less=less)
    within = part.cells.get(code, Cell(None)).value if part else None
    size = float(within) if within else None
    return render_bar(title, float(cell.value or 0), most, part=size, level=cell.level)


def _within(view: View, part: Column, code: str) -> list[Component]:
    """How many of a stage are abnormal; hidden by its style while there are none."""
    mark = live.render_still_mark(view, "warning")
    if part.living:
        value = live.render_value(view, part.key, part=code)
        return [live.render_box(view, part.key, [mark, value], "bar-within", part=code)]
    within = part.cells.get(code, Cell(None)).value
    return [html.Span([mark, number(within)])] if within else []


def _beside(view: View, column: Column, code: str) -> html.Span:
    name = view.say(column.indicator.short or column.indicator.title)
    value, unit = render_cell_value(view, column, code), render_cell_unit(view, column, code)
    return html.Span([f"{name} ", value, " ", unit])


def _stages_note(view: View, first: Column, part: Column | None) -> html.P:
    total = sum(float(cell.value or 0) for code, cell in first.cells.items() if code)
    shown = render_sum(view, first.key) if first.living else number(total, 0, view.language)
    before, after = Word.STAGES_TOTAL.fill(view.language, "\n").split("\n")
    unit = (
        render_sum_unit(view, first.key)
        if first.living
        else counted(first.unit, total, 0, view.language)
    )
    words: list[Component | str] = [before, shown, " ", unit, after]
    if part is not None:
        name = view.say(part.indicator.short or part.indicator.title)
        words += [view.words("；", "; "), Word.STAGES_PART.fill(view.language, name)]
    return html.P(words, className="panel-foot")


def _indicator_stages(view: View, columns: list[Column]) -> list[Component]:
    keys = [column.key for column in columns]
    rows = [
        html.Li(
            [
                live.render_label(view, column.key, short=True),
                render_live_bar(view, column.key, view.say(column.indicator.title), among=keys),
                html.Span(
                    [live.render_mark(view, column.key), live.render_value(view, column.key)],
                    className="cell-value",
                ),
                html.Span(live.render_unit(view, column.key), className="bar-more"),
            ],
            className="bar-row",
        )
        for column in columns
    ]
    return [html.Ul(rows, className="bars stages")]
