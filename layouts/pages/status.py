"""Whether the numbers can be trusted: every feed, the center's own parts, the catalogue."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from dash import dcc, html
from dash.development.base_component import Component

from dashboard import ids
from dashboard.catalogue import Department, Problem
from dashboard.catalogue.check import all_problems
from dashboard.catalogue.told import told_problems
from dashboard.ports import Range
from dashboard.text import Text
from dashboard.tickets import Ticket
from dashboard.words import Word
from layouts import live
from layouts.pages.about import render_facts_list
from layouts.pages.feeds import HEADS, WELL, render_feed, state_of
from layouts.pages.heading import render_demo, render_heading
from layouts.pages.late import render_late_numbers
from layouts.pages.sections import render_section, render_table
from layouts.pages.tickets import TITLE as TICKETS
from layouts.pages.tickets import render_tickets, seen_tickets
from layouts.view import View

TITLE = Text(zh="数据状态", en="Data status")
REFRESH = 5_000
"""Milliseconds between two looks at the feeds."""


@dataclass(frozen=True)
class Parts:
    """How the center's own parts are. `store` None means that nobody has asked yet; `covered` is
    from when to when the history of a feed (`department.dataset`) is complete."""

    live: bool | None = None
    store: bool | None = None
    covered: Mapping[str, Range | None] = field(default_factory=dict)
    tickets: Sequence[Ticket] = ()


UNASKED = Parts()


def render_status(view: View) -> html.Div:
    """The page at /status."""
    return html.Div(
        [
            render_heading(view, Word.STATUS.of(view.language)),
            html.Div(render_tables(view, UNASKED), id=ids.STATUS_TABLES, className="grid"),
            dcc.Interval(id=ids.STATUS_TICK, interval=REFRESH),
        ],
        className="page page-status",
    )


def render_tables(view: View, parts: Parts) -> list[Component]:
    """Everything below the title: the center, then departments as the catalogue has them, those with
    trouble first, then the tickets: what comes once the store was asked moves nothing."""
    departments = sorted(_seen(view), key=lambda d: (_ill(view, d) == 0, d.order, d.key))
    problems = all_problems(view.catalogue, told_problems(view.sections))
    return [
        _center(view, parts, well=not problems),
        *([_problems(view, problems)] if problems else []),
        render_late_numbers(view),
        *(_department(view, department, parts) for department in departments),
        render_tickets(view, parts.tickets, _unasked(view, parts)),
    ]


def _seen(view: View) -> list[Department]:
    allowed = view.person.departments
    return [d for d in view.catalogue.departments.values() if allowed is None or d.key in allowed]


def _ill(view: View, department: Department) -> int:
    """How many feeds of a department are not well."""
    return sum(state_of(view, department, name) not in WELL for name in department.datasets)


def _unasked(view: View, parts: Parts) -> str:
    """Why what the store knows is not known; empty where it answered."""
    if parts.store is None:
        return Word.LOADING.of(view.language)
    return "" if parts.store else Word.NOT_ANSWERING.of(view.language)


def _center(view: View, parts: Parts, *, well: bool) -> html.Section:
    departments = _seen(view)
    feeds = sum(len(department.datasets) for department in departments)
    bad = sum(_ill(view, department) for department in departments)
    summary = Word.FEEDS_SUMMARY.fill(view.language, feeds, bad)
    pairs: list[tuple[str, str | Component | list[Component]]] = [
        (Word.FEEDS.of(view.language), summary),
        (view.say(TICKETS), _tickets_open(view, parts)),
        (Word.LIVE_CACHE.of(view.language), _answers(view, parts.live)),
        (Word.STORE.of(view.language), _answers(view, parts.store)),
        (Word.WEB.of(view.language), _answers(view, True)),
        (Word.CATALOGUE_VERSION.of(view.language), html.Code(view.catalogue.version)),
    ]
    if well:
        pairs.append((Word.PROBLEMS.of(view.language), Word.NO_PROBLEMS.of(view.language)))
    facts = html.Div(render_facts_list(pairs), className="pairs-across")
    return render_section(Word.CENTER_PARTS.of(view.language), [facts], 12)


def _tickets_open(view: View, parts: Parts) -> str | html.A:
    """How many tickets are open, which leads to them."""
    unknown = _unasked(view, parts)
    if unknown:
        return unknown
    said = Word.TICKETS_OPEN.fill(view.language, len(seen_tickets(view, parts.tickets)))
    return html.A(said, href=f"#{ids.STATUS_TICKETS}")


def _answers(view: View, well: bool | None) -> list[Component]:
    if well is None:
        return [html.Span(Word.LOADING.of(view.language))]
    word = Word.ANSWERING if well else Word.NOT_ANSWERING
    mark = live.render_still_mark(view, "none" if well else "alarm")
    return [mark, html.Span(word.of(view.language))]


def _problems(view: View, problems: Sequence[Problem]) -> html.Section:
    title, stop = Word.PROBLEMS.of(view.language), view.words("；", "; ")
    rows = [
        html.Tr(
            [
                html.Th(html.Code(f"{problem.file}:{problem.line}"), scope="row"),
                html.Td(problem.found),
                html.Td(stop.join(part for part in (problem.expected, problem.mend) if part)),
            ]
        )
        for problem in problems
    ]
    heads = [Word.WHERE_FOUND, Word.FOUND, Word.EXPECTED]
    return render_section(title, [render_table(view, title, heads, rows, wide=True)], 12)


def _department(view: View, department: Department, parts: Parts) -> html.Section:
    names = sorted(department.datasets, key=lambda name: state_of(view, department, name) in WELL)
    ill, language = _ill(view, department), view.language
    rows = [
        render_feed(view, department, name, _covered(view, parts, f"{department.key}.{name}"))
        for name in names
    ]
    title = view.say(department.title)
    owner = html.P(
        [
            html.Span(view.say(department.owner)),
            html.Span(f"{Word.LIAISON.of(view.language)} {view.say(department.liaison)}"),
            *render_demo(view, department),
            *([html.Span(Word.FEEDS_SUMMARY.fill(language, len(names), ill))] if ill else []),
        ],
        className="panel-sub",
    )
    table = render_table(view, title, list(HEADS), rows, wide=True)
    return render_section(title, [owner, table], 12, ids.feeds_of(department.key))


def _covered(view: View, parts: Parts, key: str) -> str:
    """From when on the history of a feed is complete."""
    if unasked := _unasked(view, parts):
        return unasked
    if key not in parts.covered:
        return Word.HISTORY_NOT_NEEDED.of(view.language)
    covered = parts.covered[key]
    if covered is None:
        return Word.FEED_NEVER.of(view.language)
    start = covered[0].astimezone(view.zone).strftime("%Y-%m-%d")
    return Word.COVERED_FROM.fill(view.language, start)
