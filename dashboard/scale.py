"""The scale that a bar is drawn on: how much a full one is, and where target and limits stand on it."""

from typing import Literal, NamedTuple

from dashboard.catalogue.indicators import Indicator

_WHOLE = 100.0
Mark = Literal["target", "warning", "alarm"]


class Tick(NamedTuple):
    """A place on a scale, and what stands there."""

    at: float
    mark: Mark


def full_of(indicator: Indicator | None) -> float | None:
    """How much a full bar is: what the catalogue says, else the whole of a share; None where there
    is no such number, so that the largest value fills its bar. A formula in percent may be a change,
    which has no whole."""
    if indicator is None:
        return None
    if indicator.full_scale is not None:
        return indicator.full_scale
    share = indicator.unit.zh == "%" and indicator.measure.kind != "formula"
    return _WHOLE if share else None


def ticks_of(indicator: Indicator | None) -> list[Tick]:
    """The target and the fixed limits that lie within a fixed scale; none where there is no scale."""
    full = full_of(indicator)
    if indicator is None or full is None:
        return []
    ticks = [Tick(one.value, one.level) for one in indicator.limits if one.against is None]
    if indicator.target is not None:
        ticks.insert(0, Tick(indicator.target, "target"))
    return [tick for tick in ticks if 0 < tick.at <= full]
