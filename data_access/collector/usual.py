"""What is usual for an indicator, and what is counted over its days: questions to the history by the
same series that screens are drawn from, so that a limit and a chart cannot disagree."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import TypeVar

import structlog

from dashboard.catalogue import Indicator
from dashboard.catalogue.indicators import Surge
from dashboard.derived import Derived
from dashboard.ports import (
    CatalogueSource,
    GroupValue,
    History,
    Number,
    Range,
    SeriesRequest,
    Source,
    Unreachable,
)
from dashboard.series.desk import SeriesDesk
from dashboard.series.surges import worst_pair
from dashboard.windows import TOTAL, local_day, midnight, resolve

log = structlog.get_logger(__name__)
T = TypeVar("T")
MOST_PARTS = 12
"""Pairs of a surge that go with its reading: those with most rows, and the worst."""
Usual = dict[tuple[str, str], float | None]
"""By a limit's `against` and the code ("" the total)."""


class NotAsked(Unreachable):
    """A series that only the department itself could answer."""


class HistoryOnly:
    """Sources that are not to be asked: what no history answers is unknown here."""

    def of(self, department: str) -> Source:
        """Always raises NotAsked."""
        raise NotAsked(f"{department} is not asked for what is usual")


@dataclass(frozen=True)
class UsualValues:
    """Answers from the store only; may raise Unreachable where that is silent."""

    series: SeriesDesk
    zone: str
    _failing: set[str] = field(default_factory=set)
    """Indicators whose past cannot be told, which has been said."""

    @classmethod
    def over(
        cls,
        catalogue_source: CatalogueSource,
        history: History,
        clock: Callable[[], datetime],
        zone: str,
    ) -> "UsualValues":
        """Over a history that never turns to a department."""
        return cls(SeriesDesk(catalogue_source, history, HistoryOnly(), clock), zone)

    def of(self, key: str, indicator: Indicator) -> Usual:
        """All that the indicator's limits compare with; what is unknown is absent."""
        found: Usual = {}
        for against in {limit.against for limit in indicator.limits if limit.against}:
            ask = partial(self.series.against, key, against, indicator.live_by or "")
            values = self._answer(key, ask) or {}
            found |= {(against, code): value for code, value in values.items()}
        return found

    def _answer(self, key: str, ask: Callable[[], T]) -> T | None:
        """None where the history is too young, or the catalogue has just changed; where it stays
        so a limit is never judged, which must not go unsaid."""
        try:
            found = ask()
        except NotAsked:
            return None
        except (KeyError, ValueError) as error:
            if key not in self._failing:
                self._failing.add(key)
                log.warning("no past to compare with", indicator=key, error=str(error))
            return None
        self._failing.discard(key)
        return found

    def began(self, key: str) -> datetime | None:
        """The first row of what an indicator rests on, where the history reaches further back."""
        return self._answer(key, partial(self.series.began, key))

    def counted(self, key: str, indicator: Indicator, now: datetime) -> Derived:
        """The value of an indicator of kind `days` or `surge` over its window; unknown where nothing
        is."""
        if isinstance(indicator.measure, Surge):
            return self._surging(key, indicator, indicator.measure, now)
        return self._counted(key, resolve(indicator.window, now, self.zone))

    def counted_before(self, key: str, indicator: Indicator, then: datetime) -> Derived:
        """The same as it was on the day of a past moment: of the days that had closed by then. A
        surge as it was at the moment itself."""
        if isinstance(indicator.measure, Surge):
            return self._surging(key, indicator, indicator.measure, then)
        today = midnight(local_day(then, self.zone), self.zone)
        return self._counted(key, (resolve(indicator.window, then, self.zone)[0], today))

    def _counted(self, key: str, window: Range) -> Derived:
        if not window[0] < window[1]:
            return Derived(None)
        series = self._answer(key, partial(self.series.answer, SeriesRequest(key, window, TOTAL)))
        point = next(iter(series.points), None) if series else None
        if point is None or point.value is None:
            return Derived(None)
        return Derived(float(point.value), point.n)

    def _surging(self, key: str, indicator: Indicator, measure: Surge, now: datetime) -> Derived:
        """The worst pair, with the pairs of most rows as its parts."""
        window = resolve(indicator.window, now, self.zone)
        request = SeriesRequest(key, window, TOTAL, indicator.live_by or "")
        series = self._answer(key, partial(self.series.answer, request))
        if series is None or any(point.value is None for point in series.points):
            return Derived(None)
        worst = worst_pair(series.points, measure.least)
        if worst is None:
            return Derived(0.0, 0, now)
        largest = sorted(series.points, key=lambda point: -(point.n or 0))[:MOST_PARTS]
        parts = {
            point.code: GroupValue(point.code, _float(point.value), point.n or 0, now)
            for point in (largest if worst in largest else [worst, *largest[:-1]])
        }
        return Derived(_float(worst.value), worst.n, now, code=worst.code, parts=parts)


def _float(value: Number | None) -> float | None:
    return None if value is None else float(value)
