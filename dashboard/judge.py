"""Judging: from what was measured to a reading, with its state by age and its level by limits.

Pure: the same measurement, time and catalogue give the same reading.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from dashboard.catalogue.datasets import Dataset
from dashboard.catalogue.definitions import Limit
from dashboard.catalogue.indicators import Fact, Indicator
from dashboard.catalogue.reference import Calendar
from dashboard.due import awaited, is_due
from dashboard.ports import GroupValue
from dashboard.readings import Level, Part, Reading, State
from dashboard.reasons import Reason
from dashboard.windows import zone_of

AHEAD = timedelta(minutes=5)
"""A source's time further ahead of ours than this is not believed."""
SEVERITY = {Level.NORMAL: 0, Level.WARNING: 1, Level.ALARM: 2}
Baseline = Callable[[str, str], float | None]
"""What a limit's `against` means for a code ("" the total) now; None where nothing is known."""
COMPARE: Mapping[str, Callable[[float, float], bool]] = {
    "<": lambda value, limit: value < limit,
    "<=": lambda value, limit: value <= limit,
    ">": lambda value, limit: value > limit,
    ">=": lambda value, limit: value >= limit,
}


@dataclass(frozen=True)
class Measured:
    """What one indicator measured, before anybody judged it.

    `reason` says why there is a value that means nothing, such as a history that is still being
    read; the reading is then unavailable. `text` is a fact's code or a standard's grade,
    `worst` the factor that decided it, `lapsed` how many statements by hand have expired (None
    where none can): their values are unknown.
    """

    key: str
    value: float | None
    n: int | None
    as_of: datetime | None
    collected_at: datetime | None
    text: str | None = None
    parts: Mapping[str, GroupValue] = field(default_factory=dict)
    windows: Mapping[str, Part] = field(default_factory=dict)
    set_aside: int = 0
    approximate: bool = False
    reason: str | None = None
    worst: str | None = None
    lapsed: int | None = None

    @property
    def unasked(self) -> bool:
        """Nothing is stated, and nothing that was has lapsed: nobody has been asked to state it."""
        return self.lapsed == 0 and not self.n


@dataclass(frozen=True)
class Freshness:
    """Ages at which data is late and stale, and the calendar of when it is due."""

    late: timedelta
    stale: timedelta
    calendar: Calendar | None = None

    @classmethod
    def of(
        cls, indicator: Indicator, dataset: Dataset, calendar: Calendar | None, slack: timedelta
    ) -> "Freshness":
        """An indicator's own ages, else its dataset's; `slack` is added for what is asked seldom,
        whose answer is expected to grow as old as its cadence."""
        late = (dataset.late if indicator.late is None else indicator.late) + slack
        stale = (dataset.stale if indicator.stale is None else indicator.stale) + slack
        return cls(late, max(stale, late + timedelta(seconds=1)), calendar)


@dataclass(frozen=True)
class Circumstances:
    """Under which a measurement is judged: the time, the catalogue's version, the past, what has
    gone wrong since (`failure`), said when the value has no better reason, and the first row where
    the window begins before it (`since`)."""

    now: datetime
    zone: str
    version: str
    failure: str | None = None
    compare: Mapping[str, float | None] = field(default_factory=dict)
    baseline: Baseline = lambda _against, _code: None
    since: datetime | None = None


def state_of(
    as_of: datetime | None, freshness: Freshness, now: datetime, collected_at: datetime | None
) -> State:
    """Fresh, late or stale by the time that data has been awaited; not due outside its hours.

    A source whose clock is ahead cannot have reported later than it was read, so its data ages from
    then on; far ahead it is never fresh.
    """
    if not is_due(freshness.calendar, now):
        return State.NOT_DUE
    if as_of is None:
        return State.UNAVAILABLE
    since = as_of if collected_at is None else min(as_of, collected_at)
    age = awaited(freshness.calendar, since, now)
    if age >= freshness.stale:
        return State.STALE
    return State.LATE if age >= freshness.late or is_ahead(as_of, now) else State.FRESH


def is_ahead(as_of: datetime | None, now: datetime) -> bool:
    """Whether a source's time is further ahead of ours than clocks differ."""
    return as_of is not None and as_of > now + AHEAD


def shown_ages(as_of: datetime | None, freshness: Freshness, now: datetime) -> tuple[float, float]:
    """Seconds after `as_of` at which a screen by itself must call it late and stale: the ages,
    plus the time since then in which nothing was due."""
    closed = timedelta(0)
    if as_of is not None:
        closed = max(closed, (now - as_of) - awaited(freshness.calendar, as_of, now))
    return (
        round((freshness.late + closed).total_seconds(), 3),
        round((freshness.stale + closed).total_seconds(), 3),
    )


def threshold(limit: Limit, baseline: Baseline, code: str) -> float | None:
    """The number that a limit stands for now; None where its past is unknown."""
    if limit.against is None:
        return limit.value
    usual = baseline(limit.against, code)
    if usual is None:
        return None
    return usual * limit.value if limit.as_ == "quotient" else usual + limit.value


