"""What a reading says at a moment, in words: the first text of every leaf.

`assets/live-1-text.js` says the same at every later moment; a test holds the two equal.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta, tzinfo
from typing import Any, Literal

from dashboard import formats
from dashboard.i18n import NO_VALUE
from dashboard.readings import parse_instant
from dashboard.reasons import reason_text
from dashboard.text import Language
from dashboard.words import Word

Entry = Mapping[str, Any]
Against = Literal["day_before", "week_before"]
WAITING = "waiting"
"""The state of a number of which nothing was heard yet."""
TRUSTED = ("fresh", "late", "stale")
"""States in which the last value is still shown, from good to bad."""
_STATE_WORDS = {
    "fresh": Word.FRESH,
    "late": Word.LATE,
    "stale": Word.STALE,
    "unavailable": Word.UNAVAILABLE,
    "not_due": Word.NOT_DUE,
    WAITING: Word.WAITING_FOR_DATA,
}
_MARK_WORDS = {"alarm": Word.ALARM, "warning": Word.WARNING, "late": Word.LATE}
_BASES: dict[Against, Word] = {"day_before": Word.DAY_BEFORE, "week_before": Word.WEEK_BEFORE}


def age_of(reading: Entry, now: datetime) -> float | None:
    """Seconds since the source's own time, never below 0; None where it has none."""
    as_of = reading.get("as_of")
    return max(0.0, (now - parse_instant(as_of)).total_seconds()) if as_of else None


def state_of(reading: Entry | None, now: datetime) -> str:
    """The state at `now`: what was sent, or worse where nothing newer came since."""
    if reading is None:
        return WAITING
    state = str(reading["state"])
    age = age_of(reading, now)
    if state not in TRUSTED or age is None:
        return state
    late, stale = age > reading["late_after"], age > reading["stale_after"]
    return max(state, TRUSTED[late + stale], key=TRUSTED.index)


def mark_of(reading: Entry | None, state: str) -> str:
    """Which mark stands beside a value: its level's, or the clock where it cannot be trusted."""
    level = str(reading.get("level", "normal")) if reading else "normal"
    if level != "normal" and state in TRUSTED:
        return level
    return "late" if state in ("late", "stale", "unavailable") else "none"


def mark_word(mark: str, language: Language) -> str:
    """What a mark is called, for those who do not see it; empty for none."""
    return _MARK_WORDS[mark].of(language) if mark in _MARK_WORDS else ""


def state_text(state: str, language: Language) -> str:
    """What a state is called."""
    return _STATE_WORDS[state].of(language)


def value_text(
    reading: Entry | None, state: str, decimals: int, language: Language, *, signed: bool = False
) -> str:
    """The value (`signed`: with a plus where positive), or a dash where there is none to show."""
    value = reading.get("value") if reading else None
    if value is None or state not in TRUSTED:
        return NO_VALUE
    return (formats.signed if signed else formats.number)(value, decimals, language)


def unit_text(unit: str, state: str, language: Language) -> str:
    """The unit, or the word for why there is no value."""
    return unit if state in TRUSTED else state_text(state, language)


def as_of_text(reading: Entry | None, now: datetime, zone: tzinfo) -> str:
    """The source's own time, to the second today and with its date before; a dash for none."""
    as_of = reading.get("as_of") if reading else None
    if not as_of:
        return NO_VALUE
    at = parse_instant(as_of)
    if at.astimezone(zone).date() == now.astimezone(zone).date():
        return formats.clock(at, zone)
    return formats.moment(at, now, zone)


def age_text(reading: Entry | None, now: datetime, language: Language) -> str:
    """How old a reading is and what that means, or why there is none."""
    state = state_of(reading, now)
    if reading is None or state not in TRUSTED:
        reason = reason_text(reading.get("reason")) if reading else None
        if state == "unavailable" and reason:
            return Word.UNAVAILABLE_BECAUSE.fill(language, reason.of(language))
        return state_text(state, language)
    age = age_of(reading, now)
    if age is None:
        return state_text(state, language)
    if state == "late":
        overdue = max(0.0, age - reading["late_after"])
        return Word.LATE_BY.fill(language, formats.age(timedelta(seconds=overdue), language))
    if state == "stale":
        return Word.SILENT_FOR.fill(language, formats.age(timedelta(seconds=age), language))
    return formats.ago(timedelta(seconds=age), language) if age >= 1 else Word.JUST_NOW.of(language)


def collected_text(reading: Entry | None, zone: tzinfo) -> str:
    """When it was read last, to the second; a dash where it never was."""
    at = reading.get("collected_at") if reading else None
    return formats.clock(parse_instant(at), zone) if at else NO_VALUE


def stated_text(entry: Entry | None, values: Mapping[str, str]) -> str:
    """What is stated, a fact or a grade; empty for nothing."""
    stated = (entry.get("text") if entry else None) or ""
    return values.get(stated, stated)


def worst_text(entry: Entry | None, values: Mapping[str, str]) -> str:
    """Which factor decided an index, where it has a name; empty for none."""
    return values.get((entry.get("worst") if entry else None) or "", "")


def compare_text(
    reading: Entry | None, against: Against, unit: str, decimals: int, language: Language
) -> str:
    """The signed difference to the same time before, in words; empty where either is missing."""
    if reading is None:
        return ""
    before = (reading.get("compare") or {}).get(against)
    basis = _BASES[against].of(language)
    return formats.comparison(reading.get("value"), before, unit, decimals, basis, language)
