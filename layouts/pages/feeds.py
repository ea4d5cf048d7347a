"""A feed of the status page: how it is, as of when, what it costs, what is set aside, and why.

A cell without a value says which it is: being asked for, or none.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from dash import html

from dashboard.catalogue import Dataset, Department
from dashboard.feeds import unreadable_columns
from dashboard.formats import age, moment, number
from dashboard.readings import parse_instant
from dashboard.reasons import reason_in_full
from dashboard.words import Word
from layouts import live, live_text
from layouts.view import View

HEADS = (
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
WELL = ("fresh", "not_due")
Feed = Mapping[str, Any]


def feed_of(view: View, department: Department, name: str) -> Feed | None:
    """What the frame says of a feed; None where nobody has heard of it."""
    return view.sections.get("feeds", {}).get(f"{department.key}.{name}")


def state_of(view: View, department: Department, name: str) -> str:
    """The state of a feed now."""
    return live_text.state_of(feed_of(view, department, name), view.now)


def render_feed(view: View, department: Department, name: str, covered: str) -> html.Tr:
    """One feed; `covered` says how far back its history goes, where none is being read."""
    feed = feed_of(view, department, name)
    dataset = department.datasets[name]
    state = state_of(view, department, name)
    mark = "none" if state in WELL else "late"
    cells = [
        [live.render_still_mark(view, mark), live_text.state_text(state, view.language)],
        _as_of(view, feed),
        _age(view, feed),
        _limits(view, feed, dataset),
        _cost(view, feed),
        _count(view, feed, "skipped"),
        _set_aside(view, feed, dataset),
        _count(view, feed, "drift"),
        _progress(view, feed) or covered,
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
        key=name,
        className=f"feed feed-{state.replace('_', '-')}",
    )


def _none(view: View, feed: Feed | None) -> str:
    """What stands where a feed has told nothing; blank where nobody has heard of the feed."""
    return Word.NONE_SAID.of(view.language) if feed is not None else ""


def _unheard(view: View) -> str:
    """Of a feed that nobody has heard of: whether that is to come, or there was none."""
    word = Word.FEED_NEVER if view.sections.get("feeds") else Word.LOADING
    return word.of(view.language)


def _count(view: View, feed: Feed | None, name: str) -> str:
    found = (feed or {}).get(name)
    return _none(view, feed) if found is None else number(found, 0, view.language)


def _as_of(view: View, feed: Feed | None) -> str:
    at = (feed or {}).get("as_of")
    if not at:
        return _none(view, feed) or _unheard(view)
    return live_text.as_of_text({"as_of": at}, view.now, view.zone)


def _age(view: View, feed: Feed | None) -> str:
    at = (feed or {}).get("as_of")
    return age(view.now - parse_instant(at), view.language) if at else _none(view, feed)


def _limits(view: View, feed: Feed | None, dataset: Dataset) -> str:
    late, stale = dataset.late, dataset.stale
    if feed is not None:
        late, stale = (timedelta(seconds=feed[name]) for name in ("late_after", "stale_after"))
    return f"{age(late, view.language)} / {age(stale, view.language)}"


def _cost(view: View, feed: Feed | None) -> str:
    cost = (feed or {}).get("tick_ms")
    if cost is None:
        return _none(view, feed)
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
        return number(0, 0, view.language) if feed else ""
    lines = [
        html.Div(f"{title} {number(n, 0, view.language)}")
        for title, n in sorted(counts.items(), key=lambda item: -item[1])
    ]
    total = number(sum(counts.values()), 0, view.language)
    return html.Details([html.Summary(total), html.Div(lines, className="pop")])


def _progress(view: View, feed: Feed | None) -> str:
    """How far the reading of history is; empty where none is under way."""
    progress = (feed or {}).get("progress")
    return "" if progress is None else f"{number(progress * 100, 0, view.language)} %"


def _reason(view: View, feed: Feed | None) -> str:
    if feed is None:
        return _unheard(view)
    text = reason_in_full(feed.get("reason"))
    if text is None:
        return ""
    since = feed.get("since")
    if not since:
        return view.say(text)
    at = moment(parse_instant(since), view.now, view.zone, view.language)
    words = f"{Word.SINCE.of(view.language)} {at}"
    return view.words(f"{view.say(text)}（{words}）", f"{view.say(text)} ({words})")
