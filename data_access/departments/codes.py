"""Codes of dimensions as text, spelled alike whatever engine they come from."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from dashboard.text import folded


def code_of(raw: Any, *, fold: bool = False) -> str:
    """A raw code as text: empty for null, `1` for true and for 1.0, ISO for dates."""
    match raw:
        case None:
            return ""
        case bool():
            return str(int(raw))
        case float() | Decimal() if raw == int(raw):
            return str(int(raw))
        case datetime():
            return raw.isoformat(" ")
        case date():
            return raw.isoformat()
        case bytes():
            return raw.decode("utf-8", "replace")
    text = str(raw)
    return folded(text) if fold else text
