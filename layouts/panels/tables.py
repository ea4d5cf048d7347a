"""Tables: one row per value of a dimension, and rules with how many breach them and how long."""

from dash import html
from dash.development.base_component import Component

from dashboard.catalogue import Catalogue
from dashboard.catalogue.indicators import Indicator, Stock
from dashboard.catalogue.pages import Panel
from dashboard.formats import number, signed
from dashboard.i18n import NO_VALUE
from dashboard.samples import rests_on_rows
from dashboard.words import Word
from layouts import live
from layouts.panels.codes import AGAINST, SIGNS, dimension_title, window_title
from layouts.panels.facts import since_words
from layouts.panels.needs import Answers, window_name
from layouts.panels.order import (
    by_severity,
    level_row_data,
    levels_data,
    order_data,
    row_data,
    worst_first,
)
from layouts.panels.said import Said
from layouts.panels.split import (
    Cell,
    Column,
    codes_of,
    columns_of,
    is_counted,
    render_cell_value,
    row_title,
)
from layouts.view import View

ROWS = {"short": 5, "normal": 8, "tall": 16}


def render_table(view: View, panel: Panel, answers: Answers) -> list[Component]:
    """One row per code; the first indicator that has limits, else the first, decides the order."""
    columns = columns_of(view, panel, answers)
    lead = next((c for c in columns if c.indicator.limits), columns[0])
    known = dict.fromkeys(code for column in columns for code in codes_of(column))
    codes = worst_first(lead, list(known))
    shown = codes[: ROWS[panel.height]]
    counted = next((c for c in columns if any(_is_sample(cell) for cell in c.cells.values())), None)
    table = html.Table(
        [
            html.Caption(_caption(view, panel), className="hidden"),
            html.Thead(html.Tr(_heads(view, panel, columns, counted))),
            html.Tbody(
                [_row(view, columns, lead, counted, code) for code in shown], **order_data(lead)
            ),
        ],
        className="figures",
    )
    left = len(codes) - len(shown)
    more = Word.OTHERS_LEFT.fill(view.language, left) if left > 0 else ""
    return [_boxed(view, panel, table), html.P(more, className="panel-foot")]


def _boxed(view: View, panel: Panel, table: html.Table) -> html.Div:
    """On a phone it is moved sideways, so that the keyboard must reach it."""
    reach = {"tabIndex": 0, "role": "group", "aria-label": _caption(view, panel)}
    return html.Div(table, className="table-box", **reach)


def _is_sample(cell: Cell) -> bool:
    return cell.n is not None and cell.n != cell.value


def _caption(view: View, panel: Panel) -> str:
    if panel.title is not None:
        return view.say(panel.title)
    return live.indicator_title(view, panel.indicators[0])


def _heads(
    view: View, panel: Panel, columns: list[Column], counted: Column | None
) -> list[html.Th]:
    first = columns[0]
    heads = [
        html.Th(dimension_title(view.catalogue, first.key, first.by, view.language), scope="col")
    ]
    if counted is not None:
        heads.append(html.Th("n", scope="col", className="right"))
    for column in columns:
        heads.append(html.Th(_head(view, panel, column), scope="col", className="right"))
    return heads


def _head(view: View, panel: Panel, column: Column) -> str:
    """What a column is called, with its unit, and with its window where that is not the panel's."""
    name = view.say(column.indicator.short or column.indicator.title)
    more = [view.say(column.unit)]
    window = column.window or column.indicator.window
    if window != window_name(panel, view.catalogue):
        said = window_title(window, view.language)
        # What is called "reported today" says so itself.
        more += [] if said.casefold() in name.casefold() else [said]
    inside = view.words("，", ", ").join(one for one in more if one)
    return view.words(f"{name}（{inside}）", f"{name} ({inside})") if inside else name


def _row(
    view: View, columns: list[Column], lead: Column, counted: Column | None, code: str
) -> html.Tr:
    title = next((row_title(view, c, code) for c in columns if c.by), code)
    cells: list[Component] = [html.Th(title, scope="row")]
    if counted is not None:
        n = counted.cells.get(code, Cell(None)).n
        cells.append(html.Td(number(n, 0, view.language), className="right"))
    for column in columns:
        name = "right lead" if column is lead else "right"
        nothing = code not in column.cells and is_counted(column)
        shown = "0" if nothing else render_cell_value(view, column, code)
        cells.append(html.Td(shown, className=name))
    return html.Tr(cells, className="few" if lead.few(code) else "", **row_data(lead, code))


