"""What has been published about the city's systems, beside how to see the same in the demo city.

A published figure is a number that somebody once said of a district; what is compared is the rate or
share behind it, measured on the rows that the demo city's processes have made.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import sqlalchemy as sa

from demo.days import DAY

HALF_YEAR = 182.5
"""Days over which most figures of the city were counted."""
CLOSE = 0.15
"""How far, as a share of what was published, the demo city may be from it."""


@dataclass(frozen=True)
class Lived:
    """A department's database of a demo city that has lived `days` days up to second `until`."""

    engine: sa.Engine
    days: int
    until: int

    @property
    def since(self) -> int:
        """The first second of the history."""
        return self.until - self.days * DAY

    def number(self, statement: sa.Executable) -> float:
        """The single number that a statement selects.

        Raises ValueError where it selects none: a figure that nothing yields is no figure.
        """
        with self.engine.connect() as connection:
            found = connection.execute(statement).scalar()
        if found is None:
            raise ValueError(f"expected a number of {statement}, found none")
        return float(found)

    def share(self, part: sa.ColumnElement[bool], among: sa.ColumnElement[bool]) -> float:
        """Rows that meet `part` as a share (0 to 1) of those that meet `among`."""
        return self.number(
            sa.select(sa.func.sum(sa.case((part & among, 1.0), else_=0.0)) / sa.func.count()).where(
                among
            )
        )


@dataclass(frozen=True)
class Published:
    """One figure of one system: the row of the city's list it belongs to, the words in which it was
    said, where it holds, and how the demo city's is measured, in the same unit."""

    row: str
    said: str
    where: str
    kind: Literal["rate", "share", "duration", "size"]
    unit: str
    value: float
    measure: Callable[[Lived], float]

    def departs(self, found: float) -> float:
        """How far `found` is from what was published, as a share of it."""
        return abs(found - self.value) / abs(self.value)
