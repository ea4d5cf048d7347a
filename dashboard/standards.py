"""Judging measured values by a published standard, in the edition that held on their day.

Arithmetic is decimal: an index is rounded up, and a float such as 100.00000000000001 must not
become 101.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import ROUND_CEILING, Decimal
from itertools import pairwise
from zoneinfo import ZoneInfo

from dashboard.catalogue.reference import Column, Edition, Factor, Grade, Standard
from dashboard.text import Text

CITY_ZONE = "Asia/Shanghai"
"""Editions begin at midnight of this zone, whatever zone the reading was made in."""
POLLUTED = 50
"""A primary pollutant is named only where the index is above this."""
Measured = int | float | Decimal


@dataclass(frozen=True)
class Judged:
    """A standard's verdict.

    `index` is the index (AQI) or the class number (1 = Ⅰ), `grade` what it is called and
    `grade_position` its place among the grades from 0, the best. `worst` is the factor that
    decided; for an interpolated index (AQI) None up to 50, where no primary pollutant is named.
    """

    index: float
    grade: Text | None
    grade_position: int
    colour: str | None
    worst: str | None
    edition: str


def evaluate(
    standard: Standard,
    column: str,
    values: Mapping[str, Measured | None],
    at: datetime | date,
    zone: str = CITY_ZONE,
) -> Judged | None:
    """Judge `values` (factor → value in the standard's unit) measured at `at`.

    Factors that the column has not, and values that are None, not finite or below zero (a fault of
    the instrument), are passed over. None where nothing can be judged or no edition held yet.
    Raises KeyError where the edition has no such column.
    """
    edition = edition_at(standard, at, zone)
    if edition is None:
        return None
    table = edition.columns[column]
    indices = {
        name: index
        for name, value in values.items()
        if name in table.factors
        and (index := index_of(edition, table, table.factors[name], value)) is not None
    }
    if not indices:
        return None
    worst = max(indices, key=lambda name: indices[name])
    return _judged(edition, indices[worst], worst)


def edition_at(standard: Standard, at: datetime | date, zone: str = CITY_ZONE) -> Edition | None:
    """The edition in force on the local day of `at`; a naive time is taken as UTC."""
    if isinstance(at, datetime):
        aware = at if at.tzinfo else at.replace(tzinfo=UTC)
        day = aware.astimezone(ZoneInfo(zone)).date()
    else:
        day = at
    held = [edition for edition in standard.editions if edition.valid_from <= day]
    return max(held, key=lambda edition: edition.valid_from) if held else None


def index_of(
    edition: Edition, table: Column, factor: Factor, value: Measured | None
) -> Decimal | None:
    """One factor's own index (IAQI, or the number of its class); None for what is no measurement
    or, with `beyond: hold`, lies beyond the last point."""
    if value is None:
        return None
    exact = value if isinstance(value, Decimal) else Decimal(repr(value))
    if not exact.is_finite() or exact < 0:
        return None
    points = [Decimal(repr(point)) for point in factor.points]
    index = [Decimal(repr(one)) for one in factor.index or table.index]
    if edition.method == "worst_class":
        return _class(points, index, exact, factor.descending)
    return _interpolated(points, index, exact, factor)


def _interpolated(
    points: list[Decimal], index: list[Decimal], value: Decimal, factor: Factor
) -> Decimal | None:
    """Linear between two points, rounded up to a whole number."""
    if factor.descending:
        points, value = [-point for point in points], -value
    if value > points[-1]:
        return index[-1] if factor.beyond == "clip" else None
    if value <= points[0]:
        return index[0]
    for (low, high), (below, above) in zip(pairwise(points), pairwise(index), strict=True):
        if low < value <= high:
            # One division at the end keeps break points exact: 35 is 50, not 50 and a grain.
            exact = below + (above - below) * (value - low) / (high - low)
            return exact.to_integral_value(ROUND_CEILING)
    return None


def _class(
    points: list[Decimal], index: list[Decimal], value: Decimal, descending: bool
) -> Decimal:
    """The best class whose limit the value keeps; one beyond the last where it keeps none."""
    for limit, one in zip(points, index, strict=True):
        if (value >= limit) if descending else (value <= limit):
            return one
    return index[-1] + 1


def _judged(edition: Edition, index: Decimal, worst: str) -> Judged:
    position = next(
        (i for i, grade in enumerate(edition.grades) if index <= Decimal(repr(grade.upto))),
        len(edition.grades) - 1,
    )
    grade: Grade | None = edition.grades[position] if edition.grades else None
    named = edition.method == "worst_class" or index > POLLUTED
    return Judged(
        index=float(index),
        grade=grade.title if grade else None,
        grade_position=position,
        colour=grade.colour if grade else None,
        worst=worst if named else None,
        edition=edition.name,
    )
