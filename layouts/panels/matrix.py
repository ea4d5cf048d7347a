"""Matrices: a value by two dimensions, marked where it breaches a limit; on a phone its worst cells."""

from collections.abc import Iterable, Mapping, Sequence

from dash import html
from dash.development.base_component import Component

from dashboard.catalogue.pages import Panel
from dashboard.catalogue.places import dimension_named
from dashboard.formats import quantity, sample
from dashboard.samples import RATES
from dashboard.words import Word
from layouts import live
from layouts.panels.absence import nothing_words
from layouts.panels.codes import code_title, declared_codes, dimension_title
from layouts.panels.crossed import Crossed, Place, crossed_of
from layouts.panels.needs import Answers, Failure
from layouts.panels.said import Said
from layouts.view import View

WORST = 8
"""Cells that are listed where there is no room for all."""
SHADES = 4
_RANK = {"alarm": 0, "warning": 1}


def render_matrix(view: View, panel: Panel, answers: Answers) -> list[Component]:
    """The matrix of a panel's one indicator, and the list of its worst cells for narrow screens."""
    failure = next((a for a in answers.series.values() if isinstance(a, Failure)), None)
    if failure is not None:
        return [_empty(view.say(failure.reason))]
    crossed = crossed_of(view, panel, answers)
    if crossed is None:
        return [_empty(Said.LIST_WAITING.of(view.language))]
    if not crossed.cells:
        nothing = (
            Word.NO_ROWS.of(view.language) if crossed.read_at else nothing_words(view, answers)
        )
        return [_empty(nothing)]
    caption = f"{live.indicator_title(view, crossed.key)} {_dimensions(view, crossed)}"
    reach = {"tabIndex": 0, "role": "region", "aria-label": caption}
    return [
        html.Div(_table(view, crossed, caption), className="table-box matrix-box", **reach),
        _worst(view, crossed),
        html.P(_foot(view, crossed), className="panel-foot"),
    ]


def _empty(words: str) -> html.P:
    return html.P(words, className="panel-empty")


def _dimensions(view: View, crossed: Crossed) -> str:
    pair = f"{crossed.rows},{crossed.columns}"
    return dimension_title(view.catalogue, crossed.key, pair, view.language)


def _ordered(view: View, crossed: Crossed, by: str, codes: Iterable[str]) -> list[str]:
    """Codes as the catalogue lists them, so that a town stands in the same place every day."""
    known = set(codes)
    declared = [c for c in declared_codes(view.catalogue, crossed.key, by) if c in known]
    return declared + sorted(known - set(declared))


def _groups(
    view: View, crossed: Crossed, by: str, codes: Sequence[str]
) -> list[tuple[str, list[str]]]:
    """Neighbouring codes of one parent, such as the towns of a district; one group where the code
    list has no parent."""
    dimension = dimension_named(view.catalogue, crossed.key, by)
    listed = view.catalogue.codes.get(dimension.codes or "") if dimension else None
    parents = view.catalogue.codes.get(listed.parent or "") if listed else None
    found: list[tuple[str, list[str]]] = []
    for code in codes:
        own = listed.codes.get(code) if listed else None
        above = own.parent if own else None
        title = view.say(parents.codes[above].title) if parents and above in parents.codes else ""
        if not found or found[-1][0] != title:
            found.append((title, []))
        found[-1][1].append(code)
    return found


def _table(view: View, crossed: Crossed, caption: str) -> html.Table:
    rows = _ordered(view, crossed, crossed.rows, (row for row, _ in crossed.cells))
    columns = _ordered(view, crossed, crossed.columns, (column for _, column in crossed.cells))
    column_groups = _groups(view, crossed, crossed.columns, columns)
    shade = _shading(crossed)
    bodies = [
        html.Tbody(
            [
                *_group_head(title, len(columns)),
                *(_row(view, crossed, row, columns, shade) for row in group),
            ]
        )
        for title, group in _groups(view, crossed, crossed.rows, rows)
    ]
    crowded = " crowded" if len(columns) > 12 else ""
    return html.Table(
        [
            html.Caption(caption, className="hidden"),
            html.Thead(_heads(view, crossed, column_groups)),
            *bodies,
        ],
        className=f"matrix{crowded}",
    )


def _group_head(title: str, width: int) -> list[html.Tr]:
    if not title:
        return []
    return [html.Tr(html.Th(title, scope="rowgroup", colSpan=width + 1), className="matrix-group")]


