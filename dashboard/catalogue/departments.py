"""Departments: owners of data with a database, a zone and a liaison."""

import re
from datetime import datetime
from typing import Annotated

from pydantic import Field

from dashboard.catalogue.datasets import Dataset
from dashboard.catalogue.deliveries import Delivery
from dashboard.catalogue.indicators import Indicator
from dashboard.catalogue.model import Entry, Length, Name
from dashboard.text import Text
from dashboard.windows import Range, resolve


class Limits(Entry):
    """How gently a department's database is treated."""

    statement: Length = Field(
        "10s", validate_default=True, description="one statement ends after this"
    )
    connections: Annotated[int, Field(ge=1, le=10)] = 2
    rows: Annotated[int, Field(ge=1)] = Field(50_000, description="rows of one look or export")
    concurrent: Annotated[int, Field(ge=1)] = Field(2, description="questions of people at a time")


DATA = "COMMAND_CENTER_DATA"
"""Variable that names the data folder."""
STORE = "COMMAND_CENTER_STORE_URL"
"""The variable of the center's own database, by which it is read like any department."""
QUIET = r"^([01][0-9]|2[0-3]):[0-5][0-9]-(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$"
"""What quiet hours are written like."""
VARIABLE = re.compile(r"\$\{(\w+)\}")


class Department(Entry):
    """One file of catalog/departments/."""

    key: Name
    title: Text
    owner: Text = Field(description="the authority that owns the data")
    url: str = Field(
        description="SQLAlchemy URL; `${NAME}` is read from the environment. Of a department that sends"
        " deliveries it is where they land; unset: SQLite under `landing/` in the data folder"
    )
    zone: str = "Asia/Shanghai"
    charset: str | None = Field(None, description="of the connection, such as gbk")
    liaison: Text
    demo: bool = Field(False, description="its data is simulated; every screen says so")
    quiet: str = Field(
        "02:00-05:00",
        pattern=QUIET,
        description="local hours in which days are reconciled; as an end `24:00` is midnight",
    )
    limits: Limits = Limits()
    order: int = 100
    delivery: dict[Name, Delivery] = Field(
        {}, description="files or pushes that it sends instead of opening a database, by feed"
    )
    datasets: dict[Name, Dataset]
    indicators: dict[Name, Indicator]

    @property
    def quiet_minutes(self) -> tuple[int, int]:
        """The quiet hours as minutes of the local day, of which the end may be the day's."""
        start, end = (
            int(hour) * 60 + int(minute)
            for hour, minute in (part.split(":") for part in self.quiet.split("-"))
        )
        return start, end

    @property
    def own(self) -> bool:
        """Whether its rows are the center's own, in the store."""
        return STORE in self.variables

    @property
    def variables(self) -> list[str]:
        """The names of the environment's variables that its URL is made of."""
        return VARIABLE.findall(self.url)

    def window_of(self, indicator: Indicator, now: datetime, window: str | None = None) -> Range:
        """The range that an indicator's window, or another one, means at a moment: whole slots
        where its rows are sums over slots."""
        dataset = self.datasets.get(indicator.dataset or "")
        slots = dataset.slots_of(indicator.time) if dataset else None
        return resolve(window or indicator.window, now, self.zone, slots)
