"""What people state: who is on duty, which response level holds where, which signal is up."""

from collections.abc import Callable

import numpy as np

from demo.days import HOUR, MINUTE, SLOT, SLOTS, Array, date_of, midnight
from demo.draws import chance, invented_names
from demo.incidents.hazards import (
    COLOURS,
    GRADES,
    HAZARDS,
    PLACES,
    RESPONSE_NAMES,
    SIGNAL_NAMES,
    responses_at,
    signals_at,
)
from demo.sheets import Columns, From, Sheet, Written

SHIFTS = (
    ("带班领导", 8.5, 24),
    ("值班长", 8.5, 12),
    ("值班长", 20.5, 12),
    ("值班员", 8.5, 12),
    ("值班员", 20.5, 12),
)
SIGNAL_CODES = ("", "blue", "yellow", "orange", "red")
BULLETIN = 51
"""The slot of 08:30, when every level is stated anew."""
LOOKED_AHEAD = 8
"""Days within which what was declared on a day is lifted, raised or declared anew."""
WEEK = 7 * SLOTS
RESPONDED = np.array([hazard != "heat" for hazard in HAZARDS])
SIGNALLED = np.array([hazard not in ("flood", "drought") for hazard in HAZARDS])
"""Hazards that have responses, and those that have signals."""
NAMES_OF = ("response_code", "signal_code")


def roster_of(seed: int, day: int) -> dict[str, Sheet]:
    """Shifts that begin on a day, published at six in the evening before."""
    rng = chance(seed, "incidents.roster", day)
    size = len(SHIFTS)
    starts = midnight(day) + np.array([int(shift[1] * HOUR) for shift in SHIFTS], np.int64)
    published = np.full(size, midnight(day) - 6 * HOUR, np.int64)
    stem = f"ZB{date_of(day):%Y%m%d}-"
    columns = {
        "duty_no": np.array([f"{stem}{n}" for n in range(size)], dtype=object),
        "role": np.array([shift[0] for shift in SHIFTS], dtype=object),
        "person": invented_names(rng, size),
        "starts_at": starts,
        "ends_at": starts + np.array([shift[2] * HOUR for shift in SHIFTS], np.int64),
        "published_at": published,
    }
    return {"duty_roster": Sheet(published, columns)}


def statements_of(seed: int, day: int) -> dict[str, Sheet]:
    """What each place states of its gravest response and signal."""
    rng = chance(seed, "incidents.statements", day)
    return {
        "response_level": _statements(
            rng, day, "response_code", _two_days(responses_at, seed, day), RESPONSE_NAMES
        ),
        "warning_signal": _statements(
            rng, day, "signal_code", _two_days(signals_at, seed, day), SIGNAL_NAMES
        ),
    }


def periods_of(seed: int, day: int) -> dict[str, Sheet]:
    """Every single response and signal that begins on a day, with the time for which it holds."""
    return {"hazard_period": _periods(seed, day)}


def _two_days(of: Callable[[int, int], Array], seed: int, day: int) -> Array:
    """The levels of a day, with the last slot of the day before in front."""
    return np.concatenate([of(seed, day - 1)[-1:], of(seed, day)])


def _code(name: str, hazard: int, level: int) -> str:
    if level == 0:
        return "none"
    tail = str(5 - level) if name == "response_code" else SIGNAL_CODES[level]
    return f"{HAZARDS[hazard]}_{tail}"


