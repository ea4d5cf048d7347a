"""What the series' tests stand on: a small city, a real store, and a department with known rows."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from histograms import counts_of

from dashboard.baseline import quantile
from dashboard.catalogue import Catalogue, Department
from dashboard.catalogue.reference import Standard
from dashboard.measures import TickPlan, flow_of, tick_plans
from dashboard.ports import (
    BucketRow,
    GroupValue,
    Number,
    Range,
    Sample,
    Series,
    SeriesRequest,
    TickResult,
    Unreachable,
)
from dashboard.series import SeriesDesk
from dashboard.windows import local_day
from data_access.store import SqlHistory

SHANGHAI = "Asia/Shanghai"
NOW = datetime(2026, 11, 22, 5, 37, 12, tzinfo=UTC)
DAY = timedelta(days=1)
_NAMED = {"zh": "名称", "en": "name"}
_SHARED: dict[str, Any] = {
    "title": _NAMED,
    "unit": _NAMED,
    "basis": "live",
    "definition": {"text": _NAMED},
}
_FLOW: dict[str, Any] = {**_SHARED, "dataset": "cases", "time": "opened", "by": ["district"]}
_DONE = [{"column": "done", "value": 1}]


def _derived(measure: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {**_SHARED, "measure": measure, **more}


INDICATORS: dict[str, Any] = {
    "opened": {**_FLOW, "measure": {"kind": "count"}, "live_by": "district"},
    "fees": {**_FLOW, "measure": {"kind": "sum", "of": {"column": "fee", "decimals": 2}}},
    "wait": {**_FLOW, "measure": {"kind": "mean", "of": {"column": "wait"}}},
    "done": {**_FLOW, "measure": {"kind": "ratio", "where": _DONE}},
    "longest": {**_FLOW, "measure": {"kind": "max", "of": {"column": "wait"}}},
    "p90": {
        **_FLOW,
        "measure": {"kind": "percentile", "of": {"column": "wait"}, "q": 0.9},
        "live_by": "district",
    },
    "people": {**_FLOW, "measure": {"kind": "distinct", "column": "person"}, "window": "24h"},
    "open": {
        **_SHARED,
        "dataset": "cases",
        "measure": {"kind": "stock"},
        "window": "now",
        "by": ["district"],
        "live_by": "district",
    },
    "level": {
        **_SHARED,
        "dataset": "cases",
        "measure": {"kind": "fact", "column": "level"},
        "window": "now",
    },
    "share": _derived(
        {
            "kind": "formula",
            "formula": "100 * a / b",
            "inputs": {"a": "cases.longest", "b": "cases.opened"},
        },
        by=["district"],
        live_by="district",
    ),
    "aqi": _derived(
        {
            "kind": "standard",
            "standard": "air",
            "column": "day",
            "inputs": {"pm25": "cases.wait"},
            "by": "district",
        }
    ),
    "good_days": _derived({"kind": "days", "of": "cases.aqi", "op": "<=", "value": 100}),
    "well_measured_good_days": _derived(
        {"kind": "days", "of": "cases.aqi", "op": "<=", "value": 100, "min_n": 2}
    ),
    "number_of_good_days": _derived(
        {"kind": "days", "of": "cases.aqi", "op": "<=", "value": 100, "share": False}
    ),
    "circle": _derived({"kind": "formula", "formula": "a + 1", "inputs": {"a": "cases.circle"}}),
}
AIR = {
    "key": "air",
    "title": _NAMED,
    "editions": [
        {
            "name": name,
            "valid_from": first,
            "method": "interpolated",
            "columns": {
                "day": {
                    "index": [0, 50, 100, 200],
                    "factors": {"pm25": {"points": [0, 35, third, 150]}},
                }
            },
            "grades": [
                {"upto": 50, "title": {"zh": "优", "en": "good"}},
                {"upto": 100, "title": {"zh": "良", "en": "moderate"}},
                {"upto": 200, "title": {"zh": "轻度污染", "en": "light pollution"}},
            ],
            "source": "made for tests",
        }
        for name, first, third in (("2012", "2012-01-01", 75), ("2026", "2026-03-01", 60))
    ],
}


def city(zone: str = SHANGHAI) -> Catalogue:
    """One department with an indicator of each kind."""
    dimension = {"column": "district", "title": _NAMED}
    dataset = {
        "title": _NAMED,
        "table": "cases",
        "key": ["id"],
        "times": {"opened": {"column": "opened", "kind": "instant"}},
        "dimensions": {"district": dimension},
    }
    department = Department.model_validate(
        {
            "key": "cases",
            "title": _NAMED,
            "owner": _NAMED,
            "url": "sqlite://",
            "zone": zone,
            "liaison": _NAMED,
            "datasets": {"cases": dataset},
            "indicators": INDICATORS,
        }
    )
    standard = Standard.model_validate(AIR)
    return Catalogue("v1", {"cases": department}, standards={"air": standard})


@dataclass(frozen=True)
class Case:
    """A row of the department: when, where, how long it waited and whether it is done."""

    at: datetime
    district: str = "a"
    wait: float = 1.0
    done: bool = True
    fee: Number = 0


@dataclass
class Rows:
    """A department that answers asked measures exactly from its rows, and counts the questions."""

    rows: list[Case] = field(default_factory=list)
    asked_windows: list[Range] = field(default_factory=list)
    ticked: list[Range] = field(default_factory=list)
    away: bool = False

    def of(self, _department: str) -> "Rows":
        """The one source."""
        return self

    def asked(self, indicator: str, window: Range, by: str | None = None) -> list[GroupValue]:
        """The percentile of waits, or the number of different ones."""
        if self.away:
            raise Unreachable("the department did not answer")
        self.asked_windows.append(window)
        within = [row for row in self.rows if window[0] <= row.at < window[1]]
        codes = sorted({row.district for row in within}) if by else []
        groups = [("", within), *((c, [r for r in within if r.district == c]) for c in codes)]
        return [self._group(indicator, code, rows) for code, rows in groups]

    def tick(
        self, plan: TickPlan, ranges: Sequence[Range], until: datetime | None = None
    ) -> TickResult:
        """Counts by bucket and split; this department knows no other additive."""
        self.ticked += ranges
        within = [r for r in self.rows for lo, hi in ranges if lo <= r.at < hi]
        [count] = plan.additives
        rows = [
            BucketRow(count.name, ",".join(s), row.district if s else "", row.at, 1)
            for row in within
            for s in plan.splits
        ]
        return TickResult(rows)

    def _group(self, indicator: str, code: str, rows: Sequence[Case]) -> GroupValue:
        waits = sorted(row.wait for row in rows)
        if indicator == "people":
            return GroupValue(code, float(len(set(waits))), len(waits))
        return GroupValue(code, quantile(waits, 0.9) if waits else None, len(waits))


@dataclass
class City:
    """A desk over a real store, with the means to fill it."""

    catalogue: Catalogue
    history: SqlHistory
    source: Rows
    token: int
    now: datetime = NOW
    desk: SeriesDesk = field(init=False)

    def __post_init__(self) -> None:
        self.desk = SeriesDesk(self, self.history, self.source, lambda: self.now)  # type: ignore[arg-type]

    def current(self) -> Catalogue:
        """The catalogue."""
        return self.catalogue

    @property
    def zone(self) -> str:
        """The department's zone."""
        return self.catalogue.departments["cases"].zone

    def fill(self, window: Range, rows: Iterable[Case], covered: Range | None = None) -> None:
        """Write the rows' buckets as a collector does, and note what is covered."""
        [plan] = tick_plans(self.catalogue.departments["cases"])
        kept = list(rows)
        self.source.rows += kept
        merged = [*self._buckets(kept, False), *self._buckets(kept, True)]
        self.history.replace(plan, [window], merged, token=self.token, zone=self.zone)
        self.history.note_coverage(plan, covered or window, token=self.token)

    def _buckets(self, rows: Sequence[Case], split: bool) -> Iterable[BucketRow]:
        for row in rows:
            at = row.at - timedelta(seconds=row.at.timestamp() % 300)
            for name, value in self._values(row).items():
                yield BucketRow(
                    name, "district" if split else "", row.district if split else "", at, value
                )

    def _values(self, row: Case) -> dict[str, Number]:
        flows = {
            name: flow
            for name, indicator in self.catalogue.departments["cases"].indicators.items()
            if (flow := flow_of(indicator))
        }
        return {
            flows["opened"].n.name: 1,
            flows["fees"].numerator.name: row.fee,
            flows["fees"].n.name: 1,
            flows["wait"].numerator.name: row.wait,
            flows["wait"].n.name: 1,
            flows["done"].numerator.name: int(row.done),
            flows["longest"].numerator.name: row.wait,
        }

    def sample(
        self,
        key: str,
        values: Iterable[tuple[datetime, str, float | None]],
        window: str = "",
        by: str = "",
    ) -> None:
        """Keep samples of an indicator."""
        samples = [
            Sample(f"cases.{key}", window, by, code, at, value, 1) for at, code, value in values
        ]
        self.history.add_samples("cases", samples, token=self.token)

    def close_day(self, at: datetime, rows: Iterable[Case], by: str = "") -> None:
        """Keep the day's histogram of waits."""
        kept = list(rows)
        codes = {row.district for row in kept} if by else {""}
        counts = {
            code: counts_of(r.wait for r in kept if code in ("", r.district)) for code in codes
        }
        day = local_day(at, self.zone)
        self.history.put_histograms("cases", "cases.p90", day, by, counts, token=self.token)

    def ask(self, key: str, window: Range, grain: str | None = None, by: str = "") -> Series:
        """One question."""
        return self.desk.answer(SeriesRequest(f"cases.{key}", window, grain, by))

    def values(
        self, key: str, window: Range, grain: str | None = None, by: str = ""
    ) -> list[Number | None]:
        """The values of one answer."""
        return [point.value for point in self.ask(key, window, grain, by).points]


def every(step: timedelta, window: Range, make: Callable[[datetime], Case]) -> list[Case]:
    """Rows at even steps through a window."""
    count = int((window[1] - window[0]) / step)
    return [make(window[0] + step * i) for i in range(count)]
