"""What a question for a series is about, checked, with the buckets its answer has."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from dashboard.catalogue import Catalogue, Indicator
from dashboard.catalogue.departments import Department
from dashboard.catalogue.indicators import FLOWS, ByStandard, Days, Fact, Surge
from dashboard.catalogue.references import inputs_of
from dashboard.ports import Range, SeriesRequest
from dashboard.windows import (
    GRAINS,
    TOTAL,
    bucket_start,
    check_grain,
    next_start,
    pick_grain,
    starts,
    store_grain,
)

MOST_DAYS = 20_000
"""Days in one answer by day; what is finer is bounded by how long it is kept."""


@dataclass(frozen=True)
class Subject:
    """A checked question. `window` starts with a whole bucket and ends now at the latest."""

    request: SeriesRequest
    indicator: Indicator
    department: Department
    catalogue: Catalogue
    window: Range
    grain: str
    zone: str
    now: datetime

    @property
    def key(self) -> str:
        """The indicator's full key."""
        return self.request.key

    @property
    def name(self) -> str:
        """The indicator's key within its department, as its source calls it."""
        return self.request.key.partition(".")[2]

    @property
    def by(self) -> str:
        """The split, dimensions joined by a comma; empty for the total."""
        return self.request.by

    @property
    def total(self) -> bool:
        """Whether one value for the whole window is asked for."""
        return self.grain == TOTAL

    def permit(self) -> None:
        """Called before the department is asked, or what it answered shortly before is told. Raises
        what the question's own permit does."""
        if self.request.permit is not None:
            self.request.permit(self.key, self.window)

    def buckets(self) -> list[Range]:
        """Start and end of every bucket; the whole window where one value is asked for."""
        if not self.window[0] < self.window[1]:
            return []
        if self.total:
            return [self.window]
        return [
            (at, next_start(at, self.grain, self.zone))
            for at in starts(self.window, self.grain, self.zone)
        ]


def subject_of(
    request: SeriesRequest, catalogue: Catalogue, now: datetime, zone: str | None = None
) -> Subject:
    """The question, checked. `zone` cuts days otherwise than the department's own.

    Raises KeyError for an unknown indicator, ValueError for a grain or split it has not.
    """
    indicator = catalogue.indicator(request.key)
    if indicator is None:
        raise KeyError(request.key)
    department = catalogue.department_of(request.key)
    zone = zone or department.zone
    check_split(indicator, request.by)
    if isinstance(indicator.measure, Fact):
        raise ValueError(
            f"{request.key} states facts: found a series of it, expected rows, as in"
            f" /export/{request.key}.csv"
        )
    grain = grain_of(indicator, request, now, zone)
    finest = grain == TOTAL or (request.clip and can_clip(indicator))
    window = _cut(request.window, grain, now, zone, finest=finest)
    if grain == "1d" and window[1] - window[0] > timedelta(days=MOST_DAYS):
        raise ValueError(
            f"{request.key}: found {(window[1] - window[0]).days} days, expected at most {MOST_DAYS}:"
            " take a shorter window or grain=1mo"
        )
    return Subject(request, indicator, department, catalogue, window, grain, zone, now)


def splits_of(indicator: Indicator) -> list[str]:
    """The splits an indicator has, as they are named in requests."""
    named = [by if isinstance(by, str) else ",".join(by) for by in indicator.by]
    extra = [indicator.live_by] if indicator.live_by else []
    if isinstance(indicator.measure, ByStandard) and indicator.measure.by:
        extra.append(indicator.measure.by)
    return list(dict.fromkeys([*named, *extra]))


def check_split(indicator: Indicator, by: str) -> str:
    """The split itself. Raises ValueError for one that the indicator has not, naming those it has."""
    known = splits_of(indicator)
    if by and by not in known:
        expected = f"one of {', '.join(known)}" if known else "none, since it cannot be split"
        raise ValueError(f"found by {by!r}, expected {expected}")
    return by


def departments_behind(catalogue: Catalogue, key: str) -> frozenset[str]:
    """The departments that may have to answer for an indicator: its own, and those of its inputs."""
    found: set[str] = set()
    seen: set[str] = set()
    waiting = [key]
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            found.add(name.partition(".")[0])
            indicator = catalogue.indicator(name)
            waiting += [given for _, given in inputs_of(indicator)] if indicator else []
    return frozenset(found)


def grain_of(indicator: Indicator, request: SeriesRequest, now: datetime, zone: str) -> str:
    """The grain asked for, or a fitting one that is kept. Raises ValueError for one too fine."""
    finest = _finest(indicator, request.window, now, zone)
    if request.grain is None:
        return max(pick_grain(request.window), finest, key=GRAINS.index)
    grain = check_grain(request.grain)
    if grain != TOTAL and GRAINS.index(grain) < GRAINS.index(finest):
        raise ValueError(
            f"{request.key}: found grain {grain} from {request.window[0].isoformat()}, expected"
            f" {' or '.join(GRAINS[GRAINS.index(finest) :])}: nothing finer is kept of that time"
        )
    return grain


def _finest(indicator: Indicator, window: Range, now: datetime, zone: str) -> str:
    if isinstance(indicator.measure, Days):
        return "1d"
    if isinstance(indicator.measure, Surge):
        return max("1h", store_grain(window[0], now - timedelta(days=1), zone), key=GRAINS.index)
    # The store thins a day later than ranges are widened, see `data_access.store`.
    return store_grain(window[0], now - timedelta(days=1), zone)


def can_clip(indicator: Indicator) -> bool:
    """Whether a part of a bucket means something: of flows, and of arithmetic over them. A day that
    a standard judges is a whole day."""
    kind = indicator.measure.kind
    return kind in FLOWS or kind == "formula"


def _cut(window: Range, grain: str, now: datetime, zone: str, *, finest: bool) -> Range:
    """The window from the start of its first bucket (of the `finest` kept one), not beyond now."""
    start = window[0]
    kept = store_grain(start, now, zone) if finest else grain
    return bucket_start(start, kept, zone), min(window[1], now)
