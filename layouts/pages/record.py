"""One row of a department, followed down to: what it says, its times in order, what counts it."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from dashboard import ids
from dashboard.catalogue import Dataset
from dashboard.catalogue.explain import nearest
from dashboard.clerk import dimension_text
from dashboard.formats import age, clock
from dashboard.ports import RowPage
from dashboard.records import dataset_named, split_key
from dashboard.text import Text
from dashboard.words import Word
from layouts.pages.about import render_facts_list
from layouts.pages.heading import render_demo, render_heading, render_page_tick
from layouts.pages.rows import cell_text
from layouts.pages.sections import render_section
from layouts.routes import NoSuchPage
from layouts.view import View

TITLE = Text(zh="记录", en="Record")


def render_record(view: View, dataset: str, key: str) -> html.Div:
    """The page at /record/{dataset}/{key}; the row itself is asked for once the page is there.

    Raises NoSuchPage where there is no such dataset, naming the nearest one.
    """
    found = dataset_named(view.catalogue, dataset)
    if found is None:
        known = [
            f"{d.key}.{name}" for d in view.catalogue.departments.values() for name in d.datasets
        ]
        near = nearest(dataset, known)
        raise NoSuchPage(f"/record/{dataset}", f"/record/{near}/{key}" if near else None)
    department = view.catalogue.departments[dataset.partition(".")[0]]
    called = view.say(found.find.title if found.find else found.title)
    name = "·".join(split_key(key))
    owner = dcc.Link(view.say(department.owner), href=f"/department/{department.key}")
    heading = render_heading(view, f"{called} {name}", badges=render_demo(view, department))
    heading.children.insert(1, html.Span(owner, className="owner"))
    waiting = html.P(Word.LOADING.of(view.language), className="panel-empty")
    place = html.Div(waiting, id=ids.record_box(dataset, key), className="record-box wide-12 grid")
    children = [place, _counted(view, department.key, dataset.partition(".")[2])]
    return html.Div(
        [heading, html.Div(children, className="grid"), render_page_tick()],
        className="page page-record",
    )


def _counted(view: View, department: str, dataset: str) -> html.Section:
    """The indicators that count rows of this kind."""
    keys = [
        (key, indicator)
        for key, indicator in view.catalogue.indicators()
        if key.startswith(f"{department}.")
        and indicator.dataset == dataset
        and not indicator.internal
    ]
    links = [
        html.Li(dcc.Link(view.say(indicator.title), href=f"/indicator/{key}"))
        for key, indicator in keys
    ]
    title = Word.COUNTED_IN.of(view.language)
    return render_section(title, [html.Ul(links, className="plain-list")], 12)


def render_row(view: View, dataset: str, page: RowPage, at: datetime) -> list[Component]:
    """The row's cells with their titles, and its times in order; or that there is none."""
    found = dataset_named(view.catalogue, dataset)
    if found is None or not page.rows:
        empty = html.P(Word.NO_SUCH_ROW.of(view.language), className="panel-empty")
        return [render_section(Word.RECORD.of(view.language), [empty], 12)]
    cells = dict(zip(page.columns, page.rows[0], strict=True))
    asked = Word.ROW_ASKED.fill(view.language, clock(at, view.zone))
    facts = [*_facts(view, found, cells)]
    steps = _steps(view, found, cells)
    parts = [
        render_section(
            Word.RECORD.of(view.language),
            [html.P(asked, className="panel-sub"), render_facts_list(facts)],
            7 if steps else 12,
        )
    ]
    if steps:
        steps_title = Word.TIMES_IN_ORDER.of(view.language)
        parts.append(render_section(steps_title, [html.Ol(steps, className="steps")], 5))
    return parts


def _facts(
    view: View, dataset: Dataset, cells: Mapping[str, Any]
) -> Iterator[tuple[str, str | Component | list[Component]]]:
    """Column titles and cells; a code is said by its name, with the code itself beside it."""
    dimensions = {one.column: one for one in dataset.dimensions.values()}
    for column, value in cells.items():
        title = view.say(dataset.show[column]) if column in dataset.show else column
        said = cell_text(view, value)
        if value is not None and column in dimensions:
            name = view.say(dimension_text(view.catalogue, dimensions[column], str(value)))
            if name != said:
                code = html.Span(f" {said}", className="code-beside")
                yield title, [html.Span(name), code]
                continue
        yield title, said


def _steps(view: View, dataset: Dataset, cells: Mapping[str, Any]) -> list[Component]:
    """The row's own times, earliest first, each with how long after the one before."""
    columns = dict.fromkeys(time.column for time in dataset.times.values())
    times = sorted(
        (value, column)
        for column in columns
        if isinstance(value := cells.get(column), datetime) and value.tzinfo is not None
    )
    if len(times) < 2:
        return []
    steps: list[Component] = []
    before: datetime | None = None
    for at, column in times:
        title = view.say(dataset.show[column]) if column in dataset.show else column
        since = f"+{age(at - before, view.language)}" if before is not None else ""
        steps.append(
            html.Li(
                [
                    html.Span(title, className="step-name"),
                    html.Span(cell_text(view, at), className="step-at"),
                    html.Span(since, className="step-since"),
                ]
            )
        )
        before = at
    return steps
