"""What the store's tests stand on: a plan, a clock they move, a store with a lease held."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from dashboard.catalogue.indicators import Value
from dashboard.measures import Additive, TickPlan
from dashboard.ports import BucketRow, Number, Range
from data_access.store import SqlHistory

SHANGHAI = "Asia/Shanghai"
NOW = datetime(2026, 11, 22, 5, 37, 12, tzinfo=UTC)
COUNT = Additive("count", None, (), "opened", "cases")
MONEY = Additive("sum", Value(column="fee", decimals=6), (), "opened", "cases")
WEIGHT = Additive("sum", Value(column="weight"), (), "opened", "cases")
DEAREST = Additive("max", Value(column="fee", decimals=2), (), "opened", "cases")
LIGHTEST = Additive("min", Value(column="weight"), (), "opened", "cases")
PLAN = TickPlan(
    "cases",
    "cases",
    "opened",
    (COUNT, MONEY, WEIGHT, DEAREST, LIGHTEST),
    ("district",),
    ((), ("district",)),
)


@dataclass
class Clock:
    """A clock that tests move."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now


@dataclass
class Store:
    """A store with the lease of department `cases` held."""

    history: SqlHistory
    clock: Clock
    token: int
    url: str

    def put(
        self,
        ranges: list[Range],
        rows: list[BucketRow],
        plan: TickPlan = PLAN,
        zone: str = SHANGHAI,
        token: int | None = None,
    ) -> frozenset[datetime]:
        """Replace under the held lease."""
        return self.history.replace(
            plan, ranges, rows, token=self.token if token is None else token, zone=zone
        )

    def at(self, now: datetime) -> datetime:
        """Have the store's own clock say this from now on."""
        self.history.database.clock = lambda _: now.timestamp()  # type: ignore[method-assign]
        return now

    def thin(self, now: datetime, zone: str = SHANGHAI, *, samples: bool = True) -> int:
        """Thin at a time at which the store's clock says so too."""
        return self.history.thin(self.at(now), zone, samples=samples)

    def total(
        self, additive: Additive, window: Range, by: str = "", zone: str = SHANGHAI
    ) -> list[tuple[str, Any]]:
        """The (code, value) pairs of one total."""
        rows = self.history.sums(
            [additive], window, grain=None, by=by, zone=zone, department="cases"
        )
        return [(row["code"], row[additive.name]) for row in rows]


def row(
    at: datetime, value: Number, additive: Additive = COUNT, by: str = "", code: str = ""
) -> BucketRow:
    """One bucket."""
    return BucketRow(additive.name, by, code, at, value)


def five_minutes(start: datetime, count: int) -> list[datetime]:
    """Bucket starts from `start` on."""
    return [start + timedelta(minutes=5) * i for i in range(count)]


def one_count(department: str) -> TickPlan:
    """A plan of a department that counts only."""
    return replace(PLAN, department=department, additives=(COUNT,), dimensions=(), splits=((),))
