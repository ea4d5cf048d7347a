"""Derived values: a formula, a standard or a count of days over other indicators. All pure.

Used twice: by the collector for live readings, and by the series for every point of the past, so
that a chart and a tile cannot disagree.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol

from dashboard.catalogue import Catalogue, Indicator
from dashboard.catalogue.formula import evaluate as evaluate_formula
from dashboard.catalogue.indicators import ByStandard, Days, Formula, Surge
from dashboard.catalogue.reference import Standard
from dashboard.judge import COMPARE
from dashboard.ports import GroupValue
from dashboard.standards import Judged
from dashboard.standards import evaluate as evaluate_standard
from dashboard.text import Text


class PartLike(Protocol):
    """One code's value of an input, such as `readings.Part` or `ports.GroupValue`."""

    @property
    def value(self) -> float | None: ...
    @property
    def n(self) -> int | None: ...
    @property
    def as_of(self) -> datetime | None: ...


class ReadingLike(PartLike, Protocol):
    """An input, such as `readings.Reading` or `judge.Measured`."""

    @property
    def parts(self) -> Mapping[str, PartLike]: ...


@dataclass(frozen=True)
class Derived:
    """A derived value. `as_of` is its oldest input's, `n` the fewest rows any input rests on (of a
    standard with `by` the number of codes judged). `grade` is a standard's class, `worst` the name
    of the input that decided it, `code` the code that did, `told` what is said instead of the grade.
    `reason` says why the value means nothing yet."""

    value: float | None
    n: int | None = None
    as_of: datetime | None = None
    grade: Text | None = None
    worst: str | None = None
    code: str | None = None
    parts: Mapping[str, GroupValue] = field(default_factory=dict)
    reason: str | None = None
    told: str | None = None

    @property
    def text(self) -> str | None:
        """What a reading says beside its number: what is told, else the grade by its Chinese title,
        the key to the other language."""
        return self.told or (self.grade.zh if self.grade else None)


UNKNOWN = Derived(None)
NO_FACTOR = "none"
"""What is told where a standard names no factor: of an AQI up to 50 no primary pollutant."""


def input_keys(indicator: Indicator) -> tuple[str, ...]:
    """The full keys of the indicators that a derived one is made of."""
    match indicator.measure:
        case Formula(inputs=inputs) | ByStandard(inputs=inputs):
            return tuple(dict.fromkeys(inputs.values()))
        case Days(of=of) | Surge(of=of):
            return (of,)
        case _:
            return ()


def derive(
    indicator: Indicator, inputs: Mapping[str, ReadingLike], catalogue: Catalogue, now: datetime
) -> Derived:
    """The value of a formula or standard from readings by full key; a missing one is unknown.

    A standard with `by` is judged per code of its inputs' parts and the worst counts. Indicators of
    kind `days` and `surge` need a history instead: ask for their series with grain `total`. Raises ValueError
    for an indicator that is not derived from readings.
    """
    match indicator.measure:
        case Formula() as measure:
            known = {name: inputs.get(key) for name, key in measure.inputs.items()}
            return derive_formula(measure, known, _parts_of(indicator, known))
        case ByStandard() as measure:
            known = {name: inputs.get(key) for name, key in measure.inputs.items()}
            standard = catalogue.standards.get(measure.standard)
            return derive_standard(measure, standard, known, now)
        case other:
            raise ValueError(f"found measure {other.kind}, expected formula or standard")


def _parts_of(indicator: Indicator, inputs: Mapping[str, ReadingLike | None]) -> set[str]:
    """The codes that every input has, where the indicator's parts go with its reading."""
    if indicator.live_by is None or not inputs:
        return set()
    return set.intersection(*(set(known.parts) if known else set() for known in inputs.values()))


def derive_formula(
    measure: Formula, inputs: Mapping[str, ReadingLike | None], codes: Iterable[str] = ()
) -> Derived:
    """The formula over inputs by name, and over their parts of some codes."""
    whole = _formula(measure, inputs)
    parts = {}
    for code in sorted(codes):
        part = _formula(measure, {name: i.parts[code] if i else None for name, i in inputs.items()})
        parts[code] = GroupValue(code, part.value, part.n or 0, part.as_of or whole.as_of)
    return Derived(whole.value, whole.n, whole.as_of, parts=parts)


