"""Measuring: flows from the history, stocks and asked values from the source."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dashboard.catalogue import Indicator
from dashboard.judge import Measured
from dashboard.measures import Flow
from dashboard.ports import GroupValue, History, Range, Sample
from dashboard.readings import Part
from dashboard.reasons import Reason
from dashboard.series.flows import value_of
from dashboard.windows import resolve
from data_access.collector.agenda import AskedItem, FlowItem, split_names
from data_access.collector.door import Door


@dataclass(frozen=True)
class Report:
    """What a dataset said of itself at a tick: its own time, and when it was read."""

    as_of: datetime | None
    collected_at: datetime


def flow_value(flow: Flow, row: Mapping[str, Any]) -> tuple[float | None, int]:
    """Value and rows of a flow as a reading has them: `value_of`, money as a float."""
    value, n = value_of(flow, row)
    return (value if value is None or isinstance(value, int) else float(value)), n


def measure_flows(
    history: History,
    items: Sequence[FlowItem],
    zone: str,
    report: Report,
    covered: Mapping[str, bool],
) -> dict[str, Measured]:
    """All flows of a dataset over their windows until now, in as few sums as can be.

    `covered` says by key whether the window is read; the others mean nothing yet.
    """
    groups: dict[tuple[Range, str], list[FlowItem]] = {}
    for item in items:
        for by in {"", item.indicator.live_by or ""}:
            groups.setdefault((item.window(report.collected_at, zone), by), []).append(item)
    rows: dict[tuple[Range, str], dict[str, Mapping[str, Any]]] = {}
    for (within, by), users in groups.items():
        rows[within, by] = sums_by_code(history, users, within, by, zone)

    def measured(item: FlowItem) -> Measured:
        window, live_by = item.window(report.collected_at, zone), item.indicator.live_by
        value, n = flow_value(item.flow, rows[window, ""].get("", {}))
        split = rows[window, live_by].items() if live_by else ()
        return Measured(
            item.key,
            value,
            n,
            report.as_of,
            report.collected_at,
            parts={code: _group(item.flow, code, row) for code, row in split},
            reason=None if covered[item.key] else Reason.READING_HISTORY.value,
        )

    return {item.key: measured(item) for item in items}


def sums_by_code(
    history: History, items: Sequence[FlowItem], within: Range, by: str, zone: str
) -> dict[str, Mapping[str, Any]]:
    """One total per code of everything that some flows of a department need."""
    additives = tuple(dict.fromkeys(a for item in items for a in item.flow.additives()))
    department = items[0].key.partition(".")[0]
    found = history.sums(additives, within, grain=None, by=by, zone=zone, department=department)
    return {row["code"]: row for row in found}


def _group(flow: Flow, code: str, row: Mapping[str, Any]) -> GroupValue:
    value, n = flow_value(flow, row)
    return GroupValue(code, value, n)


def measure_stock(door: Door, key: str, indicator: Indicator, report: Report) -> Measured:
    """A stock, latest or fact measure now, with its live parts."""
    name, by = source_name(key), indicator.live_by
    total, parts = parted(door.ask(lambda s: s.stock(name, report.collected_at, by)), by)
    own_time = indicator.measure.kind == "latest" or total.lapsed is not None
    return Measured(
        key,
        total.value,
        total.n,
        (total.as_of if own_time else None) or report.as_of,
        report.collected_at,
        text=total.text,
        parts=parts,
        lapsed=total.lapsed,
    )


def stock_parts(door: Door, key: str, by: str, now: datetime) -> dict[str, GroupValue]:
    """The parts of a stock by another split, for sampling."""
    name = source_name(key)
    return parted(door.ask(lambda s: s.stock(name, now, by)), by)[1]


def other_splits(indicator: Indicator) -> list[str]:
    """The splits of an indicator that do not go with its reading."""
    return [by for by in split_names(indicator) if by != indicator.live_by]


def measure_asked(
    door: Door, item: AskedItem, zone: str, now: datetime, report: Report
) -> Measured:
    """An asked measure over one window, exactly; parts with the main window only."""
    name, within = source_name(item.key), resolve(item.window, now, zone)
    by = item.indicator.live_by if item.main else None
    total, parts = parted(door.ask(lambda s: s.asked(name, within, by)), by)
    return Measured(item.key, total.value, total.n, report.as_of, report.collected_at, parts=parts)


def window_part(measured: Measured) -> Part:
    """One further window of an asked indicator, as it goes with the reading."""
    value = measured.value
    shown = value if value is not None and math.isfinite(value) else None
    return Part(shown, measured.n, as_of=measured.as_of)


def parted(
    values: Sequence[GroupValue], by: str | None
) -> tuple[GroupValue, dict[str, GroupValue]]:
    """The total and the parts of a source's answer, in which the total comes first: a code that is
    empty too, further on, is that of rows without one."""
    if not values:
        return GroupValue("", None, 0), {}
    total = values[0] if values[0].code == "" else GroupValue("", None, 0)
    rest = values[1:] if values[0].code == "" else values
    return total, {value.code: value for value in rest} if by else {}


def source_name(key: str) -> str:
    """How a department's source calls an indicator: by its key within the department."""
    return key.partition(".")[2]


def sample_window(indicator: Indicator) -> str:
    """Under which window an indicator is sampled: none for what is a state now."""
    return "" if indicator.window == "now" else indicator.window


def samples_of(
    measured: Measured, indicator: Indicator, window: str, now: datetime
) -> list[Sample]:
    """A value and its live parts as samples."""
    by = indicator.live_by or ""
    return [
        Sample(measured.key, window, "", "", now, measured.value, measured.n),
        *(
            Sample(measured.key, window, by, p.code, now, p.value, p.n)
            for p in measured.parts.values()
        ),
    ]
