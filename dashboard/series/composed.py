"""Series of derived indicators: the same arithmetic as live readings, point by point."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from dashboard.catalogue.indicators import ByStandard, Days, Formula
from dashboard.catalogue.reference import Standard
from dashboard.derived import Derived, days_met, formula_value, judge_values, worst_of
from dashboard.ports import Number, Point, Range, Series, SeriesRequest
from dashboard.series.subject import Subject, can_clip
from dashboard.windows import next_start

Ask = Callable[[SeriesRequest], Series]
"""Answers for an input, with days cut as in the derived indicator's own zone."""


@dataclass(frozen=True)
class Inputs:
    """The inputs' series by name, and what they have in common."""

    series: Mapping[str, Series]

    @property
    def origin(self) -> str:
        """`department` where one of them was asked for there."""
        asked = any(series.origin == "department" for series in self.series.values())
        return "department" if asked else "history"

    @property
    def approximate(self) -> bool:
        """Whether one of them is approximate."""
        return any(series.approximate for series in self.series.values())

    @property
    def covered(self) -> Range | None:
        """What all of them that have a coverage cover."""
        ranges = [series.covered for series in self.series.values() if series.covered]
        if not ranges:
            return None
        return max(start for start, _ in ranges), min(end for _, end in ranges)

    @property
    def since(self) -> datetime | None:
        """Since when all of them that say so have rows."""
        return max((s.since for s in self.series.values() if s.since is not None), default=None)

    def window(self, subject: Subject) -> Range:
        """What the points hold: the window, from the first bucket of the input with the longest."""
        begun = [series.window[0] for series in self.series.values() if series.window]
        return min([subject.window[0], *begun]), subject.window[1]

    def points(self) -> dict[datetime, dict[str, dict[str, Point]]]:
        """Points by time, code and name."""
        found: dict[datetime, dict[str, dict[str, Point]]] = {}
        for name, series in self.series.items():
            for point in series.points:
                found.setdefault(point.at, {}).setdefault(point.code, {})[name] = point
        return found

    def answer(self, subject: Subject, points: list[Point]) -> Series:
        """The derived series, as trustworthy as its inputs."""
        return Series(
            subject.request,
            subject.grain,
            points,
            self.origin,
            self.approximate,
            self.covered,
            self.window(subject),
            self.since,
        )


def answer_derived(subject: Subject, ask: Ask) -> Series:
    """The series of a formula, a standard, or days that meet a limit."""
    match subject.indicator.measure:
        case Formula() as measure:
            return _formula(subject, measure, ask)
        case ByStandard() as measure:
            return _standard(subject, measure, ask)
        case Days() as measure:
            return _days(subject, measure, ask)
        case other:
            raise ValueError(f"found measure {other.kind}, expected a derived one")


def _asked(subject: Subject, inputs: Mapping[str, str], by: str, ask: Ask) -> Inputs:
    requests = {
        name: replace(
            subject.request,
            key=key,
            window=subject.window,
            grain=subject.grain,
            by=by,
            clip=subject.request.clip and can_clip(subject.indicator),
        )
        for name, key in inputs.items()
    }
    return Inputs({name: ask(request) for name, request in requests.items()})


def _formula(subject: Subject, measure: Formula, ask: Ask) -> Series:
    inputs = _asked(subject, measure.inputs, subject.by, ask)
    points = []
    for at, codes in sorted(inputs.points().items()):
        for code, known in sorted(codes.items()):
            values = {name: _float(known.get(name)) for name in measure.inputs}
            points.append(Point(at, code, formula_value(measure, values), _fewest(known.values())))
    return inputs.answer(subject, points)


def _standard(subject: Subject, measure: ByStandard, ask: Ask) -> Series:
    """Judged per code where the standard is by a dimension; without a split the worst counts."""
    standard = subject.catalogue.standards.get(measure.standard)
    if standard is None:
        raise ValueError(f"{subject.key}: found no standard {measure.standard!r}")
    inputs = _asked(subject, measure.inputs, subject.by or measure.by or "", ask)
    points = []
    for at, codes in sorted(inputs.points().items()):
        judged = {
            code: _judged(measure, standard, known, at) for code, known in sorted(codes.items())
        }
        if subject.by:
            points += [Point(at, code, one.value, one.n) for code, one in judged.items()]
        else:
            worst = worst_of(judged)
            alone = judged.get("") if measure.by is None else None
            points.append(Point(at, "", worst.value, alone.n if alone else worst.n))
    return inputs.answer(subject, points)


def _judged(
    measure: ByStandard, standard: Standard, known: Mapping[str, Point], at: datetime
) -> Derived:
    values = {name: _float(known.get(name)) for name in measure.inputs}
    return replace(judge_values(measure, standard, values, at), n=_fewest(known.values()))


def _days(subject: Subject, measure: Days, ask: Ask) -> Series:
    """Per bucket the share (or number) of its closed days with a value that meet the limit."""
    request = replace(
        subject.request, key=measure.of, window=subject.window, grain="1d", clip=False
    )
    days = Inputs({"of": ask(request)})
    closed: dict[str, dict[datetime, Number | None]] = {}
    for point in days.series["of"].points:
        if next_start(point.at, "1d", subject.zone) <= subject.now:
            valid = not measure.min_n or (point.n or 0) >= measure.min_n
            closed.setdefault(point.code, {})[point.at] = point.value if valid else None
    points = []
    for start, end in subject.buckets():
        for code, values in sorted(closed.items()):
            within = (_number(value) for at, value in values.items() if start <= at < end)
            met = days_met(measure, within)
            points.append(Point(start, code, met.value, met.n))
    return days.answer(subject, points)


def _number(value: Number | None) -> float | None:
    return None if value is None else float(value)


def _float(point: Point | None) -> float | None:
    return _number(point.value) if point else None


def _fewest(points: Iterable[Point]) -> int | None:
    return min((p.n for p in points if p.value is not None and p.n is not None), default=None)