def breached(
    limits: Sequence[Limit],
    value: float | None,
    n: int | None,
    circumstances: Circumstances,
    code: str | None = None,
) -> tuple[Level, float | None]:
    """The level of a value, and the number whose limit it breaches: alarms before warnings. Without
    a `code` it is the total, for which limits of `each` part do not hold."""
    hour = circumstances.now.astimezone(zone_of(circumstances.zone)).hour
    found: tuple[Level, float | None] = (Level.NORMAL, None)
    if value is None or not math.isfinite(value):
        return found
    for limit in limits:
        level = Level(limit.level)
        if SEVERITY[level] <= SEVERITY[found[0]] or not is_judged(limit, n, hour):
            continue
        if limit.each and code is None:
            continue
        edge = threshold(limit, circumstances.baseline, code or "")
        if edge is not None and COMPARE[limit.op](value, edge):
            found = level, edge
    return found


def is_judged(limit: Limit, n: int | None, hour: int) -> bool:
    """Whether a limit holds for a value of `n` rows at a local hour."""
    if limit.min_n and (n or 0) < limit.min_n:
        return False
    if limit.hours is None:
        return True
    first, last = limit.hours
    return first <= hour < last if first <= last else hour >= first or hour < last


def judge(
    indicator: Indicator,
    key: str,
    measured: Measured | None,
    freshness: Freshness,
    circumstances: Circumstances,
) -> Reading:
    """The reading of an indicator: unavailable where nothing was ever measured, without a value
    where none is due, else the last value with the state its age gives it."""
    now = circumstances.now
    as_of = measured.as_of if measured else None
    collected_at = measured.collected_at if measured else None
    state = state_of(as_of, freshness, now, collected_at)
    state = _stated(state, measured)
    late, stale = shown_ages(as_of, freshness, now)
    blank = Reading(
        key=key,
        department=key.partition(".")[0],
        value=None,
        n=None,
        state=state,
        level=Level.NORMAL,
        as_of=as_of,
        collected_at=collected_at,
        version=circumstances.version,
        window=indicator.window,
        late_after=late,
        stale_after=stale,
        reason=_reason(measured, state, circumstances),
        lapsed=measured.lapsed if measured else None,
        roles=tuple(indicator.roles),
    )
    if measured is None or state in (State.NOT_DUE, State.UNAVAILABLE):
        return blank
    return _valued(blank, indicator, measured, circumstances)


def _stated(state: State, measured: Measured | None) -> State:
    """The state by age, unless what was measured says otherwise."""
    if measured is None or measured.reason is not None:
        return state if state is State.NOT_DUE else State.UNAVAILABLE
    if measured.unasked:
        return State.NOT_DUE
    if measured.lapsed and state is not State.NOT_DUE:
        late = State.LATE if state is State.FRESH else state
        return late if measured.n else State.UNAVAILABLE
    return state


def _reason(measured: Measured | None, state: State, circumstances: Circumstances) -> str | None:
    if state in (State.FRESH, State.NOT_DUE):
        return None
    if measured is None:
        return circumstances.failure or Reason.NOT_READ.value
    if measured.reason:
        return measured.reason
    if measured.lapsed:
        return (Reason.PARTLY_LAPSED if measured.n else Reason.LAPSED).value
    if is_ahead(measured.as_of, circumstances.now):
        return Reason.CLOCK_AHEAD.value
    if circumstances.failure or measured.as_of:
        return circumstances.failure
    return Reason.NO_REPORT.value


def _valued(
    blank: Reading, indicator: Indicator, measured: Measured, circumstances: Circumstances
) -> Reading:
    parts = {
        code: _part(indicator, code, part, circumstances) for code, part in measured.parts.items()
    }
    level, limit = _level(indicator, measured, parts, circumstances)
    return Reading(
        **{
            **blank.__dict__,
            "value": _finite(measured.value),
            "n": measured.n,
            "level": level,
            "limit": limit,
            "text": measured.text,
            "worst": measured.worst,
            "approximate": measured.approximate,
            "set_aside": measured.set_aside,
            "parts_by": indicator.live_by if parts else None,
            "parts": parts,
            "windows": dict(measured.windows),
            "compare": dict(circumstances.compare),
            "since": circumstances.since,
        }
    )


def _level(
    indicator: Indicator,
    measured: Measured,
    parts: Mapping[str, Part],
    circumstances: Circumstances,
) -> tuple[Level, float | None]:
    """The total's own level; of facts, where there is no total, and where a limit is of each part,
    no better than the worst of the parts'."""
    if isinstance(indicator.measure, Fact):
        own = Level(indicator.measure.levels.get(measured.text or "", "normal"))
        return _worst([own, *(part.level for part in parts.values())]), None
    if measured.value is None and parts:
        return _worst([part.level for part in parts.values()]), None
    found, edge = breached(indicator.limits, measured.value, measured.n, circumstances)
    if any(limit.each for limit in indicator.limits):
        worst = _worst([found, *(part.level for part in parts.values())])
        return worst, edge if worst is found else None
    return found, edge


def _worst(levels: Sequence[Level]) -> Level:
    return max(levels, key=SEVERITY.__getitem__, default=Level.NORMAL)


def _part(indicator: Indicator, code: str, part: GroupValue, circumstances: Circumstances) -> Part:
    if isinstance(indicator.measure, Fact):
        level, edge = Level(indicator.measure.levels.get(part.text or "", "normal")), None
    else:
        level, edge = breached(indicator.limits, part.value, part.n, circumstances, code)
    return Part(_finite(part.value), part.n, level, part.text, part.as_of, part.worst, edge)


def _finite(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None
