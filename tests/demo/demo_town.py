"""One demo department of some days, asked by pandas and by the product."""

from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
from demo_reading import flow_of_window, table_of
from demo_reading import shipped as shipped_catalogue

from dashboard.catalogue import Department
from data_access.departments.source import SqlSource
from demo.city import make_department

NOW = datetime(2026, 9, 16, 4, 10, tzinfo=UTC)
SEED = 11
DAYS = 9


def shipped(name: str) -> Department:
    """A department of the shipped catalogue."""
    return shipped_catalogue().departments[name]


class Town:
    """One demo department of some days, asked by pandas and by the product."""

    def __init__(self, folder: Path, name: str) -> None:
        self.url = f"sqlite:///{folder}/{name}.sqlite"
        make_department(name, self.url, SEED, DAYS, int(NOW.timestamp()))
        self.department = shipped(name)
        self.source = SqlSource(self.department, self.url, clock=lambda: NOW)

    def table(self, name: str, *times: str) -> pd.DataFrame:
        """All rows, the named columns as UTC times."""
        found = table_of(self.url, name)
        for each in times:
            found[each] = pd.to_datetime(found[each])
        return found

    def flow(self, key: str, start: datetime) -> tuple[float | None, int]:
        """A flow indicator from a time until now, as the collector sums it."""
        value, n = flow_of_window(self.source, self.department, key, (start, NOW))[""]
        return value, int(n)
