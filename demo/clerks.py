"""The districts' duty clerks: while a response is on they enter what no database holds.

Transfers and boats pass through the same table and the same rules as an entry made in a browser.
"""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

import numpy as np

from dashboard.entries import Kept, Statement
from dashboard.ports import Unreachable
from demo.days import DAY, HOUR, MINUTE, SLOT, Array, day_of, midnight, seconds_of
from demo.draws import chance, invented_names
from demo.incidents.hazards import HAZARDS, responses_at
from demo.places import CODES, SHARES

WHO = "demo"
HOLDS = timedelta(hours=3)
"""For how long the forms say that an entry holds."""
LEAD_DAYS = 4
"""A response that has been on for longer is taken to have begun so many days ago."""
FORGOTTEN = 0.08
"""Share of the two-hourly entries that nobody makes, so that the one before it lapses."""
BOATS, CREW = 900, 2.6
"""Fishing boats of the whole city, and people on each."""
AT_RISK = (0.0, 350.0, 1900.0, 9000.0, 24000.0)
"""People of the whole city who have to leave their homes at each level of response."""
ENTERED_FOR = {
    "transfer": ([HAZARDS.index(hazard) for hazard in ("rain", "flood", "wind")], 1),
    "boats": ([HAZARDS.index("wind")], 2),
}
"""For which hazards and from which grade on (1 is Ⅳ) a form is entered: boats from 防风Ⅲ."""
_PAUSE = 20.0


class EntryBook(Protocol):
    """Where entries are kept."""

    def enter(self, statement: Statement) -> str: ...
    def withdraw(self, form: str, place: str, author: str, who: str, at: datetime) -> bool: ...
    def entries(self, form: str, limit: int) -> list[Kept]: ...


@dataclass(frozen=True)
class Act:
    """What a clerk does at a second: enters values, or (None) withdraws what stands."""

    at: int
    form: str
    district: str
    author: str
    values: dict[str, float] | None


def acts_between(seed: int, since: int, until: int) -> list[Act]:
    """All that clerks do after one second and up to another, in order."""
    first, last = day_of(since) - LEAD_DAYS, day_of(until)
    grades = np.concatenate([responses_at(seed, day) for day in range(first, last + 1)])
    found: list[Act] = []
    for number in range(len(CODES)):
        for form, (hazards, least) in ENTERED_FOR.items():
            levels = grades[:, hazards].max(axis=1)
            for start, end in _runs(levels[:, number] >= least):
                began = midnight(first) + start * SLOT
                over = None if end == len(levels) else midnight(first) + end * SLOT
                found += _reports(seed, form, number, began, over, levels[start:end, number])
    return sorted((a for a in found if since < a.at <= until), key=lambda a: (a.at, a.form))


def _runs(on: Array) -> Iterator[tuple[int, int]]:
    """Where a condition begins and ends to hold."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], on, [False]]).astype(np.int8)))
    return ((int(a), int(b)) for a, b in edges.reshape(-1, 2))


def _reports(
    seed: int, form: str, number: int, began: int, over: int | None, levels: Array
) -> Iterator[Act]:
    """What a district enters while a response is on, and that it withdraws it afterwards."""
    rng = chance(seed, f"clerks.{form}.{number}", began // SLOT)
    author = str(invented_names(rng, 1)[0])
    district, share = str(CODES[number]), float(SHARES[number])
    at, pace, scale = (
        began + int(rng.integers(8, 25)) * MINUTE,
        rng.uniform(1.2, 2.5),
        rng.lognormal(0, 0.3),
    )
    end = over if over is not None else began + len(levels) * SLOT
    while at < end:
        level = int(levels[: (at - began) // SLOT + 1].max())
        done = 1 - float(np.exp(-(at - began) / HOUR / pace))
        values = (
            _transfer(share, level, scale, done)
            if form == "transfer"
            else _boats(share, scale, done)
        )
        if at == began or rng.random() >= FORGOTTEN:
            yield Act(at, form, district, author, values)
        at += 2 * HOUR + int(rng.integers(-10, 15)) * MINUTE
    if over is not None:
        yield Act(over + int(rng.integers(10, 40)) * MINUTE, form, district, author, None)


def _transfer(share: float, level: int, scale: float, done: float) -> dict[str, float]:
    due = round(AT_RISK[level] * share * scale)
    return {"due": float(due), "moved": float(min(due, round(due * min(1.0, 1.04 * done))))}


def _boats(share: float, scale: float, done: float) -> dict[str, float]:
    due = round(BOATS * share * scale)
    returned = min(due, round(due * min(1.0, 1.03 * done)))
    people = round(due * CREW)
    ashore = min(people, round(returned * CREW))
    return {
        "due": float(due),
        "returned": float(returned),
        "people_due": float(people),
        "people_ashore": float(ashore),
    }


def act(book: EntryBook, one: Act) -> None:
    """Let a clerk do it."""
    at = datetime.fromtimestamp(one.at, UTC)
    if one.values is None:
        book.withdraw(one.form, one.district, one.author, WHO, at)
        return
    book.enter(
        Statement(
            form=one.form,
            place=one.district,
            district=one.district,
            town=None,
            values=one.values,
            author=one.author,
            who=WHO,
            entered_at=at,
            expires_at=at + HOLDS,
        )
    )


def enter_history(book: EntryBook, seed: int, days: int, now: datetime) -> int:
    """Enter all that clerks did in so many days up to `now` and have not entered yet; how much."""
    until = seconds_of(now)
    since = max(until - days * DAY, *(_newest(book, form) for form in ("transfer", "boats")))
    done = acts_between(seed, since, until)
    for one in done:
        act(book, one)
    return len(done)


def _newest(book: EntryBook, form: str) -> int:
    """The second of the newest thing a clerk of the demo did with a form; 0 for none."""
    times = [
        at
        for kept in book.entries(form, 200)
        if kept.statement.who == WHO
        for at in (kept.statement.entered_at, kept.ended_at)
        if at is not None
    ]
    return max((seconds_of(at) for at in times), default=0)


def live_entries(
    book: EntryBook, seed: int, clock: Callable[[], datetime], stop: threading.Event
) -> None:
    """Let the clerks work on until `stop`; a store that is silent is tried again."""
    since = seconds_of(clock())
    while not stop.wait(_PAUSE):
        until = seconds_of(clock())
        try:
            for one in acts_between(seed, since, until):
                act(book, one)
                since = one.at
        except Unreachable:
            continue
        since = until
