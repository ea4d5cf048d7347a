"""The public systems of the city, by the row numbers that indicators name in `serves`."""

from typing import Annotated

from pydantic import Field

from dashboard.catalogue.model import Entry
from dashboard.text import Text

SystemKey = Annotated[str, Field(pattern=r"^S([1-9]|1\d|2\d)$")]


class System(Entry):
    """One public system, which the center shows by the indicators that serve it."""

    key: SystemKey
    title: Text
    where: Text | None = Field(
        None, description="the district whose it is; the city's where absent"
    )


class Systems(Entry):
    """catalog/systems.yaml."""

    systems: list[System] = Field(description="the systems")
