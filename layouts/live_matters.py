"""待处置 as living leaves: a fixed number of lines that the browser fills, worst first."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from dash import html

from dashboard import formats
from dashboard.i18n import NO_VALUE
from dashboard.readings import parse_instant
from dashboard.text import Language
from dashboard.words import Word
from layouts.live import render_still_mark
from layouts.view import View

Matter = Mapping[str, Any]
NEAR = timedelta(minutes=10)
"""Less than this until it is due is said to be near."""
_RANKS = {"alarm": 0, "warning": 1}
_TO_THE_MINUTE = len("2026-11-22T08:42")


def order_of(matter: Matter) -> tuple[int, str, float, str, str]:
    """Worst first: by level, silent feeds last, then by the minute it is due, then by how far it is
    over its limit, then the oldest."""
    rank = 2 if matter["kind"] == "feed" else _RANKS.get(matter["level"], 2)
    due = (matter.get("due") or "~")[:_TO_THE_MINUTE]
    return rank, due, -matter.get("excess", 0.0), matter["since"], matter["id"]


def mark_of_matter(matter: Matter) -> str:
    """▲ or ◆ for a breached limit, ◷ for a silent feed."""
    return "late" if matter["kind"] == "feed" else str(matter["level"])


def open_matters(view: View, department: str | None = None) -> list[Matter]:
    """What is open, worst first; of one department where one is named."""
    matters = view.sections.get("matters", {}).values()
    wanted = [m for m in matters if department in (None, m["department"])]
    return sorted(wanted, key=order_of)


def due_text(matter: Matter, now: datetime, language: Language) -> tuple[str, str]:
    """How urgent it is (`over`, `near`, `later`, `none`) and the words for it."""
    due = matter.get("due")
    return due_words(parse_instant(due) if due else None, now, language)


def due_words(due: datetime | None, now: datetime, language: Language) -> tuple[str, str]:
    """The same of any moment by which something has to be done."""
    if due is None:
        return "none", NO_VALUE
    left = due - now
    if left < timedelta():
        return "over", Word.OVERDUE_BY.fill(language, formats.age(-left, language))
    urgency = "near" if left < NEAR else "later"
    return urgency, Word.REMAINING.fill(language, formats.age(left, language))


def summary_text(matters: list[Matter], now: datetime, language: Language) -> str:
    """How many are open and how many of them are overdue; empty for none."""
    if not matters:
        return ""
    overdue = sum(due_text(m, now, language)[0] == "over" for m in matters)
    return Word.PENDING_SUMMARY.fill(language, len(matters), overdue)


def render_matters_summary(view: View, department: str | None = None) -> html.Span:
    """`9 项，超时 2 项，按紧急程度`, kept up to date."""
    text = summary_text(open_matters(view, department), view.now, view.language)
    data = {"data-matters-summary": department or ""}
    return html.Span(text, className="live", **data)


def render_matters(view: View, slots: int, department: str | None = None) -> html.Div:
    """The worst matters in `slots` lines, and how many more there are.

    Where its style hides what overflows, the browser shows only as many lines as fit.
    """
    matters = open_matters(view, department)
    lines = [_line(view, matters[i] if i < len(matters) else None) for i in range(slots)]
    rest = max(0, len(matters) - slots)
    children = [
        html.Div(
            Word.NOTHING_PENDING.of(view.language), className="matter-none", hidden=bool(matters)
        ),
        html.Div(lines, className="matter-lines", role="list"),
        html.Div(
            Word.MORE_PENDING.fill(view.language, rest) if rest else "",
            className="matter-rest",
        ),
    ]
    owners = {d.key: view.say(d.owner) for d in view.catalogue.departments.values()}
    data = {
        "data-matters": department or "",
        "data-owners": json.dumps(owners, ensure_ascii=False),
    }
    return html.Div(children, className="matters", **data)


def _line(view: View, matter: Matter | None) -> html.Div:
    urgency, due = due_text(matter, view.now, view.language) if matter else ("none", "")
    title, place, elapsed, href = "", "", "", None
    if matter:
        title = matter["title"][view.language]
        place = place_text(view, matter)
        elapsed = elapsed_text(view, matter["since"])
        href = f"/indicator/{matter['indicator']}" if matter.get("indicator") else "/status"
    return html.Div(
        [
            render_still_mark(view, mark_of_matter(matter) if matter else "none"),
            html.A(title, href=href, className="matter-title", **{"data-within": "true"}),
            html.Span(due, className="matter-due", **{"data-due": urgency}),
            html.Span(place, className="matter-place"),
            html.Span(elapsed, className="matter-elapsed"),
        ],
        className="matter",
        role="listitem",
        hidden=matter is None,
    )


def elapsed_text(view: View, since: str) -> str:
    """How long it is so already."""
    span = view.now - parse_instant(since)
    return Word.ELAPSED.fill(view.language, formats.age(span, view.language))


def place_text(view: View, matter: Matter) -> str:
    """Where it is and whose it is."""
    owner = view.catalogue.departments.get(matter["department"])
    parts = [matter["place"][view.language], view.say(owner.owner) if owner else ""]
    return "\u3000".join(part for part in parts if part)
