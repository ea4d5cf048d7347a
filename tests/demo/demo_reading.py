"""A demo department of some days as the product reads it, and its tables for pandas."""

import operator
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import sqlalchemy as sa

from dashboard.catalogue import Catalogue, Department
from dashboard.catalogue.load import load
from dashboard.measures import flow_of, tick_plans
from dashboard.ports import Number
from dashboard.series.flows import value_of
from data_access.departments.source import SqlSource
from demo import DEPARTMENTS
from demo.city import make_department
from demo.published import Lived
from demo.writing import open_engine

ROOT = Path(__file__).resolve().parents[2]
Value = tuple[Number | None, int]
"""A value and the rows it rests on."""


def shipped() -> Catalogue:
    """The shipped catalogue, with every URL given."""
    return load(ROOT / "catalog", {f"{key.upper()}_URL": "sqlite://" for key in DEPARTMENTS})


def table_of(url: str, name: str) -> pd.DataFrame:
    """All rows of a table as its driver gives them."""
    engine = open_engine(url)
    try:
        return pd.read_sql_query(sa.select(sa.text("*")).select_from(sa.table(name)), engine)
    finally:
        engine.dispose()


def flow_of_window(
    source: SqlSource,
    department: Department,
    name: str,
    window: tuple[datetime, datetime],
    by: str = "",
) -> dict[str, Value]:
    """A flow over a window, by code, as the product's own SQL has it and the collector sums it."""
    indicator = department.indicators[name]
    wanted = indicator.dataset, indicator.time
    [plan] = [p for p in tick_plans(department) if (p.dataset, p.time) == wanted]
    flow = flow_of(indicator)
    assert flow is not None
    merging = {"count": operator.add, "sum": operator.add, "min": min, "max": max}
    how = {additive.name: merging[additive.how] for additive in flow.additives()}
    # Without a split there is a total, of no rows too.
    totals: dict[str, dict[str, Any]] = {} if by else {"": {}}
    for row in source.tick(plan, [window]).rows:
        if row.additive in how and row.by == by and window[0] <= row.at < window[1]:
            entry = totals.setdefault(row.code, {})
            before = entry.get(row.additive)
            merged = row.value if before is None else how[row.additive](before, row.value)
            entry[row.additive] = merged
    return {code: value_of(flow, entry) for code, entry in totals.items()}


@dataclass(frozen=True)
class Reading:
    """One department's database that has lived until `now`."""

    department: Department
    url: str
    now: datetime

    @classmethod
    def made(cls, folder: Path, key: str, seed: int, days: int, now: datetime) -> "Reading":
        """Make the department on SQLite."""
        url = f"sqlite:///{folder}/{key}.sqlite"
        make_department(key, url, seed, days, int(now.timestamp()))
        return cls(shipped().departments[key], url, now)

    @property
    def here(self) -> pd.Timestamp:
        """Now on the city's clock."""
        return pd.Timestamp(self.now).tz_convert("Asia/Shanghai").tz_localize(None)

    def table(self, name: str, *times: str) -> pd.DataFrame:
        """All rows of a table, the named columns read as times."""
        frame = table_of(self.url, name)
        for column in times:
            frame[column] = pd.to_datetime(frame[column], format="ISO8601")
        return frame

    def flow(self, name: str, days: float, by: str = "") -> dict[str, Value]:
        """A flow over so many days until now, by code, as the product's own SQL has it."""
        window = self.now - timedelta(days=days), self.now
        source = self.source()
        found = flow_of_window(source, self.department, name, window, by)
        source.close()
        return found

    def total(self, name: str, days: float) -> Value:
        """The same without a split."""
        return self.flow(name, days)[""]

    def stock(self, name: str, by: str | None = None) -> Mapping[str, Value]:
        """A stock now, by code ("" the total)."""
        source = self.source()
        found = source.stock(name, self.now, by)
        source.close()
        return {value.code: (value.value, value.n) for value in found}

    def lived(self, days: int) -> Lived:
        """The same as the report of published figures sees it."""
        return Lived(sa.create_engine(self.url), days, int(self.now.timestamp()))

    def source(self) -> SqlSource:
        """The product's own reader of the department."""
        return SqlSource(self.department, self.url, clock=lambda: self.now)
