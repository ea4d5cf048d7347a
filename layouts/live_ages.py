"""Lateness that speaks of more than one number: the head of a block, and the strip of every page.

A head says as of when its numbers are and how many are late; only the late number itself is marked.
The strip counts the feeds that are down, and the numbers that are late although their feeds are up:
derived ones are as old as their oldest input. `assets/live-4-board.js` keeps both up to date.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from dash import html

from dashboard import ids
from dashboard.words import Word
from layouts import live_text
from layouts.live import indicator_title
from layouts.live_late import part_names
from layouts.view import View

_STATUS = "/status"


class Strip(NamedTuple):
    """What the strip says: its mark, how many feeds are up, how many numbers are late, and the worst
    of them by name; with where each of the two lines leads."""

    mark: str
    feeds: str
    late: str
    worst: str
    to: str = _STATUS
    to_worst: str = _STATUS


def _mark(mark: str) -> html.Span:
    """A mark beside words that say the same, so that no reader says it twice."""
    return html.Span(className="mark", **{"data-mark": mark, "aria-hidden": "true"})


def ages_text(view: View, keys: Sequence[str]) -> live_text.Ages:
    """As of when several numbers are, and how many of them are late."""
    entries = [view.reading(key) for key in keys]
    return live_text.ages_of(entries, view.now, view.zone, view.language)


def render_oldest(view: View, keys: Sequence[str], *, aged: bool = False) -> html.Span:
    """As of when several numbers together are: the oldest that is on time, and how many are late;
    of one alone, how late it is and which of its parts. `aged` adds how old the oldest is."""
    said = ages_text(view, keys)
    names = part_names(view, keys[0]) if len(keys) == 1 else {}
    late = said.late
    if names:
        late = live_text.late_text(view.reading(keys[0]), view.now, names, view.language)
    children = [html.Span(said.as_of, className="oldest-text")]
    if aged:
        before = {"data-before": view.words("，", ", ")}
        children.append(html.Span(said.age, className="oldest-age", **before))
    children += [
        _mark("late" if late else "none"),
        html.Span(late, className="oldest-late"),
    ]
    data = {"data-oldest": " ".join(keys), "data-state": said.state}
    if names:
        data["data-values"] = json.dumps(names, ensure_ascii=False)
    return html.Span(children, className="oldest", **data)


def feed_names(view: View) -> dict[str, str]:
    """`department.dataset` and what it is called, with its department."""
    return {
        f"{department.key}.{name}": f"{view.say(department.title)} {view.say(dataset.title)}"
        for department in view.catalogue.departments.values()
        for name, dataset in department.datasets.items()
    }


def number_names(view: View) -> dict[str, str]:
    """Every number that pages show by itself, and what it is called in short. What is stated holds
    until something else is, so that it is no number that can be late."""
    return {
        key: indicator_title(view, key, short=True)
        for key, indicator in view.catalogue.indicators()
        if not indicator.internal and indicator.measure.kind != "fact"
        if view.person.audience.sees(key.partition(".")[0], indicator.roles)
    }


def late_numbers(view: View, names: Mapping[str, str]) -> list[str]:
    """Those of the named numbers that are late now, the worst first."""
    readings = view.sections.get("readings", {})
    states = {key: live_text.state_of(readings.get(key), view.now) for key in names}
    late = [key for key, state in states.items() if state in live_text.LATE]
    return sorted(late, key=lambda key: _badness(states[key], readings[key], key))


def _badness(state: str, entry: Mapping[str, Any], key: str) -> tuple[int, str, str]:
    """By which the worst comes first: the state, then the oldest."""
    return -live_text.HEARD.index(state), entry.get("as_of") or "", key


def strip_text(view: View) -> Strip:
    """The whole of what the strip says."""
    feeds = view.sections.get("feeds", {})
    states = {key: live_text.state_of(feed, view.now) for key, feed in feeds.items()}
    down = [key for key, state in states.items() if state in live_text.HEARD[1:]]
    names = number_names(view)
    late = late_numbers(view, names)
    up = Word.FEEDS_UP.fill(view.language, len(feeds) - len(down), len(feeds))
    count = Word.ONE_NUMBER_LATE if len(late) == 1 else Word.NUMBERS_LATE
    said = count.fill(view.language, len(late)) if late else ""
    to = f"{_STATUS}#{ids.LATE_NUMBERS}" if late else _STATUS
    if down:
        worst = min(down, key=lambda key: _badness(states[key], feeds[key], key))
        name = f"{feed_names(view).get(worst, worst)} "
        name += live_text.state_text(states[worst], view.language)
        return Strip("late", up, said, name, to, _feeds_at(worst))
    if late:
        age = live_text.age_text(view.reading(late[0]), view.now, view.language)
        return Strip("late", up, said, f"{names[late[0]]} {age}", to, f"/indicator/{late[0]}")
    return Strip("none", up, "", Word.ALL_FEEDS_UP.of(view.language) if feeds else "")


def _feeds_at(key: str) -> str:
    return f"{_STATUS}#{ids.feeds_of(key.partition('.')[0])}"


def render_feeds(view: View, *, within: bool = True) -> html.Div:
    """`◷ 数据源 84/84 正常 · 1 个数迟到` and below it the worst by name; each leads to what it says.

    `within` keeps the links inside the application; a wall leaves it by a full load.
    """
    told = strip_text(view)
    inside = {"data-within": "true"} if within else {}
    line = [
        _mark(told.mark),
        html.Span(told.feeds, className="feeds-summary"),
        html.Span(told.late, className="feeds-late"),
    ]
    names = {
        "feeds": feed_names(view),
        "numbers": number_names(view),
        "late": f"{_STATUS}#{ids.LATE_NUMBERS}",
        "down": _feeds_at(""),
        "status": _STATUS,
    }
    children = [
        html.A(line, href=told.to, className="feeds-line", **inside),
        html.A(told.worst, href=told.to_worst, className="feeds-worst", **inside),
    ]
    data = json.dumps(names, ensure_ascii=False, separators=(",", ":"))
    return html.Div(children, className="feeds", **{"data-feeds": data})
