"""Whether the numbers can be trusted: every feed, the center's own parts, the catalogue."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from dashboard import ids
from dashboard.catalogue import Dataset, Department, Problem
from dashboard.catalogue.check import all_problems
from dashboard.catalogue.told import told_problems
from dashboard.feeds import unreadable_columns
from dashboard.formats import age, moment, number
from dashboard.i18n import NO_VALUE
from dashboard.ports import Range
from dashboard.readings import parse_instant
from dashboard.reasons import reason_in_full
from dashboard.text import Text
from dashboard.tickets import Ticket
from dashboard.words import Word
from layouts import live, live_text
from layouts.pages.about import render_facts_list
from layouts.pages.heading import render_demo, render_heading
from layouts.pages.sections import render_section, render_table
from layouts.pages.tickets import render_tickets
from layouts.view import View

TITLE = Text(zh="数据状态", en="Data status")
REFRESH = 5_000
"""Milliseconds between two looks at the feeds."""
_WORST = ("unavailable", "stale", "late", "waiting", "not_due", "fresh")
_WELL = ("fresh", "not_due")
_HEADS = (
    Word.DATASET,
    Word.STATE,
    Word.AS_OF,
    Word.AGE,
    Word.FRESHNESS_LIMITS,
    Word.TICK_COST,
    Word.SKIPPED,
    Word.SET_ASIDE,
    Word.DRIFT,
    Word.BACKFILL,
    Word.REASON,
)
Feed = Mapping[str, Any]


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
    """Everything below the title: the center, then departments with the worst first."""
    departments = sorted(_seen(view), key=lambda d: (_rank(view, d), d.order, d.key))
    problems = all_problems(view.catalogue, told_problems(view.sections))
    return [
        _center(view, parts, well=not problems),
        *([_problems(view, problems)] if problems else []),
        *([render_tickets(view, parts.tickets)] if parts.store else []),
        *(_department(view, department, parts) for department in departments),
    ]


def _seen(view: View) -> list[Department]:
    allowed = view.person.departments
    return [d for d in view.catalogue.departments.values() if allowed is None or d.key in allowed]


def _feed(view: View, department: Department, name: str) -> Feed | None:
    return view.sections.get("feeds", {}).get(f"{department.key}.{name}")


def _state(view: View, department: Department, name: str) -> str:
    return live_text.state_of(_feed(view, department, name), view.now)


def _rank(view: View, department: Department) -> int:
    states = [_state(view, department, name) for name in department.datasets]
    return min((_WORST.index(state) for state in states), default=len(_WORST))


def _center(view: View, parts: Parts, *, well: bool) -> html.Section:
    states = [_state(view, d, name) for d in _seen(view) for name in d.datasets]
    bad = sum(state not in _WELL for state in states)
    summary = Word.FEEDS_SUMMARY.fill(view.language, len(states), bad)
    pairs: list[tuple[str, str | Component | list[Component]]] = [
        (Word.FEEDS.of(view.language), summary),
        (Word.LIVE_CACHE.of(view.language), _answers(view, parts.live)),
        (Word.STORE.of(view.language), _answers(view, parts.store)),
        (Word.WEB.of(view.language), _answers(view, True)),
        (Word.CATALOGUE_VERSION.of(view.language), html.Code(view.catalogue.version)),
    ]
    if well:
        pairs.append((Word.PROBLEMS.of(view.language), Word.NO_PROBLEMS.of(view.language)))
    facts = html.Div(render_facts_list(pairs), className="pairs-across")
    return render_section(Word.CENTER_PARTS.of(view.language), [facts], 12)


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
    names = sorted(
        department.datasets, key=lambda name: _WORST.index(_state(view, department, name))
    )
    rows = [_row(view, department, name, parts) for name in names]
    title = view.say(department.title)
    owner = html.P(
        [
            html.Span(view.say(department.owner)),
            html.Span(f"{Word.LIAISON.of(view.language)} {view.say(department.liaison)}"),
            *render_demo(view, department),
        ],
        className="panel-sub",
    )
    table = render_table(view, title, list(_HEADS), rows, wide=True)
    return render_section(title, [owner, table], 12, ids.feeds_of(department.key))


def _row(view: View, department: Department, name: str, parts: Parts) -> html.Tr:
    feed = _feed(view, department, name)
    dataset = department.datasets[name]
    state = _state(view, department, name)
    mark = "none" if state in _WELL else "late"
    cells = [
        [live.render_still_mark(view, mark), live_text.state_text(state, view.language)],
        _as_of(view, feed),
        _age(view, feed),
        _limits(view, feed, dataset),
        _cost(view, feed),
        number((feed or {}).get("skipped"), 0, view.language),
        _set_aside(view, feed, dataset),
        number((feed or {}).get("drift"), 0, view.language),
        _covered(view, parts, f"{department.key}.{name}", feed),
        _reason(view, feed),
    ]
    last = len(cells) - 1
    return html.Tr(
        [
            html.Th(view.say(dataset.title), scope="row"),
            *(
                html.Td(cell, className="reason" if index == last else "right")
                for index, cell in enumerate(cells)
            ),
        ],
        className=f"feed feed-{state.replace('_', '-')}",
    )


def _as_of(view: View, feed: Feed | None) -> str:
    at = (feed or {}).get("as_of")
    if not at:
        return NO_VALUE
    return live_text.as_of_text({"as_of": at}, view.now, view.zone)


def _age(view: View, feed: Feed | None) -> str:
    at = (feed or {}).get("as_of")
    return age(view.now - parse_instant(at), view.language) if at else NO_VALUE


def _limits(view: View, feed: Feed | None, dataset: Dataset) -> str:
    late, stale = dataset.late, dataset.stale
    if feed is not None:
        late, stale = (timedelta(seconds=feed[name]) for name in ("late_after", "stale_after"))
    return f"{age(late, view.language)} / {age(stale, view.language)}"


def _cost(view: View, feed: Feed | None) -> str:
    cost = (feed or {}).get("tick_ms")
    if cost is None:
        return NO_VALUE
    return Word.MILLISECONDS.fill(
        view.language, number(cost, 0 if cost >= 10 else 1, view.language)
    )


def _set_aside(view: View, feed: Feed | None, dataset: Dataset) -> str | html.Details:
    titles = {rule.name: view.say(rule.title) for rule in dataset.set_aside}
    aside = ((feed or {}).get("set_aside") or {}).items()
    counts = {titles.get(rule, rule): n for rule, n in aside if n}
    for column, n in unreadable_columns(feed, dataset).items():
        counts[Word.NO_READABLE_TIME.fill(view.language, column)] = n
    if not counts:
        return number(0 if feed else None, 0, view.language)
    lines = [
        html.Div(f"{title} {number(n, 0, view.language)}")
        for title, n in sorted(counts.items(), key=lambda item: -item[1])
    ]
    total = number(sum(counts.values()), 0, view.language)
    return html.Details([html.Summary(total), html.Div(lines, className="pop")])


def _covered(view: View, parts: Parts, key: str, feed: Feed | None) -> str:
    progress = (feed or {}).get("progress")
    if progress is not None:
        return f"{number(progress * 100, 0, view.language)} %"
    if key not in parts.covered:
        return NO_VALUE
    covered = parts.covered[key]
    if covered is None:
        return Word.FEED_NEVER.of(view.language)
    start = covered[0].astimezone(view.zone).strftime("%Y-%m-%d")
    return Word.COVERED_FROM.fill(view.language, start)


def _reason(view: View, feed: Feed | None) -> str:
    if feed is None:
        return Word.FEED_NEVER.of(view.language)
    text = reason_in_full(feed.get("reason"))
    if text is None:
        return ""
    since = feed.get("since")
    if not since:
        return view.say(text)
    at = moment(parse_instant(since), view.now, view.zone, view.language)
    words = f"{Word.SINCE.of(view.language)} {at}"
    return view.words(f"{view.say(text)}（{words}）", f"{view.say(text)} ({words})")
