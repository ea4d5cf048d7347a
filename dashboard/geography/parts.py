"""An indicator's parts as the map draws them: which splits are places, and what each part says."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from dashboard.catalogue import Catalogue, Indicator
from dashboard.catalogue.indicators import FLOWS, STOCKS, ByStandard
from dashboard.catalogue.layers import Layer
from dashboard.catalogue.places import dimension_named
from dashboard.catalogue.showing import single_splits_of
from dashboard.clerk import code_text
from dashboard.judge import Circumstances, breached
from dashboard.ports.values import Range, Series, SeriesRequest
from dashboard.readings import Level
from dashboard.windows import TOTAL

AREAS = ("districts", "towns")
"""Code lists whose codes are areas of the map's files of the same name."""
_RECENT = timedelta(minutes=20)
"""Stocks are sampled every five minutes, so that the newest sample lies within this."""


class AreaSplit(NamedTuple):
    """An indicator that can be drawn by areas, and the file that they are of."""

    key: str
    by: str
    areas: str


def area_splits(catalogue: Catalogue) -> Iterator[AreaSplit]:
    """Every indicator by each of its splits that is districts or towns, towns first."""
    for key, indicator in catalogue.indicators():
        if indicator.internal or indicator.measure.kind == "fact":
            continue
        found = [
            AreaSplit(key, by, areas)
            for by in single_splits_of(indicator)
            if (areas := areas_of(catalogue, key, by)) and is_kept(indicator, by)
        ]
        yield from sorted(found, key=lambda split: split.areas, reverse=True)


def areas_of(catalogue: Catalogue, key: str, by: str) -> str:
    """The file of areas that a split's codes are of; empty where they are no areas."""
    dimension = dimension_named(catalogue, key, by)
    codes = dimension.codes if dimension is not None else None
    return codes if codes in AREAS else ""


def is_kept(indicator: Indicator, by: str) -> bool:
    """Whether a split's values are at hand without asking a department: a map never asks one."""
    return by == indicator.live_by or indicator.measure.kind in (*FLOWS, *STOCKS)


def request_of(
    catalogue: Catalogue, key: str, indicator: Indicator, by: str, now: datetime
) -> SeriesRequest:
    """The question whose answer gives every part of a split that the reading does not carry."""
    if indicator.measure.kind in STOCKS or indicator.window == "now":
        return SeriesRequest(key, (now - _RECENT, now), "5m", by)
    window: Range = catalogue.department_of(key).window_of(indicator, now)
    return SeriesRequest(key, window, TOTAL, by)


def parts_of_series(
    indicator: Indicator, series: Series, circumstances: Circumstances
) -> dict[str, dict[str, Any]]:
    """The newest value of each code, judged by the indicator's own limits."""
    found: dict[str, dict[str, Any]] = {}
    for point in series.points:
        if point.value is None or point.code == "":
            continue
        value = float(point.value)
        level = breached(indicator.limits, value, point.n, circumstances, point.code)[0]
        found[point.code] = {"value": value, "n": point.n, "level": level.value}
    return found


def said_parts(
    catalogue: Catalogue, key: str, by: str, parts: Mapping[str, Mapping[str, Any]]
) -> dict[str, dict[str, Any]]:
    """Parts with what their codes are called, their own times where they have such, and of a
    standard the official colour of the grade."""
    indicator = catalogue.indicator(key)
    colours = _grade_colours(catalogue, indicator) if indicator is not None else {}
    return {
        code: {
            "name": code_text(catalogue, key, by, code).model_dump(),
            "value": part.get("value"),
            "n": part.get("n"),
            "level": part.get("level", Level.NORMAL.value),
            "text": part.get("text"),
            "colour": colours.get(str(part.get("text"))),
            **({"as_of": part["as_of"]} if part.get("as_of") else {}),
        }
        for code, part in parts.items()
    }


def _grade_colours(catalogue: Catalogue, indicator: Indicator) -> dict[str, str]:
    if not isinstance(indicator.measure, ByStandard):
        return {}
    standard = catalogue.standards.get(indicator.measure.standard)
    grades = (
        [grade for edition in standard.editions for grade in edition.grades] if standard else []
    )
    return {grade.title.zh: grade.colour for grade in grades if grade.colour}


def grades_of(catalogue: Catalogue, layer: Layer) -> list[dict[str, Any]]:
    """The legend of a layer whose indicator is judged by a standard; empty for others."""
    indicator = catalogue.indicator(str(layer.indicator))
    if indicator is None or not isinstance(indicator.measure, ByStandard):
        return []
    standard = catalogue.standards.get(indicator.measure.standard)
    grades = standard.editions[-1].grades if standard else []
    return [
        {"title": grade.title.model_dump(), "colour": grade.colour}
        for grade in grades
        if grade.colour
    ]