def render_rules(view: View, panel: Panel, answers: Answers) -> list[Component]:
    """Indicators as a list, those in breach first, each with the age of its oldest row."""
    keys = [key for key in panel.indicators if view.catalogue.indicator(key) is not None]
    ages = {key: oldest_for(view.catalogue, key) for key in keys}
    own = [key for key in keys if key not in ages.values()]
    ordered = by_severity(view, own)
    aged = any(ages[key] for key in ordered)
    aimed = any(target_words(view, key) for key in ordered)
    words: list[Word | Said] = [Word.RULE, Word.VALUE]
    words += [Word.TARGET] if aimed else []
    words += [Said.TRIGGERS]
    words += [Word.OLDEST] if aged else []
    heads = [
        html.Th(word.of(view.language), scope="col", className="right" if index else "")
        for index, word in enumerate(words)
    ]
    rows = [_rule(view, key, ages[key], own.index(key), aged=aged, aimed=aimed) for key in ordered]
    table = html.Table(
        [
            html.Caption(_caption(view, panel), className="hidden"),
            html.Thead(html.Tr(heads)),
            html.Tbody(rows, **levels_data()),
        ],
        className="figures rules",
    )
    return [_boxed(view, panel, table)]


def oldest_for(catalogue: Catalogue, key: str) -> str | None:
    """The indicator that says how old the oldest row behind a count is: the same rows of the same
    dataset, their greatest age. None where there is none, and for one that is such an age."""
    indicator = catalogue.indicator(key)
    if indicator is None or not isinstance(indicator.measure, Stock) or _is_oldest(indicator):
        return None
    department = key.partition(".")[0]
    for name, other in catalogue.departments[department].indicators.items():
        if (
            _is_oldest(other)
            and other.dataset == indicator.dataset
            and _rows(other) == _rows(indicator)
        ):
            return f"{department}.{name}"
    return None


def _is_oldest(indicator: Indicator) -> bool:
    measure = indicator.measure
    return isinstance(measure, Stock) and measure.age_of is not None and measure.aggregate == "max"


def _rows(indicator: Indicator) -> set[str]:
    measure = indicator.measure
    where = [*measure.state, *measure.where] if isinstance(measure, Stock) else []
    return {condition.model_dump_json() for condition in (*indicator.where, *where)}


def _rule(view: View, key: str, age: str | None, place: int, *, aged: bool, aimed: bool) -> html.Tr:
    title = live.indicator_title(view, key, short=True)
    link = html.A(title, href=f"/indicator/{key}", **{"data-within": "true"})
    value = [live.render_value(view, key), html.Small(live.render_unit(view, key))]
    indicator = view.catalogue.indicator(key)
    if indicator is not None and rests_on_rows(indicator):
        value.append(html.Small(live.render_n(view, key)))
    since = [html.Small(f" {words}") for words in [since_words(view, key)] if words]
    cells = [
        html.Th([live.render_mark(view, key), link, *since], scope="row"),
        html.Td(value, className="right lead"),
    ]
    if aimed:
        cells.append(html.Td(target_words(view, key) or NO_VALUE, className="right"))
    cells.append(html.Td(limit_words(view, key), className="right"))
    if aged:
        oldest = (
            [live.render_value(view, age), " ", live.render_unit(view, age)] if age else NO_VALUE
        )
        cells.append(html.Td(oldest, className="right"))
    return html.Tr(cells, **level_row_data(key, place))


def target_words(view: View, key: str) -> str:
    """The target of an indicator, `≥ 95`: at least or at most by which way is good; empty where it
    has none."""
    indicator = view.catalogue.indicator(key)
    if indicator is None or indicator.target is None:
        return ""
    digits = 0 if float(indicator.target).is_integer() else max(1, indicator.decimals)
    sign = {"up": "≥ ", "down": "≤ "}.get(indicator.direction, "")
    return sign + number(indicator.target, digits, view.language)


def limit_words(view: View, key: str) -> str:
    """The first limit of an indicator in short, `> 24`, or against what of its past it stands."""
    indicator = view.catalogue.indicator(key)
    if indicator is None or not indicator.limits:
        return NO_VALUE
    limit = indicator.limits[0]
    digits = 0 if float(limit.value).is_integer() else 2 if limit.against else 1
    amount = number(limit.value, digits, view.language)
    if limit.against is None:
        return f"{SIGNS[limit.op]} {amount}"
    past = AGAINST[limit.against].of(view.language)
    if limit.as_ == "quotient":
        times = "" if limit.value == 1 else f" × {amount}"
    else:
        times = f" {signed(limit.value, digits, view.language)}"
    return f"{SIGNS[limit.op]} {past}{times}"