def _heads(view: View, crossed: Crossed, groups: list[tuple[str, list[str]]]) -> list[html.Tr]:
    named = any(title for title, _ in groups)
    corner = html.Th(
        dimension_title(view.catalogue, crossed.key, crossed.rows, view.language),
        scope="col",
        rowSpan=2 if named else 1,
    )
    titles = [
        html.Th(html.Span(_title(view, crossed, crossed.columns, code)), scope="col")
        for _, group in groups
        for code in group
    ]
    if not named:
        return [html.Tr([corner, *titles])]
    spans = [
        html.Th(title, scope="colgroup", colSpan=len(group), className="matrix-span")
        for title, group in groups
    ]
    return [html.Tr([corner, *spans]), html.Tr(titles)]


def _title(view: View, crossed: Crossed, by: str, code: str) -> str:
    return code_title(view.catalogue, crossed.key, by, code, view.language)


def _shading(crossed: Crossed) -> Mapping[Place, int]:
    """A few quiet shades by size, so that the eye finds where there is much."""
    sizes = {
        p: abs(float(cell.value)) for p, cell in crossed.cells.items() if cell.value is not None
    }
    most = max(sizes.values(), default=0.0)
    return {place: round(SHADES * size / most) if most else 0 for place, size in sizes.items()}


def _row(
    view: View, crossed: Crossed, row: str, columns: list[str], shade: Mapping[Place, int]
) -> html.Tr:
    cells = [_cell(view, crossed, (row, column), shade) for column in columns]
    return html.Tr([html.Th(_title(view, crossed, crossed.rows, row), scope="row"), *cells])


def _cell(view: View, crossed: Crossed, place: Place, shade: Mapping[Place, int]) -> html.Td:
    cell = crossed.cells.get(place)
    if cell is None:
        return html.Td("")
    few = crossed.few(place)
    level = "normal" if few else cell.level
    mark = [live.render_still_mark(view, level)] if level != "normal" else []
    names = [f"shade-{shade.get(place, 0)}", f"is-{level}", *(["few"] if few else [])]
    children: list[Component] = [*mark, html.Span(crossed.say(view, place))]
    if crossed.indicator.measure.kind in RATES and cell.n is not None:
        children.append(html.Small(sample(cell.n, view.language)))
    return html.Td(children, className=" ".join(names))


def _worst(view: View, crossed: Crossed) -> html.Ul:
    """The worst cells by name; too few rows and nothing at all are not among them."""
    rising = crossed.indicator.direction == "up"

    def place_of(place: Place) -> tuple[int, float]:
        cell = crossed.cells[place]
        size = float(cell.value or 0)
        return _RANK.get(cell.level, 2), size if rising else -size

    known = [p for p, cell in crossed.cells.items() if not crossed.few(p)]
    known = [p for p in known if p in crossed.words or crossed.cells[p].value]
    items = [_item(view, crossed, place) for place in sorted(known, key=place_of)[:WORST]]
    return html.Ul(items, className="matrix-worst")


def _item(view: View, crossed: Crossed, place: Place) -> html.Li:
    row, column = place
    cell = crossed.cells[place]
    titles = (
        _title(view, crossed, crossed.rows, row),
        _title(view, crossed, crossed.columns, column),
    )
    mark = [live.render_still_mark(view, cell.level)] if cell.level != "normal" else []
    said = crossed.say(view, place)
    if place not in crossed.words:
        unit, decimals = crossed.indicator.unit, crossed.indicator.decimals
        said = quantity(cell.value, unit, decimals, view.language)
    rests = crossed.indicator.measure.kind in RATES
    n = [html.Small(sample(cell.n, view.language))] if rests else []
    return html.Li(
        [html.Span(" · ".join(titles), className="list-name"), *mark, html.Span(said), *n]
    )


def _foot(view: View, crossed: Crossed) -> str:
    words = []
    if crossed.read_at:
        words.append(Said.READ_AT.fill(view.language, crossed.read_at))
    if any(crossed.few(place) for place in crossed.cells):
        words.append(Said.FEW_IN_GREY.of(view.language))
    if len(crossed.cells) > WORST:
        words.append(Said.MATRIX_CELLS.fill(view.language, len(crossed.cells)))
    return "　".join(words)
