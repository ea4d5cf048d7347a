"""What a reading says at a moment, in words: the first text of every leaf.

`assets/live-1-text.js` says the same at every later moment; a test holds the two equal.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta, tzinfo
from typing import Any, Literal, NamedTuple

from dashboard import formats
from dashboard.i18n import NO_VALUE
from dashboard.readings import parse_instant
from dashboard.reasons import Reason, reason_text
from dashboard.text import Language
from dashboard.words import Word

Entry = Mapping[str, Any]
Against = Literal["day_before", "week_before"]
WAITING = "waiting"
"""The state of a number of which nothing was heard yet."""
TRUSTED = ("fresh", "late", "stale")
"""States in which the last value is still shown, from good to bad."""
LATE = ("late", "stale")
"""States in which it is shown although it is older than it may be."""
HEARD = (*TRUSTED, "unavailable")
"""States that something was expected in, from good to bad."""
_NOT_BY_AGE = (Reason.CLOCK_AHEAD.value, Reason.PARTLY_LAPSED.value)
"""Reasons for which a reading is late whatever its age."""
_NAMED = 2
"""Late parts that are named; the others are counted."""
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


def part_of(reading: Entry | None, part: str | None) -> Entry | None:
    """One part's share of a reading in the reading's own form; the reading itself for no part. What
    has a time of its own is as old as that: another part's being late says nothing of it."""
    if reading is None or part is None:
        return reading
    share = (reading.get("parts") or {}).get(part) or {}
    empty = {"value": None, "n": None, "level": "normal", "text": None, "worst": None}
    by_age = reading["state"] in LATE and reading.get("reason") not in _NOT_BY_AGE
    own = {"state": "fresh"} if by_age and share.get("as_of") else {}
    return {**reading, **empty, **own, **share}


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


def unit_text(
    unit: str, reading: Entry | None, state: str, decimals: int, language: Language
) -> str:
    """The unit as it stands beside the value, or the word for why there is no value."""
    if state not in TRUSTED:
        return state_text(state, language)
    return formats.counted(unit, reading.get("value") if reading else None, decimals, language)


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
    reading: Entry | None,
    against: Against,
    unit: str,
    decimals: int,
    language: Language,
    least: int | None = None,
) -> str:
    """The signed difference to the same time before, in words; empty where either is missing, or
    the number rests on fewer than `least` rows."""
    if reading is None or (least is not None and (reading.get("n") or 0) < least):
        return ""
    before = (reading.get("compare") or {}).get(against)
    basis = _BASES[against].of(language)
    return formats.comparison(reading.get("value"), before, unit, decimals, basis, language)


class Ages(NamedTuple):
    """As of when several numbers are: the worst of their states, the oldest time of those that are
    on time, how old that is, and how many are late. Of one alone its own, and how late it is."""

    state: str
    as_of: str
    age: str
    late: str


def ages_of(
    entries: Sequence[Entry | None], now: datetime, zone: tzinfo, language: Language
) -> Ages:
    """What is said over several numbers, of which each says itself whether it is late."""
    states = [state_of(entry, now) for entry in entries]
    late = sum(state in LATE for state in states)
    worst = _worst_state(states)
    oldest = _oldest(entries, states, ("fresh",)) or _oldest(entries, states, LATE)
    if oldest is None:
        said = age_text(entries[0], now, language) if len(entries) == 1 else ""
        return Ages(worst, said or state_text(worst, language), "", "")
    on_time = state_of(oldest, now) == "fresh"
    told = age_text(oldest, now, language)
    count = Word.LATE_OF.fill(language, late, len(entries)) if late else ""
    return Ages(
        worst,
        as_of_text(oldest, now, zone),
        told if on_time else "",
        told if late and len(entries) == 1 else count,
    )


def _worst_state(states: Sequence[str]) -> str:
    """The worst of those that have a value; where none has, of those that something is heard of."""
    shown = [state for state in states if state in TRUSTED]
    heard = shown or [state for state in states if state in HEARD]
    return max(heard, key=HEARD.index) if heard else states[0] if states else WAITING


def _oldest(
    entries: Iterable[Entry | None], states: Iterable[str], wanted: Sequence[str]
) -> Entry | None:
    """The one of the oldest time among those in some states."""
    dated = [
        entry
        for entry, state in zip(entries, states, strict=True)
        if entry and entry.get("as_of") and state in wanted
    ]
    return min(dated, key=lambda entry: str(entry["as_of"]), default=None)


def late_parts(reading: Entry | None, now: datetime) -> list[str]:
    """The codes of the parts whose own time is too old, the oldest first; none where parts have no
    times of their own."""
    parts: Mapping[str, Any] = (reading or {}).get("parts") or {}
    dated = {code: part["as_of"] for code, part in parts.items() if part.get("as_of")}
    late = [code for code in dated if state_of(part_of(reading, code), now) in LATE]
    return sorted(late, key=lambda code: (dated[code], code))


def late_text(
    reading: Entry | None, now: datetime, names: Mapping[str, str], language: Language
) -> str:
    """How late a number is, and of which parts where it is not of all; empty while it is on time."""
    if reading is None or state_of(reading, now) not in LATE:
        return ""
    said = age_text(reading, now, language)
    codes = late_parts(reading, now)
    if not codes or len(codes) == len(reading["parts"]):
        return said
    return Word.LATE_NAMED.fill(language, said, _named(codes, names, language))


def late_parts_text(
    reading: Entry | None, now: datetime, names: Mapping[str, str], language: Language
) -> str:
    """How many parts of a number that is on time are late, and which; empty for none, and where the
    number is late itself, which says so (`late_text`)."""
    codes = late_parts(reading, now)
    if reading is None or not codes or state_of(reading, now) in LATE:
        return ""
    count = Word.LATE_OF.fill(language, len(codes), len(reading["parts"]))
    return Word.LATE_NAMED.fill(language, count, _named(codes, names, language))


def _named(codes: Sequence[str], names: Mapping[str, str], language: Language) -> str:
    shown = Word.LIST_STOP.of(language).join(names.get(code, code) for code in codes[:_NAMED])
    rest = len(codes) - _NAMED
    return f"{shown} +{rest}" if rest > 0 else shown