def _statements(
    rng: np.random.Generator, day: int, name: str, levels: Array, names: dict[str, str]
) -> Sheet:
    """A row for every change of a place's gravest level, and for every place at half past eight."""
    worst, level = levels.argmax(axis=1), levels.max(axis=1)
    changed = (level[1:] != level[:-1]) | ((worst[1:] != worst[:-1]) & (level[1:] > 0))
    changed[BULLETIN] = True
    slot, place = np.nonzero(changed)
    size = len(slot)
    stated = list(
        zip(worst[1:][slot, place].tolist(), level[1:][slot, place].tolist(), strict=True)
    )
    hazard = [names[HAZARDS[h]] if grade else "无" for h, grade in stated]
    declared = midnight(day) + slot * SLOT + rng.integers(0, 8 * MINUTE, size)
    stem = f"{name[:2].upper()}{date_of(day):%Y%m%d}-"
    columns: Columns = {
        "statement_no": np.array([f"{stem}{n:03d}" for n in range(size)], dtype=object),
        "district_code": PLACES[place],
        "hazard": np.array(hazard, dtype=object),
        name: np.array([_code(name, *one) for one in stated], dtype=object),
        "signed_by": invented_names(rng, size),
        "declared_at": declared.astype(np.int64),
    }
    return Sheet(declared + MINUTE, columns)


def _periods(seed: int, day: int) -> Sheet:
    """Each level that begins on a day, none included: of one hazard at one place, until another
    holds there. On a Monday all are declared anew."""
    days = range(day, day + LOOKED_AHEAD + 1)
    parts = []
    for kind, (of, stated) in enumerate(((responses_at, RESPONDED), (signals_at, SIGNALLED))):
        levels = np.concatenate([of(seed, day - 1)[-1:], *(of(seed, one) for one in days)])
        changed = levels[1:] != levels[:-1]
        news = changed.copy()
        changed[-(day + 3) % 7 * SLOTS :: WEEK] = True
        slot, hazard, place = np.nonzero(changed[:SLOTS] & stated[:, None])
        ends = [
            next(at for at in np.flatnonzero(changed[:, h, p]) if at > s)
            for s, h, p in zip(slot, hazard, place, strict=True)
        ]
        grade = levels[1:][slot, hazard, place]
        anew = ~news[slot, hazard, place]
        parts.append(
            (np.full(len(slot), kind), slot, hazard, place, grade, np.array(ends, np.int64), anew)
        )
    return _period_rows(seed, day, *(np.concatenate(part) for part in zip(*parts, strict=True)))


def _period_rows(
    seed: int, day: int, kind: Array, slot: Array, hazard: Array, place: Array, grade: Array,
    ends: Array, anew: Array,
) -> Sheet:  # fmt: skip
    rng = chance(seed, "incidents.periods", day)
    size = len(slot)
    declared = midnight(day) + slot * SLOT + rng.integers(0, 8 * MINUTE, size)
    lifted = midnight(day) + ends * SLOT + rng.integers(0, 8 * MINUTE, size)
    rows = list(zip(kind.tolist(), hazard.tolist(), grade.tolist(), strict=True))
    stem = f"YX{date_of(day):%Y%m%d}-"
    columns: Columns = {
        "period_no": np.array([f"{stem}{n:03d}" for n in range(size)], dtype=object),
        "kind": np.where(kind == 0, "应急响应", "预警信号").astype(object),
        "hazard": np.array(HAZARDS, dtype=object)[hazard.astype(int)],
        "stated": np.array([_said(*row) for row in rows], dtype=object),
        "code": np.array([_code(NAMES_OF[row[0]], *row[1:]) for row in rows], dtype=object),
        "grade": grade.astype(np.int64),
        "anew": anew.astype(np.int64),
        "district_code": PLACES[place.astype(int)],
        "signed_by": invented_names(rng, size),
        "declared_at": declared.astype(np.int64),
        "lifted_at": From(lifted.astype(np.int64)),
        "updated_at": Written(),
    }
    return Sheet((declared + MINUTE).astype(np.int64), columns)


def _said(kind: int, hazard: int, grade: int) -> str:
    """`防暴雨Ⅲ级`, `暴雨橙色`, `无`."""
    if grade == 0:
        return "无"
    name = HAZARDS[hazard]
    if kind == 0:
        return f"{RESPONSE_NAMES[name]}{GRADES[grade]}级"
    return f"{SIGNAL_NAMES[name]}{COLOURS[grade]}色"