def _formula(measure: Formula, inputs: Mapping[str, PartLike | None]) -> Derived:
    values = {name: known.value for name, known in inputs.items() if known}
    value = formula_value(measure, {name: values.get(name) for name in measure.inputs})
    return Derived(value, fewest(inputs.values()), oldest(inputs.values()))


def formula_value(measure: Formula, values: Mapping[str, float | None]) -> float | None:
    """The formula's value; None where an input is unknown or it divides by zero."""
    known = {name: float(value) for name, value in values.items() if value is not None}
    if len(known) < len(values):
        return None
    found = evaluate_formula(measure.formula, known)
    return found if found is not None and math.isfinite(found) else None


def derive_standard(
    measure: ByStandard,
    standard: Standard | None,
    inputs: Mapping[str, ReadingLike | None],
    now: datetime,
) -> Derived:
    """Inputs by factor name judged by the standard in force at their own time."""
    if standard is None:
        return UNKNOWN
    if measure.by is None:
        return _standard(measure, standard, inputs, now)
    codes = sorted({code for known in inputs.values() if known for code in known.parts})
    judged = {}
    for code in codes:
        parts = {name: known.parts.get(code) if known else None for name, known in inputs.items()}
        judged[code] = _standard(measure, standard, parts, now)
    return worst_of(judged)


def _standard(
    measure: ByStandard, standard: Standard, inputs: Mapping[str, PartLike | None], now: datetime
) -> Derived:
    given = {name: known.value if known else None for name, known in inputs.items()}
    as_of = oldest(inputs.values())
    judged = evaluate_standard(standard, measure.column, given, as_of or now)
    return _of_judged(measure, judged, fewest(inputs.values()), as_of)


def judge_values(
    measure: ByStandard, standard: Standard, values: Mapping[str, float | None], at: datetime
) -> Derived:
    """Values by factor name judged by the standard in force at `at`."""
    judged = evaluate_standard(standard, measure.column, values, at)
    return _of_judged(measure, judged, None, at)


def _of_judged(
    measure: ByStandard, judged: Judged | None, n: int | None, as_of: datetime | None
) -> Derived:
    if judged is None:
        return Derived(None, n, as_of)
    told = (judged.worst or NO_FACTOR) if measure.tells == "factor" else None
    return Derived(judged.index, n, as_of, judged.grade, judged.worst, told=told)


def worst_of(judged: Mapping[str, Derived]) -> Derived:
    """The worst of several codes, with all of them as parts; as-of is the oldest judged one's."""
    known = {code: one for code, one in judged.items() if one.value is not None}
    parts = {
        code: GroupValue(code, one.value, one.n or 0, one.as_of, one.text, one.worst)
        for code, one in judged.items()
    }
    if not known:
        return Derived(None, 0, None, parts=parts)
    code = max(known, key=lambda name: known[name].value or 0.0)
    worst = known[code]
    times = [one.as_of for one in known.values() if one.as_of is not None]
    return replace(worst, n=len(known), as_of=min(times, default=None), code=code, parts=parts)


def days_met(measure: Days, values: Iterable[float | None]) -> Derived:
    """How many valid days (those with a value) meet the limit, or their share in percent."""
    valid = [float(value) for value in values if value is not None]
    met = sum(COMPARE[measure.op](value, measure.value) for value in valid)
    if not measure.share:
        return Derived(float(met) if valid else None, len(valid))
    return Derived(met / len(valid) * 100 if valid else None, len(valid))


def oldest(inputs: Iterable[PartLike | None]) -> datetime | None:
    """The oldest as-of among inputs that have a value; None where one of them has no time."""
    times = [known.as_of for known in inputs if known is not None and known.value is not None]
    known_times = [at for at in times if at is not None]
    return min(known_times) if known_times and len(known_times) == len(times) else None


def fewest(inputs: Iterable[PartLike | None]) -> int | None:
    """The fewest rows that an input with a value rests on; None where none says."""
    counts = [k.n for k in inputs if k is not None and k.value is not None and k.n is not None]
    return min(counts, default=None)
