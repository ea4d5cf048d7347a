"""Derived readings: made of the readings they name, as old as the oldest of these."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from dashboard.catalogue import Catalogue, Indicator
from dashboard.catalogue.indicators import Days, Surge
from dashboard.derived import Derived, input_keys
from dashboard.derived import derive as derived_value
from dashboard.judge import Circumstances, Freshness, Measured, judge
from dashboard.readings import Reading, State
from dashboard.reasons import Reason
from data_access.collector.agenda import Agenda

_NEVER = timedelta(days=36_500)


def derive(
    agenda: Agenda,
    readings: Mapping[str, Reading],
    catalogue: Catalogue,
    seen: Callable[[str], Circumstances],
    counted: Mapping[str, Derived],
) -> dict[str, Reading]:
    """Readings of a department's derived indicators, each after those it is made of.

    `counted` are the values of indicators of kind `days` and `surge`, which are counted from the
    history.
    """
    found: dict[str, Reading] = {}
    waiting = dict(agenda.derived)
    while waiting:
        ready = [
            key
            for key, indicator in waiting.items()
            if not any(source in waiting for source in input_keys(indicator))
        ]
        for key in ready or list(waiting):
            inputs = [
                source
                for name in input_keys(waiting[key])
                if (source := found.get(name) or readings.get(name)) is not None
            ]
            indicator = waiting.pop(key)
            found[key] = _reading(key, indicator, inputs, catalogue, seen(key), counted.get(key))
    return found


def _reading(
    key: str,
    indicator: Indicator,
    inputs: Sequence[Reading],
    catalogue: Catalogue,
    seen: Circumstances,
    counted: Derived | None,
) -> Reading:
    freshness = _freshness(indicator, inputs)
    if any(source.state is State.NOT_DUE for source in inputs):
        blank = judge(indicator, key, None, freshness, seen)
        return replace(blank, state=State.NOT_DUE, reason=None)
    value = counted
    if not isinstance(indicator.measure, Days | Surge):
        by_key = {source.key: source for source in inputs}
        value = derived_value(indicator, by_key, catalogue, seen.now)
    named = len(input_keys(indicator))
    return judge(indicator, key, _measured(key, value, inputs, named, seen), freshness, seen)


def _measured(
    key: str, value: Derived | None, inputs: Sequence[Reading], named: int, seen: Circumstances
) -> Measured:
    """The value as a measurement; without one the reason of the first input that has none. Of the
    inputs so many are `named`: one that has no reading at all is missing too."""
    missing = [source for source in inputs if source.value is None]
    reason = None
    if value is None:
        reason = Reason.NOT_READ.value
    elif value.reason is not None:
        reason = value.reason
    elif value.value is None and missing:
        reason = missing[0].reason or Reason.INPUTS.value
    elif value.value is None and len(inputs) < named:
        reason = Reason.INPUTS.value
    # What is counted from the history is as old as when it was.
    ages = [source.as_of for source in inputs] + [value.as_of if value else None]
    times = [as_of for as_of in ages if as_of is not None]
    return Measured(
        key,
        value.value if value else None,
        value.n if value else None,
        # Parts have their own times; the whole is as old as the oldest reading it is made of.
        min(times, default=None),
        max((at for s in inputs if (at := s.collected_at) is not None), default=None),
        text=value.text if value else None,
        worst=value.worst if value else None,
        parts=value.parts if value else {},
        approximate=any(source.approximate for source in inputs),
        set_aside=sum(source.set_aside for source in inputs),
        lapsed=max((s.lapsed for s in inputs if s.lapsed is not None), default=None),
        reason=reason,
    )


def _freshness(indicator: Indicator, inputs: Sequence[Reading]) -> Freshness:
    """Late when the first of the inputs is, unless the indicator has ages of its own."""
    times = [source.as_of for source in inputs if source.as_of is not None]
    oldest = min(times, default=None)

    def first(ages: Sequence[float]) -> timedelta:
        ends = [
            source.as_of - oldest + timedelta(seconds=age)
            for source, age in zip(inputs, ages, strict=True)
            if source.as_of is not None and oldest is not None
        ]
        return min(ends, default=_NEVER)

    late, stale = indicator.late, indicator.stale
    if late is None:
        late = first([source.late_after for source in inputs])
    if stale is None:
        stale = first([source.stale_after for source in inputs])
    return Freshness(late, max(stale, late))
