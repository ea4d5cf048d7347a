"""Living leaves that speak of more than one reading: the clock, feeds, departments, responses.

`render_live_context` gives the browser what all leaves need (words, language, zone); the shell
mounts it once.
"""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from dash import html

from dashboard import formats
from dashboard.i18n import NO_VALUE
from dashboard.readings import instant
from dashboard.reasons import reason_words
from dashboard.words import Word
from layouts import live_text
from layouts.live import entry_of, fact_values, render_still_mark
from layouts.live_matters import mark_of_matter, open_matters
from layouts.live_words import words_of
from layouts.view import View

MARKS = ("none", "late", "warning", "alarm")
"""From good to bad."""
_STATES = ("fresh", "late", "stale", "unavailable")
_LEVELS = ("normal", "warning", "alarm")


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def render_live_context(view: View) -> html.Div:
    """What the browser needs to say everything else: mounted once, by the shell."""
    context = {
        "language": view.language,
        "zone": view.zone.key,
        "version": view.catalogue.version,
        "now": instant(view.now),
        "words": words_of(view.language),
        "reasons": {code: text.of(view.language) for code, text in reason_words().items()},
    }
    return html.Div(className="live-context", hidden=True, **{"data-context": _json(context)})


def render_connection(view: View) -> html.Div:
    """The band that says at once when the connection is lost, and of when the numbers are."""
    return html.Div(
        className="connection", role="status", hidden=True, **{"data-connection": view.language}
    )


def render_clock(view: View) -> html.Span:
    """The time of day in the city, by the server's clock."""
    text = formats.clock(view.now, view.zone)
    return html.Span(text, className="clock", **{"data-clock": "time"})


def render_date(view: View) -> html.Span:
    """The day in the city."""
    text = formats.day(view.now, view.zone, view.language)
    return html.Span(text, className="date", **{"data-clock": "date"})


def oldest_text(view: View, keys: Iterable[str]) -> tuple[str, str]:
    """The worst state of several readings, and the oldest of their times with its word."""
    entries = [view.reading(key) for key in keys]
    states = [live_text.state_of(entry, view.now) for entry in entries]
    heard = [state for state in states if state in _STATES]
    worst = max(heard, key=_STATES.index) if heard else states[0] if states else live_text.WAITING
    word = live_text.state_text(worst, view.language)
    oldest = _oldest_entry(view, entries)
    if oldest is None:
        return worst, word
    text = live_text.as_of_text(oldest, view.now, view.zone)
    return worst, text if worst == "fresh" else f"{text} {word}"


def render_oldest(
    view: View, keys: Sequence[str], *, known: bool = False, aged: bool = False
) -> html.Span:
    """As of when several numbers together are: the oldest of them, marked when one is late. `known`
    leaves out those without a value, where they say so themselves; `aged` adds how old it is."""
    shown = known_keys(view, keys) if known else keys
    state, text = oldest_text(view, shown)
    mark = "none" if state not in _STATES[1:] else "late"
    children = [render_still_mark(view, mark), html.Span(text, className="oldest-text")]
    if aged:
        before = {"data-before": view.words("，", ", ")}
        children.append(html.Span(_oldest_age(view, shown), className="oldest-age", **before))
    data = {"data-oldest": " ".join(keys), "data-state": state}
    if known:
        data["data-known"] = "true"
    return html.Span(children, className="oldest", **data)


def known_keys(view: View, keys: Sequence[str]) -> list[str]:
    """Those that have a value now, else all."""
    found = [k for k in keys if live_text.state_of(view.reading(k), view.now) in live_text.TRUSTED]
    return found or list(keys)


def _oldest_entry(view: View, entries: Iterable[live_text.Entry | None]) -> live_text.Entry | None:
    """The one of the oldest time among those that are to be trusted."""
    dated = [
        entry
        for entry in entries
        if entry and entry.get("as_of") and live_text.state_of(entry, view.now) in live_text.TRUSTED
    ]
    return min(dated, key=lambda entry: str(entry["as_of"]), default=None)


def _oldest_age(view: View, keys: Sequence[str]) -> str:
    oldest = _oldest_entry(view, map(view.reading, keys))
    return live_text.age_text(oldest, view.now, view.language) if oldest else ""


def worst_mark(view: View, department: str) -> str:
    """The worst mark among what is open in a department."""
    marks = [mark_of_matter(matter) for matter in open_matters(view, department)]
    return max(marks, key=MARKS.index, default="none")


def render_worst(view: View, department: str) -> html.Span:
    """The worst mark of a department, kept up to date."""
    leaf = render_still_mark(view, worst_mark(view, department))
    return html.Span(leaf, className="worst", **{"data-worst": department})


def feed_names(view: View) -> dict[str, str]:
    """`department.dataset` and what it is called, with its department."""
    return {
        f"{department.key}.{name}": f"{view.say(department.title)} {view.say(dataset.title)}"
        for department in view.catalogue.departments.values()
        for name, dataset in department.datasets.items()
    }


def feeds_text(view: View) -> tuple[str, str, str]:
    """The mark, how many feeds are up, and the worst of those that are not."""
    feeds = view.sections.get("feeds", {})
    states = {key: live_text.state_of(feed, view.now) for key, feed in feeds.items()}
    down = [key for key, state in states.items() if state in _STATES[1:]]
    summary = Word.FEEDS_UP.fill(view.language, len(feeds) - len(down), len(feeds))
    if not down:
        return "none", summary, Word.ALL_FEEDS_UP.of(view.language) if feeds else ""
    worst = min(down, key=lambda key: (-_STATES.index(states[key]), feeds[key]["as_of"] or "", key))
    name = feed_names(view).get(worst, worst)
    return "late", summary, f"{name} {live_text.state_text(states[worst], view.language)}"


def render_feeds(view: View) -> html.Div:
    """`◷ 数据源 12/13 正常` and below it the worst of those that are late."""
    mark, summary, worst = feeds_text(view)
    children = [
        html.Div(
            [render_still_mark(view, mark), html.Span(summary, className="feeds-summary")],
            className="feeds-line",
        ),
        html.Div(worst, className="feeds-worst"),
    ]
    return html.Div(children, className="feeds", **{"data-feeds": _json(feed_names(view))})


def response_text(view: View, keys: Iterable[str], code: str) -> tuple[str, str]:
    """The worst level and the stated responses of one place; a dash where none is active."""
    entries = [(key, entry_of(view, key, code)) for key in keys]
    stated = [(fact_values(view, key), entry) for key, entry in entries if entry]
    texts = [values.get(e["text"], e["text"]) for values, e in stated if e.get("text")]
    levels = [str(entry.get("level", "normal")) for _, entry in stated]
    level = max(levels, key=_LEVELS.index, default="normal")
    return level, " ".join(text for text in texts if text) or NO_VALUE


def render_response(view: View, keys: Sequence[str], code: str, title: str) -> html.Span:
    """One place's response levels as a badge: `◆ 顺德 防汛Ⅲ`, `禅城 —`."""
    level, text = response_text(view, keys, code)
    mark = level if level != "normal" else "none"
    children = [
        render_still_mark(view, mark),
        html.Span(title, className="response-place"),
        html.Span(text, className="response-text"),
    ]
    data = {
        "data-response": code,
        "data-keys": " ".join(keys),
        "data-values": _json({key: fact_values(view, key) for key in keys}),
        "data-level": level,
    }
    return html.Span(children, className="badge response", **data)
