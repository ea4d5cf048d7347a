"""Questions in an address: which indicator, which window, which grain, which split."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from rapidfuzz import process

from callbacks.services import Services
from dashboard.access import Person, authorise, may
from dashboard.catalogue import Catalogue, Indicator
from dashboard.catalogue.places import codes_within, only_within
from dashboard.ports import Series, SeriesRequest
from dashboard.readings import instant
from dashboard.series.subject import check_split
from dashboard.windows import TOTAL, check_grain, resolve

NAMES = ("window", "grain", "by", "within", "usual", "part", "provenance", "lang")
_STOCK_WINDOW = "1d"
"""What is shown of a stock, whose own window is a moment."""


class NoIndicator(Exception):
    """There is no indicator of this key."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


@dataclass(frozen=True)
class Question:
    """A request for a series with the words it was asked in."""

    indicator: Indicator
    window: str
    request: SeriesRequest
    person: Person
    within: str = ""
    """The code of a larger unit to whose parts the split is kept, such as a district's towns."""


def find_indicator(catalogue: Catalogue, person: Person, key: str) -> Indicator:
    """The indicator of a key.

    Raises NoIndicator, also where it is kept to roles that the person has not, and Refused where
    its department may not be seen.
    """
    indicator, department = catalogue.indicator(key), key.partition(".")[0]
    if indicator is None:
        raise NoIndicator(key)
    authorise(person, "see", department)
    if not may(person, "see", department, indicator.roles):
        # A refusal would say that there is such an indicator.
        raise NoIndicator(key)
    return indicator


def ask(services: Services, person: Person, key: str, params: Mapping[str, str]) -> Question:
    """The question of an address, checked.

    Raises NoIndicator, Refused, and ValueError saying what was found and what was expected.
    """
    indicator = find_indicator(services.catalogue, person, key)
    check_names(params)
    usual = _STOCK_WINDOW if indicator.window == "now" else indicator.window
    window = params.get("window") or usual
    dataset = services.catalogue.dataset_of(key)
    slots = dataset.slots_of(indicator.time) if dataset else None
    request = SeriesRequest(
        key=key,
        window=resolve(window, services.clock(), services.settings.zone, slots),
        grain=check_grain(params["grain"]) if params.get("grain") else None,
        by=check_split(indicator, params.get("by", "")),
        clip=True,
    )
    within = params.get("within", "")
    if within:
        codes_within(services.catalogue, key, request.by, within)
    return Question(indicator, window, request, person, within)


def check_names(params: Mapping[str, str]) -> None:
    """Raises ValueError for a parameter that no one reads, naming the nearest right one."""
    for name in params:
        if name not in NAMES:
            nearest = process.extractOne(name, NAMES)
            raise ValueError(
                f"found parameter {name!r}, did you mean {nearest[0]!r}? expected of"
                f" {', '.join(NAMES)}"
            )


async def usual(
    services: Services, question: Question, series: Series, part: str = ""
) -> list[dict[str, object]]:
    """The usual range along an answer, as JSON: of the whole city, or of one part of a split;
    empty where a split is asked for and no part of it is named."""
    request = question.request
    if bool(request.by) != bool(part):
        return []
    grain = "1d" if series.grain == "1d" else "1h"
    edges = await services.usual(request.key, request.window, grain, request.by, part)
    return [{"at": instant(at), "low": low, "high": high} for at, low, _, high in edges]


async def answer(services: Services, question: Question) -> Series:
    """The series; as one value where nobody asked for a grain and none can be answered.

    Its points add up to the total of the same window, so the first one may hold a part of its
    bucket only, and then says from when on. Raises ValueError for a grain that the indicator has
    not, Refused where a department must be asked that the person may not ask, and Unreachable.
    """
    series = _from_its_start(await _answered(services, question))
    if not question.within:
        return series
    return only_within(services.catalogue, series, question.within)


async def _answered(services: Services, question: Question) -> Series:
    request = question.request
    try:
        return await services.answer(request, question.person)
    except ValueError:
        if request.grain is not None:
            raise
    return await services.answer(replace(request, grain=TOTAL), question.person)


def _from_its_start(series: Series) -> Series:
    start = series.span[0]
    if not series.points or series.points[0].at >= start:
        return series
    points = [replace(p, at=start) if p.at < start else p for p in series.points]
    return replace(series, points=points)
