"""Living leaves that speak of more than one reading: the clock, departments, responses.

`render_live_context` gives the browser what all leaves need (words, language, zone); the shell
mounts it once.
"""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from dash import html

from dashboard import formats
from dashboard.i18n import NO_VALUE
from dashboard.plurals import SINGULARS
from dashboard.readings import instant
from dashboard.reasons import reason_words
from layouts.live import entry_of, fact_values, render_still_mark
from layouts.live_matters import mark_of_matter, open_matters
from layouts.live_words import words_of
from layouts.view import View

MARKS = ("none", "late", "warning", "alarm")
"""From good to bad."""
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
        "singulars": dict(SINGULARS) if view.language == "en" else {},
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


def worst_mark(view: View, department: str) -> str:
    """The worst mark among what is open in a department."""
    marks = [mark_of_matter(matter) for matter in open_matters(view, department)]
    return max(marks, key=MARKS.index, default="none")


def render_worst(view: View, department: str) -> html.Span:
    """The worst mark of a department, kept up to date."""
    leaf = render_still_mark(view, worst_mark(view, department))
    return html.Span(leaf, className="worst", **{"data-worst": department})


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
