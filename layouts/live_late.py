"""Living leaves that say how late one number is, and which of its parts are: a sentence each, said
once. A number that is on time says nothing."""

import json
from collections.abc import Mapping
from typing import Any

from dash import html

from layouts import live_text
from layouts.live import render_leaf
from layouts.panels.codes import code_title, declared_codes
from layouts.view import View

_CLOCK = "◷"
_MEASURED_EACH = ("latest", "standard", "formula")
"""Measures whose parts are as old as what was measured of each."""


def render_late(view: View, key: str) -> html.Span:
    """How late a number is, `迟到 27 分：湾梁`: the parts are named where not all of them are."""
    names = part_names(view, key)
    said = live_text.late_text(view.reading(key), view.now, names, view.language)
    return render_leaf(view, key, "late", said, None, _named(names))


def render_late_parts(view: View, key: str) -> html.Span:
    """How many parts of a number that is on time are late, and which, `1/8 项迟到：湾梁`: it is as old
    as its newest part, and what is made of it as old as the oldest."""
    names = part_names(view, key)
    said = live_text.late_parts_text(view.reading(key), view.now, names, view.language)
    return render_leaf(view, key, "late_parts", said, None, _named(names))


def lateness_of(view: View, key: str) -> str:
    """How late a number is, else which of its parts are, as words alone; empty where none is."""
    entry, names = view.reading(key), part_names(view, key)
    return live_text.late_text(entry, view.now, names, view.language) or live_text.late_parts_text(
        entry, view.now, names, view.language
    )


def clocked(view: View, key: str, code: str, name: str) -> str:
    """What a part is called in a drawing: after a clock where its own time is too old."""
    late = code in live_text.late_parts(view.reading(key), view.now)
    return f"{_CLOCK} {name}" if late else name


def part_names(view: View, key: str) -> dict[str, str]:
    """What the parts are called, where they have times of their own or may come to have them."""
    indicator = view.catalogue.indicator(key)
    parts: Mapping[str, Any] = (view.reading(key) or {}).get("parts") or {}
    dated = any(part.get("as_of") for part in parts.values())
    if indicator is None or not (dated or indicator.measure.kind in _MEASURED_EACH):
        return {}
    by = indicator.live_by or ""
    codes = declared_codes(view.catalogue, key, by) if by else []
    return {code: code_title(view.catalogue, key, by, code, view.language) for code in codes}


def _named(names: Mapping[str, str]) -> dict[str, Any]:
    return {"data-values": json.dumps(names, ensure_ascii=False)} if names else {}
